// The nine strongest images of every unit of a layer, and what the unit sees in them (Zeiler & Fergus 2014, Fig. 2).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "lab/experiments/winners.h"

namespace lenet::lab {

inline constexpr int kTop = 9;
inline constexpr int kMostProbeImages = 5000;  ///< as many as are held out (data::kHeldOut), fewer where the set has fewer

struct TopRequest {
  std::string layer;
  int images = 1000;  ///< held-out images to search, 9 … 5,000; fewer where the set has fewer
  nn::BackwardRule rule = nn::BackwardRule::kDeconv;
  bool operator==(const TopRequest&) const = default;
};

struct TopResult {
  std::uint64_t step = 0;  ///< whose weights were searched with
  std::string layer;
  nn::BackwardRule rule = nn::BackwardRule::kDeconv;
  int images = 0;          ///< searched
  nn::Shape input;         ///< of the network
  Window window;           ///< height and width of what a unit sees; top and left are 0
  std::vector<std::vector<Winner>> winners;  ///< by unit, strongest first, at most nine, one per image; none for a unit that is 0 everywhere (WinnerSearch)
  std::vector<float> patches;                ///< [unit][nine][channel][height][width] of the windows; zeros where there is no winner
  std::vector<float> projections;            ///< likewise, signed
};

/// The strongest images of every unit of a layer, kept up to date while training goes on: goes through the first `count` held-out images, a
/// block at a time, with the weights as they are at each slice, and starts again when it is through. So the winners are at most one round
/// old.
class TopSearch {
 public:
  explicit TopSearch(int count) : count_(count) {}

  /// Forgets everything and searches for another layer's units. `layer` is the observed layer (nn::observed_layer()).
  void restart(std::size_t layer);
  /// Searches the next block. The network is the same one from one restart() to the next.
  void advance(const nn::Network<float>& network, const nn::Weights<float>& weights, const data::Dataset& dataset, std::uint64_t step,
               nn::Workspace<float>& workspace);

  /// The kTop strongest of the last complete round, or of the running first round so far. Valid until the next call that changes
  /// something.
  std::span<const Winner> best(int unit) const { return (complete_ ? found_ : running_).winners(unit); }
  /// Whether a whole round is done.
  bool complete() const { return complete_; }
  /// Of the newest weights that best() was searched with.
  std::uint64_t found_step() const { return found_step_; }
  /// True once a whole round was done with the weights of `step` only and all images that are here. Steps may come in any order.
  bool up_to_date(std::uint64_t step, const data::Dataset& dataset) const;

 private:
  int count_;
  std::size_t layer_ = 0;
  int next_ = 0;
  bool complete_ = false;
  int round_images_ = 0;               // of the last complete round
  std::uint64_t running_started_ = 0;  // step of the running round's first slice
  bool running_mixed_ = false;         // another slice of it had another step
  std::uint64_t round_started_ = 0;    // the same of the last complete round
  bool round_mixed_ = false;
  std::uint64_t found_step_ = 0;
  WinnerSearch found_, running_;
};

}  // namespace lenet::lab
