// The inspector follows the locked unit: its kernels, and what it sees in two images.
#include <algorithm>
#include <array>

#include "ui/format.h"
#include "ui/labs.h"
#include "ui/layers.h"
#include "ui/panels.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

using nn::kernels::BackwardRule;

constexpr const char* kInspectorText =
    "The locked unit from close up; it is renewed with every published step. Click a filter, a map or a dense unit to lock another "
    "one, "
    "or move with the arrow keys.";

/// In the order of the switch.
constexpr std::array<BackwardRule, 3> kRules = {BackwardRule::kDeconv, BackwardRule::kGradient, BackwardRule::kGuided};

const char* rule_text(BackwardRule rule) {
  switch (rule) {
    case BackwardRule::kDeconv:
      return "Deconvnet (Zeiler & Fergus 2014): the unit's strongest activation is sent back to the pixels: pools put values where "
             "their "
             "maximum was, each ReLU keeps what is positive in the signal itself, filters are transposed. R = max(0, R).";
    case BackwardRule::kGradient:
      return "Gradient: how the unit's strongest activation changes with each pixel, ∂a/∂x. A ReLU lets the signal through where "
             "its "
             "forward activation was positive. It starts from 1.";
    case BackwardRule::kGuided:
      return "Guided backpropagation (Springenberg et al. 2015): as the gradient, and each ReLU also drops what is negative in the "
             "signal. "
             "It starts from 1. Sharp pictures, but they say less about the weights than they seem to.";
  }
  return "";
}

void draw_title(const Context& ui, const app::LayerView& layer, int unit) {
  const int count = unit_count(layer);
  ImGui::AlignTextToFramePadding();
  heading(ui, "Inspector", kInspectorText);
  ImGui::SameLine(0, 12);
  ImGui::AlignTextToFramePadding();
  colored_text(ui.theme.selected, print("%s · unit %d", layer.name.c_str(), unit));
  tooltip(print("The locked unit: number %d of 0 … %d of layer %s.", unit, count - 1, layer.name.c_str()).c_str());
  const float width = 22;
  const bool closer = is_offered(ui, Lab::kCloser);
  ImGui::SameLine(ImGui::GetWindowContentRegionMax().x - (closer ? 3 * width + 6 : 2 * width + 3));
  if (closer) {
    if (button(ui, "unit.closer", "Σ", {width, 0}, ButtonLook::kPlain, "Look closer: the sum that this unit's activations are made of. (X)")) {
      open_lab(ui.state, Lab::kCloser);
    }
    ImGui::SameLine(0, 3);
  }
  if (button(ui, "unit.previous", "◀", {width, 0}, ButtonLook::kPlain, "The unit before this one. (←)")) {
    ui.post(app::command::LockUnit{layer.name, (unit + count - 1) % count});
  }
  ImGui::SameLine(0, 3);
  if (button(ui, "unit.next", "▶", {width, 0}, ButtonLook::kPlain, "The next unit. (→)")) {
    ui.post(app::command::LockUnit{layer.name, (unit + 1) % count});
  }
}

}  // namespace

void draw_rules(const Context& ui, float width) {
  static constexpr std::array<const char*, 3> kLabels = {"Deconv", "Gradient", "Guided"};
  static constexpr std::array<const char*, 3> kParts = {"deconv", "gradient", "guided"};
  const auto now = std::find(kRules.begin(), kRules.end(), ui.snapshot.rule);
  const int clicked =
      segmented(ui, "rule", kLabels, kParts, static_cast<int>(now - kRules.begin()), width - 22);
  ImGui::SameLine(0, 6);
  ImGui::AlignTextToFramePadding();
  info(ui, rule_text(ui.snapshot.rule));
  if (clicked >= 0) ui.post(app::command::SetRule{kRules[clicked]});
}

void draw_inspector(const Context& ui) {
  const app::LayerView* layer = find_layer(ui.snapshot, ui.snapshot.locked_layer);
  if (layer == nullptr || unit_count(*layer) == 0) {
    heading(ui, "Inspector", kInspectorText);
    ImGui::PushTextWrapPos(0);
    muted_text(ui, "Click a filter, a feature map or a dense unit to look at it from close up.");
    ImGui::PopTextWrapPos();
    return;
  }
  draw_title(ui, *layer, ui.snapshot.locked_unit);
  draw_kernels(ui, *layer, ui.snapshot.locked_unit);
  draw_rules(ui, ImGui::GetContentRegionAvail().x);
  draw_projection(ui, ui.snapshot.current);
  draw_winners(ui);
}

}  // namespace lenet::ui
