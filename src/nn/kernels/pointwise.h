// Kernels that visit each activation once: pooling, rectifying, reordering. Blocks of eight images (nn/lanes.h). Stateless.
#pragma once

#include <cstddef>
#include <cstdint>

#include "nn/shape.h"

namespace lenet::nn::kernels {

/// How a signal passes back through a nonlinearity. For a ReLU (kernels/squashing.h has the others): gradient, the chain rule;
/// deconvnet, Zeiler & Fergus 2014 (rectify the signal itself); guided backpropagation, Springenberg et al. 2015 (both gates).
enum class BackwardRule { kGradient, kDeconv, kGuided };

/// Maximum of each kernel × kernel window; a tie goes to the first in row-major order. `switches` [y][x][channel][8] keeps the
/// place (ky * kernel + kx).
template <class T>
void max_pool_forward(const Shape& input, const Shape& output, int kernel, int stride, const T* in, T* out, std::int32_t* switches);

/// Puts each value back where its maximum came from, zero elsewhere; overlapping windows add. Overwrites d_in.
template <class T>
void max_unpool(const Shape& input, const Shape& output, int kernel, int stride, const T* d_out, const std::int32_t* switches, T* d_in);

/// Mean of each kernel × kernel window, summed in row-major order.
template <class T>
void average_pool_forward(const Shape& input, const Shape& output, int kernel, int stride, const T* in, T* out);

/// Its transpose: every place of a window receives an equal share of the window's value; overlapping windows add. Overwrites d_in.
template <class T>
void average_pool_backward(const Shape& input, const Shape& output, int kernel, int stride, const T* d_out, T* d_in);

/// max(0, x) for n blocks of eight; NaN stays NaN, so that a diverged run shows.
template <class T>
void relu_forward(std::size_t n, const T* in, T* out);

/// `out` is the forward result. d_in may be d_out.
template <class T>
void relu_backward(std::size_t n, const T* out, const T* d_out, BackwardRule rule, T* d_in);

/// [y][x][channel][8] → [channel][y][x][8], and back.
template <class T>
void to_channel_major(const Shape& shape, const T* in, T* out);
template <class T>
void from_channel_major(const Shape& shape, const T* in, T* out);

}  // namespace lenet::nn::kernels
