#include "base/thread_pool.h"

#include <atomic>
#include <chrono>
#include <numeric>
#include <thread>

#include "support.h"

using namespace lenet;

TEST_CASE("thread pool: every piece is done once, by a worker of the pool, however many threads") {
  for (const int threads : {1, 2, 3, 8}) {
    CAPTURE(threads);
    ThreadPool pool(threads);
    CHECK(pool.threads() == threads);
    for (const int count : {0, 1, 2, 7, 100}) {
      std::vector<std::atomic<int>> times(static_cast<std::size_t>(count));
      std::atomic<bool> known_worker{true};
      pool.run(count, [&](int piece, int worker) {
        ++times[static_cast<std::size_t>(piece)];
        if (worker < 0 || worker >= threads) known_worker = false;
      });
      CHECK(known_worker);
      CHECK(std::all_of(times.begin(), times.end(), [](const std::atomic<int>& n) { return n == 1; }));
    }
  }
}

TEST_CASE("thread pool: many short jobs in a row, with pauses in which the workers fall asleep") {
  ThreadPool pool(3);
  std::atomic<long> sum{0};
  for (int job = 0; job < 3000; ++job) {
    if (job % 1000 == 999) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    pool.run(5, [&](int piece, int) { sum += piece; });
  }
  CHECK(sum == 3000 * 10);
}

TEST_CASE("thread pool: what the pieces wrote is there when run returns") {
  ThreadPool pool(4);
  std::vector<int> values(64);
  for (int round = 1; round <= 200; ++round) {
    pool.run(64, [&](int piece, int) { values[static_cast<std::size_t>(piece)] = round; });
    CHECK(std::accumulate(values.begin(), values.end(), 0) == 64 * round);
  }
}
