// The Occlusion lab: what is lost when a square is covered, and whether the same part is treated alike in different images.
#include "ui/labs.h"

namespace lenet::ui {

std::vector<lab::Request> occlusion_requests(const Context& ui) { return {lab::OcclusionRequest{.image = shown_image(ui)}}; }

void draw_occlusion_lab(const Context& ui, ImVec2) { draw_missing(ui, view_of<lab::OcclusionRequest>(ui)); }

}  // namespace lenet::ui
