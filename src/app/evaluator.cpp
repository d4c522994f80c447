#include "app/evaluator.h"

#include <algorithm>

namespace lenet::app {
namespace {

bool quick_is_due(std::uint64_t step) { return step % 100 == 0 || step == 10 || step == 20 || step == 50; }

bool test_set_is_there(const lab::Run& run) {
  const data::Dataset& dataset = run.dataset();
  return dataset.test_count() > 0 && dataset.test_available() == dataset.test_count();
}

}  // namespace

void Evaluator::start(const lab::Run& run, int stride, double seconds) {
  const int count = (run.dataset().test_count() + stride - 1) / stride;
  evaluation_.emplace(run.training_network(), run.training_weights(), run.dataset(), lab::ImageSubset{false, count, stride}, run.step());
  stride_ = stride;
  seconds_ = seconds;
}

void Evaluator::advance(lab::Workers& workers, int blocks, Record& record) {
  evaluation_->advance(workers, blocks);
  if (!evaluation_->done()) return;
  const lab::EvaluationResult& result = evaluation_->result();
  record.add_accuracy(result.step, result.accuracy(), result.images, seconds_);
  evaluation_.reset();
}

void Evaluator::after_step(const lab::Run& run, bool epoch_ended, double seconds, lab::Workers& workers, Record& record) {
  if (!test_set_is_there(run)) return;
  // A measurement begun while standing gives way: its step is past, and the next point should come soon.
  if (was_idle_) evaluation_.reset();
  was_idle_ = false;
  if (epoch_ended) {
    start(run, 1, seconds);
  } else if (!running() && quick_is_due(run.step())) {
    start(run, quick_stride(run.dataset().test_count()), seconds);
  }
  if (running()) advance(workers, kBlocksPerStep, record);
}

bool Evaluator::idle(const lab::Run& run, bool stands, double seconds, lab::Workers& workers, Record& record) {
  if (!test_set_is_there(run)) return false;
  if (!running()) {
    const bool measured = !record.accuracy().empty() && record.accuracy().back().step == run.step() &&
                          record.accuracy().back().n == run.dataset().test_count();
    if (measured || !stands) return false;
    start(run, 1, seconds);
    was_idle_ = true;
  }
  advance(workers, workers.threads(), record);
  return true;
}

}  // namespace lenet::app
