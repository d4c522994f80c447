// A recipe: everything that decides a run's weights apart from the data and the seed. The page's settings, the arms of a comparison,
// study files and results all speak of runs in recipes.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "data/augmentation.h"
#include "data/dataset.h"
#include "nn/initializer.h"
#include "nn/network.h"
#include "nn/optimizer.h"
#include "nn/rate_schedule.h"

namespace lenet::lab {

inline constexpr int kLargestBatch = 1024;

/// A change of settings while it trains: in force from the step after `step` on. What is left out stays.
struct Change {
  std::uint64_t step = 0;
  std::string layer = {};                                ///< whom the next two are for
  std::optional<bool> frozen = {};                       ///< freeze or thaw
  std::optional<double> multiplier = {};                 ///< of the layer's learning rate
  std::optional<double> rate = {}, momentum = {}, decay = {};
  std::optional<int> batch = {};
  bool operator==(const Change&) const = default;
};

struct Recipe {
  std::string preset = "wss17";  ///< a preset's name, or "custom" with `network`
  std::string network;           ///< a description for nn::parse_network(); empty for a preset
  nn::Initializer initializer = nn::Initializer::kHe;
  int batch = 64;  ///< images in a minibatch, 1 … kLargestBatch; the last one of an epoch may be smaller
  nn::SgdSettings sgd;
  nn::RateSchedule schedule;  ///< multiplies the learning rate
  data::Augmentation augmentation;
  std::vector<std::string> frozen;            ///< layers that keep their weights from the start, sorted
  std::map<std::string, double> multipliers;  ///< of learning rates, by layer; those left out are 1
  std::vector<Change> changes;                ///< planned, by step
  bool operator==(const Recipe&) const = default;
};

/// Some fields of a recipe. Another network forgets what the recipe says of single layers.
struct RecipePatch {
  std::optional<std::string> preset = {}, network = {};
  std::optional<nn::Initializer> initializer = {};
  std::optional<int> batch = {};
  std::optional<double> rate = {}, momentum = {}, decay = {};
  std::optional<nn::RateSchedule> schedule = {};
  std::optional<data::Augmentation> augmentation = {};
  std::optional<std::vector<std::string>> frozen = {};
  std::optional<std::map<std::string, double>> multipliers = {};
  std::optional<std::vector<Change>> changes = {};
};
/// The result is in one order (frozen layers by name, changes by step), so that equal recipes compare equal.
Recipe patched(Recipe recipe, const RecipePatch& patch);

/// An arm of a comparison to be: what it changes of the recipe that all start from.
struct ArmPatch {
  std::string name;
  RecipePatch recipe = {};
};

/// Sorted by step; those of one step keep their order.
std::vector<Change> by_step(const std::vector<Change>& changes);

/// The recipe with a change made from the start.
Recipe changed(Recipe recipe, const Change& change);

/// The network of a recipe for these images; a preset's last layer has an output per class. Throws Error.
nn::NetworkSpec network_of(const Recipe& recipe, data::ImageShape image, int classes = 10);

/// Throws Error with the setting's name and its range when a value is impossible. A large rate is allowed.
void check(const Recipe& recipe);
/// The same, and that every layer it speaks of is one with weights.
void check(const Recipe& recipe, const nn::Network<float>& network);

/// Index among the layers with weights (nn::ParameterView::group). Throws Error that lists them.
int group_of(const nn::Network<float>& network, const std::string& layer);

/// Throws Error, "The … must be a number between … and …", unless low <= value <= high.
void check_range(double value, double low, double high, const char* what);

}  // namespace lenet::lab
