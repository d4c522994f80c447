#include "ui/lab_parts.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "ui/format.h"
#include "ui/widgets.h"

namespace lenet::ui {

void begin_part(const char* id, ImVec2 size) {
  ImGui::PushStyleColor(ImGuiCol_ChildBg, 0);
  ImGui::BeginChild(id, size, size.y == 0 ? ImGuiChildFlags_AutoResizeY : ImGuiChildFlags_None);
  ImGui::PopStyleColor();
}

void end_part() { ImGui::EndChild(); }

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
  return kColors[static_cast<std::size_t>(std::max(i, 0)) % kColors.size()];
}

void curve_name(const Context& ui, ImU32 color, std::string_view name) {
  ImGui::PushFont(ui.fonts.small);
  colored_text(color, "●");
  ImGui::SameLine(0, 3);
  ImGui::TextUnformatted(name.data(), name.data() + name.size());
  ImGui::PopFont();
}

void centered_small_text(const Context& ui, std::string_view text, float width, ImU32 color) {
  ImGui::PushFont(ui.fonts.small);
  const float room = width - text_width(text);
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + std::max(0.0f, room / 2));
  colored_text(color, text);
  ImGui::PopFont();
}

void small_paragraph(const Context& ui, std::string_view text) {
  ImGui::PushTextWrapPos(0);
  small_text(ui, text);
  ImGui::PopTextWrapPos();
}

bool button_unless(const Context& ui, const std::string& reason, const char* name, const char* label, ImVec2 size, ButtonLook look, const char* explanation) {
  if (reason.empty()) return button(ui, name, label, size, look, explanation);
  ImGui::BeginDisabled();
  button(ui, name, label, size, ButtonLook::kPlain, reason.c_str());
  ImGui::EndDisabled();
  return false;
}

namespace {

Picture picture_of(const Context& ui, std::span<const float> values, const nn::Shape& shape, const gfx::TileStyle& style) {
  if (shape.size() == 0 || values.size() < shape.size()) return {};
  return make_picture(ui, values, shape.width, shape.height, style);
}

}  // namespace

Picture image_picture(const Context& ui, std::span<const float> values, const nn::Shape& shape) {
  return picture_of(ui, values, shape, image_style(shape.channels));
}

Picture signed_picture(const Context& ui, std::span<const float> values, const nn::Shape& shape, float scale) {
  return picture_of(ui, values, shape, signed_image_style(ui, shape.channels, scale));
}

ImVec2 picture_size(const Context& ui, float side, int width, int height) {
  const int texels = std::max({width, height, 1});
  const float size = crisp_size(ui, side, texels);
  return {size * static_cast<float>(width) / static_cast<float>(texels),
          size * static_cast<float>(height) / static_cast<float>(texels)};
}

bool whole_picture(const Context& ui, std::string_view name, const Picture& picture, float side, std::string_view title) {
  if (picture.width == 0) {
    ImGui::Dummy({side, side});
    return false;
  }
  return picture_item(ui, name, picture, {0, 0, picture.width, picture.height}, picture_size(ui, side, picture.width, picture.height), title);
}

void frame_field(const Context& ui, const nn::ReceptiveField& field, const nn::Shape& image) {
  const ImVec2 low = ImGui::GetItemRectMin(), size = ImGui::GetItemRectSize();
  const bool whole = field.top <= 0 && field.left <= 0 && field.bottom >= image.height && field.right >= image.width;
  if (whole || field.bottom <= field.top || image.width < 1 || image.height < 1) return;
  const auto at = [&](int y, int x) {
    return ImVec2(low.x + size.x * static_cast<float>(x) / static_cast<float>(image.width), low.y + size.y * static_cast<float>(y) / static_cast<float>(image.height));
  };
  ImGui::GetWindowDrawList()->AddRect(at(field.top, field.left), at(field.bottom, field.right), ui.theme.selected, 0, 0, 2);
}

Mosaic fit_mosaic(const Context& ui, ImVec2 room, int count, int texels, float largest) {
  constexpr float kGapBetween = 4, kSmallest = 8;
  Mosaic best;
  const float width = std::max(room.x, kSmallest + kGapBetween);
  for (int columns = 1; columns <= std::max(1, count); ++columns) {
    const int rows = (count + columns - 1) / columns;
    const float across = (width + kGapBetween) / static_cast<float>(columns), down = (room.y + kGapBetween) / static_cast<float>(rows);
    const float wish = std::min(std::floor(std::min(across, down)) - kGapBetween, largest);
    if (wish < kSmallest) continue;
    const float tile = crisp_size(ui, wish, std::max(1, texels));
    if (tile <= best.tile) continue;
    best = {columns, tile, tile + kGapBetween, static_cast<float>(rows) * (tile + kGapBetween)};
  }
  if (best.tile > 0) return best;
  // No room for all of them: small ones, and the part scrolls.
  const int columns = std::max(1, static_cast<int>((width + kGapBetween) / (kSmallest + kGapBetween)));
  const int rows = (count + columns - 1) / columns;
  return {columns, kSmallest, kSmallest + kGapBetween, static_cast<float>(rows) * (kSmallest + kGapBetween)};
}

void set_value_axis(Chart& chart, double low, double high) {
  for (const ChartCurve& curve : chart.curves) {
    for (std::size_t i = 0; i < curve.points.size(); ++i) {
      const double value = curve.points[i].value;
      const double band = i < curve.band.size() && std::isfinite(curve.band[i]) ? curve.band[i] : 0;
      if (!std::isfinite(value)) continue;
      low = std::min(low, value - band);
      high = std::max(high, value + band);
    }
  }
  if (high - low < 1e-9) high = low + 1;
  const double margin = 0.04 * (high - low);
  chart.low = low - margin;
  chart.high = high + margin;
  chart.position = linear;
  chart.guide = chart.low - 1;  // none
  chart.ticks.clear();
  const double step = nice_step(chart.high - chart.low, 4);
  for (double value = std::ceil(chart.low / step) * step; value <= chart.high; value += step) {
    const std::string size = print("%g", std::abs(value));  // as short as a round number is: "0.5", not "0.500"
    chart.ticks.push_back({value, std::abs(value) < step / 2 ? std::string("0") : (value < 0 ? "−" : "") + size});
  }
}

std::string counted(int part, int whole) { return print("%d of %d", part, whole); }

}  // namespace lenet::ui
