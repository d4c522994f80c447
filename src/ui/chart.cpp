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

  float x(double step) const {
    const double part = chart.log_steps ? std::log1p(step) / std::log1p(chart.last_step) : step / chart.last_step;
    return area.low.x + static_cast<float>(part) * (area.high.x - area.low.x);
  }
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

/// Steps that get a label: evenly spaced values, or 0, 1, 10, 100, …
std::vector<double> x_ticks(const Chart& chart, float width) {
  std::vector<double> ticks;
  if (chart.log_steps) {
    ticks.push_back(0);
    for (double at = 1; at <= chart.last_step; at *= 10) ticks.push_back(at);
    return ticks;
  }
  const double range = chart.last_step * chart.x_unit;
  double step = nice_step(range, std::max(2, static_cast<int>(width / (chart.x_first == 0 ? 90 : 60))));
  if (chart.x_unit == 1) step = std::max(1.0, step);
  for (double value = std::ceil(chart.x_first / step - 1e-9) * step; value <= chart.x_first + range * 1.0001; value += step) {
    ticks.push_back((value - chart.x_first) / chart.x_unit);
  }
  return ticks;
}

std::string x_text(const Chart& chart, double step) {
  const double value = chart.x_first + step * chart.x_unit;
  if (chart.x_unit == 1 && chart.x_first == 0) return grouped(static_cast<std::uint64_t>(value + 0.5));
  return std::abs(value) < 1e-9 * chart.x_unit ? "0" : tick_text(value);
}

void draw_x_axis(const Context& ui, const Axes& axes) {
  ImDrawList* draw = ImGui::GetWindowDrawList();
  const float bottom = axes.area.high.y;
  draw->AddLine({axes.area.low.x, bottom + 0.5f}, {axes.area.high.x, bottom + 0.5f}, ui.theme.border);
  const std::string unit = axes.chart.x_label;
  const float unit_left = axes.area.high.x - text_width(unit);
  for (const double at : x_ticks(axes.chart, axes.area.high.x - axes.area.low.x)) {
    const float x = std::round(axes.x(at)) + 0.5f;
    draw->AddLine({x, bottom}, {x, bottom + 4}, ui.theme.border);
    const std::string label = x_text(axes.chart, at);
    const float left = x - text_width(label) / 2;
    if (left + text_width(label) + 6 < unit_left) draw->AddText({left, bottom + 4}, ui.theme.muted, label.c_str());
  }
  draw->AddText({unit_left, bottom + 4}, ui.theme.muted, unit.c_str());
  if (axes.chart.mark >= 0 && axes.chart.mark <= axes.chart.last_step) {
    const float x = std::round(axes.x(axes.chart.mark)) + 0.5f;
    draw->AddLine({x, axes.area.low.y}, {x, bottom}, ui.theme.selected, 2);
  }
}

void draw_guide(const Context& ui, const Axes& axes) {
  if (axes.chart.guide < axes.chart.low || axes.chart.guide > axes.chart.high) return;
  const float y = std::round(axes.y(axes.chart.guide)) + 0.5f;
  for (float x = axes.area.low.x; x < axes.area.high.x; x += 8) {
    ImGui::GetWindowDrawList()->AddLine({x, y}, {std::min(x + 4, axes.area.high.x), y}, ui.theme.good);
  }
}

/// A stretch of a dashed line that is `walked` pixels long so far; returns how long it is then.
float draw_dashes(ImVec2 from, ImVec2 to, float walked, ImU32 color, float thickness) {
  constexpr float kDash = 6, kPeriod = 10;
  const float length = std::hypot(to.x - from.x, to.y - from.y);
  const auto at = [&](float along) {
    return ImVec2(from.x + (to.x - from.x) * along / length, from.y + (to.y - from.y) * along / length);
  };
  float along = 0;
  while (along < length) {
    const float phase = std::fmod(walked + along, kPeriod);
    const float end = std::min(length, along + (phase < kDash ? kDash : kPeriod) - phase);
    if (phase < kDash) ImGui::GetWindowDrawList()->AddLine(at(along), at(end), color, thickness);
    along = std::max(end, along + 0.01f);
  }
  return walked + length;
}

