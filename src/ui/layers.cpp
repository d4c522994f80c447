// Looking things up in a snapshot's layers.
#include "ui/layers.h"

#include <algorithm>
#include <cmath>

#include "ui/format.h"

namespace lenet::ui {

namespace {

/// NaN is passed over: it has a colour of its own.
float largest(std::span<const float> values) {
  float result = 0;
  for (const float v : values) result = std::max(result, std::isfinite(v) ? std::abs(v) : 0.0f);
  return result;
}

}  // namespace

const app::LayerView* find_layer(const app::Snapshot& snapshot, std::string_view name) {
  const auto found = std::find_if(snapshot.layers.begin(), snapshot.layers.end(), [&](const auto& l) { return l.name == name; });
  return found == snapshot.layers.end() ? nullptr : &*found;
}

const app::LayerView* output_layer(const app::Snapshot& snapshot) {
  const auto found = std::find_if(snapshot.layers.rbegin(), snapshot.layers.rend(), [](const auto& l) { return has_units(l); });
  return found == snapshot.layers.rend() ? nullptr : &*found;
}

std::size_t index_of(const app::Snapshot& snapshot, const app::LayerView& layer) {
  return static_cast<std::size_t>(&layer - snapshot.layers.data());
}

const app::LayerView& shown_activation(const app::Snapshot& snapshot, const app::LayerView& layer) {
  const std::size_t next = index_of(snapshot, layer) + 1;
  const bool followed = next < snapshot.layers.size() && nn::is_nonlinearity(snapshot.layers[next].kind);
  return followed ? snapshot.layers[next] : layer;
}

bool sees_colors(const app::Snapshot& snapshot, const app::LayerView& layer) {
  const auto first = std::find_if(snapshot.layers.begin(), snapshot.layers.end(), [](const auto& l) { return l.group >= 0; });
  return snapshot.input.channels == 3 && layer.kind == nn::LayerKind::kConv && first != snapshot.layers.end() && &*first == &layer;
}

bool has_picture_filters(const app::Snapshot& snapshot, const app::LayerView& layer) {
  return layer.kind == nn::LayerKind::kConv && (layer.input.channels == 1 || sees_colors(snapshot, layer));
}

bool has_units(const app::LayerView& layer) { return layer.kind == nn::LayerKind::kConv || layer.kind == nn::LayerKind::kDense; }

int unit_count(const app::LayerView& layer) { return has_units(layer) ? layer.output.channels : 0; }

std::string describe(const app::LayerView& layer) {
  if (layer.kind == nn::LayerKind::kConv) return print("%d@%d×%d", layer.output.channels, layer.kernel, layer.kernel);
  if (layer.kind == nn::LayerKind::kMaxPool) return print("max pool %d×%d", layer.kernel, layer.kernel);
  if (layer.kind == nn::LayerKind::kAveragePool) return print("average pool %d×%d", layer.kernel, layer.kernel);
  if (layer.kind == nn::LayerKind::kRelu) return "ReLU";
  if (layer.kind == nn::LayerKind::kTanh) return "tanh";
  if (layer.kind == nn::LayerKind::kSigmoid) return "sigmoid";
  if (layer.kind == nn::LayerKind::kDropout) return print("dropout %g", layer.drop);
  return print("%d units", layer.output.channels);
}

std::string class_name(const app::Snapshot& snapshot, int i) {
  const auto& names = snapshot.class_names;
  return i >= 0 && i < static_cast<int>(names.size()) ? names[static_cast<std::size_t>(i)] : print("%d", i);
}

std::string class_phrase(const app::Snapshot& snapshot, int i) {
  const std::string name = class_name(snapshot, i);
  return name.size() == 1 ? (name[0] >= '0' && name[0] <= '9' ? "digit " : "class ") + name : name;
}

std::size_t longest_name(const app::Snapshot& snapshot) {
  std::size_t longest = 1;
  for (const std::string& name : snapshot.class_names) longest = std::max(longest, name.size());
  return longest;
}

Scales measure_scales(const app::Snapshot& snapshot) {
  Scales scales;
  for (const app::LayerView& layer : snapshot.layers) {
    scales.weights.push_back(largest(layer.weights));
    scales.activations.push_back(largest(layer.activation));
    scales.all_weights = std::max(scales.all_weights, scales.weights.back());
    // Dense layers live on another scale than maps and are not shown beside them as pictures.
    if (layer.output.height > 1) scales.all_activations = std::max(scales.all_activations, scales.activations.back());
  }
  return scales;
}

float choose_scale(const Context& ui, std::span<const float> tile, float layer, float all) {
  const bool locked = ui.snapshot.timeline.shows_moment;
  const ScaleMode mode = locked && ui.state.scale == ScaleMode::kUnit ? ScaleMode::kLayer : ui.state.scale;
  const float scale = mode == ScaleMode::kUnit ? largest(tile) : mode == ScaleMode::kLayer ? layer : all;
  return scale > 0 ? scale : 1.0f;
}

}  // namespace lenet::ui
