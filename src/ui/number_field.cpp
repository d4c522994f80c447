// The number field: text that is sent when it is finished and only if it is a number in range.
#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "ui/format.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

constexpr float kArrowWidth = 18;

/// What is being typed into a field, and what was sent but is not yet in a snapshot.
struct Draft {
  char text[40] = "";
  bool open = false;       // the text belongs to the user, not to the snapshot
  double shown_until = 0;  // keeps a sent value on screen until the session has it
};

Draft& draft_of(ImGuiID id) {
  static std::map<ImGuiID, Draft> drafts;
  return drafts[id];
}

std::optional<double> parse(const char* text, const NumberField& field) {
  char* end = nullptr;
  const double value = std::strtod(text, &end);
  while (*end == ' ') ++end;
  if (end == text || *end != '\0' || !std::isfinite(value)) return std::nullopt;
  if (value < field.low || value > field.high) return std::nullopt;
  if (field.whole && value != std::floor(value)) return std::nullopt;
  return value;
}

void print_value(const NumberField& field, double value, Draft& draft) {
  std::snprintf(draft.text, sizeof draft.text, field.whole ? "%.0f" : "%.6g", value);
}

std::string range_text(const NumberField& field) {
  return print("%s from %g to %g, please. Nothing is changed until then.", field.whole ? "A whole number" : "A number", field.low,
               field.high);
}

void warn(const Context& ui, const NumberField& field) {
  ImGui::GetWindowDrawList()->AddRect(ImGui::GetItemRectMin(), ImGui::GetItemRectMax(), ui.theme.bad,
                                      ImGui::GetStyle().FrameRounding, 0, 2);
  const std::string text = range_text(field);
  const float wrap = std::min(260.0f, ui.width - 40);
  const float width = ImGui::CalcTextSize(text.c_str(), nullptr, false, wrap).x + 2 * ImGui::GetStyle().WindowPadding.x;
  ImGui::SetNextWindowPos(
      {std::max(4.0f, std::min(ImGui::GetItemRectMin().x, ui.width - width - 8)), ImGui::GetItemRectMax().y + 4});
  if (!ImGui::BeginTooltip()) return;
  ImGui::PushTextWrapPos(wrap);
  colored_text(ui.theme.bad, text);
  ImGui::PopTextWrapPos();
  ImGui::EndTooltip();
}

/// The frame behind text and arrow.
void draw_frame(const Context& ui, float width) {
  const ImVec2 low = ImGui::GetCursorScreenPos();
  const ImVec2 high(low.x + width, low.y + ImGui::GetFrameHeight());
  const float rounding = ImGui::GetStyle().FrameRounding;
  ImGui::GetWindowDrawList()->AddRectFilled(low, high, ui.theme.raised, rounding);
  ImGui::GetWindowDrawList()->AddRect(low, high, ui.theme.border, rounding);
}

void input_text(Draft& draft, float width) {
  ImGui::SetNextItemWidth(width);
  ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, 0);
  ImGui::PushStyleColor(ImGuiCol_FrameBg, 0);
  ImGui::InputText("##text", draft.text, sizeof draft.text,
                   ImGuiInputTextFlags_CharsScientific | ImGuiInputTextFlags_AutoSelectAll);
  ImGui::PopStyleColor();
  ImGui::PopStyleVar();
}

std::optional<double> choice_list(const Context& ui, const NumberField& field) {
  std::optional<double> chosen;
  ImGui::SameLine(0, 0);
  if (ImGui::InvisibleButton("##list", {kArrowWidth, ImGui::GetFrameHeight()})) ImGui::OpenPopup("choices");
  ui.mark(std::string(field.name) + ".list");
  draw_down_arrow(ui, ImGui::GetItemRectMin(), ImGui::GetItemRectMax(), ImGui::IsItemHovered());
  tooltip("Common values.");
  if (!ImGui::BeginPopup("choices")) return chosen;
  for (const double value : field.choices) {
    const std::string label = print(field.whole ? "%.0f" : "%g", value);
    if (ImGui::Selectable(label.c_str(), value == field.value, 0, {60, 0})) chosen = value;
  }
  ImGui::EndPopup();
  return chosen;
}

}  // namespace

std::optional<double> number_field(const Context& ui, const NumberField& field) {
  std::optional<double> sent;
  begin_field(field.label);
  ImGui::PushID(field.name);
  if (field.label != nullptr) small_text(ui, field.label);
  Draft& draft = draft_of(ImGui::GetID("##text"));
  if (!draft.open && ImGui::GetTime() >= draft.shown_until) print_value(field, field.value, draft);

  const float list = field.choices.empty() ? 0 : kArrowWidth;
  draw_frame(ui, field.width);
  input_text(draft, field.width - list);
  ui.mark(field.name);
  const std::optional<double> typed = parse(draft.text, field);
  draft.open = ImGui::IsItemActive();
  if (draft.open && !typed) {
    warn(ui, field);
  } else if (!draft.open) {
    tooltip(field.explanation);
  }
  // The snapshot's value is printed with six digits, so a field that was only visited sends nothing.
  if (ImGui::IsItemDeactivatedAfterEdit() && typed) sent = typed;
  if (list > 0) {
    if (const std::optional<double> chosen = choice_list(ui, field)) sent = chosen;
  }
  if (sent) {
    print_value(field, *sent, draft);
    draft.shown_until = ImGui::GetTime() + 0.5;
  }
  ImGui::PopID();
  ImGui::EndGroup();
  return sent;
}

}  // namespace lenet::ui
