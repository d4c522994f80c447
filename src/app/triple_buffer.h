// Hands the newest value from one producer thread to one consumer thread; neither ever waits for the other.
#pragma once

#include <array>
#include <atomic>

namespace lenet::app {

/// Three slots: the producer fills `back()`, the consumer reads `front()`, the third changes hands in one atomic exchange.
template <class T>
class TripleBuffer {
 public:
  /// Producer: the slot to fill. It holds an older value, so that its memory is used again.
  T& back() { return slots_[back_]; }
  /// Producer: makes the filled slot the newest.
  void publish() { back_ = middle_.exchange(back_ | kFresh, std::memory_order_acq_rel) & kIndex; }

  /// Consumer: the newest value; the reference stays valid until the next call.
  const T& front() {
    if (middle_.load(std::memory_order_relaxed) & kFresh) front_ = middle_.exchange(front_, std::memory_order_acq_rel) & kIndex;
    return slots_[front_];
  }

 private:
  static constexpr unsigned kFresh = 4, kIndex = 3;

  std::array<T, 3> slots_{};
  std::atomic<unsigned> middle_{1};
  unsigned back_ = 0;   // the producer's
  unsigned front_ = 2;  // the consumer's
};

}  // namespace lenet::app
