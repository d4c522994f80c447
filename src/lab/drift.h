// How far weights are from where they began.
#pragma once

#include <span>

namespace lenet::lab {

struct Drift {
  double changed = 0;  ///< ‖W − W₀‖ / ‖W₀‖; ‖W‖ where W₀ is all zero
  double cosine = 1;   ///< of the angle between W and W₀; 1 where one of them is all zero
  bool operator==(const Drift&) const = default;
};

/// Both have the same number of values.
Drift drift_of(std::span<const float> values, std::span<const float> initial);

}  // namespace lenet::lab
