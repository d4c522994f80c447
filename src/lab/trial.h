// One run of an experiment from its first step to its last: one arm, one seed.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "base/thread_pool.h"
#include "data/dataset.h"
#include "lab/results.h"

namespace lenet::lab {

/// When a run is measured, on all held-out and all test images: at these steps, after every so many epochs, and always at its end.
struct MeasurePlan {
  std::vector<std::uint64_t> steps;  ///< ascending
  int every_epochs = 1;              ///< 0: not at the end of epochs
};

/// The question that arms ask of a data set. The set's size must be known.
Question make_question(const data::Dataset& dataset, std::vector<Arm> arms, int epochs, std::uint64_t steps);

/// Minibatches of a whole run of an arm, its planned changes of the batch included.
std::uint64_t steps_of(const Question& question, const Arm& arm);

/// Trains and measures on all threads of the pool. `go_on` is called after every step with its number of images, and with 0 every few
/// milliseconds while it measures; once it gives false the run is given up and nothing is returned. Throws Error when the recipe does not fit the data.
std::optional<RunResult> run_trial(const data::Dataset& dataset, const Question& question, const Arm& arm, std::uint64_t seed,
                                   const MeasurePlan& plan, ThreadPool& pool, const std::function<bool(int images)>& go_on);

}  // namespace lenet::lab
