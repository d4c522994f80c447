// What an arm of a comparison gains or loses against another, point by point.
#pragma once

#include <vector>

#include "app/snapshot.h"

namespace lenet::app {

/// other − first in test accuracy, wherever both were measured at the same step on the same number of images; n is that number.
inline std::vector<CurvePoint> accuracy_gap(const std::vector<CurvePoint>& first, const std::vector<CurvePoint>& other) {
  std::vector<CurvePoint> gap;
  auto a = first.begin();
  for (const CurvePoint& b : other) {
    while (a != first.end() && a->step < b.step) ++a;
    if (a != first.end() && a->step == b.step && a->n == b.n) gap.push_back({b.step, b.value - a->value, b.n});
  }
  return gap;
}

}  // namespace lenet::app
