// The locked unit's nine strongest held-out images in the inspector: projections above patches, renewed with every published step.
#include <algorithm>
#include <cmath>
#include <vector>

#include "ui/format.h"
#include "ui/panels.h"
#include "ui/tiles.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

constexpr const char* kText =
    "The images that make the unit strongest among the held-out ones, which are never trained on: one place each, max over images i and "
    "places (y, x) of a(i, y, x). Above what each activation is sent back to, below the patch that the unit sees. The projections are of the "
    "step on show; the search for the images goes on in the background. The Top nine lab shows all units.";

void draw_row(const Context& ui, bool projection, float scale, float pitch) {
  const std::size_t count = ui.snapshot.winners.size();
  const ImVec2 origin = ui.snap(ImGui::GetCursorScreenPos());
  for (std::size_t i = 0; i < count; ++i) {
    ImGui::SetCursorScreenPos({origin.x + pitch * static_cast<float>(i), origin.y});
    draw_winner(ui, i, projection, scale, pitch - 3, print("winner.%d.%s", static_cast<int>(i), projection ? "projection" : "patch"));
  }
  ImGui::SetCursorScreenPos(origin);
  ImGui::Dummy({pitch * static_cast<float>(count), pitch - 2});
}

/// The legend, or where the line has no room for it only what the full colour stands for.
void draw_scale(const Context& ui, float scale) {
  const std::string size = number(scale, 2);
  const float left = ImGui::GetItemRectMax().x - ImGui::GetWindowPos().x + 8, right = ImGui::GetWindowContentRegionMax().x;
  ImGui::PushFont(ui.fonts.small);
  const bool fits = left + text_width("−" + size) + text_width("+" + size) + 34 <= right;
  const float words = text_width("±" + size);
  ImGui::PopFont();
  if (fits) {
    legend_at_right(ui, scale, true, 24, ui.snapshot.input.channels == 3);
    return;
  }
  ImGui::SameLine(std::max(left, right - words));
  small_text(ui, "±" + size);
  tooltip("What the full colours of all nine projections stand for.");
}

}  // namespace

float winners_scale(const Context& ui) {
  const app::Snapshot& s = ui.snapshot;
  float scale = 0;
  for (const app::ProjectionView& winner : s.winners) scale = std::max(scale, scale_of(winner.pixels));
  return held_scale(ui, print("winners/%s/%d/%d", s.locked_layer.c_str(), s.locked_unit, static_cast<int>(s.rule)), scale);
}

void draw_winner(const Context& ui, std::size_t rank, bool projection, float scale, float side, const std::string& name) {
  const app::Snapshot& s = ui.snapshot;
  const app::ProjectionView& w = s.winners[rank];
  if (w.pixels.size() < s.input.size() || w.image.size() < s.input.size()) return;
  const Crop patch{std::clamp(w.left, 0, s.input.width), std::clamp(w.top, 0, s.input.height), std::clamp(w.right, 0, s.input.width),
                   std::clamp(w.bottom, 0, s.input.height)};
  const int columns = std::max(1, patch.right - patch.left), rows = std::max(1, patch.bottom - patch.top);
  const float cell = crisp_size(ui, side, std::max(columns, rows)) / static_cast<float>(std::max(columns, rows));
  const Picture picture = make_picture(ui, projection ? w.pixels : w.image, s.input.width, s.input.height,
                                       projection ? signed_image_style(ui, scale) : image_style(ui));
  picture_item(ui, name, picture, patch, {cell * static_cast<float>(columns), cell * static_cast<float>(rows)},
               print("held-out image %d · activation %s at y %d, x %d", w.image_index, number(w.activation).c_str(), w.y, w.x));
}

void draw_winners(const Context& ui) {
  const app::Snapshot& s = ui.snapshot;
  heading(ui, "Nine strongest", kText);
  if (s.winners.empty()) {
    small_text(ui, s.winners_found ? "silent: 0 on " + grouped(static_cast<std::uint64_t>(s.searched_images)) + " images" : std::string("are being looked for …"));
    return;
  }
  const float scale = winners_scale(ui);
  small_text_beside(ui, s.winners_found ? "step " + grouped(s.winners_step) : std::string("searching"), 6);
  tooltip(print("Found among %d held-out images (a choice in the Top nine lab); the step is that of the newest weights that the search has used.", s.searched_images).c_str());
  draw_scale(ui, scale);
  const float pitch = std::floor(std::min(ImGui::GetContentRegionAvail().x / static_cast<float>(lab::kTop), ui.narrow ? 60.0f : 45.0f));
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 1));
  draw_row(ui, true, scale, pitch);
  draw_row(ui, false, scale, pitch);
  ImGui::PopStyleVar();
}

}  // namespace lenet::ui
