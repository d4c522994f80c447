// How the page is looked at, as JSON for scripts and links: palette and scale, projector mode, what a teacher's link leaves out, and the
// fields of the labs. One list of the fields serves both ways.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "ui/ui_state.h"

namespace lenet::platform {

/// {palette, scale, logLoss, logAccuracy, projector, hide: [ui::kControlWords], lockSeed, fields: {lab: {field: value}}}.
nlohmann::json view_json(ui::UiState& state);

/// Takes over what such an object names; what it leaves out stays. Throws Error with a sentence, having changed nothing, for JSON that cannot be
/// read, an unknown name or an impossible value.
void set_view(ui::UiState& state, std::string_view text);

}  // namespace lenet::platform
