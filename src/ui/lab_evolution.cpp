// The Evolution lab: what the locked unit's layer saw at each stored step, and how the layers settle.
#include "ui/labs.h"

namespace lenet::ui {

std::vector<lab::Request> evolution_requests(const Context& ui) { return {lab::EvolutionRequest{.layer = ui.snapshot.locked_layer, .rule = ui.snapshot.rule}}; }

void draw_evolution_lab(const Context& ui, ImVec2) { draw_missing(ui, view_of<lab::EvolutionRequest>(ui)); }

}  // namespace lenet::ui
