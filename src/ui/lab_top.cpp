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
float unit_scale(const Context& ui, const TopResult& top, int unit) {
  const std::size_t size = kNine * top.input.channels * top.window.height * top.window.width;
  const float scale = scale_of(part_of(top.projections, size, static_cast<std::size_t>(unit)));
  return held_scale(ui, print("top/%s/%d/%d", top.layer.c_str(), unit, static_cast<int>(top.rule)), scale);
}

std::string title_of(const TopResult& top, int unit, int rank) {
  const lab::Winner& w = top.winners[unit][rank];
  return print("%s · unit %d · held-out image %d\nactivation %s at y %d, x %d", top.layer.c_str(), unit, w.image, number(w.peak.value).c_str(),
               w.peak.y, w.peak.x);
}

/// Nine patches or projections as a 3 × 3 block of `side`.
void draw_block(const Context& ui, const TopResult& top, int unit, bool projection, float side, const char* kind) {
  const ImVec2 origin = ui.snap(ImGui::GetCursorScreenPos());
  const float pitch = std::floor(side / 3), scale = projection ? unit_scale(ui, top, unit) : 1;
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

/// Height of one of the two blocks of nine, with a line of words above each and one below.
float locked_side(float width) {
  return std::min(width, std::floor((ImGui::GetContentRegionAvail().y - 3 * ImGui::GetTextLineHeightWithSpacing()) / 2));
}

/// Nine of the snapshot's winners as a 3 × 3 block of `side`.
void draw_newest_block(const Context& ui, bool projection, float scale, float side, const char* kind) {
  const ImVec2 origin = ui.snap(ImGui::GetCursorScreenPos());
  const float pitch = std::floor(side / 3);
  for (std::size_t rank = 0; rank < std::min(ui.snapshot.winners.size(), kNine); ++rank) {
    ImGui::SetCursorScreenPos({origin.x + pitch * static_cast<float>(rank % 3), origin.y + pitch * static_cast<float>(rank / 3)});
    draw_winner(ui, rank, projection, scale, pitch - 2, print("%s.%d.%d", kind, ui.snapshot.locked_unit, static_cast<int>(rank)));
  }
  ImGui::SetCursorScreenPos(origin);
  ImGui::Dummy({side, side});
}

/// The locked unit as the inspector has it: sent back anew with every published step, where the outcome is as old as its search.
void draw_newest(const Context& ui, float width) {
  const app::Snapshot& s = ui.snapshot;
  colored_text(ui.theme.selected, print("%s · unit %d", s.locked_layer.c_str(), s.locked_unit));
  small_text_beside(ui, print("strongest %s", number(s.winners[0].activation).c_str()), 8);
  small_text(ui, "found " + (s.winners_found ? "step " + grouped(s.winners_step) : std::string("so far")) + ", sent back step " + grouped(s.timeline.shown));
  ui.mark("top.ages");
  tooltip(print("The images were found with the weights of the first step (%d are searched in the background), what the unit sees in them is worked out with "
                "those of the second.", s.searched_images).c_str());
  const float side = locked_side(width), scale = winners_scale(ui);
  small_text(ui, "what it sees in them");
  legend_at_right(ui, scale, true, 40, s.input.channels == 3);
  draw_newest_block(ui, true, scale, side, "top.projection");
  small_text(ui, "the images' patches");
  draw_newest_block(ui, false, scale, side, "top.patch");
  if (s.winners.size() < kNine && s.winners_found) {
    small_text(ui, print("It answers in %d of %d images only.", static_cast<int>(s.winners.size()), s.searched_images));
  }
}

void draw_locked(const Context& ui, const TopResult& top, float width) {
  if (top.layer == ui.snapshot.locked_layer && !ui.snapshot.winners.empty()) {
    draw_newest(ui, width);
    return;
  }
  const int unit = std::clamp(ui.snapshot.locked_unit, 0, static_cast<int>(top.winners.size()) - 1);
  const auto& winners = top.winners[unit];
  colored_text(ui.theme.selected, print("%s · unit %d", top.layer.c_str(), unit));
  if (winners.empty()) {
    ImGui::PushTextWrapPos(width);
    muted_text(ui, print("This unit is silent: 0 on all of the %d held-out images.", top.images));
    ImGui::PopTextWrapPos();
    return;
  }
  small_text_beside(ui, print("strongest %s", number(winners[0].peak.value).c_str()), 8);
  const float side = locked_side(width);
  small_text(ui, "what it sees in them");
  legend_at_right(ui, unit_scale(ui, top, unit), true, 40, top.input.channels == 3);
  draw_block(ui, top, unit, true, side, "top.projection");
  small_text(ui, "the images' patches");
  draw_block(ui, top, unit, false, side, "top.patch");
  if (winners.size() < kNine) small_text(ui, print("It answers in %d of %d images only.", static_cast<int>(winners.size()), top.images));
}

/// The unit's number, and that it is silent with as much of the reason as `room` has place for.
std::string unit_label(const TopResult& top, int unit, float room) {
  std::string text = print("%d", unit);
  if (!top.winners[unit].empty()) return text;
  const std::string reason = "  silent: 0 on " + grouped(static_cast<std::uint64_t>(top.images)) + " images";
  return text_width(text + reason) <= room ? text + reason : text + "  silent";
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
    if (top.winners[unit].empty()) tooltip(print("Silent: 0 on all of the %d held-out images.", top.images).c_str());
    ImGui::GetWindowDrawList()->AddText(at, locked ? ui.theme.selected : ui.theme.muted,
                                        unit_label(top, unit, pitch - 14).c_str());
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
  // A press that was dragged has moved the atlas and chosen nothing.
  const ImGuiIO& io = ImGui::GetIO();
  const bool clicked = ImGui::InvisibleButton("all", {pitch * static_cast<float>(columns) + 30, pitch * static_cast<float>(rows)}) &&
                       io.MouseDragMaxDistanceSqr[0] < io.MouseDragThreshold * io.MouseDragThreshold;
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
        if (clicked) ui.post(app::command::LockUnit{layer->name, row});
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
  LabsState& state = ui.state.labs;
  const int clicked = segmented(ui, "top.show", kLabels, kParts, state.kernel_atlas ? 1 : 0, 270);
  if (clicked >= 0) state.kernel_atlas = clicked == 1;
  if (state.kernel_atlas) return;
  flow(250, 10);
  draw_rules(ui, 250);
  flow(124, 10);
  // A script may have chosen another number.
  std::vector<int> counts = {500, 1000, 2000, 5000};
  const int probe = ui.snapshot.probe_images;
  if (std::find(counts.begin(), counts.end(), probe) == counts.end()) counts.push_back(probe);
  std::vector<Choice> choices;
  for (const int count : counts) choices.push_back({std::to_string(count), grouped(static_cast<std::uint64_t>(count)) + " images"});
  const char* text = "How many held-out images are searched. They are never trained on.";
  if (const auto images = choice_field(ui, "top.images", nullptr, choices, std::to_string(probe), 124, text)) {
    ui.post(app::command::SetProbe{std::stoi(*images)});
  }
}

}  // namespace

std::vector<lab::Request> top_requests(const Context& ui) {
  return {TopRequest{ui.snapshot.locked_layer, ui.snapshot.probe_images, ui.snapshot.rule}};
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
