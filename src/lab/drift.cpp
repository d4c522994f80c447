#include "lab/drift.h"

#include "lab/norm.h"

namespace lenet::lab {

Drift drift_of(std::span<const float> values, std::span<const float> initial) {
  const auto at = [](std::span<const float> all, std::size_t i) { return static_cast<double>(all[i]); };
  const double size = norm(values.size(), [&](std::size_t i) { return at(values, i); });
  const double size0 = norm(values.size(), [&](std::size_t i) { return at(initial, i); });
  const double moved = norm(values.size(), [&](std::size_t i) { return at(values, i) - at(initial, i); });
  double product = 0;
  for (std::size_t i = 0; i < values.size(); ++i) product += at(values, i) * at(initial, i);
  return {size0 > 0 ? moved / size0 : moved, size > 0 && size0 > 0 ? product / (size * size0) : 1};
}

}  // namespace lenet::lab
