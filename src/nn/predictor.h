// The logits of one image, for a page that predicts while someone draws.
//
// Network::forward() holds eight images in the vector lanes; one image alone wastes seven eighths of that work. Here the lanes
// hold output channels (nn/kernels/one_image.h), and the weights are packed for that. Sums run in another order, so logits
// agree with Network's to rounding, not in every bit. They depend on image and weights only: not on threads, nor on earlier images.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "nn/kernels/one_image.h"
#include "nn/network.h"

namespace lenet::nn {

/// A network's forward pass on one image at a time, with its own copy of the weights. One per thread.
class Predictor {
 public:
  /// Throws Error when the layers do not fit each other or the input.
  explicit Predictor(const NetworkSpec& spec, int classes = 10);
  explicit Predictor(const Network<float>& network) : Predictor(network.spec(), network.classes()) {}

  /// Copies the weights of a network of this description, fused or not; their packed copy is not read. Until then all are zero.
  void load(const Weights<float>& weights);

  /// Logits of an image [channel][y][x], valid until the next call; bytes mean pixel / 255. Allocates nothing.
  std::span<const float> predict(std::span<const std::uint8_t> image);
  std::span<const float> predict(std::span<const float> image);

 private:
  /// A layer, or a few that are done as one.
  struct Step {
    ResolvedLayer layer;  // with a pool, the output is the pool's
    bool rectify = false;
    LayerSpec pool = {};  // kernel 0: none
    kernels::ImageLayout in = {}, out = {};
    kernels::OneImageConv conv = {};
    std::vector<float> weights = {}, bias = {};  // packed
  };

  template <class T>
  std::span<const float> run(std::span<const T> image);

  std::vector<Step> steps_;
  std::vector<std::vector<float>> activations_;  // [0] is the image, [i + 1] the output of step i; margins stay zero
  std::size_t parameter_count_ = 0;
};

}  // namespace lenet::nn
