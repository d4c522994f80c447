// The Confusion lab: the matrix of true and predicted classes on the test set, and the images behind each of its cells.
#include <algorithm>
#include <array>
#include <cmath>

#include "ui/format.h"
#include "ui/lab_parts.h"
#include "ui/labs.h"
#include "ui/layers.h"
#include "ui/tiles.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

using lab::ConfusionRequest;
using lab::ConfusionResult;
using lab::ImagesRequest;
using lab::ImagesResult;

constexpr int kQuickStride = 10;
constexpr int kManyImages = 2000;  // where fewer are measured while it trains

int request_stride(const Context& ui) {
  const app::Snapshot& s = ui.snapshot;
  const bool quick = s.playing && !ui.state.labs.confusion.all && s.test_available >= kManyImages;
  return quick ? kQuickStride : 1;
}

struct MatrixCell {
  int truth = 0, guess = 0;
  bool operator==(const MatrixCell&) const = default;
};

/// The chosen cell; else the most frequent confusion, or the first class's right ones where there is none.
MatrixCell shown_cell(const ConfusionState& state, const ConfusionResult& r) {
  if (state.truth >= 0 && state.truth < r.classes && state.guess >= 0 && state.guess < r.classes) return {state.truth, state.guess};
  MatrixCell most;
  int count = 0;
  for (int truth = 0; truth < r.classes; ++truth)
    for (int guess = 0; guess < r.classes; ++guess) {
      if (truth == guess || r.count(truth, guess) <= count) continue;
      count = r.count(truth, guess);
      most = {truth, guess};
    }
  return most;
}

double share_of(const ConfusionResult& r, MatrixCell cell) {
  const int total = lab::class_total(r, cell.truth);
  return total > 0 ? static_cast<double>(r.count(cell.truth, cell.guess)) / total : 0;
}

void centred(ImVec2 low, ImVec2 size, ImU32 color, const std::string& text) {
  const ImVec2 words = ImGui::CalcTextSize(text.c_str());
  ImGui::GetWindowDrawList()->AddText({std::round(low.x + (size.x - words.x) / 2), std::round(low.y + (size.y - words.y) / 2)},
                                      color, text.c_str());
}

/// The stronger, the larger the part of its row; what is rare still shows.
ImU32 cell_color(const Context& ui, MatrixCell cell, double share) {
  const ImU32 color = cell.truth == cell.guess ? ui.theme.good : ui.theme.bad;
  const int alpha = share > 0 ? static_cast<int>(20 + 150 * std::sqrt(share)) : 0;
  return (color & ~IM_COL32_A_MASK) | (static_cast<ImU32>(alpha) << IM_COL32_A_SHIFT);
}

void draw_cell(const Context& ui, const ConfusionResult& r, MatrixCell cell, MatrixCell chosen, ImVec2 low, float side) {
  ConfusionState& state = ui.state.labs.confusion;
  const int count = r.count(cell.truth, cell.guess);
  const double share = share_of(r, cell);
  ImGui::SetCursorScreenPos(low);
  ImGui::PushID(cell.truth * r.classes + cell.guess);
  if (ImGui::InvisibleButton("cell", {side, side})) {
    state.truth = cell.truth;
    state.guess = cell.guess;
    state.page = 0;
  }
  ImGui::PopID();
  const bool hovered = ImGui::IsItemHovered();
  const ImVec2 high(low.x + side - 1, low.y + side - 1);
  ui.mark(print("confusion.%d.%d", cell.truth, cell.guess), low, high);
  ImDrawList* draw = ImGui::GetWindowDrawList();
  draw->AddRectFilled(low, high, ui.theme.raised);
  draw->AddRectFilled(low, high, cell_color(ui, cell, share));
  if (count > 0) {
    std::string text =
        state.shares ? print(share >= 0.0995 ? "%.0f %%" : "%.1f %%", 100 * share) : grouped(static_cast<std::uint64_t>(count));
    if (text_width(text) > side - 2)
      text = state.shares ? print(share >= 0.0095 ? "%.0f" : "%.1f", 100 * share) : print("%d", count);
    centred(low, {side, side}, ui.theme.text, text);
  }
  if (cell == chosen || hovered)
    draw->AddRect({low.x - 1, low.y - 1}, {high.x + 1, high.y + 1}, cell == chosen ? ui.theme.selected : ui.theme.accent, 0, 0, 2);
  const std::string what =
      cell.truth == cell.guess ? "are taken for it: right" : "are taken for " + class_phrase(ui.snapshot, cell.guess);
  tooltip(print("True %s: %d of %d test images (%s) %s.\nClick to see them.", class_phrase(ui.snapshot, cell.truth).c_str(), count,
                lab::class_total(r, cell.truth), percent(share).c_str(), what.c_str())
              .c_str());
}

