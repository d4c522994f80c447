#include "app/core.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <new>
#include <type_traits>
#include <utility>

#include "base/error.h"

namespace lenet::app {
namespace {

constexpr std::uint64_t kKeepEvery = 50;    // steps between good states to come back to
constexpr double kLabShare = 0.06;          // of the time while it trains, for open experiments …
constexpr double kAskedShare = 0.5;         // … and for one that a script waits for
constexpr const char* kRunChanged = "The run was changed before it was done.";
constexpr double kLargestGoodLoss = 20;     // a finite but exploded run is nothing to come back to

template <class C>
constexpr bool is_data = std::is_same_v<C, command::DataExpect> || std::is_same_v<C, command::DataChunk> || std::is_same_v<C, command::DataEnd> ||
                         std::is_same_v<C, command::DataFailed>;

template <class C>
constexpr bool is_question = std::is_same_v<C, command::GetWeights> || std::is_same_v<C, command::GetActivations> ||
                             std::is_same_v<C, command::Project> || std::is_same_v<C, command::Predict> || std::is_same_v<C, command::PredictAll> ||
                             std::is_same_v<C, command::Ask> || std::is_same_v<C, command::StopAsked> || std::is_same_v<C, command::ExportView> ||
                             std::is_same_v<C, command::GetView> || std::is_same_v<C, command::Measure> || std::is_same_v<C, command::ExportWeights> ||
                             std::is_same_v<C, command::ExportSession> || std::is_same_v<C, command::ExportCurve> || std::is_same_v<C, command::ExportResults>;

/// Looking and pooling leave the runs alone; everything else ends a repetition over seeds.
template <class C>
constexpr bool is_look =
    is_data<C> || is_question<C> || std::is_same_v<C, command::SelectImage> || std::is_same_v<C, command::NextImage> || std::is_same_v<C, command::ShowPixels> || std::is_same_v<C, command::ShowDrawing> ||
    std::is_same_v<C, command::LockUnit> || std::is_same_v<C, command::SetRule> || std::is_same_v<C, command::OpenViews> || std::is_same_v<C, command::ShowMoment> ||
    std::is_same_v<C, command::SetProbe> || std::is_same_v<C, command::Look> ||
    std::is_same_v<C, command::Suspend> || std::is_same_v<C, command::ShowArm> || std::is_same_v<C, command::RepeatSeeds> ||
    std::is_same_v<C, command::PoolResults> || std::is_same_v<C, command::ClearPool>;

template <class C>
bool leaves_runs_alone(const C& c) {
  if constexpr (std::is_same_v<C, command::Set>) return !c.rate && !c.momentum && !c.decay && !c.batch;
  return is_look<C>;
}

}  // namespace

Core::Core(Settings settings) : threads_(std::make_unique<ThreadPool>(settings.threads)) {
  const lab::Recipe recipe = settings.recipe;
  start_run(std::move(settings), {{kOnlyArm, recipe}});
}

const Arm& Core::lead() const {
  const auto found = std::find_if(arms_.begin(), arms_.end(), [](const auto& arm) { return !arm->diverged; });
  return found == arms_.end() ? *arms_.front() : **found;
}

std::vector<lab::Arm> Core::arm_recipes() const {
  std::vector<lab::Arm> recipes;
  for (const auto& arm : arms_) recipes.push_back({arm->name, arm->run.rewound_recipe()});
  return recipes;
}

void Core::start_run(Settings settings, std::optional<Loaded> loaded) {
  std::vector<lab::Arm> recipes = {{kOnlyArm, settings.recipe}};
  if (arms_.size() > 1 && settings.recipe == settings_.recipe) recipes = arm_recipes();
  start_run(std::move(settings), std::move(recipes), std::move(loaded));
}

void Core::start_run(Settings settings, std::vector<lab::Arm> recipes, std::optional<Loaded> loaded) {
  check(settings);
  data_.check(settings.dataset);
  const data::Dataset* wanted = data_.find(settings.dataset);
  const data::Dataset& dataset = wanted != nullptr ? *wanted : data_.strokes();
  Arms arms;
  for (lab::Arm& arm : recipes) {
    arms.push_back(std::make_unique<Arm>(std::move(arm.name), dataset, std::move(arm.recipe), settings.seed, *threads_));
    lab::Run& run = arms.back()->run;
    if (loaded && nn::to_string(run.network().spec()) == loaded->network) run.start_from(loaded->values);
  }

  // Nothing below fails: what was refused above has left the running session as it was.
  for (const auto& arm : arms) arm->timeline.set_budget(lab::Timeline::kBudget / arms.size());
  desk_.forget(kRunChanged);
  settings_ = std::move(settings);
  arms_ = std::move(arms);
  loaded_view_ = loaded ? std::move(loaded->view) : LoadedView{};
  turn_ = 0;
  awaiting_data_ = wanted == nullptr;
  show(shown_ < arms_.size() ? shown_ : 0);
  forget_progress();
}

void Core::show(std::size_t arm) {
  shown_ = arm;
  show_present();
  desk_.forget(kRunChanged);
  wrong_.stop(kRunChanged);
  settings_.recipe = run().rewound_recipe();
  viewer_.attach(run());
  predictor_.reset();
}

void Core::forget_progress() {
  predictor_.reset();
  for (const auto& arm : arms_) arm->forget_progress();
  stopwatch_.clear();
  diverged_ = false;
  ++runs_;
}

// --- commands -------------------------------------------------------------------------------------------------------------

void Core::handle(Command command, std::uint32_t id) {
  Reply reply;
  reply.id = id;
  pending_id_ = id;
  deferred_ = false;
  std::visit(
      [&](auto& c) {
        using C = std::decay_t<decltype(c)>;
        if constexpr (!is_data<C>) finish_step();
        try {
          apply(c, reply);
          if (!leaves_runs_alone(c)) stop_seeds("The run was changed");
          if constexpr (!is_data<C> && !is_question<C>) {
            if (!diverged_) error_.clear();
          }
        } catch (const Error& error) {
          reply.error = error.what();
        } catch (const std::bad_alloc&) {
          reply.error = "There is not enough memory for that.";
        }
        if constexpr (!is_question<C>) {
          if (!reply.error.empty()) error_ = reply.error;
        }
      },
      command);
  if (id != 0 && !deferred_) replies_.push_back(std::move(reply));
  update_stopwatch();
  dirty_ = true;
  next_look_at_ = {};  // what was done is to be seen at once
}

std::vector<Reply> Core::take_replies() {
  for (Reply& reply : desk_.take_replies()) replies_.push_back(std::move(reply));
  for (Reply& reply : wrong_.take_replies()) replies_.push_back(std::move(reply));
  return std::exchange(replies_, {});
}

void Core::finish_step() {
  while (in_round()) advance_round();
}

void Core::add_goal(Goal goal) {
  goal.id = pending_id_;
  deferred_ = true;
  goals_.push_back(goal);
}

void Core::cancel_goals(const std::string& why) {
  for (const Goal& goal : std::exchange(goals_, {})) {
    if (goal.id == 0) continue;
    Reply reply;
    reply.id = goal.id;
    reply.error = why;
    replies_.push_back(std::move(reply));
  }
}

void Core::reach_goals() {
  std::erase_if(goals_, [&](const Goal& goal) {
    const bool reached = goal.epoch > 0 ? lead().run.epoch() >= goal.epoch : lead().run.step() >= goal.step;
    if (reached && goal.id != 0) replies_.push_back({.id = goal.id});
    return reached;
  });
}

// --- work -----------------------------------------------------------------------------------------------------------------

bool Core::may_step() const {
  const auto ready = [](const auto& arm) { return arm->diverged || arm->run.ready(); };
  if (suspended_ || diverged_ || awaits_data() || !std::all_of(arms_.begin(), arms_.end(), ready)) return false;
  return has_task() || settings_.steps_per_second <= 0 || Clock::now() >= next_step_at_;
}

double Core::wait_seconds() const {
  if (!playing_ || has_task() || settings_.steps_per_second <= 0) return 0;
  return std::max(0.0, std::chrono::duration<double>(next_step_at_ - Clock::now()).count());
}

bool Core::work() {
  if (in_round() || (wants_step() && may_step())) {
    advance_round();
    return true;
  }
  if (wants_step() && !wanted_ && data_.failed(settings_.dataset) && !lead().run.ready()) data_trouble(settings_.dataset);
  if (search_wrong() || measure_idly() || viewer_.search(sight()) || experiment(false)) {
    dirty_ = true;
    return true;
  }
  if (seeds_.running() && !wants_step()) {
    collect_seed();
    return true;
  }
  return false;
}

bool Core::measure_idly() {
  bool worked = false;
  for (const auto& arm : arms_) {
    if (arm->diverged) continue;
    worked = arm->evaluator.idle(arm->run, !wants_step(), stopwatch_.seconds(), arm->workers, arm->record) || worked;
  }
  return worked;
}

/// A piece of the step of the arm whose turn it is. A round is a step of every arm.
void Core::advance_round() {
  const auto skip_diverged = [&] {
    while (turn_ < arms_.size() && arms_[turn_]->diverged) ++turn_;
  };
  skip_diverged();
  if (turn_ < arms_.size()) {
    Arm& arm = *arms_[turn_];
    const auto start = Clock::now();
    const bool complete = arm.run.advance(arm.workers);
    arm.timer.add(std::chrono::duration<double>(Clock::now() - start).count(), complete);
    if (!complete) return;
    after_step(arm);
    ++turn_;
    skip_diverged();
  }
  if (turn_ < arms_.size()) return;
  turn_ = 0;
  after_round();
}

void Core::after_step(Arm& arm) {
  const nn::StepResult& result = arm.run.last();
  arm.record.add_step(arm.run.step(), result.loss);
  stopwatch_.add(result.images);
  arm.diverged = !result.finite;
  if (arm.diverged) {
    arm.evaluator.clear();
    if (arms_.size() > 1) {
      error_ = "“" + arm.name + "” has diverged at step " + std::to_string(arm.run.step()) +
               ": its loss or a weight is no longer a finite number. The others go on without it.";
    }
  } else {
    const bool epoch_ended = arm.run.position() == 0;
    keep_moment(arm, epoch_ended);
    arm.evaluator.after_step(arm.run, epoch_ended, stopwatch_.seconds(), arm.workers, arm.record);
  }
}

void Core::after_round() {
  predictor_.reset();
  dirty_ = true;
  if (std::all_of(arms_.begin(), arms_.end(), [](const auto& arm) { return arm->diverged; })) {
    stop_diverged();
    return;
  }
  if (settings_.steps_per_second > 0) {
    const auto interval = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1 / settings_.steps_per_second));
    const auto now = Clock::now();
    next_step_at_ = std::max(next_step_at_ + interval, now);  // keeps the beat, but does not catch up after a pause
  }
  if (shown_since_search_ && looking_) {
    const auto start = Clock::now();
    viewer_.search(sight());
    count_look(Clock::now() - start);
  }
  shown_since_search_ = false;
  experiment(true);
  keep_good_state();
  reach_goals();
  update_stopwatch();
}

