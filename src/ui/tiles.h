// Numbers as pictures: single tiles, grids of them, strips of units, and the legend that says what the colours mean.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "ui/context.h"

namespace lenet::ui {

/// One picture of numbers in the atlas, ready to be drawn.
struct Picture {
  std::span<const float> values;  ///< [plane][height][width], with gfx::planes() of its palette
  int width = 0, height = 0;
  gfx::TileStyle style;
  gfx::TileRef ref;
};

Picture make_picture(const Context& ui, std::span<const float> values, int width, int height, const gfx::TileStyle& style);

/// How the network's input is drawn, and what is sent back to it: in colour where it has three channels; of other numbers of
/// channels the first is drawn alone.
gfx::TileStyle image_style(const Context& ui);
gfx::TileStyle image_style(int channels);
gfx::TileStyle signed_image_style(const Context& ui, float scale);
gfx::TileStyle signed_image_style(const Context& ui, int channels, float scale);

/// The largest size of at most `wish` CSS pixels at which each of `texels` has the same whole number of screen pixels; below
/// three screen pixels a texel, `wish` itself on the pixel grid.
float crisp_size(const Context& ui, float wish, int texels);

/// A rectangle of a picture's texels.
struct Crop {
  int left = 0, top = 0, right = 0, bottom = 0;
};
void draw_picture(const Context& ui, const Picture& picture, ImVec2 low, ImVec2 high);
void draw_picture(const Context& ui, const Picture& picture, const Crop& crop, ImVec2 low, ImVec2 high);

/// The largest |value|, as a scale: 1 where all are 0 or no numbers.
float scale_of(std::span<const float> values);

/// A scale that stays the present's while a stored step is shown, so that a weaker picture looks weaker there: `now` while the present is
/// shown, then what this name had last. A name first seen at a stored step keeps the scale that it had there.
float held_scale(const Context& ui, const std::string& name, float now);

/// A picture at the cursor as something to hover and to press: framed, registered, with its tooltip. Returns whether it was clicked.
bool picture_item(const Context& ui, std::string_view name, const Picture& picture, const Crop& crop, ImVec2 size, std::string_view title);

/// Part `index` of an array of equally large parts.
inline std::span<const float> part_of(std::span<const float> all, std::size_t size, std::size_t index) { return all.subspan(index * size, size); }

/// Shown while the last item, which shows `crop` of the picture, is hovered: name, range, the value under the pointer.
void picture_tooltip(const Context& ui, const Picture& picture, const Crop& crop, std::string_view name);

/// The values of a picture of one plane that was drawn from `low` on with square cells, as numbers on its colours: dark on the pale middle of a palette,
/// white on its ends. None where the cells are too small for them.
void draw_cell_numbers(const Context& ui, const Picture& picture, ImVec2 low, float cell);

/// A grid of equally large pictures, one a unit.
struct TileGrid {
  const char* kind = "tile";  ///< registered as kind.layer.index, the whole as kind + "s." + layer
  std::string_view layer;
  const char* word = "filter";    ///< in the tooltip, before the number
  std::span<const float> values;  ///< [count][height][width]; in colour [count][3][height][width]
  bool color = false;             ///< red, green and blue in one tile; else through the palette
  int count = 0, width = 0, height = 0;
  float layer_scale = 1, all_scale = 1;
  int selected = -1;
};

struct GridLayout {
  int columns = 1;
  float pitch = 0;              ///< from tile to tile
  float width = 0, height = 0;  ///< of a tile
};

struct GridLimits {
  float smallest = 24, largest = 64;
  int rows = 1;  ///< as many as this before tiles get smaller than `smallest`
};
GridLayout fit_grid(const Context& ui, float available, const TileGrid& grid, const GridLimits& limits);

/// Draws tiles first … last - 1 in rows. Returns the clicked one, or -1.
int draw_grid(const Context& ui, const TileGrid& grid, const GridLayout& layout, int first, int last);
/// Registers a grid that was drawn from `low` to the cursor.
void mark_grid(const Context& ui, const TileGrid& grid, const GridLayout& layout, ImVec2 low);

/// "−0.52 ▭ +0.52" drawn from the palette itself, or as a colour tile draws its channels. A scale of 0 stands for "each tile has
/// its own".
void legend(const Context& ui, float scale, bool is_signed, float width, bool color = false);
/// The same, ending at the window's right edge, on the line of the last item.
void legend_at_right(const Context& ui, float scale, bool is_signed, float width, bool color = false);

}  // namespace lenet::ui
