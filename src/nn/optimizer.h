// Stochastic gradient descent with momentum and weight decay.
#pragma once

#include <span>
#include <vector>

#include "nn/network.h"

namespace lenet::nn {

struct SgdSettings {
  double rate = 0.02;     ///< η
  double momentum = 0.9;  ///< μ
  double decay = 0;       ///< λ, on weights, not on biases
  bool operator==(const SgdSettings&) const = default;
};

/// Settings of one layer with parameters.
struct GroupSettings {
  bool frozen = false;    ///< no gradient step, no weight decay, no momentum
  double multiplier = 1;  ///< r
};

/// v ← μ v + (g + λ w), w ← w − η r v for a stretch of one layer's weights or biases (which λ leaves alone).
template <class T>
void sgd_update_span(const SgdSettings& settings, const GroupSettings& group, bool is_bias, std::span<const T> gradient,
                     std::span<T> momentum, std::span<T> values);

/// The same for every parameter whose layer is not frozen. `groups` has one entry per layer with parameters. The kernels' packed
/// copy is not renewed (Network::pack()).
template <class T>
void sgd_update(const Network<T>& network, const SgdSettings& settings, std::span<const GroupSettings> groups,
                std::span<const T> gradient, std::span<T> momentum, std::span<T> values);

/// Whether no value is infinite or NaN.
template <class T>
bool all_finite(std::span<const T> values);

}  // namespace lenet::nn