/// For the timeline. Where there is no memory for it, what there is room for stays.
void Core::keep_moment(Arm& arm, bool epoch_ended) {
  try {
    arm.timeline.offer(arm.run.step(), arm.run.epoch(), epoch_ended, arm.run.training_weights().values);
  } catch (const std::bad_alloc&) {
    arm.timeline.set_budget(arm.timeline.bytes() * 3 / 4);
  }
}

Sight Core::sight() {
  if (moment_) return {run(), shown().timeline, &moment_->weights, moment_->step};
  return {run(), shown().timeline, nullptr, run().step()};
}

/// A slice of an experiment, if one is open or asked for and, while it `trains`, it is time for one. Returns whether there was work.
bool Core::experiment(bool trains) {
  const auto start = Clock::now();
  if (trains && start < next_slice_at_) return false;
  const double share = desk_.is_asked() || wrong_.active() ? kAskedShare : kLabShare;
  if (!search_wrong() && !desk_.advance(sight(), looking_, viewer_.workspace())) return false;
  const std::chrono::duration<double> cost = Clock::now() - start;
  next_slice_at_ = start + std::chrono::duration_cast<Clock::duration>(cost / share);
  dirty_ = true;
  return true;
}

/// A slice of the search for an image that the network gets wrong. Returns whether there is one.
bool Core::search_wrong() {
  if (!wrong_.active()) return false;
  if (const auto found = wrong_.advance(sight(), viewer_.image(), viewer_.workspace())) viewer_.select_image(*found);
  return true;
}

void Core::keep_good_state() {
  const auto good = [](const auto& arm) { return !arm->diverged && arm->run.last().loss < kLargestGoodLoss; };
  if (lead().run.step() % kKeepEvery != 0 || !std::all_of(arms_.begin(), arms_.end(), good)) return;
  for (const auto& arm : arms_) arm->last_good = arm->run.save();
}

void Core::stop_diverged() {
  diverged_ = true;
  playing_ = false;
  for (const auto& arm : arms_) arm->evaluator.clear();
  error_ = "Training stopped at step " + std::to_string(run().step()) +
           ": the loss or a weight is no longer a finite number, so the run has diverged. Lower the learning rate, then go back to the "
           "last good state (step " +
           std::to_string(shown().last_good.step) + ") or rewind.";
  cancel_goals(error_);
  update_stopwatch();
}

void Core::update_stopwatch() {
  if (wants_step() && !suspended_ && !diverged_ && !awaits_data() && lead().run.ready()) {
    stopwatch_.start();
  } else {
    stopwatch_.stop();
  }
}

}  // namespace lenet::app
