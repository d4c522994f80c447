// One training run: a network on a data set, step by step. The page, the program and the tests all train with this class.
//
// The weights after n steps are a function of the settings, the seed, the data and the changes with their step numbers; not of
// the thread count, of how the work was sliced, or of how fast the data arrived.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "data/dataset.h"
#include "lab/workers.h"
#include "nn/initializer.h"
#include "nn/trainer.h"

namespace lenet::lab {

struct RunSettings {
  nn::NetworkSpec network;
  nn::Initializer initializer = nn::Initializer::kHe;
  std::uint64_t seed = 1;
  int batch = 64;                         ///< images in a minibatch; the last one of an epoch may be smaller
  nn::SgdSettings sgd;
  std::vector<nn::GroupSettings> groups;  ///< per layer with parameters; filled up with defaults when shorter
};

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
  /// when the network does not fit the images or the settings are impossible.
  Run(const data::Dataset& dataset, RunSettings settings);
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
  std::span<const float> initial_values() const { return initial_values_; }
  const RunSettings& settings() const { return settings_; }

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

  /// Live changes: they count from the next step on.
  void set_sgd(const nn::SgdSettings& sgd);
  void set_batch(int batch);
  /// Freezing keeps a layer as it is: no step, no decay, no momentum. A thaw starts with cleared momentum.
  void set_frozen(int group, bool frozen);
  void set_multiplier(int group, double multiplier);

  /// Back to step 0 with the initial weights; settings stay.
  void rewind();
  RunState save() const;
  void restore(const RunState& state);
  /// Takes over weights from elsewhere, as new initial weights at step 0.
  void start_from(const nn::Weights<float>& weights);

 private:
  void begin_step();
  void finish_step(Workers& workers);

  const data::Dataset& dataset_;
  RunSettings settings_;
  nn::Network<float> network_;
  nn::Network<float> training_network_;
  nn::Trainer<float> trainer_;
  mutable nn::Weights<float> viewed_;  // a copy of the trainer's weights, packed for network_
  mutable bool viewed_is_old_ = true;
  std::vector<float> initial_values_;
  int epoch_size_ = 0;

  struct {
    std::uint64_t step = 0, images_seen = 0;
    int epoch = 0, position = 0;
  } state_;
  nn::StepResult last_;
  int next_shard_ = -1;  // -1 between steps

  std::vector<std::uint32_t> order_;  // of epoch order_epoch_
  int order_epoch_ = -1;
  std::vector<std::span<const std::uint8_t>> images_;  // of the running step
  std::vector<std::uint8_t> labels_;
};

}  // namespace lenet::lab
