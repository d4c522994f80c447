#include "data/strokes.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>

#include "base/hash.h"
#include "base/math.h"
#include "base/random.h"
#include "data/strokes_glyphs.h"

namespace lenet::data {
namespace {

constexpr int kBox = 20;  // side of the box that MNIST fits its ink into
// MNIST's centre of mass: the middle of pixel (14, 14), not the image's corner between four pixels. Measured: 14.50 and 14.49
// on average over its training images, with the middle of pixel 0 at 0.5.
constexpr double kCentre = 14.5;
constexpr double kEdge = 1.25;    // width in pixels of the pen's soft edge, about as soft as MNIST's
constexpr int kStepsPerSpan = 6;  // straight pieces between two control points; more would not show at this size
constexpr int kMaxPath = kMaxGlyphPoints * kStepsPerSpan;

struct Point {
  double x = 0;
  double y = 0;
};

Point operator+(Point a, Point b) { return {a.x + b.x, a.y + b.y}; }
Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y}; }
Point operator*(double f, Point p) { return {f * p.x, f * p.y}; }

/// What makes one writing of a digit differ from the next.
struct Hand {
  double slant;     // x moves by slant times y
  double angle;     // radians
  double aspect;    // width over the skeleton's width
  double bend_x;    // x moves by bend_x times y squared: bowed stems
  double bend_y;    // likewise in the other direction: bowed bars
  double balance;   // y moves by balance times (1/4 - y squared): a large head and a small body, or the reverse
  double radius;    // half the pen's width in pixels of the finished image
  double pressure;  // how much the radius changes from the first to the last point, as a fraction
};

/// The flattened path: straight pieces between consecutive points of one stroke.
struct Path {
  std::array<Point, kMaxPath> points;
  std::array<bool, kMaxPath> begins{};  // the pen is put down at this point
  int size = 0;

  void add(Point p, bool begin) {
    points[static_cast<std::size_t>(size)] = p;
    begins[static_cast<std::size_t>(size)] = begin;
    ++size;
  }
};

/// A normal number cut off at two and a half standard deviations: no image is a freak.
double spread(RandomStream& random, double deviation) { return deviation * std::clamp(random.normal(), -2.5, 2.5); }

Hand draw_hand(RandomStream& random) {
  // One statement each: the order of the draws is part of the result.
  Hand hand{};
  hand.slant = 0.15 + spread(random, 0.20);
  hand.angle = spread(random, 0.12);
  hand.aspect = random.uniform(0.68, 1.14);
  hand.bend_x = spread(random, 0.07);
  hand.bend_y = spread(random, 0.09);
  hand.balance = spread(random, 0.22);
  hand.radius = std::clamp(1.30 + spread(random, 0.32), 0.75, 2.1);
  hand.pressure = spread(random, 0.12);
  return hand;
}

/// The skeleton's control points as this hand writes them, in units of the digit's height around the middle.
std::array<Point, kMaxGlyphPoints> place_points(Glyph glyph, const Hand& hand, RandomStream& random) {
  constexpr double kJitter = 0.036;
  const double sine = sin(hand.angle);
  const double cosine = cos(hand.angle);
  std::array<Point, kMaxGlyphPoints> placed;
  for (std::size_t i = 0; i < glyph.size(); ++i) {
    const double jitter_x = spread(random, kJitter);
    const double jitter_y = spread(random, kJitter);
    const double x = 0.01 * glyph[i].x - 0.5 + jitter_x;
    const double y = 0.01 * glyph[i].y - 0.5 + jitter_y;
    const double wide = hand.aspect * (x + hand.bend_x * (4 * y * y)) - hand.slant * y;
    const double high = y + hand.balance * (0.25 - y * y) + hand.bend_y * (4 * x * x);
    placed[i] = {cosine * wide - sine * high, sine * wide + cosine * high};
  }
  return placed;
}

