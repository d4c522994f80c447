// Tests of src/nn/kernels/squashing.h: tanh and sigmoid against the reference, and each backward rule.
#include "nn/kernels/squashing.h"

#include "nn/kernels/reference.h"
#include "nn_support.h"

using namespace lenet::nn;
using namespace lenet::test;
using kernels::BackwardRule;

TEST_CASE_TEMPLATE("squashing kernels: forward equals the reference for every length", T, float, double) {
  for (std::size_t n = 1; n <= 11; ++n) {
    std::vector<T> in = random_values<T>(n * kLanes, 1, -9, 9), tanh_out(in.size()), sigmoid_out(in.size());
    in[3] = std::numeric_limits<T>::quiet_NaN();  // so that a diverged run shows
    kernels::tanh_forward<T>(n, in.data(), tanh_out.data());
    kernels::sigmoid_forward<T>(n, in.data(), sigmoid_out.data());
    for (std::size_t i = 0; i < in.size(); ++i) {
      if (i == 3) {
        CHECK(std::isnan(tanh_out[i]));
        CHECK(std::isnan(sigmoid_out[i]));
        continue;
      }
      const double x = static_cast<double>(in[i]), tolerance = 4 * std::numeric_limits<T>::epsilon();
      CHECK(std::abs(static_cast<double>(tanh_out[i]) - reference::tanh(x)) <= tolerance);
      CHECK(std::abs(static_cast<double>(sigmoid_out[i]) - reference::sigmoid(x)) <= tolerance);
    }
  }
}

TEST_CASE_TEMPLATE("squashing kernels: gradient and guided pass by the derivative, deconv as it is; in place as well", T, float,
                   double) {
  const std::vector<T> out = {T(-1), T(-0.5), 0, T(0.25), T(0.5), 1, T(0.5), T(0.5)}, signal = {3, 2, -4, 16, -4, 7, 0, 8};
  const auto back = [&](auto kernel, BackwardRule rule) {
    std::vector<T> result(kLanes, 99), in_place = signal;
    kernel(1, out.data(), signal.data(), rule, result.data());
    kernel(1, out.data(), in_place.data(), rule, in_place.data());
    CHECK(result == in_place);
    return result;
  };
  CHECK(back(kernels::tanh_backward<T>, BackwardRule::kGradient) == std::vector<T>{0, T(1.5), -4, 15, -3, 0, 0, 6});
  CHECK(back(kernels::sigmoid_backward<T>, BackwardRule::kGradient) == std::vector<T>{-6, T(-1.5), 0, 3, -1, 0, 0, 2});
  for (const auto& kernel : {kernels::tanh_backward<T>, kernels::sigmoid_backward<T>}) {
    CHECK(back(kernel, BackwardRule::kGuided) == back(kernel, BackwardRule::kGradient));
    CHECK(back(kernel, BackwardRule::kDeconv) == signal);
  }
}
