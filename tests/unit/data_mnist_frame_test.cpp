// Tests of src/data/mnist_frame.h: the box is filled, the aspect ratio and the ink are kept, the centre of mass is where MNIST has it.
#include "data/mnist_frame.h"

#include <limits>
#include <stdexcept>

#include "base/hash.h"
#include "data/strokes.h"
#include "data_support.h"

using namespace lenet;
using namespace lenet::test;
using data::frame_like_mnist;

namespace {

/// A grey image that is drawn into, [y][x].
struct Canvas {
  int width, height;
  std::vector<float> pixels;

  Canvas(int w, int h) : width(w), height(h), pixels(static_cast<std::size_t>(w * h)) {}

  float& at(int x, int y) { return pixels[static_cast<std::size_t>(y * width + x)]; }
  void fill(int left, int top, int right, int bottom, float value = 1) {
    for (int y = top; y < bottom; ++y)
      for (int x = left; x < right; ++x) at(x, y) = value;
  }
  std::vector<float> framed() const { return frame_like_mnist(pixels, width, height); }
};

/// Where the ink is: columns and rows with any, and its centre of mass (the middle of pixel 0 is at 0.5).
struct Extent {
  int left = 28, right = -1, top = 28, bottom = -1;
  double mass = 0, centre_x = 0, centre_y = 0;

  explicit Extent(const std::vector<float>& image) {
    REQUIRE(image.size() == 784);
    for (int y = 0; y < 28; ++y) {
      for (int x = 0; x < 28; ++x) {
        const double v = image[static_cast<std::size_t>(y * 28 + x)];
        REQUIRE(v >= 0);
        REQUIRE(v <= 1);
        if (v == 0) continue;
        left = std::min(left, x), right = std::max(right, x), top = std::min(top, y), bottom = std::max(bottom, y);
        mass += v, centre_x += v * (x + 0.5), centre_y += v * (y + 0.5);
      }
    }
    centre_x /= mass, centre_y /= mass;
  }
  int width() const { return right - left + 1; }
  int height() const { return bottom - top + 1; }
};

/// A slanted, lopsided blot: no symmetry hides a mistake.
Canvas blot(int scale, int left, int top) {
  Canvas canvas(60 * scale, 50 * scale);
  for (int y = 0; y < 26; ++y)
    for (int x = 0; x < 17; ++x) {
      const bool inside = x >= y / 4 && x < 6 + y / 3;
      if (inside)
        canvas.fill((left + x) * scale, (top + y) * scale, (left + x + 1) * scale, (top + y + 1) * scale, x % 3 == 0 ? 0.5F : 1);
    }
  return canvas;
}

void check_near(const std::vector<float>& a, const std::vector<float>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    CAPTURE(i);
    CHECK(std::abs(a[i] - b[i]) <= 1e-6F);
  }
}

}  // namespace

TEST_CASE("mnist frame: ink as large as the box is only moved, to the centre of mass") {
  Canvas canvas(50, 33);
  canvas.fill(3, 2, 4, 22);           // a stem of 20 pixels
  canvas.fill(4, 20, 15, 22, 0.25F);  // a faint foot to the right of it
  const std::vector<float> image = canvas.framed();
  const Extent e(image);
  CHECK(e.width() == 12);
  CHECK(e.height() == 20);
  CHECK(e.mass == doctest::Approx(20 + 22 * 0.25));
  CHECK(std::abs(e.centre_x - 14.5) <= 0.5);
  CHECK(std::abs(e.centre_y - 14.5) <= 0.5);
  for (int y = 0; y < 20; ++y)
    for (int x = 0; x < 12; ++x) {
      CHECK(image[static_cast<std::size_t>((e.top + y) * 28 + e.left + x)] == canvas.at(3 + x, 2 + y));
    }
}

