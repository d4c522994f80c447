// Which classes are taken for which: the confusion matrix on test images, and what the network says to each of them.
#pragma once

#include "lab/experiments/subject.h"

namespace lenet::lab {

struct ConfusionRequest {
  int stride = 1;  ///< every stride-th test image, from image 0 on
  bool operator==(const ConfusionRequest&) const = default;
};

/// While it runs, of the images that are done. Entry i of the lists is test image i · stride.
struct ConfusionResult {
  std::uint64_t step = 0;
  int classes = 0;
  int stride = 1;
  int images = 0;  ///< to be done in all: those that were here when it began
  std::vector<int> labels, predicted;
  std::vector<float> probability, true_probability;  ///< of the predicted class, and of the true one
  std::vector<int> counts;                           ///< [true][predicted]
  int correct = 0;
  double loss = 0;  ///< mean of −ln p(true class), nats

  int done() const { return static_cast<int>(predicted.size()); }
  int count(int truth, int guess) const {
    return counts[static_cast<std::size_t>(truth) * static_cast<std::size_t>(classes) + static_cast<std::size_t>(guess)];
  }
};

/// Test images of class `truth` that are taken for `guess`, by index into the test set: the one whose true class is least probable first.
std::vector<int> images_behind(const ConfusionResult& result, int truth, int guess);

/// Images of class `truth` that are done.
int class_total(const ConfusionResult& result, int truth);

}  // namespace lenet::lab
