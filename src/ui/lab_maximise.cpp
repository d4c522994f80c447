// Activation maximisation: the image that was made, how its activation rose, and beside it the strongest image that was found.
#include "ui/lab_maximise.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "ui/format.h"
#include "ui/lab_parts.h"
#include "ui/labs.h"
#include "ui/layers.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

using lab::MaximisationRequest;
using lab::MaximisationResult;

constexpr const char* kMadeText =
    "No image of the data: gradient ascent on the pixels, from noise. x ← x + η g / rms(g) with g = ∂a/∂x, then x ← (1 − λ) x, and "
    "every four iterations a Gaussian blur; kept within [0, 1]. a is the unit's largest value before its nonlinearity. It shows what "
    "the unit would like best, which no image needs to look like. Erhan et al. 2009; Simonyan et al. 2013; Yosinski et al. 2015.";

/// A field of this lab, with common values to choose from.
std::optional<double> field(const Context& ui, NumberField field, std::span<const double> choices) {
  field.width = 62;
  field.choices = choices;
  return number_field(ui, field);
}

void draw_fields(const Context& ui) {
  MaximisationRequest& request = ui.state.labs.maximise.request;
  static constexpr std::array<double, 4> kIterations = {50, 200, 500, 1000}, kRates = {0.02, 0.05, 0.1, 0.5}, kDecays = {0, 0.001, 0.01, 0.05},
                                         kBlurs = {0, 0.5, 1, 2};
  if (const auto value = field(ui, {.name = "maximise.iterations", .label = "iterations", .value = static_cast<double>(request.iterations),
                                    .low = 1, .high = 2000, .whole = true, .explanation = "Steps of ascent, 1 to 2,000."}, kIterations)) {
    request.iterations = static_cast<int>(*value);
  }
  flow(82, 8);
  if (const auto value = field(ui, {.name = "maximise.rate", .label = "rate η", .value = request.rate, .low = 0.001, .high = 10,
                                    .explanation = "Step along the gradient, which is divided by its root mean square: about so much does a "
                                                   "pixel change in an iteration."}, kRates)) {
    request.rate = *value;
  }
  flow(82, 8);
  if (const auto value = field(ui, {.name = "maximise.decay", .label = "L2 decay λ", .value = request.decay, .low = 0, .high = 0.99,
                                    .explanation = "Part of itself that each pixel loses in each iteration: keeps bright what matters only. "
                                                   "0 to 0.99."}, kDecays)) {
    request.decay = *value;
  }
  flow(82, 8);
  if (const auto value = field(ui, {.name = "maximise.blur", .label = "blur, px", .value = request.blur, .low = 0, .high = 5,
                                    .explanation = "Standard deviation of the Gaussian in pixels, 0 to 5; 0 for none. It is applied every four "
                                                   "iterations and takes away what is finer than images are."}, kBlurs)) {
    request.blur = *value;
  }
  flow(76, 8);
  begin_field("");  // as those of the fields, with a label that is empty
  small_text(ui, "");
  if (button(ui, "maximise.reset", "Defaults", {76, 0}, ButtonLook::kPlain, "Puts the four fields back to the lab's own choices.")) {
    request = MaximisationRequest{};
  }
  ImGui::EndGroup();
}

void draw_rise(const Context& ui, const MaximisationResult& found, ImVec2 size) {
  std::vector<app::CurvePoint> points;
  for (std::size_t i = 0; i < found.activation.size(); ++i) points.push_back({i, found.activation[i], 1});
  Chart chart;
  chart.name = "maximise";
  chart.curves = {{.points = points, .color = ui.theme.arms[0]}};
  chart.x_label = "iterations";
  chart.empty_text = "no iteration yet";
  set_value_axis(chart, 0, points.empty() ? 1 : points.front().value);
  chart.last_step = std::max(10.0, static_cast<double>(points.size()) - 1);
  chart.read_out = [](std::size_t, const app::CurvePoint& point) { return "iteration " + grouped(point.step) + ":  a " + number(point.value, 4); };
  draw_chart(ui, chart, size);
}

