// Tests of src/data/strokes_hand.h: what every writing of a glyph has in common, and in what they differ.
#include "data/strokes_hand.h"

#include <set>

#include "support.h"

using namespace lenet;
using data::PenPath;
using data::PenPoint;

namespace {

PenPath written(data::Glyph glyph, std::uint32_t stream) {
  RandomStream random(4, Purpose::kTest, stream);
  return data::write_glyph(glyph, random);
}

std::span<const PenPoint> points_of(const PenPath& path) {
  return std::span(path.points).first(static_cast<std::size_t>(path.size));
}

std::size_t strokes_of(const PenPath& path) {
  const auto points = points_of(path);
  return static_cast<std::size_t>(std::count_if(points.begin(), points.end(), [](const PenPoint& p) { return p.begins; }));
}

double distance(data::Point a, data::Point b) { return std::sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)); }

}  // namespace

TEST_CASE("strokes hand: every writing is a path of the glyph's strokes, on the paper, without a jump and without a gap") {
  std::uint32_t stream = 0;
  for (int digit = 0; digit < 10; ++digit) {
    for (const data::Writing& writing : data::writings_of(digit)) {
      const auto glyph = writing.glyph;
      const auto strokes =
          std::count_if(glyph.begin(), glyph.end(), [](const data::GlyphPoint& p) { return p.pen == data::Pen::kDown; });
      for (int again = 0; again < 50; ++again) {
        CAPTURE(stream);
        const PenPath path = written(glyph, stream++);
        REQUIRE(path.size <= static_cast<int>(path.points.size()));
        CHECK(strokes_of(path) == static_cast<std::size_t>(strokes));
        const auto points = points_of(path);
        CHECK(points.front().begins);
        CHECK_FALSE(points.back().begins);
        double length = 0, longest = 0;
        for (std::size_t i = 0; i < points.size(); ++i) {
          REQUIRE(std::abs(points[i].at.x) < 2);  // false for NaN
          REQUIRE(std::abs(points[i].at.y) < 2);
          CHECK(points[i].radius > 0.3);
          CHECK(points[i].radius < 4);
          if (points[i].begins) continue;
          length += distance(points[i].at, points[i - 1].at);
          longest = std::max(longest, distance(points[i].at, points[i - 1].at));
        }
        CHECK(length > 0.5);
        CHECK(longest < 0.6);
      }
    }
  }
}

TEST_CASE("strokes hand: the same random numbers write the same") {
  const data::Glyph glyph = data::writings_of(4)[0].glyph;
  const PenPath a = written(glyph, 3), b = written(glyph, 3), c = written(glyph, 4);
  REQUIRE(a.size == b.size);
  for (std::size_t i = 0; i < points_of(a).size(); ++i) {
    CHECK(a.points[i].at.x == b.points[i].at.x);
    CHECK(a.points[i].radius == b.points[i].radius);
  }
  CHECK(a.points[0].at.x != c.points[0].at.x);
}

TEST_CASE("strokes hand: pressure changes smoothly along a stroke, differs between writings and between strokes") {
  const data::Glyph glyph = data::writings_of(4)[0].glyph;  // two strokes
  double least = 9, most = 0, widest = 0;
  int apart = 0;
  for (std::uint32_t stream = 0; stream < 300; ++stream) {
    const PenPath path = written(glyph, stream);
    const auto points = points_of(path);
    double low = 9, high = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
      low = std::min(low, points[i].radius), high = std::max(high, points[i].radius);
      if (i > 0 && !points[i].begins) CHECK(std::abs(points[i].radius - points[i - 1].radius) < 0.35 * points[i].radius);
      if (i > 0 && points[i].begins) apart += std::abs(points[i].radius - points[i - 1].radius) > 0.1 * points[i].radius;
    }
    least = std::min(least, low), most = std::max(most, high);
    widest = std::max(widest, high / low);
  }
  CHECK(least < 0.7);
  CHECK(most > 2);
  CHECK(widest > 1.4);
  CHECK(apart > 30);
}

TEST_CASE("strokes hand: some writings have hooks, and most have none") {
  const data::Glyph glyph = data::writings_of(0)[0].glyph;
  std::set<int> sizes;
  int plain = 0;
  for (std::uint32_t stream = 0; stream < 300; ++stream) {
    const PenPath path = written(glyph, stream);
    sizes.insert(path.size);
    plain += path.size == 1 + data::kPiecesPerSpan * (static_cast<int>(glyph.size()) - 1);
  }
  CHECK(sizes.size() == 3);  // none, one at either end, two
  CHECK(plain > 200);
  CHECK(plain < 295);
}
