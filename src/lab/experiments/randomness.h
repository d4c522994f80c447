// "My filters look random": what can be measured about it. How far every filter is from where it began, how smooth it is among random
// kernels of its size, its range, whether its unit ever answers, and how large the last step was beside it.
#pragma once

#include <limits>

#include "lab/drift.h"
#include "lab/experiments/subject.h"

namespace lenet::lab {

struct RandomnessRequest {
  int images = 1000;   ///< held-out images on which a unit is dead or not, 1 … 5,000
  int kernels = 1000;  ///< random kernels that a kernel's smoothness is held against, 1,000 … 10,000
  bool operator==(const RandomnessRequest&) const = default;
};

inline constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

/// Weights against those that the run began with: of a filter, or of a layer. kUnknown where W₀ is not known.
struct Movement {
  double changed = kUnknown;  ///< as in Drift
  double cosine = kUnknown;
  double update_ratio = kUnknown;  ///< ‖ΔW‖ / ‖W‖ of the last step; unknown at step 0 and of stored steps
};

/// A map of a conv layer or a unit of a dense one, with all its weights but the bias.
struct FilterMeasures {
  Movement movement;
  double rms = 0;
  double lowest = 0, highest = 0;
  double smoothness = kUnknown;  ///< mean over its kernels that have one (LayerMeasures::smoothness)
  double percentile = kUnknown;  ///< likewise
  bool near_constant = false;    ///< every kernel's range is at most a tenth of its largest |w|; kernels of 3×3 or more only …
  bool two_valued = false;       ///< … or all of its values are within a tenth of the range of one of its two ends
  bool dead = false;             ///< 0 on every image, everywhere
};

struct LayerMeasures {
  std::string layer;
  bool conv = false;
  int channels = 0, kernel = 0;  ///< of a conv layer; else 0
  Movement movement;
  double rms = 0, initial_rms = kUnknown;
  std::vector<FilterMeasures> filters;
  int dead = 0, near_constant = 0, two_valued = 0;  ///< filters

  // of a conv layer with kernels larger than 1×1, else empty
  /// [filter][channel]: share of the kernel's energy below 1/6 cycles per pixel, its mean included (RadialShares::low); NaN for a kernel that is
  /// all zero
  std::vector<float> smoothness;
  /// [filter][channel]: of so many random kernels in 100 the smoothness is lower, ties counting half; random ones have 50 on average
  std::vector<float> percentile;
  int counted = 0;  ///< kernels that have one
  double mean_percentile = kUnknown;
  double standard_error = kUnknown;  ///< of that mean, were the kernels random: 100 / √12 / √counted
  double above_95 = 0, below_5 = 0;  ///< shares of the kernels; 0.05 each were they random

  // histogram of the weights and of the initial ones, from -limit to limit
  static constexpr int kBins = 41;
  double limit = 0;
  std::vector<double> histogram, initial_histogram;  ///< shares; the second is empty where W₀ is not known

  std::vector<float> kernels;  ///< of a conv layer, as they are: [filter][channel][ky][kx]
  std::string verdict;         ///< in words, careful ones
};

struct RandomnessResult {
  std::uint64_t step = 0;
  int images = 0;   ///< that the units were shown
  int kernels = 0;  ///< random ones of each size
  bool initial_known = false;
  bool initial_loaded = false;        ///< W₀ came from a file: how far the weights went before is not known
  std::vector<LayerMeasures> layers;  ///< those with weights, in order
  std::string verdict;                ///< what all this can and cannot say
};

/// Smoothness of `count` kernels of size × size whose weights are independent and normal, sorted. The same ones for everybody: keyed by
/// their number and size alone.
std::vector<double> random_smoothness(int size, int count);

/// In 100, how many of the sorted values are below `value`, equal ones counting half.
double percentile_among(std::span<const double> sorted, double value);

/// Words for one layer's measures, of the number of images that its units were shown.
std::string verdict_of(const LayerMeasures& layer, int images);
/// And for all of them.
std::string verdict_of(const RandomnessResult& result);

}  // namespace lenet::lab
