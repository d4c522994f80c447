#include "lab/results.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "lab/drift.h"

namespace lenet::lab {
namespace {

std::string text_of(double value) { return decimal_text(value); }
std::string text_of(const std::string& value) { return value.empty() ? "none" : value; }
std::string text_of(const std::vector<std::string>& values) { return text_of(join(values, " + ")); }
std::string text_of(const std::map<std::string, double>& values) {
  std::vector<std::string> entries;
  for (const auto& [layer, value] : values) entries.push_back(layer + "=" + text_of(value));
  return text_of(entries);
}

/// Collects the fields in which two things differ.
struct Difference {
  std::vector<std::string> found;
  std::string of = {};

  template <class T>
  void compare(const char* what, const T& a, const T& b) {
    if (!(a == b)) found.push_back(std::string(what) + of + " (" + text_of(a) + " and " + text_of(b) + ")");
  }
  void compare_whole(const char* what, bool equal) {
    if (!equal) found.push_back(what + of);
  }
};

void compare(Difference& d, const Recipe& a, const Recipe& b) {
  d.compare("the network", a.network.empty() ? a.preset : a.network, b.network.empty() ? b.preset : b.network);
  d.compare("the initial weights", std::string(nn::name_of(a.initializer)), std::string(nn::name_of(b.initializer)));
  d.compare("the batch", static_cast<double>(a.batch), static_cast<double>(b.batch));
  d.compare("the learning rate", a.sgd.rate, b.sgd.rate);
  d.compare("the momentum", a.sgd.momentum, b.sgd.momentum);
  d.compare("the weight decay", a.sgd.decay, b.sgd.decay);
  d.compare("the schedule", nn::to_string(a.schedule), nn::to_string(b.schedule));
  d.compare("the augmentation", data::to_string(a.augmentation), data::to_string(b.augmentation));
  d.compare("the frozen layers", a.frozen, b.frozen);
  d.compare("the rate multipliers", a.multipliers, b.multipliers);
  d.compare_whole("the planned changes", a.changes == b.changes);
}

std::string length_of(const Question& q) {
  return q.epochs > 0 ? std::to_string(q.epochs) + (q.epochs == 1 ? " epoch" : " epochs") : std::to_string(q.steps) + " steps";
}

/// The measurement at a step, or the run's last; nullptr where there is none.
const Measurement* measurement_at(const RunResult& run, std::optional<std::uint64_t> step) {
  if (run.curve.empty()) return nullptr;
  if (!step) return &run.curve.back();
  const auto found = std::find_if(run.curve.begin(), run.curve.end(), [&](const Measurement& m) { return m.step == *step; });
  return found == run.curve.end() ? nullptr : &*found;
}

}  // namespace

std::vector<std::string> differences(const Question& a, const Question& b) {
  Difference d;
  d.compare("the data set", a.dataset, b.dataset);
  const auto tested_on = [](const Question& q) { return q.test_dataset.empty() ? q.dataset : q.test_dataset; };
  if (a.dataset == b.dataset) d.compare("the set that it is tested on", tested_on(a), tested_on(b));
  d.compare("the content of the data set", a.data_hash, b.data_hash);
  d.compare("the number of training images", static_cast<double>(a.train_images), static_cast<double>(b.train_images));
  d.compare("the number of test images", static_cast<double>(a.test_images), static_cast<double>(b.test_images));
  d.compare("the length", length_of(a), length_of(b));
  std::vector<std::string> names_a, names_b;
  for (const Arm& arm : a.arms) names_a.push_back(arm.name);
  for (const Arm& arm : b.arms) names_b.push_back(arm.name);
  d.compare("the arms", names_a, names_b);
  for (std::size_t i = 0; i < a.arms.size() && names_a == names_b; ++i) {
    d.of = " of “" + a.arms[i].name + "”";
    compare(d, a.arms[i].recipe, b.arms[i].recipe);
  }
  return std::move(d.found);
}

Results pool(std::span<const Results> all) {
  if (all.empty()) throw Error("There are no results to pool.");
  Results pooled{all.front().question, {}};
  for (const Results& results : all) {
    const std::vector<std::string> differ = differences(pooled.question, results.question);
    if (!differ.empty()) {
      throw Error("These results answer different questions, so they cannot be pooled. They differ in " + join(differ, "; ") + ".");
    }
    for (const RunResult& run : results.runs) {
      const RunResult* const known = find_run(pooled, run.arm, run.seed);
      if (known == nullptr) {
        pooled.runs.push_back(run);
      } else if (known->weights_hash != run.weights_hash) {
        throw Error("Two results of “" + run.arm + "” with seed " + std::to_string(run.seed) +
                    " have different weights, though one seed gives one result. Was one made by another version, or by a build that "
                    "is not exact?");
      }
    }
  }
  return pooled;
}

const RunResult* find_run(const Results& results, const std::string& arm, std::uint64_t seed) {
  const auto is_it = [&](const RunResult& run) { return run.arm == arm && run.seed == seed; };
  const auto found = std::find_if(results.runs.begin(), results.runs.end(), is_it);
  return found == results.runs.end() ? nullptr : &*found;
}

std::vector<std::uint64_t> seeds_of(const Results& results) {
  std::set<std::uint64_t> seeds;
  for (const RunResult& run : results.runs) seeds.insert(run.seed);
  return {seeds.begin(), seeds.end()};
}

std::vector<ArmSummary> summarize(const Results& results, std::optional<std::uint64_t> step) {
  const std::vector<std::uint64_t> seeds = seeds_of(results);
  std::vector<ArmSummary> summaries;
  for (const Arm& arm : results.question.arms) {
    ArmSummary summary;
    summary.arm = arm.name;
    std::vector<double> held_out, test, difference, seconds;
    for (const std::uint64_t seed : seeds) {
      const RunResult* const run = find_run(results, arm.name, seed);
      const Measurement* const at = run == nullptr ? nullptr : measurement_at(*run, step);
      if (run != nullptr && run->diverged) ++summary.diverged;
      if (at == nullptr || run->diverged) continue;
      if (test.empty()) summary.step = at->step;
      test.push_back(at->test.accuracy());
      if (at->held_out.images > 0) held_out.push_back(at->held_out.accuracy());
      if (run->seconds > 0) seconds.push_back(run->seconds);
      const RunResult* const first = find_run(results, results.question.arms.front().name, seed);
      const Measurement* const base = first == nullptr || first->diverged ? nullptr : measurement_at(*first, step);
      if (base != nullptr) difference.push_back(at->test.accuracy() - base->test.accuracy());
    }
    summary.held_out = summarize(held_out);
    summary.test = summarize(test);
    summary.difference = summarize(difference);
    summary.seconds = summarize(seconds);
    summaries.push_back(std::move(summary));
  }
  return summaries;
}

std::vector<std::uint64_t> common_steps(const Results& results, const std::string& arm) {
  std::map<std::pair<std::uint64_t, int>, int> counts;  // by step and test images
  int runs = 0;
  for (const RunResult& run : results.runs) {
    if (run.arm != arm || run.diverged) continue;
    ++runs;
    for (const Measurement& m : run.curve) ++counts[{m.step, m.test.images}];
  }
  std::vector<std::uint64_t> steps;
  for (const auto& [at, count] : counts) {
    if (count == runs) steps.push_back(at.first);
  }
  return steps;
}

std::vector<double> accuracies(const Results& results, const std::string& arm, std::uint64_t step, bool held_out) {
  std::vector<double> values;
  for (const std::uint64_t seed : seeds_of(results)) {
    const RunResult* const run = find_run(results, arm, seed);
    const Measurement* const at = run == nullptr || run->diverged ? nullptr : measurement_at(*run, step);
    if (at == nullptr) continue;
    const Score& score = held_out ? at->held_out : at->test;
    if (score.images > 0) values.push_back(score.accuracy());
  }
  return values;
}

std::optional<std::uint64_t> step_reaching(const Results& results, const std::string& arm, double accuracy) {
  for (const std::uint64_t step : common_steps(results, arm)) {
    if (summarize(accuracies(results, arm, step, true)).mean >= accuracy) return step;
  }
  return std::nullopt;
}

std::string hash_weights(const nn::Network<float>& network, const nn::Weights<float>& weights) {
  Hash hash;
  for (const nn::ParameterView& view : network.parameters()) hash.add_values(view.of(std::span<const float>(weights.values)));
  return hash.text();
}

std::vector<LayerDrift> drift(const nn::Network<float>& network, std::span<const float> values, std::span<const float> initial) {
  std::vector<LayerDrift> layers;
  for (const nn::ParameterView& view : network.parameters()) {
    if (view.is_bias) continue;
    const Drift drift = drift_of(view.of(values), view.of(initial));
    layers.push_back({view.layer, drift.changed, drift.cosine});
  }
  return layers;
}

}  // namespace lenet::lab
