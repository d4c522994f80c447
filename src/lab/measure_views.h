// How fast this machine looks into a network: single projections, and two whole views of the Zeiler–Fergus lab, on one thread.
#pragma once

#include <string>

#include "data/dataset.h"
#include "nn/network.h"

namespace lenet::lab {

struct ViewReport {
  std::string layer;  ///< whose units are projected and searched: the second conv layer where there is one
  int units = 0;
  double projections_per_second = 0;  ///< deconvnet, blocks of eight, from activations that are there
  int top_images = 0;
  double top_seconds = 0;  ///< the nine strongest of so many held-out images for every unit of the layer, with projections
  int occlusion_positions = 0;
  double occlusion_seconds = 0;  ///< a map of one test image: a square of seven at every pixel
};

/// Medians of repeated runs, a third of `seconds` for each figure, and at least one run. `network` is one to look into (nn::Fusing::kOff).
/// Throws Error while there are too few images, and for a network without a layer that has weights.
ViewReport measure_views(const nn::Network<float>& network, const nn::Weights<float>& weights, const data::Dataset& dataset,
                         double seconds);

}  // namespace lenet::lab
