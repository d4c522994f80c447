// Tests of data/strokes.h: the same bits everywhere, normalised as MNIST is, varied, and lazily drawn.
#include <set>
#include <stdexcept>

#include "base/hash.h"
#include "data/strokes.h"
#include "data_support.h"

using namespace lenet;
using namespace lenet::test;
using data::draw_digit;
using data::StrokesDataset;

namespace {

std::string hash_of_images(std::uint64_t seed, std::uint32_t first, std::uint32_t count) {
  Hash hash;
  for (std::uint32_t i = first; i < first + count; ++i) {
    const data::StrokeImage image = draw_digit(seed, i);
    hash.add_values(std::span<const std::uint8_t>(image.pixels));
    const std::array label = {static_cast<std::uint8_t>(image.label)};
    hash.add_values(std::span<const std::uint8_t>(label));
  }
  return hash.text();
}

/// Where the ink is, in pixels; the middle of pixel 0 is at 0.5.
struct Extent {
  int left = 28, right = -1, top = 28, bottom = -1;
  double centre_x = 0, centre_y = 0;
};

Extent extent_of(const data::StrokeImage& image) {
  Extent extent;
  double mass = 0;
  for (int y = 0; y < 28; ++y) {
    for (int x = 0; x < 28; ++x) {
      const double v = image.pixels[static_cast<std::size_t>(y * 28 + x)];
      if (v == 0) continue;
      extent.left = std::min(extent.left, x);
      extent.right = std::max(extent.right, x);
      extent.top = std::min(extent.top, y);
      extent.bottom = std::max(extent.bottom, y);
      mass += v;
      extent.centre_x += v * (x + 0.5);
      extent.centre_y += v * (y + 0.5);
    }
  }
  REQUIRE(mass > 0);
  extent.centre_x /= mass;
  extent.centre_y /= mass;
  return extent;
}

}  // namespace

TEST_CASE("strokes: golden images, the same on every platform") {
  CHECK(hash_of_images(1, 0, 100) == "289831f67f68d0d4");
  CHECK(hash_of_images(1, data::kFirstTestStroke, 100) == "e76ba01b38f30c60");
  CHECK(hash_of_images(0xFEDCBA9876543210u, 59900, 100) == "12ef4fdc361b4b3e");
}

TEST_CASE("strokes: normalised as MNIST is") {
  std::array<int, 2> parity{};  // of the shorter side
  int at_border = 0;
  for (std::uint32_t i = 0; i < 3000; ++i) {
    CAPTURE(i);
    const Extent e = extent_of(draw_digit(7, i));
    const int width = e.right - e.left + 1;
    const int height = e.bottom - e.top + 1;
    CHECK(width <= 20);
    CHECK(height <= 20);
    CHECK(std::max(width, height) == 20);
    ++parity[static_cast<std::size_t>(std::min(width, height) % 2)];
    // Whole pixels: within half a pixel of the middle of pixel (14, 14), where MNIST's centre of mass lies, or at the border.
    const auto centred = [](double centre, int first, int last) {
      return std::abs(centre - 14.5) <= 0.501 || first == 0 || last == 27;
    };
    CHECK(centred(e.centre_x, e.left, e.right));
    CHECK(centred(e.centre_y, e.top, e.bottom));
    at_border += std::abs(e.centre_x - 14.5) > 0.501 || std::abs(e.centre_y - 14.5) > 0.501;
  }
  CHECK(parity[0] > 900);
  CHECK(parity[1] > 900);
  CHECK(at_border <= 3);
}

TEST_CASE("strokes: all digits, uniformly, and no two images alike") {
  std::array<int, 10> seen{};
  std::set<std::string> hashes;
  for (std::uint32_t i = 0; i < 5000; ++i) {
    const data::StrokeImage image = draw_digit(1, i);
    REQUIRE(image.label >= 0);
    REQUIRE(image.label <= 9);
    ++seen[static_cast<std::size_t>(image.label)];
    CHECK(data::digit_label(1, i) == image.label);
    Hash hash;
    hash.add_values(std::span<const std::uint8_t>(image.pixels));
    hashes.insert(hash.text());
  }
  for (const int count : seen) {
    CHECK(count > 400);
    CHECK(count < 600);
  }
  CHECK(hashes.size() == 5000);
}

TEST_CASE("strokes: the pen leaves full ink and a soft edge") {
  for (std::uint32_t i = 0; i < 500; ++i) {
    const data::StrokeImage image = draw_digit(2, i);
    int full = 0, soft = 0;
    for (const std::uint8_t v : image.pixels) {
      full += v > 250;
      soft += v > 0 && v <= 250;
    }
    CAPTURE(i);
    CHECK(soft >= 20);
    CHECK(full + soft >= 30);
    CHECK(full + soft <= 330);
  }
}

TEST_CASE("strokes: the data set draws what draw_digit draws") {
  const StrokesDataset set(3);
  CHECK(set.name() == "strokes");
  CHECK(set.shape() == data::ImageShape{1, 28, 28});
  CHECK(set.classes() == 10);
  CHECK(set.train_count() == 60000);
  CHECK(set.train_available() == 60000);
  CHECK(set.test_count() == 10000);
  CHECK(set.test_available() == 10000);
  const auto same = [](std::span<const std::uint8_t> a, const data::StrokeImage& b) {
    return std::equal(a.begin(), a.end(), b.pixels.begin(), b.pixels.end());
  };
  for (const int i : {0, 999, 1000, 59999}) {
    const auto expected = draw_digit(3, static_cast<std::uint32_t>(i));
    const auto first = set.train_image(i);
    CHECK(same(first, expected));
    CHECK(set.train_image(i).data() == first.data());
    CHECK(set.train_label(i) == expected.label);
  }
  for (const int i : {0, 9999}) {
    const auto expected = draw_digit(3, data::kFirstTestStroke + static_cast<std::uint32_t>(i));
    CHECK(same(set.test_image(i), expected));
    CHECK(set.test_label(i) == expected.label);
  }
  CHECK_THROWS_AS(set.train_image(60000), std::logic_error);
  CHECK_THROWS_AS(set.train_label(-1), std::logic_error);
  CHECK_THROWS_AS(set.test_image(10000), std::logic_error);
  CHECK_THROWS_AS(set.test_label(10000), std::logic_error);
}

TEST_CASE("strokes: the content hash names the seed") {
  const StrokesDataset a(1), b(1), c(2);
  const std::string before = a.content_hash();
  CHECK(before == b.content_hash());
  CHECK(before != c.content_hash());
  a.train_image(12);
  CHECK(a.content_hash() == before);
}
