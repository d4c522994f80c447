// One training run: a network on a data set, step by step. The page, the program and the tests all train with this class.
//
// The weights after n steps are a function of the settings, the seed, the data and the changes with their step numbers; not of
// the thread count, of how the work was sliced, or of how fast the data arrived.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "data/dataset.h"
#include "lab/recipe.h"
#include "lab/workers.h"
#include "nn/trainer.h"

namespace lenet::lab {

/// A state to come back to: what changes from step to step.
struct RunState {
  std::vector<float> values;
  std::vector<float> momentum;
  std::uint64_t step = 0;
  std::uint64_t images_seen = 0;
  int epoch = 0;
  int position = 0;
};

class Run {
 public:
  /// `dataset` must outlive the run; its images may still be arriving, but its shape and number must be known. Throws Error
  /// when the network does not fit the images or the recipe is impossible.
  Run(const data::Dataset& dataset, Recipe recipe, std::uint64_t seed);
  Run(const Run&) = delete;  // the trainer refers to the network
  Run& operator=(const Run&) = delete;

  const data::Dataset& dataset() const { return dataset_; }
  /// The network to look into, layer by layer, with the present weights packed for it.
  const nn::Network<float>& network() const { return network_; }
  const nn::Weights<float>& weights() const;
  /// The same network as it trains, with fused layers (nn::Fusing): for measuring accuracy.
  const nn::Network<float>& training_network() const { return training_network_; }
  const nn::Weights<float>& training_weights() const { return trainer_.weights(); }
  std::span<const float> gradient() const { return trainer_.gradient(); }
  std::span<const float> momentum() const { return trainer_.momentum(); }
  /// η r v of every parameter, which the last step took from it, with the rates in force now; 0 for frozen layers, empty before the first step.
  std::vector<float> last_update() const;
  std::span<const float> initial_values() const { return initial_values_; }

  /// What the run began with.
  const Recipe& recipe() const { return recipe_; }
  /// What a rewind starts with: the same, and the changes made by hand since.
  Recipe rewound_recipe() const;
  /// What a run begins with that comes to the same weights without a hand: the recipe, with the changes made by hand planned at their steps.
  Recipe replayed_recipe() const;
  std::uint64_t seed() const { return seed_; }
  /// Changes made by hand after step 0, by step.
  const std::vector<Change>& history() const { return history_; }
  /// What is in force for the next step, changes included; sgd() with the rate's schedule, base_sgd() without.
  nn::SgdSettings sgd() const;
  const nn::SgdSettings& base_sgd() const { return now_.sgd; }
  int batch() const { return now_.batch; }
  const std::vector<nn::GroupSettings>& groups() const { return now_.groups; }

  std::uint64_t step() const { return state_.step; }
  std::uint64_t images_seen() const { return state_.images_seen; }
  /// Epochs completed, and images of the running one that were trained on.
  int epoch() const { return state_.epoch; }
  int position() const { return state_.position; }
  int epoch_size() const { return epoch_size_; }
  /// The last step's result; images is 0 before the first.
  const nn::StepResult& last() const { return last_; }

  /// Whether the images of the next step have arrived.
  bool ready() const;

  /// Does a piece of a step and returns true when it completed the step. With one thread a piece is a shard or the update, so that a
  /// page can draw in between; with more it is the whole step. Call only when ready() or in_step(). The workers are for the
  /// training network. The result does not depend on how many there are.
  bool advance(Workers& workers);
  bool in_step() const { return next_shard_ >= 0; }
  /// A whole step.
  const nn::StepResult& train_step(Workers& workers);

  /// A change by hand: it counts from the next step on, whatever step it names, and is recorded. Freezing keeps a layer as it is: no
  /// step, no decay, no momentum; a thaw starts with cleared momentum. Throws Error for an unknown layer or an impossible value.
  void change(Change change);

  /// Plans these changes instead of those planned before. Throws Error when that would alter what has happened: a change at a step that
  /// lies behind can neither come nor go, one at the present step only come.
  void plan(std::vector<Change> changes);

  /// Back to step 0 with the initial weights. Changes made by hand stay and count from the start; planned ones happen again.
  void rewind();
  /// Back to step 0 as it began: the changes made by hand become planned ones, so that the same steps give the same weights again.
  void rewind_to_replay();
  RunState save() const;
  /// Changes made by hand stay in force.
  void restore(const RunState& state);
  /// Goes on where a run of the same recipe, seed and data set stood, with the changes that were made by hand there; `initial` is what it began with where
  /// that came from elsewhere, else empty. Throws Error, and stays as it was, where that does not fit this run.
  void resume(const RunState& state, std::vector<Change> history, std::span<const float> initial);
  /// Takes over weights from elsewhere, as new initial weights at step 0.
  void start_from(std::span<const float> values);
  /// Whether it did.
  bool starts_from_elsewhere() const { return from_elsewhere_; }

 private:
  void apply(const Change& change, bool clears_momentum);
  void apply_planned();
  void settle();
  void fold_history();
  void begin_step();
  void augment_images();
  void finish_step(Workers& workers);

  const data::Dataset& dataset_;
  Recipe recipe_;
  std::uint64_t seed_;
  std::vector<Change> history_;
  nn::Network<float> network_;
  nn::Network<float> training_network_;
  nn::Trainer<float> trainer_;
  mutable nn::Weights<float> viewed_;  // a copy of the trainer's weights, packed for network_
  mutable bool viewed_is_old_ = true;
  std::vector<float> initial_values_;
  bool from_elsewhere_ = false;
  int epoch_size_ = 0;

  struct {
    nn::SgdSettings sgd;
    int batch = 1;
    std::vector<nn::GroupSettings> groups;
    std::size_t planned = 0;  // changes of the recipe that have happened
  } now_;
  struct {
    std::uint64_t step = 0, images_seen = 0;
    int epoch = 0, position = 0;
  } state_;
  nn::StepResult last_;
  int next_shard_ = -1;  // -1 between steps

  std::vector<std::uint32_t> order_;  // of epoch order_epoch_
  int order_epoch_ = -1;
  std::vector<std::span<const std::uint8_t>> images_;  // of the running step
  std::vector<std::uint8_t> augmented_;                // their pixels, where they are not the data set's own
  std::vector<std::uint8_t> labels_;
};

}  // namespace lenet::lab
