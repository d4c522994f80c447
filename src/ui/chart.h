// A line chart: axes with ticks, curves, a read-out under the pointer.
#pragma once

#include <functional>
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
  double last_step = 1;                  ///< right end of the x axis
  std::function<std::string(std::size_t curve, const app::CurvePoint&)> read_out;
  const char* empty_text = "";

  bool empty() const;
  /// The last step of any curve, at least 10.
  double end() const;
};

/// Fills `size` at the cursor.
void draw_chart(const Context& ui, const Chart& chart, ImVec2 size);

/// Positions for Chart::position.
double linear(double value);
/// Stretches the way to 100 %: equal heights are equal factors of the error.
double stretched(double accuracy);
/// A y axis for accuracies, from `low` on; stretched or linear.
void set_accuracy_axis(Chart& chart, bool stretch, double low = 0);

/// 1, 2 or 5 times a power of ten: about `count` steps over `range`.
double nice_step(double range, int count);

}  // namespace lenet::ui
