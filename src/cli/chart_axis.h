// Axes of a chart: from values to pixels, and where the ticks are.
#pragma once

#include <vector>

namespace lenet::cli {

/// What is linear along an axis.
enum class Scale {
  kLinear,
  kLog,       ///< the logarithm of a positive value
  kLogError,  ///< the logarithm of 1 − value, for accuracies below 1
};

/// An axis from pixel `begin` (the least value) to pixel `end`, which may be less.
class Axis {
 public:
  /// `low` < `high`, in the scale's domain.
  Axis(Scale scale, double low, double high, double begin, double end);

  /// The pixel of a value; beyond the ends for values beyond the range.
  double at(double value) const;
  /// Round values inside the range, ascending, at least `distance` pixels apart.
  std::vector<double> ticks(double distance) const;

 private:
  double along(double value) const;
  std::vector<double> candidates() const;

  Scale scale_;
  double low_, high_, begin_, end_;
};

}  // namespace lenet::cli