void draw_made(const Context& ui, const MaximisationResult& found, float side) {
  ImGui::BeginGroup();
  colored_text(ui.theme.warn, "made, not found");
  tooltip(kMadeText);
  whole_picture(ui, "maximise.image", image_picture(ui, found.image, found.input), side,
                print("made for %s · unit %d, iteration %d", found.unit.layer.c_str(), found.unit.unit, found.iteration));
  // A frame of its own, so that it is not taken for an image of the data.
  const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
  ImGui::GetWindowDrawList()->AddRect({low.x - 2, low.y - 2}, {high.x + 2, high.y + 2}, ui.theme.warn, 2, 0, 2);
  small_text(ui, print("a %s at iteration %d", found.activation.empty() ? "–" : number(found.activation.back()).c_str(), found.iteration));
  ImGui::EndGroup();
}

/// What a found activation is of the made one's a.
const char* found_name(const app::Snapshot& s) {
  const app::LayerView* layer = find_layer(s, s.locked_layer);
  const nn::LayerKind kind = layer == nullptr ? nn::LayerKind::kRelu : shown_activation(s, *layer).kind;
  return kind == nn::LayerKind::kTanh ? "tanh(a)" : kind == nn::LayerKind::kSigmoid ? "sigmoid(a)" : "a";
}

/// The strongest image that the page has found for the same unit.
void draw_found(const Context& ui, float side) {
  const app::Snapshot& s = ui.snapshot;
  ImGui::BeginGroup();
  ImGui::TextUnformatted("found");
  tooltip(print("For comparison: the image in which the locked unit answers most strongly, among %d held-out ones. The frame is what the unit sees of it.",
                s.searched_images)
              .c_str());
  if (s.winners.empty()) {
    small_text(ui, s.winners_found ? "the unit is 0 on all" : "is being looked for …");
  } else if (const app::ProjectionView& view = s.winners.front(); view.image.size() >= s.input.size()) {
    whole_picture(ui, "maximise.found", image_picture(ui, view.image, s.input), side, print("held-out image %d", view.image_index));
    frame_field(ui, {view.top, view.left, view.bottom, view.right}, s.input);
    small_text(ui, print("%s %s, held-out %d", found_name(s), number(view.activation).c_str(), view.image_index));
    tooltip(
        "Its activation and the image's number. What is found is measured after the nonlinearity, what is made before it: with a ReLU, or none, that is "
        "the same number wherever it is positive; with tanh or sigmoid it is not, and the name says so.");
  }
  ImGui::EndGroup();
}

}  // namespace

lab::MaximisationRequest maximisation_request(const Context& ui) {
  MaximisationRequest request = ui.state.labs.maximise.request;
  request.unit = shown_unit(ui);
  return request;
}

void draw_maximisation(const Context& ui, ImVec2 size) {
  const app::LabView* view = view_of<MaximisationRequest>(ui);
  const auto* result = found<MaximisationRequest, MaximisationResult>(ui);
  const float top = ImGui::GetCursorPosY();
  ImGui::Separator();
  heading(ui, "A different thing: activation maximisation", kMadeText);
  if (result != nullptr) {
    small_text_beside(ui, print("made for %s · unit %d", result->unit.layer.c_str(), result->unit.unit), 10);
    ImGui::SameLine(0, 10);
    draw_age(ui, view, result->step);
  }
  if (result == nullptr || result->image.size() < result->input.size() || result->image.empty()) {
    if (!draw_missing(ui, view)) small_paragraph(ui, "Nothing was made.");
    draw_fields(ui);
    return;
  }
  const float height = size.y - (ImGui::GetCursorPosY() - top), words = 2 * ImGui::GetTextLineHeightWithSpacing();
  const int texels = std::max({result->input.height, result->input.width, 1});
  const float wish = ui.narrow ? (size.x - 16) / 2 : std::min(height - words, size.x * 0.22f);
  const float side = crisp_size(ui, std::clamp(wish, 56.0f, 280.0f), texels);
  draw_made(ui, *result, side);
  ImGui::SameLine(0, 14);
  draw_found(ui, side);
  if (!ui.narrow) ImGui::SameLine(0, 18);
  ImGui::BeginGroup();
  const float room = ui.narrow ? size.x : size.x - (ImGui::GetCursorPosX());
  draw_fields(ui);
  draw_rise(ui, *result, {room, ui.narrow ? 180.0f : std::max(80.0f, size.y - (ImGui::GetCursorPosY() - top) - 6)});
  ImGui::EndGroup();
}

}  // namespace lenet::ui
