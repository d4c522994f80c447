// What a run leaves behind: loss, accuracy, and how fast it went. Thinned for drawing, whole for export.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "app/snapshot.h"

namespace lenet::app {

using Clock = std::chrono::steady_clock;

/// Means over equally many steps; when it is full, neighbours are merged, so that it never holds more than kPoints points.
class ThinnedCurve {
 public:
  static constexpr std::size_t kPoints = 1024;
  void add(std::uint64_t step, double value);
  const std::vector<CurvePoint>& points() const { return points_; }

 private:
  std::vector<CurvePoint> points_;  // the last one may still be filling
  int width_ = 1;                   // steps per point
};

class Record {
 public:
  void add_step(std::uint64_t step, double loss);
  void add_accuracy(std::uint64_t step, double accuracy, int n, double seconds_at_step);
  /// What was recorded elsewhere: losses of step `first` and those after it, and the accuracies by step.
  void restore(std::uint64_t first, std::vector<float> losses, std::vector<CurvePoint> accuracy);
  /// Forgets the run (a reset or rewind).
  void clear() { *this = Record(); }
  /// Drops what lies after `step` (back to the last good state).
  void cut_after(std::uint64_t step);

  const ThinnedCurve& loss() const { return loss_; }
  const std::vector<float>& losses() const { return losses_; }   ///< of step first_step() and those after it
  std::uint64_t first_step() const { return first_step_; }
  const std::vector<CurvePoint>& accuracy() const { return accuracy_; }
  /// Mean training loss of steps first … last; 0 where none of them is kept.
  double mean_loss(std::uint64_t first, std::uint64_t last) const;
  double seconds_to_98() const { return seconds_to_98_; }
  /// "step,train_loss,test_accuracy,test_images", a row per step; accuracy where it was measured.
  std::string csv() const;

 private:
  void draw_loss();

  std::vector<float> losses_;  // of step first_step_, first_step_ + 1, …
  std::uint64_t first_step_ = 0;
  ThinnedCurve loss_;
  std::vector<CurvePoint> accuracy_;
  double seconds_to_98_ = -1;
};

/// Wall time spent training, and the throughput over the last seconds of it.
class Stopwatch {
 public:
  void start();
  void stop();
  void clear() { *this = Stopwatch(); }
  bool running() const { return running_; }
  double seconds() const;
  void add(int images);
  /// Images per second over the last kWindow seconds of training; the last value stays while it stands.
  double images_per_second() const { return rate_; }

 private:
  static constexpr double kWindow = 3;
  bool running_ = false;
  Clock::time_point started_;
  double before_ = 0;
  std::deque<std::pair<double, std::uint64_t>> marks_;  // seconds, images so far
  std::uint64_t images_ = 0;
  double rate_ = 0;
};

}  // namespace lenet::app
