// The sanity check: pictures while the layers become random from the top, and how like the trained net's they stay.
#include "ui/lab_sanity.h"

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

using lab::SanityRequest;
using lab::SanityResult;

constexpr std::size_t kRuleCount = lab::kRules.size();

constexpr const char* kSanityText =
    "Adebayo et al. 2018: layers are made random one after the other, from the top, and stay so. ρ is Spearman's rank correlation between the "
    "picture and the trained net's: mean ± standard deviation over the first test images. A rule whose pictures hardly change shows little of what "
    "was learned, and much of the image.";

/// Whether all arrays have the sizes that the stages promise.
bool whole(const SanityResult& found) {
  const std::size_t cells = found.stages.size() * kRuleCount;
  return cells > 0 && found.input.size() > 0 && found.pictures.size() >= cells * found.input.size() && found.correlation.size() >= cells &&
         found.correlation_deviation.size() >= cells && found.counted.size() >= cells;
}

std::string stage_name(const SanityResult& found, std::size_t stage) { return stage == 0 ? "trained" : "+ " + found.stages[stage]; }

/// The stage at which the unit's own layer becomes random: before it nothing can change.
std::size_t own_stage(const SanityResult& found) {
  const auto own = std::find(found.stages.begin(), found.stages.end(), found.unit.layer);
  return static_cast<std::size_t>(own - found.stages.begin());
}

std::string decimals(double value) { return !std::isfinite(value) ? "–" : std::string(value < -0.005 ? "−" : "") + print("%.2f", std::abs(value)); }

std::string cell_title(const SanityResult& found, std::size_t stage, std::size_t rule) {
  const std::size_t cell = stage * kRuleCount + rule;
  std::string text = std::string(rule_label(rule)) + (stage == 0 ? ", as trained" : ", random from the top down to " + found.stages[stage]);
  if (stage < found.activation.size()) text += "\nactivation " + number(found.activation[stage]);
  text += "\nρ " + decimals(found.correlation[cell]) + " ± " + decimals(found.correlation_deviation[cell]);
  text += print(" over %d of %d images", found.counted[cell], found.images);
  if (cell < found.size_correlation.size()) text += "\nρ of the sizes |v| " + decimals(found.size_correlation[cell]);
  return text;
}

/// "0.93" over "± 0.04" and "n 32", beside the picture or under it.
void draw_number(const Context& ui, const SanityResult& found, std::size_t stage, std::size_t rule, bool beside) {
  const std::size_t cell = stage * kRuleCount + rule;
  const double rho = found.correlation[cell];
  if (beside) ImGui::SameLine(0, 5);
  ImGui::BeginGroup();
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
  if (beside) {
    colored_text(std::isfinite(rho) ? ui.theme.text : ui.theme.muted, decimals(rho));
  } else {
    small_text(ui, decimals(rho));
  }
  if (std::isfinite(rho)) small_text(ui, "± " + decimals(found.correlation_deviation[cell]));
  small_text(ui, print("n %d", found.counted[cell]));
  ImGui::PopStyleVar();
  ImGui::EndGroup();
  tooltip(cell_title(found, stage, rule).c_str());
}

void draw_stage(const Context& ui, const SanityResult& found, std::size_t stage, float label, float column, float side, bool beside) {
  const std::size_t size = found.input.size();
  const ImVec2 low = ImGui::GetCursorScreenPos();
  const std::size_t own = own_stage(found);
  ImGui::PushFont(ui.fonts.small);
  const ImU32 color = stage == own ? ui.theme.selected : stage < own && stage > 0 ? ui.theme.muted : ui.theme.text;
  ImGui::GetWindowDrawList()->AddText(low, color, stage_name(found, stage).c_str());
  ImGui::PopFont();
  for (std::size_t rule = 0; rule < kRuleCount; ++rule) {
    ImGui::SetCursorScreenPos({low.x + label + column * static_cast<float>(rule), low.y});
    ImGui::BeginGroup();
    const auto values = part_of(found.pictures, size, stage * kRuleCount + rule);
    const Picture picture = signed_picture(ui, values, found.input, scale_of(values));
    whole_picture(ui, print("sanity.%d.%s", static_cast<int>(stage), lab::name_of(lab::kRules[rule]).c_str()), picture, side, cell_title(found, stage, rule));
    draw_number(ui, found, stage, rule, beside);
    ImGui::EndGroup();
  }
}

/// A sentence about what the cascade can do to the locked unit.
std::string cascade_text(const SanityResult& found) {
  const std::size_t own = own_stage(found);
  if (own >= found.stages.size()) return "";
  if (own == 1) return "All layers feed this unit: each stage of the cascade can change its picture.";
  return print("Layers above %s do not feed this unit: nothing can change until the cascade reaches %s itself. The whole cascade shows in an output unit.",
               found.unit.layer.c_str(), found.unit.layer.c_str());
}

}  // namespace

const char* rule_label(std::size_t rule) {
  static constexpr std::array<const char*, kRuleCount> kLabels = {"deconv", "gradient", "guided"};
  return kLabels[rule];
}

ImU32 rule_color(const Context& ui, std::size_t rule) { return ui.theme.arms[rule]; }

