#include "lab/run.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "data/batches.h"

namespace lenet::lab {
namespace {

nn::NetworkSpec checked(const data::Dataset& dataset, const RunSettings& settings) {
  const data::ImageShape image = dataset.shape();
  const nn::Shape& input = settings.network.input;
  if (nn::Shape{image.channels, image.height, image.width} != input) {
    throw Error("The network expects images of " + nn::to_string(input) + ", but those of “" + dataset.name() + "” are " +
                nn::to_string(nn::Shape{image.channels, image.height, image.width}) + ".");
  }
  if (settings.batch < 1) throw Error("The batch must hold at least one image.");
  return settings.network;
}

}  // namespace

Run::Run(const data::Dataset& dataset, RunSettings settings)
    : dataset_(dataset),
      settings_(std::move(settings)),
      network_(checked(dataset, settings_), dataset.classes()),
      training_network_(settings_.network, dataset.classes(), nn::Fusing::kOn),
      trainer_(training_network_),
      epoch_size_(data::epoch_size(dataset.train_count())) {
  settings_.groups.resize(static_cast<std::size_t>(network_.group_count()));
  nn::initialize(training_network_, settings_.initializer, settings_.seed, trainer_.weights());
  initial_values_ = trainer_.weights().values;
}

const nn::Weights<float>& Run::weights() const {
  if (viewed_is_old_) {
    viewed_.values = trainer_.weights().values;
    network_.pack(viewed_);
    viewed_is_old_ = false;
  }
  return viewed_;
}

bool Run::ready() const {
  const int needed =
      data::images_needed(static_cast<std::uint32_t>(state_.epoch), state_.position, settings_.batch, dataset_.train_count());
  return dataset_.train_available() >= needed;
}

void Run::begin_step() {
  if (order_epoch_ != state_.epoch) {
    order_ = data::epoch_order(settings_.seed, static_cast<std::uint32_t>(state_.epoch), dataset_.train_count());
    order_epoch_ = state_.epoch;
  }
  const int count = std::min(settings_.batch, epoch_size_ - state_.position);
  images_.clear();
  labels_.clear();
  for (int i = 0; i < count; ++i) {
    const int index = static_cast<int>(order_[static_cast<std::size_t>(state_.position + i)]);
    images_.push_back(dataset_.train_image(index));
    labels_.push_back(static_cast<std::uint8_t>(dataset_.train_label(index)));
  }
  trainer_.begin<std::uint8_t>(images_, labels_, settings_.groups, nn::Draw{settings_.seed, state_.step});
  next_shard_ = 0;
}

bool Run::advance(Workers& workers) {
  if (!in_step()) begin_step();
  if (workers.threads() == 1 && next_shard_ < trainer_.shard_count()) {
    trainer_.run_shard(next_shard_++, workers.workspace(0));
    return false;
  }
  const int first = next_shard_;
  workers.run(trainer_.shard_count() - first,
              [&](int piece, nn::Workspace<float>& workspace) { trainer_.run_shard(first + piece, workspace); });
  finish_step(workers);
  return true;
}

void Run::finish_step(Workers& workers) {
  workers.run(trainer_.part_count(), [&](int part, nn::Workspace<float>&) { trainer_.finish_part(part, settings_.sgd); });
  last_ = trainer_.end();
  viewed_is_old_ = true;
  next_shard_ = -1;
  ++state_.step;
  state_.images_seen += static_cast<std::uint64_t>(last_.images);
  state_.position += last_.images;
  if (state_.position >= epoch_size_) {
    state_.position = 0;
    ++state_.epoch;
  }
}

const nn::StepResult& Run::train_step(Workers& workers) {
  while (!advance(workers)) {
  }
  return last_;
}

void Run::set_sgd(const nn::SgdSettings& sgd) { settings_.sgd = sgd; }

void Run::set_batch(int batch) {
  if (batch < 1) throw Error("The batch must hold at least one image.");
  settings_.batch = batch;
}

void Run::set_frozen(int group, bool frozen) {
  nn::GroupSettings& settings = settings_.groups.at(static_cast<std::size_t>(group));
  if (settings.frozen && !frozen) trainer_.clear_momentum(group);
  settings.frozen = frozen;
}

void Run::set_multiplier(int group, double multiplier) {
  settings_.groups.at(static_cast<std::size_t>(group)).multiplier = multiplier;
}

void Run::rewind() {
  restore({initial_values_, std::vector<float>(network_.parameter_count()), 0, 0, 0, 0});
  last_ = {};
}

RunState Run::save() const {
  const std::span<const float> momentum = trainer_.momentum();
  return {training_weights().values, std::vector<float>(momentum.begin(), momentum.end()), state_.step, state_.images_seen,
          state_.epoch, state_.position};
}

void Run::restore(const RunState& state) {
  trainer_.weights().values = state.values;
  training_network_.pack(trainer_.weights());
  viewed_is_old_ = true;
  std::copy(state.momentum.begin(), state.momentum.end(), trainer_.momentum().begin());
  state_ = {state.step, state.images_seen, state.epoch, state.position};
  next_shard_ = -1;
}

void Run::start_from(const nn::Weights<float>& weights) {
  initial_values_ = weights.values;
  rewind();
}

}  // namespace lenet::lab
