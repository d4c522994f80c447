#include "nn/half.h"

#include <bit>

namespace lenet::nn {
namespace {

constexpr std::uint32_t kFraction = 23 - 10;       // bits that a half's fraction has less
constexpr std::uint32_t kBias = (127 - 15) << 23;  // between the exponents, in a float's place
constexpr std::uint32_t kInfinity = 0x7F800000u;
constexpr std::uint32_t kTooLarge = 0x477FF000u;        // 65,520: halfway from the largest half to what would be the next
constexpr std::uint32_t kSmallestNormal = 0x38800000u;  // 2^-14

/// The upper bits of `value`, without its last `bits`, rounded to nearest even.
std::uint32_t round_off(std::uint32_t value, std::uint32_t bits) {
  const std::uint32_t half = (1u << (bits - 1)) - 1;
  return (value + half + ((value >> bits) & 1)) >> bits;
}

}  // namespace

float half_to_float(std::uint16_t half) {
  const std::uint32_t sign = (half & 0x8000u) << 16, magnitude = half & 0x7FFFu;
  if (magnitude >= 0x7C00u) return std::bit_cast<float>(sign | kInfinity | (magnitude & 0x3FFu) << kFraction);
  if (magnitude >= 0x0400u) return std::bit_cast<float>(sign | ((magnitude << kFraction) + kBias));
  const float value = static_cast<float>(magnitude) * 0x1p-24f;  // subnormal, or zero
  return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(value));
}

std::uint16_t float_to_half(float value) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(value), sign = (bits & 0x80000000u) >> 16, magnitude = bits & 0x7FFFFFFFu;
  std::uint32_t half;
  if (magnitude > kInfinity) {
    half = 0x7E00u;
  } else if (magnitude >= kTooLarge) {
    half = 0x7C00u;
  } else if (magnitude >= kSmallestNormal) {
    half = round_off(magnitude - kBias, kFraction);  // a carry into the exponent is right
  } else {
    const std::uint32_t exponent = magnitude >> 23;
    const std::uint32_t shift = 126 - exponent;  // of the fraction with its leading 1, to units of 2^-24
    half = shift > 25 ? 0 : round_off((magnitude & 0x7FFFFFu) | 0x800000u, shift);
  }
  return static_cast<std::uint16_t>(sign | half);
}

}  // namespace lenet::nn
