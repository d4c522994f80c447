// The Look back lab: three ways to the pixels, the check by covering, and the sanity check.
#include "ui/labs.h"

namespace lenet::ui {

std::vector<lab::Request> look_back_requests(const Context& ui) { return {lab::LookBackRequest{.unit = shown_unit(ui), .image = shown_image(ui)}}; }

void draw_look_back_lab(const Context& ui, ImVec2) { draw_missing(ui, view_of<lab::LookBackRequest>(ui)); }

}  // namespace lenet::ui
