// Means with their uncertainty, over the seeds of an experiment.
#pragma once

#include <span>

namespace lenet::lab {

/// Of n numbers. With one, the deviation and the interval are not known: NaN.
struct Summary {
  int n = 0;
  double mean = 0;
  double deviation = 0;   ///< sample standard deviation (n − 1)
  double half_width = 0;  ///< of the 95 % confidence interval of the mean: t · deviation / √n
};
Summary summarize(std::span<const double> values);

/// The two-sided 95 % quantile of Student's t distribution. `freedom` >= 1.
/// Source: a table for up to 30 degrees of freedom; beyond, the expansion in Abramowitz & Stegun 26.7.5 (error below 1e-5).
double t_quantile(int freedom);

}  // namespace lenet::lab