/// The line through what `value` makes of the points; returns its end.
template <class Value>
ImVec2 draw_line(const Axes& axes, const ChartCurve& curve, const Value& value, ImU32 color, float thickness) {
  ImDrawList* draw = ImGui::GetWindowDrawList();
  ImVec2 last(-INFINITY, 0);
  const auto& points = curve.points;
  float walked = 0;  // along a dashed line
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double v = value(i);
    if (!std::isfinite(v)) continue;
    const ImVec2 at(axes.x(static_cast<double>(points[i].step)), axes.y(v));
    // Half a pixel apart is as fine as a line can show.
    if (at.x - last.x < 0.5f && i + 1 < points.size()) continue;
    if (!curve.dashed) {
      draw->PathLineTo(at);
    } else if (std::isfinite(last.x)) {
      walked = draw_dashes(last, at, walked, color, thickness);
    }
    last = at;
  }
  if (!curve.dashed) draw->PathStroke(color, 0, thickness);
  return last;
}

void draw_curve(const Axes& axes, const ChartCurve& curve) {
  const auto& points = curve.points;
  if (points.empty()) return;
  const auto raw = [&](std::size_t i) { return points[i].value; };
  if (curve.smooth && points.size() > kFewPoints) {
    draw_line(axes, curve, raw, (curve.color & ~IM_COL32_A_MASK) | (90u << IM_COL32_A_SHIFT), 1);
    const auto mean = [&](std::size_t i) {
      const std::size_t first = i + 1 - std::min(i + 1, kMeanOver);
      double sum = 0;
      for (std::size_t k = first; k <= i; ++k) sum += points[k].value;
      return sum / static_cast<double>(i + 1 - first);
    };
    draw_line(axes, curve, mean, curve.color, 2);
  } else {
    const ImVec2 end = draw_line(axes, curve, raw, curve.color, curve.thickness);
    if (!curve.markers && curve.answers) ImGui::GetWindowDrawList()->AddCircleFilled(end, 2.6f, curve.color);
  }
}

void draw_band(const Axes& axes, const ChartCurve& curve) {
  const ImU32 color = (curve.color & ~IM_COL32_A_MASK) | (40u << IM_COL32_A_SHIFT);
  const auto at = [&](std::size_t i, double sign) {
    const app::CurvePoint& point = curve.points[i];
    return ImVec2(axes.x(static_cast<double>(point.step)), axes.y(point.value + sign * curve.band[i]));
  };
  for (std::size_t i = 1; i < std::min(curve.points.size(), curve.band.size()); ++i) {
    if (!std::isfinite(curve.band[i - 1]) || !std::isfinite(curve.band[i])) continue;
    ImGui::GetWindowDrawList()->AddQuadFilled(at(i - 1, 1), at(i, 1), at(i, -1), at(i - 1, -1), color);
  }
}

void draw_markers(const Context& ui, const Axes& axes, const ChartCurve& curve) {
  if (!curve.markers) return;
  for (const app::CurvePoint& point : curve.points) {
    const ImVec2 at(axes.x(static_cast<double>(point.step)), axes.y(point.value));
    ImGui::GetWindowDrawList()->AddCircleFilled(at, 3.2f, ui.theme.card);
    ImGui::GetWindowDrawList()->AddCircleFilled(at, 2.4f, curve.color);
  }
}

