// The line above a stage: what the layer is, how far it moved, and its freeze toggle and rate.
#include <algorithm>
#include <cmath>

#include "ui/format.h"
#include "ui/layers.h"
#include "ui/panels.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

constexpr float kFreezeWidth = 98, kRateWidth = 54;

std::string shape_text(const app::LayerView& layer) {
  const nn::Shape& out = layer.output;
  return layer.kind == nn::LayerKind::kConv ? describe(layer) + print(" → %d×%d", out.height, out.width) : describe(layer);
}

std::string moved_text(const app::LayerView& layer) { return percent(layer.changed, layer.changed < 0.0995 ? 2 : 1); }

std::string update_text(const app::LayerView& layer) { return layer.frozen ? "0" : number(layer.update_ratio, 2); }

void draw_movement(const Context& ui, const app::LayerView& layer) {
  const auto value = [&](const char* label, const std::string& text, const char* explanation) {
    ImGui::BeginGroup();
    ImGui::AlignTextToFramePadding();
    muted_text(ui, label);
    ImGui::SameLine(0, 5);
    ImGui::TextUnformatted(text.c_str());
    ImGui::EndGroup();
    tooltip(explanation);
  };
  ImGui::PushFont(ui.fonts.small);
  value("moved", moved_text(layer),
        "How far the layer's weights are from where they started: ‖W − W₀‖ / ‖W₀‖, Euclidean norms over all weights of the layer.");
  ImGui::SameLine(0, 12);
  value("per step", update_text(layer),
        "How large the last update was beside the weights: ‖η r v‖ / ‖W‖. A rule of thumb: about 0.001 is healthy.");
  ImGui::PopFont();
}

void draw_controls(const Context& ui, const app::LayerView& layer) {
  ImGui::AlignTextToFramePadding();
  ImGui::PushFont(ui.fonts.small);
  muted_text(ui, "rate ×");
  ImGui::PopFont();
  ImGui::SameLine(0, 5);
  static constexpr double kMultipliers[] = {0, 0.01, 0.1, 0.5, 1, 2, 10};
  const std::string rate_name = "rate." + layer.name;
  if (auto value = number_field(
          ui, {.name = rate_name.c_str(),
               .label = nullptr,
               .value = layer.multiplier,
               .low = 0,
               .high = 1000,
               .width = kRateWidth,
               .explanation = "The layer's rate multiplier r: it learns with r times the learning rate, w ← w − η r v.",
               .choices = kMultipliers})) {
    ui.post(app::command::RateMultiplier{layer.name, *value});
  }
  ImGui::SameLine(0, 8);
  const std::string name = "freeze." + layer.name;
  if (button(ui, name.c_str(), layer.frozen ? "❄ Frozen" : "● Training", {kFreezeWidth, 0},
             layer.frozen ? ButtonLook::kFrozen : ButtonLook::kTraining,
             layer.frozen
                 ? "Frozen: no gradient step, no weight decay and no momentum reach this layer. Click to let it train again; "
                   "its momentum starts at 0."
                 : "This layer trains. Click to freeze it where it is: no gradient step, no weight decay, no momentum.")) {
    ui.post(app::command::Freeze{layer.name, !layer.frozen});
  }
}

}  // namespace

void draw_stage_header(const Context& ui, const app::LayerView& layer) {
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted(layer.name.c_str());
  ui.mark("stage." + layer.name);
  ImGui::SameLine(0, 10);
  ImGui::AlignTextToFramePadding();
  ImGui::PushFont(ui.fonts.small);
  // At least what usual numbers take, so that the line stands still while they change.
  const float movement = std::max(text_width("moved 00.0 %"), text_width("moved " + moved_text(layer))) +
                         std::max(text_width("per step 0.0000"), text_width("per step " + update_text(layer))) + 22;
  const bool changeable = ui.shows(Control::kFreeze);
  const float controls = changeable ? text_width("rate ×") + 5 + kRateWidth + 8 + kFreezeWidth : 0;
  const float right = ImGui::GetWindowContentRegionMax().x;
  const float room = right - ImGui::GetCursorPosX() - 10 - movement - 12 - controls;
  const std::string shape = shape_text(layer), full = shape + " · " + grouped(layer.parameter_count) + " params";
  // Where only this keeps it on one line, without the number of parameters: a scroll bar that comes and goes must not make lines.
  const bool one_line = text_width(shape) <= room;
  muted_text(ui, one_line && text_width(full) > room ? shape : full);
  tooltip(print("Input %s, output %s; %s weights and biases.", nn::to_string(layer.input).c_str(),
                nn::to_string(layer.output).c_str(), grouped(layer.parameter_count).c_str())
              .c_str());
  ImGui::PopFont();
  // Right-aligned on the same line where it fits, else on lines of its own.
  if (one_line) {
    ImGui::SameLine(right - controls - 12 - movement);
    draw_movement(ui, layer);
    if (changeable) ImGui::SameLine(right - controls);
  } else {
    draw_movement(ui, layer);
    if (changeable && ImGui::GetItemRectMax().x - ImGui::GetWindowPos().x + 10 + controls <= right) ImGui::SameLine(right - controls);
  }
  if (changeable) draw_controls(ui, layer);
}

}  // namespace lenet::ui
