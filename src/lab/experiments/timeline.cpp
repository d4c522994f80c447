#include "lab/experiments/timeline.h"

#include <algorithm>
#include <array>

namespace lenet::lab {
namespace {

/// Epochs of Zeiler & Fergus 2014, Fig. 4.
constexpr std::array<int, 8> kEpochs = {1, 2, 5, 10, 20, 30, 40, 64};

/// 0, or 1, 2, 5 times a power of ten.
bool is_round(std::uint64_t step) {
  while (step >= 10 && step % 10 == 0) step /= 10;
  return step == 0 || step == 1 || step == 2 || step == 5;
}

bool goes_first(const Moment& moment) {
  return !is_round(moment.step) && std::find(kEpochs.begin(), kEpochs.end(), moment.epoch) == kEpochs.end();
}

/// The first moment at or after `step`.
std::vector<Moment>::const_iterator at_or_after(const std::vector<Moment>& moments, std::uint64_t step) {
  return std::lower_bound(moments.begin(), moments.end(), step, [](const Moment& m, std::uint64_t s) { return m.step < s; });
}

}  // namespace

bool Timeline::is_moment(std::uint64_t step, bool ends_epoch) { return ends_epoch || is_round(step); }

void Timeline::offer(std::uint64_t step, int epoch, bool ends_epoch, std::span<const float> values) {
  if (!moments_.empty() && step <= moments_.back().step) {
    cut_after(step);
    if (!moments_.empty() && moments_.back().step == step) {
      const Moment& same = moments_.back();
      // A rewind to this very moment: what was found at it still holds.
      const bool equal = std::equal(values.begin(), values.end(), same.values->begin(), same.values->end());
      if (equal && same.epoch == epoch && same.ends_epoch == ends_epoch) return;
      forget(moments_.size() - 1);
    }
  }
  thinned_.erase(thinned_.lower_bound(step), thinned_.end());  // after a rewind, the moments that were given up may lie ahead again
  if (!is_moment(step, ends_epoch)) return;
  moments_.push_back({step, epoch, ends_epoch, std::make_shared<const std::vector<float>>(values.begin(), values.end())});
  thin();
}

void Timeline::restore(std::vector<Moment> moments) {
  clear();
  moments_ = std::move(moments);
  thin();
}

void Timeline::clear() {
  moments_.clear();
  winners_.clear();
  thinned_.clear();
}

void Timeline::cut_after(std::uint64_t step) {
  thinned_.erase(thinned_.upper_bound(step), thinned_.end());
  while (!moments_.empty() && moments_.back().step > step) forget(moments_.size() - 1);
}

void Timeline::set_budget(std::size_t bytes) {
  budget_ = bytes;
  thin();
}

const Moment* Timeline::find(std::uint64_t step) const {
  const auto found = at_or_after(moments_, step);
  return found != moments_.end() && found->step == step ? &*found : nullptr;
}

const Moment* Timeline::nearest(std::uint64_t step) const {
  if (moments_.empty()) return nullptr;
  const auto after = at_or_after(moments_, step);
  if (after == moments_.end()) return &moments_.back();
  if (after == moments_.begin()) return &*after;
  const auto before = after - 1;
  return step - before->step <= after->step - step ? &*before : &*after;
}

std::size_t Timeline::bytes() const {
  std::size_t bytes = 0;
  for (const Moment& moment : moments_) bytes += moment.values->size() * sizeof(float);
  return bytes;
}

void Timeline::forget(std::size_t index) {
  const std::uint64_t step = moments_[index].step;
  winners_.erase(winners_.lower_bound({step, ""}), winners_.lower_bound({step + 1, ""}));
  moments_.erase(moments_.begin() + static_cast<std::ptrdiff_t>(index));
}

void Timeline::thin() {
  while (bytes() > budget_ && moments_.size() > 2) {
    std::size_t chosen = 0;
    bool chosen_first = false;
    std::uint64_t smallest = 0;
    for (std::size_t i = 1; i + 1 < moments_.size(); ++i) {
      const bool first = goes_first(moments_[i]);
      const std::uint64_t gap = moments_[i + 1].step - moments_[i - 1].step;
      if (chosen != 0 && (first == chosen_first ? gap >= smallest : !first)) continue;
      chosen = i;
      chosen_first = first;
      smallest = gap;
    }
    thinned_.insert(moments_[chosen].step);
    forget(chosen);
  }
}

}  // namespace lenet::lab
