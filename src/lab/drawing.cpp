#include "lab/drawing.h"

#include <cmath>
#include <cstddef>
#include <string>

#include "base/error.h"
#include "data/mnist_frame.h"

namespace lenet::lab {
namespace {

constexpr nn::Shape kDigit{1, 28, 28};

void check_drawing(std::span<const float> pixels, int width, int height) {
  const auto size = [](int value) { return std::to_string(value); };
  if (width < 1 || height < 1 || width > kLargestDrawing || height > kLargestDrawing) {
    throw Error("A drawing has 1 to " + size(kLargestDrawing) + " pixels a side; this one has " + size(width) + "×" + size(height) +
                ".");
  }
  if (pixels.size() != static_cast<std::size_t>(width) * static_cast<std::size_t>(height)) {
    throw Error("A drawing of " + size(width) + "×" + size(height) + " has " + size(width * height) + " pixels; this one has " +
                std::to_string(pixels.size()) + ".");
  }
  for (const float value : pixels) {
    if (!(value >= 0 && value <= 1)) throw Error("A pixel of a drawing must be a number from 0 (background) to 1 (ink).");
  }
}

}  // namespace

std::vector<float> frame_drawing(const nn::Shape& input, std::span<const float> pixels, int width, int height) {
  if (input != kDigit) {
    throw Error("A drawing becomes a grey digit of 28×28 pixels; this network reads images of " + nn::to_string(input) + ".");
  }
  check_drawing(pixels, width, height);
  std::vector<float> image = data::frame_like_mnist(pixels, width, height);
  for (float& value : image) value = std::round(value * 255.0f) / 255.0f;
  return image;
}

}  // namespace lenet::lab
