// Kernels on one image: the vector runs over output channels (conv) or inputs (dense), where blocks of eight images would leave
// seven lanes of eight empty. float only: for predicting, not for training.
//
// An image is [y][x][channel] with a margin of zeros for the next layer's padding written out (ImageLayout), so that no kernel
// looks for an edge. Sums run in one fixed order, the same for every position, but not the block kernels' order: results agree with
// theirs to rounding, not in every bit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "nn/kernels/conv.h"

namespace lenet::nn::kernels {

/// n rounded up to whole vectors of four.
inline int whole_quads(int n) { return (n + 3) / 4 * 4; }

/// Where the values of one image lie.
struct ImageLayout {
  Shape shape;
  int margin = 0;      ///< pixels of zeros on every side
  int pixel_size = 0;  ///< values from one pixel to the next: at least the channels

  int row_size() const { return (shape.width + 2 * margin) * pixel_size; }
  int offset(int y, int x) const { return (y + margin) * row_size() + (x + margin) * pixel_size; }
  /// Values of a buffer; rounded up, since dense layers read inputs by the eight.
  std::size_t size() const {
    return static_cast<std::size_t>(shape.height + 2 * margin) * static_cast<std::size_t>(row_size()) / 8 * 8 + 8;
  }
};

/// A conv, an optional ReLU and an optional max pool for one image: where everything lies, worked out once.
class OneImageConv {
 public:
  OneImageConv() = default;
  /// `pool_kernel` 0: no pool. `in` has a margin of g.padding; the pixels of `out` are whole_quads(channels) apart.
  OneImageConv(const ConvGeometry& g, bool rectify, int pool_kernel, int pool_stride, const ImageLayout& in,
               const ImageLayout& out);

  std::size_t packed_size() const { return tap_order_.size() * bias_size(); }
  std::size_t bias_size() const { return static_cast<std::size_t>(whole_quads(g_.output.channels)); }

  /// weights [out][in][ky][kx] → groups of up to twelve output channels, each [tap][channel], filled up
  /// with zeros; so is the bias.
  void pack(const float* weights, const float* bias, float* packed, float* packed_bias) const;

  /// Writes whole vectors of channels (zeros behind the last) and no margin.
  void run(const float* in, const float* packed, const float* packed_bias, float* out) const;

 private:
  template <int N>
  void run_group(const float* in, const float* packed, const float* bias, float* out) const;

  ConvGeometry g_;
  bool rectify_ = false;
  int fours_ = 0;                        // groups of four windows under each output of a pool; 0 without a pool
  std::vector<std::int32_t> runs_;       // from a window's first value on: offset of each four neighbouring taps, …
  std::vector<std::int32_t> rest_;       // … and of each tap that is left
  std::vector<std::int32_t> tap_order_;  // the same taps, as indices into weights [in][ky][kx]
  std::vector<std::int32_t> windows_;    // offset of each window's first value, filled up to fours with the last one
  std::vector<std::int32_t> outputs_;    // offset of each output; without a pool, of each window's
};

/// Values of a dense layer's packed weights.
std::size_t one_image_dense_size(int inputs, int outputs);

/// weights [out][in] → groups of up to five rows, each [in / 8][row][8], filled up with zeros: read from front to back.
void one_image_dense_pack(int inputs, int outputs, const float* weights, float* packed);

/// out = bias + weights · in, rectified if asked. Reads inputs up to a multiple of eight, which must be zeros.
void one_image_dense(int inputs, int outputs, const float* in, const float* packed, const float* bias, bool rectify, float* out);

/// Max pool on its own.
void one_image_max_pool(int kernel, int stride, const ImageLayout& from, const ImageLayout& to, const float* in, float* out);

/// ReLU on its own.
void one_image_relu(const ImageLayout& from, const ImageLayout& to, const float* in, float* out);

/// Average pool.
void one_image_average_pool(int kernel, int stride, const ImageLayout& from, const ImageLayout& to, const float* in, float* out);

/// tanh and sigmoid, with the block kernels' bits.
void one_image_tanh(const ImageLayout& from, const ImageLayout& to, const float* in, float* out);
void one_image_sigmoid(const ImageLayout& from, const ImageLayout& to, const float* in, float* out);

/// [y][x][channel] → [channel][y][x], as dense layers count their inputs.
void one_image_flatten(const ImageLayout& from, const float* in, float* out);

}  // namespace lenet::nn::kernels
