// Splits n channels into groups of up to `Largest` and calls a function templated on the group's size.
#pragma once

#include <type_traits>

namespace lenet::nn::kernels {

/// Calls visit(std::integral_constant<int, size>, first) for each group, `first` being its first channel.
template <int Largest, class Visit>
void for_each_tile(int n, Visit&& visit) {
  static_assert(Largest == 5);
  int first = 0;
  for (; first + Largest <= n; first += Largest) visit(std::integral_constant<int, Largest>{}, first);
  switch (n - first) {
    case 1: visit(std::integral_constant<int, 1>{}, first); break;
    case 2: visit(std::integral_constant<int, 2>{}, first); break;
    case 3: visit(std::integral_constant<int, 3>{}, first); break;
    case 4: visit(std::integral_constant<int, 4>{}, first); break;
    default: break;
  }
}

}  // namespace lenet::nn::kernels
