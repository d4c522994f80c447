#include "lab/experiments/responses.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "nn/loss.h"

namespace lenet::lab {
namespace {

Error out_of_range(const std::string& what, const std::string& value, const std::string& low, const std::string& high) {
  return Error(what + " is " + value + ", but must lie between " + low + " and " + high + ".");
}

}  // namespace

void check_between(const std::string& what, int value, int low, int high) {
  if (value >= low && value <= high) return;
  throw out_of_range(what, std::to_string(value), std::to_string(low), std::to_string(high));
}

void check_between(const std::string& what, double value, double low, double high) {
  if (value >= low && value <= high) return;
  const bool finite = value - value == 0;  // decimal_text() wants a finite number
  throw out_of_range(what, finite ? decimal_text(value) : "no number", decimal_text(low), decimal_text(high));
}

ObservedLayers observed_layers(const nn::Network<float>& network) {
  ObservedLayers layers{layers_with_weights(network), {}};
  for (const std::string& name : layers.names) layers.indices.push_back(nn::observed_layer(network, network.find_layer(name)));
  return layers;
}

void keep_features(const nn::Workspace<float>& workspace, const ObservedLayers& layers, Features& kept) {
  kept.resize(layers.indices.size());
  for (std::size_t i = 0; i < kept.size(); ++i) kept[i] = workspace.activation[layers.indices[i] + 1];
}

std::vector<double> probabilities_of(const nn::Workspace<float>& workspace, int lane) {
  const std::vector<float>& logits = workspace.activation.back();
  std::vector<double> probabilities(logits.size() / nn::kLanes);
  nn::softmax<float>(logits, lane, probabilities);
  return probabilities;
}

int most_probable(std::span<const double> probabilities) {
  return static_cast<int>(std::max_element(probabilities.begin(), probabilities.end()) - probabilities.begin());
}

int held_out_available(const data::Dataset& dataset) { return std::min(dataset.train_available(), dataset.held_out()); }

std::vector<float> train_pixels(const data::Dataset& dataset, int index) {
  const std::span<const std::uint8_t> bytes = dataset.train_image(index);
  std::vector<float> pixels(bytes.size());
  data::to_floats(bytes, pixels);
  return pixels;
}

}  // namespace lenet::lab
