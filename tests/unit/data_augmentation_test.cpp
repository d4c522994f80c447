// Tests of src/data/augmentation.h: exactly shifted and mirrored images, what they are keyed by, the text form, every message.
#include "data/augmentation.h"

#include <map>
#include <stdexcept>

#include "base/error.h"
#include "base/hash.h"
#include "data_support.h"

using namespace lenet;
using namespace lenet::test;
using data::Augmentation;
using data::ImageShape;

namespace {

using Pixels = std::vector<std::uint8_t>;

Pixels augmented(const Pixels& image, const ImageShape& shape, const Augmentation& augmentation, std::uint64_t seed,
                 std::uint32_t epoch, std::uint32_t index) {
  Pixels out(image.size(), 99);
  data::augment(image, shape, augmentation, seed, epoch, index, out);
  return out;
}

/// The image moved by (dx, dy), then mirrored, pixel by pixel as the definition says.
Pixels moved(const Pixels& image, const ImageShape& shape, int dx, int dy, bool mirrored) {
  Pixels out(image.size());
  for (int c = 0; c < shape.channels; ++c)
    for (int y = 0; y < shape.height; ++y)
      for (int x = 0; x < shape.width; ++x) {
        const int from_x = (mirrored ? shape.width - 1 - x : x) - dx, from_y = y - dy;
        if (from_x < 0 || from_x >= shape.width || from_y < 0 || from_y >= shape.height) continue;
        out[static_cast<std::size_t>((c * shape.height + y) * shape.width + x)] =
            image[static_cast<std::size_t>((c * shape.height + from_y) * shape.width + from_x)];
      }
  return out;
}

/// No two pixels alike, none zero.
Pixels counted(const ImageShape& shape) {
  Pixels image(static_cast<std::size_t>(shape.size()));
  for (std::size_t i = 0; i < image.size(); ++i) image[i] = static_cast<std::uint8_t>(i + 1);
  return image;
}

struct Move {
  int dx = 0, dy = 0;
  bool mirrored = false;
  auto operator<=>(const Move&) const = default;
};

/// Which move made `out`; fails the test when none did.
Move move_of(const Pixels& image, const ImageShape& shape, int shift, const Pixels& out) {
  for (const bool mirrored : {false, true})
    for (int dy = -shift; dy <= shift; ++dy)
      for (int dx = -shift; dx <= shift; ++dx)
        if (moved(image, shape, dx, dy, mirrored) == out) return {dx, dy, mirrored};
  FAIL("no shift and mirror image gives this");
  return {};
}

}  // namespace

TEST_CASE("augmentation: none leaves every image as it is") {
  const ImageShape shape{2, 5, 6};
  for (std::uint32_t index = 0; index < 50; ++index) CHECK(augmented(counted(shape), shape, {}, 1, 0, index) == counted(shape));
  CHECK(Augmentation{}.none());
  CHECK_FALSE(Augmentation{.shift = 1}.none());
  CHECK_FALSE(Augmentation{.flip = true}.none());
}

TEST_CASE("augmentation: the oracle of these tests moves and mirrors a small image as one would by hand") {
  const Pixels image = {1, 2, 3, 4, 5, 6};
  CHECK(moved(image, {1, 2, 3}, 1, 0, false) == Pixels{0, 1, 2, 0, 4, 5});
  CHECK(moved(image, {1, 2, 3}, 1, 0, true) == Pixels{2, 1, 0, 5, 4, 0});
  CHECK(moved(image, {1, 2, 3}, 0, -1, false) == Pixels{4, 5, 6, 0, 0, 0});
}

TEST_CASE("augmentation: an image is one of its shifts and mirror images, all channels alike, and every one occurs evenly") {
  const ImageShape shape{3, 6, 7};
  const Pixels image = counted(shape);
  constexpr std::uint32_t kImages = 5000;
  for (const Augmentation& augmentation : {Augmentation{2, true}, Augmentation{1, false}, Augmentation{0, true}}) {
    std::map<Move, int> counts;
    for (std::uint32_t index = 0; index < kImages; ++index)
      ++counts[move_of(image, shape, 2, augmented(image, shape, augmentation, 1, 3, index))];
    const std::size_t moves =
        static_cast<std::size_t>((2 * augmentation.shift + 1) * (2 * augmentation.shift + 1)) * (augmentation.flip ? 2 : 1);
    CHECK(counts.size() == moves);
    const double expected = static_cast<double>(kImages) / static_cast<double>(moves);
    for (const auto& [move, count] : counts) {
      CHECK(std::abs(move.dx) <= augmentation.shift);
      CHECK(std::abs(move.dy) <= augmentation.shift);
      CHECK(std::abs(count - expected) <= 4 * std::sqrt(expected));
    }
  }
}

