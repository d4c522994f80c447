// Shared by the tests of src/nn: blocks of eight images, random networks and minibatches, comparing bits.
#pragma once

#include <cstring>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "nn/block.h"
#include "nn/initializer.h"
#include "nn/network.h"
#include "nn/trainer.h"
#include "support.h"

namespace lenet::test {

template <class T>
using Images = std::vector<std::vector<T>>;  // each [channel][y][x]

/// `count` images of uniform numbers, all different.
template <class T>
Images<T> random_images(const nn::Shape& shape, int count, std::uint32_t stream, double low = -1, double high = 1) {
  const std::vector<T> all = random_values<T>(shape.size() * static_cast<std::size_t>(count), stream, low, high);
  Images<T> images;
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(i * shape.size());
    images.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(shape.size()));
  }
  return images;
}

/// Up to eight images as a block; the lanes left over are zero.
template <class T>
std::vector<T> block_of(const nn::Shape& shape, const Images<T>& images) {
  std::vector<T> block(shape.size() * nn::kLanes);
  for (std::size_t i = 0; i < images.size(); ++i) {
    nn::set_image<T, T>(shape, images[i], static_cast<int>(i), block.data());
  }
  return block;
}

template <class T>
std::vector<double> widen(const std::vector<T>& values) {
  return {values.begin(), values.end()};
}

/// Equal bit by bit: tells -0 from 0, and takes NaN for equal to itself.
template <class A, class B>
bool same_bits(const A& a, const B& b) {
  static_assert(sizeof(a[0]) == sizeof(b[0]));
  return a.size() == b.size() && (a.size() == 0 || std::memcmp(a.data(), b.data(), a.size() * sizeof(a[0])) == 0);
}

template <class T>
std::string hash_of(const std::vector<T>& values) {
  Hash hash;
  hash.add_values(std::span<const T>(values));
  return hash.text();
}

/// He weights and biases that are not zero.
template <class T>
void randomize(const nn::Network<T>& network, nn::Weights<T>& weights, std::uint32_t stream) {
  nn::initialize(network, nn::Initializer::kHe, stream, weights);
  for (const nn::ParameterView& view : network.parameters()) {
    if (!view.is_bias) continue;
    const std::vector<T> bias =
        random_values<T>(view.size, 1000 + stream * 100 + static_cast<std::uint32_t>(view.group), -0.3, 0.3);
    std::copy(bias.begin(), bias.end(), view.of(std::span<T>(weights.values)).begin());
  }
  network.pack(weights);
}

/// Fills every buffer with NaN, so that a kernel that reads what it should have written shows.
template <class T>
void poison(nn::Workspace<T>& workspace) {
  const T nan = std::numeric_limits<T>::quiet_NaN();
  for (std::vector<T>& values : workspace.activation) std::fill(values.begin(), values.end(), nan);
  for (std::vector<T>& values : workspace.gradient) std::fill(values.begin(), values.end(), nan);
}

/// A network with random weights, and a workspace.
template <class T>
struct Model {
  nn::Network<T> network;
  nn::Weights<T> weights;
  nn::Workspace<T> workspace;

  Model(const std::string& description, const nn::Shape& input, std::uint32_t stream, nn::Fusing fusing = nn::Fusing::kOff)
      : network(nn::parse_network(description, input), 10, fusing),
        weights(network.make_weights()),
        workspace(network.make_workspace()) {
    randomize(network, weights, stream);
  }
  void forward(const Images<T>& images) {
    workspace.activation[0] = block_of(network.input(), images);
    network.forward(weights, workspace);
  }
  /// Output of `layer` for one image, [channel][y][x].
  std::vector<T> output(std::size_t layer, int lane) const {
    return nn::get_image(network.layer(layer).output(), workspace.activation[layer + 1].data(), lane);
  }
};

/// A minibatch of random images and labels.
template <class T>
struct Minibatch {
  Images<T> images;
  std::vector<std::uint8_t> labels;

  Minibatch(const nn::Shape& shape, int count, std::uint32_t stream) : images(random_images<T>(shape, count, stream, 0, 1)) {
    RandomStream random(7, Purpose::kTest, stream);
    for (int i = 0; i < count; ++i) labels.push_back(static_cast<std::uint8_t>(random.below(10)));
  }
  std::vector<std::span<const T>> spans() const { return {images.begin(), images.end()}; }
};

template <class T>
std::vector<nn::GroupSettings> all_trainable(const nn::Network<T>& network) {
  return std::vector<nn::GroupSettings>(static_cast<std::size_t>(network.group_count()));
}

/// begin() and every shard, in order. `draw` is the trainer's: without it, no dropout.
template <class T>
void run_minibatch(nn::Trainer<T>& trainer, const Minibatch<T>& batch, const std::vector<nn::GroupSettings>& groups,
                   nn::Workspace<T>& workspace, const std::optional<nn::Draw>& draw = {}) {
  trainer.template begin<T>(batch.spans(), batch.labels, groups, draw);
  for (int s = 0; s < trainer.shard_count(); ++s) trainer.run_shard(s, workspace);
}

}  // namespace lenet::test
