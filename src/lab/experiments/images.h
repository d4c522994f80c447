// Test images to look at, by their indices: those behind a cell of the confusion matrix.
#pragma once

#include "lab/experiments/subject.h"

namespace lenet::lab {

inline constexpr int kMostImages = 256;  ///< at a time

struct ImagesRequest {
  std::vector<int> images;  ///< indices into the test set, at most kMostImages
  bool operator==(const ImagesRequest&) const = default;
};

struct ImagesResult {
  std::uint64_t step = 0;  ///< that was in sight; the images are of none
  nn::Shape input;
  std::vector<int> images, labels;
  std::vector<float> pixels;  ///< [image][channel][y][x]
};

}  // namespace lenet::lab
