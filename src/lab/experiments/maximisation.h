// An image made to excite a unit: gradient ascent on the pixels. It shows what the unit would like best, not what it saw.
//
// Sources: Erhan et al. 2009 (activation maximisation), Simonyan et al. 2013 (L2 prior), Yosinski et al. 2015 (blur prior).
#pragma once

#include "lab/experiments/subject.h"

namespace lenet::lab {

struct MaximisationRequest {
  UnitRef unit;
  int iterations = 200;  ///< 1 … 2,000
  double rate = 0.1;     ///< step of ascent along the gradient, divided by the gradient's root mean square; (0, 10]
  double decay = 0.01;   ///< L2 prior: each pixel loses this part of itself in each iteration; [0, 1)
  double blur = 0.5;     ///< blur prior: standard deviation in pixels of the Gaussian; 0 for none; at most 5 …
  int blur_every = 4;    ///< … applied every so many iterations, 1 … 100
  bool operator==(const MaximisationRequest&) const = default;
};

struct MaximisationResult {
  std::uint64_t step = 0;
  UnitRef unit;
  nn::Shape input;
  int iteration = 0;                ///< done so far
  std::vector<float> image;         ///< [channel][y][x], within [0, 1] as the network's images are
  std::vector<double> activation;   ///< by iteration, from the start image's on: of a dense unit its value, of a map its largest, before any nonlinearity
};

}  // namespace lenet::lab
