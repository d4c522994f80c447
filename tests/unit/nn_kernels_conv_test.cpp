// Tests of src/nn/kernels/conv.h against the plain loops of reference.h.
#include <limits>

#include "nn/kernels/conv.h"
#include "nn/kernels/reference.h"
#include "nn_support.h"

using namespace lenet;
using namespace lenet::nn;
using namespace lenet::test;

namespace {

template <class T>
constexpr double kTolerance = sizeof(T) == 4 ? 1e-5 : 1e-12;

kernels::ConvGeometry geometry(int in, int out, int kernel, int stride, int padding, int height, int width) {
  const auto length = [&](int side) { return (side + 2 * padding - kernel) / stride + 1; };
  return {{in, height, width}, {out, length(height), length(width)}, kernel, stride, padding};
}

reference::Window window(const kernels::ConvGeometry& g) { return {g.input, g.output, g.kernel, g.stride, g.padding}; }

/// Everything one comparison needs; each of the eight images holds different numbers.
template <class T>
struct Case {
  kernels::ConvGeometry g;
  Images<T> in, d_out;
  std::vector<T> weights, bias, forward, backward;

  explicit Case(const kernels::ConvGeometry& geometry_)
      : g(geometry_),
        in(random_images<T>(g.input, kLanes, 1)),
        d_out(random_images<T>(g.output, kLanes, 2)),
        weights(random_values<T>(g.weight_count(), 3)),
        bias(random_values<T>(static_cast<std::size_t>(g.output.channels), 4)),
        forward(g.weight_count()),
        backward(g.weight_count()) {
    kernels::pack_conv_forward(g, weights.data(), forward.data());
    kernels::pack_conv_backward(g, weights.data(), backward.data());
  }
  std::vector<T> run_forward(const std::vector<T>& block) const {
    std::vector<T> out(g.output.size() * kLanes, std::numeric_limits<T>::quiet_NaN());
    kernels::conv_forward(g, block.data(), forward.data(), bias.data(), out.data());
    return out;
  }
  std::vector<T> run_backward_input(const std::vector<T>& block) const {
    std::vector<T> d_in(g.input.size() * kLanes, std::numeric_limits<T>::quiet_NaN());
    kernels::conv_backward_input(g, block.data(), backward.data(), d_in.data());
    return d_in;
  }
};

struct Worst {
  double forward = 0, backward_input = 0, d_weights = 0, d_bias = 0;
};

template <class T>
Worst compare(const kernels::ConvGeometry& g) {
  const Case<T> c(g);
  Worst worst;
  const std::vector<T> in = block_of(g.input, c.in), d_out = block_of(g.output, c.d_out);
  const std::vector<T> out = c.run_forward(in), d_in = c.run_backward_input(d_out);

  // The weight gradient is added to what is there.
  std::vector<T> d_weights = random_values<T>(g.weight_count(), 5), d_bias = random_values<T>(c.bias.size(), 6);
  std::vector<double> expected_weights = widen(d_weights), expected_bias = widen(d_bias);
  kernels::conv_backward_weights(g, in.data(), d_out.data(), d_weights.data(), d_bias.data());

  for (int lane = 0; lane < kLanes; ++lane) {
    const std::vector<double> image = widen(c.in[static_cast<std::size_t>(lane)]),
                              d = widen(c.d_out[static_cast<std::size_t>(lane)]);
    const std::vector<double> weights = widen(c.weights);
    worst.forward = std::max(worst.forward, relative_difference(get_image(g.output, out.data(), lane),
                                                                reference::conv_forward(window(g), image, weights, widen(c.bias))));
    worst.backward_input =
        std::max(worst.backward_input,
                 relative_difference(get_image(g.input, d_in.data(), lane), reference::conv_backward_input(window(g), d, weights)));
    const std::vector<double> of_image = reference::conv_backward_weights(window(g), image, d);
    for (std::size_t i = 0; i < of_image.size(); ++i) expected_weights[i] += of_image[i];
    const std::size_t area = g.output.size() / c.bias.size();
    for (std::size_t i = 0; i < d.size(); ++i) expected_bias[i / area] += d[i];
  }
  worst.d_weights = relative_difference(d_weights, expected_weights);
  worst.d_bias = relative_difference(d_bias, expected_bias);
  return worst;
}

template <class T>
void check(const kernels::ConvGeometry& g) {
  CAPTURE(to_string(g.input));
  CAPTURE(to_string(g.output));
  CAPTURE(g.kernel);
  CAPTURE(g.stride);
  CAPTURE(g.padding);
  const Worst worst = compare<T>(g);
  CHECK(worst.forward <= kTolerance<T>);
  CHECK(worst.backward_input <= kTolerance<T>);
  CHECK(worst.d_weights <= kTolerance<T>);
  CHECK(worst.d_bias <= kTolerance<T>);
}

}  // namespace

