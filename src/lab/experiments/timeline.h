// Weights of past steps, to look back at, and which of them are kept.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lab/experiments/winners.h"

namespace lenet::lab {

/// A stored step of a run.
struct Moment {
  std::uint64_t step = 0;
  int epoch = 0;           ///< completed then; and whether this moment ends one
  bool ends_epoch = false;
  std::shared_ptr<const std::vector<float>> values;  ///< all parameters
};

/// Moments are offered after every step and kept at steps 0, 1, 2, 5, 10, 20, 50, … and at the end of every epoch. When the budget is full,
/// the ends of epochs other than 1, 2, 5, 10, 20, 30, 40, 64 go first, the one whose two neighbours are the fewest steps apart first; then
/// the others by the same rule. The first (step 0) and the newest stay, whatever the budget.
class Timeline {
 public:
  static constexpr std::size_t kBudget = std::size_t{256} << 20;  ///< bytes of weights

  explicit Timeline(std::size_t budget = kBudget) : budget_(budget) {}

  /// Whether offer() would keep this step.
  static bool is_moment(std::uint64_t step, bool ends_epoch);
  /// Copies the values if the step is a moment. A step at or before the last one kept first forgets what came after it, and what was kept
  /// at that very step, unless it is the same.
  void offer(std::uint64_t step, int epoch, bool ends_epoch, std::span<const float> values);
  /// What was kept elsewhere, by step; thinned to the budget.
  void restore(std::vector<Moment> moments);
  void clear();
  /// Forgets what lies after `step`.
  void cut_after(std::uint64_t step);
  void set_budget(std::size_t bytes);
  std::size_t budget() const { return budget_; }

  const std::vector<Moment>& moments() const { return moments_; }
  /// nullptr where that step is not kept.
  const Moment* find(std::uint64_t step) const;
  /// The kept moment nearest in time, of two as near the earlier one; nullptr while there is none.
  const Moment* nearest(std::uint64_t step) const;
  std::size_t bytes() const;
  /// How many moments were given up for room, of the past that is remembered; and whether that step was one of them.
  int thinned() const { return static_cast<int>(thinned_.size()); }
  bool was_thinned(std::uint64_t step) const { return thinned_.contains(step); }

  /// What an evolution found at a moment, kept for the next one: the winner of every unit of a layer. Forgotten together with the moment.
  using WinnerKey = std::pair<std::uint64_t, std::string>;  // step, and "layer/images"
  std::map<WinnerKey, std::vector<Winner>>& winners() { return winners_; }

 private:
  void forget(std::size_t index);
  void thin();

  std::size_t budget_;
  std::vector<Moment> moments_;
  std::map<WinnerKey, std::vector<Winner>> winners_;
  std::set<std::uint64_t> thinned_;  // steps
};

}  // namespace lenet::lab
