// When test accuracy is measured, and on how many images.
//
// While it trains: every tenth test image (n = 1,000 of MNIST; of less than 1,000 so many that n is 100 or more) at steps 10, 20, 50, 100, 200, 300, …; all of them at the end
// of an epoch. Between runs of steps, when the session stands: all of them, once per step it stands at. Always on a copy of
// one step's weights, a few blocks after each training step.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "app/record.h"
#include "lab/evaluation.h"
#include "lab/run.h"

namespace lenet::app {

class Evaluator {
 public:
  /// Of the images that are measured while it trains.
  static int quick_stride(int test_count) { return std::clamp(test_count / 100, 1, 10); }
  static constexpr int kBlocksPerStep = 6;  // of eight images; about a fifth of a step's work

  /// Forgets any running measurement.
  void clear() {
    evaluation_.reset();
    was_idle_ = false;
  }
  /// Call after every completed step: starts what is due and measures a few blocks.
  void after_step(const lab::Run& run, bool epoch_ended, double seconds, lab::Workers& workers, Record& record);
  /// Call while there is no step to do: goes on with a running measurement and, where the session `stands` rather than waits for
  /// its next step, measures the whole test set at the present one. Returns whether there was work.
  bool idle(const lab::Run& run, bool stands, double seconds, lab::Workers& workers, Record& record);

  bool running() const { return evaluation_.has_value(); }
  double fraction() const { return evaluation_ ? evaluation_->fraction() : 0; }

 private:
  void start(const lab::Run& run, int stride, double seconds);
  void advance(lab::Workers& workers, int blocks, Record& record);
  bool is_quick() const { return stride_ > 1; }

  std::optional<lab::Evaluation> evaluation_;
  int stride_ = 1;
  bool was_idle_ = false;
  double seconds_ = 0;  // trained when the measured step was done
};

}  // namespace lenet::app