TEST_CASE("mnist frame: the longer side fills twenty pixels, the aspect ratio and the ink stay") {
  const std::array<std::array<int, 2>, 7> sizes = {{{200, 100}, {40, 120}, {7, 7}, {1, 1}, {3, 11}, {20, 19}, {640, 639}}};
  for (const auto& [width, height] : sizes) {
    CAPTURE(width);
    CAPTURE(height);
    Canvas canvas(width + 9, height + 4);
    canvas.fill(5, 1, 5 + width, 1 + height);
    const Extent e(canvas.framed());
    const double scale = 20.0 / std::max(width, height);
    CHECK(std::max(e.width(), e.height()) == 20);
    CHECK(e.width() - scale * width >= 0);
    CHECK(e.width() - scale * width < 2);  // a column that is covered in part at each side
    CHECK(e.height() - scale * height >= 0);
    CHECK(e.height() - scale * height < 2);
    CHECK(e.mass == doctest::Approx(scale * scale * width * height));
    CHECK(std::abs(e.centre_x - 14.5) <= 0.501);
    CHECK(std::abs(e.centre_y - 14.5) <= 0.501);
  }
}

TEST_CASE("mnist frame: where it was drawn and how finely makes no difference") {
  const std::vector<float> image = blot(1, 0, 0).framed();
  for (const int scale : {1, 2, 3, 8}) {
    check_near(blot(scale, 0, 0).framed(), image);
    check_near(blot(scale, 43, 24).framed(), image);
    check_near(blot(scale, 11, 7).framed(), image);
  }
}

TEST_CASE("mnist frame: a framed digit is framed already") {
  int compared = 0;
  for (std::uint32_t index = 0; index < 200; ++index) {
    const data::StrokeImage digit = data::draw_digit(5, index);
    std::vector<float> pixels(digit.pixels.size());
    data::to_floats(digit.pixels, pixels);
    const Extent e(pixels);
    if (std::max(e.width(), e.height()) != 20) continue;  // its faintest row was rounded away
    // The box is centred on the ink here; where the ink's shorter side is odd, that is half a pixel from where the digit has it.
    if ((e.width() + e.height()) % 2 != 0) continue;
    ++compared;
    CAPTURE(index);
    check_near(frame_like_mnist(pixels, 28, 28), pixels);
  }
  CHECK(compared >= 40);
}

TEST_CASE("mnist frame: what has no ink gives an empty image") {
  const std::vector<float> nothing(784);
  CHECK(frame_like_mnist({}, 0, 0) == nothing);
  CHECK(frame_like_mnist({}, 0, 12) == nothing);
  CHECK(Canvas(28, 28).framed() == nothing);
  Canvas canvas(100, 80);
  canvas.fill(0, 0, 100, 80, 0.0019F);  // rounds to a byte of 0
  canvas.at(1, 1) = -5;
  canvas.at(2, 2) = std::numeric_limits<float>::quiet_NaN();
  canvas.at(3, 3) = -std::numeric_limits<float>::infinity();
  CHECK(canvas.framed() == nothing);
}

TEST_CASE("mnist frame: values outside 0 to 1 count as the nearest") {
  Canvas plain(40, 40), wild(40, 40);
  plain.fill(4, 3, 30, 36);
  wild.fill(0, 0, 40, 40, -0.25F);
  wild.fill(4, 3, 30, 36, 7);
  wild.at(10, 10) = std::numeric_limits<float>::infinity();
  CHECK(plain.framed() == wild.framed());
}

TEST_CASE("mnist frame: ink far from its centre of mass stays inside the image") {
  Canvas canvas(1000, 1000);
  canvas.fill(0, 0, 60, 1000);        // nearly all of it at the left
  canvas.fill(999, 999, 1000, 1000);  // a dot that stretches the box
  const Extent e(canvas.framed());
  CHECK(e.left == 8);
  CHECK(e.right == 27);  // the dot, at the border
  CHECK(e.height() == 20);
}

TEST_CASE("mnist frame: the same bits on every platform") {
  const std::vector<float> image = blot(7, 20, 10).framed();
  Hash hash;
  hash.add_values(std::span<const float>(image));
  CHECK(hash.text() == "45d2754b33424684");
}

TEST_CASE("mnist frame: sizes that contradict each other are a mistake of the caller") {
  const std::vector<float> pixels(12);
  CHECK_THROWS_AS(frame_like_mnist(pixels, 3, 5), std::logic_error);
  CHECK_THROWS_AS(frame_like_mnist(pixels, -3, -4), std::logic_error);
  CHECK_THROWS_AS(frame_like_mnist({}, 1, 1), std::logic_error);
  std::vector<float> image(784);
  CHECK_THROWS_AS(data::centre_by_mass(pixels, image), std::logic_error);
  CHECK_THROWS_AS(data::centre_by_mass(std::vector<float>(400), std::span(image).first(783)), std::logic_error);
}
