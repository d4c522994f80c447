// A line chart: axes with ticks, curves, a read-out under the pointer.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ui/context.h"

namespace lenet::ui {

struct ChartTick {
  double value;
  std::string label;
};

struct ChartCurve {
  std::span<const app::CurvePoint> points;
  ImU32 color = 0;
  float thickness = 1.8f;
  bool smooth = false;   ///< many noisy points: their running mean in front of them
  bool markers = false;  ///< a dot at every point
  bool dashed = false;
  bool answers = true;   ///< the pointer finds its points
  std::span<const double> band = {};  ///< half width of a translucent band at each point
};

struct Chart {
  const char* name = "";  ///< registered as chart.name
  std::vector<ChartCurve> curves;
  double low = 0, high = 1;              ///< of the y axis, in values
  double (*position)(double) = nullptr;  ///< a value's place on the y axis, any unit, rising
  std::vector<ChartTick> ticks;          ///< of the y axis
  double guide = -1;                     ///< a dashed line at this value; out of the axis for none
  double last_step = 1;                  ///< right end of the x axis, which starts at 0
  double x_first = 0, x_unit = 1;        ///< what is written at step i of the x axis: x_first + i · x_unit …
  const char* x_label = "steps";         ///< … and its unit
  bool log_steps = false;                ///< x by the logarithm of 1 + step, for the first steps' sake
  double mark = -1;                      ///< a line at this step, for a moment that is looked at; below 0 for none
  std::function<std::string(std::size_t curve, const app::CurvePoint&)> read_out;
  const char* empty_text = "";

  bool empty() const;
  /// The last step of any curve, at least 10.
  double end() const;
};

/// Fills `size` at the cursor. Returns the step of the point that the pointer is at.
std::optional<std::uint64_t> draw_chart(const Context& ui, const Chart& chart, ImVec2 size);

/// Positions for Chart::position.
double linear(double value);
/// Stretches the way to 100 %: equal heights are equal factors of the error.
double stretched(double accuracy);
/// A y axis for accuracies, from `low` on; stretched or linear.
void set_accuracy_axis(Chart& chart, bool stretch, double low = 0);

/// A value beside an axis: no more digits than it needs, 0.5, −10.
std::string tick_text(double value);

/// 1, 2 or 5 times a power of ten: about `count` steps over `range`.
double nice_step(double range, int count);

}  // namespace lenet::ui
