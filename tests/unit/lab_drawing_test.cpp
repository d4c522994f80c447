#include "lab/drawing.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "base/error.h"

namespace {

using namespace lenet;

constexpr nn::Shape kDigit{1, 28, 28};

/// A bar of ink in a drawing of its own size.
std::vector<float> bar(int width, int height, int left, int top, int right, int bottom) {
  std::vector<float> pixels(static_cast<std::size_t>(width * height));
  for (int y = top; y < bottom; ++y)
    for (int x = left; x < right; ++x) pixels[static_cast<std::size_t>(y * width + x)] = 1;
  return pixels;
}

struct Centre {
  double y = 0, x = 0;
};
Centre centre_of_mass(const std::vector<float>& image) {
  double mass = 0;
  Centre centre;
  for (std::size_t i = 0; i < image.size(); ++i) {
    const double ink = static_cast<double>(image[i]);
    mass += ink;
    centre.y += ink * static_cast<double>(i / 28);
    centre.x += ink * static_cast<double>(i % 28);
  }
  return {centre.y / mass, centre.x / mass};
}

}  // namespace

TEST_CASE("drawing: wherever and however large it was drawn, the network sees it centred, in 256 levels") {
  for (const auto& pixels : {bar(280, 280, 20, 10, 45, 150), bar(280, 280, 230, 100, 250, 279)}) {
    const std::vector<float> image = lab::frame_drawing(kDigit, pixels, 280, 280);
    REQUIRE(image.size() == 784);
    const Centre centre = centre_of_mass(image);
    CHECK(std::abs(centre.y - 14) < 0.6);
    CHECK(std::abs(centre.x - 14) < 0.6);
    for (const float value : image) CHECK(value == std::round(value * 255) / 255);
    CHECK(*std::max_element(image.begin(), image.end()) > 0.9f);
  }
}

TEST_CASE("drawing: without ink the image is black") {
  const std::vector<float> image = lab::frame_drawing(kDigit, std::vector<float>(100), 20, 5);
  CHECK(image == std::vector<float>(784, 0.0f));
}

TEST_CASE("drawing: what is no drawing, or no network for digits, is refused with a sentence") {
  const auto refusal = [](const nn::Shape& input, const std::vector<float>& pixels, int width, int height) -> std::string {
    try {
      lab::frame_drawing(input, pixels, width, height);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  const std::vector<float> four(4, 0.5f);
  CHECK(refusal({3, 32, 32}, four, 2, 2).find("3×32×32") != std::string::npos);
  CHECK(refusal(kDigit, four, 2, 3).find("6 pixels") != std::string::npos);
  CHECK(refusal(kDigit, four, 0, 0).find("1 to 1024") != std::string::npos);
  CHECK(refusal(kDigit, four, -2, -2).find("1 to 1024") != std::string::npos);
  CHECK(refusal(kDigit, std::vector<float>(1025), 1025, 1).find("1 to 1024") != std::string::npos);
  CHECK(refusal(kDigit, {0, 1.5f}, 2, 1).find("from 0") != std::string::npos);
  CHECK(refusal(kDigit, {0, std::numeric_limits<float>::quiet_NaN()}, 2, 1).find("from 0") != std::string::npos);
  CHECK(refusal(kDigit, {0, 1}, 2, 1).empty());
}
