// The comparison on the page as an address can carry it (web/class_link.js).
#pragma once

#include <cstdint>
#include <string>

#include "app/snapshot.h"

namespace lenet::app {

/// JSON: {"dataset", "compare": key of a comparison that is offered, or "arms": […] with whole recipes, "seeds", and "steps" or "epochs"}.
/// `comparison` is the one that was chosen; it counts where the arms are what it makes of the default recipe.
std::string class_question(const Snapshot& snapshot, const std::string& comparison, int seeds, int epochs, std::uint64_t steps);

}  // namespace lenet::app
