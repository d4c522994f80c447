#include "app/comparisons.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/error.h"

namespace lenet::app {
namespace {

using Layers = std::vector<std::string>;

std::vector<Comparison> make_comparisons() {
  // Whatever the run before has frozen, scaled or planned: an arm's name says what it is.
  const auto frozen = [](Layers layers) {
    return lab::RecipePatch{.frozen = std::move(layers), .multipliers = std::map<std::string, double>(), .changes = std::vector<lab::Change>()};
  };
  const lab::ArmPatch all{"all trained", frozen({})};
  return {
      {"frozen",
       "WSS17: frozen or not",
       "What does it cost to keep both conv layers as they were drawn at random? Published (WSS17): 96 % trained, about 92 % frozen on "
       "MNIST; 69.68 % and 55.65 % on CIFAR-10. Others lost far less on MNIST. Measure it.",
       {all, {"convs frozen", frozen({"conv1", "conv2"})}}},
      {"linear",
       "Do the dense layers capture most of it?",
       "WSS17 concludes that the linear layers carry most of the accuracy. Hold the whole network against one with random convs, one "
       "without convs (MLP), and softmax regression on the pixels.",
       {all, {"convs frozen", frozen({"conv1", "conv2"})}, {"MLP", {.preset = "mlp"}}, {"softmax", {.preset = "softmax"}}}},
      {"layers",
       "Which conv layer matters?",
       "Freeze conv 1, conv 2, or both, at their random initial weights.",
       {all,
        {"conv1 frozen", frozen({"conv1"})},
        {"conv2 frozen", frozen({"conv2"})},
        {"both frozen", frozen({"conv1", "conv2"})}}},
      {"dense",
       "And the dense layers?",
       "The other way round: train the convs in front of random dense layers.",
       {all, {"fc1 frozen", frozen({"fc1"})}, {"fc1, fc2 frozen", frozen({"fc1", "fc2"})}}},
      {"initializer",
       "Does the initial scale matter?",
       "He et al. 2015 against Glorot & Bengio 2010, a normal distribution of deviation 0.01, and all zeros, where every unit of a layer "
       "stays the same.",
       {{"He", {.initializer = nn::Initializer::kHe}},
        {"Glorot", {.initializer = nn::Initializer::kGlorot}},
        {"normal 0.01", {.initializer = nn::Initializer::kNormal001}},
        {"zeros", {.initializer = nn::Initializer::kZeros}}}},
      {"rate",
       "Which learning rate?",
       "A tenth, the default, and three times it.",
       {{"rate 0.02", {.rate = 0.02}}, {"rate 0.002", {.rate = 0.002}}, {"rate 0.06", {.rate = 0.06}}}},
  };
}

}  // namespace

const std::vector<Comparison>& comparisons() {
  static const std::vector<Comparison> kAll = make_comparisons();
  return kAll;
}

const Comparison& comparison(std::string_view key) {
  const std::vector<Comparison>& all = comparisons();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Comparison& c) { return c.key == key; });
  if (found != all.end()) return *found;
  std::string known;
  for (const Comparison& c : all) known += (known.empty() ? "" : ", ") + c.key;
  throw Error("There is no comparison “" + std::string(key) + "”. Known ones: " + known + ".");
}

}  // namespace lenet::app
