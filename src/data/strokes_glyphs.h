// The skeletons of the drawn digits: the paths a pen takes, for several ways of writing each digit.
#pragma once

#include <cstddef>
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

/// A digit's strokes one after the other, each beginning with Pen::kDown and of two points at least.
using Glyph = std::span<const GlyphPoint>;

/// One way of writing a digit, and how often it is taken: `share` in the sum of all shares of its digit.
struct Writing {
  Glyph glyph;
  std::uint32_t share;
};

/// The largest numbers of control points and of strokes of any glyph.
inline constexpr std::size_t kMostGlyphPoints = 16;
inline constexpr std::size_t kMostStrokes = 3;

/// All ways of writing `digit` (0 … 9).
std::span<const Writing> writings_of(int digit);

}  // namespace lenet::data