TEST_CASE("augmentation: a shift beyond the image leaves nothing of it") {
  const ImageShape shape{1, 3, 2};
  const Pixels image = counted(shape);
  int empty = 0;
  for (std::uint32_t index = 0; index < 100; ++index) {
    const Pixels out = augmented(image, shape, {16, true}, 1, 0, index);
    CHECK_NOTHROW(move_of(image, shape, 16, out));
    empty += out == Pixels(image.size());
  }
  CHECK(empty > 50);
  CHECK(empty < 100);
}

TEST_CASE("augmentation: goes by seed, epoch and index, and by nothing else") {
  const ImageShape shape{1, 28, 28};
  const Pixels image = random_values<std::uint8_t>(784, 1, 1, 255);
  const Augmentation both{4, true};
  /// What happened to a hundred images.
  const auto moves = [&](const Augmentation& augmentation, std::uint64_t seed, std::uint32_t epoch, std::uint32_t first) {
    std::vector<Move> result;
    for (std::uint32_t i = 0; i < 100; ++i)
      result.push_back(move_of(image, shape, augmentation.shift, augmented(image, shape, augmentation, seed, epoch, first + i)));
    return result;
  };
  const std::vector<Move> some = moves(both, 1, 2, 300);
  CHECK(moves(both, 1, 2, 300) == some);
  CHECK(moves(both, 2, 2, 300) != some);
  CHECK(moves(both, (1ull << 40) + 1, 2, 300) != some);
  CHECK(moves(both, 1, 3, 300) != some);
  CHECK(moves(both, 1, 2, 301) != some);
  CHECK(moves(both, 1, 300, 2) != some);
  const std::vector<Move> mirrored = moves({0, true}, 1, 2, 300), shifted = moves({4, false}, 1, 2, 300);
  for (std::size_t i = 0; i < some.size(); ++i) CHECK(some[i] == Move{shifted[i].dx, shifted[i].dy, mirrored[i].mirrored});
}

TEST_CASE("augmentation: golden images, the same on every platform") {
  const ImageShape shape{3, 32, 32};
  const Pixels image = random_values<std::uint8_t>(3 * 32 * 32, 1, 0, 255.99);
  Hash hash;
  for (std::uint32_t index = 0; index < 100; ++index) {
    const Pixels out = augmented(image, shape, {4, true}, 0xFEDCBA9876543210u, 7, index);
    hash.add_values(std::span<const std::uint8_t>(out));
  }
  CHECK(hash.text() == "fbde8ab4acdf2c19");
}

TEST_CASE("augmentation: sizes that differ are a mistake of the caller") {
  Pixels nine(9), eight(8);
  CHECK_THROWS_AS(data::augment(eight, {1, 3, 3}, {}, 1, 0, 0, nine), std::logic_error);
  CHECK_THROWS_AS(data::augment(nine, {1, 3, 3}, {}, 1, 0, 0, eight), std::logic_error);
}

TEST_CASE("augmentation: is written as it is read") {
  for (const char* text : {"none", "shift 2", "shift 16", "flip", "shift 4, flip"})
    CHECK(to_string(data::parse_augmentation(text)) == text);
  CHECK(data::parse_augmentation("none") == Augmentation{});
  CHECK(data::parse_augmentation("  none ") == Augmentation{});
  CHECK(data::parse_augmentation("shift 0") == Augmentation{});
  CHECK(data::parse_augmentation("flip ,\tshift  3") == Augmentation{3, true});
}

TEST_CASE("augmentation: what cannot be read is quoted beside the known forms; a shift has limits") {
  for (const std::string text :
       {"", " ", ",", "rotate 5", "shift", "shift two", "shift 2.5", "shift 2 3", "flip flip", "flip, flip", "shift 1, shift 1",
        "none, flip", "flip 1", "shift 2 flip", "Flip", "flip, , shift 2"}) {
    CAPTURE(text);
    const std::string message = message_of<Error>([&] { data::parse_augmentation(text); });
    CHECK(contains(message, "“" + text + "”"));
    CHECK(contains(message, "none, shift PIXELS, flip"));
    CHECK(message.ends_with('.'));
  }
  for (const char* shift : {"-1", "17"}) {
    const std::string message = message_of<Error>([&] { data::parse_augmentation(std::string("shift ") + shift); });
    CHECK(contains(message, std::string("is ") + shift));
    CHECK(contains(message, "between 0 and 16"));
  }
}
