// The nonlinearities that squash their input into an interval: tanh and the logistic sigmoid. Blocks of eight images (nn/lanes.h).
// Stateless.
//
// Gradient and guided backpropagation pass them by their derivative. The papers on the deconvnet and on guided backpropagation do
// not speak of them; that the deconvnet leaves the signal as it is, and that guided has no gate of its own here, are our choices.
#pragma once

#include <cstddef>

#include "nn/kernels/pointwise.h"

namespace lenet::nn::kernels {

/// tanh(x) for n blocks of eight; base/squashing.h says how exact it is.
template <class T>
void tanh_forward(std::size_t n, const T* in, T* out);

/// `out` is the forward result y: the derivative is 1 - y². d_in may be d_out.
template <class T>
void tanh_backward(std::size_t n, const T* out, const T* d_out, BackwardRule rule, T* d_in);

/// 1 / (1 + e^-x) for n blocks of eight.
template <class T>
void sigmoid_forward(std::size_t n, const T* in, T* out);

/// `out` is the forward result y: the derivative is y (1 - y). d_in may be d_out.
template <class T>
void sigmoid_backward(std::size_t n, const T* out, const T* d_out, BackwardRule rule, T* d_in);

}  // namespace lenet::nn::kernels
