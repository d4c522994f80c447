#include "nn/kernels/squashing.h"

#include "base/squashing.h"
#include "nn/lanes.h"

namespace lenet::nn::kernels {
namespace {

/// d_in = d_out · derivative(y), or for the deconvnet d_out.
template <class T, class Derivative>
void pass_back(std::size_t n, const T* out, const T* d_out, BackwardRule rule, T* d_in, Derivative derivative) {
  const std::size_t count = n * kLanes;
  if (rule == BackwardRule::kDeconv) {
    for (std::size_t i = 0; i < count; ++i) d_in[i] = d_out[i];
  } else {
    for (std::size_t i = 0; i < count; ++i) d_in[i] = d_out[i] * derivative(out[i]);
  }
}

}  // namespace

template <class T>
void tanh_forward(std::size_t n, const T* in, T* out) {
  for (std::size_t i = 0; i < n * kLanes; ++i) out[i] = tanh(in[i]);
}

template <class T>
void tanh_backward(std::size_t n, const T* out, const T* d_out, BackwardRule rule, T* d_in) {
  pass_back(n, out, d_out, rule, d_in, [](T y) { return (1 - y) * (1 + y); });  // as a product: exact where y is near 1
}

template <class T>
void sigmoid_forward(std::size_t n, const T* in, T* out) {
  for (std::size_t i = 0; i < n * kLanes; ++i) out[i] = sigmoid(in[i]);
}

template <class T>
void sigmoid_backward(std::size_t n, const T* out, const T* d_out, BackwardRule rule, T* d_in) {
  pass_back(n, out, d_out, rule, d_in, [](T y) { return y * (1 - y); });
}

#define LENET_INSTANTIATE(T)                                                         \
  template void tanh_forward<T>(std::size_t, const T*, T*);                          \
  template void tanh_backward<T>(std::size_t, const T*, const T*, BackwardRule, T*); \
  template void sigmoid_forward<T>(std::size_t, const T*, T*);                       \
  template void sigmoid_backward<T>(std::size_t, const T*, const T*, BackwardRule, T*);
LENET_INSTANTIATE(float)
LENET_INSTANTIATE(double)  // for gradient checks
#undef LENET_INSTANTIATE

}  // namespace lenet::nn::kernels
