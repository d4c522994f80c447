// A pool of threads for work that is cut into a few dozen equal pieces many times a second.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace lenet {

/// Workers spin for a moment between jobs, since the phases of a training step follow each other closely, then sleep. Pieces are
/// taken in turn by whoever is free, so nothing may depend on which worker does which.
class ThreadPool {
 public:
  static constexpr int kLargest = 64;

  /// `threads` counts the calling thread: 1 makes no thread at all. Clipped to 1 … kLargest.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const { return static_cast<int>(workers_.size()) + 1; }

  /// Calls task(piece, worker) for piece 0 … count - 1 (count ≤ 65,535), worker being 0 … threads() - 1, and returns when all are
  /// done. The calling thread, worker 0, takes part. A task must not throw. One caller at a time.
  template <class Task>
  void run(int count, const Task& task) {
    if (workers_.empty() || count <= 1) {
      for (int i = 0; i < count; ++i) task(i, 0);
      return;
    }
    call_ = [](const void* context, int piece, int worker) { (*static_cast<const Task*>(context))(piece, worker); };
    context_ = &task;
    start(count);
  }

 private:
  void start(int count);
  void loop(int worker);
  void work(int worker, std::uint32_t generation);
  bool wait_for_job(std::uint32_t last_generation);

  // generation << 32 | count << 16 | next piece: one atomic, so that a late worker can never take a piece of another job.
  std::atomic<std::uint64_t> ticket_{0};
  std::atomic<int> done_{0};
  std::atomic<bool> quit_{false};
  void (*call_)(const void*, int, int) = nullptr;
  const void* context_ = nullptr;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::atomic<int> sleepers_{0};
  std::vector<std::thread> workers_;
};

/// Threads that the machine has, at least 1.
int hardware_threads();

}  // namespace lenet
