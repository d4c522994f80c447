// Building blocks of the panels.
#include "ui/widgets.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "ui/format.h"

namespace lenet::ui {

namespace {

void push_button_colors(const Theme& theme, ButtonLook look) {
  ImU32 face = theme.raised, hovered = theme.hovered, pressed = theme.pressed, text = theme.text, edge = theme.border;
  if (look == ButtonLook::kPrimary) {
    face = edge = theme.accent;
    hovered = pressed = theme.accent_hovered;
    text = theme.on_accent;
  } else if (look == ButtonLook::kFrozen) {
    face = hovered = pressed = theme.ice_back;
    text = edge = theme.ice;
  } else if (look == ButtonLook::kTraining) {
    face = theme.card;
    text = theme.good;
  }
  ImGui::PushStyleColor(ImGuiCol_Button, face);
  ImGui::PushStyleColor(ImGuiCol_ButtonHovered, hovered);
  ImGui::PushStyleColor(ImGuiCol_ButtonActive, pressed);
  ImGui::PushStyleColor(ImGuiCol_Text, text);
  ImGui::PushStyleColor(ImGuiCol_Border, edge);
}

void small_label(const Context& ui, const char* label) {
  if (label == nullptr) return;
  ImGui::PushFont(ui.fonts.small);
  muted_text(ui, label);
  ImGui::PopFont();
}

}  // namespace

bool begin_card(const Context&, const char* id, ImVec2 size, bool fit_height) {
  const ImGuiChildFlags flags = ImGuiChildFlags_Border | ImGuiChildFlags_AlwaysUseWindowPadding |
                                (fit_height ? ImGuiChildFlags_AutoResizeY : ImGuiChildFlags_None);
  return ImGui::BeginChild(id, size, flags);
}

void end_card() { ImGui::EndChild(); }

void muted_text(const Context& ui, std::string_view text) { colored_text(ui.theme.muted, text); }

void small_text(const Context& ui, std::string_view text) {
  ImGui::PushFont(ui.fonts.small);
  muted_text(ui, text);
  ImGui::PopFont();
}

void small_text_beside(const Context& ui, std::string_view text, float gap) {
  constexpr float kAscent = 0.8f;  // part of a font's size above the baseline
  const float line = ImGui::GetItemRectSize().y;
  ImGui::SameLine(0, gap);
  ImGui::PushFont(ui.fonts.small);
  ImGui::SetCursorPosY(ImGui::GetCursorPosY() + kAscent * std::max(0.0f, line - ImGui::GetFontSize()));
  muted_text(ui, text);
  ImGui::PopFont();
}

void colored_text(ImU32 color, std::string_view text) {
  ImGui::PushStyleColor(ImGuiCol_Text, color);
  ImGui::TextUnformatted(text.data(), text.data() + text.size());
  ImGui::PopStyleColor();
}

void heading(const Context& ui, std::string_view title, const char* explanation) {
  ImGui::TextUnformatted(title.data(), title.data() + title.size());
  ImGui::SameLine(0, 6);
  info(ui, explanation);
}

bool finger_lifted() {
  const ImGuiIO& io = ImGui::GetIO();
  return io.MouseSource == ImGuiMouseSource_TouchScreen && !io.MouseDown[0];
}

void show_tooltip(const char* text) {
  constexpr float kHeights = 25, kMargins = 24;
  if (!ImGui::BeginTooltip()) return;
  ImGui::PushTextWrapPos(std::min(ImGui::GetFontSize() * kHeights, ImGui::GetIO().DisplaySize.x - kMargins));
  ImGui::TextUnformatted(text);
  ImGui::PopTextWrapPos();
  ImGui::EndTooltip();
}

void tooltip(const char* text) {
  static ImGuiID pressed = 0;  // what was pressed is known: its tooltip would only cover its neighbours while the pointer rests
  const ImGuiID item = ImGui::GetItemID();
  if (item != 0 && ImGui::IsItemActive()) pressed = item;
  if (pressed == item && item != 0) {
    if (ImGui::IsItemHovered() || ImGui::IsItemActive()) return;
    pressed = 0;
  }
  if (text == nullptr || *text == '\0' || finger_lifted() || !ImGui::IsItemHovered(ImGuiHoveredFlags_ForTooltip)) return;
  show_tooltip(text);
}

void info(const Context& ui, const char* explanation) {
  muted_text(ui, "ⓘ");
  if (ImGui::IsItemHovered()) show_tooltip(explanation);
}

void labelled_value(const Context& ui, const char* label, std::string_view value, const char* explanation) {
  ImGui::BeginGroup();
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
  small_label(ui, label);
  ImGui::TextUnformatted(value.data(), value.data() + value.size());
  ImGui::PopStyleVar();
  ImGui::EndGroup();
  tooltip(explanation);
}

bool button(const Context& ui, const char* name, const char* label, ImVec2 size, ButtonLook look, const char* explanation) {
  push_button_colors(ui.theme, look);
  ImGui::PushID(name);
  const bool pressed = ImGui::Button(label, size);
  ImGui::PopID();
  ImGui::PopStyleColor(5);
  ui.mark(name);
  tooltip(explanation);
  return pressed;
}

namespace {

/// Where the parts of so many labels end: equally wide, or where one does not fit into that, as wide as each needs and the rest shared.
std::vector<float> part_ends(std::span<const char* const> labels, float width) {
  const auto count = static_cast<float>(labels.size());
  const float each = std::floor(width / count);
  float widest = 0, all = 0;
  for (const char* label : labels) {
    widest = std::max(widest, ImGui::CalcTextSize(label).x);
    all += ImGui::CalcTextSize(label).x;
  }
  std::vector<float> ends;
  float end = 0;
  for (const char* label : labels) {
    end += widest + 4 <= each ? each : ImGui::CalcTextSize(label).x + (width - all) / count;
    ends.push_back(std::floor(end));
  }
  return ends;
}

}  // namespace

int segmented(const Context& ui, const char* name, std::span<const char* const> labels, std::span<const char* const> parts,
              int current, float width) {
  const std::vector<float> ends = part_ends(labels, width);
  const float padding = ImGui::GetStyle().FramePadding.y;
  const float height = ImGui::GetFontSize() + 2 * padding;
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  ImDrawList* draw = ImGui::GetWindowDrawList();
  const float rounding = ImGui::GetStyle().FrameRounding;
  const ImVec2 end(origin.x + ends.back(), origin.y + height);
  draw->AddRectFilled(origin, end, ui.theme.raised, rounding);
  int clicked = -1;
  ImGui::PushID(name);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const float left = i == 0 ? 0 : ends[i - 1];
    ImGui::SetCursorScreenPos({origin.x + left, origin.y});
    const bool chosen = static_cast<int>(i) == current;
    ImGui::PushID(static_cast<int>(i));
    if (ImGui::InvisibleButton("part", {ends[i] - left, height}) && !chosen) clicked = static_cast<int>(i);
    ImGui::PopID();
    ui.mark(std::string(name) + "." + parts[i]);
    const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
    if (chosen || ImGui::IsItemHovered()) draw->AddRectFilled(low, high, chosen ? ui.theme.accent : ui.theme.hovered, rounding);
    const ImVec2 size = ImGui::CalcTextSize(labels[i]);
    draw->AddText({std::round((low.x + high.x - size.x) / 2), std::round((low.y + high.y - size.y) / 2)},
                  chosen ? ui.theme.on_accent : ui.theme.text, labels[i]);
  }
  ImGui::PopID();
  draw->AddRect(origin, end, ui.theme.border, rounding);
  return clicked;
}

