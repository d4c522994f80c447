#include "data/strokes.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>

#include "base/hash.h"
#include "base/random.h"
#include "data/mnist_frame.h"
#include "data/strokes_glyphs.h"
#include "data/strokes_hand.h"
#include "data/strokes_pen.h"

namespace lenet::data {
namespace {

/// One of a digit's glyphs, each as often as its share says.
Glyph choose_glyph(int digit, RandomStream& random) {
  const std::span<const Writing> writings = writings_of(digit);
  std::uint32_t all = 0;
  for (const Writing& writing : writings) all += writing.share;
  std::uint32_t left = random.below(all);
  std::size_t i = 0;
  for (; left >= writings[i].share; ++i) left -= writings[i].share;
  return writings[i].glyph;
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
  const PenPath path = write_glyph(choose_glyph(image.label, random), random);
  InkBox box = draw_path(path, random.uniform(-0.5, 0.5));
  for (float& ink : box) ink = std::floor(ink * 255 + 0.5F);  // first, so that it is the bytes whose mass is centred
  std::array<float, kFrameSide * kFrameSide> framed;
  centre_by_mass(box, framed);
  std::transform(framed.begin(), framed.end(), image.pixels.begin(), [](float value) { return static_cast<std::uint8_t>(value); });
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
