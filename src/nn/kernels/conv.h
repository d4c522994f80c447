// Convolution kernels on blocks of eight images, activations [y][x][channel][8] (nn/lanes.h). Stateless.
//
// Any kernel size, stride and padding. Weights are packed once per step so that the inner loop reads them in order: groups
// of up to kTile channels (tile.h), each [ky][kx][channel][group].
#pragma once

#include <cstddef>

#include "nn/shape.h"

namespace lenet::nn::kernels {

struct ConvGeometry {
  Shape input;
  Shape output;
  int kernel = 1;
  int stride = 1;
  int padding = 0;

  std::size_t weight_count() const {
    return static_cast<std::size_t>(output.channels) * static_cast<std::size_t>(input.channels) *
           static_cast<std::size_t>(kernel) * static_cast<std::size_t>(kernel);
  }
};

/// weights [out][in][ky][kx] → groups of output channels, each [ky][kx][in][group]; `packed` holds weight_count() values.
template <class T>
void pack_conv_forward(const ConvGeometry& g, const T* weights, T* packed);

/// weights [out][in][ky][kx] → groups of input channels, each [ky][kx][out][group].
template <class T>
void pack_conv_backward(const ConvGeometry& g, const T* weights, T* packed);

/// out = bias + weights ⋆ in. `packed` is from pack_conv_forward(), `bias` has one value per output channel.
template <class T>
void conv_forward(const ConvGeometry& g, const T* in, const T* packed, const T* bias, T* out);

/// d_in = dL/d in. `packed` is from pack_conv_backward(). Overwrites d_in.
template <class T>
void conv_backward_input(const ConvGeometry& g, const T* d_out, const T* packed, T* d_in);

/// Adds the block's sum over its eight images and all positions: d_weights [out][in][ky][kx] and d_bias [out].
template <class T>
void conv_backward_weights(const ConvGeometry& g, const T* in, const T* d_out, T* d_weights, T* d_bias);

}  // namespace lenet::nn::kernels
