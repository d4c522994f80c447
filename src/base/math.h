// Elementary functions with the same bits on every platform.
//
// libm differs between glibc, musl and Emscripten in the last bits, and a training run would drift apart on them. These use
// only + - * / and bit operations on doubles, so with contraction off they agree everywhere. std::sqrt, std::floor and
// std::abs are exact by definition and may be used directly.
#pragma once

namespace lenet {

inline constexpr double kPi = 3.14159265358979323846;

/// e^x. Relative error below 1e-15; 0 under -745, +infinity over 709.78, NaN stays NaN.
double exp(double x);

/// Natural logarithm of x > 0 (normal numbers), relative error about 1e-15; -infinity at 0, NaN below.
double log(double x);

/// Sine and cosine of an angle in radians, |x| < 1e5; absolute error about 1e-15.
double sin(double x);
double cos(double x);

/// The inverse of the standard normal distribution function, for p in (0, 1).
/// Source: Wichura 1988, Algorithm AS 241 (PPND16), relative error about 1e-16.
double inverse_normal(double p);

}  // namespace lenet
