// Shared by all unit tests: skipping by name, deterministic inputs, closeness.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "base/random.h"

/// Leaves the running test case and reports it as skipped; tools/test names it and never counts it as passed.
#define LENET_SKIP(name, why)                      \
  do {                                             \
    std::printf("SKIPPED: %s: %s\n", (name), (why)); \
    return;                                        \
  } while (false)

namespace lenet::test {

/// n numbers uniform in (low, high), the same on every platform.
template <class T>
std::vector<T> random_values(std::size_t n, std::uint32_t stream, double low = -1, double high = 1) {
  RandomStream random(12345, Purpose::kTest, stream);
  std::vector<T> values(n);
  for (T& v : values) v = static_cast<T>(random.uniform(low, high));
  return values;
}

/// max|a - b| / max|b| over two sequences of one length; 0 where both are empty or all zero, infinite where one has a NaN.
template <class A, class B>
double relative_difference(const A& a, const B& b) {
  REQUIRE(a.size() == b.size());
  double worst = 0, scale = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i]));
    if (std::isnan(difference)) return std::numeric_limits<double>::infinity();
    worst = std::max(worst, difference);
    scale = std::max(scale, std::abs(static_cast<double>(b[i])));
  }
  return scale > 0 ? worst / scale : worst;
}

/// The message of the Error that `action` throws; fails the test when it throws none.
template <class E, class F>
std::string message_of(F&& action) {
  try {
    action();
  } catch (const E& error) {
    return error.what();
  }
  FAIL("no error was thrown");
  return {};
}

/// The folder named by LENET_LAB_DATA, or empty.
inline std::string data_folder() {
  const char* folder = std::getenv("LENET_LAB_DATA");
  return folder ? folder : "";
}

}  // namespace lenet::test
