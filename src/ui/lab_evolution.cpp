// The Evolution lab: what the locked unit's layer saw at each stored step, and how the layers settle.
#include "ui/lab_evolution.h"

#include <algorithm>
#include <cmath>

#include "ui/chart.h"
#include "ui/format.h"
#include "ui/lab_parts.h"
#include "ui/labs.h"
#include "ui/layers.h"
#include "ui/panels.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

using lab::EvolutionRequest;
using lab::EvolutionResult;

constexpr const char* kChartText =
    "‖W(t) − W(now)‖ / ‖W(0) − W(now)‖ over a layer's weights and biases: 1 at step 0, 0 now: the step on show. A layer whose curve falls early has "
    "settled early. "
    "Zeiler & Fergus found that lower layers converge within a few epochs and upper ones need 40 to 50; see whether yours do.";

float largest_of_unit(const std::vector<float>& values, std::size_t size, const EvolutionSight& sight, int unit) {
  float largest = 0;
  for (int moment = 0; moment < sight.moments(); ++moment) {
    for (const float v : part_of(values, size, sight.index(moment, unit)))
      largest = std::isfinite(v) ? std::max(largest, std::abs(v)) : largest;
  }
  return largest > 0 ? largest : 1;
}

EvolutionCache& cache_for(const std::shared_ptr<const lab::Outcome>& outcome, int units) {
  static EvolutionCache cache;
  if (cache.of.lock() != outcome) {
    cache.of = outcome;
    cache.projection_scales.assign(static_cast<std::size_t>(units), 0);
    cache.filter_scales.assign(static_cast<std::size_t>(units), 0);
    cache.unit = -1;
  }
  return cache;
}

void draw_progress(const Context& ui, const app::LabView* view, const EvolutionResult& r) {
  const app::TimelineView& timeline = ui.snapshot.timeline;
  const int done = static_cast<int>(r.steps.size());
  std::string text = done < r.moments ? print("%d of %d moments", done, r.moments) : print("%d moments", done);
  if (view != nullptr && view->running) text += print(" · renewing %.0f %%", 100 * view->fraction);
  small_text(ui, text);
  ui.mark("evolution.progress");
  tooltip(print("Stored steps whose strongest images have been searched, among the first %s training images. A unit's winner of a "
                "stored step is "
                "searched once; later only what is new.",
                grouped(static_cast<std::uint64_t>(r.images)).c_str())
              .c_str());
  flow(170, 14);
  ImGui::AlignTextToFramePadding();
  const double megabyte = static_cast<double>(1 << 20);
  small_text(ui, print("%.3g of %.0f MB", static_cast<double>(timeline.bytes) / megabyte,
                       static_cast<double>(timeline.budget) / megabyte) +
                     (timeline.thinned > 0 ? print(" · %d thinned out", timeline.thinned) : ""));
  tooltip(
      "Room that the stored weights take. When it is full, epochs other than 1, 2, 5, 10, 20, 30, 40, 64 are given up first, the "
      "nearest in time "
      "to their neighbours first.");
}

void draw_scale(const Context& ui, const EvolutionSight& sight) {
  flow(190, 14);
  ImGui::AlignTextToFramePadding();
  small_text(ui, print("unit %d", sight.result.first + sight.unit));
  ImGui::SameLine(0, 5);
  ImGui::SetCursorPosY(ImGui::GetCursorPosY() + ImGui::GetStyle().FramePadding.y);
  legend(ui, sight.projection_scale(sight.unit), true, 40, sight.result.input.channels == 3);
  flow(190, 14);
  ImGui::AlignTextToFramePadding();
  ImGui::PushFont(ui.fonts.small);
  colored_text(ui.theme.warn, "◤");
  ImGui::SameLine(0, 3);
  muted_text(ui, "another image won");
  ImGui::PopFont();
  tooltip(
      "The unit's strongest image is another one than at the moment before: a jump in the picture is then no jump in the weights.");
}

/// Points of one layer's curve.
std::vector<app::CurvePoint> curve_of(const lab::Convergence& c, std::size_t layer) {
  std::vector<app::CurvePoint> points;
  for (std::size_t i = 0; i < c.steps.size(); ++i) points.push_back({c.steps[i], c.remaining[layer * c.steps.size() + i], 0});
  return points;
}

/// `result` may be null.
void draw_convergence(const Context& ui, const EvolutionResult* result, ImVec2 size) {
  const ImVec2 origin = ImGui::GetCursorPos();
  heading(ui, "Distance from where it is now", kChartText);
  const lab::Convergence* c = result == nullptr ? nullptr : &result->convergence;
  if (c == nullptr || c->steps.size() < 2 || c->remaining.size() != c->steps.size() * c->layers.size()) {
    ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + size.x);
    muted_text(ui, c == nullptr && ui.snapshot.step > 0 ? "is being worked out …" : "There are curves as soon as it has trained: press Play.");
    ImGui::PopTextWrapPos();
    return;
  }
  Chart chart;
  chart.name = "convergence";
  chart.high = 1.02;
  chart.position = linear;
  for (const double value : {0.0, 0.25, 0.5, 0.75, 1.0}) chart.ticks.push_back({value, tick_text(value)});
  std::vector<std::vector<app::CurvePoint>> points;
  for (std::size_t i = 0; i < c->layers.size(); ++i) points.push_back(curve_of(*c, i));
  for (std::size_t i = 0; i < c->layers.size(); ++i) {
    if (i > 0) flow(text_width(c->layers[i]) + 18, 8);
    curve_name(ui, series_color(ui.theme, i), c->layers[i]);
    chart.curves.push_back({.points = points[i], .color = series_color(ui.theme, i)});
  }
  chart.last_step = chart.end();
  chart.log_steps = true;
  chart.mark = ui.snapshot.timeline.shows_moment ? static_cast<double>(ui.snapshot.timeline.shown) : -1;
  chart.read_out = [&](std::size_t curve, const app::CurvePoint& p) {
    const std::string line = c->layers[curve] + ": " + number(p.value);
    return curve == 0 ? moment_name(ui, p.step) + "\n" + line : line;
  };
  const float left = size.y - (ImGui::GetCursorPosY() - origin.y);
  const auto hovered = draw_chart(ui, chart, {size.x, std::max(110.0f, left)});
  if (!hovered || !ImGui::IsItemClicked()) return;
  const auto& moments = ui.snapshot.timeline.moments;
  if (std::any_of(moments.begin(), moments.end(), [&](const auto& m) { return m.step == *hovered; }))
    ui.post(app::command::ShowMoment{*hovered});
}

}  // namespace

