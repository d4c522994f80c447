#include "nn/projection.h"

#include <algorithm>

namespace lenet::nn {

template <class T>
std::size_t observed_layer(const Network<T>& network, std::size_t layer) {
  const bool followed = layer + 1 < network.layer_count() && is_nonlinearity(network.layer(layer + 1).spec().kind);
  return followed ? layer + 1 : layer;
}

template <class T>
Peak find_peak(const Network<T>& network, const Workspace<T>& workspace, std::size_t layer, int unit, int lane) {
  const Shape& shape = network.layer(layer).output();
  const T* values = workspace.activation[layer + 1].data();
  Peak peak;
  bool first = true;
  for (int y = 0; y < shape.height; ++y)
    for (int x = 0; x < shape.width; ++x) {
      const T value = values[((y * shape.width + x) * shape.channels + unit) * kLanes + lane];
      if (!first && !(static_cast<double>(value) > peak.value)) continue;
      peak = {static_cast<double>(value), y, x};
      first = false;
    }
  return peak;
}

template <class T>
void project(const Network<T>& network, const Weights<T>& weights, Workspace<T>& workspace, std::size_t layer,
             const std::array<ProjectionTarget, kLanes>& targets, BackwardRule rule) {
  const Shape& shape = network.layer(layer).output();
  std::vector<T>& signal = workspace.gradient[layer + 1];
  std::fill(signal.begin(), signal.end(), T(0));
  for (int lane = 0; lane < kLanes; ++lane) {
    const ProjectionTarget& target = targets[static_cast<std::size_t>(lane)];
    if (target.unit < 0) continue;
    const int place = (target.peak.y * shape.width + target.peak.x) * shape.channels + target.unit;
    signal[static_cast<std::size_t>(place * kLanes + lane)] = rule == BackwardRule::kDeconv ? static_cast<T>(target.peak.value) : T(1);
  }
  for (std::size_t i = layer + 1; i-- > 0;) network.backward_input(weights, workspace, i, rule);
}

template <class T>
ReceptiveField receptive_field(const Network<T>& network, std::size_t layer, int y, int x) {
  ReceptiveField field{y, x, y + 1, x + 1};
  for (std::size_t i = layer + 1; i-- > 0;) {
    const LayerSpec& spec = network.layer(i).spec();
    const Shape& input = network.layer(i).input();
    if (spec.kind == LayerKind::kDense || spec.kind == LayerKind::kFlatten) {
      field = {0, 0, input.height, input.width};
    } else if (has_window(spec.kind)) {
      // Clipped at every layer: padding must not bring back pixels that a stride below leaves out.
      field = {std::max(field.top * spec.stride - spec.padding, 0), std::max(field.left * spec.stride - spec.padding, 0),
               std::min((field.bottom - 1) * spec.stride - spec.padding + spec.kernel, input.height),
               std::min((field.right - 1) * spec.stride - spec.padding + spec.kernel, input.width)};
    }
  }
  return field;
}

#define LENET_INSTANTIATE(T)                                                                                          \
  template std::size_t observed_layer<T>(const Network<T>&, std::size_t);                                             \
  template Peak find_peak<T>(const Network<T>&, const Workspace<T>&, std::size_t, int, int);                          \
  template void project<T>(const Network<T>&, const Weights<T>&, Workspace<T>&, std::size_t,                          \
                           const std::array<ProjectionTarget, kLanes>&, BackwardRule);                                \
  template ReceptiveField receptive_field<T>(const Network<T>&, std::size_t, int, int);
LENET_INSTANTIATE(float)
LENET_INSTANTIATE(double)
#undef LENET_INSTANTIATE

}  // namespace lenet::nn
