// Dense-layer kernels on blocks of eight images, activations [unit][8] (nn/lanes.h). Weights [out][in] as PyTorch has them,
// read in place. Stateless.
#pragma once

#include <cstddef>

#include "nn/lanes.h"

namespace lenet::nn::kernels {

/// out[o] = bias[o] + Σ_i weights[o][i] · in[i], summed in the order of i.
template <class T>
void dense_forward(int inputs, int outputs, const T* in, const T* weights, const T* bias, T* out);

/// d_in[i] = Σ_o weights[o][i] · d_out[o], summed in the order of o. Overwrites d_in.
template <class T>
void dense_backward_input(int inputs, int outputs, const T* d_out, const T* weights, T* d_in);

/// Values that keep_dense_inputs() writes for a minibatch: the inputs are filled up to whole tiles of eight.
inline std::size_t dense_inputs_size(std::size_t inputs, std::size_t blocks) {
  return (inputs + kLanes - 1) / kLanes * kLanes * blocks * kLanes;
}

/// Puts block `block` of a minibatch of `blocks` blocks where dense_backward_weights() reads it: [unit][8] → [unit / 8][image][8].
template <class T>
void keep_dense_inputs(int inputs, int blocks, int block, const T* from, T* to);

/// The same for the outputs' gradient: [unit][8] → [unit][image].
template <class T>
void keep_dense_gradient(int outputs, int blocks, int block, const T* from, T* to);

/// Rows first … last-1 of d_weights [out][in] and d_bias [out], summed over the whole minibatch in image order (so rows can be
/// divided among threads without changing a bit). `in` and `d_out` are from keep_dense_…(), `images` = 8 · blocks. Overwrites.
template <class T>
void dense_backward_weights(int inputs, int images, int first, int last, const T* in, const T* d_out, T* d_weights, T* d_bias);

}  // namespace lenet::nn::kernels
