// The runs of a study on several threads.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <mutex>
#include <vector>

#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/study_folder.h"

namespace lenet::cli {

/// One run to do.
struct PlannedRun {
  const lab::Arm* arm = nullptr;
  std::uint64_t seed = 1;
};

/// Takes runs from a list until none is left, somebody interrupts, or one fails; each finished run has its file at once.
class StudyQueue {
 public:
  /// All must outlive the queue. The data set's images must be there: they are read from all threads.
  StudyQueue(const data::Dataset& dataset, const lab::Question& question, const lab::MeasurePlan& plan, const StudyFolder& folder,
             bool quiet);

  /// Does the runs on `jobs` threads; with fewer runs each has several. Returns how many were finished. Throws what stopped one: the
  /// others have then been given up, and those finished before are kept.
  int work(const std::vector<PlannedRun>& runs, int jobs);
  bool interrupted() const { return interrupt_.requested(); }

 private:
  void take_runs(int threads);
  void do_run(const PlannedRun& run, ThreadPool& pool);
  bool went_on(double work);
  void report(const lab::RunResult& result);
  void fail();

  const data::Dataset& dataset_;
  const lab::Question& question_;
  const lab::MeasurePlan& plan_;
  const StudyFolder& folder_;
  InterruptGuard interrupt_;
  std::chrono::steady_clock::time_point start_;

  const std::vector<PlannedRun>* runs_ = nullptr;
  double all_work_ = 0;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> stop_{false};

  std::mutex mutex_;  // of all below
  Progress progress_;
  double work_done_ = 0;
  int finished_ = 0;
  std::exception_ptr error_;
};

}  // namespace lenet::cli
