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
constexpr double kLargestGoodLoss = 20;     // a finite but exploded run is nothing to come back to

template <class C>
constexpr bool is_data = std::is_same_v<C, command::DataExpect> || std::is_same_v<C, command::DataChunk> || std::is_same_v<C, command::DataEnd> ||
                         std::is_same_v<C, command::DataFailed>;

template <class C>
constexpr bool is_question = std::is_same_v<C, command::GetWeights> || std::is_same_v<C, command::GetActivations> ||
                             std::is_same_v<C, command::Project> || std::is_same_v<C, command::Predict> ||
                             std::is_same_v<C, command::Measure> || std::is_same_v<C, command::ExportWeights> || std::is_same_v<C, command::ExportCurve>;

}  // namespace

Core::Core(Settings settings) : pool_(std::make_unique<ThreadPool>(settings.threads)) { start_run(std::move(settings)); }

void Core::start_run(Settings settings) {
  check(settings);
  data_.check(settings.dataset);
  const data::Dataset* wanted = data_.find(settings.dataset);
  const data::Dataset& dataset = wanted != nullptr ? *wanted : data_.strokes();
  const data::ImageShape image = dataset.shape();
  const nn::Shape input{image.channels, image.height, image.width};
  nn::NetworkSpec network = settings.network.empty() ? nn::preset(settings.preset, input) : nn::parse_network(settings.network, input);
  auto run = std::make_unique<lab::Run>(
      dataset, lab::RunSettings{std::move(network), settings.initializer, settings.seed, settings.batch, settings.sgd, settings.groups});

  // Nothing below fails: what was refused above has left the running session as it was.
  settings_ = std::move(settings);
  if (!settings_.network.empty()) settings_.preset = "custom";
  settings_.groups = run->settings().groups;
  evaluator_.clear();  // refers to the old network
  run_ = std::move(run);
  awaiting_data_ = wanted == nullptr;
  workers_.emplace(run_->training_network(), *pool_);
  viewer_.attach(*run_);
  forget_progress();
}

void Core::forget_progress() {
  predictor_.reset();
  evaluator_.clear();
  record_.clear();
  stopwatch_.clear();
  diverged_ = false;
  last_good_ = run_->save();
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

std::vector<Reply> Core::take_replies() { return std::exchange(replies_, {}); }

void Core::finish_step() {
  if (!run_->in_step()) return;
  run_->train_step(*workers_);
  after_step();
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
    const bool reached = goal.epoch > 0 ? run_->epoch() >= goal.epoch : run_->step() >= goal.step;
    if (reached && goal.id != 0) replies_.push_back({.id = goal.id});
    return reached;
  });
}

// --- work -----------------------------------------------------------------------------------------------------------------

bool Core::may_step() const {
  if (suspended_ || diverged_ || awaits_data() || !run_->ready()) return false;
  return !goals_.empty() || settings_.steps_per_second <= 0 || Clock::now() >= next_step_at_;
}

double Core::wait_seconds() const {
  if (!playing_ || !goals_.empty() || settings_.steps_per_second <= 0) return 0;
  return std::max(0.0, std::chrono::duration<double>(next_step_at_ - Clock::now()).count());
}

bool Core::work() {
  if (run_->in_step() || (wants_step() && may_step())) {
    if (run_->advance(*workers_)) after_step();
    return true;
  }
  if (wants_step() && !wanted_ && data_.failed(settings_.dataset) && !run_->ready()) data_trouble(settings_.dataset);
  if (evaluator_.idle(*run_, !wants_step(), stopwatch_.seconds(), *workers_, record_) || viewer_.search(*run_)) {
    dirty_ = true;
    return true;
  }
  return false;
}

void Core::after_step() {
  const nn::StepResult& result = run_->last();
  predictor_.reset();
  record_.add_step(run_->step(), result.loss);
  stopwatch_.add(result.images);
  dirty_ = true;
  if (!result.finite) {
    stop_diverged();
    return;
  }
  if (settings_.steps_per_second > 0) {
    const auto interval = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1 / settings_.steps_per_second));
    const auto now = Clock::now();
    next_step_at_ = std::max(next_step_at_ + interval, now);  // keeps the beat, but does not catch up after a pause
  }
  evaluator_.after_step(*run_, run_->position() == 0, stopwatch_.seconds(), *workers_, record_);
  if (shown_ && looking_) {
    const auto start = Clock::now();
    viewer_.search(*run_);
    count_look(Clock::now() - start);
  }
  shown_ = false;
  keep_good_state();
  reach_goals();
  update_stopwatch();
}

void Core::keep_good_state() {
  if (run_->step() % kKeepEvery == 0 && run_->last().loss < kLargestGoodLoss) last_good_ = run_->save();
}

void Core::stop_diverged() {
  diverged_ = true;
  playing_ = false;
  evaluator_.clear();
  error_ = "Training stopped at step " + std::to_string(run_->step()) +
           ": the loss or a weight is no longer a finite number, so the run has diverged. Lower the learning rate, then go back to the "
           "last good state (step " +
           std::to_string(last_good_->step) + ") or rewind.";
  cancel_goals(error_);
  update_stopwatch();
}

