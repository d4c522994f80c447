#include "data/strokes_hand.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

#include "base/math.h"

namespace lenet::data {
namespace {

/// A normal number cut off at two and a half standard deviations: no image is a freak.
double spread(RandomStream& random, double deviation) { return deviation * std::clamp(random.normal(), -2.5, 2.5); }

bool happens(RandomStream& random, double probability) { return random.uniform() < probability; }

/// A rotation by an angle in radians.
struct Turn {
  double sine = 0, cosine = 1;

  Turn() = default;
  explicit Turn(double angle) : sine(sin(angle)), cosine(cos(angle)) {}
  Point operator()(Point p) const { return {cosine * p.x - sine * p.y, sine * p.x + cosine * p.y}; }
};

double length(Point p) { return std::sqrt(p.x * p.x + p.y * p.y); }

/// A control point as a hand places it.
struct Control {
  Point at;
  Pen pen = Pen::kDown;
};

struct Controls {
  std::array<Control, kMostGlyphPoints + kMostHooks> points;
  std::size_t size = 0;

  void add(Control control) { points[size++] = control; }
  bool ends_stroke(std::size_t i) const { return i + 1 == size || points[i + 1].pen == Pen::kDown; }
};

/// What one writer does to all of a digit: a smooth map of the paper, and how steady the hand is.
struct Hand {
  double slant;     // x moves by slant times y
  Turn turn;        // of the whole digit
  double aspect;    // width over the skeleton's width
  double bow_x;     // x moves by bow_x times (4 y² − 1/3): bowed stems
  double bow_y;     // likewise in the other direction: bowed bars
  double sway;      // x moves by sway times y (4 y² − 1/2): stems like an S
  double taper;     // x grows by taper times x y: a broad head and a narrow foot, or the reverse
  double balance;   // y moves by balance times (1/4 − y²): a large head and a small body, or the reverse
  double lean;      // x moves by lean times (1/4 − x²): a broad left half and a narrow right one, or the reverse
  double unsteady;  // standard deviation of control points
  double rounding;  // probability that a corner is written as a curve
  double hooking;   // probability of a hook at a stroke's beginning or end
};

Hand draw_hand(RandomStream& random) {
  // One statement each: the order of the draws is part of the result.
  Hand hand{};
  hand.slant = 0.16 + spread(random, 0.22);
  hand.turn = Turn(spread(random, 0.13));
  hand.aspect = std::max(0.95 * exp(spread(random, 0.25)), 0.62);
  hand.bow_x = spread(random, 0.07);
  hand.bow_y = spread(random, 0.09);
  hand.sway = spread(random, 0.06);
  hand.taper = spread(random, 0.20);
  hand.balance = spread(random, 0.22);
  hand.lean = spread(random, 0.12);
  hand.unsteady = random.uniform(0.015, 0.055);
  hand.rounding = happens(random, 0.2) ? 0.8 : 0.03;
  hand.hooking = happens(random, 0.2) ? 0.4 : 0.02;
  return hand;
}

/// Where the hand's smooth map takes a point.
Point mapped(const Hand& hand, Point p) {
  const double xx = 4 * p.x * p.x, yy = 4 * p.y * p.y;
  const double x =
      p.x * (1 + hand.taper * p.y) + hand.bow_x * (yy - 1.0 / 3) + hand.sway * p.y * (yy - 0.5) + hand.lean * 0.25 * (1 - xx);
  const double y = p.y + hand.balance * 0.25 * (1 - yy) + hand.bow_y * (xx - 1.0 / 3);
  return hand.turn({hand.aspect * x - hand.slant * y, y});
}

/// A small turn at the end of a stroke that arrives from `before` at `end`.
Point hook(Point before, Point end, RandomStream& random) {
  const Point along = end - before;
  const double size = random.uniform(0.04, 0.11) / std::max(length(along), 1e-3);
  const double turn = random.uniform(0.9, 2.6);
  return end + Turn(happens(random, 0.5) ? turn : -turn)(size * along);
}

/// One stroke of the glyph, its control points first … last - 1: moved, sized and turned as a whole where it is not the only one, each
/// point unsteady, its ends more so, with hooks.
void place_stroke(Glyph glyph, std::size_t first, std::size_t last, const Hand& hand, RandomStream& random, Controls& controls) {
  const bool alone = last - first == glyph.size();
  const double apart = alone ? 0 : 1;
  const Point shift = {apart * spread(random, 0.035), apart * spread(random, 0.035)};
  const double size = 1 + apart * spread(random, 0.08);
  const Turn turn(apart * spread(random, 0.07));
  const auto skeleton = [&](std::size_t i) { return Point{0.01 * glyph[i].x - 0.5, 0.01 * glyph[i].y - 0.5}; };
  const Point middle = 0.5 * (skeleton(first) + skeleton(last - 1));
  std::array<Control, kMostGlyphPoints> placed;
  for (std::size_t i = first; i < last; ++i) {
    const double loose = i == first || i + 1 == last ? 1.7 : 1;
    const double jitter_x = spread(random, loose * hand.unsteady);
    const double jitter_y = spread(random, loose * hand.unsteady);
    const Point whole = middle + shift + turn(size * (skeleton(i) - middle));
    const Pen pen = glyph[i].pen == Pen::kCorner && happens(random, hand.rounding) ? Pen::kSmooth : glyph[i].pen;
    placed[i - first] = {mapped(hand, whole + Point{jitter_x, jitter_y}), pen};
  }
  const std::size_t count = last - first;
  if (happens(random, hand.hooking)) {
    controls.add({hook(placed[1].at, placed[0].at, random), Pen::kDown});
    placed[0].pen = Pen::kSmooth;
  }
  for (std::size_t i = 0; i < count; ++i) controls.add(placed[i]);
  if (happens(random, hand.hooking)) controls.add({hook(placed[count - 2].at, placed[count - 1].at, random), Pen::kSmooth});
}

Controls place_points(Glyph glyph, const Hand& hand, RandomStream& random) {
  Controls controls;
  std::size_t first = 0;
  for (std::size_t i = 1; i <= glyph.size(); ++i) {
    if (i < glyph.size() && glyph[i].pen != Pen::kDown) continue;
    place_stroke(glyph, first, i, hand, random, controls);
    first = i;
  }
  return controls;
}

/// The direction in which a curve runs through b between a and c, as a velocity per unit of length: that of the parabola through them.
Point tangent(Point a, Point b, Point c) {
  const double before = std::max(length(b - a), 1e-6), after = std::max(length(c - b), 1e-6);
  const double share = after / (before + after);
  return (share / before) * (b - a) + ((1 - share) / after) * (c - b);
}

/// Catmull–Rom curves through the control points, their parameter the length of the chords, cut into straight pieces.
PenPath flatten(const Controls& controls) {
  PenPath path;
  const auto at = [&](std::size_t i) { return controls.points[i].at; };
  for (std::size_t i = 0; i < controls.size; ++i) {
    if (controls.points[i].pen == Pen::kDown) {
      path.add(at(i), true);
      continue;
    }
    const Point from = at(i - 1), to = at(i);
    const double chord = length(to - from);
    const bool free_start = controls.points[i - 1].pen != Pen::kSmooth;
    const bool free_end = controls.points[i].pen == Pen::kCorner || controls.ends_stroke(i);
    // A free end bends as little as it can: half-way between the chord and the mirror image of the other end's direction.
    const Point straight = to - from;
    const Point leave = free_start ? straight : chord * tangent(at(i - 2), from, to);
    const Point arrive = free_end ? straight : chord * tangent(from, to, at(i + 1));
    const Point first = free_start && !free_end ? 1.5 * straight - 0.5 * arrive : leave;
    const Point last = free_end && !free_start ? 1.5 * straight - 0.5 * leave : arrive;
    for (int piece = 1; piece <= kPiecesPerSpan; ++piece) {
      const double t = static_cast<double>(piece) / kPiecesPerSpan;
      const double u = 1 - t;  // cubic Hermite basis
      const Point ends = (u * u * (1 + 2 * t)) * from + (t * t * (1 + 2 * u)) * to;
      const Point bends = (t * u * u) * first - (t * t * u) * last;
      path.add(ends + bends, false);
    }
  }
  return path;
}

/// Gives each stroke its width: the pen's, changing smoothly from its first to its last point.
void press(PenPath& path, RandomStream& random) {
  const double radius = std::clamp(1.22 * exp(spread(random, 0.32)), 0.62, 2.8);
  for (int first = 0; first < path.size;) {
    int last = first + 1;
    while (last < path.size && !path.points[static_cast<std::size_t>(last)].begins) ++last;
    const double whole = spread(random, 0.05), change = spread(random, 0.11), swell = spread(random, 0.11);
    for (int i = first; i < last; ++i) {
      const double place = last - first > 1 ? 2.0 * (i - first) / (last - first - 1) - 1 : 0;  // −1 … 1
      path.points[static_cast<std::size_t>(i)].radius = radius * (1 + whole + change * place + swell * (1 - 1.5 * place * place));
    }
    first = last;
  }
}

}  // namespace

PenPath write_glyph(Glyph glyph, RandomStream& random) {
  const Hand hand = draw_hand(random);
  PenPath path = flatten(place_points(glyph, hand, random));
  press(path, random);
  return path;
}

}  // namespace lenet::data
