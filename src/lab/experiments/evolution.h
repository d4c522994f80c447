// How what a unit sees comes about: its strongest image and the projection at every stored moment (Zeiler & Fergus 2014, Fig. 4).
#pragma once

#include "lab/experiments/convergence.h"
#include "lab/experiments/subject.h"
#include "lab/experiments/winners.h"

namespace lenet::lab {

struct EvolutionRequest {
  std::string layer;
  int images = 5000;  ///< training images to search, 8 … 20,000: the first ones that are trained on
  nn::BackwardRule rule = nn::BackwardRule::kDeconv;
  int unit = -1;      ///< the only one to show; -1: all of the layer, which of a large dense layer are more pictures than there is room for
  bool operator==(const EvolutionRequest&) const = default;
};

/// While it runs, what was found at the moments that are done. The moments are those that were kept when it began.
struct EvolutionResult {
  std::string layer;
  nn::BackwardRule rule = nn::BackwardRule::kDeconv;
  int images = 0;                       ///< searched: fewer than asked for while they arrive
  nn::Shape input;
  Window window;                        ///< height and width of what a unit sees; top and left are 0
  std::vector<std::uint64_t> steps;     ///< of the moments that are done, in order
  int moments = 0;                      ///< to be done in all
  int first = 0, units = 0;             ///< shown: units first … first + units - 1 of the layer
  std::vector<Winner> winners;          ///< [moment][unit]: images of the training file; -1 for a unit that is 0 everywhere (WinnerSearch)
  std::vector<bool> jumps;              ///< [moment][unit]: there is a winning image, and it is another one than at the last moment before that had one
  std::vector<float> projections;       ///< [moment][unit][channel][height][width], signed
  std::vector<float> patches;           ///< likewise
  std::vector<float> filters;           ///< [moment][unit][channel][ky][kx] of a conv layer on the input; empty for others
  int kernel = 0;
  /// Now is the step of the subject. A point for every moment that is done, up to that step; when all are done, the last point is that step
  /// itself.
  Convergence convergence;
};

}  // namespace lenet::lab
