// The session without its thread: takes commands between steps, works in small slices, describes itself in snapshots.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/arm.h"
#include "app/command.h"
#include "app/data_store.h"
#include "app/desk.h"
#include "app/questions.h"
#include "app/seeds.h"
#include "app/snapshot.h"
#include "app/viewer.h"
#include "app/wrong_search.h"
#include "nn/predictor.h"

namespace lenet::app {

class Core {
 public:
  /// Starts on the strokes set while MNIST is awaited: the same network with the same weights, so that there is something to see.
  explicit Core(Settings settings);

  /// Carries a command out; never throws. A step that is under way is finished first. The answer, if there is one to give
  /// now, is in take_replies().
  void handle(Command command, std::uint32_t id);

  /// Does one slice of work (a fraction of a step, a few test images). Returns false when there is nothing to do.
  bool work();
  /// Seconds until the speed limit allows the next step; 0 without one.
  double wait_seconds() const;

  /// Whether a snapshot would show anything new, and all arms stand at one step.
  bool can_publish() const { return dirty_ && !in_round(); }
  /// Whether it is time for one that nobody waits for: looking may cost a tenth of the training at most.
  bool publish_due() const;
  void fill(Snapshot& snapshot);

  std::vector<Reply> take_replies();

 private:
  /// A promise to stop after so many steps or at the end of an epoch.
  struct Goal {
    std::uint64_t step = 0;  // absolute; 0 with epoch set
    int epoch = 0;           // absolute number of completed epochs; 0 with step set
    std::uint32_t id = 0;
  };

  /// A new run that waits for its data set.
  struct Wanted {
    std::string set;
    std::vector<command::Reset> resets;  // in their order; live changes meanwhile are kept
    std::vector<std::uint32_t> ids;      // of their replies
  };

  /// Weights from a file with which a run began.
  struct Loaded {
    std::string network;  // that they are of
    std::vector<float> values;
    LoadedView view;
  };

  // one overload a command; they throw Error
  void apply(const command::Play&, Reply&);
  void apply(const command::Pause&, Reply&);
  void apply(const command::Step&, Reply&);
  void apply(const command::Epoch&, Reply&);
  void apply(const command::Rewind&, Reply&);
  void apply(const command::Replay&, Reply&);
  void apply(const command::Reset&, Reply&);
  void apply(const command::Set&, Reply&);
  void apply(const command::Freeze&, Reply&);
  void apply(const command::RateMultiplier&, Reply&);
  void apply(const command::Plan&, Reply&);
  void apply(const command::Compare&, Reply&);
  void apply(const command::EndComparison&, Reply&);
  void apply(const command::ShowArm&, Reply&);
  void apply(const command::RepeatSeeds&, Reply&);
  void apply(const command::StopSeeds&, Reply&);
  void apply(const command::PoolResults&, Reply&);
  void apply(const command::ClearPool&, Reply&);
  void apply(const command::SelectImage&, Reply&);
  void apply(const command::NextImage&, Reply&);
  void apply(const command::ShowPixels&, Reply&);
  void apply(const command::ShowDrawing&, Reply&);
  void apply(const command::LockUnit&, Reply&);
  void apply(const command::SetRule&, Reply&);
  void apply(const command::OpenViews&, Reply&);
  void apply(const command::ShowMoment&, Reply&);
  void apply(const command::SetProbe&, Reply&);
  void apply(const command::Look&, Reply&);
  void apply(const command::Suspend&, Reply&);
  void apply(const command::RestoreLastGood&, Reply&);
  void apply(const command::Predict&, Reply&);
  void apply(const command::PredictAll&, Reply&);
  void apply(const command::Ask&, Reply&);
  void apply(const command::StopAsked&, Reply&);
  void apply(const command::ExportView&, Reply&);
  void apply(const command::GetView&, Reply&);
  void apply(const command::Measure&, Reply&);
  void apply(const command::ExportWeights&, Reply&);
  void apply(const command::ImportWeights&, Reply&);
  void apply(const command::GetWeights&, Reply&);
  void apply(const command::ExportSession&, Reply&);
  void apply(const command::ImportSession&, Reply&);
  void apply(const command::ExportCurve&, Reply&);
  void apply(const command::ExportResults&, Reply&);
  void apply(const command::DataExpect&, Reply&);
  void apply(const command::DataChunk&, Reply&);
  void apply(const command::DataEnd&, Reply&);
  void apply(const command::DataFailed&, Reply&);
  void apply(command::OwnData&, Reply&);
  template <class Question>
    requires requires(const lab::Run& run, const Question& question, nn::Workspace<float>& workspace, Reply& reply) {
      answer(run, question, workspace, reply);
    }
  void apply(const Question& question, Reply& reply);

  /// Appends the present network's probabilities for an image.
  void predict(const lab::ImageRef& image, std::vector<float>& probabilities);

