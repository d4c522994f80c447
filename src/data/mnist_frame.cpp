#include "data/mnist_frame.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>

namespace lenet::data {
namespace {

// MNIST's centre of mass: the middle of pixel (14, 14), not the image's corner between four pixels. Measured: 14.50 and 14.49
// on average over its training images, with the middle of pixel 0 at 0.5.
constexpr double kCentre = 14.5;
constexpr float kFaintest = 0.5F / 255;  // less would be a byte of 0

/// The value as ink in [0, 1]; NaN is 0.
float ink_of(float value) { return value >= kFaintest ? std::min(value, 1.0F) : 0.0F; }

/// Columns first … last - 1 and rows likewise.
struct Rectangle {
  int left = 0, right = 0, top = 0, bottom = 0;

  void add(int x, int y) { *this = {std::min(left, x), std::max(right, x + 1), std::min(top, y), std::max(bottom, y + 1)}; }
};

/// The smallest rectangle with all the ink; empty where there is none.
Rectangle find_ink(std::span<const float> pixels, int width, int height) {
  Rectangle ink{width, 0, height, 0};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const auto at = static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x);
      if (ink_of(pixels[at]) > 0) ink.add(x, y);
    }
  }
  return ink.right > ink.left ? ink : Rectangle{};
}

/// One direction of the scaling: the box's twenty pixels on the line first … last of the source, which they share with a margin
/// before and after it.
struct Scale {
  double start;  // where the box's first pixel begins, in pixels of the source
  double step;   // width of one of the box's pixels, likewise

  Scale(int first, int last, double longer) : start(0.5 * (first + last) - 0.5 * longer), step(longer / kFrameBoxSide) {}

  /// What part of the box's pixel `i` lies on the source's pixel `at`.
  double share(int i, int at) const {
    const double begin = start + step * i;
    const double covered = std::min(begin + step, at + 1.0) - std::max(begin, static_cast<double>(at));
    return std::max(covered, 0.0) / step;
  }
  /// The box's pixels that may lie on the source's pixel `at`: first … last.
  int first_on(int at) const { return std::max(static_cast<int>(std::floor((at - start) / step)), 0); }
  int last_on(int at) const { return std::min(static_cast<int>(std::floor((at + 1 - start) / step)), kFrameBoxSide - 1); }
};

}  // namespace

std::vector<float> frame_like_mnist(std::span<const float> pixels, int width, int height) {
  if (width < 0 || height < 0 || pixels.size() != static_cast<std::size_t>(width) * static_cast<std::size_t>(height)) {
    throw std::logic_error("frame_like_mnist: the image does not have width times height pixels");
  }
  std::vector<float> image(kFrameSide * kFrameSide);
  const Rectangle ink = find_ink(pixels, width, height);
  const int longer = std::max(ink.right - ink.left, ink.bottom - ink.top);
  if (longer == 0) return image;

  const Scale across(ink.left, ink.right, longer), down(ink.top, ink.bottom, longer);
  std::vector<double> sums(kFrameBoxSide * kFrameBoxSide);
  for (int y = ink.top; y < ink.bottom; ++y) {
    for (int x = ink.left; x < ink.right; ++x) {
      const auto at = static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x);
      const double value = ink_of(pixels[at]);
      if (value == 0) continue;
      for (int i = down.first_on(y); i <= down.last_on(y); ++i) {
        const double row = value * down.share(i, y);
        for (int j = across.first_on(x); j <= across.last_on(x); ++j) {
          sums[static_cast<std::size_t>(i * kFrameBoxSide + j)] += row * across.share(j, x);
        }
      }
    }
  }
  std::vector<float> box(sums.size());
  std::transform(sums.begin(), sums.end(), box.begin(), [](double sum) { return std::min(static_cast<float>(sum), 1.0F); });
  centre_by_mass(box, image);
  return image;
}

void centre_by_mass(std::span<const float> box, std::span<float> image) {
  if (box.size() != kFrameBoxSide * kFrameBoxSide || image.size() != kFrameSide * kFrameSide) {
    throw std::logic_error("centre_by_mass: the box is not 20 × 20 or the image not 28 × 28");
  }
  double mass = 0, moment_x = 0, moment_y = 0;
  Rectangle ink{kFrameBoxSide, 0, kFrameBoxSide, 0};
  for (int y = 0; y < kFrameBoxSide; ++y) {
    for (int x = 0; x < kFrameBoxSide; ++x) {
      const double value = box[static_cast<std::size_t>(y * kFrameBoxSide + x)];
      mass += value;
      moment_x += value * (x + 0.5);
      moment_y += value * (y + 0.5);
      if (value > 0) ink.add(x, y);
    }
  }
  std::fill(image.begin(), image.end(), 0.0F);
  if (!(mass > 0)) return;
  const auto shift = [mass](double moment, int first, int last) {
    return std::clamp(static_cast<int>(std::floor(kCentre - moment / mass + 0.5)), -first, kFrameSide - last);
  };
  const int right = shift(moment_x, ink.left, ink.right);
  const int down = shift(moment_y, ink.top, ink.bottom);
  for (int y = ink.top; y < ink.bottom; ++y) {
    std::copy_n(box.begin() + y * kFrameBoxSide + ink.left, ink.right - ink.left,
                image.begin() + (y + down) * kFrameSide + ink.left + right);
  }
}

}  // namespace lenet::data
