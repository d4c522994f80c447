#include "lab/recipe.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "base/error.h"

namespace lenet::lab {
namespace {

template <class T, class U>
void set_if(const std::optional<U>& value, T& target) {
  if (value) target = *value;
}

void check(const Change& change) {
  check_range(change.rate.value_or(0), 0, 1e30, "learning rate");
  check_range(change.momentum.value_or(0), 0, 1, "momentum");
  check_range(change.decay.value_or(0), 0, 1e6, "weight decay");
  check_range(change.batch.value_or(1), 1, kLargestBatch, "batch size");
  check_range(change.multiplier.value_or(1), 0, 1e6, "rate multiplier");
  if (change.layer.empty() != !(change.frozen || change.multiplier)) {
    throw Error("A change at a step that freezes, thaws or scales a layer must name it, and no other may.");
  }
}

}  // namespace

void check_range(double value, double low, double high, const char* what) {
  if (std::isfinite(value) && value >= low && value <= high) return;
  const auto text = [](double number) {
    char digits[32];
    std::snprintf(digits, sizeof(digits), "%g", number);
    return std::string(digits);
  };
  throw Error(std::string("The ") + what + " must be a number between " + text(low) + " and " + text(high) + ".");
}

std::vector<Change> by_step(const std::vector<Change>& changes) {
  std::vector<Change> result;
  for (const Change& change : changes) {
    const auto later = [](std::uint64_t step, const Change& other) { return step < other.step; };
    result.insert(std::upper_bound(result.begin(), result.end(), change.step, later), change);
  }
  return result;
}

Recipe patched(Recipe recipe, const RecipePatch& patch) {
  const Recipe before = recipe;
  if (patch.preset) {
    recipe.preset = *patch.preset;
    recipe.network.clear();
  }
  if (patch.network && !patch.network->empty()) {
    recipe.preset = "custom";
    recipe.network = *patch.network;
  }
  if (recipe.preset != before.preset || recipe.network != before.network) {
    recipe.frozen.clear();
    recipe.multipliers.clear();
    std::erase_if(recipe.changes, [](const Change& change) { return !change.layer.empty(); });
  }
  set_if(patch.initializer, recipe.initializer);
  set_if(patch.batch, recipe.batch);
  set_if(patch.rate, recipe.sgd.rate);
  set_if(patch.momentum, recipe.sgd.momentum);
  set_if(patch.decay, recipe.sgd.decay);
  set_if(patch.schedule, recipe.schedule);
  set_if(patch.augmentation, recipe.augmentation);
  set_if(patch.frozen, recipe.frozen);
  set_if(patch.multipliers, recipe.multipliers);
  set_if(patch.changes, recipe.changes);
  recipe.changes = by_step(recipe.changes);
  std::sort(recipe.frozen.begin(), recipe.frozen.end());
  recipe.frozen.erase(std::unique(recipe.frozen.begin(), recipe.frozen.end()), recipe.frozen.end());
  return recipe;
}

Recipe changed(Recipe recipe, const Change& change) {
  if (change.frozen) std::erase(recipe.frozen, change.layer);
  if (change.frozen.value_or(false)) recipe.frozen.push_back(change.layer);
  std::sort(recipe.frozen.begin(), recipe.frozen.end());
  if (change.multiplier) recipe.multipliers[change.layer] = *change.multiplier;
  set_if(change.rate, recipe.sgd.rate);
  set_if(change.momentum, recipe.sgd.momentum);
  set_if(change.decay, recipe.sgd.decay);
  set_if(change.batch, recipe.batch);
  return recipe;
}

nn::NetworkSpec network_of(const Recipe& recipe, data::ImageShape image, int classes) {
  const nn::Shape input{image.channels, image.height, image.width};
  return recipe.network.empty() ? nn::preset(recipe.preset, input, classes) : nn::parse_network(recipe.network, input);
}

void check(const Recipe& recipe) {
  check_range(recipe.sgd.rate, 0, 1e30, "learning rate");
  check_range(recipe.sgd.momentum, 0, 1, "momentum");
  check_range(recipe.sgd.decay, 0, 1e6, "weight decay");
  check_range(recipe.batch, 1, kLargestBatch, "batch size");
  nn::check(recipe.schedule);
  for (const auto& [layer, multiplier] : recipe.multipliers) check_range(multiplier, 0, 1e6, "rate multiplier");
  for (const Change& change : recipe.changes) check(change);
  if (recipe.changes.size() > 10'000) throw Error("A run may have 10,000 planned changes at the most.");
}

void check(const Recipe& recipe, const nn::Network<float>& network) {
  check(recipe);
  for (const std::string& layer : recipe.frozen) group_of(network, layer);
  for (const auto& [layer, multiplier] : recipe.multipliers) group_of(network, layer);
  for (const Change& change : recipe.changes) {
    if (!change.layer.empty()) group_of(network, change.layer);
  }
}

int group_of(const nn::Network<float>& network, const std::string& layer) {
  std::string known;
  for (const nn::ParameterView& view : network.parameters()) {
    if (view.layer == layer) return view.group;
    if (!view.is_bias) known += (known.empty() ? "" : ", ") + view.layer;
  }
  throw Error("This network has no layer “" + layer + "” with weights to freeze or to scale. It has " + known + ".");
}

}  // namespace lenet::lab
