// What an experiment looks at: one step's weights of a network, and the images it may show them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "data/dataset.h"
#include "nn/network.h"
#include "nn/projection.h"

namespace lenet::lab {

/// One step of one run, kept while training goes on. `network` and `dataset` must outlive it.
struct Subject {
  const nn::Network<float>& network;  ///< unfused, to look into
  nn::Weights<float> weights;         ///< a copy of that step's, packed for `network`
  const data::Dataset& dataset;       ///< its images may still be arriving: an experiment takes those that are here
  std::uint64_t step = 0;
  std::uint64_t seed = 1;             ///< of the run; what an experiment leaves to chance is keyed by it
  std::span<const float> initial = {};  ///< all parameters as the run began with them; empty where that is not known. Must outlive it, too
  bool initial_loaded = false;          ///< those came from a file instead of being drawn
  std::vector<float> update = {};       ///< what the last step took from each parameter (Run::last_update()); empty where that is not known
};

/// An image to look at: an index into the test set, or pixels of one's own in [0, 1], [channel][y][x].
using ImageRef = std::variant<int, std::vector<float>>;

struct LoadedImage {
  std::vector<float> pixels;  ///< as the network sees them, [channel][y][x]
  int index = -1;             ///< into the test set; -1 for one's own
  int label = -1;             ///< -1 when not known
};

/// Throws Error for an index outside the test images that are here, a wrong number of pixels, or a value outside [0, 1].
LoadedImage load_image(const data::Dataset& dataset, const nn::Shape& input, const ImageRef& image);

/// A unit of a layer with weights: a map of a conv layer or an output of a dense one.
struct UnitRef {
  std::string layer;
  int unit = 0;
  bool operator==(const UnitRef&) const = default;
};

/// The layer whose output is looked at for `unit` (nn::observed_layer()). Throws Error for an unknown layer or unit.
std::size_t observed(const nn::Network<float>& network, const UnitRef& unit);

/// The names of the layers with weights, in order.
std::vector<std::string> layers_with_weights(const nn::Network<float>& network);

/// A rectangle of an image's pixels that may reach over its edge.
struct Window {
  int top = 0, left = 0, height = 0, width = 0;
  bool operator==(const Window&) const = default;
};

/// The receptive field of position (y, x) of a layer's output, not clipped to the image, so that all positions have windows of one size. The
/// whole image, where it is larger than that or a dense layer is on the way.
Window window_of(const nn::Network<float>& network, std::size_t layer, int y, int x);

/// The part of an image [channel][y][x] in a window; 0 beyond the image's edge. `out` holds channels · height · width values.
void cut(std::span<const float> image, const nn::Shape& shape, const Window& window, std::span<float> out);

/// Runs up to eight images, [channel][y][x] each, through layers 0 … last (-1: all) as one block; unused lanes are zero.
void run_block(const Subject& subject, std::span<const std::span<const float>> images, int last, nn::Workspace<float>& workspace);

}  // namespace lenet::lab
