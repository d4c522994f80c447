#include "data/strokes_pen.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace lenet::data {
namespace {

constexpr int kBox = kFrameBoxSide;
constexpr double kEdge = 1.1;  // width in pixels of the pen's soft edge, about as soft as MNIST's

/// The rectangle around what a path covers, its soft edge left out.
struct Extent {
  Point low{1e9, 1e9}, high{-1e9, -1e9};

  /// Drawn at `scale`, pixels per unit, with a pen `width` times as broad as the path says; 0: a bare line.
  Extent(const PenPath& path, double scale, double width) {
    for (int i = 0; i < path.size; ++i) {
      const PenPoint& p = path.points[static_cast<std::size_t>(i)];
      const Point at = scale * p.at;
      const double radius = width * p.radius;
      low = {std::min(low.x, at.x - radius), std::min(low.y, at.y - radius)};
      high = {std::max(high.x, at.x + radius), std::max(high.y, at.y + radius)};
    }
  }
  Point size() const { return high - low; }
  double longer() const { return std::max(size().x, size().y); }
};

/// Moves and scales the path so that the ink touches the box on its longer side, and on the other lies `off` of a pixel from its middle.
void fit_into_box(PenPath& path, double off) {
  // Pixels beyond the box have their middles half a pixel outside, so that much of the soft edge may stick out.
  const double wanted = kBox - (kEdge - 1);
  // The pen does not grow with the digit. So the scale is guessed for a pen three pixels broad, and what is then amiss is made up for.
  const double bare = std::max(Extent(path, 1, 0).longer(), 1e-3);
  const double guess = (wanted - 3) / bare;
  const double scale = std::max(guess + (wanted - Extent(path, guess, 1).longer()) / bare, 1e-3);
  const Extent extent(path, scale, 1);
  const auto shift = [&](double side) {
    const double room = std::max(0.5 * (wanted - side), 0.0);
    return std::clamp(off, -room, room);
  };
  const Point middle = 0.5 * (extent.low + extent.high);
  const Point corner = Point{kBox / 2.0 + shift(extent.size().x), kBox / 2.0 + shift(extent.size().y)} - middle;
  for (int i = 0; i < path.size; ++i) {
    Point& at = path.points[static_cast<std::size_t>(i)].at;
    at = scale * at + corner;
  }
}

/// Draws one straight piece with round ends. A pixel's ink falls from 1 to 0 over kEdge pixels across the pen's edge.
void draw_piece(InkBox& ink, Point a, Point b, double radius) {
  const double reach = radius + 0.5 * kEdge;
  const auto first = [&](double v) { return std::max(0, static_cast<int>(std::floor(v - reach))); };
  const auto last = [&](double v) { return std::min(kBox - 1, static_cast<int>(std::floor(v + reach))); };
  const int x0 = first(std::min(a.x, b.x)), x1 = last(std::max(a.x, b.x));
  const int y0 = first(std::min(a.y, b.y)), y1 = last(std::max(a.y, b.y));
  const auto along_x = static_cast<float>(b.x - a.x), along_y = static_cast<float>(b.y - a.y);
  const float length2 = along_x * along_x + along_y * along_y;
  const float per_length2 = length2 > 0 ? 1 / length2 : 0;
  const auto ax = static_cast<float>(a.x - 0.5), ay = static_cast<float>(a.y - 0.5);
  constexpr auto kPerEdge = static_cast<float>(1 / kEdge);
  const auto outer = static_cast<float>(reach);
  for (int y = y0; y <= y1; ++y) {
    const float to_y = static_cast<float>(y) - ay;
    float* const row = ink.data() + y * kBox;
    for (int x = x0; x <= x1; ++x) {
      const float to_x = static_cast<float>(x) - ax;
      const float t = std::clamp((to_x * along_x + to_y * along_y) * per_length2, 0.0F, 1.0F);
      const float off_x = to_x - t * along_x, off_y = to_y - t * along_y;
      const float value = (outer - std::sqrt(off_x * off_x + off_y * off_y)) * kPerEdge;
      row[x] = std::max(row[x], std::min(value, 1.0F));
    }
  }
}

}  // namespace

InkBox draw_path(PenPath path, double off) {
  fit_into_box(path, off);
  InkBox ink{};
  for (int i = 1; i < path.size; ++i) {
    const PenPoint& from = path.points[static_cast<std::size_t>(i - 1)];
    const PenPoint& to = path.points[static_cast<std::size_t>(i)];
    if (!to.begins) draw_piece(ink, from.at, to.at, 0.5 * (from.radius + to.radius));
  }
  return ink;
}

}  // namespace lenet::data