/// Rows are the true classes, columns the predicted ones; at the right each class's share of right answers.
void draw_matrix(const Context& ui, const ConfusionResult& r, MatrixCell chosen, ImVec2 size) {
  ImGui::PushFont(ui.fonts.small);
  const bool words = longest_name(ui.snapshot) > 1;
  const float line = ImGui::GetTextLineHeight(),
              names = words       ? (ui.narrow ? 44.0f : 74.0f)
                      : ui.narrow ? 14.0f
                                  : 22.0f,
              right = ui.narrow ? 38.0f : 52.0f;
  const float side = std::floor(std::clamp(
      std::min((size.x - names - right) / static_cast<float>(r.classes), (size.y - 2 * line - 8) / static_cast<float>(r.classes)),
      5.0f, 54.0f));
  const ImVec2 start = ImGui::GetCursorScreenPos(), origin(start.x + names, start.y + 2 * line + 4);
  ImDrawList* draw = ImGui::GetWindowDrawList();
  const float width = side * static_cast<float>(r.classes);
  centred({origin.x, start.y}, {width, line}, ui.theme.muted, "predicted");
  draw->AddText({start.x, start.y}, ui.theme.muted, "true ↓");
  if (!ui.narrow) draw->AddText({origin.x + width + 6, start.y + line + 2}, ui.theme.muted, "right");
  for (int i = 0; i < r.classes; ++i) {
    const float at = side * static_cast<float>(i);
    centred({origin.x + at, start.y + line + 2}, {side, line}, i == chosen.guess ? ui.theme.selected : ui.theme.text,
            shortened(class_name(ui.snapshot, i), side));
    draw->AddText({start.x + 2, origin.y + at + (side - line) / 2}, i == chosen.truth ? ui.theme.selected : ui.theme.text,
                  shortened(class_name(ui.snapshot, i), names - 4).c_str());
    if (lab::class_total(r, i) > 0) {
      const std::string recall = percent(share_of(r, {i, i}), ui.narrow ? 0 : 1);
      draw->AddText({origin.x + width + 6, origin.y + at + (side - line) / 2}, ui.theme.muted, recall.c_str());
    }
    for (int guess = 0; guess < r.classes; ++guess)
      draw_cell(ui, r, {i, guess}, chosen, {origin.x + side * static_cast<float>(guess), origin.y + at}, side);
  }
  ImGui::PopFont();
  ImGui::SetCursorScreenPos(start);
  ImGui::Dummy({names + width + right, origin.y - start.y + width});
  ui.mark("confusion.matrix", origin, {origin.x + width, origin.y + width});
}

/// Empty while it is not here yet.
Picture picture_of(const Context& ui, int index) {
  const ImagesResult* images = found<ImagesRequest, ImagesResult>(ui);
  if (images == nullptr) return {};
  const auto at = std::find(images->images.begin(), images->images.end(), index);
  if (at == images->images.end()) return {};
  return image_picture(ui, part_of(images->pixels, images->input.size(), static_cast<std::size_t>(at - images->images.begin())),
                       images->input);
}

