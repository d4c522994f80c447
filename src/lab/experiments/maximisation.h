// An image made to excite a unit: gradient ascent on the pixels. It shows what the unit would like best, not what it saw.
//
// It starts from faint noise, uniform in (0, 0.2) and keyed by the run's seed, the same for all units: its mean of 0.1 is near that of
// the digits (0.13), while a grey image is far from all that such a network has seen. The gradient is that of the unit's value before its
// nonlinearity, so that a unit that is silent at the start has one, too; of a map, that of its largest value, wherever that is now. An
// iteration adds rate · g / rms(g) to the pixels (nothing where g is 0 or not finite), multiplies them by 1 − decay, blurs them every so
// many iterations, and clamps them to [0, 1].
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
  std::vector<float> image;         ///< after them, [channel][y][x], within [0, 1] as the network's images are
  /// By iteration, from the start image's on, the last one of `image`: of a dense unit its value, of a map its largest, before any
  /// nonlinearity. Holds iteration + 1 values, and none before the first slice.
  std::vector<double> activation;
};

}  // namespace lenet::lab
