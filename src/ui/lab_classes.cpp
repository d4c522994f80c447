// The Classes lab: what speaks for each class, and images made to excite a unit.
#include <algorithm>
#include <array>
#include <cmath>

#include "ui/format.h"
#include "ui/lab_maximise.h"
#include "ui/lab_parts.h"
#include "ui/labs.h"
#include "ui/layers.h"
#include "ui/panels.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

using lab::ClassRequest;
using lab::ClassResult;

/// Of the ten, in one scale.
struct Row {
  const ClassResult& found;
  int count = 0;      ///< classes that have everything
  int best = 0;       ///< the most probable one
  float scale = 1;    ///< of all projections
};

Row row_of(const Context& ui, const ClassResult& found) {
  Row row{found};
  const std::size_t size = found.input.size();
  if (size == 0) return row;
  row.count = static_cast<int>(std::min({found.logits.size(), found.probabilities.size(), found.projections.size() / size}));
  row.best = static_cast<int>(std::max_element(found.probabilities.begin(), found.probabilities.end()) - found.probabilities.begin());
  row.scale = held_scale(ui, print("classes/%d/%d", static_cast<int>(found.rule), ui.snapshot.image_index), scale_of(found.projections));
  return row;
}

void draw_probability(const Context& ui, double probability, float width, ImU32 color) {
  const ImVec2 low = ImGui::GetCursorScreenPos();
  const float p = static_cast<float>(std::clamp(std::isfinite(probability) ? probability : 0.0, 0.0, 1.0));
  ImGui::GetWindowDrawList()->AddRectFilled(low, {low.x + width, low.y + 6}, ui.theme.faint, 3);
  if (p > 0.002f) ImGui::GetWindowDrawList()->AddRectFilled(low, {low.x + std::max(2.0f, width * p), low.y + 6}, color, 3);
  ImGui::Dummy({width, 6});
}

/// One class: its name, what speaks for it, its probability and logit. Locks its output unit when it is clicked.
void draw_class(const Context& ui, const Row& row, int i, float side, float width) {
  const std::size_t index = static_cast<std::size_t>(i);
  const bool best = i == row.best, truth = i == row.found.label;
  const app::LayerView* output = output_layer(ui.snapshot);
  const bool locked = output != nullptr && ui.snapshot.locked_layer == output->name && ui.snapshot.locked_unit == i;
  const ImU32 color = best && !truth && row.found.label >= 0 ? ui.theme.bad : best || truth ? ui.theme.good : ui.theme.muted;
  ImGui::BeginGroup();
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 3));
  ImGui::PushFont(longest_name(ui.snapshot) > 1 ? ui.fonts.small : ui.fonts.body);
  const std::string marks = std::string(truth ? " ✓" : "") + (best ? " ★" : "");
  colored_text(best || truth ? color : ui.theme.text, shortened(class_name(ui.snapshot, i), width - text_width(marks)) + marks);
  ImGui::PopFont();
  tooltip((class_phrase(ui.snapshot, i) + (truth ? ": the true class" : "") + (best ? ": the most probable one" : "")).c_str());
  const auto values = part_of(row.found.projections, row.found.input.size(), index);
  const Picture picture = signed_picture(ui, values, row.found.input, row.scale);
  std::string title = print("%s: its logit %s, sent back to the pixels.", class_phrase(ui.snapshot, i).c_str(),
                            signed_number(row.found.logits[index]).c_str());
  // The deconvnet starts from the value itself and keeps what is positive on the way.
  const bool against = row.found.rule == nn::BackwardRule::kDeconv && row.found.logits[index] < 0;
  if (against) title += "\nIt is negative: what is positive here speaks against the class.";
  title += "\nClick to lock its output unit.";
  const bool clicked = whole_picture(ui, print("classes.%d", i), picture, side, title);
  if (locked) {
    const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
    ImGui::GetWindowDrawList()->AddRect({low.x - 2, low.y - 2}, {high.x + 2, high.y + 2}, ui.theme.selected, 2, 0, 2);
  }
  draw_probability(ui, row.found.probabilities[index], side, color);
  ImGui::PushFont(ui.fonts.small);
  colored_text(best ? ui.theme.text : ui.theme.muted, "p " + percent(row.found.probabilities[index], 1));
  tooltip(("Probability " + percent(row.found.probabilities[index], 3)).c_str());
  muted_text(ui, "logit " + signed_number(row.found.logits[index]));
  if (against) {
    muted_text(ui, text_width("speaks against") <= side + 8 ? "speaks against" : "against");
    tooltip("The deconvnet starts from the logit itself, which is negative: what is positive in this picture speaks against the class.");
  }
  ImGui::PopFont();
  ImGui::PopStyleVar();
  ImGui::EndGroup();
  if (clicked && output != nullptr && i < unit_count(*output)) ui.post(app::command::LockUnit{output->name, i});
}

