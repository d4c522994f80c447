// What each command does. An overload may throw Error; it must leave the session as it was then.

#include <cmath>
#include <cstring>
#include <utility>

#include "app/core.h"
#include "app/measurement.h"
#include "base/error.h"
#include "nn/checkpoint.h"
#include "nn/loss.h"

namespace lenet::app {
namespace {

template <class T, class U>
void set_if(const std::optional<U>& value, T& target) {
  if (value) target = *value;
}

std::vector<std::byte> bytes_of(const std::string& text) {
  std::vector<std::byte> bytes(text.size());
  if (!text.empty()) std::memcpy(bytes.data(), text.data(), text.size());
  return bytes;
}

}  // namespace

int Core::group_of(const std::string& layer) const {
  const nn::Network<float>& network = run_->network();
  network.find_layer(layer);
  for (const nn::ParameterView& view : network.parameters()) {
    if (view.layer == layer) return view.group;
  }
  throw Error("Layer “" + layer + "” has no weights, so there is nothing to freeze or to scale.");
}

// --- running --------------------------------------------------------------------------------------------------------------

void Core::apply(const command::Play&, Reply&) {
  if (diverged_) throw Error("This run has diverged. Go back to the last good state, or rewind, before you play on.");
  playing_ = true;
  next_step_at_ = Clock::now();
}

void Core::apply(const command::Pause&, Reply&) {
  playing_ = false;
  cancel_goals("Paused before it was done.");
}

void Core::apply(const command::Step& c, Reply&) {
  if (diverged_) throw Error("This run has diverged. Go back to the last good state, or rewind, before you step on.");
  if (c.count < 1 || c.count > 100'000'000) throw Error("The number of steps must lie between 1 and 100,000,000.");
  playing_ = false;
  std::uint64_t from = wanted_ ? 0 : run_->step();  // steps while a run is awaited are that run's
  for (const Goal& goal : goals_) from = std::max(from, goal.step);  // steps asked for while others run come after them
  add_goal({.step = from + static_cast<std::uint64_t>(c.count)});
}

void Core::apply(const command::Epoch&, Reply&) {
  if (diverged_) throw Error("This run has diverged. Go back to the last good state, or rewind, before you train on.");
  playing_ = false;
  add_goal({.epoch = (wanted_ ? 0 : run_->epoch()) + 1});
}

void Core::apply(const command::Rewind&, Reply&) {
  playing_ = false;
  cancel_goals("Rewound before it was done.");
  run_->rewind();
  viewer_.attach(*run_);
  forget_progress();
}

void Core::apply(const command::RestoreLastGood&, Reply&) {
  if (!last_good_) throw Error("There is no earlier state to go back to.");
  playing_ = false;
  cancel_goals("Went back before it was done.");
  run_->restore(*last_good_);
  predictor_.reset();
  evaluator_.clear();
  record_.cut_after(last_good_->step);
  diverged_ = false;
}

Settings Core::changed_by(const std::vector<command::Reset>& resets) const {
  Settings settings = settings_;
  for (const command::Reset& c : resets) {
    set_if(c.dataset, settings.dataset);
    if (c.preset) {
      settings.preset = *c.preset;
      settings.network.clear();
    }
    if (c.network && !c.network->empty()) settings.network = *c.network;
    set_if(c.seed, settings.seed);
    set_if(c.batch, settings.batch);
    set_if(c.rate, settings.sgd.rate);
    set_if(c.momentum, settings.sgd.momentum);
    set_if(c.decay, settings.sgd.decay);
    if (c.initializer) settings.initializer = nn::initializer_named(*c.initializer);
  }
  if (settings.preset != settings_.preset || settings.network != settings_.network) settings.groups.clear();
  return settings;
}

void Core::apply(const command::Reset& c, Reply&) {
  Wanted wanted = wanted_ ? *wanted_ : Wanted{};
  wanted.resets.push_back(c);
  Settings settings = changed_by(wanted.resets);
  const bool waits = settings.dataset != settings_.dataset && data_.find(settings.dataset) == nullptr;
  if (waits) {
    check(settings);
    data_.check(settings.dataset);
  } else {
    start_run(settings);
  }
  if (!waits || wanted.set != settings.dataset) {
    end_wanted("Another data set was chosen before " + title_of(wanted.set) + " was here.");
    wanted.ids.clear();
  }
  if (waits) {
    wanted.set = settings.dataset;
    if (pending_id_ != 0) wanted.ids.push_back(pending_id_);
    deferred_ = true;
    wanted_ = std::move(wanted);
  }
  playing_ = false;
  cancel_goals("The run was reset before it was done.");
  notice_.clear();
}

void Core::apply(const command::Set& c, Reply&) {
  Settings settings = settings_;
  set_if(c.rate, settings.sgd.rate);
  set_if(c.momentum, settings.sgd.momentum);
  set_if(c.decay, settings.sgd.decay);
  set_if(c.batch, settings.batch);
  set_if(c.steps_per_second, settings.steps_per_second);
  set_if(c.threads, settings.threads);
  check(settings);
  if (settings.threads != settings_.threads) {
    workers_.reset();
    pool_ = std::make_unique<ThreadPool>(settings.threads);
    workers_.emplace(run_->training_network(), *pool_);
  }
  settings_ = std::move(settings);
  run_->set_sgd(settings_.sgd);
  run_->set_batch(settings_.batch);
  next_step_at_ = Clock::now();
}

void Core::apply(const command::Freeze& c, Reply&) {
  run_->set_frozen(group_of(c.layer), c.on);
  settings_.groups = run_->settings().groups;
}

void Core::apply(const command::RateMultiplier& c, Reply&) {
  const int group = group_of(c.layer);
  Settings settings = settings_;
  settings.groups[static_cast<std::size_t>(group)].multiplier = c.multiplier;
  check(settings);
  settings_ = std::move(settings);
  run_->set_multiplier(group, c.multiplier);
}

// --- looking --------------------------------------------------------------------------------------------------------------

void Core::apply(const command::SelectImage& c, Reply&) { viewer_.select_image(c.index); }

void Core::apply(const command::ShowPixels& c, Reply&) { viewer_.show_pixels(pixels_of(*run_, c.pixels)); }

void Core::apply(const command::LockUnit& c, Reply&) { viewer_.lock(*run_, c.layer, c.unit); }

void Core::apply(const command::SetRule& c, Reply&) { viewer_.set_rule(c.rule); }

void Core::apply(const command::Look& c, Reply&) { looking_ = c.on; }

void Core::apply(const command::Suspend& c, Reply&) { suspended_ = c.on; }

template <class Question>
  requires requires(const lab::Run& run, const Question& question, nn::Workspace<float>& workspace, Reply& reply) {
    answer(run, question, workspace, reply);
  }
void Core::apply(const Question& question, Reply& reply) {
  answer(*run_, question, viewer_.workspace(), reply);
}
template void Core::apply(const command::GetWeights&, Reply&);
template void Core::apply(const command::GetActivations&, Reply&);
template void Core::apply(const command::Project&, Reply&);

void Core::apply(const command::Predict& c, Reply& reply) {
  if (!predictor_) {
    predictor_.emplace(run_->network());
    predictor_->load(run_->weights());
  }
  const std::vector<float> pixels = pixels_of(*run_, c.image);
  std::vector<double> probabilities(static_cast<std::size_t>(run_->network().classes()));
  nn::softmax<float>(predictor_->predict(std::span<const float>(pixels)), probabilities);
  reply.shape = {run_->network().classes()};
  reply.values.assign(probabilities.begin(), probabilities.end());
}

void Core::apply(const command::Measure& c, Reply& reply) {
  stopwatch_.stop();  // time to measure is no time to train
  reply.bytes = bytes_of(measure(*run_, c.what, c.batch, c.seconds, *workers_));
}

// --- files ----------------------------------------------------------------------------------------------------------------

void Core::apply(const command::ExportWeights&, Reply& reply) {
  reply.bytes = nn::save_weights(run_->network(), run_->weights(),
                                 {{"dataset", run_->dataset().name()},
                                  {"seed", std::to_string(settings_.seed)},
                                  {"initializer", std::string(nn::name_of(settings_.initializer))},
                                  {"batch", std::to_string(settings_.batch)},
                                  {"rate", std::to_string(settings_.sgd.rate)},
                                  {"momentum", std::to_string(settings_.sgd.momentum)},
                                  {"decay", std::to_string(settings_.sgd.decay)},
                                  {"step", std::to_string(run_->step())},
                                  {"epoch", std::to_string(run_->epoch())}});
}

void Core::apply(const command::ImportWeights& c, Reply&) {
  nn::Weights<float> weights = run_->network().make_weights();
  nn::load_weights(run_->network(), c.file, "The file", weights);
  playing_ = false;
  cancel_goals("Weights were loaded before it was done.");
  run_->start_from(weights);
  viewer_.attach(*run_);
  forget_progress();
}

void Core::apply(const command::ExportCurve&, Reply& reply) { reply.bytes = bytes_of(record_.csv()); }

template <class Action>
void Core::receive(const std::string& set, Action&& action) {
  try {
    action();
  } catch (const Error&) {
    const bool wanted = wanted_ && wanted_->set == set;
    data_trouble(set);
    if (wanted) throw Error(error_);  // says what becomes of the run, too
    throw;
  }
  adopt_data();
}

void Core::apply(const command::DataExpect& c, Reply&) {
  receive(c.set, [&] { data_.expect(c.set, c.train_images, c.test_images); });
}

void Core::apply(const command::DataChunk& c, Reply&) {
  receive(c.set, [&] { data_.push(c.set, c.part, c.bytes); });
}

void Core::apply(const command::DataEnd& c, Reply&) {
  receive(c.set, [&] { c.part ? data_.finish(c.set, *c.part) : data_.finish(c.set); });
}

void Core::apply(const command::DataFailed& c, Reply&) {
  data_.fail(c.set, c.reason);
  data_trouble(c.set);
}

}  // namespace lenet::app
