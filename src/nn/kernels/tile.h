// Splits n channels into groups of up to `Largest` and calls a function templated on the group's size.
#pragma once

#include <type_traits>
#include <utility>

#include "nn/lanes.h"

namespace lenet::nn::kernels {

/// Outputs computed at a time: as many as fill ten vectors with sums, five with SSE2, NEON and wasm, ten with AVX. Ten sums, what
/// they are multiplied from and a product fit sixteen registers. How many outputs share a tile changes no output's own order of
/// summation.
inline constexpr int kTile = 10 / Lanes<float>::kParts;

/// Calls visit(std::integral_constant<int, size>, first) for each group, `first` being its first channel.
template <int Largest, class Visit>
void for_each_tile(int n, Visit&& visit) {
  int first = 0;
  for (; first + Largest <= n; first += Largest) visit(std::integral_constant<int, Largest>{}, first);
  [&]<int... N>(std::integer_sequence<int, N...>) {
    ((n - first == N + 1 ? visit(std::integral_constant<int, N + 1>{}, first) : void()), ...);
  }(std::make_integer_sequence<int, Largest - 1>{});
}

/// Calls visit(std::integral_constant<int, N>, first) for chunks of N ≤ Largest that cover `vectors`, as even as can be.
template <int Largest, class Visit>
void for_each_chunk(int vectors, Visit&& visit) {
  const int chunks = (vectors + Largest - 1) / Largest;
  for (int i = 0, first = 0; i < chunks; ++i) {
    const int size = (vectors - first + chunks - i - 1) / (chunks - i);
    [&]<int... N>(std::integer_sequence<int, N...>) {
      ((size == N + 1 ? visit(std::integral_constant<int, N + 1>{}, first) : void()), ...);
    }(std::make_integer_sequence<int, Largest>{});
    first += size;
  }
}

}  // namespace lenet::nn::kernels
