// Tests of src/nn/optimizer.h against numbers worked out by hand.
#include "nn/optimizer.h"

#include <limits>

#include "nn_support.h"

using namespace lenet;
using namespace lenet::nn;
using namespace lenet::test;

namespace {

/// Two layers: fc1 [2, 1] and fc2 [10, 2]; all weights 1, all biases 2, all momentum 0.5, all gradients 0.25.
template <class T>
struct Fixture {
  Network<T> network{parse_network("dense 2, relu, dense 10", {1, 1, 1})};
  std::vector<GroupSettings> groups{{}, {}};
  std::vector<T> gradient, momentum, values;

  Fixture() {
    gradient.assign(network.parameter_count(), T(0.25));
    momentum.assign(network.parameter_count(), T(0.5));
    values.assign(network.parameter_count(), T(1));
    for (const ParameterView& view : network.parameters())
      if (view.is_bias) std::fill_n(values.begin() + static_cast<std::ptrdiff_t>(view.offset), view.size, T(2));
  }
  void update(const SgdSettings& settings) { sgd_update<T>(network, settings, groups, gradient, momentum, values); }
  void expect(const char* parameter, double v, double w) const {
    CAPTURE(std::string(parameter));
    const ParameterView& view = network.find_parameter(parameter);
    for (const T m : view.of(std::span<const T>(momentum))) CHECK(m == doctest::Approx(v).epsilon(1e-6));
    for (const T x : view.of(std::span<const T>(values))) CHECK(x == doctest::Approx(w).epsilon(1e-6));
  }
};

}  // namespace

TEST_CASE_TEMPLATE("optimizer: v = mu v + (g + lambda w), w = w - eta r v, and no decay on biases", T, float, double) {
  Fixture<T> f;
  f.groups[1].multiplier = 2;
  f.update({.rate = 0.1, .momentum = 0.9, .decay = 0.04});
  // weights: v = 0.45 + 0.25 + 0.04 = 0.74; biases: v = 0.45 + 0.25 = 0.70
  f.expect("fc1.weight", 0.74, 1 - 0.1 * 0.74);
  f.expect("fc1.bias", 0.70, 2 - 0.1 * 0.70);
  f.expect("fc2.weight", 0.74, 1 - 0.2 * 0.74);
  f.expect("fc2.bias", 0.70, 2 - 0.2 * 0.70);
  f.update({.rate = 0.1, .momentum = 0.9, .decay = 0.04});
  // weights of fc1: w = 0.926, v = 0.666 + 0.25 + 0.03704 = 0.95304; of fc2: w = 0.852, v = 0.666 + 0.25 + 0.03408 = 0.95008
  f.expect("fc1.weight", 0.95304, 0.926 - 0.095304);
  f.expect("fc1.bias", 0.88, 1.93 - 0.088);
  f.expect("fc2.weight", 0.95008, 0.852 - 0.190016);
  f.expect("fc2.bias", 0.88, 1.86 - 0.176);
}

TEST_CASE("optimizer: without momentum and decay a step is the gradient times the rate") {
  Fixture<double> f;
  f.update({.rate = 0.5, .momentum = 0, .decay = 0});
  f.expect("fc1.weight", 0.25, 0.875);
  f.expect("fc2.bias", 0.25, 1.875);
  f.update({.rate = 0, .momentum = 0, .decay = 0});
  f.expect("fc1.weight", 0.25, 0.875);
}

TEST_CASE_TEMPLATE("optimizer: a frozen layer keeps every bit of its weights and momentum", T, float, double) {
  for (std::size_t frozen = 0; frozen < 2; ++frozen) {
    Fixture<T> f, start;
    f.groups[frozen].frozen = true;
    for (int i = 0; i < 5; ++i) f.update({.rate = 0.1, .momentum = 0.9, .decay = 0.04});
    for (const ParameterView& view : f.network.parameters()) {
      const bool still = static_cast<std::size_t>(view.group) == frozen;
      const std::span<const T> values(f.values), momentum(f.momentum), values0(start.values), momentum0(start.momentum);
      CHECK(same_bits(view.of(values), view.of(values0)) == still);
      CHECK(same_bits(view.of(momentum), view.of(momentum0)) == still);
    }
    CHECK(same_bits(f.gradient, start.gradient));
  }
}

TEST_CASE("optimizer: the defaults are the recipe's") {
  const SgdSettings settings;
  CHECK(settings.rate == 0.02);
  CHECK(settings.momentum == 0.9);
  CHECK(settings.decay == 0);
  CHECK_FALSE(GroupSettings{}.frozen);
  CHECK(GroupSettings{}.multiplier == 1);
}

TEST_CASE_TEMPLATE("optimizer: one value that is not finite is found wherever it is", T, float, double) {
  std::vector<T> values = random_values<T>(19, 1);
  values[3] = std::numeric_limits<T>::max();
  values[4] = std::numeric_limits<T>::denorm_min();
  values[5] = -std::numeric_limits<T>::max();
  CHECK(all_finite<T>(values));
  CHECK(all_finite<T>({}));
  for (std::size_t i = 0; i < values.size(); ++i)
    for (const T bad :
         {std::numeric_limits<T>::quiet_NaN(), std::numeric_limits<T>::infinity(), -std::numeric_limits<T>::infinity()}) {
      std::vector<T> broken = values;
      broken[i] = bad;
      CHECK_FALSE(all_finite<T>(broken));
    }
}

TEST_CASE_TEMPLATE("optimizer: velocity whose gradient has ended runs out instead of staying subnormal", T, float, double) {
  Fixture<T> f;
  std::fill(f.gradient.begin(), f.gradient.end(), T(0));
  std::fill(f.momentum.begin(), f.momentum.end(), std::numeric_limits<T>::min() * T(1.05));
  f.momentum[0] = -f.momentum[0];
  f.momentum[1] = std::numeric_limits<T>::min() * 2;
  f.update({.rate = 0, .momentum = 0.9, .decay = 0});
  CHECK(f.momentum[0] == 0);
  CHECK(f.momentum[1] == T(0.9) * (std::numeric_limits<T>::min() * 2));
  CHECK(f.momentum[2] == 0);
}
