// Tests of src/base/squashing.h: against the library's functions over the whole range, the ends, NaN, and pinned bits.
#include "base/squashing.h"

#include "base/hash.h"
#include "support.h"

using lenet::test::random_values;

namespace {

/// |value - exact| / |exact| in units of the precision's last place.
template <class T>
double units_off(T value, long double exact) {
  if (exact == 0) return value == 0 ? 0 : std::numeric_limits<double>::infinity();
  return static_cast<double>(std::abs(static_cast<long double>(value) - exact) / std::abs(exact) /
                             std::numeric_limits<T>::epsilon());
}

/// Numbers of every size that matters: uniform ones up to `limit`, and 10^-12 … 1.
template <class T>
std::vector<T> arguments(double limit) {
  std::vector<T> values = random_values<T>(4000, 1, -limit, limit);
  for (const double exponent : random_values<double>(4000, 2, -12, 0)) {
    values.push_back(static_cast<T>((values.size() % 2 == 0 ? 1 : -1) * std::pow(10.0, exponent)));
  }
  return values;
}

}  // namespace

TEST_CASE_TEMPLATE("squashing: tanh and sigmoid agree with the library to four units in the last place", T, float, double) {
  double worst_tanh = 0, worst_sigmoid = 0;
  for (const T x : arguments<T>(25)) {
    worst_tanh = std::max(worst_tanh, units_off(lenet::tanh(x), std::tanh(static_cast<long double>(x))));
  }
  for (const T x : arguments<T>(sizeof(T) == sizeof(float) ? 86 : 700)) {
    worst_sigmoid = std::max(worst_sigmoid, units_off(lenet::sigmoid(x), 1 / (1 + std::exp(-static_cast<long double>(x)))));
  }
  MESSAGE("in " << 8 * sizeof(T) << " bits: tanh " << worst_tanh << ", sigmoid " << worst_sigmoid << " units off");
  CHECK(worst_tanh < 4);
  CHECK(worst_sigmoid < 4);
}

TEST_CASE_TEMPLATE("squashing: the ends, zero, symmetry and NaN", T, float, double) {
  constexpr T kInfinity = std::numeric_limits<T>::infinity(), kNan = std::numeric_limits<T>::quiet_NaN();
  CHECK(lenet::tanh(T(0)) == 0);
  CHECK(lenet::sigmoid(T(0)) == T(0.5));
  for (const T large : {T(30), T(1000), std::numeric_limits<T>::max(), kInfinity}) {
    CHECK(lenet::tanh(large) == 1);
    CHECK(lenet::tanh(-large) == -1);
  }
  for (const T large : {T(1000), std::numeric_limits<T>::max(), kInfinity}) {
    CHECK(lenet::sigmoid(large) == 1);
    CHECK(lenet::sigmoid(-large) > 0);
    CHECK(lenet::sigmoid(-large) < T(1e-37));
    CHECK(lenet::sigmoid(-large) >= std::numeric_limits<T>::min());  // a normal number
  }
  CHECK(std::isnan(lenet::tanh(kNan)));
  CHECK(std::isnan(lenet::sigmoid(kNan)));
  CHECK(lenet::tanh(std::numeric_limits<T>::min()) == std::numeric_limits<T>::min());
  const T rounding = 1 - 4 * std::numeric_limits<T>::epsilon();
  T last_tanh = 0, last_sigmoid = 0;
  int falls = 0;
  for (int i = -4000; i <= 4000; ++i) {
    const T x = static_cast<T>(i) / 128;
    CHECK(lenet::tanh(-x) == -lenet::tanh(x));
    falls += (x > 0 && lenet::tanh(x) < last_tanh * rounding) + (lenet::sigmoid(x) < last_sigmoid * rounding);
    last_tanh = lenet::tanh(x);
    last_sigmoid = lenet::sigmoid(x);
  }
  CHECK(falls == 0);  // neither falls by more than rounding
}

TEST_CASE("squashing: the same bits everywhere, one value at a time or in a row") {
  lenet::Hash hash;
  const std::vector<float> x = random_values<float>(1000, 3, -20, 20);
  const std::vector<double> wide = random_values<double>(1000, 4, -40, 40);
  std::vector<float> y(2000);
  std::vector<double> z(2000);
  for (std::size_t i = 0; i < 1000; ++i) y[i] = lenet::tanh(x[i]);
  for (std::size_t i = 0; i < 1000; ++i) y[1000 + i] = lenet::sigmoid(x[i]);
  for (std::size_t i = 0; i < 1000; ++i) z[i] = lenet::tanh(wide[i]);
  for (std::size_t i = 0; i < 1000; ++i) z[1000 + i] = lenet::sigmoid(wide[i]);
  hash.add_values(std::span<const float>(y));
  hash.add_values(std::span<const double>(z));
  CHECK(hash.text() == "5b40782ce2155247");
  volatile float one = x[123];  // not to be computed with its neighbours
  CHECK(lenet::tanh(one) == y[123]);
  CHECK(lenet::sigmoid(one) == y[1123]);
}
