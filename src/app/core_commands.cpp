// What each command does. An overload may throw Error; it must leave the session as it was then.

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "app/core.h"
#include "app/measurement.h"
#include "base/error.h"
#include "lab/results_csv.h"
#include "lab/results_json.h"
#include "lab/trial.h"
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
  std::uint64_t from = wanted_ ? 0 : lead().run.step();  // steps while a run is awaited are that run's
  for (const Goal& goal : goals_) from = std::max(from, goal.step);  // steps asked for while others run come after them
  add_goal({.step = from + static_cast<std::uint64_t>(c.count)});
}

void Core::apply(const command::Epoch&, Reply&) {
  if (diverged_) throw Error("This run has diverged. Go back to the last good state, or rewind, before you train on.");
  playing_ = false;
  add_goal({.epoch = (wanted_ ? 0 : lead().run.epoch()) + 1});
}

void Core::apply(const command::Rewind&, Reply&) {
  playing_ = false;
  cancel_goals("Rewound before it was done.");
  for (const auto& arm : arms_) arm->run.rewind();
  show(shown_);
  forget_progress();
}

void Core::apply(const command::Replay&, Reply&) {
  const std::uint64_t step = lead().run.step();
  if (step == 0) throw Error("There is nothing to replay yet: the run stands at its beginning.");
  playing_ = false;
  cancel_goals("Replayed before it was done.");
  for (const auto& arm : arms_) arm->run.rewind_to_replay();
  show(shown_);
  forget_progress();
  add_goal({.step = step});
}

void Core::apply(const command::RestoreLastGood&, Reply&) {
  playing_ = false;
  cancel_goals("Went back before it was done.");
  for (const auto& arm : arms_) {
    arm->run.restore(arm->last_good);
    arm->evaluator.clear();
    arm->record.cut_after(arm->last_good.step);
    arm->diverged = false;
  }
  predictor_.reset();
  diverged_ = false;
}

