#include "nn/kernels/dense.h"

#include "nn/kernels/tile.h"
#include "nn/lanes.h"

namespace lenet::nn::kernels {
namespace {

constexpr int kTile = 5;

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

template <class T, int Tile>
void backward_input_tile(int inputs, int outputs, const T* d_out, const T* weights, T* d_in) {
  Lanes<T> sum[Tile];
  for (int t = 0; t < Tile; ++t) sum[t] = Lanes<T>::splat(T(0));
  for (int o = 0; o < outputs; ++o) {
    const Lanes<T> d = Lanes<T>::load(d_out + static_cast<std::ptrdiff_t>(o) * kLanes);
    for (int t = 0; t < Tile; ++t) sum[t].add_product(weights[static_cast<std::ptrdiff_t>(o) * inputs + t], d);
  }
  for (int t = 0; t < Tile; ++t) sum[t].store(d_in + t * kLanes);
}

/// Eight neighbouring inputs × `Tile` outputs of the weight gradient. Here the vector runs over inputs, not images.
template <class T, int Tile>
void backward_weights_tile(int inputs, int outputs, int blocks, const T* in, const T* d_out, T* d_weights) {
  Lanes<T> sum[Tile];
  for (int t = 0; t < Tile; ++t) sum[t] = Lanes<T>::splat(T(0));
  for (int b = 0; b < blocks; ++b) {
    const T* d = d_out + static_cast<std::ptrdiff_t>(b) * outputs * kLanes;
    for (int image = 0; image < kLanes; ++image) {
      const Lanes<T> x = Lanes<T>::load(in + static_cast<std::ptrdiff_t>(b * kLanes + image) * inputs);
      for (int t = 0; t < Tile; ++t) sum[t].add_product(d[t * kLanes + image], x);
    }
  }
  for (int t = 0; t < Tile; ++t) sum[t].store(d_weights + static_cast<std::ptrdiff_t>(t) * inputs);
}

/// The last inputs, where fewer than eight are left.
template <class T>
void backward_weights_rest(int inputs, int outputs, int blocks, int begin, const T* in, const T* d_out, T* d_weights) {
  for (int i = begin; i < inputs; ++i) {
    T sum = 0;
    for (int b = 0; b < blocks; ++b)
      for (int image = 0; image < kLanes; ++image) {
        sum += d_out[static_cast<std::ptrdiff_t>(b) * outputs * kLanes + image] *
               in[static_cast<std::ptrdiff_t>(b * kLanes + image) * inputs + i];
      }
    d_weights[i] = sum;
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
  for_each_tile<kTile>(inputs, [&](auto tile, int first) {
    backward_input_tile<T, tile>(inputs, outputs, d_out, weights + first, d_in + static_cast<std::ptrdiff_t>(first) * kLanes);
  });
}

template <class T>
void dense_backward_weights(int inputs, int outputs, int blocks, int first, int last, const T* in, const T* d_out, T* d_weights,
                            T* d_bias) {
  const int whole = inputs / kLanes * kLanes;
  for_each_tile<kTile>(last - first, [&](auto tile, int offset) {
    const int row = first + offset;
    const T* d = d_out + row * kLanes;
    T* to = d_weights + static_cast<std::ptrdiff_t>(row) * inputs;
    for (int i = 0; i < whole; i += kLanes) backward_weights_tile<T, tile>(inputs, outputs, blocks, in + i, d, to + i);
    for (int t = 0; t < tile; ++t) {
      backward_weights_rest(inputs, outputs, blocks, whole, in, d + t * kLanes, to + static_cast<std::ptrdiff_t>(t) * inputs);
      T sum = 0;
      for (int b = 0; b < blocks; ++b)
        for (int image = 0; image < kLanes; ++image) sum += d[(static_cast<std::ptrdiff_t>(b) * outputs + t) * kLanes + image];
      d_bias[row + t] = sum;
    }
  });
}

template <class T>
void transpose_block(int units, const T* block, T* images) {
  for (int u = 0; u < units; ++u)
    for (int image = 0; image < kLanes; ++image) images[static_cast<std::ptrdiff_t>(image) * units + u] = block[u * kLanes + image];
}

#define LENET_INSTANTIATE(T)                                                                                  \
  template void dense_forward<T>(int, int, const T*, const T*, const T*, T*);                                 \
  template void dense_backward_input<T>(int, int, const T*, const T*, T*);                                    \
  template void dense_backward_weights<T>(int, int, int, int, int, const T*, const T*, T*, T*);               \
  template void transpose_block<T>(int, const T*, T*);
LENET_INSTANTIATE(float)
LENET_INSTANTIATE(double)  // for gradient checks
#undef LENET_INSTANTIATE

}  // namespace lenet::nn::kernels
