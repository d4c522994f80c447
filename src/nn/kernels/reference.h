// The oracle: every layer as the textbook writes it, one image, plain loops, layout [channel][y][x].
//
// Slow on purpose. Tests compare the kernels with these over all shapes; nothing else calls them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/math.h"
#include "nn/shape.h"

namespace lenet::nn::reference {

/// Sizes of a convolution or pooling: square kernel, one stride, zero padding.
struct Window {
  Shape input;
  Shape output;
  int kernel = 1;
  int stride = 1;
  int padding = 0;
};

inline std::size_t at(const Shape& shape, int channel, int y, int x) {
  return (static_cast<std::size_t>(channel) * static_cast<std::size_t>(shape.height) + static_cast<std::size_t>(y)) *
             static_cast<std::size_t>(shape.width) +
         static_cast<std::size_t>(x);
}

/// Calls visit(out_channel, oy, ox, in_channel, ky, kx, iy, ix) for every product of a convolution that lies inside the input.
template <class Visit>
void for_each_product(const Window& w, Visit&& visit) {
  for (int o = 0; o < w.output.channels; ++o)
    for (int oy = 0; oy < w.output.height; ++oy)
      for (int ox = 0; ox < w.output.width; ++ox)
        for (int c = 0; c < w.input.channels; ++c)
          for (int ky = 0; ky < w.kernel; ++ky)
            for (int kx = 0; kx < w.kernel; ++kx) {
              const int iy = oy * w.stride + ky - w.padding;
              const int ix = ox * w.stride + kx - w.padding;
              if (iy < 0 || ix < 0 || iy >= w.input.height || ix >= w.input.width) continue;
              visit(o, oy, ox, c, ky, kx, iy, ix);
            }
}

/// Index into weights [out][in][ky][kx].
inline std::size_t weight_at(const Window& w, int o, int c, int ky, int kx) {
  return at({w.input.channels, w.kernel, w.kernel}, c, ky, kx) +
         static_cast<std::size_t>(o) * static_cast<std::size_t>(w.input.channels * w.kernel * w.kernel);
}

/// out = bias + weights ⋆ in (cross-correlation, as every deep-learning library's "convolution").
template <class T>
std::vector<T> conv_forward(const Window& w, const std::vector<T>& in, const std::vector<T>& weights, const std::vector<T>& bias) {
  std::vector<T> out(w.output.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = bias[i / static_cast<std::size_t>(w.output.height * w.output.width)];
  for_each_product(w, [&](int o, int oy, int ox, int c, int ky, int kx, int iy, int ix) {
    out[at(w.output, o, oy, ox)] += weights[weight_at(w, o, c, ky, kx)] * in[at(w.input, c, iy, ix)];
  });
  return out;
}

/// dL/d in from dL/d out.
template <class T>
std::vector<T> conv_backward_input(const Window& w, const std::vector<T>& d_out, const std::vector<T>& weights) {
  std::vector<T> d_in(w.input.size());
  for_each_product(w, [&](int o, int oy, int ox, int c, int ky, int kx, int iy, int ix) {
    d_in[at(w.input, c, iy, ix)] += weights[weight_at(w, o, c, ky, kx)] * d_out[at(w.output, o, oy, ox)];
  });
  return d_in;
}

/// dL/d weights [out][in][ky][kx] of one image.
template <class T>
std::vector<T> conv_backward_weights(const Window& w, const std::vector<T>& in, const std::vector<T>& d_out) {
  std::vector<T> d_weights(static_cast<std::size_t>(w.output.channels * w.input.channels * w.kernel * w.kernel));
  for_each_product(w, [&](int o, int oy, int ox, int c, int ky, int kx, int iy, int ix) {
    d_weights[weight_at(w, o, c, ky, kx)] += in[at(w.input, c, iy, ix)] * d_out[at(w.output, o, oy, ox)];
  });
  return d_weights;
}

/// Maximum of each window; `switches` receives the place (ky * kernel + kx) of the first maximum in row-major order.
template <class T>
std::vector<T> max_pool_forward(const Window& w, const std::vector<T>& in, std::vector<std::int32_t>& switches) {
  std::vector<T> out(w.output.size());
  switches.assign(w.output.size(), 0);
  for (int c = 0; c < w.output.channels; ++c)
    for (int oy = 0; oy < w.output.height; ++oy)
      for (int ox = 0; ox < w.output.width; ++ox) {
        T best = in[at(w.input, c, oy * w.stride, ox * w.stride)];
        int place = 0;
        for (int k = 1; k < w.kernel * w.kernel; ++k) {
          const T value = in[at(w.input, c, oy * w.stride + k / w.kernel, ox * w.stride + k % w.kernel)];
          if (value > best) {
            best = value;
            place = k;
          }
        }
        out[at(w.output, c, oy, ox)] = best;
        switches[at(w.output, c, oy, ox)] = place;
      }
  return out;
}

/// Puts each value back where its maximum came from: the pool's gradient, and the deconvnet's unpooling.
template <class T>
std::vector<T> max_unpool(const Window& w, const std::vector<T>& d_out, const std::vector<std::int32_t>& switches) {
  std::vector<T> d_in(w.input.size());
  for (int c = 0; c < w.output.channels; ++c)
    for (int oy = 0; oy < w.output.height; ++oy)
      for (int ox = 0; ox < w.output.width; ++ox) {
        const int place = switches[at(w.output, c, oy, ox)];
        d_in[at(w.input, c, oy * w.stride + place / w.kernel, ox * w.stride + place % w.kernel)] += d_out[at(w.output, c, oy, ox)];
      }
  return d_in;
}

/// Mean of each window.
template <class T>
std::vector<T> average_pool_forward(const Window& w, const std::vector<T>& in) {
  std::vector<T> out(w.output.size());
  for (int c = 0; c < w.output.channels; ++c)
    for (int oy = 0; oy < w.output.height; ++oy)
      for (int ox = 0; ox < w.output.width; ++ox) {
        T sum = 0;
        for (int k = 0; k < w.kernel * w.kernel; ++k)
          sum += in[at(w.input, c, oy * w.stride + k / w.kernel, ox * w.stride + k % w.kernel)];
        out[at(w.output, c, oy, ox)] = sum / static_cast<T>(w.kernel * w.kernel);
      }
  return out;
}

/// Spreads each value evenly over its window: the average pool's gradient, and its transpose.
template <class T>
std::vector<T> average_pool_backward(const Window& w, const std::vector<T>& d_out) {
  std::vector<T> d_in(w.input.size());
  for (int c = 0; c < w.output.channels; ++c)
    for (int oy = 0; oy < w.output.height; ++oy)
      for (int ox = 0; ox < w.output.width; ++ox)
        for (int k = 0; k < w.kernel * w.kernel; ++k) {
          d_in[at(w.input, c, oy * w.stride + k / w.kernel, ox * w.stride + k % w.kernel)] +=
              d_out[at(w.output, c, oy, ox)] / static_cast<T>(w.kernel * w.kernel);
        }
  return d_in;
}

/// From the definition; base/math.h's exponential.
inline double tanh(double x) { return (exp(x) - exp(-x)) / (exp(x) + exp(-x)); }
inline double sigmoid(double x) { return 1 / (1 + exp(-x)); }

/// out = bias + weights · in, weights [out][in].
template <class T>
std::vector<T> dense_forward(const std::vector<T>& in, const std::vector<T>& weights, const std::vector<T>& bias) {
  std::vector<T> out(bias);
  for (std::size_t o = 0; o < out.size(); ++o)
    for (std::size_t i = 0; i < in.size(); ++i) out[o] += weights[o * in.size() + i] * in[i];
  return out;
}

template <class T>
std::vector<T> dense_backward_input(std::size_t inputs, const std::vector<T>& d_out, const std::vector<T>& weights) {
  std::vector<T> d_in(inputs);
  for (std::size_t o = 0; o < d_out.size(); ++o)
    for (std::size_t i = 0; i < inputs; ++i) d_in[i] += weights[o * inputs + i] * d_out[o];
  return d_in;
}

}  // namespace lenet::nn::reference
