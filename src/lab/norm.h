// The Euclidean norm of a row of numbers that are made on the fly.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "nn/lanes.h"

namespace lenet::lab {

/// √Σ term(i)² for i = 0 … n - 1, in eight partial sums of term's own type so that the loop vectorises.
template <class Term>
double norm(std::size_t n, const Term& term) {
  using T = decltype(term(std::size_t{0}));
  double total = 0;
  for (std::size_t begin = 0; begin < n; begin += 4096) {
    const std::size_t end = std::min(n, begin + 4096);
    T partial[nn::kLanes] = {};
    std::size_t i = begin;
    for (; i + nn::kLanes <= end; i += nn::kLanes)
      for (std::size_t l = 0; l < nn::kLanes; ++l) partial[l] += term(i + l) * term(i + l);
    for (; i < end; ++i) partial[0] += term(i) * term(i);
    for (const T p : partial) total += static_cast<double>(p);
  }
  return std::sqrt(total);
}

}  // namespace lenet::lab
