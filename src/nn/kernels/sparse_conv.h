// Convolution under a max pool: forward with bias, ReLU and pooling in registers, backward only where gradient is.
//
// After a 2×2 max pool at most one in four of the conv outputs carries gradient, and a ReLU closes more. So the backward pass
// visits lists of (position, value), gathered from the pool's switches, instead of the whole map. The lists are in one fixed order,
// and so are the sums. Images lie one after the other here, [image][y][x][channel] with the padding written out, so that the
// kernel's row, kernel × channels values, is contiguous.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "nn/kernels/conv.h"

namespace lenet::nn::kernels {

/// A conv, an optional ReLU and a max pool in one.
struct ConvPoolGeometry {
  ConvGeometry conv;
  Shape output;         ///< of the pool
  int pool_kernel = 2;
  int pool_stride = 2;
  bool rectify = true;  ///< a ReLU between conv and pool

  int padded_height() const { return conv.input.height + 2 * conv.padding; }
  int padded_width() const { return conv.input.width + 2 * conv.padding; }
  std::size_t padded_size() const {
    return static_cast<std::size_t>(padded_height()) * static_cast<std::size_t>(padded_width()) * static_cast<std::size_t>(conv.input.channels);
  }
  /// Values of a kernel's row, kernel × input channels.
  int row() const { return conv.kernel * conv.input.channels; }
  /// The same, rounded up to whole vectors of four.
  int padded_row() const { return (row() + 3) / 4 * 4; }
};

/// weights [out][in][ky][kx] → [out][ky][kx][in], each row filled up to padded_row() with zeros. `packed` holds
/// out · kernel · padded_row() values.
template <class T>
void pack_conv_rows(const ConvPoolGeometry& g, const T* weights, T* packed);
inline std::size_t packed_rows_size(const ConvPoolGeometry& g) {
  return static_cast<std::size_t>(g.conv.output.channels) * static_cast<std::size_t>(g.conv.kernel) * static_cast<std::size_t>(g.padded_row());
}

/// out = max over each pool window of (rectified) conv; `switches` keeps the place of the first maximum. Blocks of eight images.
/// `packed` is from pack_conv_forward().
template <class T>
void conv_pool_forward(const ConvPoolGeometry& g, const T* in, const T* packed, const T* bias, T* out, std::int32_t* switches);

/// The non-zero gradients of one block, and the images it reads, in the layouts of the two backward kernels. Kept between blocks so
/// that a step allocates nothing.
template <class T>
struct SparseGradient {
  std::vector<T> images;  ///< the input, [image][padded y][padded x][channel], and a little room for the last vector

  // by output channel: entries map_begin[o] … map_begin[o + 1] - 1
  std::vector<std::int32_t> map_begin;
  std::vector<std::int32_t> map_offset;  ///< of the window's first value in `images`
  std::vector<T> map_value;

  // by position: entries of one place of one window, over the output channels
  struct Entry {
    std::int32_t map = 0;  ///< output channel
    T value = 0;
  };
  struct Group {
    std::int32_t offset = 0;  ///< of the window's first value in `d_images`
    std::int32_t begin = 0, end = 0;
  };
  std::vector<Group> groups;
  std::vector<Entry> entries;
  std::vector<T> d_images;  ///< the input's gradient, laid out as `images`

  // scratch of the kernels
  std::vector<Entry> bucket;
  std::vector<std::int32_t> bucket_count;
  std::vector<std::int32_t> place_offset;
  std::vector<T> row_sums;
};

/// Makes room for a block of this geometry.
template <class T>
void reserve(const ConvPoolGeometry& g, SparseGradient<T>& sparse);

/// Gathers the lists from the pool's gradient: `by_map` for conv_pool_backward_weights(), `by_position` for
/// conv_pool_backward_input().
template <class T>
void gather_gradient(const ConvPoolGeometry& g, const T* out, const T* d_out, const std::int32_t* switches, bool by_map, bool by_position,
                     SparseGradient<T>& sparse);

/// Adds the block's d_weights [out][in][ky][kx] and d_bias [out]; reads `in` (a block).
template <class T>
void conv_pool_backward_weights(const ConvPoolGeometry& g, const T* in, SparseGradient<T>& sparse, T* d_weights, T* d_bias);

/// d_in (a block) from the lists. `packed_rows` is from pack_conv_rows(). Overwrites d_in.
template <class T>
void conv_pool_backward_input(const ConvPoolGeometry& g, SparseGradient<T>& sparse, const T* packed_rows, T* d_in);

}  // namespace lenet::nn::kernels
