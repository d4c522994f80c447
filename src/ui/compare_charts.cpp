// The curves of a comparison: test accuracy of every arm, and below it what each gains or loses against the first.
#include <algorithm>
#include <array>
#include <cmath>

#include "app/gap.h"
#include "app/results_view.h"
#include "ui/chart.h"
#include "ui/format.h"
#include "ui/panels.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

constexpr const char* kAccuracyText =
    "Test accuracy, right / n, of every arm, measured on copies of their weights at the same steps and on the same images. An arm with "
    "frozen layers is dashed.";
constexpr const char* kGapText =
    "The gap: test accuracy of an arm minus that of the first, at the same step and on the same test images, in percentage points. One seed "
    "is one draw: repeat over seeds before you believe a small gap.";

ImU32 arm_color(const Context& ui, std::size_t arm) { return ui.theme.arms[arm % std::size(ui.theme.arms)]; }
ImU32 pale(ImU32 color) { return (color & ~IM_COL32_A_MASK) | (70u << IM_COL32_A_SHIFT); }

std::string points_text(double difference) { return signed_number(100 * difference) + " points"; }

/// Gaps in percentage points, symmetric enough to show zero.
void set_gap_axis(Chart& chart) {
  double low = -0.01, high = 0.01;
  for (const ChartCurve& curve : chart.curves) {
    for (const app::CurvePoint& point : curve.points) {
      if (!std::isfinite(point.value)) continue;
      low = std::min(low, point.value);
      high = std::max(high, point.value);
    }
  }
  const double margin = 0.08 * (high - low);
  chart.low = low - margin;
  chart.high = high + margin;
  chart.position = linear;
  chart.guide = 0;
  const double step = nice_step(chart.high - chart.low, 4);
  for (double value = std::ceil(chart.low / step) * step; value <= chart.high; value += step) {
    chart.ticks.push_back({value, std::abs(value) < step / 2 ? std::string("0") : signed_number(100 * value)});
  }
}

struct Charts {
  Chart accuracy, gap;
  std::vector<std::vector<app::CurvePoint>> kept;  // what curves point into
};

/// Curves of the arms as they train now.
void add_run(const Context& ui, Charts& charts) {
  const auto& arms = ui.snapshot.arms;
  for (const app::ArmView& arm : arms) charts.kept.push_back(app::accuracy_gap(arms.front().accuracy, arm.accuracy));
  for (std::size_t i = 0; i < arms.size(); ++i) {
    const ImU32 color = arm_color(ui, i);
    const bool markers = arms[i].accuracy.size() <= 60, dashed = !arms[i].frozen.empty();
    charts.accuracy.curves.push_back({.points = arms[i].accuracy, .color = color, .markers = markers, .dashed = dashed});
    if (i > 0) charts.gap.curves.push_back({.points = charts.kept[i], .color = color, .markers = markers, .dashed = dashed});
  }
  charts.accuracy.read_out = [&arms](std::size_t i, const app::CurvePoint& point) {
    return arms[i].name + ", step " + grouped(point.step) + ":  " + percent(point.value) + "  (n = " + grouped(static_cast<std::uint64_t>(point.n)) + ")";
  };
  charts.gap.read_out = [&arms](std::size_t i, const app::CurvePoint& point) {
    return arms[i + 1].name + ", step " + grouped(point.step) + ":  " + points_text(point.value) + "  (n = " +
           grouped(static_cast<std::uint64_t>(point.n)) + " test images, 1 seed)";
  };
  charts.accuracy.empty_text = ui.snapshot.step == 0 && !ui.snapshot.playing ? "Press Play" : "measured while they train";
  charts.gap.empty_text = arms.size() > 1 ? "measured while they train" : "Start twins to see a gap";
}

