#include "app/seeds.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.h"

namespace lenet::app {

void Seeds::start(lab::Question question, std::uint64_t first, int count) {
  if (count < 1 || count > kMost) throw Error("The number of seeds must lie between 1 and " + std::to_string(kMost) + ".");
  if (question.epochs < 1 && question.steps < 1) throw Error("Say how long each run shall be: in steps or in epochs.");
  if (!(question == results_->results.question)) results_ = make_results_view({std::move(question), {}});
  wanted_.clear();
  for (int i = 0; i < count; ++i) wanted_.push_back(first + static_cast<std::uint64_t>(i));
  running_ = true;
  count_done();
}

bool Seeds::is_done(std::uint64_t seed) const {
  const lab::Results& results = results_->results;
  return std::all_of(results.question.arms.begin(), results.question.arms.end(),
                     [&](const lab::Arm& arm) { return lab::find_run(results, arm.name, seed) != nullptr; });
}

std::optional<std::uint64_t> Seeds::next() const {
  if (!running_) return std::nullopt;
  const auto found = std::find_if(wanted_.begin(), wanted_.end(), [&](std::uint64_t seed) { return !is_done(seed); });
  return found == wanted_.end() ? std::nullopt : std::optional(*found);
}

void Seeds::count_done() {
  done_ = static_cast<int>(std::count_if(wanted_.begin(), wanted_.end(), [&](std::uint64_t seed) { return is_done(seed); }));
}

void Seeds::add(const Arms& arms, std::uint64_t seed) {
  lab::Results results = results_->results;
  for (const auto& arm : arms) {
    results.runs.push_back(result_of(*arm));
    results.runs.back().seed = seed;
  }
  results_ = make_results_view(std::move(results));
  count_done();
}

lab::RunResult result_of(const Arm& arm) {
  lab::RunResult result;
  result.arm = arm.name;
  result.seed = arm.run.seed();
  result.diverged = arm.diverged;
  result.seconds = arm.timer.total();
  if (!arm.diverged) result.weights_hash = lab::hash_weights(arm.run.network(), arm.run.training_weights());
  const int epoch_steps = (arm.run.epoch_size() + arm.run.batch() - 1) / arm.run.batch();
  std::uint64_t before = 0;
  for (const CurvePoint& point : arm.record.accuracy()) {
    lab::Measurement m;
    m.step = point.step;
    m.epoch = static_cast<int>(point.step / static_cast<std::uint64_t>(epoch_steps));
    m.train_loss = arm.record.mean_loss(before + 1, point.step);
    m.test = {static_cast<int>(std::lround(point.value * point.n)), point.n};
    if (point.step == arm.run.step()) m.layers = lab::drift(arm.run.network(), arm.run.training_weights().values, arm.run.initial_values());
    result.curve.push_back(std::move(m));
    before = point.step;
  }
  return result;
}

}  // namespace lenet::app