void draw_image(const Context& ui, const Row& row, float side) {
  ImGui::BeginGroup();
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 3));
  ImGui::TextUnformatted("image");
  whole_picture(ui, "classes.image", image_picture(ui, row.found.image, row.found.input), side, "the image");
  constexpr float kMostText = 170;
  small_text(ui, row.found.label >= 0 ? shortened("true: " + class_name(ui.snapshot, row.found.label), kMostText) : std::string("true class unknown"));
  small_text(ui, shortened("most probable: " + class_name(ui.snapshot, row.best), kMostText));
  ImGui::PopStyleVar();
  ImGui::EndGroup();
}

/// The image, and beside it the classes: in one row, or on a narrow page in rows of as many as fit.
void draw_row(const Context& ui, const ClassResult& found) {
  const Row row = row_of(ui, found);
  if (row.count == 0) {
    small_paragraph(ui, "There are no logits to send back.");
    return;
  }
  constexpr float kGapBetween = 9, kLargest = 140;
  const float room = ImGui::GetContentRegionAvail().x;
  const int texels = std::max({row.found.input.height, row.found.input.width, 1});
  constexpr int kMostInRow = 13;
  const int columns = ui.narrow ? std::clamp(static_cast<int>(room / 110), 2, 5) : std::min(row.count, kMostInRow);
  const float first = ui.narrow ? 0 : 20.0f;  // more air after the image
  const int items = ui.narrow ? columns : columns + 1;
  const float each = std::floor((room - first - kGapBetween * static_cast<float>(items - 1)) / static_cast<float>(items));
  const float side = crisp_size(ui, std::clamp(each, 28.0f, kLargest), texels);
  draw_image(ui, row, ui.narrow ? std::min(168.0f, room) : side);
  if (!ui.narrow) ImGui::SameLine(0, first);
  // Long names under the image leave less than its side does.
  const float left = ImGui::GetCursorPosX(), rest = ImGui::GetContentRegionAvail().x;
  const float step = std::min(std::max(side, each) + kGapBetween, std::floor((rest + kGapBetween) / static_cast<float>(columns)));
  const float fitting = std::min(side, crisp_size(ui, std::max(step - kGapBetween, 28.0f), texels));
  for (int i = 0; i < row.count; ++i) {
    const float at = left + step * static_cast<float>(i % columns);
    i % columns != 0 ? ImGui::SameLine(at) : ImGui::SetCursorPosX(at);
    draw_class(ui, row, i, fitting, step - kGapBetween);
  }
}

}  // namespace

std::vector<lab::Request> class_requests(const Context& ui) {
  return {ClassRequest{.image = shown_image(ui), .rule = ui.snapshot.rule}, maximisation_request(ui)};
}

void draw_class_lab(const Context& ui, ImVec2) {
  const app::LabView* view = view_of<ClassRequest>(ui);
  const auto* result = found<ClassRequest, ClassResult>(ui);
  const float top = ImGui::GetCursorPosY(), height = ImGui::GetContentRegionAvail().y;
  draw_rules(ui, 240);
  if (result == nullptr) {
    draw_missing(ui, view);
  } else {
    flow(150, 14);
    ImGui::AlignTextToFramePadding();
    small_text(ui, "one scale for all:");
    ImGui::SameLine(0, 6);
    ImGui::SetCursorPosY(ImGui::GetCursorPosY() + ImGui::GetStyle().FramePadding.y);
    legend(ui, row_of(ui, *result).scale, true, 48, result->input.channels == 3);
    flow(220, 14);
    ImGui::AlignTextToFramePadding();
    small_text(ui, "✓ true class   ★ most probable");
    flow(180, 14);
    ImGui::AlignTextToFramePadding();
    draw_age(ui, view, result->step);
    draw_row(ui, *result);
  }
  draw_maximisation(ui, {ImGui::GetContentRegionAvail().x, height - (ImGui::GetCursorPosY() - top)});
}

}  // namespace lenet::ui
