#include "data/strokes_glyphs.h"

#include <array>
#include <cstddef>

namespace lenet::data {
namespace {

constexpr Pen D = Pen::kDown;
constexpr Pen S = Pen::kSmooth;
constexpr Pen C = Pen::kCorner;

// 0: one loop; wide, narrow, and begun at the left with an overlap.
constexpr GlyphPoint kZeroRound[] = {{52, 2, D},  {24, 13, S}, {9, 48, S},  {22, 88, S}, {50, 99, S},
                                     {78, 82, S}, {88, 45, S}, {74, 10, S}, {50, 3, S}};
constexpr GlyphPoint kZeroNarrow[] = {{55, 0, D},  {34, 14, S}, {26, 52, S}, {34, 90, S}, {52, 99, S},
                                      {70, 80, S}, {74, 40, S}, {64, 8, S},  {50, 4, S}};
constexpr GlyphPoint kZeroOverlap[] = {{30, 10, D}, {12, 40, S}, {14, 80, S}, {42, 99, S}, {74, 82, S},
                                       {84, 40, S}, {68, 6, S},  {40, 2, S},  {24, 16, S}};

// 1: a bar; with a flag; with flag and foot.
constexpr GlyphPoint kOneBar[] = {{50, 0, D}, {50, 35, S}, {49, 70, S}, {48, 100, S}};
constexpr GlyphPoint kOneFlag[] = {{28, 26, D}, {40, 16, S}, {54, 0, C}, {53, 50, S}, {52, 100, S}};
constexpr GlyphPoint kOneFoot[] = {{26, 24, D}, {40, 14, S}, {52, 0, C},  {51, 50, S},
                                   {50, 98, S}, {22, 99, D}, {50, 98, S}, {80, 98, S}};

// 2: sharp foot; looped foot; straight neck.
constexpr GlyphPoint kTwoSharp[] = {{12, 24, D}, {30, 4, S}, {58, 2, S},  {76, 22, S}, {62, 54, S},
                                    {36, 80, S}, {8, 98, C}, {46, 96, S}, {88, 98, S}};
constexpr GlyphPoint kTwoLoop[] = {{14, 20, D}, {34, 2, S},  {62, 6, S},  {72, 30, S}, {56, 62, S}, {30, 90, S},
                                   {12, 94, S}, {12, 80, S}, {32, 78, S}, {58, 94, S}, {92, 92, S}};
constexpr GlyphPoint kTwoNeck[] = {{16, 16, D}, {44, 0, S}, {74, 16, S}, {66, 46, S}, {10, 96, C}, {48, 99, S}, {84, 94, S}};

// 3: two bows meeting in a corner; a small loop in the middle; a flat top.
constexpr GlyphPoint kThreeBows[] = {{14, 12, D}, {42, 0, S},  {72, 14, S},  {64, 38, S}, {36, 48, C},
                                     {70, 56, S}, {82, 78, S}, {50, 100, S}, {10, 88, S}};
constexpr GlyphPoint kThreeLoop[] = {{16, 10, D}, {46, 0, S},  {70, 18, S}, {54, 44, S},  {36, 50, S},
                                     {44, 42, S}, {72, 58, S}, {78, 82, S}, {48, 100, S}, {8, 92, S}};
constexpr GlyphPoint kThreeFlat[] = {{12, 4, D},  {44, 2, S},  {76, 2, C},  {58, 22, S}, {40, 40, C},
                                     {70, 48, S}, {80, 74, S}, {50, 99, S}, {10, 90, S}};

// 4: open, in two strokes; closed; open with round elbow.
constexpr GlyphPoint kFourOpen[] = {{24, 4, D},  {18, 30, S}, {10, 56, C}, {46, 56, S},
                                    {86, 52, S}, {72, 8, D},  {68, 52, S}, {64, 100, S}};
constexpr GlyphPoint kFourClosed[] = {{62, 0, D},  {36, 34, S}, {8, 68, C},  {48, 68, S},
                                      {90, 66, S}, {62, 2, D},  {61, 50, S}, {60, 100, S}};
constexpr GlyphPoint kFourRound[] = {{20, 8, D},  {12, 36, S}, {22, 54, S}, {48, 54, S},
                                     {74, 42, S}, {76, 4, D},  {74, 50, S}, {68, 100, S}};

// 5: bowl first, then the bar; in one stroke; angular.
constexpr GlyphPoint kFiveBar[] = {{30, 4, D},   {27, 24, S}, {22, 46, C}, {52, 38, S}, {78, 58, S}, {70, 88, S},
                                   {40, 100, S}, {10, 90, S}, {30, 4, D},  {56, 4, S},  {84, 2, S}};
constexpr GlyphPoint kFiveOne[] = {{82, 4, D},  {56, 4, S},  {32, 6, C},  {28, 26, S}, {26, 46, C},
                                   {58, 42, S}, {78, 66, S}, {58, 96, S}, {12, 94, S}};
constexpr GlyphPoint kFiveSlim[] = {{34, 6, D},  {32, 22, S}, {34, 42, S}, {58, 52, S}, {68, 74, S},
                                    {50, 97, S}, {18, 94, S}, {34, 6, D},  {58, 8, S},  {82, 2, S}};

// 6: round; with a straight back; with a small loop.
constexpr GlyphPoint kSixRound[] = {{68, 4, D},  {36, 20, S}, {14, 56, S}, {22, 90, S}, {50, 100, S},
                                    {76, 82, S}, {68, 58, S}, {42, 52, S}, {16, 72, S}};
constexpr GlyphPoint kSixStraight[] = {{56, 0, D},  {38, 28, S}, {22, 62, S}, {26, 92, S}, {50, 99, S},
                                       {72, 84, S}, {66, 62, S}, {44, 58, S}, {24, 74, S}};
constexpr GlyphPoint kSixSmall[] = {{46, 0, D},  {22, 30, S}, {14, 68, S}, {30, 97, S}, {64, 96, S},
                                    {74, 78, S}, {54, 66, S}, {26, 80, S}, {20, 88, S}};

// 7: plain; with a hook; with a bar through the stem.
constexpr GlyphPoint kSevenPlain[] = {{8, 6, D}, {42, 6, S}, {82, 4, C}, {58, 46, S}, {40, 100, S}};
constexpr GlyphPoint kSevenHook[] = {{12, 24, D}, {14, 6, C}, {46, 8, S}, {80, 4, C}, {64, 34, S}, {52, 66, S}, {46, 100, S}};
constexpr GlyphPoint kSevenBar[] = {{8, 8, D},    {44, 8, S},  {82, 4, C},  {58, 48, S},
                                    {36, 100, S}, {28, 54, D}, {52, 52, S}, {78, 48, S}};

// 8: one line from the top right; one line from the middle; two loops.
constexpr GlyphPoint kEightTop[] = {{72, 14, D},  {46, 0, S},  {20, 16, S}, {34, 42, S}, {66, 62, S}, {72, 86, S},
                                    {46, 100, S}, {18, 84, S}, {32, 60, S}, {64, 36, S}, {70, 12, S}};
constexpr GlyphPoint kEightMiddle[] = {{44, 48, D}, {22, 26, S}, {30, 4, S},   {58, 0, S},  {72, 20, S}, {50, 46, S},
                                       {24, 70, S}, {26, 94, S}, {54, 100, S}, {72, 80, S}, {56, 56, S}, {40, 44, S}};
constexpr GlyphPoint kEightLoops[] = {{50, 47, D},  {26, 36, S}, {26, 10, S}, {50, 0, S},  {74, 10, S},
                                      {72, 36, S},  {48, 47, S}, {48, 48, D}, {20, 62, S}, {20, 90, S},
                                      {50, 100, S}, {80, 88, S}, {78, 60, S}, {50, 48, S}};

// 9: loop and straight stem in one; loop and curved tail; stem as its own stroke.
constexpr GlyphPoint kNineStraight[] = {{74, 14, D}, {46, 2, S},  {20, 18, S}, {24, 44, S},
                                        {52, 46, S}, {76, 14, C}, {72, 56, S}, {66, 100, S}};
constexpr GlyphPoint kNineTail[] = {{74, 18, D}, {50, 2, S},  {22, 16, S}, {22, 44, S}, {50, 50, S},
                                    {74, 18, C}, {78, 56, S}, {62, 92, S}, {24, 96, S}};
constexpr GlyphPoint kNineOval[] = {{70, 10, D}, {40, 0, S},  {16, 22, S}, {26, 48, S}, {58, 42, S},
                                    {72, 12, S}, {72, 10, D}, {66, 54, S}, {50, 100, S}};

constexpr std::array<std::array<Glyph, 3>, 10> kGlyphs = {{
    {{kZeroRound, kZeroNarrow, kZeroOverlap}},
    {{kOneBar, kOneFlag, kOneFoot}},
    {{kTwoSharp, kTwoLoop, kTwoNeck}},
    {{kThreeBows, kThreeLoop, kThreeFlat}},
    {{kFourOpen, kFourClosed, kFourRound}},
    {{kFiveBar, kFiveOne, kFiveSlim}},
    {{kSixRound, kSixStraight, kSixSmall}},
    {{kSevenPlain, kSevenHook, kSevenBar}},
    {{kEightTop, kEightMiddle, kEightLoops}},
    {{kNineStraight, kNineTail, kNineOval}},
}};

constexpr bool all_fit() {
  for (const auto& digit : kGlyphs) {
    for (const Glyph glyph : digit) {
      if (glyph.size() < 2 || glyph.size() > kMaxGlyphPoints || glyph[0].pen != Pen::kDown) return false;
    }
  }
  return true;
}
static_assert(all_fit());

}  // namespace

std::span<const Glyph> glyphs_of(int digit) { return kGlyphs[static_cast<std::size_t>(digit)]; }

}  // namespace lenet::data
