// What the panels of several labs draw with: parts of the card, curves told apart, pictures in the shape of an outcome, which need not be
// that of the present network, and axes of charts.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ui/chart.h"
#include "ui/tiles.h"
#include "ui/widgets.h"

namespace lenet::ui {

/// A part of the card without a frame. It scrolls where its content is higher. A height of 0: as high as its content. Ends with end_part().
void begin_part(const char* id, ImVec2 size);
void end_part();

/// The colour of curve `i` of a chart: eight that are told apart, then again from the first.
ImU32 series_color(const Theme& theme, std::size_t i);

/// Colour of output `i` where all ten stand beside each other; the same in light and dark.
ImU32 class_color(int i);

/// "● conv1" in the colour of its curve.
void curve_name(const Context& ui, ImU32 color, std::string_view name);

/// Small words in the middle of `width`.
void centered_small_text(const Context& ui, std::string_view text, float width, ImU32 color);

/// Muted small words that wrap at the window's edge.
void small_paragraph(const Context& ui, std::string_view text);

/// A button that says in its tooltip why it cannot be pressed, where `reason` is not empty.
bool button_unless(const Context& ui, const std::string& reason, const char* name, const char* label, ImVec2 size, ButtonLook look, const char* explanation);

/// An image as the network sees it, and signed values in its pixels: in colour where it has three channels; of other numbers of channels
/// the first alone. `values` holds shape.size() numbers or more; fewer make an empty picture, which draws nothing.
Picture image_picture(const Context& ui, std::span<const float> values, const nn::Shape& shape);
Picture signed_picture(const Context& ui, std::span<const float> values, const nn::Shape& shape, float scale);

/// Size of a picture of `width` × `height` texels whose longer side is `side` or a little less, so that its texels have whole screen pixels
/// where they can.
ImVec2 picture_size(const Context& ui, float side, int width, int height);

/// picture_item() of the whole picture. Returns whether it was clicked.
bool whole_picture(const Context& ui, std::string_view name, const Picture& picture, float side, std::string_view title);

/// The pixels that a unit sees, framed on the last item, which shows the whole image.
void frame_field(const Context& ui, const nn::ReceptiveField& field, const nn::Shape& image);

/// How `count` equally large tiles of so many texels fill a place.
struct Mosaic {
  int columns = 1;
  float tile = 0;   ///< the longer side of a tile
  float pitch = 0;  ///< from tile to tile
  float height = 0; ///< of all rows
};
Mosaic fit_mosaic(const Context& ui, ImVec2 room, int count, int texels, float largest);

/// From the lowest to the highest value of all curves, their bands included, a little air, and about four ticks. `low` and `high` are in it.
void set_value_axis(Chart& chart, double low, double high);

/// "3 of 20"
std::string counted(int part, int whole);

}  // namespace lenet::ui
