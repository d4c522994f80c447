// How far the features of an image move when the image is moved, scaled or turned (Zeiler & Fergus 2014, Fig. 5).
#pragma once

#include "lab/experiments/subject.h"

namespace lenet::lab {

enum class Transform {
  kTranslateY,  ///< pixels down
  kTranslateX,  ///< pixels to the right
  kScale,       ///< factor about the centre; 1 changes nothing
  kRotate,      ///< degrees, counter-clockwise about the centre
};

struct InvarianceRequest {
  std::vector<ImageRef> images;  ///< one to eight
  Transform transform = Transform::kTranslateY;
  double from = -10, to = 10;    ///< amounts, from < to; translation within ±32 pixels, scale in 0.2 … 5, rotation within ±360 degrees
  int amounts = 21;              ///< evenly spaced, 2 … 91
  bool operator==(const InvarianceRequest&) const = default;
};

struct InvarianceResult {
  std::uint64_t step = 0;
  Transform transform = Transform::kTranslateY;
  nn::Shape input;
  std::vector<double> amounts;
  std::vector<std::string> layers;  ///< with weights, each looked at after its nonlinearity
  std::vector<double> typical;      ///< by layer: mean distance between the features of different held-out images; NaN without any …
  int typical_pairs = 0;            ///< … over so many pairs: all of the first sixteen held-out images
  std::vector<int> classes;         ///< by image: its label, or for one's own image the most probable class of the untransformed one
  std::vector<float> distance;      ///< [layer][image][amount]: Euclidean, between the features of the transformed and the original image
  std::vector<float> probability;   ///< [image][amount]: of that class
  std::vector<float> pictures;      ///< [image][amount][channel][y][x]: what the network was shown
};

/// The image moved, scaled or turned by `amount`: bilinear between pixels, 0 (background) beyond the edge. With nothing to change (0, or
/// a scale of 1) the very same values; whole pixels and quarter turns of a square image move values unchanged.
std::vector<float> transformed(std::span<const float> image, const nn::Shape& shape, Transform transform, double amount);

/// "translateY", "translateX", "scale", "rotate"; transform_named() throws Error that lists them.
std::string name_of(Transform transform);
Transform transform_named(const std::string& name);

}  // namespace lenet::lab
