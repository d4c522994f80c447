#include "app/class_question.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/comparisons.h"
#include "lab/results_json.h"

namespace lenet::app {
namespace {

/// Whether the arms, with what `recipe` says of them, are those of a comparison.
bool is_offered(const Snapshot& snapshot, const Comparison& comparison, lab::Recipe ArmView::* recipe) {
  return std::equal(snapshot.arms.begin(), snapshot.arms.end(), comparison.arms.begin(), comparison.arms.end(),
                    [&](const ArmView& arm, const lab::ArmPatch& patch) {
                      return arm.name == patch.name && arm.*recipe == lab::patched(lab::Recipe(), patch.recipe);
                    });
}

}  // namespace

std::string comparison_key(const Snapshot& snapshot) {
  for (const Comparison& comparison : comparisons()) {
    if (is_offered(snapshot, comparison, &ArmView::replay)) return comparison.key;
  }
  return {};
}

std::string class_question(const Snapshot& snapshot, const std::string& chosen, int seeds, int epochs, std::uint64_t steps) {
  nlohmann::json question = {{"dataset", snapshot.settings.dataset}, {"seeds", seeds}};
  // Before a comparison is begun, the one that was chosen is meant.
  if (snapshot.arms.size() < 2 || is_offered(snapshot, comparison(chosen), &ArmView::recipe)) {
    question["compare"] = chosen;
  } else {
    for (const ArmView& arm : snapshot.arms) {
      nlohmann::json entry = lab::to_json(arm.recipe);
      entry["name"] = arm.name;
      question["arms"].push_back(std::move(entry));
    }
  }
  if (epochs > 0) question["epochs"] = epochs;
  if (steps > 0) question["steps"] = steps;
  return question.dump();
}

}  // namespace lenet::app
