// The two symptoms by which Zeiler & Fergus 2014 (section 4.1) chose their architecture: first-layer kernels of extreme frequencies, and
// aliasing in the second layer's projections.
#pragma once

#include "lab/experiments/subject.h"

namespace lenet::lab {

struct ArchitectureRequest {
  int images = 200;  ///< held-out images whose conv-2 projections are taken, 1 … 1,000
  bool operator==(const ArchitectureRequest&) const = default;
};

/// The first conv layer's kernels and the second one's projections. Without a conv layer everything is empty.
struct ArchitectureResult {
  std::uint64_t step = 0;
  std::string network;             ///< its description
  std::size_t parameters = 0;
  nn::Shape input;

  std::string first;               ///< the first conv layer; empty without one
  int kernel = 0, stride = 0, maps = 0;
  int map_size = 0;                ///< height of its maps
  /// Energy of a kernel's two-dimensional Fourier transform (filled up with zeros to 32×32) by radial frequency, as shares of the whole,
  /// mean over kernels, all input channels together; those that are all zero are left out, and with none left it is 0 throughout. Bin b
  /// holds |f| in [b, b + 1) · 0.5 / bins cycles per pixel, the last one all above. The mean of the weights counts, as frequency 0.
  std::vector<double> spectrum;
  std::vector<double> white_spectrum;  ///< the same of independent random weights, to compare with
  double low = 0, middle = 0, high = 0;  ///< shares below 1/6, up to 1/3, above 1/3 cycles per pixel; random weights: 0.09, 0.26, 0.65
  std::vector<double> energy;      ///< [map]: root mean square of its weights
  std::vector<double> kernel_high; ///< [map]: its own share above 1/3; 0 for one that is all zero
  std::vector<bool> near_dead;     ///< [map]: weights' root mean square below a tenth of the median map's, or its output 0 on every image
  /// [map]: more than kVeryHigh of its energy above 1/3. Half would not do: random weights have 0.65 there.
  std::vector<bool> very_high;
  static constexpr double kVeryHigh = 0.8;
  double near_dead_share = 0, very_high_share = 0;
  std::vector<float> kernels;      ///< [map][channel][ky][kx]

  std::string second;              ///< the second conv layer; empty without one
  int sampled = 0;                 ///< deconvnet projections taken: a map's strongest activation over the images, one a map that answers
  double grid = 0;                 ///< pixels between neighbouring outputs of the first conv layer: its stride
  /// Share of the projections' energy (mean over them, of their windows, mean subtracted) above the finest frequency that this grid can
  /// carry, 1 / (2 · grid) cycles per pixel along either axis: the network cannot tell what lies there from something below, its alias.
  /// Fine strokes of the first kernels themselves lie there, too. The limit falls with the stride, so a larger stride has a larger share
  /// whatever the projections are: between strides, compare each share with that of white noise, not the shares alone. 0 for a stride of 1,
  /// by definition, where nothing is weighed.
  double alias_share = 0;
  double white_alias_share = 0;    ///< the same of white noise, 1 − 1 / grid²: the frequencies that lie there, of all; 0 without a grid
  int alias_counted = 0;           ///< projections that alias_share is the mean over: those taken that are not constant
  Window window;                   ///< height and width of a projection; top and left are 0
  std::vector<float> projections;  ///< [map][channel][height][width]; zeros for a map that never answers
  int images = 0;                  ///< that were searched
};

}  // namespace lenet::lab
