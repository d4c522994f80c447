// The Classes lab: what speaks for each class, and images made to excite a unit.
#include "ui/labs.h"

namespace lenet::ui {

std::vector<lab::Request> class_requests(const Context& ui) { return {lab::ClassRequest{.image = shown_image(ui), .rule = ui.snapshot.rule}}; }

void draw_class_lab(const Context& ui, ImVec2) { draw_missing(ui, view_of<lab::ClassRequest>(ui)); }

}  // namespace lenet::ui