void Core::update_stopwatch() {
  if (wants_step() && !suspended_ && !diverged_ && !awaits_data() && run_->ready()) {
    stopwatch_.start();
  } else {
    stopwatch_.stop();
  }
}

// --- data -----------------------------------------------------------------------------------------------------------------

void Core::adopt_data() {
  if (awaiting_data_ && data_.find(settings_.dataset) != nullptr) start_run(settings_);
  if (wanted_ && data_.find(wanted_->set) != nullptr) {
    try {
      start_run(changed_by(wanted_->resets));
      error_.clear();  // what it says is of the run before
      end_wanted("");
    } catch (const Error& error) {  // a network that its images do not fit
      playing_ = false;
      error_ = error.what();
      cancel_goals(error_);
      end_wanted(error_);
    }
  }
}

void Core::end_wanted(const std::string& error) {
  if (!wanted_) return;
  for (const std::uint32_t id : wanted_->ids) {
    Reply reply;
    reply.id = id;
    reply.error = error;
    replies_.push_back(std::move(reply));
  }
  wanted_.reset();
}

void Core::data_trouble(const std::string& set) {
  if (wanted_ && wanted_->set == set) {
    playing_ = false;
    error_ = title_of(set) + " cannot be used: " + data_.failure(set) + " The run before (" + title_of(settings_.dataset) + ") stays.";
    cancel_goals(error_);
    end_wanted(error_);
  }
  if (settings_.dataset != set) return;
  if (set == "mnist" && (awaiting_data_ || run_->step() == 0)) {
    Settings settings = settings_;
    settings.dataset = "strokes";
    start_run(std::move(settings));
    notice_ = "MNIST is not here, so the strokes set is shown: digits that this page draws itself. (" + data_.failure(set) + ")";
  } else if (!run_->ready()) {
    playing_ = false;
    error_ = "Training stopped at step " + std::to_string(run_->step()) + ", because the rest of " + title_of(set) +
             " did not arrive: " + data_.failure(set) + " Reload the page to try again, or choose another data set.";
    cancel_goals(error_);
  }
  dirty_ = true;
}

// --- snapshots ------------------------------------------------------------------------------------------------------------

bool Core::publish_due() const { return !wants_step() || !may_step() || Clock::now() >= next_look_at_; }

void Core::count_look(Clock::duration cost) {
  constexpr double kShare = 0.1, kUnseenInterval = 0.25;
  const double seconds = std::chrono::duration<double>(cost).count();
  look_seconds_ += seconds;
  const double interval = looking_ ? look_seconds_ / kShare : kUnseenInterval;
  next_look_at_ = Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(interval));
}

void Core::fill(Snapshot& snapshot) {
  const auto start = Clock::now();
  look_seconds_ = 0;
  snapshot.run = runs_;
  snapshot.step = run_->step();
  snapshot.epoch = run_->epoch();
  snapshot.epoch_fraction = static_cast<double>(run_->position()) / run_->epoch_size();
  snapshot.images_seen = run_->images_seen();
  snapshot.playing = playing_;
  snapshot.suspended = suspended_;
  snapshot.waiting_for_data = wants_step() && !diverged_ && (awaits_data() || !run_->ready());
  snapshot.diverged = diverged_;
  snapshot.can_restore = last_good_.has_value();
  snapshot.error = error_;
  snapshot.notice = notice_;
  snapshot.settings = settings_;

  const data::Dataset& dataset = run_->dataset();
  snapshot.dataset = dataset.name();
  snapshot.train_count = dataset.train_count();
  snapshot.train_available = dataset.train_available();
  snapshot.test_count = dataset.test_count();
  snapshot.test_available = dataset.test_available();
  snapshot.class_names = dataset.class_names();
  snapshot.wanted_data = wanted_ ? wanted_->set : awaiting_data_ ? settings_.dataset : "";
  const data::Dataset& coming = snapshot.wanted_data.empty() ? dataset : data_.peek(snapshot.wanted_data);
  snapshot.wanted_count = coming.train_count();
  snapshot.wanted_available = coming.train_available();

  viewer_.fill(*run_, snapshot);

  snapshot.loss = record_.loss().points();
  snapshot.accuracy = record_.accuracy();
  snapshot.images_per_second = stopwatch_.images_per_second();
  snapshot.seconds_trained = stopwatch_.seconds();
  snapshot.seconds_to_98 = record_.seconds_to_98();
  snapshot.evaluating = evaluator_.running();
  snapshot.evaluation_fraction = evaluator_.fraction();
  snapshot.threads = pool_->threads();
  snapshot.exact = nn::kExact;
  snapshot.simd = nn::simd_name();
  dirty_ = false;
  shown_ = true;
  count_look(Clock::now() - start);
}

}  // namespace lenet::app
