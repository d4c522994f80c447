#include "data/batches.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>
#include <string>

#include "base/error.h"
#include "base/random.h"

namespace lenet::data {

int epoch_size(int train_count, int held_out) {
  if (train_count <= held_out) {
    throw Error("The training file has " + std::to_string(train_count) + " images, but its first " + std::to_string(held_out) +
                " are held out for validation: at least " + std::to_string(held_out + 1) + " are needed.");
  }
  return train_count - held_out;
}

std::vector<std::uint32_t> epoch_order(std::uint64_t seed, std::uint32_t epoch, int train_count, int held_out) {
  std::vector<std::uint32_t> order(static_cast<std::size_t>(epoch_size(train_count, held_out)));
  std::iota(order.begin(), order.end(), static_cast<std::uint32_t>(held_out));
  RandomStream random(seed, Purpose::kShuffle, epoch);
  const std::size_t group = epoch == 0 ? std::size_t{kChunk} : order.size();
  for (std::size_t begin = 0; begin < order.size(); begin += group) {
    shuffle(std::span(order).subspan(begin, std::min(group, order.size() - begin)), random);
  }
  return order;
}

int images_needed(std::uint32_t epoch, int first, int count, int train_count, int held_out) {
  const int size = epoch_size(train_count, held_out);
  if (epoch > 0) return train_count;
  const int begin = std::clamp(first, 0, size - 1);
  const int last = count > 0 ? begin + std::min(count - 1, size - 1 - begin) : begin;
  const int chunks = last / kChunk + 1;
  return std::min(held_out + chunks * kChunk, train_count);
}

}  // namespace lenet::data
