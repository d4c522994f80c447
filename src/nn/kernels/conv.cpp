#include "nn/kernels/conv.h"

#include <algorithm>

#include "nn/kernels/tile.h"
#include "nn/lanes.h"

namespace lenet::nn::kernels {
namespace {

/// The part of a kernel's side that lies inside the input, for an output at `position`: [begin, end).
struct Range {
  int begin, end;
};
Range inside(int position, int stride, int padding, int kernel, int length) {
  const int start = position * stride - padding;
  return {std::max(0, -start), std::min(kernel, length - start)};
}

/// sum[t] += weights[i][t] * x[i] over a contiguous run.
template <class T, int Tile>
inline void accumulate(Lanes<T> (&sum)[Tile], const T* x, const T* weights, int run) {
  for (int i = 0; i < run; ++i) {
    const Lanes<T> value = Lanes<T>::load(x + static_cast<std::ptrdiff_t>(i) * kLanes);
    for (int t = 0; t < Tile; ++t) sum[t].add_product(weights[i * Tile + t], value);
  }
}

template <class T, int Tile>
void forward_tile(const ConvGeometry& g, const T* in, const T* packed, const T* bias, T* out) {
  const int channels = g.input.channels;
  for (int oy = 0; oy < g.output.height; ++oy) {
    const Range ys = inside(oy, g.stride, g.padding, g.kernel, g.input.height);
    for (int ox = 0; ox < g.output.width; ++ox) {
      const Range xs = inside(ox, g.stride, g.padding, g.kernel, g.input.width);
      const int run = (xs.end - xs.begin) * channels;
      Lanes<T> sum[Tile];
      for (int t = 0; t < Tile; ++t) sum[t] = Lanes<T>::splat(bias[t]);
      for (int ky = ys.begin; ky < ys.end; ++ky) {
        const int iy = oy * g.stride - g.padding + ky;
        const int ix = ox * g.stride - g.padding + xs.begin;
        const T* row = in + static_cast<std::ptrdiff_t>((iy * g.input.width + ix) * channels) * kLanes;
        accumulate<T, Tile>(sum, row, packed + (ky * g.kernel + xs.begin) * channels * Tile, run);
      }
      T* to = out + static_cast<std::ptrdiff_t>((oy * g.output.width + ox) * g.output.channels) * kLanes;
      for (int t = 0; t < Tile; ++t) sum[t].store(to + t * kLanes);
    }
  }
}

/// Gathers: each input position collects from the outputs whose window covers it.
template <class T, int Tile>
void backward_input_tile(const ConvGeometry& g, const T* d_out, const T* packed, T* d_in) {
  const int maps = g.output.channels;
  for (int iy = 0; iy < g.input.height; ++iy) {
    for (int ix = 0; ix < g.input.width; ++ix) {
      Lanes<T> sum[Tile];
      for (int t = 0; t < Tile; ++t) sum[t] = Lanes<T>::splat(T(0));
      for (int ky = 0; ky < g.kernel; ++ky) {
        const int from_y = iy + g.padding - ky;
        if (from_y < 0 || from_y % g.stride != 0 || from_y / g.stride >= g.output.height) continue;
        for (int kx = 0; kx < g.kernel; ++kx) {
          const int from_x = ix + g.padding - kx;
          if (from_x < 0 || from_x % g.stride != 0 || from_x / g.stride >= g.output.width) continue;
          const T* from = d_out + static_cast<std::ptrdiff_t>((from_y / g.stride * g.output.width + from_x / g.stride) * maps) * kLanes;
          accumulate<T, Tile>(sum, from, packed + (ky * g.kernel + kx) * maps * Tile, maps);
        }
      }
      T* to = d_in + static_cast<std::ptrdiff_t>((iy * g.input.width + ix) * g.input.channels) * kLanes;
      for (int t = 0; t < Tile; ++t) sum[t].store(to + t * kLanes);
    }
  }
}

/// One kernel element (c, ky, kx) of `Tile` output channels: the sum over all positions, then over the images.
template <class T, int Tile>
void backward_weight_element(const ConvGeometry& g, const T* in, const T* d_out, int c, int ky, int kx, T (&result)[Tile]) {
  Lanes<T> sum[Tile];
  for (int t = 0; t < Tile; ++t) sum[t] = Lanes<T>::splat(T(0));
  for (int oy = 0; oy < g.output.height; ++oy) {
    const int iy = oy * g.stride - g.padding + ky;
    if (iy < 0 || iy >= g.input.height) continue;
    for (int ox = 0; ox < g.output.width; ++ox) {
      const int ix = ox * g.stride - g.padding + kx;
      if (ix < 0 || ix >= g.input.width) continue;
      const Lanes<T> x = Lanes<T>::load(in + static_cast<std::ptrdiff_t>((iy * g.input.width + ix) * g.input.channels + c) * kLanes);
      const T* d = d_out + static_cast<std::ptrdiff_t>((oy * g.output.width + ox) * g.output.channels) * kLanes;
      for (int t = 0; t < Tile; ++t) sum[t].add_product(Lanes<T>::load(d + t * kLanes), x);
    }
  }
  for (int t = 0; t < Tile; ++t) result[t] = sum_of<T>(sum[t]);
}

template <class T>
void backward_bias(const ConvGeometry& g, const T* d_out, T* d_bias) {
  const int positions = g.output.height * g.output.width;
  for (int o = 0; o < g.output.channels; ++o) {
    Lanes<T> sum = Lanes<T>::splat(T(0));
    for (int p = 0; p < positions; ++p) {
      sum.add(Lanes<T>::load(d_out + static_cast<std::ptrdiff_t>(p * g.output.channels + o) * kLanes));
    }
    d_bias[o] += sum_of<T>(sum);
  }
}

}  // namespace

template <class T>
void pack_conv_forward(const ConvGeometry& g, const T* weights, T* packed) {
  const int area = g.kernel * g.kernel;
  for_each_tile<kTile>(g.output.channels, [&](auto tile, int first) {
    for (int k = 0; k < area; ++k)
      for (int c = 0; c < g.input.channels; ++c)
        for (int t = 0; t < tile; ++t) *packed++ = weights[((first + t) * g.input.channels + c) * area + k];
  });
}

template <class T>
void pack_conv_backward(const ConvGeometry& g, const T* weights, T* packed) {
  const int area = g.kernel * g.kernel;
  for_each_tile<kTile>(g.input.channels, [&](auto tile, int first) {
    for (int k = 0; k < area; ++k)
      for (int o = 0; o < g.output.channels; ++o)
        for (int t = 0; t < tile; ++t) *packed++ = weights[(o * g.input.channels + first + t) * area + k];
  });
}

template <class T>
void conv_forward(const ConvGeometry& g, const T* in, const T* packed, const T* bias, T* out) {
  const int per_channel = g.kernel * g.kernel * g.input.channels;
  for_each_tile<kTile>(g.output.channels, [&](auto tile, int first) {
    forward_tile<T, tile>(g, in, packed + first * per_channel, bias + first, out + first * kLanes);
  });
}

template <class T>
void conv_backward_input(const ConvGeometry& g, const T* d_out, const T* packed, T* d_in) {
  const int per_channel = g.kernel * g.kernel * g.output.channels;
  for_each_tile<kTile>(g.input.channels, [&](auto tile, int first) {
    backward_input_tile<T, tile>(g, d_out, packed + first * per_channel, d_in + first * kLanes);
  });
}

template <class T>
void conv_backward_weights(const ConvGeometry& g, const T* in, const T* d_out, T* d_weights, T* d_bias) {
  const int area = g.kernel * g.kernel;
  for_each_tile<kTile>(g.output.channels, [&](auto tile, int first) {
    T result[tile];
    for (int k = 0; k < area; ++k)
      for (int c = 0; c < g.input.channels; ++c) {
        backward_weight_element<T, tile>(g, in, d_out + first * kLanes, c, k / g.kernel, k % g.kernel, result);
        for (int t = 0; t < tile; ++t) d_weights[((first + t) * g.input.channels + c) * area + k] += result[t];
      }
  });
  backward_bias(g, d_out, d_bias);
}

#define LENET_INSTANTIATE(T)                                                                          \
  template void pack_conv_forward<T>(const ConvGeometry&, const T*, T*);                              \
  template void pack_conv_backward<T>(const ConvGeometry&, const T*, T*);                             \
  template void conv_forward<T>(const ConvGeometry&, const T*, const T*, const T*, T*);               \
  template void conv_backward_input<T>(const ConvGeometry&, const T*, const T*, T*);                  \
  template void conv_backward_weights<T>(const ConvGeometry&, const T*, const T*, T*, T*);
LENET_INSTANTIATE(float)
LENET_INSTANTIATE(double)  // for gradient checks
#undef LENET_INSTANTIATE

}  // namespace lenet::nn::kernels