void begin_field(const char* label) {
  // Else ImGui moves the label down to the baseline of the text in the button or field before it.
  if (label != nullptr) ImGui::GetCurrentWindow()->DC.CurrLineTextBaseOffset = 0;
  ImGui::BeginGroup();
}

std::optional<std::string> choice_field(const Context& ui, const char* name, const char* label, std::span<const Choice> choices,
                                        std::string_view current, float width, const char* explanation) {
  std::optional<std::string> chosen;
  const auto now = std::find_if(choices.begin(), choices.end(), [&](const Choice& c) { return c.key == current; });
  const std::string shown = now == choices.end() ? std::string(current) : now->label;
  begin_field(label);
  small_label(ui, label);
  ImGui::SetNextItemWidth(width);
  ImGui::PushID(name);
  constexpr float kArrow = 18, kArrowHead = 14;
  const bool open = ImGui::BeginCombo("##choice", shortened(shown, width - kArrowHead - ImGui::GetStyle().FramePadding.x).c_str(), ImGuiComboFlags_HeightLarge | ImGuiComboFlags_NoArrowButton);
  ImGui::PopID();
  if (!open) {
    ui.mark(name);
    const ImVec2 high = ImGui::GetItemRectMax();
    draw_down_arrow(ui, {high.x - kArrow, ImGui::GetItemRectMin().y}, high, ImGui::IsItemHovered());
    tooltip(explanation);
  } else {
    for (const Choice& choice : choices) {
      if (ImGui::Selectable(choice.label.c_str(), choice.key == current) && choice.key != current) chosen = choice.key;
      ui.mark(std::string(name) + "." + choice.key);
    }
    ImGui::EndCombo();
  }
  ImGui::EndGroup();
  return chosen;
}

void draw_down_arrow(const Context& ui, ImVec2 low, ImVec2 high, bool hovered) {
  const float x = (low.x + high.x) / 2 - 1, y = (low.y + high.y) / 2;
  const ImU32 color = hovered ? ui.theme.text : ui.theme.muted;
  const ImVec2 points[] = {{x - 3.5f, y - 1.5f}, {x, y + 2}, {x + 3.5f, y - 1.5f}};
  ImGui::GetWindowDrawList()->AddPolyline(points, 3, color, 0, 1.5f);
}

float text_width(std::string_view text) { return ImGui::CalcTextSize(text.data(), text.data() + text.size()).x; }

std::string shortened(std::string text, float width) {
  if (text_width(text) <= width) return text;
  const auto is_inside = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };
  while (text.size() > 1 && text_width(text + "…") > width) {
    while (text.size() > 1 && is_inside(text.back())) text.pop_back();
    text.pop_back();
  }
  return text + "…";
}

void flow(float width, float spacing) {
  const float gap = spacing < 0 ? ImGui::GetStyle().ItemSpacing.x : spacing;
  const float right = ImGui::GetWindowPos().x + ImGui::GetWindowContentRegionMax().x;
  if (ImGui::GetItemRectMax().x + gap + width <= right + 0.5f) ImGui::SameLine(0, gap);
}

}  // namespace lenet::ui
