// Drawing a line chart with ImDrawList.
#include "ui/chart.h"

#include <algorithm>
#include <cmath>

#include "ui/format.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

constexpr std::size_t kFewPoints = 80;  // are drawn as they are
constexpr std::size_t kMeanOver = 20;

struct Area {
  ImVec2 low, high;  // of the plot, without its labels
};

struct Axes {
  const Chart& chart;
  Area area;

  float x(double step) const { return area.low.x + static_cast<float>(step / chart.last_step) * (area.high.x - area.low.x); }
  float y(double value) const {
    const double bottom = chart.position(chart.low), top = chart.position(chart.high);
    const double part = (chart.position(std::clamp(value, chart.low, chart.high)) - bottom) / (top - bottom);
    return area.high.y - static_cast<float>(part) * (area.high.y - area.low.y);
  }
};

void draw_y_axis(const Context& ui, const Axes& axes) {
  ImDrawList* draw = ImGui::GetWindowDrawList();
  float last = INFINITY;
  for (const ChartTick& tick : axes.chart.ticks) {
    if (tick.value < axes.chart.low || tick.value > axes.chart.high) continue;
    const float y = std::round(axes.y(tick.value)) + 0.5f;
    draw->AddLine({axes.area.low.x, y}, {axes.area.high.x, y}, ui.theme.faint);
    if (last - y < ImGui::GetFontSize() * 0.95f) continue;  // no room for its label
    last = y;
    draw->AddText({axes.area.low.x - text_width(tick.label) - 6, y - ImGui::GetFontSize() / 2}, ui.theme.muted, tick.label.c_str());
  }
}

void draw_x_axis(const Context& ui, const Axes& axes) {
  ImDrawList* draw = ImGui::GetWindowDrawList();
  const float width = axes.area.high.x - axes.area.low.x;
  const double step = std::max(1.0, nice_step(axes.chart.last_step, std::max(2, static_cast<int>(width / 90))));
  const float bottom = axes.area.high.y;
  draw->AddLine({axes.area.low.x, bottom + 0.5f}, {axes.area.high.x, bottom + 0.5f}, ui.theme.border);
  const std::string unit = "steps";
  const float unit_left = axes.area.high.x - text_width(unit);
  for (double at = 0; at <= axes.chart.last_step * 1.0001; at += step) {
    const float x = std::round(axes.x(at)) + 0.5f;
    draw->AddLine({x, bottom}, {x, bottom + 4}, ui.theme.border);
    const std::string label = grouped(static_cast<std::uint64_t>(at));
    const float left = x - text_width(label) / 2;
    if (left + text_width(label) + 6 < unit_left) draw->AddText({left, bottom + 4}, ui.theme.muted, label.c_str());
  }
  draw->AddText({unit_left, bottom + 4}, ui.theme.muted, unit.c_str());
}

void draw_guide(const Context& ui, const Axes& axes) {
  if (axes.chart.guide < axes.chart.low || axes.chart.guide > axes.chart.high) return;
  const float y = std::round(axes.y(axes.chart.guide)) + 0.5f;
  for (float x = axes.area.low.x; x < axes.area.high.x; x += 8) {
    ImGui::GetWindowDrawList()->AddLine({x, y}, {std::min(x + 4, axes.area.high.x), y}, ui.theme.good);
  }
}

/// The line through what `value` makes of the points; returns its end.
template <class Value>
ImVec2 draw_line(const Axes& axes, const Value& value, ImU32 color, float thickness) {
  ImDrawList* draw = ImGui::GetWindowDrawList();
  ImVec2 last(-INFINITY, 0);
  const auto& points = axes.chart.points;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double v = value(i);
    if (!std::isfinite(v)) continue;
    const ImVec2 at(axes.x(static_cast<double>(points[i].step)), axes.y(v));
    // Half a pixel apart is as fine as a line can show.
    if (at.x - last.x < 0.5f && i + 1 < points.size()) continue;
    draw->PathLineTo(at);
    last = at;
  }
  draw->PathStroke(color, 0, thickness);
  return last;
}

