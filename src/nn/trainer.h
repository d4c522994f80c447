// One training step of a minibatch, cut into pieces that can run in any order, on any number of threads, with the same bits.
//
//   begin()          takes the minibatch
//   run_shard(s)     forward, loss and backward of shard s; different shards may run at the same time
//   finish_part(p)   sums part p of the gradients in a fixed order and updates those weights; different parts at the same time
//   end()            what the step did
//
// The minibatch is cut into blocks of eight images; block b belongs to shard b mod kShards. A conv layer's gradient is summed
// per shard, then over the shards in order. A dense layer's is summed over the whole minibatch in image order. Neither
// depends on who computed what, so neither does the result.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "nn/network.h"
#include "nn/optimizer.h"

namespace lenet::nn {

inline constexpr int kShards = 8;

/// What a step did.
struct StepResult {
  double loss = 0;     ///< mean over the minibatch, before the update, nats
  int correct = 0;     ///< images classified correctly, before the update
  int images = 0;
  bool finite = true;  ///< false: the loss, or a weight after the update, is infinite or NaN
};

template <class T>
class Trainer {
 public:
  /// The network must outlive the trainer. Weights start at zero: fill them with initialize() or from a file.
  explicit Trainer(const Network<T>& network);

  const Network<T>& network() const { return network_; }
  Weights<T>& weights() { return weights_; }
  const Weights<T>& weights() const { return weights_; }
  /// Mean gradient of the last minibatch, laid out as Weights::values; stays as it was for frozen layers.
  std::span<const T> gradient() const { return gradient_; }
  std::span<T> momentum() { return momentum_; }
  std::span<const T> momentum() const { return momentum_; }

  /// Sets the momentum of one layer (index among those with parameters) to zero, as a thaw does.
  void clear_momentum(int group);
  /// Zeroes all momentum.
  void clear_momentum();

  /// Takes a minibatch: `images[i]` is [channel][y][x] as bytes, or as the network sees it, and must stay where it is until every
  /// shard has run; `labels[i]` < classes. `draw` gives the seed and the step that dropout's random numbers are keyed by (its
  /// first_image is not read). Without it dropout passes everything on: loss and gradient of the network as it is measured.
  template <class U>
  void begin(std::span<const std::span<const U>> images, std::span<const std::uint8_t> labels,
             std::span<const GroupSettings> groups, const std::optional<Draw>& draw = {});

  /// Shards that have work in this step: 0 … shard_count()-1.
  int shard_count() const;
  void run_shard(int shard, Workspace<T>& workspace);

  /// Parts of the second half: a conv layer is one, a dense layer is cut into rows. Frozen layers have none.
  int part_count() const { return static_cast<int>(parts_.size()); }
  void finish_part(int part, const SgdSettings& settings);
  StepResult end();

  /// All parts and end(), on one thread.
  StepResult finish(const SgdSettings& settings);
  /// Only the gradients, without an update.
  StepResult reduce();

 private:
  struct DenseBatch {        // what a dense layer's weight gradient needs of the whole minibatch
    std::vector<T> inputs;     // keep_dense_inputs()
    std::vector<T> d_outputs;  // keep_dense_gradient()
  };

  struct Part {  // of a layer's parameters: output rows first … last - 1
    std::size_t layer;
    int first, last;
  };

  int block_count() const;
  void load_block(int block, T* to) const;
  void forward_block(int block, Workspace<T>& workspace) const;
  void sum_gradient(const Part& part);
  void update(const Part& part, const SgdSettings& settings);
  void run_block(int block, Workspace<T>& workspace, std::vector<T>& shard_gradient);
  void backward_block(int block, Workspace<T>& workspace, std::vector<T>& shard_gradient);
  bool trains(std::size_t layer) const;

  const Network<T>& network_;
  Weights<T> weights_;
  std::vector<T> gradient_;
  std::vector<T> momentum_;

  std::vector<int> group_of_layer_;         // -1 without parameters
  std::vector<std::size_t> weight_offset_;  // of a layer's weights in the arrays above
  std::vector<std::size_t> bias_offset_;
  std::vector<int> rows_;                   // of a layer's weights: its outputs; 0 without parameters
  std::size_t lowest_trainable_ = 0;

  std::vector<std::span<const std::uint8_t>> bytes_;  // the minibatch, one or the other
  std::vector<std::span<const T>> reals_;
  std::vector<std::uint8_t> labels_;
  std::optional<Draw> draw_;
  std::vector<double> losses_;
  std::vector<std::uint8_t> correct_;
  std::vector<GroupSettings> groups_;
  std::vector<std::vector<T>> shard_gradients_;  // conv layers' parts only are used
  std::vector<DenseBatch> dense_;                // by layer
  std::vector<Part> parts_;
  std::vector<std::uint8_t> part_finite_;
};

}  // namespace lenet::nn
