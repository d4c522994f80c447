// A line chart: axes with ticks, a curve, a read-out under the pointer.
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

struct Chart {
  const char* name;  ///< registered as chart.name
  std::span<const app::CurvePoint> points;
  ImU32 color = 0;
  bool smooth = false;  ///< many noisy points: their running mean in front of them
  bool markers = false;                  ///< a dot at every point
  double low = 0, high = 1;              ///< of the y axis, in values
  double (*position)(double) = nullptr;  ///< a value's place on the y axis, any unit, rising
  std::vector<ChartTick> ticks;          ///< of the y axis
  double guide = -1;                     ///< a dashed line at this value; -1 for none
  double last_step = 1;                  ///< right end of the x axis
  std::function<std::string(const app::CurvePoint&)> read_out;
  const char* empty_text = "";
};

/// Fills `size` at the cursor.
void draw_chart(const Context& ui, const Chart& chart, ImVec2 size);

/// 1, 2 or 5 times a power of ten: about `count` steps over `range`.
double nice_step(double range, int count);

}  // namespace lenet::ui
