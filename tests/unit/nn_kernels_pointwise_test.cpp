// Tests of src/nn/kernels/pointwise.h: pooling and its switches, unpooling, the three rules of a ReLU, reordering.
#include <limits>

#include "nn/kernels/pointwise.h"
#include "nn/kernels/reference.h"
#include "nn_support.h"

using namespace lenet;
using namespace lenet::nn;
using namespace lenet::test;
using kernels::BackwardRule;

namespace {

reference::Window pooling(int channels, int kernel, int stride, int height, int width) {
  return {{channels, height, width}, {channels, (height - kernel) / stride + 1, (width - kernel) / stride + 1}, kernel, stride, 0};
}

/// Every lane against the reference, exactly. `levels` > 0 rounds to few values so that many windows have ties.
template <class T>
void check_pool(const reference::Window& w, int levels) {
  CAPTURE(to_string(w.input));
  CAPTURE(w.kernel);
  CAPTURE(w.stride);
  Images<T> images = random_images<T>(w.input, kLanes, 1);
  if (levels > 0) {
    for (std::vector<T>& image : images)
      for (T& v : image) v = std::floor(v * static_cast<T>(levels));
  }
  const Images<T> d_out = random_images<T>(w.output, kLanes, 2);
  std::vector<T> out(w.output.size() * kLanes, std::numeric_limits<T>::quiet_NaN());
  std::vector<T> d_in(w.input.size() * kLanes, std::numeric_limits<T>::quiet_NaN());
  std::vector<std::int32_t> switches(out.size(), -1);
  kernels::max_pool_forward(w.input, w.output, w.kernel, w.stride, block_of(w.input, images).data(), out.data(), switches.data());
  kernels::max_unpool(w.input, w.output, w.kernel, w.stride, block_of(w.output, d_out).data(), switches.data(), d_in.data());
  for (int lane = 0; lane < kLanes; ++lane) {
    const std::size_t l = static_cast<std::size_t>(lane);
    std::vector<std::int32_t> expected_switches;
    const std::vector<T> expected = reference::max_pool_forward(w, images[l], expected_switches);
    const std::vector<T> back = reference::max_unpool(w, d_out[l], expected_switches);
    CHECK(same_bits(get_image(w.output, out.data(), lane), expected));
    CHECK(get_image(w.output, switches.data(), lane) == expected_switches);
    CHECK(relative_difference(get_image(w.input, d_in.data(), lane), back) <= (w.stride >= w.kernel ? 0 : 1e-6));
  }
}

/// Every lane of an average pool against the reference, to rounding.
template <class T>
void check_average(const reference::Window& w) {
  CAPTURE(to_string(w.input));
  CAPTURE(w.kernel);
  CAPTURE(w.stride);
  const Images<T> images = random_images<T>(w.input, kLanes, 1), d_out = random_images<T>(w.output, kLanes, 2);
  std::vector<T> out(w.output.size() * kLanes, std::numeric_limits<T>::quiet_NaN());
  std::vector<T> d_in(w.input.size() * kLanes, std::numeric_limits<T>::quiet_NaN());
  kernels::average_pool_forward(w.input, w.output, w.kernel, w.stride, block_of(w.input, images).data(), out.data());
  kernels::average_pool_backward(w.input, w.output, w.kernel, w.stride, block_of(w.output, d_out).data(), d_in.data());
  const double tolerance = 4 * std::numeric_limits<T>::epsilon();
  for (int lane = 0; lane < kLanes; ++lane) {
    const std::size_t l = static_cast<std::size_t>(lane);
    CHECK(relative_difference(get_image(w.output, out.data(), lane), reference::average_pool_forward(w, images[l])) <= tolerance);
    CHECK(relative_difference(get_image(w.input, d_in.data(), lane), reference::average_pool_backward(w, d_out[l])) <= tolerance);
  }
}

}  // namespace

TEST_CASE_TEMPLATE("average pool kernels: means and their transpose equal the reference", T, float, double) {
  for (int channels = 1; channels <= 11; ++channels)
    for (int kernel = 1; kernel <= 3; ++kernel)
      for (int stride = 1; stride <= 3; ++stride) check_average<T>(pooling(channels, kernel, stride, 7, 5));
}

TEST_CASE("average pool kernels: a mean, and an even share for each of its places") {
  const reference::Window w = pooling(1, 2, 1, 2, 3);  // two windows that share the middle column
  const std::vector<float> in = block_of<float>(w.input, {{1, 9, 2, 3, 4, 5}, {8, 0, 0, 0, 0, -8}});
  std::vector<float> out(2 * kLanes), d_in(6 * kLanes, 99.0f);
  kernels::average_pool_forward(w.input, w.output, 2, 1, in.data(), out.data());
  kernels::average_pool_backward(w.input, w.output, 2, 1, block_of<float>(w.output, {{8, 20}, {0, -4}}).data(), d_in.data());
  CHECK(get_image(w.output, out.data(), 0) == std::vector<float>{4.25f, 5});
  CHECK(get_image(w.output, out.data(), 1) == std::vector<float>{2, -2});
  CHECK(get_image(w.input, d_in.data(), 0) == std::vector<float>{2, 7, 5, 2, 7, 5});
  CHECK(get_image(w.input, d_in.data(), 1) == std::vector<float>{0, -1, -1, 0, -1, -1});
}

