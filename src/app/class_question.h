// The comparison on the page as an address can carry it (web/links/link.js).
#pragma once

#include <cstdint>
#include <string>

#include "app/snapshot.h"

namespace lenet::app {

/// JSON: {"dataset", "compare": key of a comparison that is offered, or "arms": […] with whole recipes, "seeds", and "steps" or "epochs"}.
/// `chosen` is the one that was chosen; it counts where the arms are what it makes of the default recipe.
std::string class_question(const Snapshot& snapshot, const std::string& chosen, int seeds, int epochs, std::uint64_t steps);

/// Key of the comparison that is offered and whose arms, run again from step 0, come to what the page shows; empty where there is none.
std::string comparison_key(const Snapshot& snapshot);

}  // namespace lenet::app