/// Every seed as a thin line, and the means with a band for their 95 % intervals.
void add_results(const Context& ui, const std::vector<app::ResultsView::Arm>& arms, Charts& charts) {
  std::vector<ChartCurve> means, gap_means;
  for (std::size_t i = 0; i < arms.size(); ++i) {
    const ImU32 color = arm_color(ui, i);
    for (const auto& seed : arms[i].seeds) charts.accuracy.curves.push_back({.points = seed, .color = pale(color), .thickness = 1, .answers = false});
    for (const auto& seed : arms[i].gap_seeds) charts.gap.curves.push_back({.points = seed, .color = pale(color), .thickness = 1, .answers = false});
    means.push_back({.points = arms[i].mean, .color = color, .thickness = 2.4f, .band = arms[i].mean_band});
    if (i > 0) gap_means.push_back({.points = arms[i].gap, .color = color, .thickness = 2.4f, .band = arms[i].gap_band});
  }
  const std::size_t before = charts.accuracy.curves.size(), gap_before = charts.gap.curves.size();
  charts.accuracy.curves.insert(charts.accuracy.curves.end(), means.begin(), means.end());
  charts.gap.curves.insert(charts.gap.curves.end(), gap_means.begin(), gap_means.end());
  charts.accuracy.read_out = [&arms, before](std::size_t i, const app::CurvePoint& point) {
    return arms[i - before].summary.arm + ", step " + grouped(point.step) + ":  mean " + percent(point.value) + print("  (n = %d seeds; band: 95 %%)", point.n);
  };
  charts.gap.read_out = [&arms, gap_before](std::size_t i, const app::CurvePoint& point) {
    return arms[i - gap_before + 1].summary.arm + ", step " + grouped(point.step) + ":  mean " + points_text(point.value) +
           print("  (n = %d seeds)", point.n);
  };
  charts.accuracy.empty_text = "no seed is done yet";
  charts.gap.empty_text = "no seed is done yet";
}

void draw_source(const Context& ui) {
  static constexpr std::array<const char*, 3> kLabels = {"This run", "Seeds", "Pooled"};
  static constexpr std::array<const char*, 3> kParts = {"run", "seeds", "pool"};
  const float width = 216;
  ImGui::SameLine(ImGui::GetWindowContentRegionMax().x - width - 58);
  const int clicked = segmented(ui, "source", kLabels, kParts, static_cast<int>(ui.state.compare.source), width);
  if (clicked >= 0) ui.state.compare.source = static_cast<CurveSource>(clicked);
  ImGui::SameLine(ImGui::GetWindowContentRegionMax().x - 52);
  if (button(ui, "chart.compare.axis", ui.state.log_accuracy ? "log" : "linear", {52, 0}, ButtonLook::kPlain,
             "The y axis: logarithmic of the error, so that late differences show, or linear.")) {
    ui.state.log_accuracy = !ui.state.log_accuracy;
  }
}

}  // namespace

void draw_compare_charts(const Context& ui, ImVec2 size) {
  CompareState& state = ui.state.compare;
  const app::SeedsView& seeds = ui.snapshot.seeds;
  Charts charts;
  charts.accuracy.name = "compare";
  charts.gap.name = "gap";
  if (state.source == CurveSource::kRun) {
    add_run(ui, charts);
  } else {
    static const std::vector<app::ResultsView::Arm> kNone;
    const auto& results = state.source == CurveSource::kSeeds ? seeds.results : seeds.pooled;
    add_results(ui, results ? results->arms : kNone, charts);
  }
  set_accuracy_axis(charts.accuracy, ui.state.log_accuracy);
  set_gap_axis(charts.gap);
  charts.accuracy.last_step = charts.gap.last_step =
      std::max(charts.accuracy.end(), state.source == CurveSource::kRun ? static_cast<double>(ui.snapshot.step) : 0.0);

  ImGui::AlignTextToFramePadding();
  heading(ui, "Test accuracy", kAccuracyText);
  draw_source(ui);
  const float titles = 2 * ImGui::GetFrameHeightWithSpacing();
  const float plots = std::max(180.0f, size.y - titles);
  draw_chart(ui, charts.accuracy, {size.x, std::floor(plots * 0.62f)});
  heading(ui, "Gap to the first arm, percentage points", kGapText);
  draw_chart(ui, charts.gap, {size.x, std::floor(plots * 0.38f)});
}

}  // namespace lenet::ui
