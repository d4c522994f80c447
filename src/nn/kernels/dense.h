// Dense-layer kernels on blocks of eight images, activations [unit][8] (nn/lanes.h). Weights [out][in] as PyTorch has them,
// read in place. Stateless.
#pragma once

#include <cstddef>

namespace lenet::nn::kernels {

/// out[o] = bias[o] + Σ_i weights[o][i] · in[i], summed in the order of i.
template <class T>
void dense_forward(int inputs, int outputs, const T* in, const T* weights, const T* bias, T* out);

/// d_in[i] = Σ_o weights[o][i] · d_out[o], summed in the order of o. Overwrites d_in.
template <class T>
void dense_backward_input(int inputs, int outputs, const T* d_out, const T* weights, T* d_in);

/// Rows first … last-1 of d_weights [out][in] and d_bias [out], summed over the whole minibatch in image order (so rows can be
/// divided among threads without changing a bit). `in` is [block][8][input] (see transpose_block()), `d_out` [block][out][8].
/// Overwrites.
template <class T>
void dense_backward_weights(int inputs, int outputs, int blocks, int first, int last, const T* in, const T* d_out, T* d_weights,
                            T* d_bias);

/// [unit][8] → [8][unit].
template <class T>
void transpose_block(int units, const T* block, T* images);

}  // namespace lenet::nn::kernels
