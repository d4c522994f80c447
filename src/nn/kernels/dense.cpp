#include "nn/kernels/dense.h"

#include <algorithm>
#include <cstring>

#include "nn/kernels/tile.h"
#include "nn/lanes.h"

namespace lenet::nn::kernels {
namespace {

template <class T, int Tile>
void forward_tile(int inputs, const T* in, const T* weights, const T* bias, T* out) {
  Lanes<T> sum[Tile];
  for (int t = 0; t < Tile; ++t) sum[t] = Lanes<T>::splat(bias[t]);
  for (int i = 0; i < inputs; ++i) {
    const Lanes<T> x = Lanes<T>::load(in + static_cast<std::ptrdiff_t>(i) * kLanes);
    for (int t = 0; t < Tile; ++t) sum[t].add_product(weights[static_cast<std::ptrdiff_t>(t) * inputs + i], x);
  }
  for (int t = 0; t < Tile; ++t) sum[t].store(out + t * kLanes);
}

/// Adds what `Tile` outputs send back: their gradients stay in registers while the weights' rows are read from front to back.
template <class T, int Tile>
void backward_input_tile(int inputs, const T* d_out, const T* weights, bool first, T* d_in) {
  Lanes<T> d[Tile];
  for (int t = 0; t < Tile; ++t) d[t] = Lanes<T>::load(d_out + t * kLanes);
  for (int i = 0; i < inputs; ++i, d_in += kLanes) {
    Lanes<T> sum = first ? Lanes<T>::splat(T(0)) : Lanes<T>::load(d_in);
    for (int t = 0; t < Tile; ++t) sum.add_product(weights[static_cast<std::ptrdiff_t>(t) * inputs + i], d[t]);
    sum.store(d_in);
  }
}

/// Eight neighbouring inputs × `Tile` outputs of the weight gradient, over all images. Here the vector runs over inputs.
template <class T, int Tile>
void backward_weights_tile(int images, const T* in, const T* d_out, Lanes<T> (&sum)[Tile]) {
  for (int t = 0; t < Tile; ++t) sum[t] = Lanes<T>::splat(T(0));
  for (int image = 0; image < images; ++image, in += kLanes) {
    const Lanes<T> x = Lanes<T>::load(in);
    for (int t = 0; t < Tile; ++t) sum[t].add_product(d_out[static_cast<std::ptrdiff_t>(t) * images + image], x);
  }
}

}  // namespace

template <class T>
void dense_forward(int inputs, int outputs, const T* in, const T* weights, const T* bias, T* out) {
  for_each_tile<kTile>(outputs, [&](auto tile, int first) {
    forward_tile<T, tile>(inputs, in, weights + static_cast<std::ptrdiff_t>(first) * inputs, bias + first, out + first * kLanes);
  });
}

template <class T>
void dense_backward_input(int inputs, int outputs, const T* d_out, const T* weights, T* d_in) {
  for_each_tile<kTile>(outputs, [&](auto tile, int first) {
    backward_input_tile<T, tile>(inputs, d_out + first * kLanes, weights + static_cast<std::ptrdiff_t>(first) * inputs, first == 0, d_in);
  });
}

template <class T>
void dense_backward_weights(int inputs, int images, int first, int last, const T* in, const T* d_out, T* d_weights, T* d_bias) {
  // Inputs outside, rows inside: eight inputs of all images stay in the L1 cache while the rows pass.
  for (int i = 0; i < inputs; i += kLanes, in += static_cast<std::ptrdiff_t>(images) * kLanes) {
    const int count = std::min(kLanes, inputs - i);
    for_each_tile<kTile>(last - first, [&](auto tile, int offset) {
      const std::ptrdiff_t row = first + offset;
      Lanes<T> sum[tile];
      backward_weights_tile<T, tile>(images, in, d_out + row * images, sum);
      T* to = d_weights + row * inputs + i;
      for (int t = 0; t < tile; ++t, to += inputs) {
        if (count == kLanes) {
          sum[t].store(to);
        } else {
          std::memcpy(to, &sum[t], static_cast<std::size_t>(count) * sizeof(T));
        }
      }
    });
  }
  for (int row = first; row < last; ++row) {
    T sum = 0;
    for (int image = 0; image < images; ++image) sum += d_out[static_cast<std::ptrdiff_t>(row) * images + image];
    d_bias[row] = sum;
  }
}

template <class T>
void keep_dense_inputs(int inputs, int blocks, int block, const T* from, T* to) {
  const std::ptrdiff_t stride = static_cast<std::ptrdiff_t>(blocks) * kLanes * kLanes;
  to += block * kLanes * kLanes;
  for (int i = 0; i < inputs; i += kLanes, to += stride) {
    const int count = std::min(kLanes, inputs - i);
    for (int image = 0; image < kLanes; ++image)
      for (int k = 0; k < kLanes; ++k) to[image * kLanes + k] = k < count ? from[(i + k) * kLanes + image] : T(0);
  }
}

template <class T>
void keep_dense_gradient(int outputs, int blocks, int block, const T* from, T* to) {
  to += block * kLanes;
  for (int o = 0; o < outputs; ++o, from += kLanes, to += static_cast<std::ptrdiff_t>(blocks) * kLanes) {
    Lanes<T>::load(from).store(to);
  }
}

#define LENET_INSTANTIATE(T)                                                                                  \
  template void dense_forward<T>(int, int, const T*, const T*, const T*, T*);                                 \
  template void dense_backward_input<T>(int, int, const T*, const T*, T*);                                    \
  template void dense_backward_weights<T>(int, int, int, int, const T*, const T*, T*, T*);                    \
  template void keep_dense_inputs<T>(int, int, int, const T*, T*);                                            \
  template void keep_dense_gradient<T>(int, int, int, const T*, T*);
LENET_INSTANTIATE(float)
LENET_INSTANTIATE(double)  // for gradient checks
#undef LENET_INSTANTIATE

}  // namespace lenet::nn::kernels
