#include "base/thread_pool.h"

#include <algorithm>
#include <chrono>

namespace lenet {
namespace {

constexpr auto kSpinTime = std::chrono::microseconds(200);
constexpr int kSpinsBeforeYield = 4000;

std::uint32_t generation_of(std::uint64_t ticket) { return static_cast<std::uint32_t>(ticket >> 32); }
int count_of(std::uint64_t ticket) { return static_cast<int>((ticket >> 16) & 0xFFFF); }
int next_of(std::uint64_t ticket) { return static_cast<int>(ticket & 0xFFFF); }

void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

}  // namespace

ThreadPool::ThreadPool(int threads) {
  for (int worker = 1; worker < std::clamp(threads, 1, kLargest); ++worker) workers_.emplace_back([this, worker] { loop(worker); });
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(mutex_);
    quit_ = true;
  }
  wake_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void ThreadPool::start(int count) {
  const std::uint32_t generation = generation_of(ticket_.load(std::memory_order_relaxed)) + 1;
  done_.store(0, std::memory_order_relaxed);
  // Sequentially consistent with the sleepers' own check: either they see the job, or we see them asleep.
  ticket_.store(static_cast<std::uint64_t>(generation) << 32 | static_cast<std::uint64_t>(count) << 16);
  if (sleepers_.load() > 0) {
    { const std::lock_guard lock(mutex_); }
    wake_.notify_all();
  }
  work(0, generation);
  // The last pieces end soon, unless the machine is busy with something else: then the worker that has one needs this core.
  for (int spins = 0; done_.load(std::memory_order_acquire) < count; ++spins) {
    if (spins < kSpinsBeforeYield) {
      relax();
    } else {
      std::this_thread::yield();
    }
  }
}

void ThreadPool::work(int worker, std::uint32_t generation) {
  std::uint64_t ticket = ticket_.load(std::memory_order_acquire);
  while (generation_of(ticket) == generation && next_of(ticket) < count_of(ticket)) {
    if (!ticket_.compare_exchange_weak(ticket, ticket + 1, std::memory_order_acq_rel, std::memory_order_acquire)) continue;
    call_(context_, next_of(ticket), worker);
    done_.fetch_add(1, std::memory_order_release);
    ticket = ticket_.load(std::memory_order_acquire);
  }
}

bool ThreadPool::wait_for_job(std::uint32_t last) {
  const auto has_job = [&] { return quit_.load() || generation_of(ticket_.load()) != last; };
  const auto end = std::chrono::steady_clock::now() + kSpinTime;
  do {
    for (int i = 0; i < 64; ++i) {
      if (has_job()) return !quit_;
      relax();
    }
  } while (std::chrono::steady_clock::now() < end);
  std::unique_lock lock(mutex_);
  ++sleepers_;
  wake_.wait(lock, has_job);
  --sleepers_;
  return !quit_;
}

void ThreadPool::loop(int worker) {
  std::uint32_t last = 0;
  while (wait_for_job(last)) {
    last = generation_of(ticket_.load(std::memory_order_acquire));
    work(worker, last);
  }
}

int hardware_threads() { return std::max(1, static_cast<int>(std::thread::hardware_concurrency())); }

}  // namespace lenet
