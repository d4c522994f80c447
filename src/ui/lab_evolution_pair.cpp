// The Evolution lab's comparison of two moments: the locked unit at A, at B, and what changed.
#include <algorithm>

#include "ui/format.h"
#include "ui/lab_evolution.h"
#include "ui/lab_parts.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

constexpr float kLabels = 62;

/// The moment of a chosen step; where it is gone, or there is no choice, the other one.
int moment_at(const EvolutionSight& sight, const std::optional<std::uint64_t>& step, int otherwise) {
  const auto& steps = sight.result.steps;
  const auto found = step ? std::find(steps.begin(), steps.end(), *step) : steps.end();
  return found == steps.end() ? otherwise : static_cast<int>(found - steps.begin());
}

std::vector<float> difference(std::span<const float> from, std::span<const float> to) {
  std::vector<float> result(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) result[i] = to[i] - from[i];
  return result;
}

/// Makes the cache hold B − A. New numbers get a new place, because a picture at the same one is taken to be unchanged.
void prepare(const EvolutionSight& sight, int a, int b) {
  EvolutionCache& cache = sight.cache;
  const std::uint64_t step_a = sight.result.steps[static_cast<std::size_t>(a)],
                      step_b = sight.result.steps[static_cast<std::size_t>(b)];
  if (cache.unit == sight.unit && cache.a == step_a && cache.b == step_b) return;
  cache.unit = sight.unit;
  cache.a = step_a;
  cache.b = step_b;
  // Each is made while the one before still has its place.
  std::vector<float> projection = difference(sight.projection(a, sight.unit), sight.projection(b, sight.unit));
  cache.projection_change.swap(projection);
  std::vector<float> filter;
  if (sight.has_filters()) filter = difference(sight.filter(a, sight.unit), sight.filter(b, sight.unit));
  cache.filter_change.swap(filter);
}

void draw_choice(const Context& ui, const EvolutionSight& sight, const char* letter, int now, std::optional<std::uint64_t>& step,
                 float width) {
  std::vector<Choice> choices;
  for (const std::uint64_t each : sight.result.steps) choices.push_back({std::to_string(each), moment_name(ui, each)});
  const std::string current = std::to_string(sight.result.steps[static_cast<std::size_t>(now)]);
  // The field is narrow, its list is not: it shows the number alone.
  begin_field(letter);
  small_text(ui, print("%s: step", letter));
  for (Choice& choice : choices) {
    if (choice.key == current) choice.label = grouped(sight.result.steps[static_cast<std::size_t>(now)]);
  }
  if (const auto chosen = choice_field(ui, print("evolution.%s", letter).c_str(), nullptr, choices, current, width,
                                       "A stored moment to compare.")) {
    step = std::stoull(*chosen);
  }
  ImGui::EndGroup();
}

/// Three pictures of equal size in a row behind a word.
struct Cell {
  const char* name;
  std::span<const float> values;
  gfx::TileStyle style;
  std::string title;
};

void draw_cell(const Context& ui, const Cell& cell, int width, int height, ImVec2 size) {
  picture_item(ui, cell.name, make_picture(ui, cell.values, width, height, cell.style), {0, 0, width, height}, size, cell.title);
}

void draw_label(const Context& ui, const char* text, float height) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::PushFont(ui.fonts.small);
  ImGui::GetWindowDrawList()->AddText({at.x, std::round(at.y + (height - ImGui::GetFontSize()) / 2)}, ui.theme.muted, text);
  ImGui::PopFont();
  ImGui::Dummy({kLabels, height});
}

void draw_activations(const Context& ui, const EvolutionSight& sight, int a, int b, float width) {
  const lab::Winner& from = sight.winner(a, sight.unit);
  const lab::Winner& to = sight.winner(b, sight.unit);
  ImGui::BeginGroup();
  ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + width);
  small_text(ui, "activation");
  ImGui::TextUnformatted((number(from.peak.value) + " → " + number(to.peak.value)).c_str());
  small_text(ui, signed_number(static_cast<double>(to.peak.value) - static_cast<double>(from.peak.value)));
  tooltip("The unit's strongest activation over the searched training images, at A, at B, and the change.");
  ImGui::PushFont(ui.fonts.small);
  if (from.image < 0 && to.image < 0) {
    muted_text(ui, "silent at both");
  } else if (from.image < 0 || to.image < 0) {
    muted_text(ui, from.image < 0 ? "silent at A" : "silent at B");
  } else if (from.image != to.image) {
    colored_text(ui.theme.warn, "another image");
  } else {
    muted_text(ui, "the same image");
  }
  ImGui::PopFont();
  ImGui::PopTextWrapPos();
  ImGui::EndGroup();
  ui.mark("evolution.change");
}

