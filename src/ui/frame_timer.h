// Our own CPU time per frame: median and 95th percentile of the last 120 frames, training and paused apart.
#pragma once

#include <array>
#include <cstddef>

namespace lenet::ui {

struct FrameTimes {
  double median_ms = 0, p95_ms = 0;
  int frames = 0;
};

class FrameTimer {
 public:
  void record(double milliseconds, bool training);
  FrameTimes times(bool training) const;
  /// Of whatever the last frame was.
  FrameTimes current() const { return times(last_training_); }

 private:
  static constexpr std::size_t kFrames = 120;
  struct Ring {
    std::array<float, kFrames> milliseconds{};
    std::size_t next = 0, count = 0;
  };
  std::array<Ring, 2> rings_;
  bool last_training_ = false;
};

}  // namespace lenet::ui
