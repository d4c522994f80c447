#include "lab/run.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "data/batches.h"

namespace lenet::lab {
namespace {

[[noreturn]] void throw_behind(std::uint64_t step) {
  throw Error("What happens after step " + std::to_string(step) + " lies behind and cannot be planned otherwise now. Rewind first.");
}

}  // namespace

Run::Run(const data::Dataset& dataset, Recipe recipe, std::uint64_t seed)
    : dataset_(dataset),
      recipe_(patched(std::move(recipe), {})),
      seed_(seed),
      network_(network_of(recipe_, dataset.shape(), dataset.classes()), dataset.classes()),
      training_network_(network_.spec(), dataset.classes(), nn::Fusing::kOn),
      trainer_(training_network_),
      epoch_size_(data::epoch_size(dataset.train_count(), dataset.held_out())) {
  check(recipe_, network_);
  nn::initialize(training_network_, recipe_.initializer, seed_, trainer_.weights());
  initial_values_ = trainer_.weights().values;
  settle();
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
  const int needed = data::images_needed(static_cast<std::uint32_t>(state_.epoch), state_.position, now_.batch,
                                         dataset_.train_count(), dataset_.held_out());
  return dataset_.train_available() >= needed;
}

void Run::begin_step() {
  if (order_epoch_ != state_.epoch) {
    order_ = data::epoch_order(seed_, static_cast<std::uint32_t>(state_.epoch), dataset_.train_count(), dataset_.held_out());
    order_epoch_ = state_.epoch;
  }
  const int count = std::min(now_.batch, epoch_size_ - state_.position);
  images_.clear();
  labels_.clear();
  for (int i = 0; i < count; ++i) {
    const int index = static_cast<int>(order_[static_cast<std::size_t>(state_.position + i)]);
    images_.push_back(dataset_.train_image(index));
    labels_.push_back(static_cast<std::uint8_t>(dataset_.train_label(index)));
  }
  if (!recipe_.augmentation.none()) augment_images();
  trainer_.begin<std::uint8_t>(images_, labels_, now_.groups, nn::Draw{seed_, state_.step});
  next_shard_ = 0;
}

void Run::augment_images() {
  const std::size_t size = static_cast<std::size_t>(dataset_.shape().size());
  augmented_.resize(images_.size() * size);
  for (std::size_t i = 0; i < images_.size(); ++i) {
    const std::span<std::uint8_t> out = std::span(augmented_).subspan(i * size, size);
    const std::uint32_t index = order_[static_cast<std::size_t>(state_.position) + i];
    data::augment(images_[i], dataset_.shape(), recipe_.augmentation, seed_, static_cast<std::uint32_t>(state_.epoch), index, out);
    images_[i] = out;
  }
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
  const nn::SgdSettings sgd = this->sgd();
  workers.run(trainer_.part_count(), [&](int part, nn::Workspace<float>&) { trainer_.finish_part(part, sgd); });
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
  apply_planned();
}

const nn::StepResult& Run::train_step(Workers& workers) {
  while (!advance(workers)) {
  }
  return last_;
}

// --- settings -------------------------------------------------------------------------------------------------------------

nn::SgdSettings Run::sgd() const {
  nn::SgdSettings sgd = now_.sgd;
  sgd.rate *= nn::factor_at(recipe_.schedule, state_.step);
  return sgd;
}

std::vector<float> Run::last_update() const {
  if (last_.images == 0) return {};
  const double rate = sgd().rate;
  const std::span<const float> v = momentum();
  std::vector<float> update(v.size());
  for (const nn::ParameterView& view : network_.parameters()) {
    const nn::GroupSettings& group = now_.groups[static_cast<std::size_t>(view.group)];
    const float factor = group.frozen ? 0.0f : static_cast<float>(rate * group.multiplier);
    for (std::size_t i = view.offset; i < view.offset + view.size; ++i) update[i] = factor * v[i];
  }
  return update;
}

void Run::apply(const Change& change, bool clears_momentum) {
  if (!change.layer.empty()) {
    const int index = group_of(network_, change.layer);
    nn::GroupSettings& group = now_.groups[static_cast<std::size_t>(index)];
    if (clears_momentum && group.frozen && change.frozen == false) trainer_.clear_momentum(index);
    group.frozen = change.frozen.value_or(group.frozen);
    group.multiplier = change.multiplier.value_or(group.multiplier);
  }
  now_.sgd.rate = change.rate.value_or(now_.sgd.rate);
  now_.sgd.momentum = change.momentum.value_or(now_.sgd.momentum);
  now_.sgd.decay = change.decay.value_or(now_.sgd.decay);
  now_.batch = change.batch.value_or(now_.batch);
}

void Run::apply_planned() {
  for (; now_.planned < recipe_.changes.size() && recipe_.changes[now_.planned].step <= state_.step; ++now_.planned) {
    apply(recipe_.changes[now_.planned], true);
  }
}

/// Puts in force what recipe and history say for the present step.
void Run::settle() {
  now_ = {recipe_.sgd, recipe_.batch, std::vector<nn::GroupSettings>(static_cast<std::size_t>(network_.group_count())), 0};
  for (const std::string& layer : recipe_.frozen) now_.groups[static_cast<std::size_t>(group_of(network_, layer))].frozen = true;
  for (const auto& [layer, multiplier] : recipe_.multipliers) {
    now_.groups[static_cast<std::size_t>(group_of(network_, layer))].multiplier = multiplier;
  }
  // Whoever comes back to a state has its momentum with it, so only what happens at this very step may clear any.
  auto by_hand = history_.begin();
  const auto apply_history = [&](std::uint64_t before) {
    for (; by_hand != history_.end() && by_hand->step < before; ++by_hand) apply(*by_hand, by_hand->step == state_.step);
  };
  for (; now_.planned < recipe_.changes.size() && recipe_.changes[now_.planned].step <= state_.step; ++now_.planned) {
    const Change& planned = recipe_.changes[now_.planned];
    apply_history(planned.step);
    apply(planned, planned.step == state_.step);
  }
  apply_history(state_.step + 1);
}

void Run::change(Change change) {
  const Recipe recipe = changed(recipe_, change);
  Recipe only = recipe;
  only.changes = {change};
  check(only, network_);
  change.step = state_.step;
  apply(change, true);
  if (state_.step > 0) {
    history_.push_back(std::move(change));
  } else {
    recipe_ = recipe;
  }
}

void Run::plan(std::vector<Change> changes) {
  Recipe recipe = recipe_;
  recipe.changes = by_step(changes);
  check(recipe, network_);
  const auto is_in = [](const Change& change, const std::vector<Change>& list) {
    return std::find(list.begin(), list.end(), change) != list.end();
  };
  std::vector<Change> added_now;
  if (state_.step > 0) {
    for (const Change& change : recipe_.changes) {
      if (change.step <= state_.step && !is_in(change, recipe.changes)) throw_behind(change.step);
    }
    for (const Change& change : recipe.changes) {
      if (change.step > state_.step || is_in(change, recipe_.changes)) continue;
      if (change.step < state_.step) throw_behind(change.step);
      added_now.push_back(change);
    }
  }
  recipe_ = std::move(recipe);
  if (state_.step == 0) {
    settle();
    return;
  }
  for (const Change& change : added_now) apply(change, true);
  const auto has_happened = [&](const Change& change) { return change.step <= state_.step; };
  now_.planned = static_cast<std::size_t>(std::count_if(recipe_.changes.begin(), recipe_.changes.end(), has_happened));
}

Recipe Run::rewound_recipe() const {
  Recipe recipe = recipe_;
  for (const Change& change : history_) recipe = changed(std::move(recipe), change);
  return recipe;
}

Recipe Run::replayed_recipe() const {
  Recipe recipe = recipe_;
  recipe.changes.insert(recipe.changes.end(), history_.begin(), history_.end());
  recipe.changes = by_step(recipe.changes);
  return recipe;
}

void Run::fold_history() {
  recipe_ = rewound_recipe();
  history_.clear();
}

void Run::rewind() {
  fold_history();
  restore({initial_values_, std::vector<float>(network_.parameter_count()), 0, 0, 0, 0});
  last_ = {};
}

void Run::rewind_to_replay() {
  recipe_ = replayed_recipe();
  history_.clear();
  rewind();
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
  for (Change& change : history_) change.step = std::min(change.step, state.step);
  if (state.step == 0) fold_history();
  settle();
}

void Run::resume(const RunState& state, std::vector<Change> history, std::span<const float> initial) {
  const std::size_t size = initial_values_.size();
  if (state.values.size() != size || state.momentum.size() != size || (!initial.empty() && initial.size() != size)) {
    throw Error("These weights are of another network: they are " + std::to_string(state.values.size()) + " numbers, and this one has " +
                std::to_string(size) + " parameters.");
  }
  if (state.position < 0 || state.position >= epoch_size_) {
    throw Error("An epoch of this data set has " + std::to_string(epoch_size_) + " images, so no run on it stands at image " +
                std::to_string(state.position) + ".");
  }
  Recipe with_history = recipe_;
  with_history.changes.insert(with_history.changes.end(), history.begin(), history.end());
  with_history.changes = by_step(with_history.changes);
  check(with_history, network_);
  if (!initial.empty()) {
    initial_values_.assign(initial.begin(), initial.end());
    from_elsewhere_ = true;
  }
  history_ = std::move(history);
  restore(state);
}

void Run::start_from(std::span<const float> values) {
  initial_values_.assign(values.begin(), values.end());
  from_elsewhere_ = true;
  rewind();
}

}  // namespace lenet::lab
