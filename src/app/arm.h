// One run of the session with what belongs to it alone. A comparison has several; they train in turn on the same threads.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/evaluator.h"
#include "app/record.h"
#include "lab/experiments/timeline.h"
#include "lab/run.h"

namespace lenet::app {

/// What an arm's steps cost: the mean over about the last two hundred, as evaluations and looks are not counted.
class StepTimer {
 public:
  void add(double seconds, bool completes_step) {
    running_ += seconds;
    if (!completes_step) return;
    ++steps_;
    total_ += running_;
    mean_ += (running_ - mean_) / static_cast<double>(std::min(steps_, 200));
    running_ = 0;
  }
  double mean() const { return mean_; }
  double total() const { return total_; }

 private:
  double running_ = 0, mean_ = 0, total_ = 0;
  int steps_ = 0;
};

struct Arm {
  /// Throws Error when the recipe does not fit the images.
  Arm(std::string arm_name, const data::Dataset& dataset, lab::Recipe recipe, std::uint64_t seed, ThreadPool& pool)
      : name(std::move(arm_name)), run(dataset, std::move(recipe), seed), workers(run.training_network(), pool) {
    begin_timeline();
    last_good = run.save();
  }

  /// The run stands at step 0 again: what was measured is of the past.
  void forget_progress() {
    evaluator.clear();
    record.clear();
    timer = {};
    begin_timeline();
    diverged = false;
    last_good = run.save();
  }

  void begin_timeline() {
    timeline.clear();
    timeline.offer(run.step(), run.epoch(), false, run.training_weights().values);
  }

  std::string name;
  lab::Run run;
  lab::Workers workers;
  Evaluator evaluator;
  Record record;
  StepTimer timer;
  lab::Timeline timeline;
  lab::RunState last_good;
  bool diverged = false;
};

inline constexpr const char* kOnlyArm = "this run";  ///< the name where there is no comparison
inline constexpr std::size_t kMostArms = 4;
using Arms = std::vector<std::unique_ptr<Arm>>;

}  // namespace lenet::app
