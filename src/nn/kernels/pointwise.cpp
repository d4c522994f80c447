#include "nn/kernels/pointwise.h"

#include <algorithm>
#include <cstring>

#include "nn/lanes.h"

namespace lenet::nn::kernels {
namespace {

/// Calls visit(output offset, offset of the window's first input) for each output position and channel, in blocks of eight.
template <class Visit>
void for_each_window(const Shape& input, const Shape& output, int stride, Visit&& visit) {
  for (int oy = 0; oy < output.height; ++oy)
    for (int ox = 0; ox < output.width; ++ox)
      for (int c = 0; c < output.channels; ++c) {
        const std::ptrdiff_t to = static_cast<std::ptrdiff_t>((oy * output.width + ox) * output.channels + c) * kLanes;
        const std::ptrdiff_t from =
            static_cast<std::ptrdiff_t>((oy * stride * input.width + ox * stride) * input.channels + c) * kLanes;
        visit(to, from);
      }
}

}  // namespace

template <class T>
void max_pool_forward(const Shape& input, const Shape& output, int kernel, int stride, const T* in, T* out, std::int32_t* switches) {
  const std::ptrdiff_t pixel = static_cast<std::ptrdiff_t>(input.channels) * kLanes;
  for_each_window(input, output, stride, [&](std::ptrdiff_t to, std::ptrdiff_t from) {
    T best[kLanes];
    std::int32_t place[kLanes] = {};
    std::memcpy(best, in + from, sizeof(best));
    for (int k = 1; k < kernel * kernel; ++k) {
      const T* candidate = in + from + (k / kernel * input.width + k % kernel) * pixel;
      for (int l = 0; l < kLanes; ++l) {
        const bool larger = candidate[l] > best[l];
        best[l] = larger ? candidate[l] : best[l];
        place[l] = larger ? k : place[l];
      }
    }
    std::memcpy(out + to, best, sizeof(best));
    std::memcpy(switches + to, place, sizeof(place));
  });
}

template <class T>
void max_unpool(const Shape& input, const Shape& output, int kernel, int stride, const T* d_out, const std::int32_t* switches, T* d_in) {
  std::fill_n(d_in, input.size() * kLanes, T(0));
  const std::ptrdiff_t pixel = static_cast<std::ptrdiff_t>(input.channels) * kLanes;
  for_each_window(input, output, stride, [&](std::ptrdiff_t to, std::ptrdiff_t from) {
    for (int l = 0; l < kLanes; ++l) {
      const int place = switches[to + l];
      d_in[from + (place / kernel * input.width + place % kernel) * pixel + l] += d_out[to + l];
    }
  });
}

template <class T>
void average_pool_forward(const Shape& input, const Shape& output, int kernel, int stride, const T* in, T* out) {
  const std::ptrdiff_t pixel = static_cast<std::ptrdiff_t>(input.channels) * kLanes;
  const T share = T(1) / static_cast<T>(kernel * kernel);
  for_each_window(input, output, stride, [&](std::ptrdiff_t to, std::ptrdiff_t from) {
    T sum[kLanes] = {};
    for (int ky = 0; ky < kernel; ++ky)
      for (int kx = 0; kx < kernel; ++kx) {
        const T* value = in + from + (ky * input.width + kx) * pixel;
        for (int l = 0; l < kLanes; ++l) sum[l] += value[l];
      }
    for (int l = 0; l < kLanes; ++l) out[to + l] = sum[l] * share;
  });
}

template <class T>
void average_pool_backward(const Shape& input, const Shape& output, int kernel, int stride, const T* d_out, T* d_in) {
  std::fill_n(d_in, input.size() * kLanes, T(0));
  const std::ptrdiff_t pixel = static_cast<std::ptrdiff_t>(input.channels) * kLanes;
  const T share = T(1) / static_cast<T>(kernel * kernel);
  for_each_window(input, output, stride, [&](std::ptrdiff_t to, std::ptrdiff_t from) {
    T part[kLanes];
    for (int l = 0; l < kLanes; ++l) part[l] = d_out[to + l] * share;
    for (int ky = 0; ky < kernel; ++ky)
      for (int kx = 0; kx < kernel; ++kx) {
        T* value = d_in + from + (ky * input.width + kx) * pixel;
        for (int l = 0; l < kLanes; ++l) value[l] += part[l];
      }
  });
}

template <class T>
void relu_forward(std::size_t n, const T* in, T* out) {
  for (std::size_t i = 0; i < n * kLanes; ++i) out[i] = in[i] < T(0) ? T(0) : in[i];
}

template <class T>
void relu_backward(std::size_t n, const T* out, const T* d_out, BackwardRule rule, T* d_in) {
  const std::size_t count = n * kLanes;
  switch (rule) {
    case BackwardRule::kGradient:
      for (std::size_t i = 0; i < count; ++i) d_in[i] = out[i] > T(0) ? d_out[i] : T(0);
      break;
    case BackwardRule::kDeconv:
      for (std::size_t i = 0; i < count; ++i) d_in[i] = d_out[i] > T(0) ? d_out[i] : T(0);
      break;
    case BackwardRule::kGuided:
      for (std::size_t i = 0; i < count; ++i) d_in[i] = ((out[i] > T(0)) & (d_out[i] > T(0))) ? d_out[i] : T(0);
      break;
  }
}

template <class T>
void to_channel_major(const Shape& shape, const T* in, T* out) {
  const int positions = shape.height * shape.width;
  for (int c = 0; c < shape.channels; ++c)
    for (int p = 0; p < positions; ++p, out += kLanes) {
      std::memcpy(out, in + static_cast<std::ptrdiff_t>(p * shape.channels + c) * kLanes, kLanes * sizeof(T));
    }
}

template <class T>
void from_channel_major(const Shape& shape, const T* in, T* out) {
  const int positions = shape.height * shape.width;
  for (int c = 0; c < shape.channels; ++c)
    for (int p = 0; p < positions; ++p, in += kLanes) {
      std::memcpy(out + static_cast<std::ptrdiff_t>(p * shape.channels + c) * kLanes, in, kLanes * sizeof(T));
    }
}

#define LENET_INSTANTIATE(T)                                                                            \
  template void max_pool_forward<T>(const Shape&, const Shape&, int, int, const T*, T*, std::int32_t*); \
  template void max_unpool<T>(const Shape&, const Shape&, int, int, const T*, const std::int32_t*, T*); \
  template void average_pool_forward<T>(const Shape&, const Shape&, int, int, const T*, T*);            \
  template void average_pool_backward<T>(const Shape&, const Shape&, int, int, const T*, T*);           \
  template void relu_forward<T>(std::size_t, const T*, T*);                                             \
  template void relu_backward<T>(std::size_t, const T*, const T*, BackwardRule, T*);                    \
  template void to_channel_major<T>(const Shape&, const T*, T*);                                        \
  template void from_channel_major<T>(const Shape&, const T*, T*);
LENET_INSTANTIATE(float)
LENET_INSTANTIATE(double)  // for gradient checks
#undef LENET_INSTANTIATE

}  // namespace lenet::nn::kernels
