// The Top nine lab: the locked unit's strongest images large, and a whole layer's as a grid; or all of the layer's kernels as one atlas.
#include <algorithm>
#include <array>
#include <cmath>

#include "ui/format.h"
#include "ui/labs.h"
#include "ui/layers.h"
#include "ui/panels.h"
#include "ui/tiles.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

using lab::kTop;
using lab::TopRequest;
using lab::TopResult;

constexpr std::size_t kNine = static_cast<std::size_t>(kTop);

/// One of a result's small pictures, all of which have the size of a unit's window.
Picture window_picture(const Context& ui, const TopResult& top, const std::vector<float>& from, int unit, int rank, bool projection, float scale) {
  const std::size_t size = static_cast<std::size_t>(top.input.channels) * top.window.height * top.window.width;
  const auto values = part_of(from, size, static_cast<std::size_t>(unit) * kNine + rank);
  return make_picture(ui, values, top.window.width, top.window.height, projection ? signed_image_style(ui, scale) : image_style(ui));
}

/// The projections of one unit share a scale, so that the weaker ones look weaker.
float unit_scale(const TopResult& top, int unit) {
  const std::size_t size = kNine * top.input.channels * top.window.height * top.window.width;
  return scale_of(part_of(top.projections, size, static_cast<std::size_t>(unit)));
}

std::string title_of(const TopResult& top, int unit, int rank) {
  const lab::Winner& w = top.winners[unit][rank];
  return print("%s · unit %d · held-out image %d\nactivation %s at y %d, x %d", top.layer.c_str(), unit, w.image, number(w.peak.value).c_str(),
               w.peak.y, w.peak.x);
}

/// Nine patches or projections as a 3 × 3 block of `side`.
void draw_block(const Context& ui, const TopResult& top, int unit, bool projection, float side, const char* kind) {
  const ImVec2 origin = ui.snap(ImGui::GetCursorScreenPos());
  const float pitch = std::floor(side / 3), scale = projection ? unit_scale(top, unit) : 1;
  const int texels = std::max(top.window.width, top.window.height);
  const float tile = crisp_size(ui, pitch - 2, texels);
  const ImVec2 size(tile * static_cast<float>(top.window.width) / static_cast<float>(texels),
                    tile * static_cast<float>(top.window.height) / static_cast<float>(texels));
  const Crop whole{0, 0, top.window.width, top.window.height};
  for (int rank = 0; rank < static_cast<int>(top.winners[unit].size()); ++rank) {
    ImGui::SetCursorScreenPos({origin.x + pitch * static_cast<float>(rank % 3), origin.y + pitch * static_cast<float>(rank / 3)});
    const Picture picture = window_picture(ui, top, projection ? top.projections : top.patches, unit, rank, projection, scale);
    picture_item(ui, print("%s.%d.%d", kind, unit, rank), picture, whole, size, title_of(top, unit, rank));
  }
  ImGui::SetCursorScreenPos(origin);
  ImGui::Dummy({side, side});
}

void draw_locked(const Context& ui, const TopResult& top, float width) {
  const int unit = std::clamp(ui.snapshot.locked_unit, 0, static_cast<int>(top.winners.size()) - 1);
  const auto& winners = top.winners[unit];
  colored_text(ui.theme.selected, print("%s · unit %d", top.layer.c_str(), unit));
  if (winners.empty()) {
    ImGui::PushTextWrapPos(width);
    muted_text(ui, print("This unit is 0 on all of the %d images: it is dead, or nothing it looks for is there.", top.images));
    ImGui::PopTextWrapPos();
    return;
  }
  small_text_beside(ui, print("strongest %s", number(winners[0].peak.value).c_str()), 8);
  const float side = std::min(width, std::floor((ImGui::GetContentRegionAvail().y - 3 * ImGui::GetTextLineHeightWithSpacing()) / 2));
  small_text(ui, "what it sees in them");
  legend_at_right(ui, unit_scale(top, unit), true, 40, top.input.channels == 3);
  draw_block(ui, top, unit, true, side, "top.projection");
  small_text(ui, "the images' patches");
  draw_block(ui, top, unit, false, side, "top.patch");
  if (winners.size() < kNine) small_text(ui, print("It answers in %d of %d images only.", static_cast<int>(winners.size()), top.images));
}

