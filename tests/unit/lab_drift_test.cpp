// Tests of src/lab/drift.h.
#include "lab/drift.h"

#include <cmath>
#include <vector>

#include "support.h"

using namespace lenet::lab;

TEST_CASE("drift: nothing, a longer vector, a right angle, and a beginning of zeros") {
  const std::vector<float> w0 = {3, 0, 4}, longer = {6, 0, 8}, across = {4, 0, -3}, zero = {0, 0, 0};
  CHECK(drift_of(w0, w0) == Drift{0, 1});
  CHECK(drift_of(longer, w0) == Drift{1, 1});
  CHECK(drift_of(across, w0).cosine == doctest::Approx(0));
  CHECK(drift_of(across, w0).changed == doctest::Approx(std::sqrt(2.0)));
  CHECK(drift_of(zero, zero) == Drift{0, 1});
  CHECK(drift_of(w0, zero) == Drift{5, 1});
}
