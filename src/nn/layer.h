// The contract of a layer. To add one: a kind in spec.h, its output shape in spec.cpp, a class here and in make_layer().
//
// A layer owns no numbers: weights and activations are handed in, so that one network serves every thread, copy and twin.
// Activations are blocks of eight images, [y][x][channel][8] (nn/lanes.h).
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "nn/kernels/dropout.h"
#include "nn/kernels/pointwise.h"
#include "nn/kernels/sparse_conv.h"
#include "nn/spec.h"

namespace lenet::nn {

using kernels::BackwardRule;
using kernels::Draw;

/// Where one layer's parameters are. `packed_*` is the copy in the kernels' own order (pack()).
template <class T>
struct LayerWeights {
  const T* weights = nullptr;
  const T* bias = nullptr;
  const T* packed_forward = nullptr;
  const T* packed_backward = nullptr;
};

/// What a layer needs beside activations to go backward in training; empty for most.
template <class T>
using Scratch = kernels::SparseGradient<T>;

/// How a layer's weight gradient is summed (src/nn/trainer.h).
enum class GradientSum {
  kNone,      ///< no parameters
  kPerShard,  ///< into one buffer per shard; shards are added in order
  kPerBatch,  ///< once over the whole minibatch in image order, rows divided among threads
};

template <class T>
class Layer {
 public:
  explicit Layer(ResolvedLayer resolved) : resolved_(std::move(resolved)) {}
  virtual ~Layer() = default;

  const LayerSpec& spec() const { return resolved_.spec; }
  const Shape& input() const { return resolved_.input; }
  const Shape& output() const { return resolved_.output; }
  /// In what resolve() returns: the same with fused layers and without.
  int position() const { return resolved_.position; }

  /// Shape of the weight tensor as PyTorch has it ([out, in, ky, kx] or [out, in]); empty without parameters.
  virtual std::vector<int> weight_shape() const { return {}; }
  virtual GradientSum gradient_sum() const { return GradientSum::kNone; }

  /// Values that pack() writes for each direction; 0 where the kernels read the weights in place.
  virtual std::size_t packed_size() const { return 0; }
  virtual void pack(const T* /*weights*/, T* /*forward*/, T* /*backward*/) const {}

  /// Number of switches ([y][x][channel][8]) that both forward passes write and backward_input() reads.
  virtual std::size_t switch_count() const { return 0; }

  virtual void forward(const LayerWeights<T>& weights, const T* in, T* out, std::int32_t* switches) const = 0;

  /// The same in training, where a layer may leave things to chance: `draw` names the random numbers of this block.
  virtual void forward_training(const LayerWeights<T>& weights, const T* in, T* out, std::int32_t* switches,
                                const Draw& /*draw*/) const {
    forward(weights, in, out, switches);
  }

  /// d_in from d_out, after either forward pass. `out` is what that wrote. `rule` matters to ReLU, tanh and sigmoid only.
  virtual void backward_input(const LayerWeights<T>& weights, const T* out, const T* d_out, const std::int32_t* switches,
                              BackwardRule rule, T* d_in) const = 0;

  /// kPerShard: adds one block's gradient.
  virtual void backward_weights(const T* /*in*/, const T* /*d_out*/, T* /*d_weights*/, T* /*d_bias*/) const {}

  /// Room that backward() uses in a workspace; made once.
  virtual void reserve(Scratch<T>& /*scratch*/) const {}

  /// The backward pass of one block in training. Adds d_weights and d_bias where d_weights is not null (kPerShard), and writes d_in
  /// where that is not null. Layers whose two halves share work override it.
  virtual void backward(const LayerWeights<T>& weights, const T* in, const T* out, const T* d_out, const std::int32_t* switches,
                        Scratch<T>& /*scratch*/, T* d_weights, T* d_bias, T* d_in) const {
    if (d_weights != nullptr) backward_weights(in, d_out, d_weights, d_bias);
    if (d_in != nullptr) backward_input(weights, out, d_out, switches, BackwardRule::kGradient, d_in);
  }

  /// kPerBatch: writes the rows first … last-1. `in` and `d_out` are laid out as keep_dense_inputs() and keep_dense_gradient() do.
  virtual void backward_weights_rows(int /*images*/, int /*first*/, int /*last*/, const T* /*in*/, const T* /*d_out*/,
                                     T* /*d_weights*/, T* /*d_bias*/) const {}

 private:
  ResolvedLayer resolved_;
};

template <class T>
std::unique_ptr<Layer<T>> make_layer(const ResolvedLayer& resolved);

/// The layers of a network for training: a conv, its ReLU and its max pool become one layer (nn/kernels/sparse_conv.h), which
/// has the conv's name and parameters; every other layer is made as it is. Same results but for the order of summation.
/// This is the one place that chooses fast paths.
template <class T>
std::vector<std::unique_ptr<Layer<T>>> make_fused_layers(const std::vector<ResolvedLayer>& resolved);

}  // namespace lenet::nn
