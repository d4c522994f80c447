// Parts that the labs' panels share.
#include "ui/lab_panes.h"

#include <algorithm>
#include <array>

#include "ui/widgets.h"

namespace lenet::ui {

void begin_pane(const char* id, ImVec2 size) {
  ImGui::PushStyleColor(ImGuiCol_ChildBg, 0);
  ImGui::BeginChild(id, size, size.y == 0 ? ImGuiChildFlags_AutoResizeY : ImGuiChildFlags_None);
  ImGui::PopStyleColor();
}

void end_pane() { ImGui::EndChild(); }

ImU32 series_color(const Theme& theme, std::size_t i) {
  const std::array<ImU32, 8> colors = {theme.arms[0], theme.arms[1], theme.arms[2], theme.arms[3],
                                       theme.bad,     theme.ice,     theme.good,    theme.muted};
  return colors[i % colors.size()];
}

ImU32 class_color(int i) {
  // Neighbours in number differ in lightness too, for eyes that see fewer colours.
  static constexpr std::array<ImU32, 10> kColors = {
      IM_COL32(31, 119, 180, 255), IM_COL32(245, 180, 60, 255),  IM_COL32(44, 130, 60, 255), IM_COL32(230, 110, 105, 255),
      IM_COL32(120, 70, 160, 255), IM_COL32(150, 205, 235, 255), IM_COL32(140, 86, 75, 255), IM_COL32(175, 215, 120, 255),
      IM_COL32(205, 60, 140, 255), IM_COL32(170, 170, 175, 255)};
  return kColors[static_cast<std::size_t>(std::clamp(i, 0, 9))];
}

void curve_name(const Context& ui, ImU32 color, std::string_view name) {
  ImGui::PushFont(ui.fonts.small);
  colored_text(color, "●");
  ImGui::SameLine(0, 3);
  ImGui::TextUnformatted(name.data(), name.data() + name.size());
  ImGui::PopFont();
}

ImVec2 picture_size(const Context& ui, float side, int width, int height) {
  const int texels = std::max({width, height, 1});
  const float size = crisp_size(ui, side, texels);
  return {size * static_cast<float>(width) / static_cast<float>(texels),
          size * static_cast<float>(height) / static_cast<float>(texels)};
}

void centered_small_text(const Context& ui, std::string_view text, float width, ImU32 color) {
  ImGui::PushFont(ui.fonts.small);
  const float room = width - text_width(text);
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + std::max(0.0f, room / 2));
  colored_text(color, text);
  ImGui::PopFont();
}

}  // namespace lenet::ui
