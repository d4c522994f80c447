// Comparisons: twins that train in turn, their repetition over seeds, and the pool of results from elsewhere.
#include <algorithm>
#include <exception>
#include <utility>

#include "app/core.h"
#include "base/error.h"
#include "lab/results_csv.h"
#include "lab/results_json.h"
#include "lab/trial.h"

namespace lenet::app {

void Core::apply(const command::Compare& c, Reply&) {
  if (wanted_) throw Error("The data set is still on its way. Compare once it is here.");
  if (c.arms.size() < 2 || c.arms.size() > kMostArms) {
    throw Error("A comparison has two to " + std::to_string(kMostArms) + " arms; these are " + std::to_string(c.arms.size()) + ".");
  }
  const lab::Run& before = arms_.front()->run;
  const lab::Recipe base = before.rewound_recipe();
  std::vector<lab::Arm> recipes;
  for (const lab::ArmPatch& arm : c.arms) {
    const auto same = [&](const lab::Arm& other) { return other.name == arm.name; };
    if (arm.name.empty() || arm.name.size() > 60) throw Error("Each arm of a comparison needs a name of up to 60 letters.");
    if (std::any_of(recipes.begin(), recipes.end(), same)) throw Error("Two arms are called “" + arm.name + "”. Give each a name of its own.");
    recipes.push_back({arm.name, lab::patched(base, arm.recipe)});
  }
  Settings settings = settings_;
  settings.recipe = recipes.front().recipe;
  start_run(std::move(settings), std::move(recipes), loaded(before));
  show(0);
  playing_ = false;
  cancel_goals("A comparison was begun before it was done.");
}

void Core::apply(const command::EndComparison&, Reply&) {
  if (arms_.size() == 1) throw Error("There is no comparison to end.");
  std::unique_ptr<Arm> kept = std::move(arms_[shown_]);
  kept->name = kOnlyArm;
  kept->timeline.set_budget(lab::Timeline::kBudget);
  arms_.clear();
  arms_.push_back(std::move(kept));
  shown_ = 0;
  if (shown().diverged) stop_diverged();
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
  lab::Question question = lab::make_question(dataset, arm_recipes(), c.epochs, c.steps);
  for (const lab::Arm& arm : question.arms) {
    if (lab::steps_of(question, arm) != lab::steps_of(question, question.arms.front())) {
      throw Error("An epoch has different numbers of steps in these arms, as their batches differ. Say the length in steps.");
    }
  }
  Seeds seeds = seeds_;
  seeds.start(std::move(question), c.first, c.count);
  if (seeds.next()) start_seed(seeds);
  stop_seeds("Another repetition was begun");
  seeds_ = std::move(seeds);
  playing_ = false;
  cancel_goals("A repetition over seeds was begun before it was done.");
  seeds_id_ = pending_id_;
  deferred_ = true;
  if (!seeds_.next()) finish_seeds();
}

void Core::apply(const command::StopSeeds&, Reply&) { stop_seeds("Stopped"); }

void Core::apply(const command::PoolResults& c, Reply&) {
  lab::Results results = lab::read_results({reinterpret_cast<const char*>(c.file.data()), c.file.size()}, c.name);
  for (lab::RunResult& result : results.runs) {
    if (result.contributor.empty()) result.contributor = c.name;
  }
  std::vector<lab::Results> all = pool_;
  all.push_back(std::move(results));
  pooled_ = make_results_view(lab::in_place(c.name, [&] { return lab::pool(all); }));
  pool_ = std::move(all);
}

void Core::apply(const command::ClearPool&, Reply&) {
  pool_.clear();
  pooled_.reset();
}

void Core::apply(const command::ExportResults& c, Reply& reply) {
  const std::shared_ptr<const ResultsView>& view = c.pooled ? pooled_ : seeds_.results();
  if (!view || view->results.runs.empty()) {
    throw Error(c.pooled ? "No results file was taken yet." : "There are no results yet: repeat the comparison over seeds first.");
  }
  reply.set_bytes(c.csv ? lab::results_csv(view->results) : lab::write_results(view->results));
}

/// Makes the arms of the next seed, at step 0. Throws Error.
void Core::start_seed(const Seeds& seeds) {
  Settings settings = settings_;
  settings.seed = *seeds.next();
  start_run(std::move(settings), seeds.question().arms);
  error_.clear();
}

/// Whether every arm stands at the question's end.
bool Core::seed_is_trained() const {
  const lab::Question& question = seeds_.question();
  return diverged_ || (question.epochs > 0 ? lead().run.epoch() >= question.epochs : lead().run.step() >= question.steps);
}

/// Takes the results of the arms, which are trained and measured, and begins the next seed.
void Core::collect_seed() {
  dirty_ = true;
  seeds_.add(arms_, settings_.seed);
  if (!seeds_.next()) {
    finish_seeds();
    return;
  }
  try {
    start_seed(seeds_);
  } catch (const std::exception& problem) {
    error_ = problem.what();
    stop_seeds(error_ + " It stopped");
  }
  update_stopwatch();
}

void Core::finish_seeds() {
  seeds_.stop();
  if (seeds_id_ != 0) replies_.push_back({.id = std::exchange(seeds_id_, 0)});
}

void Core::stop_seeds(const std::string& why) {
  if (!seeds_.running()) return;
  seeds_.stop();
  if (seeds_id_ == 0) return;
  Reply reply;
  reply.id = std::exchange(seeds_id_, 0);
  reply.error = why + " after " + std::to_string(seeds_.done()) + " of " + std::to_string(seeds_.wanted()) + " seeds. What is done is kept.";
  replies_.push_back(std::move(reply));
}

// --- snapshots -------------------------------------------------------------------------------------------------------------

void Core::fill_arms(Snapshot& snapshot) const {
  snapshot.shown_arm = static_cast<int>(shown_);
  snapshot.arms.resize(arms_.size());
  for (std::size_t i = 0; i < arms_.size(); ++i) {
    const Arm& arm = *arms_[i];
    ArmView& view = snapshot.arms[i];
    view = {};
    view.name = arm.name;
    view.recipe = arm.run.rewound_recipe();
    view.replay = arm.run.replayed_recipe();
    view.step = arm.run.step();
    view.diverged = arm.diverged;
    view.step_seconds = arm.timer.mean();
    view.loss = arm.record.loss().points();
    view.accuracy = arm.record.accuracy();
    const std::vector<float>& values = arm.run.training_weights().values;
    for (const nn::ParameterView& parameter : arm.run.network().parameters()) {
      const bool frozen = arm.run.groups()[static_cast<std::size_t>(parameter.group)].frozen;
      view.parameters += parameter.size;
      if (!frozen) view.trainable += parameter.size;
      if (parameter.is_bias) continue;
      if (frozen) view.frozen.push_back(parameter.layer);
      if (!view.filters.empty() || parameter.shape.size() != 4) continue;
      const std::span<const float> filters = parameter.of(std::span<const float>(values));
      view.filter_layer = parameter.layer;
      view.filter_shape = parameter.shape;
      view.filters.assign(filters.begin(), filters.end());
    }
  }
}

void Core::fill_seeds(Snapshot& snapshot) const {
  const lab::Question& question = seeds_.question();
  const double length = question.epochs > 0 ? question.epochs : static_cast<double>(question.steps);
  const lab::Run& run = lead().run;
  const double here = question.epochs > 0 ? run.epoch() + static_cast<double>(run.position()) / run.epoch_size()
                                          : static_cast<double>(run.step());
  snapshot.seeds.running = seeds_.running();
  snapshot.seeds.wanted = seeds_.wanted();
  snapshot.seeds.done = seeds_.done();
  snapshot.seeds.fraction = seeds_.running() && length > 0 ? std::min(1.0, here / length) : 0;
  snapshot.seeds.results = seeds_.results();
  snapshot.seeds.pooled = pooled_;
  snapshot.seeds.pooled_files = static_cast<int>(pool_.size());
}

}  // namespace lenet::app
