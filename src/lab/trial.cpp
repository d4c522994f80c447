#include "lab/trial.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include "data/batches.h"
#include "lab/evaluation.h"
#include "lab/run.h"

namespace lenet::lab {
namespace {

bool finished(const Run& run, const Question& question) {
  return question.epochs > 0 ? run.epoch() >= question.epochs : run.step() >= question.steps;
}

bool is_due(const Run& run, const Question& question, const MeasurePlan& plan) {
  if (finished(run, question)) return true;
  if (plan.every_epochs > 0 && run.position() == 0 && run.epoch() % plan.every_epochs == 0) return true;
  return std::binary_search(plan.steps.begin(), plan.steps.end(), run.step());
}

/// Nothing when go_on(0) gave false.
std::optional<Score> measure(const Run& run, bool held_out, Workers& workers, const std::function<bool(int)>& go_on) {
  const int count = held_out ? run.dataset().held_out() : run.dataset().test_count();
  Evaluation evaluation(run.training_network(), run.training_weights(), run.dataset(), {held_out, count, 1}, run.step());
  constexpr int kBlocks = 16;  // for each thread: a few milliseconds
  while (!evaluation.done()) {
    if (!go_on(0)) return {};
    evaluation.advance(workers, kBlocks * workers.threads());
  }
  return Score{evaluation.result().correct, evaluation.result().images};
}

}  // namespace

Question make_question(const data::Dataset& dataset, std::vector<Arm> arms, int epochs, std::uint64_t steps) {
  return {dataset.name(),
          dataset.content_hash(),
          data::epoch_size(dataset.train_count(), dataset.held_out()),
          dataset.test_count(),
          std::move(arms),
          epochs,
          steps,
          dataset.test_name() == dataset.name() ? "" : dataset.test_name()};
}

std::uint64_t steps_of(const Question& question, const Arm& arm) {
  if (question.epochs == 0) return question.steps;
  const std::uint64_t images = static_cast<std::uint64_t>(question.train_images);
  std::map<std::uint64_t, int> batches;  // from which step on; of changes at one step the last counts
  for (const Change& change : arm.recipe.changes) {
    if (change.batch) batches[change.step] = *change.batch;
  }
  std::uint64_t steps = 0, batch = static_cast<std::uint64_t>(arm.recipe.batch);
  if (batches.empty()) return static_cast<std::uint64_t>(question.epochs) * ((images + batch - 1) / batch);
  for (int epoch = 0; epoch < question.epochs; ++epoch) {
    for (std::uint64_t position = 0; position < images; position += batch, ++steps) {
      if (const auto change = batches.find(steps); change != batches.end()) batch = static_cast<std::uint64_t>(change->second);
    }
  }
  return steps;
}

std::optional<RunResult> run_trial(const data::Dataset& dataset, const Question& question, const Arm& arm, std::uint64_t seed,
                                   const MeasurePlan& plan, ThreadPool& pool, const std::function<bool(int images)>& go_on) {
  using Clock = std::chrono::steady_clock;
  Run run(dataset, arm.recipe, seed);
  Workers workers(run.training_network(), pool);
  RunResult result;
  result.arm = arm.name;
  result.seed = seed;
  double loss = 0;
  int steps = 0;
  while (!finished(run, question) && !result.diverged) {
    const auto start = Clock::now();
    const nn::StepResult step = run.train_step(workers);
    result.seconds += std::chrono::duration<double>(Clock::now() - start).count();
    if (!go_on(step.images)) return std::nullopt;
    loss += step.loss;
    ++steps;
    result.diverged = !step.finite;
    if (result.diverged || !is_due(run, question, plan)) continue;
    const std::optional<Score> held_out = measure(run, true, workers, go_on);
    const std::optional<Score> test = held_out ? measure(run, false, workers, go_on) : std::nullopt;
    if (!test) return std::nullopt;
    result.curve.push_back({run.step(), run.epoch(), loss / steps, *held_out, *test,
                            drift(run.network(), run.training_weights().values, run.initial_values())});
    loss = steps = 0;
  }
  if (!result.diverged) result.weights_hash = hash_weights(run.network(), run.training_weights());
  return result;
}

}  // namespace lenet::lab
