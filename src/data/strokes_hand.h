// The hand that writes the strokes set: it turns a skeleton into the path of a pen, each time a little differently.
#pragma once

#include <array>

#include "base/random.h"
#include "data/strokes_glyphs.h"

namespace lenet::data {

/// A place on the paper, in units of the digit's height around its middle: x to the right, y down.
struct Point {
  double x = 0;
  double y = 0;
};

inline Point operator+(Point a, Point b) { return {a.x + b.x, a.y + b.y}; }
inline Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y}; }
inline Point operator*(double f, Point p) { return {f * p.x, f * p.y}; }

/// Where the pen is and how broad it draws there.
struct PenPoint {
  Point at;
  double radius = 0;    ///< half the line's width, in pixels of the finished image
  bool begins = false;  ///< the pen is put down here: no line leads to it
};

/// Straight pieces between two control points; more would not show at this size.
inline constexpr int kPiecesPerSpan = 4;
/// The hooks that a hand may add to a glyph's control points: one at either end of each stroke.
inline constexpr int kMostHooks = 2 * kMostStrokes;

/// The path of a pen: straight pieces between consecutive points of one stroke.
struct PenPath {
  std::array<PenPoint, (kMostGlyphPoints + kMostHooks) * kPiecesPerSpan> points;
  int size = 0;

  void add(Point at, bool begins) { points[static_cast<std::size_t>(size++)] = {at, 0, begins}; }
};

/// Writes a glyph. What varies: slant, rotation, aspect, bows and other smooth distortions of the whole digit; the place, size and turn
/// of each stroke; every control point a little; rounded corners; hooks where the pen is put down or taken off; the pen's width, and
/// the pressure along each stroke.
PenPath write_glyph(Glyph glyph, RandomStream& random);

}  // namespace lenet::data
