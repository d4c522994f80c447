// The project's own data set: digits drawn as pen strokes, always there, made on demand from a seed.
//
// draw_digit is a pure function with the same bytes on every platform (only + - * / sqrt and floor, and base/math.h), and no pixel
// of another set is in it. One of several ways of writing the digit (strokes_glyphs.h) is written by a hand that is never the same
// twice (strokes_hand.h), drawn anti-aliased into MNIST's box of 20×20 pixels (strokes_pen.h), and centred by mass as MNIST is
// (mnist_frame.h). How well the set stands in for real digits is measured: docs/strokes.md.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "data/mnist_frame.h"

namespace lenet::data {

inline constexpr int kStrokeSide = kFrameSide;  ///< height and width in pixels
/// Part of the content hash: raise it whenever a pixel of any image changes.
inline constexpr int kStrokesVersion = 2;
/// The test images are the indices from here on; training images are 0, 1, 2, ….
inline constexpr std::uint32_t kFirstTestStroke = 1'000'000;

/// One drawn digit: bytes [y][x], 0 background and 255 ink, and the digit.
struct StrokeImage {
  std::array<std::uint8_t, kStrokeSide * kStrokeSide> pixels{};
  int label = 0;
};

/// Draws the image of that index; a pure function.
StrokeImage draw_digit(std::uint64_t seed, std::uint32_t index);

/// The label draw_digit gives that image, uniform over the ten digits, without drawing it.
int digit_label(std::uint64_t seed, std::uint32_t index);

/// 60,000 training and 10,000 test digits. All are available at once; an image is drawn on first access and its bytes are
/// kept (memory is taken in blocks of 1,000 images, 55 MB when all were seen). Reading draws: one thread at a time.
class StrokesDataset : public Dataset {
 public:
  static constexpr int kTrainCount = 60000;
  static constexpr int kTestCount = 10000;

  explicit StrokesDataset(std::uint64_t seed);

  const std::string& name() const override { return name_; }
  ImageShape shape() const override { return {1, kStrokeSide, kStrokeSide}; }
  int train_count() const override { return kTrainCount; }
  int train_available() const override { return kTrainCount; }
  int test_count() const override { return kTestCount; }
  int test_available() const override { return kTestCount; }
  std::span<const std::uint8_t> train_image(int i) const override { return image(train_, i); }
  int train_label(int i) const override { return label(train_, i); }
  std::span<const std::uint8_t> test_image(int i) const override { return image(test_, i); }
  int test_label(int i) const override { return label(test_, i); }
  /// Of the generator's version and the seed: they determine every image.
  std::string content_hash() const override;

 private:
  static constexpr int kBlock = 1000;  // images
  struct Drawing {
    StrokeImage image;
    bool drawn = false;
  };
  struct Half {
    std::uint32_t first_index;
    int count;
    std::vector<std::unique_ptr<Drawing[]>> blocks;
  };

  std::span<const std::uint8_t> image(Half& half, int i) const;
  int label(const Half& half, int i) const;

  std::string name_ = "strokes";
  std::uint64_t seed_;
  // Mutable: drawing on first access is not a change that a reader could notice.
  mutable Half train_;
  mutable Half test_;
};

}  // namespace lenet::data
