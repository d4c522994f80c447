// What the experiments that compare answers share: a network's features and probabilities for a block of images, and checking ranges.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "lab/experiments/subject.h"

namespace lenet::lab {

/// Throws Error unless low <= value <= high: "The square's side is 40, but must lie between 1 and 28."
void check_between(const std::string& what, int value, int low, int high);
void check_between(const std::string& what, double value, double low, double high);

/// The layers with weights, in order, and where each is looked at: after its nonlinearity (nn::observed_layer()).
struct ObservedLayers {
  std::vector<std::string> names;
  std::vector<std::size_t> indices;
};
ObservedLayers observed_layers(const nn::Network<float>& network);

/// The observed layers' activations of a block, each [y][x][channel][8].
using Features = std::vector<std::vector<float>>;
void keep_features(const nn::Workspace<float>& workspace, const ObservedLayers& layers, Features& kept);

/// Softmax probabilities of image `lane` of a block that went through the whole network, by class.
std::vector<double> probabilities_of(const nn::Workspace<float>& workspace, int lane);

/// Index of the largest, the first of equals; 0 when none can be compared (NaN).
int most_probable(std::span<const double> probabilities);

/// How many held-out images are here.
int held_out_available(const data::Dataset& dataset);

/// A training image as the network sees it.
std::vector<float> train_pixels(const data::Dataset& dataset, int index);

}  // namespace lenet::lab
