#include "data/strokes_glyphs.h"

#include <array>
#include <cstddef>

namespace lenet::data {
namespace {

constexpr Pen D = Pen::kDown;
constexpr Pen S = Pen::kSmooth;
constexpr Pen C = Pen::kCorner;

// 0: one loop; wide, narrow, begun at the left with an overlap, not quite closed, and closed with a tail inside.
constexpr GlyphPoint kZeroRound[] = {{52, 2, D},  {24, 13, S}, {9, 48, S},  {22, 88, S}, {50, 99, S},
                                     {78, 82, S}, {88, 45, S}, {74, 10, S}, {50, 3, S}};
constexpr GlyphPoint kZeroNarrow[] = {{55, 0, D},  {34, 14, S}, {26, 52, S}, {34, 90, S}, {52, 99, S},
                                      {70, 80, S}, {74, 40, S}, {64, 8, S},  {50, 4, S}};
constexpr GlyphPoint kZeroOverlap[] = {{30, 10, D}, {12, 40, S}, {14, 80, S}, {42, 99, S}, {74, 82, S},
                                       {84, 40, S}, {68, 6, S},  {40, 2, S},  {24, 16, S}};
constexpr GlyphPoint kZeroOpen[] = {{66, 4, D},  {38, 2, S},  {16, 26, S}, {10, 62, S}, {30, 96, S},
                                    {62, 96, S}, {86, 66, S}, {86, 30, S}, {74, 10, S}};
constexpr GlyphPoint kZeroTail[] = {{40, 10, D}, {16, 34, S}, {12, 72, S}, {36, 99, S}, {70, 88, S},
                                    {86, 50, S}, {74, 12, S}, {48, 2, S},  {36, 10, S}, {54, 22, S}};
constexpr GlyphPoint kZeroCurl[] = {{60, 10, D}, {36, 4, S},  {14, 36, S}, {20, 84, S}, {50, 99, S},
                                    {82, 74, S}, {84, 30, S}, {62, 6, S},  {42, 14, S}, {46, 32, S}};

// 1: a bar, straight or bowed; with a flag; with a serif; with flag and foot; with a foot alone.
constexpr GlyphPoint kOneBar[] = {{55, 0, D}, {45, 100, S}};
constexpr GlyphPoint kOneBowed[] = {{54, 0, D}, {50, 34, S}, {48, 68, S}, {46, 100, S}};
constexpr GlyphPoint kOneFlag[] = {{28, 26, D}, {40, 16, S}, {54, 0, C}, {53, 50, S}, {52, 100, S}};
constexpr GlyphPoint kOneSerif[] = {{36, 10, D}, {53, 0, C}, {52, 50, S}, {51, 100, S}};
constexpr GlyphPoint kOneFoot[] = {{26, 24, D}, {40, 14, S}, {52, 0, C},  {51, 50, S},
                                   {50, 98, S}, {22, 99, D}, {50, 98, S}, {80, 98, S}};

// 2: sharp foot; looped foot, small, large and with a rising tail; straight neck; like a Z; begun with a curl.
constexpr GlyphPoint kTwoSharp[] = {{12, 24, D}, {30, 4, S}, {58, 2, S},  {76, 22, S}, {62, 54, S},
                                    {36, 80, S}, {8, 98, C}, {46, 96, S}, {88, 98, S}};
constexpr GlyphPoint kTwoLoop[] = {{14, 20, D}, {34, 2, S},  {62, 6, S},  {72, 30, S}, {56, 62, S}, {30, 90, S},
                                   {12, 94, S}, {12, 80, S}, {32, 78, S}, {58, 94, S}, {92, 92, S}};
constexpr GlyphPoint kTwoLargeLoop[] = {{20, 14, D}, {42, 0, S}, {66, 10, S}, {68, 36, S}, {50, 68, S}, {26, 94, S},
                                        {6, 92, S},  {8, 70, S}, {30, 66, S}, {54, 88, S}, {74, 98, S}, {96, 86, S}};
constexpr GlyphPoint kTwoRising[] = {{10, 28, D}, {28, 4, S},  {56, 0, S},  {70, 20, S}, {58, 50, S},
                                     {32, 82, S}, {14, 90, S}, {30, 82, S}, {56, 90, S}, {94, 74, S}};
constexpr GlyphPoint kTwoNeck[] = {{16, 16, D}, {44, 0, S}, {74, 16, S}, {66, 46, S}, {10, 96, C}, {48, 99, S}, {84, 94, S}};
constexpr GlyphPoint kTwoFlat[] = {{8, 12, D},  {40, 6, S},  {72, 6, S},  {76, 20, S},
                                   {44, 58, S}, {10, 94, C}, {50, 94, S}, {98, 96, S}};
constexpr GlyphPoint kTwoCurl[] = {{28, 34, D}, {14, 26, S}, {24, 6, S},  {54, 0, S}, {74, 20, S},
                                   {60, 56, S}, {12, 96, C}, {50, 94, S}, {90, 99, S}};

constexpr GlyphPoint kTwoTall[] = {{26, 18, D}, {42, 0, S},  {62, 10, S}, {62, 36, S},
                                   {46, 70, S}, {22, 96, C}, {44, 95, S}, {70, 99, S}};
constexpr GlyphPoint kTwoAmpersand[] = {{28, 16, D}, {48, 1, S},  {64, 18, S}, {54, 58, S}, {36, 92, S},
                                        {16, 97, S}, {12, 80, S}, {34, 68, S}, {58, 80, S}, {82, 92, S}};
constexpr GlyphPoint kTwoShortFoot[] = {{22, 26, D}, {32, 6, S},  {52, 0, S},  {66, 14, S}, {58, 44, S},
                                        {40, 76, S}, {24, 97, C}, {42, 92, S}, {62, 94, S}};
constexpr GlyphPoint kTwoLongFoot[] = {{14, 26, D}, {26, 4, S},  {46, 2, S},  {56, 22, S},
                                       {44, 56, S}, {16, 88, C}, {58, 84, S}, {110, 90, S}};
constexpr GlyphPoint kTwoBigHead[] = {{14, 30, D}, {26, 4, S},  {60, 2, S},  {80, 26, S}, {66, 58, S},
                                      {36, 84, S}, {16, 88, S}, {24, 76, S}, {48, 84, S}, {70, 99, S}};

// 3: two bows meeting in a corner; a small loop in the middle; a flat top; pointed; a small head; no corner at all.
constexpr GlyphPoint kThreeBows[] = {{14, 12, D}, {42, 0, S},  {72, 14, S},  {64, 38, S}, {36, 48, C},
                                     {70, 56, S}, {82, 78, S}, {50, 100, S}, {10, 88, S}};
constexpr GlyphPoint kThreeLoop[] = {{16, 10, D}, {46, 0, S},  {70, 18, S}, {54, 44, S},  {36, 50, S},
                                     {44, 42, S}, {72, 58, S}, {78, 82, S}, {48, 100, S}, {8, 92, S}};
constexpr GlyphPoint kThreeFlat[] = {{12, 4, D},  {44, 2, S},  {76, 2, C},  {58, 22, S}, {40, 40, C},
                                     {70, 48, S}, {80, 74, S}, {50, 99, S}, {10, 90, S}};
constexpr GlyphPoint kThreePointed[] = {{10, 8, D},  {46, 0, S},  {74, 12, S}, {58, 34, S}, {30, 48, C},
                                        {62, 52, S}, {72, 70, S}, {42, 92, S}, {6, 99, S}};
constexpr GlyphPoint kThreeSmallHead[] = {{24, 10, D}, {46, 0, S},  {64, 12, S}, {56, 30, S}, {38, 38, C},
                                          {72, 46, S}, {84, 70, S}, {58, 97, S}, {12, 96, S}};
constexpr GlyphPoint kThreeRound[] = {{18, 14, D}, {40, 0, S},  {66, 10, S}, {66, 34, S}, {50, 46, S},
                                      {66, 58, S}, {72, 80, S}, {48, 99, S}, {14, 92, S}};
constexpr GlyphPoint kThreeSlipped[] = {{26, 10, D}, {50, 2, S},  {72, 4, S},  {58, 24, S}, {40, 42, S},
                                        {66, 52, S}, {72, 76, S}, {46, 98, S}, {8, 96, S}};
constexpr GlyphPoint kThreeHooked[] = {{20, 22, D}, {30, 4, S},  {58, 0, S},  {70, 18, S}, {48, 44, C},
                                       {72, 58, S}, {66, 84, S}, {38, 98, S}, {12, 84, S}};

// 4: open, in two strokes, with a long bar, a short stem or a round elbow; closed, in two strokes or in one; in one stroke, open.
constexpr GlyphPoint kFourOpen[] = {{24, 4, D},  {18, 30, S}, {10, 56, C}, {46, 56, S},
                                    {86, 52, S}, {72, 8, D},  {68, 52, S}, {64, 100, S}};
constexpr GlyphPoint kFourLongBar[] = {{36, 0, D},  {20, 32, S}, {6, 62, C},  {50, 60, S},
                                       {98, 54, S}, {66, 22, D}, {60, 60, S}, {54, 100, S}};
constexpr GlyphPoint kFourShortBar[] = {{22, 2, D},  {18, 26, S}, {16, 48, C}, {44, 50, S},
                                        {68, 48, S}, {74, 4, D},  {70, 50, S}, {68, 100, S}};
constexpr GlyphPoint kFourShortStem[] = {{40, 0, D},  {24, 30, S}, {10, 58, C}, {48, 60, S},
                                         {90, 58, S}, {64, 42, D}, {60, 70, S}, {56, 100, S}};
constexpr GlyphPoint kFourRound[] = {{20, 8, D},  {12, 36, S}, {22, 54, S}, {48, 54, S},
                                     {74, 42, S}, {76, 4, D},  {74, 50, S}, {68, 100, S}};
constexpr GlyphPoint kFourClosed[] = {{62, 0, D},  {36, 34, S}, {8, 68, C},  {48, 68, S},
                                      {90, 66, S}, {62, 2, D},  {61, 50, S}, {60, 100, S}};
constexpr GlyphPoint kFourPeak[] = {{52, 100, D}, {58, 50, S}, {64, 2, C}, {36, 32, S}, {8, 62, C}, {50, 62, S}, {92, 60, S}};
constexpr GlyphPoint kFourNarrow[] = {{66, 4, D},  {40, 24, S}, {24, 46, C}, {48, 50, S},
                                      {74, 44, S}, {72, 6, D},  {66, 54, S}, {58, 100, S}};
constexpr GlyphPoint kFourOneStroke[] = {{18, 4, D},  {12, 32, S}, {22, 52, S}, {52, 50, S},
                                         {76, 34, S}, {82, 2, C},  {74, 52, S}, {68, 100, S}};

// 5: bowl first, then the bar, attached or apart; in one stroke; angular; like an S; with a long bar; with a bowl that curls in.
constexpr GlyphPoint kFiveBar[] = {{30, 4, D},   {27, 24, S}, {22, 46, C}, {52, 38, S}, {78, 58, S}, {70, 88, S},
                                   {40, 100, S}, {10, 90, S}, {30, 4, D},  {56, 4, S},  {84, 2, S}};
constexpr GlyphPoint kFiveOne[] = {{82, 4, D},  {56, 4, S},  {32, 6, C},  {28, 26, S}, {26, 46, C},
                                   {58, 42, S}, {78, 66, S}, {58, 96, S}, {12, 94, S}};
constexpr GlyphPoint kFiveSlim[] = {{34, 6, D},  {32, 22, S}, {34, 42, S}, {58, 52, S}, {68, 74, S},
                                    {50, 97, S}, {18, 94, S}, {34, 6, D},  {58, 8, S},  {82, 2, S}};
constexpr GlyphPoint kFiveEss[] = {{86, 2, D},  {54, 4, S},  {32, 14, S}, {30, 34, S}, {54, 48, S},
                                   {68, 66, S}, {58, 90, S}, {34, 99, S}, {8, 92, S}};
constexpr GlyphPoint kFiveLongBar[] = {{36, 12, D}, {32, 28, S}, {28, 46, C}, {52, 46, S}, {64, 64, S}, {54, 90, S},
                                       {30, 99, S}, {6, 92, S},  {36, 12, D}, {68, 8, S},  {99, 0, S}};
constexpr GlyphPoint kFiveApart[] = {{28, 12, D}, {28, 30, S}, {26, 48, C}, {54, 44, S}, {74, 64, S}, {62, 92, S},
                                     {34, 99, S}, {12, 88, S}, {38, 4, D},  {60, 4, S},  {86, 6, S}};
constexpr GlyphPoint kFiveCurl[] = {{84, 2, D},  {60, 2, S},  {40, 4, C},  {34, 22, S}, {28, 42, C}, {60, 44, S},
                                    {78, 70, S}, {58, 98, S}, {28, 96, S}, {14, 82, S}, {28, 76, S}};
constexpr GlyphPoint kFiveShortBar[] = {{62, 2, D},  {38, 4, C},  {34, 24, S}, {30, 44, C},
                                        {64, 46, S}, {76, 70, S}, {50, 99, S}, {14, 90, S}};

// 6: round; with a straight back; with a small loop; leaning back; with a flat, wide loop; with a loop that crosses the back.
constexpr GlyphPoint kSixRound[] = {{68, 4, D},  {36, 20, S}, {14, 56, S}, {22, 90, S}, {50, 100, S},
                                    {76, 82, S}, {68, 58, S}, {42, 52, S}, {16, 72, S}};
constexpr GlyphPoint kSixStraight[] = {{56, 0, D},  {38, 28, S}, {22, 62, S}, {26, 92, S}, {50, 99, S},
                                       {72, 84, S}, {66, 62, S}, {44, 58, S}, {24, 74, S}};
constexpr GlyphPoint kSixSmall[] = {{46, 0, D},  {22, 30, S}, {14, 68, S}, {30, 97, S}, {64, 96, S},
                                    {74, 78, S}, {54, 66, S}, {26, 80, S}, {20, 88, S}};
constexpr GlyphPoint kSixUpright[] = {{30, 0, D},  {20, 30, S}, {16, 66, S}, {28, 94, S}, {56, 98, S},
                                      {78, 80, S}, {70, 56, S}, {44, 52, S}, {20, 66, S}};
constexpr GlyphPoint kSixWide[] = {{58, 0, D},  {30, 26, S}, {12, 64, S}, {26, 94, S}, {62, 98, S},
                                   {90, 80, S}, {80, 62, S}, {48, 64, S}, {24, 82, S}};
constexpr GlyphPoint kSixCrossed[] = {{60, 2, D},  {36, 26, S}, {22, 60, S}, {30, 92, S}, {54, 98, S},
                                      {72, 80, S}, {58, 62, S}, {34, 66, S}, {8, 84, S}};
constexpr GlyphPoint kSixLow[] = {{62, 0, D},  {38, 26, S}, {18, 64, S}, {24, 94, S}, {58, 99, S},
                                  {90, 84, S}, {76, 69, S}, {42, 76, S}, {20, 90, S}};
constexpr GlyphPoint kSixLeaning[] = {{84, 0, D},  {48, 26, S}, {18, 62, S}, {22, 92, S}, {50, 99, S},
                                      {74, 84, S}, {64, 68, S}, {40, 70, S}, {20, 84, S}};
constexpr GlyphPoint kSixOpen[] = {{60, 2, D},  {30, 24, S}, {12, 62, S}, {26, 95, S},
                                   {62, 96, S}, {84, 76, S}, {68, 60, S}, {44, 70, S}};

// 7: plain, straight or bowed; with a hook or a serif at the left; with a bar through the stem; with a rising top.
constexpr GlyphPoint kSevenPlain[] = {{8, 6, D}, {42, 6, S}, {82, 4, C}, {58, 46, S}, {40, 100, S}};
constexpr GlyphPoint kSevenStraight[] = {{14, 8, D}, {44, 6, S}, {78, 2, C}, {64, 50, S}, {52, 100, S}};
constexpr GlyphPoint kSevenBowed[] = {{8, 10, D}, {44, 8, S}, {84, 2, C}, {56, 32, S}, {42, 64, S}, {38, 100, S}};
constexpr GlyphPoint kSevenHook[] = {{12, 24, D}, {14, 6, C}, {46, 8, S}, {80, 4, C}, {64, 34, S}, {52, 66, S}, {46, 100, S}};
constexpr GlyphPoint kSevenWave[] = {{8, 28, D}, {18, 8, S}, {44, 12, S}, {80, 2, C}, {60, 48, S}, {46, 100, S}};
constexpr GlyphPoint kSevenSerif[] = {{10, 38, D}, {12, 8, C}, {46, 12, S}, {84, 6, C}, {66, 50, S}, {54, 100, S}};
constexpr GlyphPoint kSevenSteep[] = {{30, 16, D}, {50, 10, S}, {68, 1, C}, {58, 50, S}, {48, 100, S}};
constexpr GlyphPoint kSevenShort[] = {{34, 8, D}, {56, 6, S}, {74, 2, C}, {58, 50, S}, {40, 100, S}};
constexpr GlyphPoint kSevenBar[] = {{8, 8, D},    {44, 8, S},  {82, 4, C},  {58, 48, S},
                                    {36, 100, S}, {28, 54, D}, {52, 52, S}, {78, 48, S}};
constexpr GlyphPoint kSevenHookBar[] = {{12, 22, D},  {14, 6, C},  {46, 8, S},  {80, 4, C}, {60, 46, S},
                                        {44, 100, S}, {30, 52, D}, {52, 50, S}, {80, 48, S}};

// 8: one line from the top right, closed or with open ends; one line from the middle; the other way round; two loops.
constexpr GlyphPoint kEightTop[] = {{72, 14, D},  {46, 0, S},  {20, 16, S}, {34, 42, S}, {66, 62, S}, {72, 86, S},
                                    {46, 100, S}, {18, 84, S}, {32, 60, S}, {64, 36, S}, {70, 12, S}};
constexpr GlyphPoint kEightOpen[] = {{76, 16, D}, {54, 2, S},  {28, 8, S},  {28, 30, S}, {54, 54, S}, {62, 82, S},
                                     {38, 99, S}, {18, 84, S}, {30, 62, S}, {62, 34, S}, {88, 4, S}};
constexpr GlyphPoint kEightTail[] = {{66, 20, D}, {50, 6, S},  {26, 12, S}, {30, 34, S}, {56, 56, S}, {66, 82, S},
                                     {44, 99, S}, {22, 84, S}, {34, 62, S}, {64, 30, S}, {92, 0, S}};
constexpr GlyphPoint kEightSmallHead[] = {{62, 8, D},   {46, 0, S},  {34, 12, S}, {44, 30, S}, {70, 54, S}, {76, 84, S},
                                          {46, 100, S}, {16, 82, S}, {28, 54, S}, {54, 28, S}, {62, 10, S}};
constexpr GlyphPoint kEightSmallBody[] = {{80, 16, D},  {50, 0, S},  {18, 14, S}, {28, 42, S}, {58, 64, S}, {60, 88, S},
                                          {42, 100, S}, {26, 86, S}, {40, 62, S}, {76, 36, S}, {80, 14, S}};
constexpr GlyphPoint kEightSlim[] = {{70, 10, D}, {50, 0, S},  {32, 14, S}, {40, 38, S}, {54, 60, S}, {54, 86, S},
                                     {38, 99, S}, {24, 86, S}, {36, 60, S}, {58, 34, S}, {72, 8, S}};
constexpr GlyphPoint kEightMiddle[] = {{44, 48, D}, {22, 26, S}, {30, 4, S},   {58, 0, S},  {72, 20, S}, {50, 46, S},
                                       {24, 70, S}, {26, 94, S}, {54, 100, S}, {72, 80, S}, {56, 56, S}, {40, 44, S}};
constexpr GlyphPoint kEightMirrored[] = {{30, 12, D},  {54, 0, S},  {78, 16, S}, {64, 40, S}, {32, 62, S}, {24, 86, S},
                                         {50, 100, S}, {78, 84, S}, {66, 60, S}, {36, 38, S}, {26, 16, S}};
constexpr GlyphPoint kEightLoops[] = {{50, 47, D}, {26, 36, S}, {26, 10, S}, {50, 0, S},   {74, 10, S}, {72, 36, S}, {48, 47, S},
                                      {48, 48, D}, {20, 62, S}, {20, 90, S}, {50, 100, S}, {80, 88, S}, {78, 60, S}, {50, 48, S}};

// 9: loop and straight stem in one; loop and curved tail; stem as its own stroke; small loop; open loop; long leaning tail.
constexpr GlyphPoint kNineStraight[] = {{74, 14, D}, {46, 2, S},  {20, 18, S}, {24, 44, S},
                                        {52, 46, S}, {76, 14, C}, {72, 56, S}, {66, 100, S}};
constexpr GlyphPoint kNineTail[] = {{74, 18, D}, {50, 2, S},  {22, 16, S}, {22, 44, S}, {50, 50, S},
                                    {74, 18, C}, {78, 56, S}, {62, 92, S}, {24, 96, S}};
constexpr GlyphPoint kNineOval[] = {{70, 10, D}, {40, 0, S},  {16, 22, S}, {26, 48, S}, {58, 42, S},
                                    {72, 12, S}, {72, 10, D}, {66, 54, S}, {50, 100, S}};
constexpr GlyphPoint kNineSmall[] = {{68, 8, D},  {46, 0, S}, {28, 14, S}, {34, 32, S},
                                     {58, 30, S}, {70, 8, C}, {64, 52, S}, {54, 100, S}};
constexpr GlyphPoint kNineOpen[] = {{62, 2, D},  {34, 8, S}, {18, 32, S}, {34, 48, S},
                                    {62, 36, S}, {76, 8, C}, {70, 54, S}, {60, 100, S}};
constexpr GlyphPoint kNineRound[] = {{70, 26, D}, {62, 4, S},  {36, 2, S},  {20, 22, S}, {34, 42, S},
                                     {60, 36, S}, {72, 20, S}, {72, 56, S}, {56, 98, S}};

constexpr GlyphPoint kNineBig[] = {{72, 18, D}, {44, 1, S},  {14, 24, S}, {18, 54, S}, {44, 64, S},
                                   {70, 42, S}, {74, 12, C}, {75, 58, S}, {72, 100, S}};
constexpr GlyphPoint kNineSlanted[] = {{74, 10, D}, {54, 0, S}, {32, 16, S}, {28, 36, S}, {50, 38, S},
                                       {74, 14, S}, {78, 8, C}, {62, 54, S}, {44, 100, S}};
constexpr GlyphPoint kNineWide[] = {{82, 10, D}, {52, 0, S}, {14, 22, S}, {32, 44, S}, {76, 16, C}, {64, 58, S}, {48, 100, S}};

constexpr Writing kZeros[] = {{kZeroRound, 3}, {kZeroNarrow, 3}, {kZeroOverlap, 3}, {kZeroOpen, 2}, {kZeroTail, 2}, {kZeroCurl, 2}};
constexpr Writing kOnes[] = {{kOneBar, 9}, {kOneBowed, 4}, {kOneFlag, 2}, {kOneSerif, 2}, {kOneFoot, 3}};
constexpr Writing kTwos[] = {{kTwoSharp, 3},   {kTwoLoop, 3},      {kTwoLargeLoop, 2}, {kTwoRising, 2},
                             {kTwoNeck, 3},    {kTwoFlat, 2},      {kTwoCurl, 2},      {kTwoTall, 4},
                             {kTwoBigHead, 2}, {kTwoAmpersand, 3}, {kTwoLongFoot, 3},  {kTwoShortFoot, 3}};
constexpr Writing kThrees[] = {{kThreeBows, 4},      {kThreeLoop, 2},  {kThreeFlat, 1},   {kThreePointed, 3},
                               {kThreeSmallHead, 2}, {kThreeRound, 2}, {kThreeHooked, 2}, {kThreeSlipped, 2}};
constexpr Writing kFours[] = {{kFourOpen, 4},   {kFourLongBar, 3}, {kFourShortBar, 2}, {kFourShortStem, 2}, {kFourRound, 1},
                              {kFourClosed, 1}, {kFourPeak, 1},    {kFourNarrow, 1},   {kFourOneStroke, 1}};
constexpr Writing kFives[] = {{kFiveBar, 3},     {kFiveOne, 3},   {kFiveSlim, 2}, {kFiveEss, 3},
                              {kFiveLongBar, 3}, {kFiveApart, 2}, {kFiveCurl, 2}, {kFiveShortBar, 2}};
constexpr Writing kSixes[] = {{kSixRound, 3},   {kSixStraight, 3}, {kSixSmall, 3}, {kSixUpright, 2}, {kSixWide, 2},
                              {kSixCrossed, 2}, {kSixLow, 2},      {kSixOpen, 2},  {kSixLeaning, 2}};
constexpr Writing kSevens[] = {{kSevenPlain, 4}, {kSevenStraight, 3}, {kSevenBowed, 3}, {kSevenHook, 2},  {kSevenWave, 2},
                               {kSevenBar, 3},   {kSevenHookBar, 1},  {kSevenSerif, 2}, {kSevenShort, 2}, {kSevenSteep, 2}};
constexpr Writing kEights[] = {{kEightTop, 4},  {kEightOpen, 4}, {kEightMiddle, 2},    {kEightMirrored, 1}, {kEightLoops, 2},
                               {kEightSlim, 3}, {kEightTail, 2}, {kEightSmallHead, 2}, {kEightSmallBody, 2}};
constexpr Writing kNines[] = {{kNineStraight, 3}, {kNineTail, 3}, {kNineOval, 3}, {kNineSmall, 2},  {kNineOpen, 3},
                              {kNineRound, 2},    {kNineWide, 2}, {kNineBig, 2},  {kNineSlanted, 3}};

constexpr std::array<std::span<const Writing>, 10> kWritings = {kZeros, kOnes,  kTwos,   kThrees, kFours,
                                                                kFives, kSixes, kSevens, kEights, kNines};

constexpr bool fits(Glyph glyph) {
  if (glyph.size() < 2 || glyph.size() > kMostGlyphPoints || glyph.front().pen != D || glyph.back().pen == D) return false;
  std::size_t strokes = 0;
  for (std::size_t i = 0; i < glyph.size(); ++i) {
    if (glyph[i].pen != D) continue;
    ++strokes;
    if (glyph[i + 1].pen == D) return false;  // a stroke of one point
  }
  return strokes <= kMostStrokes;
}

constexpr bool all_fit() {
  for (const auto& writings : kWritings) {
    for (const Writing& writing : writings) {
      if (!fits(writing.glyph) || writing.share == 0) return false;
    }
  }
  return true;
}
static_assert(all_fit());

}  // namespace

std::span<const Writing> writings_of(int digit) { return kWritings[static_cast<std::size_t>(digit)]; }

}  // namespace lenet::data
