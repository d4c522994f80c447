// Tests of src/data/strokes_glyphs.h: several ways of writing each digit, all within what the hand and the pen have room for.
#include "data/strokes_glyphs.h"

#include <set>

#include "support.h"

using namespace lenet;
using data::Pen;

namespace {

std::size_t strokes_of(data::Glyph glyph) {
  return static_cast<std::size_t>(
      std::count_if(glyph.begin(), glyph.end(), [](const data::GlyphPoint& p) { return p.pen == Pen::kDown; }));
}

}  // namespace

TEST_CASE("strokes glyphs: several different ways of writing each digit, none for show") {
  std::set<const data::GlyphPoint*> all;
  for (int digit = 0; digit < 10; ++digit) {
    CAPTURE(digit);
    const auto writings = data::writings_of(digit);
    CHECK(writings.size() >= 5);
    std::uint32_t shares = 0;
    for (const data::Writing& writing : writings) shares += writing.share;
    for (const data::Writing& writing : writings) {
      CHECK(all.insert(writing.glyph.data()).second);
      CHECK(writing.share * 30 >= shares);  // one in thirty at least: a network gets to see it
      CHECK(writing.glyph.size() <= data::kMostGlyphPoints);
      CHECK(strokes_of(writing.glyph) <= data::kMostStrokes);
      CHECK(writing.glyph.front().pen == Pen::kDown);
      CHECK(writing.glyph.back().pen != Pen::kDown);
    }
  }
}

TEST_CASE("strokes glyphs: every glyph fills its height, so that jitter and pen mean the same to all") {
  for (int digit = 0; digit < 10; ++digit) {
    for (const data::Writing& writing : data::writings_of(digit)) {
      int left = 127, right = -128, top = 127, bottom = -128;
      for (const data::GlyphPoint& p : writing.glyph) {
        left = std::min<int>(left, p.x), right = std::max<int>(right, p.x);
        top = std::min<int>(top, p.y), bottom = std::max<int>(bottom, p.y);
      }
      CAPTURE(digit);
      CHECK(top >= 0);
      CHECK(top <= 8);
      CHECK(bottom >= 88);
      CHECK(bottom <= 100);
      CHECK(left >= 0);
      CHECK(right <= 110);
      CHECK(std::abs(0.5 * (left + right) - 50) <= 13);
    }
  }
}

TEST_CASE("strokes glyphs: the ways that people differ in are there") {
  const auto some = [](int digit, const auto& is_it) {
    const auto writings = data::writings_of(digit);
    return std::any_of(writings.begin(), writings.end(), [&](const data::Writing& w) { return is_it(w.glyph); });
  };
  const auto strokes = [](std::size_t count) { return [count](data::Glyph glyph) { return strokes_of(glyph) == count; }; };
  CHECK(some(7, strokes(1)));
  CHECK(some(7, strokes(2)));  // crossed
  CHECK(some(5, strokes(1)));
  CHECK(some(5, strokes(2)));                                           // the bar on its own
  CHECK(some(1, [](data::Glyph glyph) { return glyph.size() == 2; }));  // a plain bar
  CHECK(some(1, strokes(2)));                                           // with a foot
  // The top of a 4: where its stem begins, against where its first stroke does.
  const auto gap = [](data::Glyph glyph) {
    const auto stem = std::find_if(glyph.begin() + 1, glyph.end(), [](const data::GlyphPoint& p) { return p.pen == Pen::kDown; });
    return stem == glyph.end() ? 0 : stem->x - glyph.front().x;
  };
  CHECK(some(4, [&](data::Glyph glyph) { return gap(glyph) > 30; }));                            // open
  CHECK(some(4, [&](data::Glyph glyph) { return strokes_of(glyph) == 2 && gap(glyph) < 10; }));  // closed
  // A 2 with a loop turns back at its foot: low down, some point lies to the right of the next but one, and that left of its own.
  CHECK(some(2, [](data::Glyph glyph) {
    return std::any_of(glyph.begin(), glyph.end(), [](const data::GlyphPoint& p) { return p.pen == Pen::kCorner; });
  }));
  CHECK(some(2, [](data::Glyph glyph) {
    return std::none_of(glyph.begin(), glyph.end(), [](const data::GlyphPoint& p) { return p.pen == Pen::kCorner; });
  }));
}
