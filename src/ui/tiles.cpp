// Tiles, grids of tiles, and the legend.
#include "ui/tiles.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "ui/format.h"
#include "ui/layers.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

constexpr float kTileGap = 3;

struct Range {
  float low, high;
};

float value_at(const Picture& picture, int plane, int y, int x) {
  return picture.values[(static_cast<std::size_t>(plane) * picture.height + y) * picture.width + x];
}

Range range_of(const Picture& picture, const Crop& crop) {
  Range range{INFINITY, -INFINITY};
  for (int plane = 0; plane < gfx::planes(picture.style.palette); ++plane) {
    for (int y = crop.top; y < crop.bottom; ++y) {
      for (int x = crop.left; x < crop.right; ++x) {
        const float v = value_at(picture, plane, y, x);
        range.low = std::min(range.low, v);
        range.high = std::max(range.high, v);
      }
    }
  }
  return range;
}

/// The value under the pointer; of a picture in colour all three.
std::string value_text(const Picture& picture, int y, int x) {
  if (gfx::planes(picture.style.palette) == 1) return number(value_at(picture, 0, y, x), 4);
  return "red " + number(value_at(picture, 0, y, x)) + ", green " + number(value_at(picture, 1, y, x)) + ", blue " +
         number(value_at(picture, 2, y, x));
}

void highlight(const Context& ui, ImVec2 low, ImVec2 high, ImU32 color, float thickness) {
  const float out = thickness / 2 + 0.5f;
  ImGui::GetWindowDrawList()->AddRect({low.x - out, low.y - out}, {high.x + out, high.y + out}, color, 2, 0, thickness);
  (void)ui;
}

Crop whole(const Picture& picture) { return {0, 0, picture.width, picture.height}; }

struct LegendText {
  std::string low, high;
};

LegendText legend_text(float scale, bool is_signed) {
  const std::string size = scale > 0 ? number(scale, 2) : "max";
  return {is_signed ? "−" + size : "0", is_signed ? "+" + size : size};
}

/// The legend's own numbers, -1 … 1, in three planes.
std::span<const float> ramp() {
  static const auto values = [] {
    std::array<float, 3 * 129> v;
    for (int i = 0; i < 3 * 129; ++i) v[i] = static_cast<float>(i % 129 - 64) / 64.0f;
    return v;
  }();
  return values;
}

}  // namespace

Picture make_picture(const Context& ui, std::span<const float> values, int width, int height, const gfx::TileStyle& style) {
  return {values, width, height, style, ui.atlas.add(values, width, height, style)};
}

gfx::TileStyle image_style(int channels) { return {channels == 3 ? gfx::Palette::kColor : gfx::Palette::kGrey, 1.0f}; }

gfx::TileStyle image_style(const Context& ui) { return image_style(ui.snapshot.input.channels); }

gfx::TileStyle signed_image_style(const Context& ui, int channels, float scale) {
  return {channels == 3 ? gfx::Palette::kSignedColor : ui.state.palette, scale};
}

gfx::TileStyle signed_image_style(const Context& ui, float scale) { return signed_image_style(ui, ui.snapshot.input.channels, scale); }

float held_scale(const Context& ui, const std::string& name, float now) {
  HeldScales& held = ui.state.held;
  if (held.run != ui.snapshot.run) held = {ui.snapshot.run, {}};
  if (ui.snapshot.timeline.shows_moment) return held.by_name.try_emplace(name, now).first->second;
  held.by_name[name] = now;
  return now;
}

float crisp_size(const Context& ui, float wish, int texels) {
  const float pixels = std::floor(wish * ui.pixel_ratio / static_cast<float>(texels) + 1e-3f);
  return pixels >= 3 ? pixels * static_cast<float>(texels) / ui.pixel_ratio : ui.snap(wish);
}

void draw_picture(const Context& ui, const Picture& picture, ImVec2 low, ImVec2 high) {
  draw_picture(ui, picture, whole(picture), low, high);
}

