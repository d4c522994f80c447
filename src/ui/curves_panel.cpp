// The curves of loss and test accuracy.
#include <algorithm>
#include <cmath>

#include "ui/chart.h"
#include "ui/format.h"
#include "ui/panels.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

constexpr const char* kLossText =
    "The training loss: the mean cross-entropy of each minibatch, −ln p(true class), in nats; guessing among ten classes gives ln "
    "10 = 2.30. The "
    "bold line is the running mean of 20 points.";
constexpr const char* kAccuracyText =
    "The part of the test images that the network gets right, right / n, measured on a copy of one step's weights and drawn at "
    "that step. "
    "The test set is reported and never chosen on.";

double logarithm(double value) { return std::log10(std::max(value, 1e-9)); }

struct Extent {
  double low, high;
};

Extent extent_of(std::span<const app::CurvePoint> points, Extent otherwise) {
  Extent extent{INFINITY, -INFINITY};
  for (const app::CurvePoint& point : points) {
    if (!std::isfinite(point.value)) continue;
    extent.low = std::min(extent.low, point.value);
    extent.high = std::max(extent.high, point.value);
  }
  return extent.low <= extent.high ? extent : otherwise;
}

Chart loss_chart(const Context& ui) {
  const app::Snapshot& s = ui.snapshot;
  Chart chart;
  chart.name = "loss";
  chart.curves = {{.points = s.loss, .color = ui.theme.loss, .smooth = true}};
  const Extent extent = extent_of(s.loss, {0.1, 2.5});
  if (ui.state.log_loss) {
    chart.position = logarithm;
    chart.low = std::min(0.1, std::max(1e-7, extent.low * 0.8));
    chart.high = std::max(3.0, extent.high * 1.2);
    for (int power = -7; power <= 9; ++power) {
      for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor != 1.0 && chart.high / chart.low > 2000) continue;
        const double value = factor * std::pow(10.0, power);
        chart.ticks.push_back({value, number(value, 1)});
      }
    }
  } else {
    chart.position = linear;
    chart.low = 0;
    chart.high = std::max(0.01, extent.high * 1.08);
    const double step = nice_step(chart.high, 4);
    for (double value = 0; value <= chart.high; value += step) chart.ticks.push_back({value, number(value, 2)});
  }
  std::erase_if(chart.ticks, [&](const ChartTick& tick) { return tick.value < chart.low || tick.value > chart.high; });
  chart.read_out = [](std::size_t, const app::CurvePoint& point) {
    return "step " + grouped(point.step) + ":  loss " + number(point.value, 4) +
           (point.n > 1 ? "  (mean of " + grouped(static_cast<std::uint64_t>(point.n)) + " steps)" : "");
  };
  chart.empty_text = "Press Play";
  return chart;
}

Chart accuracy_chart(const Context& ui) {
  const app::Snapshot& s = ui.snapshot;
  Chart chart;
  chart.name = "accuracy";
  chart.curves = {{.points = s.accuracy, .color = ui.theme.accuracy, .markers = s.accuracy.size() <= 60}};
  chart.guide = 0.98;
  set_accuracy_axis(chart, ui.state.log_accuracy);
  chart.read_out = [](std::size_t, const app::CurvePoint& point) {
    return "step " + grouped(point.step) + ":  " + percent(point.value) + "  (n = " + grouped(static_cast<std::uint64_t>(point.n)) +
           " test images)";
  };
  chart.empty_text = "measured while it trains";
  return chart;
}

/// Title, latest value, and a switch between a stretched and a linear axis.
void draw_title(const Context& ui, const char* title, const char* explanation, const std::string& latest, const std::string& more,
                ImU32 color, const char* name, bool& stretch, const char* stretch_label) {
  heading(ui, title, explanation);
  ImGui::SameLine(0, 10);
  colored_text(color, latest);
  const float width = text_width("linear") + 14;
  const float left = ImGui::GetItemRectMax().x - ImGui::GetWindowPos().x + 10;
  if (left + text_width(more) * 0.9f + width < ImGui::GetWindowContentRegionMax().x) {
    small_text_beside(ui, more, 8);
  }
  ImGui::PushFont(ui.fonts.small);
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(6, 1));
  ImGui::SameLine(ImGui::GetWindowContentRegionMax().x - width);
  if (button(ui, name, stretch ? stretch_label : "linear", {width, 0}, ButtonLook::kPlain,
             "The y axis: logarithmic (of the error, for the accuracy), so that late progress shows, or linear.")) {
    stretch = !stretch;
  }
  ImGui::PopStyleVar();
  ImGui::PopFont();
}

void draw_one(const Context& ui, const char* id, ImVec2 size, Chart chart, bool is_loss) {
  chart.last_step = std::max(static_cast<double>(ui.snapshot.step), chart.end());
  if (ui.snapshot.timeline.shows_moment) chart.mark = static_cast<double>(ui.snapshot.timeline.shown);
  if (begin_card(ui, id, size)) {
    const auto& points = chart.curves.front().points;
    if (is_loss) {
      draw_title(ui, "Training loss", kLossText, points.empty() ? "" : number(points.back().value),
                 points.empty() ? "" : "nats per image", ui.theme.loss, "chart.loss.axis", ui.state.log_loss, "log");
    } else {
      const std::string latest = points.empty() ? "" : percent(points.back().value);
      std::string more;
      if (!points.empty()) {
        more = "n = " + grouped(static_cast<std::uint64_t>(points.back().n));
        if (!ui.narrow || ui.width > 480) more += " at step " + grouped(points.back().step);
      }
      draw_title(ui, "Test accuracy", kAccuracyText, latest, more, ui.theme.accuracy, "chart.accuracy.axis", ui.state.log_accuracy,
                 "log");
    }
    const ImVec2 left = ImGui::GetContentRegionAvail();
    draw_chart(ui, chart, {std::max(40.0f, left.x), std::max(60.0f, left.y)});
  }
  end_card();
}

}  // namespace

void draw_curves_panel(const Context& ui) {
  const ImVec2 available = ImGui::GetContentRegionAvail();
  if (ui.narrow) {
    const float height = std::max(220.0f, std::floor((available.y - kGap) / 2));
    draw_one(ui, "loss", {available.x, height}, loss_chart(ui), true);
    draw_one(ui, "accuracy", {available.x, height}, accuracy_chart(ui), false);
    return;
  }
  const float width = std::floor((available.x - kGap) / 2);
  draw_one(ui, "loss", {width, available.y}, loss_chart(ui), true);
  ImGui::SameLine(0, kGap);
  draw_one(ui, "accuracy", {0, available.y}, accuracy_chart(ui), false);
}

}  // namespace lenet::ui