/// Projections beside patches for each unit.
void draw_units(const Context& ui, const TopResult& top, ImVec2 size) {
  ImGui::PushStyleColor(ImGuiCol_ChildBg, 0);
  ImGui::BeginChild("top.units", size);
  ImGui::PopStyleColor();
  const int count = static_cast<int>(top.winners.size());
  const float room = ImGui::GetContentRegionAvail().x - ImGui::GetStyle().ScrollbarSize - 4;
  // As large as all of them fit, within what can still be read.
  float block = 150;
  const auto height_of = [&](float b) {
    const int columns = std::max(1, static_cast<int>(room / (2 * b + 14)));
    return static_cast<float>((count + columns - 1) / columns) * (b + ImGui::GetTextLineHeight() + 10);
  };
  while (block > 36 && height_of(block) > size.y) block -= 3;
  const float pitch = 2 * block + 14;
  const int columns = std::max(1, static_cast<int>(room / pitch));
  const float row_height = block + ImGui::GetTextLineHeight() + 10;
  const ImVec2 cursor = ImGui::GetCursorScreenPos(), origin(cursor.x + 4, cursor.y + 2);
  const float seen_top = ImGui::GetWindowPos().y - row_height, seen_bottom = ImGui::GetWindowPos().y + size.y;
  for (int unit = 0; unit < count; ++unit) {
    const ImVec2 at(origin.x + pitch * static_cast<float>(unit % columns), origin.y + row_height * static_cast<float>(unit / columns));
    if (at.y < seen_top || at.y > seen_bottom) continue;  // a dense layer has hundreds
    ImGui::SetCursorScreenPos(at);
    const bool locked = unit == ui.snapshot.locked_unit && top.layer == ui.snapshot.locked_layer;
    ImGui::PushID(unit);
    if (ImGui::InvisibleButton("unit", {pitch - 14, ImGui::GetTextLineHeight()})) ui.post(app::command::LockUnit{top.layer, unit});
    ImGui::PopID();
    ui.mark(print("top.unit.%d", unit));
    ImGui::GetWindowDrawList()->AddText(at, locked ? ui.theme.selected : ui.theme.muted,
                                        (print("%d", unit) + (top.winners[unit].empty() ? "  dead" : "")).c_str());
    ImGui::SetCursorScreenPos({at.x, at.y + ImGui::GetTextLineHeight() + 2});
    draw_block(ui, top, unit, true, block, "grid.projection");
    ImGui::SetCursorScreenPos({at.x + block + 4, at.y + ImGui::GetTextLineHeight() + 2});
    draw_block(ui, top, unit, false, block, "grid.patch");
    if (locked) {
      ImGui::GetWindowDrawList()->AddRect({at.x - 3, at.y - 1}, {at.x + 2 * block + 6, at.y + row_height - 6}, ui.theme.selected, 3, 0, 2);
    }
  }
  ImGui::SetCursorScreenPos(cursor);
  ImGui::Dummy({room, row_height * static_cast<float>((count + columns - 1) / columns)});
  ImGui::EndChild();
}

/// All kernels of a conv layer: a row a map, a column an input channel.
void draw_kernel_atlas(const Context& ui, ImVec2 size) {
  const app::LayerView* layer = find_layer(ui.snapshot, ui.snapshot.locked_layer);
  if (layer == nullptr || layer->kind != nn::LayerKind::kConv || layer->weights.empty()) {
    muted_text(ui, "Lock a unit of a conv layer to see its layer's kernels.");
    return;
  }
  float& zoom = ui.state.labs.kernel_zoom;
  const int rows = layer->output.channels, columns = layer->input.channels, kernel = layer->kernel;
  const float scale = std::max(ui.scales.weights[index_of(ui.snapshot, *layer)], 1e-12f);
  small_text(ui, print("%d × %d kernels of %d×%d: a row a map, a column an input channel", rows, columns, kernel, kernel));
  legend_at_right(ui, scale, true, 56);
  if (button(ui, "kernels.out", "−", {26, 0}, ButtonLook::kPlain, "Smaller. (mouse wheel with Ctrl)")) zoom = std::max(1.0f, zoom / 1.5f);
  ImGui::SameLine(0, 4);
  if (button(ui, "kernels.in", "+", {26, 0}, ButtonLook::kPlain, "Larger. (mouse wheel with Ctrl)")) zoom = std::min(12.0f, zoom * 1.5f);
  ImGui::SameLine(0, 8);
  small_text(ui, print("%.0f %%; drag to move", 100 * zoom));

  const ImVec2 room(size.x, ImGui::GetContentRegionAvail().y);
  ImGui::PushStyleColor(ImGuiCol_ChildBg, 0);
  ImGui::BeginChild("kernels", room, ImGuiChildFlags_None, ImGuiWindowFlags_HorizontalScrollbar);
  ImGui::PopStyleColor();
  const float fit = std::min((room.x - 40) / static_cast<float>(columns), (room.y - 20) / static_cast<float>(rows));
  const float pitch = std::max(3.0f, fit * zoom);
  const float tile = ui.snap(std::max(2.0f, pitch - std::max(1.0f, pitch * 0.12f)));
  const ImVec2 origin = ui.snap(ImGui::GetCursorScreenPos());
  const ImVec2 low = ImGui::GetWindowPos(), high(low.x + room.x, low.y + room.y);
  const std::size_t count = static_cast<std::size_t>(kernel) * kernel;
  ImGui::InvisibleButton("all", {pitch * static_cast<float>(columns) + 30, pitch * static_cast<float>(rows)});
  ui.mark("kernels.atlas", low, high, scale);
  const bool hovered = ImGui::IsItemHovered();
  const ImVec2 mouse = ImGui::GetMousePos();
  if (ImGui::IsItemActive() && ImGui::IsMouseDragging(ImGuiMouseButton_Left)) {
    ImGui::SetScrollX(ImGui::GetScrollX() - ImGui::GetIO().MouseDelta.x);
    ImGui::SetScrollY(ImGui::GetScrollY() - ImGui::GetIO().MouseDelta.y);
  }
  if (hovered && ImGui::GetIO().KeyCtrl && ImGui::GetIO().MouseWheel != 0) {
    zoom = std::clamp(zoom * (ImGui::GetIO().MouseWheel > 0 ? 1.25f : 0.8f), 1.0f, 12.0f);
  }
  for (int row = 0; row < rows; ++row) {
    const float top = origin.y + pitch * static_cast<float>(row);
    if (top > high.y || top + pitch < low.y) continue;
    for (int column = 0; column < columns; ++column) {
      const ImVec2 at = ui.snap(ImVec2(origin.x + 28 + pitch * static_cast<float>(column), top));
      if (at.x > high.x || at.x + pitch < low.x) continue;
      const auto values = part_of(layer->weights, count, static_cast<std::size_t>(row) * columns + column);
      const Picture picture = make_picture(ui, values, kernel, kernel, {ui.state.palette, scale});
      draw_picture(ui, picture, at, {at.x + tile, at.y + tile});
      if (hovered && mouse.x >= at.x && mouse.x < at.x + pitch && mouse.y >= at.y && mouse.y < at.y + pitch) {
        ImGui::GetWindowDrawList()->AddRect({at.x - 1, at.y - 1}, {at.x + tile + 1, at.y + tile + 1}, ui.theme.accent, 0, 0, 2);
        ImGui::SetTooltip("%s", print("map %d, input channel %d: from %s to %s", row, column,
                                      number(*std::min_element(values.begin(), values.end())).c_str(),
                                      number(*std::max_element(values.begin(), values.end())).c_str()).c_str());
        if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) ui.post(app::command::LockUnit{layer->name, row});
      }
    }
    if (pitch >= ImGui::GetTextLineHeight()) {
      const bool locked = row == ui.snapshot.locked_unit;
      ImGui::GetWindowDrawList()->AddText({origin.x, top}, locked ? ui.theme.selected : ui.theme.muted, print("%d", row).c_str());
    }
  }
  ImGui::EndChild();
}