void draw_picture(const Context& ui, const Picture& picture, const Crop& crop, ImVec2 low, ImVec2 high) {
  const gfx::TileRef& ref = picture.ref;
  ImDrawList* draw = ImGui::GetWindowDrawList();
  if (ref.width == 0) {  // the atlas is about to grow
    draw->AddRectFilled(low, high, ui.theme.faint);
    return;
  }
  const float du = (ref.u1 - ref.u0) / static_cast<float>(ref.width), dv = (ref.v1 - ref.v0) / static_cast<float>(ref.height);
  const ImVec2 uv0(ref.u0 + du * static_cast<float>(crop.left), ref.v0 + dv * static_cast<float>(crop.top));
  const ImVec2 uv1(ref.u0 + du * static_cast<float>(crop.right), ref.v0 + dv * static_cast<float>(crop.bottom));
  draw->AddImage(ui.atlas_texture(), low, high, uv0, uv1);
}

float scale_of(std::span<const float> values) {
  float result = 0;
  for (const float v : values) result = std::max(result, std::isfinite(v) ? std::abs(v) : 0.0f);
  return result > 0 ? result : 1.0f;
}

bool picture_item(const Context& ui, std::string_view name, const Picture& picture, const Crop& crop, ImVec2 size, std::string_view title) {
  const ImVec2 low = ui.snap(ImGui::GetCursorScreenPos());
  const ImVec2 high(low.x + size.x, low.y + size.y);
  ImGui::PushID(name.data(), name.data() + name.size());
  const bool clicked = ImGui::InvisibleButton("picture", {std::max(1.0f, size.x), std::max(1.0f, size.y)});
  ImGui::PopID();
  draw_picture(ui, picture, crop, low, high);
  ImGui::GetWindowDrawList()->AddRect({low.x - 0.5f, low.y - 0.5f}, {high.x + 0.5f, high.y + 0.5f}, ui.theme.border);
  ui.mark(name, low, high, picture.style.scale);
  picture_tooltip(ui, picture, crop, title);
  return clicked;
}

void picture_tooltip(const Context& ui, const Picture& picture, const Crop& crop, std::string_view name) {
  if (!ImGui::IsItemHovered() || crop.right <= crop.left || crop.bottom <= crop.top) return;
  if (finger_lifted() || !ImGui::BeginTooltip()) return;
  const ImVec2 low = ImGui::GetItemRectMin(), size = ImGui::GetItemRectSize(), mouse = ImGui::GetMousePos();
  const int columns = crop.right - crop.left, rows = crop.bottom - crop.top;
  const int x = crop.left + std::clamp(static_cast<int>((mouse.x - low.x) / size.x * static_cast<float>(columns)), 0, columns - 1);
  const int y = crop.top + std::clamp(static_cast<int>((mouse.y - low.y) / size.y * static_cast<float>(rows)), 0, rows - 1);
  const Range range = range_of(picture, crop);
  ImGui::TextUnformatted(name.data(), name.data() + name.size());
  muted_text(ui, "from " + number(range.low) + " to " + number(range.high));
  const float side = crisp_size(ui, 120, std::max(columns, rows));
  const float cell = side / static_cast<float>(std::max(columns, rows));
  const ImVec2 at = ui.snap(ImGui::GetCursorScreenPos());
  const ImVec2 end(at.x + cell * static_cast<float>(columns), at.y + cell * static_cast<float>(rows));
  draw_picture(ui, picture, crop, at, end);
  ImDrawList* draw = ImGui::GetWindowDrawList();
  draw->AddRect({at.x - 1, at.y - 1}, {end.x + 1, end.y + 1}, ui.theme.border);
  const ImVec2 spot(at.x + cell * static_cast<float>(x - crop.left), at.y + cell * static_cast<float>(y - crop.top));
  draw->AddRect(spot, {spot.x + cell, spot.y + cell}, ui.theme.selected, 0, 0, 2);
  ImGui::Dummy({end.x - at.x, end.y - at.y});
  ImGui::Text("y %d, x %d:  %s", y, x, value_text(picture, y, x).c_str());
  ImGui::EndTooltip();
}