/// The image with what the network said to it when it was measured.
void draw_image(const Context& ui, const ConfusionResult& r, int index, MatrixCell cell, float side) {
  ImGui::BeginGroup();
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 1));
  const Picture picture = picture_of(ui, index);
  if (whole_picture(ui, print("confusion.image.%d", index), picture, side,
                    print("test image %d; click to make it the current one", index))) {
    ui.post(app::command::SelectImage{index});
  }
  const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
  if (index == ui.snapshot.image_index)
    ImGui::GetWindowDrawList()->AddRect({low.x - 2, low.y - 2}, {high.x + 2, high.y + 2}, ui.theme.selected, 2, 0, 2);
  const std::size_t place = static_cast<std::size_t>(index / r.stride);
  ImGui::PushFont(ui.fonts.small);
  const auto line = [&](int label, float p, ImU32 color) {
    colored_text(color, shortened(class_name(ui.snapshot, label), side - 38) + " " + percent(static_cast<double>(p), 0));
    tooltip(print("The network gave %s a probability of %s.", class_phrase(ui.snapshot, label).c_str(),
                  percent(static_cast<double>(p), 3).c_str())
                .c_str());
  };
  line(cell.guess, r.probability[place], cell.truth == cell.guess ? ui.theme.good : ui.theme.bad);
  if (cell.truth != cell.guess) line(cell.truth, r.true_probability[place], ui.theme.good);
  ImGui::PopFont();
  ImGui::PopStyleVar();
  ImGui::EndGroup();
}

void draw_pages(const Context& ui, int count, int per_page) {
  int& page = ui.state.labs.confusion.page;
  const int pages = std::max(1, (count + per_page - 1) / per_page);
  page = std::clamp(page, 0, pages - 1);
  if (pages < 2) return;
  if (button(ui, "confusion.previous", "◀", {24, 0}, ButtonLook::kPlain, "The images before these.")) page = std::max(0, page - 1);
  ImGui::SameLine(0, 4);
  ImGui::TextUnformatted(print("%d–%d of %d", page * per_page + 1, std::min(count, (page + 1) * per_page), count).c_str());
  ImGui::SameLine(0, 4);
  if (button(ui, "confusion.next", "▶", {24, 0}, ButtonLook::kPlain, "The next ones.")) page = std::min(pages - 1, page + 1);
}

/// The images behind a cell, as many at a time as there is room for.
void draw_images(const Context& ui, const ConfusionResult& r, MatrixCell cell, ImVec2 size) {
  ConfusionState& state = ui.state.labs.confusion;
  const std::vector<int> all = lab::images_behind(r, cell.truth, cell.guess);
  const int count = static_cast<int>(all.size());
  const bool right = cell.truth == cell.guess;
  ImGui::TextUnformatted((right ? class_phrase(ui.snapshot, cell.truth) + ", rightly"
                                : class_phrase(ui.snapshot, cell.truth) + " taken for " + class_phrase(ui.snapshot, cell.guess))
                             .c_str());
  small_text_beside(ui, print("%d of %d, %s", count, lab::class_total(r, cell.truth), percent(share_of(r, cell)).c_str()), 10);
  small_paragraph(
      ui, right ? "The least certain one first." : "The most wrong one first; red what it was taken for, green what it is.");
  state.shown.clear();
  if (count == 0) {
    muted_text(ui, "There is no such image.");
    return;
  }
  const float tile = 64, pitch = tile + 10, line = ui.fonts.small->FontSize * ImGui::GetIO().FontGlobalScale;
  const float row = tile + (right ? 1 : 2) * (line + 1) + 8;
  const float room = size.y - 3 * ImGui::GetFrameHeightWithSpacing();
  const int columns = std::max(1, static_cast<int>((size.x + 10) / pitch)),
            rows = std::max(ui.narrow ? 4 : 1, static_cast<int>(room / row));
  const int per_page = std::min(columns * rows, lab::kMostImages);
  draw_pages(ui, count, per_page);
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  int i = 0;
  for (int place = state.page * per_page; place < std::min(count, (state.page + 1) * per_page); ++place, ++i) {
    state.shown.push_back(all[static_cast<std::size_t>(place)]);
    ImGui::SetCursorScreenPos(
        {origin.x + 3 + pitch * static_cast<float>(i % columns), origin.y + 3 + row * static_cast<float>(i / columns)});
    draw_image(ui, r, state.shown.back(), cell, tile);
  }
  ImGui::SetCursorScreenPos(origin);
  ImGui::Dummy({size.x - 4, row * static_cast<float>((i + columns - 1) / columns)});
}

