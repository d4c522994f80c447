// The Architecture lab: conv 1 as sliders, and the two symptoms before and after.
#include "ui/labs.h"

namespace lenet::ui {

std::vector<lab::Request> architecture_requests(const Context&) { return {lab::ArchitectureRequest{}}; }

void draw_architecture_lab(const Context& ui, ImVec2) { draw_missing(ui, view_of<lab::ArchitectureRequest>(ui)); }

}  // namespace lenet::ui