void draw_cell_numbers(const Context& ui, const Picture& picture, ImVec2 low, float cell) {
  constexpr float kSmallestCell = 29;  // that has room for "−.53"
  if (cell < kSmallestCell) return;
  ImGui::PushFont(ui.fonts.small);
  ImDrawList* draw = ImGui::GetWindowDrawList();
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      const float value = picture.values[static_cast<std::size_t>(y) * picture.width + x];
      const float size = std::abs(value) / picture.style.scale;
      const bool white = picture.style.palette == gfx::Palette::kGrey          ? size < 0.5f
                         : picture.style.palette == gfx::Palette::kBlueGreenRed ? (value < 0 ? size > 0.7f : size > 0.85f)
                         : picture.style.palette == gfx::Palette::kPurpleGreen ? size > 0.4f
                                                                               : (value < 0 ? size > 0.72f : size > 0.3f);
      std::string text = std::abs(value) < 9.995f ? print("%.2f", std::abs(value)) : number(std::abs(value), 2);
      if (text[0] == '0' && text.size() > 1) text.erase(0, 1);
      if (text == ".00") text = "0";
      if (value < 0 && text != "0") text.insert(0, "−");
      if (text_width(text) > cell) continue;  // a diverged run's numbers have no room; the tooltip has them
      const ImVec2 centre(low.x + cell * (static_cast<float>(x) + 0.5f), low.y + cell * (static_cast<float>(y) + 0.5f));
      draw->AddText({centre.x - text_width(text) / 2, centre.y - ImGui::GetFontSize() / 2},
                    white ? IM_COL32_WHITE : IM_COL32(20, 26, 36, 255), text.c_str());
    }
  }
  ImGui::PopFont();
}

GridLayout fit_grid(const Context& ui, float available, const TileGrid& grid, const GridLimits& limits) {
  GridLayout best;
  const int texels = std::max(grid.width, grid.height);
  for (int rows = 1;; ++rows) {
    const int columns = (grid.count + rows - 1) / rows;
    const float pitch = std::min((available + kTileGap) / static_cast<float>(columns), limits.largest + kTileGap);
    const float size = crisp_size(ui, pitch - kTileGap, texels);
    if (rows > 1 && rows > limits.rows && best.width >= limits.smallest) break;
    // The pitch follows the tile where the tile could not fill it, so that a grid never looks scattered.
    best = {columns, std::min(pitch, size + 2 * kTileGap), size * static_cast<float>(grid.width) / static_cast<float>(texels),
            size * static_cast<float>(grid.height) / static_cast<float>(texels)};
    if (size >= limits.smallest && (rows >= limits.rows || size >= limits.largest * 0.75f || columns == 1)) break;
    if (size >= limits.smallest && limits.rows == 1) break;
    if (columns == 1) break;
  }
  return best;
}

int draw_grid(const Context& ui, const TileGrid& grid, const GridLayout& layout, int first, int last) {
  int clicked = -1;
  const gfx::Palette palette = grid.color ? gfx::Palette::kSignedColor : ui.state.palette;
  const std::size_t size = static_cast<std::size_t>(grid.width) * grid.height * gfx::planes(palette);
  const ImVec2 origin = ui.snap(ImGui::GetCursorScreenPos());
  last = std::min(last, grid.count);
  const int rows = (last - first + layout.columns - 1) / layout.columns;
  for (int i = first; i < last; ++i) {
    const int column = (i - first) % layout.columns, row = (i - first) / layout.columns;
    const ImVec2 low = ui.snap(ImVec2(origin.x + layout.pitch * static_cast<float>(column),
                                      origin.y + (layout.height + kTileGap) * static_cast<float>(row)));
    const ImVec2 high(low.x + layout.width, low.y + layout.height);
    const auto values = grid.values.subspan(size * i, size);
    const float scale = choose_scale(ui, values, grid.layer_scale, grid.all_scale);
    const Picture picture = make_picture(ui, values, grid.width, grid.height, {palette, scale});
    ImGui::SetCursorScreenPos(low);
    ImGui::PushID(grid.kind);
    ImGui::PushID(i);
    if (ImGui::InvisibleButton("tile", {layout.width, layout.height})) clicked = i;
    ImGui::PopID();
    ImGui::PopID();
    draw_picture(ui, picture, low, high);
    if (!ui.theme.dark)
      ImGui::GetWindowDrawList()->AddRect({low.x - 0.5f, low.y - 0.5f}, {high.x + 0.5f, high.y + 0.5f}, ui.theme.border);
    const bool hovered = ImGui::IsItemHovered();
    if (i == grid.selected || hovered) highlight(ui, low, high, i == grid.selected ? ui.theme.selected : ui.theme.accent, 2);
    ui.mark(print("%s.%.*s.%d", grid.kind, static_cast<int>(grid.layer.size()), grid.layer.data(), i), low, high, scale);
    if (hovered) {
      picture_tooltip(ui, picture, whole(picture),
                      print("%.*s · %s %d", static_cast<int>(grid.layer.size()), grid.layer.data(), grid.word, i));
    }
  }
  ImGui::SetCursorScreenPos(origin);
  const int columns = std::min(layout.columns, last - first);
  ImGui::Dummy({layout.pitch * static_cast<float>(columns - 1) + layout.width,
                (layout.height + kTileGap) * static_cast<float>(rows) - kTileGap});
  return clicked;
}