void draw_use_output(const Context& ui) {
  const app::Snapshot& s = ui.snapshot;
  const app::LayerView* output = output_layer(s);
  if (output == nullptr) return;
  const int best = static_cast<int>(std::max_element(s.probabilities.begin(), s.probabilities.end()) - s.probabilities.begin());
  if (best >= unit_count(*output) || (s.locked_layer == output->name && s.locked_unit == best)) return;
  const std::string label = "Use the output of " + class_phrase(s, best);
  if (button(ui, "lookBack.output", label.c_str(), {0, 0}, ButtonLook::kPrimary,
             "Locks the output unit of the class that is most probable in this image: all layers are below it, so that each stage of the cascade can "
             "change its picture.")) {
    ui.post(app::command::LockUnit{output->name, best});
  }
}

void draw_sanity_table(const Context& ui, ImVec2 size) {
  const app::LabView* view = view_of<SanityRequest>(ui);
  const auto* result = found<SanityRequest, SanityResult>(ui);
  const float top = ImGui::GetCursorPosY();
  heading(ui, "Sanity check: layers made random", kSanityText);
  if (result == nullptr || !whole(*result)) {
    if (!draw_missing(ui, view)) small_paragraph(ui, "There is nothing to send back.");
    return;
  }
  draw_age(ui, view, result->step);
  flow(130, 12);
  legend(ui, 0, true, 40, result->input.channels == 3);
  const int stages = static_cast<int>(result->stages.size());
  const float label = ui.narrow ? 56 : 64, column = std::floor((size.x - label) / static_cast<float>(kRuleCount));
  ImGui::PushFont(ui.fonts.small);
  const ImVec2 head = ImGui::GetCursorScreenPos();
  ImGui::GetWindowDrawList()->AddText(head, ui.theme.muted, "random");
  for (std::size_t rule = 0; rule < kRuleCount; ++rule) {
    ImGui::GetWindowDrawList()->AddText({head.x + label + column * static_cast<float>(rule), head.y}, rule_color(ui, rule), rule_label(rule));
  }
  ImGui::Dummy({size.x, ImGui::GetFontSize()});
  const float words = 3 * ImGui::GetFontSize();
  ImGui::PopFont();
  const bool beside = column > 120;
  const float room = size.y - (ImGui::GetCursorPosY() - top);
  const float row = ui.narrow ? column + words : std::floor(room / static_cast<float>(stages));
  const int texels = std::max(result->input.height, result->input.width);
  const float side = crisp_size(ui, std::max(24.0f, beside ? std::min(row - 6, column - 54) : std::min(column - 8, row - words - 8)), texels);
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const float pitch = std::min(row, (beside ? side : side + words) + 12);
  for (int stage = 0; stage < stages; ++stage) {
    ImGui::SetCursorScreenPos({origin.x, origin.y + pitch * static_cast<float>(stage)});
    draw_stage(ui, *result, static_cast<std::size_t>(stage), label, column, side, beside);
  }
  ImGui::SetCursorScreenPos(origin);
  ImGui::Dummy({size.x, pitch * static_cast<float>(stages)});
  ui.mark("sanity.table");
}

void draw_sanity_chart(const Context& ui, ImVec2 size) {
  const auto* result = found<SanityRequest, SanityResult>(ui);
  const float top = ImGui::GetCursorPosY();
  heading(ui, "Rank correlation with the trained net's picture", kSanityText);
  if (result == nullptr || !whole(*result)) {
    draw_missing(ui, view_of<SanityRequest>(ui));
    return;
  }
  for (std::size_t rule = 0; rule < kRuleCount; ++rule) {
    flow(80, 12);
    ImGui::PushFont(ui.fonts.small);
    colored_text(rule_color(ui, rule), std::string("● ") + rule_label(rule));
    ImGui::PopFont();
  }
  const std::size_t stages = result->stages.size();
  std::array<std::vector<app::CurvePoint>, kRuleCount> points;
  std::array<std::vector<double>, kRuleCount> bands;
  Chart chart;
  chart.name = "sanity";
  for (std::size_t rule = 0; rule < kRuleCount; ++rule) {
    for (std::size_t stage = 0; stage < stages; ++stage) {
      const std::size_t cell = stage * kRuleCount + rule;
      if (!std::isfinite(result->correlation[cell])) continue;
      points[rule].push_back({stage, result->correlation[cell], result->counted[cell]});
      bands[rule].push_back(result->correlation_deviation[cell]);
    }
    chart.curves.push_back({.points = points[rule], .color = rule_color(ui, rule), .markers = true, .band = bands[rule]});
  }
  set_value_axis(chart, 0, 1);
  chart.last_step = std::max(1.0, static_cast<double>(stages) - 1) * 1.2;  // room for the axis' name behind its last number
  chart.x_label = "random layers";
  chart.empty_text = "no picture that could be compared";
  chart.mark = static_cast<double>(own_stage(*result));
  chart.read_out = [result](std::size_t rule, const app::CurvePoint& point) {
    const std::string stage = point.step == 0 ? "trained" : "random down to " + result->stages[static_cast<std::size_t>(point.step)];
    return rule_label(rule) + (", " + stage) + ":  ρ " + decimals(point.value) + print("  (n = %d images)", point.n);
  };
  const std::string text = cascade_text(*result);
  ImGui::PushFont(ui.fonts.small);
  const float words = ImGui::CalcTextSize(text.c_str(), nullptr, false, size.x).y + ImGui::GetFrameHeightWithSpacing() + 2 * ImGui::GetStyle().ItemSpacing.y;
  ImGui::PopFont();
  draw_chart(ui, chart, {size.x, std::max(90.0f, size.y - (ImGui::GetCursorPosY() - top) - words)});
  small_paragraph(ui, text);
  draw_use_output(ui);
}

}  // namespace lenet::ui
