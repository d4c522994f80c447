// The Invariance lab: distances of features and probabilities against the amount of a transformation.
#include "ui/labs.h"

namespace lenet::ui {

std::vector<lab::Request> invariance_requests(const Context& ui) { return {lab::InvarianceRequest{.images = {shown_image(ui)}}}; }

void draw_invariance_lab(const Context& ui, ImVec2) { draw_missing(ui, view_of<lab::InvarianceRequest>(ui)); }

}  // namespace lenet::ui
