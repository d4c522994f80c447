// What the panels of several labs draw with: parts of the card, curves told apart, pictures of one size with words around them.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "app/snapshot.h"
#include "ui/context.h"
#include "ui/tiles.h"

namespace lenet::ui {

/// A part of a card without a frame of its own; it scrolls where its content is larger. A height of 0: as high as what is in it.
/// Ends with end_pane().
void begin_pane(const char* id, ImVec2 size);
void end_pane();

/// The colour of curve `i` of a chart: eight that are told apart, then again from the first.
ImU32 series_color(const Theme& theme, std::size_t i);

/// Colour of output `i` where all ten stand beside each other; the same in light and dark.
ImU32 class_color(int i);

/// "● conv1" in the colour of its curve.
void curve_name(const Context& ui, ImU32 color, std::string_view name);

/// The size of a picture of `width` × `height` texels whose longer side is at most `side`, on whole screen pixels where it can be.
ImVec2 picture_size(const Context& ui, float side, int width, int height);

/// Small words in the middle of `width`.
void centered_small_text(const Context& ui, std::string_view text, float width, ImU32 color);

}  // namespace lenet::ui
