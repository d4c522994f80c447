// Tests of data/batches.h: an epoch is a permutation, epoch 0 stays in its chunks, and the order is pinned.
#include <numeric>

#include "base/error.h"
#include "base/hash.h"
#include "data/batches.h"
#include "data_support.h"

using namespace lenet;
using namespace lenet::test;
using data::epoch_order;
using data::kChunk;
using data::kHeldOut;

namespace {

bool is_permutation_of_rest(std::vector<std::uint32_t> order, int train_count) {
  std::vector<std::uint32_t> all(static_cast<std::size_t>(train_count - kHeldOut));
  std::iota(all.begin(), all.end(), static_cast<std::uint32_t>(kHeldOut));
  std::sort(order.begin(), order.end());
  return order == all;
}

using Order = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("batches: every epoch is a permutation of the images that are not held out") {
  for (const int count : {5001, 7000, 10000, 12345, 60000}) {
    for (const std::uint32_t epoch : {0u, 1u, 9u}) {
      CAPTURE(count);
      CAPTURE(epoch);
      CHECK(is_permutation_of_rest(epoch_order(1, epoch, count), count));
      CHECK(data::epoch_size(count) == count - kHeldOut);
    }
  }
}

TEST_CASE("batches: epoch 0 stays inside its chunks, later epochs do not") {
  const auto stays = [](const Order& order) {
    for (std::size_t i = 0; i < order.size(); ++i) {
      if ((order[i] - kHeldOut) / kChunk != i / kChunk) return false;
    }
    return true;
  };
  CHECK(stays(epoch_order(1, 0, 60000)));
  CHECK(stays(epoch_order(1, 0, 17000)));
  CHECK_FALSE(stays(epoch_order(1, 1, 60000)));
}

TEST_CASE("batches: epoch 0's full chunks do not depend on how many images follow") {
  const Order shorter = epoch_order(4, 0, 17000);
  const Order longer = epoch_order(4, 0, 60000);
  CHECK(std::equal(shorter.begin(), shorter.begin() + 10000, longer.begin()));
}

TEST_CASE("batches: the order depends on seed and epoch only") {
  CHECK(epoch_order(1, 2, 8000) == epoch_order(1, 2, 8000));
  CHECK(epoch_order(1, 2, 8000) != epoch_order(1, 3, 8000));
  CHECK(epoch_order(1, 2, 8000) != epoch_order(2, 2, 8000));
  CHECK(epoch_order(1, 2, 8000) != epoch_order(1 + (std::uint64_t{1} << 40), 2, 8000));
}

TEST_CASE("batches: golden order") {
  const auto first = [](const Order& order) { return Order(order.begin(), order.begin() + 5); };
  const auto hash = [](const Order& order) {
    Hash h;
    h.add_values(std::span<const std::uint32_t>(order));
    return h.text();
  };
  CHECK(first(epoch_order(1, 0, 60000)) == Order{6994, 7841, 6413, 6263, 7965});
  CHECK(first(epoch_order(1, 1, 60000)) == Order{7119, 39008, 15511, 14639, 35825});
  CHECK(hash(epoch_order(1, 0, 60000)) == "e77c1f1525e7c115");
  CHECK(hash(epoch_order(1, 1, 60000)) == "f00994213db5877d");
}

TEST_CASE("batches: a step waits for its chunk") {
  CHECK(data::images_needed(0, 0, 64, 60000) == 10000);
  CHECK(data::images_needed(0, 4936, 64, 60000) == 10000);
  CHECK(data::images_needed(0, 4937, 64, 60000) == 15000);  // its last image is the second chunk's first
  CHECK(data::images_needed(0, 54999, 64, 60000) == 60000);
  CHECK(data::images_needed(0, 0, 2147483647, 60000) == 60000);
  CHECK(data::images_needed(0, 0, 64, 7000) == 7000);
  CHECK(data::images_needed(1, 0, 64, 60000) == 60000);
  const Order order = epoch_order(3, 0, 23456);
  for (int at = 0; at < static_cast<int>(order.size()); at += 64) {
    const int count = std::min(64, static_cast<int>(order.size()) - at);
    const auto highest = *std::max_element(order.begin() + at, order.begin() + at + count);
    CHECK(static_cast<int>(highest) < data::images_needed(0, at, count, 23456));
  }
}

TEST_CASE("batches: too few images") {
  for (const int count : {-1, 0, 10, 5000}) {
    CHECK(contains(message_of<Error>([&] { epoch_order(1, 0, count); }), "at least 5001"));
    CHECK_THROWS_AS(data::images_needed(0, 0, 1, count), Error);
  }
}
