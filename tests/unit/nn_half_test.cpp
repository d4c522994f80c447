// Tests of src/nn/half.h.
#include "nn/half.h"

#include <doctest/doctest.h>
#include <bit>
#include <cmath>
#include <limits>

using namespace lenet::nn;

namespace {

/// What a half means, as the standard writes it: sign, exponent, fraction.
double meaning(std::uint16_t half) {
  const int exponent = (half >> 10) & 31, fraction = half & 1023;
  const double size = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
  return (half & 0x8000) != 0 ? -size : size;
}

}  // namespace

TEST_CASE("half: every finite half is the float that it means, and comes back as itself") {
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    const auto half = static_cast<std::uint16_t>(bits);
    if ((half & 0x7C00) == 0x7C00) continue;
    CAPTURE(bits);
    REQUIRE(static_cast<double>(half_to_float(half)) == meaning(half));
    REQUIRE(std::signbit(half_to_float(half)) == ((half & 0x8000) != 0));
    REQUIRE(float_to_half(half_to_float(half)) == half);
  }
}

TEST_CASE("half: rounds to the nearest, of two as near to the even one, over all neighbours") {
  for (std::uint16_t half = 0; half < 0x7BFF; ++half) {  // subnormals, the step to normal ones, and every exponent
    const auto next = static_cast<std::uint16_t>(half + 1);
    const float low = half_to_float(half), high = half_to_float(next);
    const float middle = static_cast<float>((static_cast<double>(low) + static_cast<double>(high)) / 2);  // a float holds it
    CAPTURE(half);
    REQUIRE(float_to_half(middle) == (half % 2 == 0 ? half : next));
    REQUIRE(float_to_half(std::nextafter(middle, 0.0f)) == half);
    REQUIRE(float_to_half(std::nextafter(middle, 1e9f)) == next);
    REQUIRE(float_to_half(-middle) == ((half % 2 == 0 ? half : next) | 0x8000));
  }
}

TEST_CASE("half: what is too small becomes 0 with its sign, what is too large infinity, and NaN stays NaN") {
  CHECK(float_to_half(0x1p-25f) == 0);  // halfway to the smallest subnormal
  CHECK(float_to_half(std::nextafter(0x1p-25f, 1.0f)) == 1);
  CHECK(float_to_half(-1e-30f) == 0x8000);
  CHECK(float_to_half(std::numeric_limits<float>::denorm_min()) == 0);
  CHECK(float_to_half(kLargestHalf) == 0x7BFF);
  CHECK(float_to_half(std::nextafter(65520.0f, 0.0f)) == 0x7BFF);
  CHECK(float_to_half(65520.0f) == 0x7C00);
  CHECK(float_to_half(-std::numeric_limits<float>::max()) == 0xFC00);
  CHECK(half_to_float(0x7C00) == std::numeric_limits<float>::infinity());
  CHECK(half_to_float(0xFC00) == -std::numeric_limits<float>::infinity());
  CHECK(std::isnan(half_to_float(0x7C01)));
  CHECK(std::isnan(half_to_float(float_to_half(std::numeric_limits<float>::quiet_NaN()))));
}
