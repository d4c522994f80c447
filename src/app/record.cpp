#include "app/record.h"

#include <algorithm>
#include <cstdio>

namespace lenet::app {

void ThinnedCurve::add(std::uint64_t step, double value) {
  if (!points_.empty() && points_.back().n < width_) {
    CurvePoint& last = points_.back();
    last.value += (value - last.value) / (last.n + 1);
    ++last.n;
    last.step = step;
    return;
  }
  if (points_.size() == kPoints) {
    for (std::size_t i = 0; i < kPoints / 2; ++i) {
      const CurvePoint& a = points_[2 * i];
      const CurvePoint& b = points_[2 * i + 1];
      points_[i] = {b.step, (a.value * a.n + b.value * b.n) / (a.n + b.n), a.n + b.n};
    }
    points_.resize(kPoints / 2);
    width_ *= 2;
  }
  points_.push_back({step, value, 1});
}

void Record::add_step(std::uint64_t step, double loss) {
  if (losses_.empty()) first_step_ = step;
  losses_.push_back(static_cast<float>(loss));
  loss_.add(step, loss);
}

void Record::add_accuracy(std::uint64_t step, double accuracy, int n, double seconds_at_step) {
  // A later, larger measurement of one step replaces a quick one.
  if (!accuracy_.empty() && accuracy_.back().step == step) accuracy_.pop_back();
  accuracy_.push_back({step, accuracy, n});
  if (accuracy >= 0.98 && seconds_to_98_ < 0) seconds_to_98_ = seconds_at_step;
}

/// The thinned curve from the losses.
void Record::draw_loss() {
  ThinnedCurve thinned;
  for (std::size_t i = 0; i < losses_.size(); ++i) thinned.add(first_step_ + i, static_cast<double>(losses_[i]));
  loss_ = std::move(thinned);
}

void Record::restore(std::uint64_t first, std::vector<float> losses, std::vector<CurvePoint> accuracy) {
  first_step_ = first;
  losses_ = std::move(losses);
  accuracy_ = std::move(accuracy);
  seconds_to_98_ = -1;  // the time before is not known
  draw_loss();
}

void Record::cut_after(std::uint64_t step) {
  const std::size_t keep = step < first_step_ ? 0 : static_cast<std::size_t>(step - first_step_ + 1);
  losses_.resize(std::min(losses_.size(), keep));
  draw_loss();
  std::erase_if(accuracy_, [&](const CurvePoint& point) { return point.step > step; });
}

double Record::mean_loss(std::uint64_t first, std::uint64_t last) const {
  double sum = 0;
  int count = 0;
  for (std::uint64_t step = std::max(first, first_step_); step <= last && step - first_step_ < losses_.size(); ++step, ++count) {
    sum += static_cast<double>(losses_[static_cast<std::size_t>(step - first_step_)]);
  }
  return count > 0 ? sum / count : 0;
}

std::string Record::csv() const {
  std::string text = "step,train_loss,test_accuracy,test_images\n";
  std::size_t next = 0;
  const auto row = [&](std::uint64_t step, const char* loss) {
    text += std::to_string(step) + "," + loss + ",";
    char number[64] = ",";
    if (next < accuracy_.size() && accuracy_[next].step == step) {
      std::snprintf(number, sizeof(number), "%.6f,%d", accuracy_[next].value, accuracy_[next].n);
      ++next;
    }
    text += std::string(number) + "\n";
  };
  while (next < accuracy_.size() && (losses_.empty() || accuracy_[next].step < first_step_)) row(accuracy_[next].step, "");
  for (std::size_t i = 0; i < losses_.size(); ++i) {
    char loss[32];
    std::snprintf(loss, sizeof(loss), "%.6f", static_cast<double>(losses_[i]));
    row(first_step_ + i, loss);
  }
  return text;
}

void Stopwatch::start() {
  if (running_) return;
  running_ = true;
  started_ = Clock::now();
  marks_.clear();
  marks_.push_back({seconds(), images_});
}

void Stopwatch::stop() {
  if (!running_) return;
  before_ = seconds();
  running_ = false;
}

double Stopwatch::seconds() const {
  return before_ + (running_ ? std::chrono::duration<double>(Clock::now() - started_).count() : 0);
}

void Stopwatch::add(int images) {
  images_ += static_cast<std::uint64_t>(images);
  const double now = seconds();
  marks_.push_back({now, images_});
  while (marks_.size() > 2 && now - marks_[1].first > kWindow) marks_.pop_front();
  const double span = now - marks_.front().first;
  if (span > 0) rate_ = static_cast<double>(images_ - marks_.front().second) / span;
}

}  // namespace lenet::app
