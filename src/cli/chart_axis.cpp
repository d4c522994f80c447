#include "cli/chart_axis.h"

#include <cmath>

namespace lenet::cli {
namespace {

/// 1, 2 or 5 times a power of ten, not below `step`.
double round_step(double step) {
  const double power = std::pow(10.0, std::floor(std::log10(step)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= step * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

std::vector<double> linear_ticks(double low, double high) {
  constexpr double kAbout = 6;
  const double step = round_step((high - low) / kAbout);
  std::vector<double> ticks;
  for (double i = std::ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; ++i) ticks.push_back(i * step);
  return ticks;
}

std::vector<double> log_ticks(double low, double high) {
  std::vector<double> ticks;
  for (double power = std::pow(10.0, std::floor(std::log10(low))); power <= high; power *= 10) {
    for (const double factor : {1.0, 2.0, 5.0}) ticks.push_back(factor * power);
  }
  return ticks;
}

}  // namespace

Axis::Axis(Scale scale, double low, double high, double begin, double end)
    : scale_(scale), low_(low), high_(high), begin_(begin), end_(end) {}

double Axis::along(double value) const {
  switch (scale_) {
    case Scale::kLinear: return value;
    case Scale::kLog: return std::log(value);
    case Scale::kLogError: return -std::log(1 - value);
  }
  return value;
}

double Axis::at(double value) const {
  return begin_ + (end_ - begin_) * (along(value) - along(low_)) / (along(high_) - along(low_));
}

std::vector<double> Axis::candidates() const {
  // Over less than a factor of three a logarithm is nearly straight, and 1, 2, 5 would be too few.
  const bool narrow = along(high_) - along(low_) < std::log(3.0);
  if (scale_ == Scale::kLinear || narrow) return linear_ticks(low_, high_);
  if (scale_ == Scale::kLog) return log_ticks(low_, high_);
  return {0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9998, 0.9999};
}

std::vector<double> Axis::ticks(double distance) const {
  std::vector<double> ticks;
  for (const double value : candidates()) {
    const bool inside = value >= low_ && value <= high_;
    if (inside && (ticks.empty() || std::abs(at(value) - at(ticks.back())) >= distance)) ticks.push_back(value);
  }
  return ticks;
}

}  // namespace lenet::cli
