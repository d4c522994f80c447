// The strongest image for one unit among the first held-out images, searched in slices.
#pragma once

#include <cstdint>
#include <optional>

#include "data/dataset.h"
#include "nn/projection.h"

namespace lenet::lab {

/// The image in which a unit answers most strongly, and where.
struct StrongestImage {
  int index = -1;  ///< into the training file
  nn::Peak peak;
  std::uint64_t step = 0;  ///< whose weights were searched with
};

/// Goes through the first `count` held-out images, a block of eight at a time, with the weights as they are at each slice, and
/// starts again when it is through: while training goes on, the winner is at most one round old. Ties go to the first image.
class StrongestSearch {
 public:
  explicit StrongestSearch(int count) : count_(count) {}

  /// Forgets everything and searches for another unit. `layer` is the observed layer (nn::observed_layer()).
  void restart(std::size_t layer, int unit);
  /// Searches the next block.
  void advance(const nn::Network<float>& network, const nn::Weights<float>& weights, const data::Dataset& dataset, std::uint64_t step,
               nn::Workspace<float>& workspace);
  /// The last complete round's winner, or the running first round's best so far.
  const StrongestImage& best() const { return complete_ ? winner_ : candidate_; }
  /// True once a whole round was done with the weights of `step`.
  bool up_to_date(std::uint64_t step) const { return complete_ && round_started_ == step; }

 private:
  int count_;
  std::size_t layer_ = 0;
  int unit_ = 0;
  int next_ = 0;
  bool complete_ = false;
  std::uint64_t running_started_ = 0;  // step of the running round's first slice
  std::uint64_t round_started_ = 0;    // … of the last complete round's
  StrongestImage winner_, candidate_;
};

}  // namespace lenet::lab
