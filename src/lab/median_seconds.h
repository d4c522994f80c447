// How long a piece of work takes, as a median over many slices.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

namespace lenet::lab {

inline double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Median seconds of one call, from slices that a clock of a microsecond can resolve; about `seconds` in all, of which a quarter warms up.
/// At least once.
template <class Work>
double median_seconds(double seconds, const Work& work) {
  using Clock = std::chrono::steady_clock;
  constexpr double kSlice = 0.001;
  for (const auto start = Clock::now(); seconds_since(start) < seconds / 4;) work();  // a browser compiles again what runs often
  std::vector<double> slices;
  const auto start = Clock::now();
  do {
    int calls = 0;
    const auto begin = Clock::now();
    double taken = 0;
    do {
      work();
      ++calls;
      taken = seconds_since(begin);
    } while (taken < kSlice);
    slices.push_back(taken / calls);
  } while (seconds_since(start) < seconds * 3 / 4);
  std::nth_element(slices.begin(), slices.begin() + static_cast<std::ptrdiff_t>(slices.size() / 2), slices.end());
  return slices[slices.size() / 2];
}

}  // namespace lenet::lab