void draw_controls(const Context& ui, const app::LabView* view, const ConfusionResult* r) {
  static constexpr std::array<const char*, 2> kCells = {"Counts", "% of the row"};
  static constexpr std::array<const char*, 2> kCellParts = {"counts", "shares"};
  static constexpr std::array<const char*, 2> kImages = {"Every tenth", "All"};
  static constexpr std::array<const char*, 2> kImageParts = {"tenth", "all"};
  ConfusionState& state = ui.state.labs.confusion;
  const int cells = segmented(ui, "confusion.cells", kCells, kCellParts, state.shares ? 1 : 0, 190);
  if (cells >= 0) state.shares = cells == 1;
  if (ui.snapshot.test_available >= kManyImages) {
    flow(270, 12);
    ImGui::AlignTextToFramePadding();
    small_text(ui, "while it trains:");
    tooltip("How many test images are measured again and again while it trains. Standing still it is always all of them.");
    ImGui::SameLine(0, 5);
    const int images = segmented(ui, "confusion.images", kImages, kImageParts, state.all ? 1 : 0, 160);
    if (images >= 0) state.all = images == 1;
  }
  if (r == nullptr) return;
  flow(260, 12);
  ImGui::AlignTextToFramePadding();
  if (r->done() > 0) {
    ImGui::TextUnformatted(print("%s right, n = %s", percent(static_cast<double>(r->correct) / r->done()).c_str(),
                                 grouped(static_cast<std::uint64_t>(r->done())).c_str())
                               .c_str());
    tooltip(print("%d of %d test images; mean loss %s nats.", r->correct, r->done(), number(r->loss).c_str()).c_str());
  }
  flow(200, 12);
  ImGui::AlignTextToFramePadding();
  draw_age(ui, view, r->step);
}

}  // namespace

std::vector<lab::Request> confusion_requests(const Context& ui) {
  // The images come first: they are quick, and stand behind a matrix that is renewed for a while.
  std::vector<lab::Request> requests;
  const std::vector<int>& shown = ui.state.labs.confusion.shown;
  const bool here = std::all_of(shown.begin(), shown.end(),
                                [&](int i) { return i < ui.snapshot.test_available; });  // of the data set before, they may not be
  if (!shown.empty() && here) requests.emplace_back(ImagesRequest{shown});
  requests.emplace_back(ConfusionRequest{request_stride(ui)});
  return requests;
}

void draw_confusion_lab(const Context& ui, ImVec2) {
  const app::LabView* view = view_of<ConfusionRequest>(ui);
  const ConfusionResult* r = found<ConfusionRequest, ConfusionResult>(ui);
  draw_controls(ui, view, r);
  if (r == nullptr) {
    ui.state.labs.confusion.shown.clear();
    draw_missing(ui, view);
    return;
  }
  const MatrixCell cell = shown_cell(ui.state.labs.confusion, *r);
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const float left = ui.narrow ? room.x : std::floor(std::min(room.x * 0.55f, room.y + 110));
  begin_part("confusion.left", {left, ui.narrow ? 0 : room.y});
  draw_matrix(ui, *r, cell, {left - 4, ui.narrow ? 1e9f : room.y});
  end_part();
  if (!ui.narrow) ImGui::SameLine(0, 16);
  begin_part("confusion.right", {ui.narrow ? room.x : room.x - left - 16, ui.narrow ? 0 : room.y});
  draw_images(ui, *r, cell, {ImGui::GetContentRegionAvail().x, ui.narrow ? 420 : room.y});
  end_part();
}

}  // namespace lenet::ui
