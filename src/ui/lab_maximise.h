// Activation maximisation, the lower half of the Classes lab.
#pragma once

#include "ui/context.h"

namespace lenet::ui {

/// What is asked for the locked unit.
lab::MaximisationRequest maximisation_request(const Context& ui);

/// Fills `size` at the cursor; on a narrow page as high as its content.
void draw_maximisation(const Context& ui, ImVec2 size);

}  // namespace lenet::ui
