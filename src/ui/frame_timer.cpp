// Frame times and their quantiles.
#include "ui/frame_timer.h"

#include <algorithm>

namespace lenet::ui {

void FrameTimer::record(double milliseconds, bool training) {
  last_training_ = training;
  Ring& ring = rings_[training ? 1 : 0];
  ring.milliseconds[ring.next] = static_cast<float>(milliseconds);
  ring.next = (ring.next + 1) % kFrames;
  ring.count = std::min(ring.count + 1, kFrames);
}

FrameTimes FrameTimer::times(bool training) const {
  const Ring& ring = rings_[training ? 1 : 0];
  if (ring.count == 0) return {};
  std::array<float, kFrames> sorted = ring.milliseconds;
  const auto end = sorted.begin() + static_cast<std::ptrdiff_t>(ring.count);
  std::sort(sorted.begin(), end);
  return {sorted[ring.count / 2], sorted[std::min(ring.count - 1, ring.count * 95 / 100)], static_cast<int>(ring.count)};
}

}  // namespace lenet::ui
