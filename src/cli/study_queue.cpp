#include "cli/study_queue.h"

#include <algorithm>
#include <cstdio>
#include <system_error>
#include <thread>

#include "data/batches.h"
#include "lab/trial.h"

namespace lenet::cli {
namespace {

/// Multiplications that an image takes in the forward pass: the time left goes by work in this measure.
double work_per_image(const lab::Arm& arm, const data::Dataset& dataset) {
  const nn::Network<float> network(lab::network_of(arm.recipe, dataset.shape()), dataset.classes());
  double work = 0;
  for (const nn::ParameterView& view : network.parameters()) {
    if (view.is_bias) continue;
    const nn::Shape& output = network.layer(static_cast<std::size_t>(view.layer_index)).output();
    work += static_cast<double>(view.size) * output.height * output.width;
  }
  return work;
}

double images_of(const lab::Question& question, const lab::Arm& arm) {
  if (question.epochs > 0) return static_cast<double>(question.epochs) * question.train_images;
  return static_cast<double>(question.steps) * arm.recipe.batch;
}

/// How much work a run is. A little off where a planned change is of the batch: then the time left is, too.
class RunWork {
 public:
  RunWork(const data::Dataset& dataset, const lab::Question& question, const lab::Arm& arm, const lab::MeasurePlan& plan)
      : per_image_(work_per_image(arm, dataset)),
        images_(images_of(question, arm)),
        per_measurement_(data::kHeldOut + question.test_images) {
    const std::uint64_t end = lab::steps_of(question, arm), batch = static_cast<std::uint64_t>(arm.recipe.batch);
    const std::uint64_t epoch = (static_cast<std::uint64_t>(question.train_images) + batch - 1) / batch;
    listed_.assign(plan.steps.begin(), std::upper_bound(plan.steps.begin(), plan.steps.end(), end));
    distance_ = epoch * static_cast<std::uint64_t>(plan.every_epochs);
    measurements_ = static_cast<double>(listed_.size()) + (distance_ > 0 ? static_cast<double>(end / distance_) : 1);
  }

  double all() const { return per_image_ * (kTraining * images_ + per_measurement_ * measurements_); }
  /// Of a step with so many images, and of the measurement before it, if there was one.
  double of_step(std::uint64_t step, int images) const {
    const bool at_epoch = distance_ > 0 && step > 1 && (step - 1) % distance_ == 0;
    const bool measured = at_epoch || std::binary_search(listed_.begin(), listed_.end(), step - 1);
    return per_image_ * (kTraining * images + (measured ? per_measurement_ : 0));
  }

 private:
  static constexpr double kTraining = 3;  // passes: forward, and back for the weights and for the inputs

  double per_image_, images_, per_measurement_;
  std::vector<std::uint64_t> listed_;  // steps at which it is measured, ascending …
  std::uint64_t distance_ = 0;         // … and every so many, at the ends of epochs
  double measurements_ = 0;
};

std::string accuracy_text(const char* label, const lab::Score& score) {
  char text[96];
  std::snprintf(text, sizeof(text), "%s accuracy %.2f %% (of %s)", label, 100 * score.accuracy(), count_text(score.images).c_str());
  return text;
}

}  // namespace

StudyQueue::StudyQueue(const data::Dataset& dataset, const lab::Question& question, const lab::MeasurePlan& plan,
                       const StudyFolder& folder, bool quiet)
    : dataset_(dataset),
      question_(question),
      plan_(plan),
      folder_(folder),
      start_(std::chrono::steady_clock::now()),
      progress_(quiet) {}

int StudyQueue::work(const std::vector<PlannedRun>& runs, int jobs) {
  runs_ = &runs;
  for (const PlannedRun& run : runs) all_work_ += RunWork(dataset_, question_, *run.arm, plan_).all();
  const int count = static_cast<int>(runs.size());
  const int workers = std::clamp(jobs, 1, std::max(count, 1));
  const int threads_each = std::max(jobs / workers, 1);
  std::vector<std::thread> others;
  try {
    for (int i = 1; i < workers; ++i) others.emplace_back([this, threads_each] { take_runs(threads_each); });
  } catch (const std::system_error&) {
    // the machine gives no more threads: those that are there do it all
  }
  take_runs(threads_each);
  for (std::thread& thread : others) thread.join();
  progress_.clear();
  if (error_) std::rethrow_exception(error_);
  return finished_;
}

void StudyQueue::take_runs(int threads) {
  try {
    ThreadPool pool(threads);
    while (!stop_ && !interrupted()) {
      const std::size_t i = next_++;
      if (i >= runs_->size()) return;
      do_run((*runs_)[i], pool);
    }
  } catch (...) {
    fail();
  }
}

void StudyQueue::do_run(const PlannedRun& run, ThreadPool& pool) {
  const RunWork work(dataset_, question_, *run.arm, plan_);
  std::uint64_t step = 0;
  const auto go_on = [&](int images) { return went_on(images > 0 ? work.of_step(++step, images) : 0); };
  const std::optional<lab::RunResult> result = lab::run_trial(dataset_, question_, *run.arm, run.seed, plan_, pool, go_on);
  if (!result) return;
  folder_.save(question_, *result);
  report(*result);
}

bool StudyQueue::went_on(double work) {
  const std::lock_guard lock(mutex_);
  work_done_ += work;
  if (progress_.due()) {
    const double fraction = std::min(work_done_ / all_work_, 1.0);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    progress_.draw(std::to_string(finished_) + "/" + std::to_string(runs_->size()) + " runs", fraction,
                   duration_text(seconds * (1 - fraction) / fraction) + " left");
  }
  return !stop_ && !interrupted();
}

void StudyQueue::report(const lab::RunResult& result) {
  const std::lock_guard lock(mutex_);
  ++finished_;
  progress_.clear();
  std::printf("%s, seed %llu: ", result.arm.c_str(), static_cast<unsigned long long>(result.seed));
  if (result.diverged) {
    std::printf("diverged: its loss or a weight is no longer a finite number");
  } else {
    const lab::Measurement& end = result.curve.back();
    std::printf("%s, %s", accuracy_text("held-out", end.held_out).c_str(), accuracy_text("test", end.test).c_str());
  }
  std::printf(", %.1f s of training\n", result.seconds);
  std::fflush(stdout);
}

void StudyQueue::fail() {
  const std::lock_guard lock(mutex_);
  stop_ = true;
  if (!error_) error_ = std::current_exception();
}

}  // namespace lenet::cli