std::size_t EvolutionSight::picture_values() const {
  return static_cast<std::size_t>(result.input.channels) * static_cast<std::size_t>(result.window.height) *
         static_cast<std::size_t>(result.window.width);
}

std::size_t EvolutionSight::filter_values() const {
  return static_cast<std::size_t>(result.input.channels) * static_cast<std::size_t>(result.kernel) *
         static_cast<std::size_t>(result.kernel);
}

float EvolutionSight::projection_scale(int of) const {
  float& scale = cache.projection_scales[static_cast<std::size_t>(of)];
  if (scale == 0) scale = largest_of_unit(result.projections, picture_values(), *this, of);
  return scale;
}

float EvolutionSight::filter_scale(int of) const {
  float& scale = cache.filter_scales[static_cast<std::size_t>(of)];
  if (scale == 0) scale = largest_of_unit(result.filters, filter_values(), *this, of);
  return scale;
}

bool is_whole(const EvolutionResult& r) {
  if (r.units <= 0 || r.steps.empty() || r.window.height <= 0 || r.window.width <= 0) return false;
  const std::size_t count = r.steps.size() * static_cast<std::size_t>(r.units);
  const std::size_t size = static_cast<std::size_t>(r.input.channels) * static_cast<std::size_t>(r.window.height) *
                           static_cast<std::size_t>(r.window.width);
  const std::size_t filter =
      static_cast<std::size_t>(r.input.channels) * static_cast<std::size_t>(r.kernel) * static_cast<std::size_t>(r.kernel);
  return r.winners.size() >= count && r.jumps.size() >= count && r.projections.size() >= count * size &&
         r.patches.size() >= count * size && (r.filters.empty() || (filter > 0 && r.filters.size() >= count * filter));
}

std::string moment_name(const Context& ui, std::uint64_t step) {
  std::string text = "step " + grouped(step);
  for (const app::TimelineView::Point& moment : ui.snapshot.timeline.moments) {
    if (moment.step == step && moment.ends_epoch) text += print(", end of epoch %d", moment.epoch);
  }
  return text;
}

std::vector<lab::Request> evolution_requests(const Context& ui) {
  constexpr int kMostUnits = 64;  // of a layer that is shown whole: conv layers, the outputs
  const app::LayerView* layer = find_layer(ui.snapshot, ui.snapshot.locked_layer);
  const bool large = layer != nullptr && unit_count(*layer) > kMostUnits;
  return {EvolutionRequest{.layer = ui.snapshot.locked_layer, .rule = ui.snapshot.rule, .unit = large ? ui.snapshot.locked_unit : -1}};
}

void draw_evolution_lab(const Context& ui, ImVec2) {
  draw_rules(ui, 240);
  const app::LabView* view = view_of<EvolutionRequest>(ui);
  const EvolutionResult* result = found<EvolutionRequest, EvolutionResult>(ui);
  if (result == nullptr || !is_whole(*result) || result->input.channels != ui.snapshot.input.channels) {
    if (!draw_missing(ui, view)) muted_text(ui, "is being worked out …");
    draw_convergence(ui, result, {ImGui::GetContentRegionAvail().x, 240});
    return;
  }
  const int unit = std::clamp(ui.snapshot.locked_unit - result->first, 0, result->units - 1);
  const EvolutionSight sight{*result, cache_for(view->outcome, result->units), unit};
  flow(190, 14);
  ImGui::AlignTextToFramePadding();
  draw_progress(ui, view, *result);
  draw_scale(ui, sight);
  const ImVec2 room = ImGui::GetContentRegionAvail();
  if (ui.narrow) {
    draw_evolution_strip(ui, sight, {room.x, 420});
    draw_evolution_pair(ui, sight, room.x, 340);
    draw_convergence(ui, result, {room.x, 220});
    return;
  }
  const float right = std::clamp(room.x * 0.29f, 330.0f, 420.0f);
  draw_evolution_strip(ui, sight, {room.x - right - 16, room.y});
  ImGui::SameLine(0, 16);
  begin_part("evolution.right", {right, room.y});
  draw_evolution_pair(ui, sight, right, room.y * 0.62f);
  ImGui::Spacing();
  draw_convergence(ui, result, ImGui::GetContentRegionAvail());
  end_part();
}

}  // namespace lenet::ui
