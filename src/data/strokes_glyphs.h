// The skeletons of the drawn digits: the paths a pen takes, for several ways of writing each digit.
#pragma once

#include <cstdint>
#include <span>

namespace lenet::data {

/// How the path passes a control point.
enum class Pen : std::uint8_t {
  kDown,    ///< a new stroke begins here
  kSmooth,  ///< the curve runs through
  kCorner,  ///< the curve arrives and leaves with its own directions
};

/// A control point in percent of the digit's height: x to the right, y down. Curves run through their control points.
struct GlyphPoint {
  std::int8_t x;
  std::int8_t y;
  Pen pen;
};

/// A way of writing a digit: its strokes one after the other, each beginning with Pen::kDown.
using Glyph = std::span<const GlyphPoint>;

/// The largest number of control points of any glyph.
inline constexpr int kMaxGlyphPoints = 16;

/// All ways of writing `digit` (0 … 9); each is equally likely.
std::span<const Glyph> glyphs_of(int digit);

}  // namespace lenet::data
