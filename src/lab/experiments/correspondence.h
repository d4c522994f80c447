// Whether the network treats the same part of different images alike (Zeiler & Fergus 2014, Table 1).
#pragma once

#include "lab/experiments/occlusion.h"
#include "lab/experiments/subject.h"

namespace lenet::lab {

struct CorrespondenceRequest {
  int class_index = 0;
  int images = 5;                ///< the first ones of the class among the held-out images, 2 … 50
  std::vector<Window> regions;   ///< to mask, one to six; inside the image
  OccluderColor color = OccluderColor::kGrey;
  int random_regions = 10;       ///< draws to compare with, 1 … 100: in each, every image has a region of that size at a place of its own
  bool operator==(const CorrespondenceRequest&) const = default;
};

struct CorrespondenceResult {
  std::uint64_t step = 0;
  nn::Shape input;
  int class_index = 0;
  std::vector<int> images;           ///< used, indices into the training file; fewer than two when the class has too few, and then every Δ is NaN
  std::vector<std::string> layers;   ///< with weights, each looked at after its nonlinearity
  std::vector<Window> regions;
  /// [region][layer]: Δ = Σ_{i≠j} Hamming(sign ε_i, sign ε_j) / (n (n − 1) · dimension), ε_i = feature(x_i) − feature(x_i masked),
  /// sign ∈ {−1, 0, 1}; lower: the part is treated alike. In [0, 1]; NaN where features are not numbers.
  std::vector<double> delta;
  /// [region][layer]: Δ of masks of the region's size at random places, over the draws (deviation: n − 1; NaN for one draw). Regions of one
  /// size are compared with the same draws.
  std::vector<double> random_mean, random_deviation;
  std::vector<float> masked;         ///< [image][channel][y][x]: the images with the first region masked
};

}  // namespace lenet::lab
