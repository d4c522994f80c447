#include "nn/optimizer.h"

#include <bit>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace lenet::nn {
template <class T>
void sgd_update_span(const SgdSettings& settings, const GroupSettings& group, bool is_bias, std::span<const T> gradient,
                     std::span<T> momentum, std::span<T> values) {
  const T rate = static_cast<T>(settings.rate * group.multiplier);
  const T mu = static_cast<T>(settings.momentum);
  const T decay = static_cast<T>(is_bias ? 0 : settings.decay);
  constexpr T kTiny = std::numeric_limits<T>::min();
  const T* __restrict g = gradient.data();
  T* __restrict v = momentum.data();
  T* __restrict w = values.data();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const T velocity = mu * v[i] + (g[i] + decay * w[i]);
    // A weight whose gradient has ended would keep a subnormal velocity for ever, on which processors are a hundred times slower.
    v[i] = velocity < kTiny && velocity > -kTiny ? T(0) : velocity;
    w[i] -= rate * v[i];
  }
}

template <class T>
void sgd_update(const Network<T>& network, const SgdSettings& settings, std::span<const GroupSettings> groups,
                std::span<const T> gradient, std::span<T> momentum, std::span<T> values) {
  for (const ParameterView& view : network.parameters()) {
    const GroupSettings& group = groups[static_cast<std::size_t>(view.group)];
    if (group.frozen) continue;
    sgd_update_span<T>(settings, group, view.is_bias, view.of(gradient), view.of(momentum), view.of(values));
  }
}

template <class T>
bool all_finite(std::span<const T> values) {
  // On the bits, because a sum of floats cannot be vectorised without reordering it.
  using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  constexpr Bits kExponent = sizeof(T) == 4 ? Bits(0x7F800000u) : Bits(0x7FF0000000000000ull);
  Bits bad = 0;
  for (const T value : values) bad |= (std::bit_cast<Bits>(value) & kExponent) == kExponent ? Bits(1) : Bits(0);
  return bad == 0;
}

#define LENET_INSTANTIATE(T)                                                                                              \
  template void sgd_update_span<T>(const SgdSettings&, const GroupSettings&, bool, std::span<const T>, std::span<T>,      \
                                   std::span<T>);                                                                         \
  template void sgd_update<T>(const Network<T>&, const SgdSettings&, std::span<const GroupSettings>, std::span<const T>,  \
                              std::span<T>, std::span<T>);                                                                \
  template bool all_finite<T>(std::span<const T>);
LENET_INSTANTIATE(float)
LENET_INSTANTIATE(double)
#undef LENET_INSTANTIATE

}  // namespace lenet::nn