void draw_curve(const Axes& axes) {
  const auto& points = axes.chart.points;
  if (points.empty()) return;
  const auto raw = [&](std::size_t i) { return points[i].value; };
  if (axes.chart.smooth && points.size() > kFewPoints) {
    draw_line(axes, raw, (axes.chart.color & ~IM_COL32_A_MASK) | (90u << IM_COL32_A_SHIFT), 1);
    const auto mean = [&](std::size_t i) {
      const std::size_t first = i + 1 - std::min(i + 1, kMeanOver);
      double sum = 0;
      for (std::size_t k = first; k <= i; ++k) sum += points[k].value;
      return sum / static_cast<double>(i + 1 - first);
    };
    draw_line(axes, mean, axes.chart.color, 2);
  } else {
    const ImVec2 end = draw_line(axes, raw, axes.chart.color, 1.8f);
    if (!axes.chart.markers) ImGui::GetWindowDrawList()->AddCircleFilled(end, 2.6f, axes.chart.color);
  }
}

void draw_markers(const Context& ui, const Axes& axes) {
  if (!axes.chart.markers) return;
  for (const app::CurvePoint& point : axes.chart.points) {
    const ImVec2 at(axes.x(static_cast<double>(point.step)), axes.y(point.value));
    ImGui::GetWindowDrawList()->AddCircleFilled(at, 3.2f, ui.theme.card);
    ImGui::GetWindowDrawList()->AddCircleFilled(at, 2.4f, axes.chart.color);
  }
}

void draw_read_out(const Context& ui, const Axes& axes) {
  const auto& points = axes.chart.points;
  if (points.empty() || !ImGui::IsItemHovered()) return;
  const float mouse = ImGui::GetMousePos().x;
  const auto distance = [&](const app::CurvePoint& p) { return std::abs(axes.x(static_cast<double>(p.step)) - mouse); };
  const auto nearest =
      std::min_element(points.begin(), points.end(), [&](const auto& a, const auto& b) { return distance(a) < distance(b); });
  const ImVec2 at(axes.x(static_cast<double>(nearest->step)), axes.y(nearest->value));
  ImDrawList* draw = ImGui::GetWindowDrawList();
  draw->AddLine({at.x, axes.area.low.y}, {at.x, axes.area.high.y}, ui.theme.muted);
  draw->AddCircleFilled(at, 4, axes.chart.color);
  ImGui::SetTooltip("%s", axes.chart.read_out(*nearest).c_str());
}

}  // namespace

double nice_step(double range, int count) {
  const double rough = range / std::max(1, count);
  const double power = std::pow(10.0, std::floor(std::log10(std::max(rough, 1e-12))));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough) return factor * power;
  }
  return 10 * power;
}

void draw_chart(const Context& ui, const Chart& chart, ImVec2 size) {
  ImGui::PushFont(ui.fonts.small);
  const ImVec2 low = ImGui::GetCursorScreenPos();
  ImGui::PushID(chart.name);
  ImGui::InvisibleButton("chart", size);
  ImGui::PopID();
  ui.mark(std::string("chart.") + chart.name);
  float labels = 0;
  for (const ChartTick& tick : chart.ticks) labels = std::max(labels, text_width(tick.label));
  const float font = ImGui::GetFontSize();
  const Axes axes{chart, {{low.x + labels + 8, low.y + font * 0.6f}, {low.x + size.x - 6, low.y + size.y - font - 6}}};
  draw_y_axis(ui, axes);
  draw_x_axis(ui, axes);
  draw_guide(ui, axes);
  if (chart.points.empty()) {
    const ImVec2 middle((axes.area.low.x + axes.area.high.x) / 2, (axes.area.low.y + axes.area.high.y) / 2);
    const float width = text_width(chart.empty_text);
    ImGui::GetWindowDrawList()->AddText({middle.x - width / 2, middle.y - font / 2}, ui.theme.muted, chart.empty_text);
  }
  draw_curve(axes);
  draw_markers(ui, axes);
  draw_read_out(ui, axes);
  ImGui::PopFont();
}

}  // namespace lenet::ui
