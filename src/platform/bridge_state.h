// The state of the page as JSON for scripts: what lab.state(), lab.ui() and the replies to questions look like.
#pragma once

#include <string>
#include <vector>

#include "app/command.h"
#include "app/snapshot.h"
#include "ui/ui.h"

namespace lenet::platform {

/// One object; the README lists its fields. Numbers that are not finite become null.
std::string state_json(const app::Snapshot& snapshot, ui::Ui& ui);

/// The arms with their curves and gaps, and the summaries over seeds, here and pooled: what the Compare lab draws.
std::string comparison_json(const app::Snapshot& snapshot);

/// What can be chosen: {dataset, preset, initializer: [{key, label}], lab: [{key, label, text}]}.
std::string choices_json(const app::Snapshot& snapshot);

/// {name: {x, y, width, height}} in CSS pixels from the canvas' corner, where the rectangles' unit is `zoom` of them; tiles also have their `scale`.
std::string rectangles_json(const std::vector<ui::NamedRect>& rectangles, float zoom);

/// An array, one object a reply. Values and bytes are left where they are: "values" and "bytes" are [address, count] in the
/// program's memory, valid as long as `replies` is.
std::string replies_json(const std::vector<app::Reply>& replies);

}  // namespace lenet::platform
