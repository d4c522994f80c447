#include "base/math.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace lenet {
namespace {

constexpr double kLn2High = 6.93147180369123816490e-01;  // ln 2 with its low 32 bits cut off: k * kLn2High is exact
constexpr double kLn2Low = 1.90821492927058770002e-10;
constexpr double kHalfPiHigh = 1.57079632673412561417e+00;  // likewise for pi / 2
constexpr double kHalfPiLow = 6.07710050650619224932e-11;

/// 2^k for a k whose power is a normal number.
double power_of_two(int k) { return std::bit_cast<double>(static_cast<std::uint64_t>(k + 1023) << 52); }

template <std::size_t N>
double polynomial(const std::array<double, N>& coefficients, double x) {
  double sum = coefficients[N - 1];
  for (std::size_t i = N - 1; i-- > 0;) sum = sum * x + coefficients[i];
  return sum;
}

/// Taylor series on [-pi/4, pi/4].
double sin_near_zero(double x) {
  static constexpr std::array<double, 9> kTerms = {1.0,
                                                   -1.0 / 6,
                                                   1.0 / 120,
                                                   -1.0 / 5040,
                                                   1.0 / 362880,
                                                   -1.0 / 39916800,
                                                   1.0 / 6227020800.0,
                                                   -1.0 / 1307674368000.0,
                                                   1.0 / 355687428096000.0};
  return x * polynomial(kTerms, x * x);
}

double cos_near_zero(double x) {
  static constexpr std::array<double, 9> kTerms = {1.0,
                                                   -1.0 / 2,
                                                   1.0 / 24,
                                                   -1.0 / 720,
                                                   1.0 / 40320,
                                                   -1.0 / 3628800,
                                                   1.0 / 479001600,
                                                   -1.0 / 87178291200.0,
                                                   1.0 / 20922789888000.0};
  return polynomial(kTerms, x * x);
}

/// sin(x + quarter_turns * pi / 2)
double sin_in_quadrant(double x, int quarter_turns) {
  const double quarters = std::floor(x * (2 / kPi) + 0.5);
  const double rest = (x - quarters * kHalfPiHigh) - quarters * kHalfPiLow;
  switch ((static_cast<std::int64_t>(quarters) + quarter_turns) & 3) {
    case 0: return sin_near_zero(rest);
    case 1: return cos_near_zero(rest);
    case 2: return -sin_near_zero(rest);
    default: return -cos_near_zero(rest);
  }
}

}  // namespace

double exp(double x) {
  if (x != x) return x;
  if (x > 709.782712893384) return std::numeric_limits<double>::infinity();
  if (x < -745.2) return 0.0;
  const double k = std::floor(x * 1.44269504088896338700 + 0.5);
  const double r = (x - k * kLn2High) - k * kLn2Low;  // |r| <= ln 2 / 2
  static constexpr std::array<double, 14> kTerms = {
      1.0,           1.0,           1.0 / 2,        1.0 / 6,         1.0 / 24,         1.0 / 120,           1.0 / 720,
      1.0 / 5040,    1.0 / 40320,   1.0 / 362880,   1.0 / 3628800,   1.0 / 39916800,   1.0 / 479001600,     1.0 / 6227020800.0};
  // Two factors, so that results below the smallest normal number still come out.
  const int half = static_cast<int>(k) / 2;
  return polynomial(kTerms, r) * power_of_two(half) * power_of_two(static_cast<int>(k) - half);
}

double log(double x) {
  if (x == 0) return -std::numeric_limits<double>::infinity();
  if (!(x > 0)) return std::numeric_limits<double>::quiet_NaN();
  if (x > std::numeric_limits<double>::max()) return x;
  const auto bits = std::bit_cast<std::uint64_t>(x);
  int exponent = static_cast<int>(bits >> 52) - 1023;
  double mantissa = std::bit_cast<double>((bits & 0x000FFFFFFFFFFFFFull) | 0x3FF0000000000000ull);
  if (mantissa > 1.41421356237309504880) {
    mantissa *= 0.5;
    ++exponent;
  }
  // log m = 2 artanh((m - 1) / (m + 1)); the argument is below 0.172.
  const double s = (mantissa - 1) / (mantissa + 1);
  static constexpr std::array<double, 12> kTerms = {2.0,      2.0 / 3,  2.0 / 5,  2.0 / 7,  2.0 / 9,  2.0 / 11,
                                                    2.0 / 13, 2.0 / 15, 2.0 / 17, 2.0 / 19, 2.0 / 21, 2.0 / 23};
  return exponent * kLn2High + (s * polynomial(kTerms, s * s) + exponent * kLn2Low);
}

double sin(double x) { return sin_in_quadrant(x, 0); }
double cos(double x) { return sin_in_quadrant(x, 1); }

double inverse_normal(double p) {
  const double q = p - 0.5;
  if (std::abs(q) <= 0.425) {
    static constexpr std::array<double, 8> kA = {
        3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
        4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3};
    static constexpr std::array<double, 8> kB = {
        1.0, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3,
        2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4, 5.2264952788528545610e+3};
    const double r = 0.180625 - q * q;
    return q * polynomial(kA, r) / polynomial(kB, r);
  }
  double r = std::sqrt(-log(q < 0 ? p : 1 - p));
  double value = 0;
  if (r <= 5) {
    static constexpr std::array<double, 8> kC = {
        1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
        1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4};
    static constexpr std::array<double, 8> kD = {
        1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
        1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9};
    r -= 1.6;
    value = polynomial(kC, r) / polynomial(kD, r);
  } else {
    static constexpr std::array<double, 8> kE = {
        6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
        2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static constexpr std::array<double, 8> kF = {
        1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
        7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15};
    r -= 5;
    value = polynomial(kE, r) / polynomial(kF, r);
  }
  return q < 0 ? -value : value;
}

}  // namespace lenet