/// The step nearest to the pointer, and every curve's value there.
std::optional<std::uint64_t> draw_read_out(const Context& ui, const Axes& axes) {
  if (axes.chart.empty() || !ImGui::IsItemHovered()) return {};
  const float mouse = ImGui::GetMousePos().x;
  const auto distance = [&](const app::CurvePoint& p) { return std::abs(axes.x(static_cast<double>(p.step)) - mouse); };
  std::string text;
  float line = -1;
  std::optional<std::uint64_t> hovered;
  ImDrawList* draw = ImGui::GetWindowDrawList();
  for (std::size_t i = 0; i < axes.chart.curves.size(); ++i) {
    const ChartCurve& curve = axes.chart.curves[i];
    if (curve.points.empty() || !curve.answers) continue;
    const auto nearest = std::min_element(curve.points.begin(), curve.points.end(),
                                          [&](const auto& a, const auto& b) { return distance(a) < distance(b); });
    const ImVec2 at(axes.x(static_cast<double>(nearest->step)), axes.y(nearest->value));
    if (line < 0) line = at.x;
    if (!hovered) hovered = nearest->step;
    draw->AddCircleFilled(at, 4, curve.color);
    text += (text.empty() ? "" : "\n") + axes.chart.read_out(i, *nearest);
  }
  if (line < 0) return {};
  draw->AddLine({line, axes.area.low.y}, {line, axes.area.high.y}, ui.theme.muted);
  ImGui::SetTooltip("%s", text.c_str());
  return hovered;
}

}  // namespace

bool Chart::empty() const {
  return std::all_of(curves.begin(), curves.end(), [](const ChartCurve& curve) { return curve.points.empty(); });
}

double Chart::end() const {
  double last = 10;
  for (const ChartCurve& curve : curves) {
    if (!curve.points.empty()) last = std::max(last, static_cast<double>(curve.points.back().step));
  }
  return last;
}

double linear(double value) { return value; }
double stretched(double accuracy) { return -std::log10(1.002 - accuracy); }

void set_accuracy_axis(Chart& chart, bool stretch, double low) {
  chart.low = low;
  chart.high = 1;
  chart.position = stretch ? stretched : linear;
  chart.ticks.clear();
  if (!stretch) {
    const double step = nice_step(1 - low, 4);
    for (double value = std::ceil(low / step) * step; value <= 1.0001; value += step) chart.ticks.push_back({value, percent(value, 0)});
    return;
  }
  double best = 0;
  for (const ChartCurve& curve : chart.curves) {
    for (const app::CurvePoint& point : curve.points) best = std::max(best, point.value);
  }
  chart.high = std::min(0.999, std::max(0.99, best + 0.002));
  if (chart.end() > 50 && best < 0.85) chart.high = best < 0.6 ? 0.82 : 0.96;  // a task on which the last per cents are far away
  for (const double value : {0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99}) {
    const bool between = value > 0 && value < 0.8 && value != 0.5;
    if (!between || chart.high < 0.97) chart.ticks.push_back({value, percent(value, 0)});
  }
  if (chart.high > 0.994) chart.ticks.push_back({0.995, "99.5 %"});
}

std::string tick_text(double value) { return (value < 0 ? "−" : "") + print("%.4g", std::abs(value)); }

double nice_step(double range, int count) {
  const double rough = range / std::max(1, count);
  const double power = std::pow(10.0, std::floor(std::log10(std::max(rough, 1e-12))));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough) return factor * power;
  }
  return 10 * power;
}

std::optional<std::uint64_t> draw_chart(const Context& ui, const Chart& chart, ImVec2 size) {
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
  if (!chart.empty() || chart.guide != 0) draw_guide(ui, axes);
  if (chart.empty()) {
    const ImVec2 middle((axes.area.low.x + axes.area.high.x) / 2, (axes.area.low.y + axes.area.high.y) / 2);
    const float width = text_width(chart.empty_text);
    ImGui::GetWindowDrawList()->AddText({middle.x - width / 2, middle.y - font / 2}, ui.theme.muted, chart.empty_text);
  }
  for (const ChartCurve& curve : chart.curves) draw_band(axes, curve);
  for (const ChartCurve& curve : chart.curves) {
    draw_curve(axes, curve);
    draw_markers(ui, axes, curve);
  }
  const auto hovered = draw_read_out(ui, axes);
  ImGui::PopFont();
  return hovered;
}

}  // namespace lenet::ui
