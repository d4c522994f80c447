// What in an image speaks for each class: the ten logits sent back to the pixels.
#pragma once

#include "lab/experiments/subject.h"

namespace lenet::lab {

struct ClassRequest {
  ImageRef image;
  nn::BackwardRule rule = nn::BackwardRule::kDeconv;
  bool operator==(const ClassRequest&) const = default;
};

struct ClassResult {
  std::uint64_t step = 0;
  nn::BackwardRule rule = nn::BackwardRule::kDeconv;
  nn::Shape input;
  std::vector<float> image;         ///< [channel][y][x]
  int label = -1;                   ///< -1 when not known
  std::vector<double> logits, probabilities;  ///< by class
  std::vector<float> projections;   ///< [class][channel][y][x], signed; of the class's logit
};

}  // namespace lenet::lab
