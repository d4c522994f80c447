#include "nn/kernels/one_image.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "base/squashing.h"
#include "nn/kernels/tile.h"
#include "nn/lanes.h"

namespace lenet::nn::kernels {
namespace {

constexpr int kVector = 4;
using Quad = Pack<float, kVector>;

constexpr int kWindows = 4;    // conv positions summed at once: the window of a 2×2 pool
constexpr int kGroup = 3;      // vectors of output channels summed at once: with four windows, twelve accumulators
constexpr int kDenseRows = 5;  // outputs of a dense layer at once
constexpr int kDenseStep = 8;  // inputs of a dense layer at once: two accumulators a row

float rectified(float value) { return value < 0.0f ? 0.0f : value; }

Quad rectified(Quad quad) {
  quad.part[0] = quad.part[0] < Quad::Vector{} ? Quad::Vector{} : quad.part[0];
  return quad;
}

Quad larger(Quad a, const Quad& b) {
  a.part[0] = a.part[0] < b.part[0] ? b.part[0] : a.part[0];
  return a;
}

/// The sum of eight values, always in the same order.
float sum_of_eight(Quad a, const Quad& b) {
  a.add(b);
  return (a.part[0][0] + a.part[0][2]) + (a.part[0][1] + a.part[0][3]);
}

/// One tap of four windows: N vectors of weights meet one value of each window.
template <int N>
inline void add_tap(const float* const (&x)[kWindows], std::int32_t offset, const float* weights, Quad (&sum)[kWindows][N]) {
  Quad w[N];
  for (int n = 0; n < N; ++n) w[n] = Quad::load(weights + n * kVector);
  for (int k = 0; k < kWindows; ++k) {
    const Quad value = Quad::splat(x[k][offset]);
    for (int n = 0; n < N; ++n) sum[k][n].add_product(value, w[n]);
  }
}

/// All taps of four windows.
template <int N>
inline void sum_windows(const std::vector<std::int32_t>& runs, const std::vector<std::int32_t>& rest, const float* in,
                        const std::int32_t* windows, const float* weights, const float* bias, Quad (&sum)[kWindows][N]) {
  const float* const x[kWindows] = {in + windows[0], in + windows[1], in + windows[2], in + windows[3]};
  for (int n = 0; n < N; ++n) {
    const Quad b = Quad::load(bias + n * kVector);
    for (int k = 0; k < kWindows; ++k) sum[k][n] = b;
  }
  // Kept rolled: one body fills the registers already, and loads that a compiler moved up would spill them.
#pragma clang loop unroll(disable)
  for (const std::int32_t offset : runs) {
    for (int i = 0; i < 4; ++i, weights += N * kVector) add_tap<N>(x, offset + i, weights, sum);
  }
#pragma clang loop unroll(disable)
  for (const std::int32_t offset : rest) {
    add_tap<N>(x, offset, weights, sum);
    weights += N * kVector;
  }
}

}  // namespace

OneImageConv::OneImageConv(const ConvGeometry& g, bool rectify, int pool_kernel, int pool_stride, const ImageLayout& in,
                           const ImageLayout& out)
    : g_(g), rectify_(rectify) {
  // Neighbouring taps lie side by side: a kernel's whole row where nothing fills up the pixels, else a pixel's channels.
  const int channels = g.input.channels;
  const int run = in.pixel_size == channels ? g.kernel * channels : channels;
  std::vector<std::int32_t> order_of_rest;
  for (int ky = 0; ky < g.kernel; ++ky)
    for (int first = 0; first < g.kernel * channels; first += run)
      for (int i = 0; i < run; ++i) {
        const int kx = (first + i) / channels, channel = (first + i) % channels;
        const std::int32_t offset = ky * in.row_size() + kx * in.pixel_size + channel;
        const bool in_four = i < run / 4 * 4;
        if (!in_four) rest_.push_back(offset);
        if (in_four && i % 4 == 0) runs_.push_back(offset);
        (in_four ? tap_order_ : order_of_rest).push_back((channel * g.kernel + ky) * g.kernel + kx);
      }
  tap_order_.insert(tap_order_.end(), order_of_rest.begin(), order_of_rest.end());

  const auto add_window = [&](int oy, int ox) {
    windows_.push_back(in.offset(oy * g.stride - g.padding, ox * g.stride - g.padding));
  };
  const auto fill_up = [](std::vector<std::int32_t>& offsets) {
    while (offsets.size() % kWindows != 0) offsets.push_back(offsets.back());
  };
  for (int y = 0; y < out.shape.height; ++y)
    for (int x = 0; x < out.shape.width; ++x) {
      outputs_.push_back(out.offset(y, x));
      if (pool_kernel == 0) {
        add_window(y, x);
        continue;
      }
      for (int k = 0; k < pool_kernel * pool_kernel; ++k) {
        add_window(y * pool_stride + k / pool_kernel, x * pool_stride + k % pool_kernel);
      }
      fill_up(windows_);
    }
  if (pool_kernel == 0) {
    fill_up(windows_);
    fill_up(outputs_);
  } else {
    fours_ = (pool_kernel * pool_kernel + kWindows - 1) / kWindows;
  }
}

void OneImageConv::pack(const float* weights, const float* bias, float* packed, float* packed_bias) const {
  const int outputs = g_.output.channels, filled = whole_quads(outputs);
  const std::ptrdiff_t map_size = static_cast<std::ptrdiff_t>(tap_order_.size());
  for_each_chunk<kGroup>(filled / kVector, [&](auto n, int first) {
    for (const std::int32_t tap : tap_order_)
      for (int o = first * kVector; o < (first + n) * kVector; ++o) *packed++ = o < outputs ? weights[o * map_size + tap] : 0.0f;
  });
  std::fill(std::copy_n(bias, outputs, packed_bias), packed_bias + filled, 0.0f);
}

template <int N>
void OneImageConv::run_group(const float* in, const float* packed, const float* bias, float* out) const {
  Quad sum[kWindows][N];
  const std::int32_t* windows = windows_.data();
  if (fours_ == 0) {
    for (std::size_t i = 0; i < outputs_.size(); i += kWindows) {
      sum_windows<N>(runs_, rest_, in, windows + i, packed, bias, sum);
      for (std::size_t k = 0; k < kWindows; ++k)
        for (int n = 0; n < N; ++n) (rectify_ ? rectified(sum[k][n]) : sum[k][n]).store(out + outputs_[i + k] + n * kVector);
    }
    return;
  }
  for (const std::int32_t output : outputs_) {
    Quad best[N];
    for (int f = 0; f < fours_; ++f, windows += kWindows) {
      sum_windows<N>(runs_, rest_, in, windows, packed, bias, sum);
      for (int n = 0; n < N; ++n) {
        const Quad best_here = larger(larger(sum[0][n], sum[1][n]), larger(sum[2][n], sum[3][n]));
        best[n] = f == 0 ? best_here : larger(best[n], best_here);
      }
    }
    // The ReLU after the maximum: the same as before it, once instead of for every place.
    for (int n = 0; n < N; ++n) (rectify_ ? rectified(best[n]) : best[n]).store(out + output + n * kVector);
  }
}

void OneImageConv::run(const float* in, const float* packed, const float* packed_bias, float* out) const {
  const std::ptrdiff_t taps = static_cast<std::ptrdiff_t>(tap_order_.size());
  // Channels outside, positions inside: a group's weights stay in the L1 cache while the image passes.
  for_each_chunk<kGroup>(whole_quads(g_.output.channels) / kVector, [&](auto n, int first) {
    run_group<n>(in, packed + first * kVector * taps, packed_bias + first * kVector, out + first * kVector);
  });
}

// --- dense ----------------------------------------------------------------------------------------------------------------

namespace {

int dense_steps(int inputs) { return (inputs + kDenseStep - 1) / kDenseStep; }

template <int Rows>
void dense_rows(int steps, const float* in, const float* packed, const float* bias, bool rectify, float* out) {
  Quad sum[Rows][2];
  for (auto& row : sum) row[0] = row[1] = Quad::splat(0.0f);
#pragma clang loop unroll(disable)
  for (int i = 0; i < steps; ++i, in += kDenseStep, packed += Rows * kDenseStep) {
    const Quad x[2] = {Quad::load(in), Quad::load(in + kVector)};
    for (int r = 0; r < Rows; ++r)
      for (int half = 0; half < 2; ++half) sum[r][half].add_product(x[half], Quad::load(packed + r * kDenseStep + half * kVector));
  }
  for (int r = 0; r < Rows; ++r) {
    const float value = bias[r] + sum_of_eight(sum[r][0], sum[r][1]);
    out[r] = rectify ? rectified(value) : value;
  }
}

}  // namespace

std::size_t one_image_dense_size(int inputs, int outputs) {
  return static_cast<std::size_t>(outputs) * static_cast<std::size_t>(dense_steps(inputs) * kDenseStep);
}

void one_image_dense_pack(int inputs, int outputs, const float* weights, float* packed) {
  for_each_tile<kDenseRows>(outputs, [&](auto rows, int first) {
    for (int i = 0; i < inputs; i += kDenseStep)
      for (int r = 0; r < rows; ++r, packed += kDenseStep) {
        const float* row = weights + static_cast<std::ptrdiff_t>(first + r) * inputs + i;
        std::fill(std::copy_n(row, std::min(kDenseStep, inputs - i), packed), packed + kDenseStep, 0.0f);
      }
  });
}

void one_image_dense(int inputs, int outputs, const float* in, const float* packed, const float* bias, bool rectify, float* out) {
  const int steps = dense_steps(inputs);
  for_each_tile<kDenseRows>(outputs, [&](auto rows, int first) {
    dense_rows<rows>(steps, in, packed + static_cast<std::ptrdiff_t>(first) * steps * kDenseStep, bias + first, rectify,
                     out + first);
  });
}

// --- on their own ---------------------------------------------------------------------------------------------------------

void one_image_max_pool(int kernel, int stride, const ImageLayout& from, const ImageLayout& to, const float* in, float* out) {
  const int channels = to.shape.channels;
  for (int y = 0; y < to.shape.height; ++y)
    for (int x = 0; x < to.shape.width; ++x) {
      float* best = out + to.offset(y, x);
      std::copy_n(in + from.offset(y * stride, x * stride), channels, best);
      for (int k = 1; k < kernel * kernel; ++k) {
        const float* candidate = in + from.offset(y * stride + k / kernel, x * stride + k % kernel);
        for (int c = 0; c < channels; ++c) best[c] = best[c] < candidate[c] ? candidate[c] : best[c];
      }
    }
}

void one_image_average_pool(int kernel, int stride, const ImageLayout& from, const ImageLayout& to, const float* in, float* out) {
  const int channels = to.shape.channels;
  const float share = 1.0f / static_cast<float>(kernel * kernel);
  for (int y = 0; y < to.shape.height; ++y)
    for (int x = 0; x < to.shape.width; ++x) {
      float* mean = out + to.offset(y, x);
      std::fill_n(mean, channels, 0.0f);
      for (int k = 0; k < kernel * kernel; ++k) {
        const float* value = in + from.offset(y * stride + k / kernel, x * stride + k % kernel);
        for (int c = 0; c < channels; ++c) mean[c] += value[c];
      }
      for (int c = 0; c < channels; ++c) mean[c] *= share;
    }
}

namespace {

template <class Function>
void for_each_value(const ImageLayout& from, const ImageLayout& to, const float* in, float* out, Function function) {
  for (int y = 0; y < to.shape.height; ++y)
    for (int x = 0; x < to.shape.width; ++x) {
      const float* pixel = in + from.offset(y, x);
      std::transform(pixel, pixel + to.shape.channels, out + to.offset(y, x), function);
    }
}

}  // namespace

void one_image_relu(const ImageLayout& from, const ImageLayout& to, const float* in, float* out) {
  for_each_value(from, to, in, out, [](float value) { return rectified(value); });
}

void one_image_tanh(const ImageLayout& from, const ImageLayout& to, const float* in, float* out) {
  for_each_value(from, to, in, out, [](float value) { return tanh(value); });
}

void one_image_sigmoid(const ImageLayout& from, const ImageLayout& to, const float* in, float* out) {
  for_each_value(from, to, in, out, [](float value) { return sigmoid(value); });
}

void one_image_flatten(const ImageLayout& from, const float* in, float* out) {
  const int height = from.shape.height, width = from.shape.width, row_size = from.row_size(), pixel_size = from.pixel_size;
  in += from.offset(0, 0);
  for (int c = 0; c < from.shape.channels; ++c)
    for (int y = 0; y < height; ++y) {
      const float* pixel = in + y * row_size + c;
      for (int x = 0; x < width; ++x, pixel += pixel_size) *out++ = *pixel;
    }
}

}  // namespace lenet::nn::kernels
