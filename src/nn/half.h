// 16-bit floats (IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits) to and from 32-bit ones, by integer arithmetic, so that the bits
// are the same everywhere.
#pragma once

#include <cstdint>

namespace lenet::nn {

inline constexpr float kLargestHalf = 65504;

/// Exact: every half is a float, subnormals, infinities and NaN included.
float half_to_float(std::uint16_t half);

/// The nearest half, of two as near the one whose last bit is 0. Beyond 65,519.99… the nearest is infinity; NaN stays NaN.
std::uint16_t float_to_half(float value);

}  // namespace lenet::nn