void draw_pictures(const Context& ui, const EvolutionSight& sight, int a, int b, float column, float tallest) {
  const lab::EvolutionResult& r = sight.result;
  const int unit = sight.unit;
  const float side = std::min(column - 4, tallest);
  const ImVec2 size = picture_size(ui, side, r.window.width, r.window.height);
  const float change = scale_of(sight.cache.projection_change), scale = sight.projection_scale(unit);
  const auto at = [&](int i) { ImGui::SameLine(kLabels + column * static_cast<float>(i)); };
  draw_label(ui, "projected", size.y);
  at(0);
  draw_cell(ui, {"evolution.a.projection", sight.projection(a, unit), signed_image_style(ui, scale), "projection at A"},
            r.window.width, r.window.height, size);
  at(1);
  draw_cell(ui, {"evolution.b.projection", sight.projection(b, unit), signed_image_style(ui, scale), "projection at B"},
            r.window.width, r.window.height, size);
  at(2);
  draw_cell(ui, {"evolution.difference", sight.cache.projection_change, signed_image_style(ui, change), "projection at B − at A"},
            r.window.width, r.window.height, size);
  draw_label(ui, "patch", size.y);
  at(0);
  draw_cell(ui, {"evolution.a.patch", sight.patch(a, unit), image_style(ui), "patch at A"}, r.window.width, r.window.height, size);
  at(1);
  draw_cell(ui, {"evolution.b.patch", sight.patch(b, unit), image_style(ui), "patch at B"}, r.window.width, r.window.height, size);
  at(2);
  draw_activations(ui, sight, a, b, column - 4);
  if (!sight.has_filters()) return;
  const ImVec2 kernel = picture_size(ui, side, r.kernel, r.kernel);
  const float filter_change = scale_of(sight.cache.filter_change), filter_scale = sight.filter_scale(unit);
  draw_label(ui, "filter", kernel.y);
  at(0);
  draw_cell(ui, {"evolution.a.filter", sight.filter(a, unit), signed_image_style(ui, filter_scale), "filter at A"}, r.kernel,
            r.kernel, kernel);
  at(1);
  draw_cell(ui, {"evolution.b.filter", sight.filter(b, unit), signed_image_style(ui, filter_scale), "filter at B"}, r.kernel,
            r.kernel, kernel);
  at(2);
  draw_cell(ui,
            {"evolution.filter.difference", sight.cache.filter_change, signed_image_style(ui, filter_change), "filter at B − at A"},
            r.kernel, r.kernel, kernel);
}

}  // namespace

void draw_evolution_pair(const Context& ui, const EvolutionSight& sight, float width, float tallest) {
  EvolutionState& state = ui.state.labs.evolution;
  const int a = moment_at(sight, state.a, 0), b = moment_at(sight, state.b, sight.moments() - 1);
  prepare(sight, a, b);
  const bool color = sight.result.input.channels == 3;
  ImGui::BeginGroup();
  heading(ui, "Two moments",
          "The locked unit at moments A and B. Both have the unit's one scale over all moments; the difference of the projections "
          "has its own, in "
          "the legend.");
  const float column = std::floor(std::min((width - kLabels) / 3, 130.0f));
  const float x = ImGui::GetCursorPosX();
  ImGui::SetCursorPosX(x + kLabels);
  draw_choice(ui, sight, "A", a, state.a, column - 6);
  ImGui::SameLine(kLabels + column);
  draw_choice(ui, sight, "B", b, state.b, column - 6);
  ImGui::SameLine(kLabels + 2 * column);
  begin_field("");
  small_text(ui, "B − A");
  ImGui::Dummy({0, 2});
  legend(ui, scale_of(sight.cache.projection_change), true, 14, color);
  ImGui::EndGroup();
  const float rows = sight.has_filters() ? 3 : 2;
  draw_pictures(ui, sight, a, b, column, (tallest - 86) / rows - ImGui::GetStyle().ItemSpacing.y);
  ImGui::EndGroup();
}

}  // namespace lenet::ui
