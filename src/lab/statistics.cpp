#include "lab/statistics.h"

#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace lenet::lab {

double t_quantile(int freedom) {
  static constexpr std::array<double, 30> kTable = {
      12.70620, 4.30265, 3.18245, 2.77645, 2.57058, 2.44691, 2.36462, 2.30600, 2.26216, 2.22814, 2.20099, 2.17881, 2.16037, 2.14479, 2.13145,
      2.11991,  2.10982, 2.10092, 2.09302, 2.08596, 2.07961, 2.07387, 2.06866, 2.06390, 2.05954, 2.05553, 2.05183, 2.04841, 2.04523, 2.04227};
  if (freedom < 1) throw std::logic_error("t_quantile: no degrees of freedom");
  if (freedom <= static_cast<int>(kTable.size())) return kTable[static_cast<std::size_t>(freedom - 1)];
  const double x = 1.959963984540054, n = freedom;
  const double x3 = x * x * x, x5 = x3 * x * x, x7 = x5 * x * x;
  return x + (x3 + x) / (4 * n) + (5 * x5 + 16 * x3 + 3 * x) / (96 * n * n) + (3 * x7 + 19 * x5 + 17 * x3 - 15 * x) / (384 * n * n * n);
}

Summary summarize(std::span<const double> values) {
  constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  Summary summary{static_cast<int>(values.size()), kUnknown, kUnknown, kUnknown};
  if (values.empty()) return summary;
  double sum = 0;
  for (const double value : values) sum += value;
  summary.mean = sum / summary.n;
  if (summary.n < 2) return summary;
  double squares = 0;
  for (const double value : values) squares += (value - summary.mean) * (value - summary.mean);
  summary.deviation = std::sqrt(squares / (summary.n - 1));
  summary.half_width = t_quantile(summary.n - 1) * summary.deviation / std::sqrt(static_cast<double>(summary.n));
  return summary;
}

}  // namespace lenet::lab
