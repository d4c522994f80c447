// A comparison repeated over several seeds: which are wanted, which are done, and what came out.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "app/arm.h"
#include "app/results_view.h"
#include "lab/results.h"

namespace lenet::app {

class Seeds {
 public:
  static constexpr int kMost = 1000;

  /// Wants `count` seeds from `first` on. What is done stays where the question is the same; other results are forgotten.
  void start(lab::Question question, std::uint64_t first, int count);
  /// Wants no more. What is done stays.
  void stop() { running_ = false; }
  bool running() const { return running_; }
  /// The next seed to do, if any is wanted.
  std::optional<std::uint64_t> next() const;
  /// Takes the result of arms that have come to the question's end with a seed.
  void add(const Arms& arms, std::uint64_t seed);

  const lab::Question& question() const { return results_->results.question; }
  /// What is done so far; never null, and never changed once handed out.
  const std::shared_ptr<const ResultsView>& results() const { return results_; }
  int wanted() const { return static_cast<int>(wanted_.size()); }
  /// Of the wanted ones.
  int done() const { return done_; }

 private:
  bool is_done(std::uint64_t seed) const;
  void count_done();

  std::shared_ptr<const ResultsView> results_ = make_results_view({});
  std::vector<std::uint64_t> wanted_;
  int done_ = 0;
  bool running_ = false;
};

/// An arm's run so far as a result.
lab::RunResult result_of(const Arm& arm);

}  // namespace lenet::app
