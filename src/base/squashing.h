// tanh and the logistic sigmoid with the same bits on every platform, for long rows of values.
//
// As base/math.h, only + - * / and bit operations, for the same reason. Here without a branch and in the values' own precision, so
// that a loop over neighbouring values becomes vector instructions; and inline, so that it may.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace lenet {
namespace squashing {

/// What each precision needs: where the functions no longer change, ln 2 in two parts (a whole number times the high one is
/// exact), and the terms of (e^r - 1) / r for |r| <= ln 2 / 2.
template <class T>
struct Numbers;

template <>
struct Numbers<float> {
  using Bits = std::uint32_t;
  static constexpr int kMantissaBits = 23;
  static constexpr Bits kExponentOfOne = 127;
  static constexpr float kRounder = 0x1.8p23F;  // x + it - it is x rounded to a whole number, whose last bits are then its
  static constexpr float kTanhLimit = 10, kSigmoidLimit = 87;
  static constexpr float kLn2High = 0.693359375F, kLn2Low = -2.12194440e-4F;
  static constexpr std::array<float, 7> kTerms = {1, 1.0F / 2, 1.0F / 6, 1.0F / 24, 1.0F / 120, 1.0F / 720, 1.0F / 5040};
};

template <>
struct Numbers<double> {
  using Bits = std::uint64_t;
  static constexpr int kMantissaBits = 52;
  static constexpr Bits kExponentOfOne = 1023;
  static constexpr double kRounder = 0x1.8p52;
  static constexpr double kTanhLimit = 20, kSigmoidLimit = 708;
  static constexpr double kLn2High = 6.93147180369123816490e-01, kLn2Low = 1.90821492927058770002e-10;
  static constexpr std::array<double, 13> kTerms = {
      1,           1.0 / 2,      1.0 / 6,       1.0 / 24,       1.0 / 120,       1.0 / 720,         1.0 / 5040,
      1.0 / 40320, 1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800.0};
};

/// e^x = power * (1 + rest): a power of two, and e^r - 1 for the |r| <= ln 2 / 2 that is left.
template <class T>
struct Exponential {
  T power;
  T rest;
};

/// For an x whose e^x is a normal number. NaN gives a rest that is NaN.
template <class T>
inline Exponential<T> exponential(T x) {
  using N = Numbers<T>;
  const T shifted = x * T(1.44269504088896338700) + N::kRounder;
  const T k = shifted - N::kRounder;
  const T r = (x - k * N::kLn2High) - k * N::kLn2Low;
  T sum = N::kTerms.back();
  for (std::size_t i = N::kTerms.size() - 1; i-- > 0;) sum = sum * r + N::kTerms[i];
  const auto bits = std::bit_cast<typename N::Bits>(shifted) + N::kExponentOfOne;
  return {std::bit_cast<T>(static_cast<typename N::Bits>(bits << N::kMantissaBits)), sum * r};
}

/// With m = e^(2|x|) - 1, kept apart from e^(2|x|) so that small x keep all their digits: tanh |x| = m / (m + 2).
template <class T>
inline T tanh(T x) {
  const T size = x < 0 ? -x : x;
  const T limited = size > Numbers<T>::kTanhLimit ? Numbers<T>::kTanhLimit : size;  // written so that NaN stays
  const Exponential<T> e = exponential<T>(2 * limited);
  const T m = e.power * e.rest + (e.power - 1);
  const T result = m / (m + 2);
  return x < 0 ? -result : result;
}

/// With e = e^-|x|, which cannot overflow: 1 / (1 + e), or e / (1 + e) for negative x.
template <class T>
inline T sigmoid(T x) {
  const T size = x < 0 ? -x : x;
  const T limited = size > Numbers<T>::kSigmoidLimit ? Numbers<T>::kSigmoidLimit : size;
  const Exponential<T> exponential_of = exponential<T>(-limited);
  const T e = exponential_of.power * exponential_of.rest + exponential_of.power;
  return (x < 0 ? e : T(1)) / (1 + e);
}

}  // namespace squashing

/// The hyperbolic tangent, exactly odd, within [-1, 1]. Relative error below 4 units in the last place; NaN stays NaN.
inline float tanh(float x) { return squashing::tanh(x); }
inline double tanh(double x) { return squashing::tanh(x); }

/// 1 / (1 + e^-x), within (0, 1]. Relative error below 4 units in the last place; NaN stays NaN. From -87 down (double: -708) it
/// stays at its value there: below, numbers become subnormal, and processors are slow on them.
inline float sigmoid(float x) { return squashing::sigmoid(x); }
inline double sigmoid(double x) { return squashing::sigmoid(x); }

}  // namespace lenet