Settings Core::changed_by(const std::vector<command::Reset>& resets) const {
  Settings settings = settings_;
  for (const command::Reset& c : resets) {
    set_if(c.dataset, settings.dataset);
    set_if(c.seed, settings.seed);
    settings.recipe = lab::patched(std::move(settings.recipe), c.recipe);
  }
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

void Core::change(const lab::Change& change) {
  run().change(change);
  settings_.recipe = lab::changed(std::move(settings_.recipe), change);
}

void Core::apply(const command::Set& c, Reply&) {
  Settings settings = settings_;
  set_if(c.steps_per_second, settings.steps_per_second);
  set_if(c.threads, settings.threads);
  check(settings);
  if (c.rate || c.momentum || c.decay || c.batch) {
    change({.rate = c.rate, .momentum = c.momentum, .decay = c.decay, .batch = c.batch});
    settings.recipe = settings_.recipe;
  }
  if (settings.threads != settings_.threads) {
    auto threads = std::make_unique<ThreadPool>(settings.threads);
    for (const auto& arm : arms_) arm->workers = lab::Workers(arm->run.training_network(), *threads);
    threads_ = std::move(threads);
  }
  settings_ = std::move(settings);
  next_step_at_ = Clock::now();
}

void Core::apply(const command::Freeze& c, Reply&) {
  run().network().find_layer(c.layer);
  change({.layer = c.layer, .frozen = c.on});
}

void Core::apply(const command::RateMultiplier& c, Reply&) { change({.layer = c.layer, .multiplier = c.multiplier}); }

void Core::apply(const command::Plan& c, Reply&) {
  run().plan(c.changes);
  settings_.recipe.changes = run().recipe().changes;
}

// --- comparisons ----------------------------------------------------------------------------------------------------------

void Core::apply(const command::Compare& c, Reply&) {
  if (wanted_) throw Error("The data set is still on its way. Compare once it is here.");
  if (c.arms.size() < 2 || c.arms.size() > kMostArms) {
    throw Error("A comparison has two to " + std::to_string(kMostArms) + " arms; these are " + std::to_string(c.arms.size()) + ".");
  }
  const lab::Recipe base = arm_recipes().front().recipe;
  std::vector<lab::Arm> recipes;
  for (const command::Compare::Arm& arm : c.arms) {
    const auto same = [&](const lab::Arm& other) { return other.name == arm.name; };
    if (arm.name.empty() || arm.name.size() > 60) throw Error("Each arm of a comparison needs a name of up to 60 letters.");
    if (std::any_of(recipes.begin(), recipes.end(), same)) throw Error("Two arms are called “" + arm.name + "”. Give each a name of its own.");
    recipes.push_back({arm.name, lab::patched(base, arm.recipe)});
  }
  Settings settings = settings_;
  settings.recipe = recipes.front().recipe;
  const std::size_t shown_before = std::exchange(shown_, 0);
  try {
    start_run(std::move(settings), std::move(recipes));
  } catch (...) {
    shown_ = shown_before;
    throw;
  }
  playing_ = false;
  cancel_goals("A comparison was begun before it was done.");
}

void Core::apply(const command::EndComparison&, Reply&) {
  if (arms_.size() == 1) throw Error("There is no comparison to end.");
  std::unique_ptr<Arm> kept = std::move(arms_[shown_]);
  kept->name = kOnlyArm;
  arms_.clear();
  arms_.push_back(std::move(kept));
  shown_ = 0;
  diverged_ = shown().diverged;
}

void Core::apply(const command::ShowArm& c, Reply&) {
  if (c.index < 0 || static_cast<std::size_t>(c.index) >= arms_.size()) {
    throw Error("There is no arm " + std::to_string(c.index) + "; they count from 0 to " + std::to_string(arms_.size() - 1) + ".");
  }
  show(static_cast<std::size_t>(c.index));
}

void Core::apply(const command::RepeatSeeds& c, Reply&) {
  const data::Dataset& dataset = run().dataset();
  if (!nn::kExact) {
    throw Error("This page runs the fast build, whose last bits are its own. Reload it with the exact build (?build=baseline) to repeat "
                "over seeds: only then does a seed give the same result everywhere.");
  }
  if (awaits_data() || dataset.train_available() < dataset.train_count() || dataset.test_available() < dataset.test_count()) {
    throw Error("The data set is still on its way. Repeat over seeds once it is here.");
  }
  seeds_.start(lab::make_question(dataset, arm_recipes(), c.epochs, c.steps), c.first, c.count);
  playing_ = false;
  cancel_goals("A repetition over seeds was begun before it was done.");
  seeds_id_ = std::exchange(pending_id_, 0);
  deferred_ = true;
  if (seeds_.next()) {
    begin_seed();
  } else {
    seeds_.stop();
    replies_.push_back({.id = std::exchange(seeds_id_, 0)});
  }
}

void Core::apply(const command::StopSeeds&, Reply&) {}  // handle() has done it

void Core::apply(const command::PoolResults& c, Reply&) {
  lab::Results results = lab::read_results({reinterpret_cast<const char*>(c.file.data()), c.file.size()}, c.name);
  for (lab::RunResult& result : results.runs) {
    if (result.contributor.empty()) result.contributor = c.name;
  }
  std::vector<lab::Results> all = pool_;
  all.push_back(std::move(results));
  pooled_ = std::make_shared<lab::Results>(lab::pool(all));
  pool_ = std::move(all);
}

void Core::apply(const command::ClearPool&, Reply&) {
  pool_.clear();
  pooled_.reset();
}

// --- looking --------------------------------------------------------------------------------------------------------------

void Core::apply(const command::SelectImage& c, Reply&) { viewer_.select_image(c.index); }

void Core::apply(const command::ShowPixels& c, Reply&) { viewer_.show_pixels(pixels_of(run(), c.pixels)); }

void Core::apply(const command::LockUnit& c, Reply&) { viewer_.lock(run(), c.layer, c.unit); }

void Core::apply(const command::SetRule& c, Reply&) { viewer_.set_rule(c.rule); }

void Core::apply(const command::Look& c, Reply&) { looking_ = c.on; }

void Core::apply(const command::Suspend& c, Reply&) { suspended_ = c.on; }

template <class Question>
  requires requires(const lab::Run& run, const Question& question, nn::Workspace<float>& workspace, Reply& reply) {
    answer(run, question, workspace, reply);
  }
void Core::apply(const Question& question, Reply& reply) {
  answer(run(), question, viewer_.workspace(), reply);
}
template void Core::apply(const command::GetActivations&, Reply&);
template void Core::apply(const command::Project&, Reply&);

void Core::apply(const command::Predict& c, Reply& reply) {
  if (!predictor_) {
    predictor_.emplace(run().network());
    predictor_->load(run().weights());
  }
  const std::vector<float> pixels = pixels_of(run(), c.image);
  std::vector<double> probabilities(static_cast<std::size_t>(run().network().classes()));
  nn::softmax<float>(predictor_->predict(std::span<const float>(pixels)), probabilities);
  reply.shape = {run().network().classes()};
  reply.values.assign(probabilities.begin(), probabilities.end());
}

void Core::apply(const command::Measure& c, Reply& reply) {
  stopwatch_.stop();  // time to measure is no time to train
  reply.bytes = bytes_of(measure(run(), c.what, c.batch, c.seconds, shown().workers));
}

// --- files ----------------------------------------------------------------------------------------------------------------

void Core::apply(const command::ExportWeights&, Reply& reply) {
  reply.bytes = nn::save_weights(run().network(), run().weights(),
                                 {{"dataset", run().dataset().name()},
                                  {"seed", std::to_string(settings_.seed)},
                                  {"initializer", std::string(nn::name_of(settings_.recipe.initializer))},
                                  {"batch", std::to_string(settings_.recipe.batch)},
                                  {"rate", std::to_string(settings_.recipe.sgd.rate)},
                                  {"momentum", std::to_string(settings_.recipe.sgd.momentum)},
                                  {"decay", std::to_string(settings_.recipe.sgd.decay)},
                                  {"step", std::to_string(run().step())},
                                  {"epoch", std::to_string(run().epoch())}});
}

void Core::apply(const command::ImportWeights& c, Reply&) {
  if (arms_.size() > 1) throw Error("Weights are loaded into a run of its own: end the comparison first.");
  nn::Weights<float> weights = run().network().make_weights();
  nn::load_weights(run().network(), c.file, "The file", weights);
  playing_ = false;
  cancel_goals("Weights were loaded before it was done.");
  run().start_from(weights);
  show(shown_);
  forget_progress();
}

void Core::apply(const command::GetWeights& c, Reply& reply) {
  if (c.arm < -1 || c.arm >= static_cast<int>(arms_.size())) throw Error("There is no arm " + std::to_string(c.arm) + ".");
  answer(c.arm < 0 ? run() : arms_[static_cast<std::size_t>(c.arm)]->run, c, viewer_.workspace(), reply);
}

void Core::apply(const command::ExportCurve&, Reply& reply) { reply.bytes = bytes_of(shown().record.csv()); }

void Core::apply(const command::ExportResults& c, Reply& reply) {
  const std::shared_ptr<const lab::Results>& results = c.pooled ? pooled_ : seeds_.results();
  if (!results || results->runs.empty()) {
    throw Error(c.pooled ? "No results file was taken yet." : "There are no results yet: repeat the comparison over seeds first.");
  }
  reply.bytes = bytes_of(c.csv ? lab::results_csv(*results) : lab::write_results(*results));
}

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
