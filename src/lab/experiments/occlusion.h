// What the network loses when a square of the image is covered (Zeiler & Fergus 2014, Fig. 7).
#pragma once

#include "lab/experiments/subject.h"

namespace lenet::lab {

/// What the square is filled with. On MNIST black is the background.
enum class OccluderColor {
  kGrey,   ///< 0.5
  kBlack,  ///< 0
  kMean,   ///< the mean of the image's own pixels, by channel
};

struct OcclusionRequest {
  ImageRef image;
  int size = 7;    ///< side of the square, pixels, 1 … the image's shorter side
  int stride = 1;  ///< between positions, pixels, 1 … 8
  OccluderColor color = OccluderColor::kGrey;
  bool operator==(const OcclusionRequest&) const = default;
};

struct OcclusionResult {
  std::uint64_t step = 0;
  nn::Shape input;
  std::vector<float> image;              ///< [channel][y][x]
  int size = 0, stride = 0;
  std::vector<float> fill;               ///< by channel
  int class_index = 0;                   ///< the image's label, or for one's own image its most probable class
  bool labelled = false;
  int rows = 0, columns = 0;             ///< positions: the square's centre is at pixel (row · stride, column · stride); it is clipped to the image
  std::vector<float> probability;        ///< [row][column]: of that class
  std::vector<int> most_probable;        ///< [row][column]: the most probable class
  std::vector<float> activity;           ///< [row][column]: sum of the map below; empty without a conv layer
  double plain_probability = 0;          ///< of that class, nothing covered
  int plain_class = 0;                   ///< most probable, nothing covered
  double plain_activity = 0;
  std::string layer;                     ///< the top conv layer; empty without one …
  int map = -1;                          ///< … and its map with the largest sum, nothing covered; -1 when every map is 0
  std::vector<float> projection;         ///< deconvnet projection of that map's strongest activation, [channel][y][x]; zeros for map -1
};

/// Covers the square of `size` pixels whose middle is (y, x) with `fill`, clipped to the image. An even square's middle is the lower right
/// of its four central pixels.
void occlude(std::span<float> image, const nn::Shape& shape, int y, int x, int size, std::span<const float> fill);

/// Covers a rectangle likewise.
void cover(std::span<float> image, const nn::Shape& shape, const Window& window, std::span<const float> fill);

/// What the square is filled with on this image, by channel.
std::vector<float> fill_of(OccluderColor color, std::span<const float> image, const nn::Shape& shape);

/// "grey", "black", "mean"; color_named() throws Error that lists them.
std::string name_of(OccluderColor color);
OccluderColor color_named(const std::string& name);

}  // namespace lenet::lab