/// Catmull–Rom curves through the control points, cut into straight pieces.
Path flatten(Glyph glyph, std::span<const Point> points) {
  Path path;
  for (std::size_t i = 0; i < glyph.size(); ++i) {
    if (glyph[i].pen == Pen::kDown) {
      path.add(points[i], true);
      continue;
    }
    const bool free_start = glyph[i - 1].pen != Pen::kSmooth;
    const bool free_end = glyph[i].pen == Pen::kCorner || i + 1 == glyph.size() || glyph[i + 1].pen == Pen::kDown;
    const Point from = points[i - 1];
    const Point to = points[i];
    const Point leave = 0.5 * (to - (free_start ? from : points[i - 2]));
    const Point arrive = 0.5 * ((free_end ? to : points[i + 1]) - from);
    for (int step = 1; step <= kStepsPerSpan; ++step) {
      const double t = static_cast<double>(step) / kStepsPerSpan;
      const double u = 1 - t;  // cubic Hermite basis
      const Point ends = (u * u * (1 + 2 * t)) * from + (t * t * (1 + 2 * u)) * to;
      const Point bends = (t * u * u) * leave - (t * t * u) * arrive;
      path.add(ends + bends, false);
    }
  }
  return path;
}

/// Moves and scales the path so that the ink (path and pen) is centred in the box and touches it on its longer side.
void fit_into_box(Path& path, double largest_radius) {
  Point low = path.points[0];
  Point high = path.points[0];
  for (int i = 1; i < path.size; ++i) {
    const Point p = path.points[static_cast<std::size_t>(i)];
    low = {std::min(low.x, p.x), std::min(low.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
  }
  const double extent = std::max(high.x - low.x, high.y - low.y);
  // Pixels beyond the box have their middles half a pixel outside, so that much of the soft edge may stick out.
  const double margin = largest_radius + 0.5 * (kEdge - 1);
  const double scale = (kBox - 2 * margin) / std::max(extent, 1e-3);
  const Point middle = 0.5 * (low + high);
  for (int i = 0; i < path.size; ++i) {
    Point& p = path.points[static_cast<std::size_t>(i)];
    p = scale * (p - middle) + Point{kBox / 2.0, kBox / 2.0};
  }
}

using Ink = std::array<double, kBox * kBox>;  // 0 … 1, [y][x]

/// Draws one straight piece with round ends. A pixel's ink falls from 1 to 0 over kEdge pixels across the pen's edge.
void draw_piece(Ink& ink, Point a, Point b, double radius) {
  const double reach = radius + 0.5 * kEdge;
  const auto first = [&](double v) { return std::max(0, static_cast<int>(std::floor(v - reach))); };
  const auto last = [&](double v) { return std::min(kBox - 1, static_cast<int>(std::floor(v + reach))); };
  const int x0 = first(std::min(a.x, b.x)), x1 = last(std::max(a.x, b.x));
  const int y0 = first(std::min(a.y, b.y)), y1 = last(std::max(a.y, b.y));
  const Point along = b - a;
  const double length2 = along.x * along.x + along.y * along.y;
  const double per_length2 = length2 > 0 ? 1 / length2 : 0;
  for (int y = y0; y <= y1; ++y) {
    for (int x = x0; x <= x1; ++x) {
      const Point to = Point{x + 0.5, y + 0.5} - a;
      const double t = std::clamp((to.x * along.x + to.y * along.y) * per_length2, 0.0, 1.0);
      const Point off = to - t * along;
      const double distance2 = off.x * off.x + off.y * off.y;
      if (distance2 >= reach * reach) continue;
      double& pixel = ink[static_cast<std::size_t>(y * kBox + x)];
      pixel = std::max(pixel, std::min(1.0, (reach - std::sqrt(distance2)) / kEdge));
    }
  }
}

Ink draw_path(const Path& path, const Hand& hand) {
  Ink ink{};
  for (int i = 1; i < path.size; ++i) {
    const auto to = static_cast<std::size_t>(i);
    if (path.begins[to]) continue;
    const double place = static_cast<double>(i) / path.size - 0.5;
    draw_piece(ink, path.points[to - 1], path.points[to], hand.radius * (1 + hand.pressure * place));
  }
  return ink;
}

/// Copies the box into the image, shifted by whole pixels so that its centre of mass comes to lie within half a pixel of
/// kCentre, or as near as the image's border allows.
void centre_by_mass(const Ink& ink, std::span<std::uint8_t> pixels) {
  std::array<int, kBox * kBox> bytes;
  int mass = 0, moment_x = 0, moment_y = 0;  // integers: at most 400 · 255 · 40
  for (int i = 0; i < kBox * kBox; ++i) {
    const auto at = static_cast<std::size_t>(i);
    bytes[at] = static_cast<int>(std::floor(ink[at] * 255 + 0.5));
    mass += bytes[at];
    moment_x += bytes[at] * (2 * (i % kBox) + 1);
    moment_y += bytes[at] * (2 * (i / kBox) + 1);
  }
  const auto shift = [mass](int twice_moment) {
    const double centre = 0.5 * twice_moment / std::max(mass, 1);
    return std::clamp(static_cast<int>(std::floor(kCentre - centre + 0.5)), 0, kStrokeSide - kBox);
  };
  const int left = shift(moment_x);
  const int top = shift(moment_y);
  for (int y = 0; y < kBox; ++y) {
    for (int x = 0; x < kBox; ++x) {
      pixels[static_cast<std::size_t>((top + y) * kStrokeSide + left + x)] =
          static_cast<std::uint8_t>(bytes[static_cast<std::size_t>(y * kBox + x)]);
    }
  }
}

constexpr std::uint32_t kDigits = 10;

}  // namespace

int digit_label(std::uint64_t seed, std::uint32_t index) {
  return static_cast<int>(RandomStream(seed, Purpose::kStrokes, index).below(kDigits));  // draw_digit's first draw
}

StrokeImage draw_digit(std::uint64_t seed, std::uint32_t index) {
  RandomStream random(seed, Purpose::kStrokes, index);
  StrokeImage image;
  image.label = static_cast<int>(random.below(kDigits));
  const std::span<const Glyph> ways = glyphs_of(image.label);
  const Glyph glyph = ways[random.below(static_cast<std::uint32_t>(ways.size()))];
  const Hand hand = draw_hand(random);
  Path path = flatten(glyph, place_points(glyph, hand, random));
  fit_into_box(path, hand.radius * (1 + 0.5 * std::abs(hand.pressure)));
  centre_by_mass(draw_path(path, hand), image.pixels);
  return image;
}

StrokesDataset::StrokesDataset(std::uint64_t seed)
    : seed_(seed),
      train_{0, kTrainCount, std::vector<std::unique_ptr<Drawing[]>>(kTrainCount / kBlock)},
      test_{kFirstTestStroke, kTestCount, std::vector<std::unique_ptr<Drawing[]>>(kTestCount / kBlock)} {}

std::string StrokesDataset::content_hash() const {
  Hash hash;
  const std::string text = name_ + " " + std::to_string(kStrokesVersion) + " " + std::to_string(seed_);
  hash.add_values(std::span<const char>(text));
  return hash.text();
}

std::span<const std::uint8_t> StrokesDataset::image(Half& half, int i) const {
  if (i < 0 || i >= half.count) throw std::logic_error("StrokesDataset: no such image");
  std::unique_ptr<Drawing[]>& block = half.blocks[static_cast<std::size_t>(i / kBlock)];
  if (!block) block = std::make_unique<Drawing[]>(kBlock);
  Drawing& drawing = block[static_cast<std::size_t>(i % kBlock)];
  if (!drawing.drawn) {
    drawing.image = draw_digit(seed_, half.first_index + static_cast<std::uint32_t>(i));
    drawing.drawn = true;
  }
  return drawing.image.pixels;
}

int StrokesDataset::label(const Half& half, int i) const {
  if (i < 0 || i >= half.count) throw std::logic_error("StrokesDataset: no such image");
  return digit_label(seed_, half.first_index + static_cast<std::uint32_t>(i));
}

}  // namespace lenet::data