TEST_CASE_TEMPLATE("pool kernels: maxima, switches and unpooling equal the reference", T, float, double) {
  for (int channels = 1; channels <= 11; ++channels)
    for (int kernel = 1; kernel <= 3; ++kernel)
      for (int stride = 1; stride <= 3; ++stride) {
        check_pool<T>(pooling(channels, kernel, stride, 7, 5), 0);
        check_pool<T>(pooling(channels, kernel, stride, 4, 6), 2);  // with ties
      }
}

TEST_CASE("pool kernels: a tie goes to the first in row-major order") {
  const Shape input{1, 2, 2}, output{1, 1, 1};
  const Images<float> images = {{5, 5, 5, 5}, {1, 5, 5, 5},     {1, 2, 5, 5}, {1, 2, 3, 5},
                                {5, 1, 5, 1}, {-3, -2, -3, -2}, {0, 0, 0, 0}, {-0.0f, 0, 0, 0}};
  std::vector<float> out(kLanes);
  std::vector<std::int32_t> switches(kLanes, -1);
  kernels::max_pool_forward(input, output, 2, 2, block_of(input, images).data(), out.data(), switches.data());
  CHECK(switches == std::vector<std::int32_t>{0, 1, 2, 3, 0, 1, 0, 0});
  CHECK(out == std::vector<float>{5, 5, 5, 5, 5, -2, 0, 0});
}

TEST_CASE("pool kernels: unpooling puts each value back, and windows that overlap add") {
  const reference::Window w = pooling(1, 2, 1, 2, 3);  // two windows that share the middle column
  const std::vector<float> in = block_of<float>(w.input, {{1, 9, 2, 3, 4, 5}, {8, 0, 0, 0, 0, 7}});
  std::vector<float> out(2 * kLanes), d_in(6 * kLanes, 99.0f);
  std::vector<std::int32_t> switches(2 * kLanes);
  kernels::max_pool_forward(w.input, w.output, 2, 1, in.data(), out.data(), switches.data());
  kernels::max_unpool(w.input, w.output, 2, 1, block_of<float>(w.output, {{10, 20}, {10, 20}}).data(), switches.data(),
                      d_in.data());
  CHECK(get_image(w.input, d_in.data(), 0) == std::vector<float>{0, 30, 0, 0, 0, 0});
  CHECK(get_image(w.input, d_in.data(), 1) == std::vector<float>{10, 0, 0, 0, 0, 20});
}

TEST_CASE_TEMPLATE("relu kernels: forward keeps what is positive, and NaN", T, float, double) {
  std::vector<T> in = random_values<T>(11 * kLanes, 3), out(in.size());
  in[5] = std::numeric_limits<T>::quiet_NaN();
  in[6] = 0;
  kernels::relu_forward<T>(11, in.data(), out.data());
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (i == 5) {
      CHECK(std::isnan(out[i]));
    } else {
      CHECK(out[i] == std::max(in[i], T(0)));
    }
  }
}

TEST_CASE_TEMPLATE("relu kernels: each backward rule has its own gates", T, float, double) {
  // Eight images: every pair of forward result {0, 2} and signal {-1, 0, 3}.
  const std::vector<T> out = {0, 0, 0, 2, 2, 2, 0, 2}, signal = {-1, 0, 3, -1, 0, 3, 3, -1};
  const auto back = [&](BackwardRule rule) {
    std::vector<T> result(kLanes, 99), in_place = signal;
    kernels::relu_backward<T>(1, out.data(), signal.data(), rule, result.data());
    kernels::relu_backward<T>(1, out.data(), in_place.data(), rule, in_place.data());
    CHECK(result == in_place);
    return result;
  };
  CHECK(back(BackwardRule::kGradient) == std::vector<T>{0, 0, 0, -1, 0, 3, 0, -1});
  CHECK(back(BackwardRule::kDeconv) == std::vector<T>{0, 0, 3, 0, 0, 3, 3, 0});
  CHECK(back(BackwardRule::kGuided) == std::vector<T>{0, 0, 0, 0, 0, 3, 0, 0});
}

TEST_CASE_TEMPLATE("relu kernels: the rules hold for every length", T, float, double) {
  for (std::size_t n = 1; n <= 11; ++n) {
    const std::vector<T> signal = random_values<T>(n * kLanes, 4), in = random_values<T>(n * kLanes, 5);
    std::vector<T> out(in.size()), result(in.size());
    kernels::relu_forward<T>(n, in.data(), out.data());
    for (const BackwardRule rule : {BackwardRule::kGradient, BackwardRule::kDeconv, BackwardRule::kGuided}) {
      kernels::relu_backward<T>(n, out.data(), signal.data(), rule, result.data());
      for (std::size_t i = 0; i < in.size(); ++i) {
        const bool passes = (rule == BackwardRule::kDeconv || in[i] > 0) && (rule == BackwardRule::kGradient || signal[i] > 0);
        CHECK(result[i] == (passes ? signal[i] : T(0)));
      }
    }
  }
}

TEST_CASE("reordering: channel-major is PyTorch's order, and back is the inverse") {
  for (int channels = 1; channels <= 11; ++channels) {
    const Shape shape{channels, 3, 2};
    const Images<float> images = random_images<float>(shape, kLanes, 6);
    const std::vector<float> block = block_of(shape, images);
    std::vector<float> flat(block.size()), back(block.size());
    kernels::to_channel_major(shape, block.data(), flat.data());
    kernels::from_channel_major(shape, flat.data(), back.data());
    CHECK(back == block);
    for (int lane = 0; lane < kLanes; ++lane) {
      CHECK(get_image<float>({channels * 6, 1, 1}, flat.data(), lane) == images[static_cast<std::size_t>(lane)]);
    }
  }
}