void mark_grid(const Context& ui, const TileGrid& grid, const GridLayout& layout, ImVec2 low) {
  const float bottom = ImGui::GetItemRectMax().y;
  const int columns = std::min(layout.columns, grid.count);
  ui.mark(std::string(grid.kind) + "s." + std::string(grid.layer), low,
          {low.x + layout.pitch * static_cast<float>(columns - 1) + layout.width, bottom}, grid.layer_scale);
}

void legend_at_right(const Context& ui, float scale, bool is_signed, float width, bool color) {
  ImGui::PushFont(ui.fonts.small);
  const LegendText text = legend_text(scale, is_signed);
  const float wanted = text_width(text.low) + text_width(text.high) + width + 10;
  ImGui::PopFont();
  const float left = ImGui::GetWindowContentRegionMax().x - wanted;
  ImGui::SameLine(std::max(left, ImGui::GetItemRectMax().x - ImGui::GetWindowPos().x + 8));
  legend(ui, scale, is_signed, width, color);
}

void legend(const Context& ui, float scale, bool is_signed, float width, bool color) {
  const Picture picture = make_picture(ui, ramp(), 129, 1, {color ? gfx::Palette::kSignedColor : ui.state.palette, 1.0f});
  ImGui::PushFont(ui.fonts.small);
  const LegendText text = legend_text(scale, is_signed);
  // One item, so that it stands where it is put on any line.
  const float height = ImGui::GetFontSize(), left = text_width(text.low) + 5, right = left + width + 5;
  const ImVec2 at = ui.snap(ImGui::GetCursorScreenPos());
  ImDrawList* draw = ImGui::GetWindowDrawList();
  draw->AddText(at, ui.theme.muted, text.low.c_str());
  const ImVec2 top(at.x + left, at.y + std::round(height * 0.2f)), end(at.x + left + width, at.y + std::round(height * 0.85f));
  draw_picture(ui, picture, {is_signed ? 0 : 64, 0, 129, 1}, top, end);
  draw->AddRect({top.x - 0.5f, top.y - 0.5f}, {end.x + 0.5f, end.y + 0.5f}, ui.theme.border);
  draw->AddText({at.x + right, at.y}, ui.theme.muted, text.high.c_str());
  ImGui::Dummy({right + text_width(text.high), height});
  ImGui::PopFont();
  if (color) {
    tooltip(
        "What the colours mean: a filter's weights on red, green and blue are the red, green and blue of its tile. Mid grey is 0, darker "
        "is negative, brighter positive; the full range stands for the largest |value| of this group, or of each tile.");
    return;
  }
  tooltip(
      scale > 0
          ? "What the colours mean: the full colour stands for the largest |value| of this group; the scale is symmetric about 0."
          : "What the colours mean: each tile has a scale of its own, from its largest |value|.");
}

}  // namespace lenet::ui
