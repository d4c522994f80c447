// The sanity check of Adebayo et al. 2018: does a picture change when the layers that it claims to explain are random?
#pragma once

#include "lab/experiments/look_back.h"

namespace lenet::lab {

struct SanityRequest {
  UnitRef unit;
  ImageRef image;   ///< whose pictures are shown
  int images = 32;  ///< test images over which the correlation is averaged, 1 … 500: the first ones
  bool operator==(const SanityRequest&) const = default;
};

/// Layers are made random one after the other from the top down, and stay so (cascading); weights anew by He's initialisation, biases 0,
/// keyed by the run's seed, but other ones than the run itself started with. Every stage's pictures are those of the activation at the place
/// of the trained net's strongest one: a map's strongest place is elsewhere in a random net, and the correlation of whole images would
/// measure that the window moved. Where a map is 0 there after its ReLU, the projection is 0 everywhere and that image does not count.
struct SanityResult {
  std::uint64_t step = 0;
  UnitRef unit;
  nn::Shape input;
  std::vector<std::string> stages;  ///< [0] is "" (as trained), then the layer that has become random, from the top down
  std::vector<float> pictures;      ///< [stage][rule][channel][y][x] for the image: projections of the unit's activation at that place
  std::vector<double> activation;   ///< [stage]: that activation
  /// [stage][rule]: Spearman's rank correlation (ties share their mean rank) between the projection and the trained net's, of the values and
  /// of their sizes |v|: mean and standard deviation over the images where none of the four rows is constant. NaN where there is none, and
  /// the deviation where there is only one.
  std::vector<double> correlation, correlation_deviation;
  std::vector<double> size_correlation;
  std::vector<int> counted;         ///< [stage][rule]: over so many images, both correlations
  int images = 0;                   ///< of so many
};

/// Spearman's rank correlation of two rows of equally many numbers, with mean ranks for ties; NaN where either is constant or
/// has a NaN.
double rank_correlation(std::span<const float> a, std::span<const float> b);

}  // namespace lenet::lab
