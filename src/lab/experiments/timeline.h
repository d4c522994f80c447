// Weights of past steps, to look back at: which are kept, and how the layers settled.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lab/experiments/winners.h"
#include "nn/network.h"

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
  void clear();
  /// Forgets what lies after `step`.
  void cut_after(std::uint64_t step);
  void set_budget(std::size_t bytes);

  const std::vector<Moment>& moments() const { return moments_; }
  /// nullptr where that step is not kept.
  const Moment* find(std::uint64_t step) const;
  /// The kept moment nearest in time, of two as near the earlier one; nullptr while there is none.
  const Moment* nearest(std::uint64_t step) const;
  std::size_t bytes() const;
  /// Moments that were given up for room.
  int thinned() const { return thinned_; }

  /// What an evolution found at a moment, kept for the next one: the winner of every unit of a layer. Forgotten together with the moment.
  using WinnerKey = std::pair<std::uint64_t, std::string>;  // step, and "layer/images"
  std::map<WinnerKey, std::vector<Winner>>& winners() { return winners_; }

 private:
  void forget(std::size_t index);
  void thin();

  std::size_t budget_;
  std::vector<Moment> moments_;
  std::map<WinnerKey, std::vector<Winner>> winners_;
  int thinned_ = 0;
};

/// How far each layer still is from where it is now: ‖W_t − W_now‖ / ‖W_0 − W_now‖ over its weights and biases at every moment, 1 at
/// step 0 (the first kept moment, where that is another) and 0 now. A layer that did not move (frozen) has 0 throughout; weights that are not
/// finite have NaN.
struct Convergence {
  std::vector<std::uint64_t> steps;
  std::vector<std::string> layers;
  std::vector<double> remaining;  ///< [layer][moment]
};
/// `now` holds all parameters of step `step`, which ends every curve; moments from there on are left out. Throws std::logic_error for weights
/// of another network.
Convergence convergence(const Timeline& timeline, const nn::Network<float>& network, std::uint64_t step, std::span<const float> now);

}  // namespace lenet::lab