TEST_CASE_TEMPLATE("conv kernels: equal the reference for every number of channels in and out", T, float, double) {
  for (int in = 1; in <= 11; ++in)
    for (int out = 1; out <= 11; ++out) {
      check<T>(geometry(in, out, 3, 1 + (in + out) % 2, 1, 4, 5));
    }
}

TEST_CASE_TEMPLATE("conv kernels: equal the reference for every kernel, stride and padding, on inputs that are not square", T,
                   float, double) {
  constexpr std::pair<int, int> kChannels[] = {{1, 1}, {2, 5}, {3, 7}, {5, 2}, {6, 9}};
  for (const int kernel : {1, 2, 3, 5, 7})
    for (int stride = 1; stride <= 3; ++stride)
      for (int padding = 0; padding <= 2 && padding < kernel; ++padding)
        for (const auto& [in, out] : kChannels) {
          check<T>(geometry(in, out, kernel, stride, padding, 9, 7));
          check<T>(geometry(in, out, kernel, stride, padding, 7, 10));
        }
}

TEST_CASE_TEMPLATE("conv kernels: equal the reference where the kernel covers the whole input, or more than it", T, float, double) {
  check<T>(geometry(3, 6, 5, 1, 0, 5, 5));  // one output
  check<T>(geometry(4, 6, 5, 1, 0, 5, 8));
  check<T>(geometry(2, 3, 5, 1, 2, 1, 3));   // an input smaller than the kernel
  check<T>(geometry(2, 3, 7, 3, 6, 2, 1));   // as much padding as is allowed
  check<T>(geometry(7, 3, 1, 3, 0, 8, 10));  // a stride that leaves inputs out
  check<T>(geometry(7, 3, 2, 3, 0, 10, 7));
}

TEST_CASE_TEMPLATE("conv kernels: the two layers of LeNet equal the reference", T, float, double) {
  check<T>(geometry(1, 20, 5, 1, 0, 28, 28));
  check<T>(geometry(20, 50, 5, 1, 0, 12, 12));
}

TEST_CASE_TEMPLATE("conv kernels: one image never reaches another one's results", T, float, double) {
  for (const kernels::ConvGeometry& g : {geometry(3, 7, 3, 1, 1, 5, 4), geometry(6, 4, 5, 2, 2, 7, 6)}) {
    const Case<T> c(g);
    const std::vector<T> in = block_of(g.input, c.in), d_out = block_of(g.output, c.d_out);
    const std::vector<T> out = c.run_forward(in), d_in = c.run_backward_input(d_out);
    for (int bad = 0; bad < kLanes; ++bad) {
      std::vector<T> bad_in = in, bad_d_out = d_out;
      for (std::size_t i = static_cast<std::size_t>(bad); i < bad_in.size(); i += kLanes)
        bad_in[i] = std::numeric_limits<T>::quiet_NaN();
      for (std::size_t i = static_cast<std::size_t>(bad); i < bad_d_out.size(); i += kLanes)
        bad_d_out[i] = std::numeric_limits<T>::quiet_NaN();
      const std::vector<T> bad_out = c.run_forward(bad_in), bad_d_in = c.run_backward_input(bad_d_out);
      for (int lane = 0; lane < kLanes; ++lane) {
        CHECK(same_bits(get_image(g.output, bad_out.data(), lane), get_image(g.output, out.data(), lane)) == (lane != bad));
        CHECK(same_bits(get_image(g.input, bad_d_in.data(), lane), get_image(g.input, d_in.data(), lane)) == (lane != bad));
      }
    }
  }
}

TEST_CASE("conv kernels: packing keeps every weight") {
  for (int in = 1; in <= 11; ++in)
    for (int out = 1; out <= 11; ++out) {
      const kernels::ConvGeometry g = geometry(in, out, 2, 1, 0, 3, 3);
      std::vector<float> weights(g.weight_count()), forward(g.weight_count()), backward(g.weight_count());
      std::iota(weights.begin(), weights.end(), 1.0f);
      kernels::pack_conv_forward(g, weights.data(), forward.data());
      kernels::pack_conv_backward(g, weights.data(), backward.data());
      std::sort(forward.begin(), forward.end());
      std::sort(backward.begin(), backward.end());
      CHECK(forward == weights);
      CHECK(backward == weights);
    }
}