  Arm& shown() { return *arms_[shown_]; }
  const Arm& shown() const { return *arms_[shown_]; }
  lab::Run& run() { return shown().run; }
  const lab::Run& run() const { return shown().run; }
  /// The arm that the others keep step with: the first that has not diverged.
  const Arm& lead() const;

  /// A new run, or the arms of a comparison. They train on the data set that settings ask for, if it is known already; the strokes
  /// set stands in for it until then. Arms of the network that loaded weights are of begin with those.
  void start_run(Settings settings, std::vector<lab::Arm> recipes, std::optional<Loaded> loaded = std::nullopt);
  /// The same with the arms there are, where the recipe is the same.
  void start_run(Settings settings, std::optional<Loaded> loaded);
  static Loaded read_loaded(const nn::Network<float>& network, std::span<const std::byte> file);
  /// For a run with these settings; nothing for an empty file.
  std::optional<Loaded> read_loaded(const Settings& settings, std::span<const std::byte> file) const;
  /// Of a run; nothing where it began with drawn weights.
  std::optional<Loaded> loaded(const lab::Run& run) const;
  command::Reset with_data_for_weights(command::Reset reset, std::string& notice) const;
  std::vector<lab::Arm> arm_recipes() const;
  void forget_progress();
  void change(const lab::Change& change);
  void show(std::size_t arm);
  Settings changed_by(const std::vector<command::Reset>& resets) const;
  void end_wanted(const std::string& error);
  template <class Action>
  void receive(const std::string& set, Action&& action);
  void adopt_data();
  void data_trouble(const std::string& set);

  /// What is looked at: the shown arm's present, or the moment of its past that was chosen.
  Sight sight();
  void show_present() { moment_.reset(); }
  bool experiment(bool trains);
  bool search_wrong();
  void keep_moment(Arm& arm, bool epoch_ended);
  void finish_step();
  void count_look(Clock::duration cost);
  void add_goal(Goal goal);
  void cancel_goals(const std::string& why);
  void reach_goals();
  /// Steps that somebody waits for, at full speed whatever the limit.
  bool has_task() const { return !goals_.empty() || (seeds_.running() && !seed_is_trained()); }
  bool wants_step() const { return playing_ || has_task(); }
  bool may_step() const;
  bool awaits_data() const { return awaiting_data_ || wanted_.has_value(); }
  bool in_round() const { return turn_ > 0 || arms_.front()->run.in_step(); }
  void advance_round();
  void after_step(Arm& arm);
  void after_round();
  bool measure_idly();
  void stop_diverged();
  void keep_good_state();
  void update_stopwatch();

  void fill_timeline(Snapshot& snapshot);
  void fill_arms(Snapshot& snapshot) const;
  void fill_seeds(Snapshot& snapshot) const;

  void start_seed(const Seeds& seeds);
  bool seed_is_trained() const;
  void collect_seed();
  void finish_seeds();
  void stop_seeds(const std::string& why);

  Settings settings_;
  DataStore data_;
  bool awaiting_data_ = false;  // the settings ask for a set whose size is not known yet; the strokes set stands in
  std::optional<Wanted> wanted_;  // the run before stays on show until then, and takes no step
  std::unique_ptr<ThreadPool> threads_;
  Arms arms_;               // at least one
  LoadedView loaded_view_;  // of the weights that those which start from elsewhere began with
  std::size_t shown_ = 0;   // the arm that is looked at and changed
  std::size_t turn_ = 0;    // the arm whose step is next in a round that has begun
  Viewer viewer_;           // of the shown arm
  struct ShownMoment {
    std::uint64_t step = 0;
    nn::Weights<float> weights;
  };
  std::optional<ShownMoment> moment_;  // of the shown arm's timeline
  Desk desk_;
  WrongSearch wrong_;
  Clock::time_point next_slice_at_{};  // of an experiment, while it trains
  Stopwatch stopwatch_;
  Seeds seeds_;
  std::uint32_t seeds_id_ = 0;  // of the reply when they are done
  std::vector<lab::Results> pool_;   // files that were taken
  std::shared_ptr<const ResultsView> pooled_;  // of pool_; null while it is empty
  std::optional<nn::Predictor> predictor_;  // with the shown arm's present weights; nothing while they are others

  bool playing_ = false;
  bool diverged_ = false;  // every arm has
  bool dirty_ = true;
  bool shown_since_search_ = false;  // a snapshot was taken since the search last moved on
  bool looking_ = true;
  bool suspended_ = false;
  double look_seconds_ = 0;  // what a snapshot cost of late, the search for the strongest image included
  Clock::time_point next_look_at_{};
  std::vector<Goal> goals_;
  Clock::time_point next_step_at_{};
  std::string error_, notice_;
  std::uint64_t runs_ = 0;
  std::vector<Reply> replies_;
  std::uint32_t pending_id_ = 0;  // of the command being handled
  bool deferred_ = false;         // its reply comes later
};

}  // namespace lenet::app
