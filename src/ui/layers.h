// Questions that several panels ask about the layers of a snapshot.
#pragma once

#include <string>
#include <string_view>

#include "app/snapshot.h"
#include "ui/context.h"

namespace lenet::ui {

/// nullptr where there is no such layer.
const app::LayerView* find_layer(const app::Snapshot& snapshot, std::string_view name);

/// The last layer with weights, whose units are the classes; nullptr before the first network.
const app::LayerView* output_layer(const app::Snapshot& snapshot);

std::size_t index_of(const app::Snapshot& snapshot, const app::LayerView& layer);

/// The layer whose activation stands for `layer`: the ReLU, tanh or sigmoid right after it, or itself.
const app::LayerView& shown_activation(const app::Snapshot& snapshot, const app::LayerView& layer);

/// Whether a conv layer's filters are pictures, one a map: they see a single channel, or the red, green and blue of the input.
bool has_picture_filters(const app::Snapshot& snapshot, const app::LayerView& layer);
/// Whether a conv layer's channels are the red, green and blue of the input.
bool sees_colors(const app::Snapshot& snapshot, const app::LayerView& layer);

/// Units that can be locked: maps of a conv layer, outputs of a dense one.
int unit_count(const app::LayerView& layer);

bool has_units(const app::LayerView& layer);

/// "conv 20@5×5", "dense 500".
std::string describe(const app::LayerView& layer);

/// What output `i` stands for: "7", "frog"; and in a sentence: "digit 7", "frog".
std::string class_name(const app::Snapshot& snapshot, int i);
std::string class_phrase(const app::Snapshot& snapshot, int i);
/// Letters of the longest class name: 1 for digits.
std::size_t longest_name(const app::Snapshot& snapshot);

/// Largest |value| of each layer and over all.
Scales measure_scales(const app::Snapshot& snapshot);

/// The scale that the user asked for: of one tile, its layer, or all layers. Never 0.
/// While a moment of the past is shown every tile keeps its layer's present scale instead of one of its own.
float choose_scale(const Context& ui, std::span<const float> tile, float layer, float all);

}  // namespace lenet::ui
