// The two halves of the Occlusion lab.
#pragma once

#include <vector>

#include "ui/context.h"

namespace lenet::ui {

/// Correspondence: what is asked for, and its controls and table (lab_correspondence.cpp).
std::vector<lab::Request> correspondence_requests(const Context& ui);
void draw_correspondence(const Context& ui);

/// Grey, black, mean: what covers a part, the same for both.
void draw_occluder_colors(const Context& ui);

}  // namespace lenet::ui