void draw_controls(const Context& ui) {
  static constexpr std::array<const char*, 2> kLabels = {"Strongest images", "Kernels"};
  static constexpr std::array<const char*, 2> kParts = {"images", "kernels"};
  static const std::array<Choice, 4> kImages = {{{"500", "500 images"}, {"1000", "1,000 images"}, {"2000", "2,000 images"}, {"5000", "5,000 images"}}};
  LabsState& state = ui.state.labs;
  const int clicked = segmented(ui, "top.show", kLabels, kParts, state.kernel_atlas ? 1 : 0, 270);
  if (clicked >= 0) state.kernel_atlas = clicked == 1;
  if (state.kernel_atlas) return;
  flow(250, 10);
  draw_rules(ui, 250);
  flow(124, 10);
  const std::string now = std::to_string(state.probe_images);
  if (const auto images = choice_field(ui, "top.images", nullptr, kImages, now, 124, "How many held-out images are searched. They are never trained on.")) {
    state.probe_images = std::stoi(*images);
    ui.post(app::command::SetProbe{state.probe_images});
  }
}

}  // namespace

std::vector<lab::Request> top_requests(const Context& ui) {
  return {TopRequest{ui.snapshot.locked_layer, ui.state.labs.probe_images, ui.snapshot.rule}};
}

void draw_top_lab(const Context& ui, ImVec2) {
  draw_controls(ui);
  const app::LabView* view = view_of<TopRequest>(ui);
  const TopResult* top = found<TopRequest, TopResult>(ui);
  if (ui.state.labs.kernel_atlas) {
    draw_kernel_atlas(ui, ImGui::GetContentRegionAvail());
    return;
  }
  if (top == nullptr || top->winners.empty()) {
    draw_missing(ui, view);
    return;
  }
  flow(200, 10);
  ImGui::AlignTextToFramePadding();
  draw_age(ui, view, top->step);
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const float left = ui.narrow ? room.x : std::clamp(room.x * 0.22f, 220.0f, 330.0f);
  ImGui::PushStyleColor(ImGuiCol_ChildBg, 0);
  ImGui::BeginChild("top.locked", {left, ui.narrow ? 380.0f : room.y});
  ImGui::PopStyleColor();
  draw_locked(ui, *top, left - 10);
  ImGui::EndChild();
  if (!ui.narrow) ImGui::SameLine(0, 10);
  draw_units(ui, *top, {0, ui.narrow ? std::max(300.0f, room.y - 390) : room.y});
}

}  // namespace lenet::ui
