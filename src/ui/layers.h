// Questions that several panels ask about the layers of a snapshot.
#pragma once

#include <string>
#include <string_view>

#include "app/snapshot.h"
#include "ui/context.h"

namespace lenet::ui {

/// nullptr where there is no such layer.
const app::LayerView* find_layer(const app::Snapshot& snapshot, std::string_view name);

std::size_t index_of(const app::Snapshot& snapshot, const app::LayerView& layer);

/// The layer whose activation stands for `layer`: the ReLU right after it, or itself.
const app::LayerView& shown_activation(const app::Snapshot& snapshot, const app::LayerView& layer);

/// Units that can be locked: maps of a conv layer, outputs of a dense one.
int unit_count(const app::LayerView& layer);

bool has_units(const app::LayerView& layer);

/// "conv 20@5×5", "dense 500".
std::string describe(const app::LayerView& layer);

/// Largest |value| of each layer and over all.
Scales measure_scales(const app::Snapshot& snapshot);

/// The scale that the user asked for: of one tile, its layer, or all layers. Never 0.
float choose_scale(ScaleMode mode, std::span<const float> tile, float layer, float all);

}  // namespace lenet::ui
