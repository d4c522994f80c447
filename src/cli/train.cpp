#include "cli/train.h"

#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "app/record.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/data_source.h"
#include "cli/files.h"
#include "cli/interrupt.h"
#include "cli/program.h"
#include "cli/progress.h"
#include "cli/timeline_folder.h"
#include "data/batches.h"
#include "lab/evaluation.h"
#include "lab/experiments/timeline.h"
#include "lab/results.h"
#include "lab/run.h"
#include "nn/checkpoint.h"

namespace lenet::cli {
namespace {

double read_factor(const std::string& text, const std::string& whole) {
  const std::optional<double> value = read_decimal(text);
  if (!value) throw Error("--rate-multiplier: “" + whole + "” is not of the form layer=number, such as conv1=0.1.");
  return *value;
}

void read_multipliers(const std::vector<std::string>& texts, lab::Recipe& recipe) {
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    recipe.multipliers[text.substr(0, equals)] = read_factor(equals == std::string::npos ? "" : text.substr(equals + 1), text);
  }
}

/// Checks all settings and makes the run, at step 0.
std::unique_ptr<lab::Run> make_run(const data::Dataset& dataset, TrainOptions& options) {
  app::Settings& settings = options.settings;
  settings.recipe.initializer = nn::initializer_named(options.initializer);
  settings.recipe.schedule = nn::parse_rate_schedule(options.schedule);
  settings.recipe.augmentation = data::parse_augmentation(options.augmentation);
  read_multipliers(options.multipliers, settings.recipe);
  app::check(settings);
  auto run = std::make_unique<lab::Run>(dataset, settings.recipe, settings.seed);
  if (!options.start_file.empty()) {
    nn::Weights<float> weights = run->network().make_weights();
    const auto saved = nn::load_weights(run->network(), read_file(options.start_file), options.start_file, weights);
    run->start_from(weights.values);
    const auto network = saved.find("network");
    if (network != saved.end() && network->second != nn::to_string(run->network().spec())) {
      std::fprintf(stderr, "%s was saved by another network (%s); its weights have the same shapes.\n", options.start_file.c_str(),
                   network->second.c_str());
    }
  }
  return run;
}

/// What the weights file says about its run; the keys are those of the page's export.
std::map<std::string, std::string> metadata(const lab::Run& run, const TrainOptions& options) {
  const app::Settings& settings = options.settings;
  const lab::Recipe& recipe = settings.recipe;
  std::map<std::string, std::string> entries = {{"dataset", run.dataset().name()},
                                                {"seed", std::to_string(settings.seed)},
                                                {"initializer", std::string(nn::name_of(recipe.initializer))},
                                                {"batch", std::to_string(recipe.batch)},
                                                {"rate", decimal_text(recipe.sgd.rate)},
                                                {"momentum", decimal_text(recipe.sgd.momentum)},
                                                {"decay", decimal_text(recipe.sgd.decay)},
                                                {"step", std::to_string(run.step())},
                                                {"epoch", std::to_string(run.epoch())}};
  if (!recipe.frozen.empty()) entries["frozen"] = join(recipe.frozen, ",");
  if (!(recipe.schedule == nn::RateSchedule())) entries["schedule"] = nn::to_string(recipe.schedule);
  if (!recipe.augmentation.none()) entries["augmentation"] = data::to_string(recipe.augmentation);
  if (run.starts_from_elsewhere()) entries["start"] = "loaded weights";
  if (!options.multipliers.empty()) entries["rate_multipliers"] = join(options.multipliers, ",");
  return entries;
}

/// The loop: steps, a measurement after each epoch and at the end, and what is said meanwhile.
class Training {
 public:
  Training(lab::Run& run, const TrainOptions& options)
      : run_(run), options_(options), pool_(options.threads), workers_(run.training_network(), pool_), progress_(options.quiet) {}

  /// Returns an exit code.
  int work();
  std::string csv() const { return record_.csv(); }
  /// The moments so far; none unless they are asked for.
  const lab::Timeline& timeline() const { return timeline_; }

 private:
  bool finished() const { return options_.steps > 0 ? run_.step() >= options_.steps : run_.epoch() >= options_.epochs; }
  std::uint64_t images_left() const;
  void keep_moment();
  void show_progress();
  void measure();
  bool tests_now() const;
  std::optional<lab::EvaluationResult> accuracy(bool held_out, const char* label);
  int say_diverged();

  lab::Run& run_;
  const TrainOptions& options_;
  ThreadPool pool_;
  lab::Workers workers_;
  Progress progress_;
  InterruptGuard interrupt_;
  app::Stopwatch watch_;
  app::Record record_;
  lab::Timeline timeline_;
  double loss_sum_ = 0;  // since the last measurement
  int loss_count_ = 0;
  double recent_loss_ = -1;  // moving average over about fifty steps
};

int Training::work() {
  keep_moment();
  watch_.start();
  bool measured = false;
  while (!finished() && !interrupt_.requested()) {
    const nn::StepResult& result = run_.train_step(workers_);
    if (!result.finite) return say_diverged();
    keep_moment();
    record_.add_step(run_.step(), result.loss);
    watch_.add(result.images);
    loss_sum_ += result.loss;
    ++loss_count_;
    recent_loss_ = recent_loss_ < 0 ? result.loss : recent_loss_ + (result.loss - recent_loss_) / 50;
    if (progress_.due()) show_progress();
    measured = run_.position() == 0;
    if (measured) measure();
  }
  if (!measured && !interrupt_.requested()) measure();
  progress_.clear();
  if (!interrupt_.requested()) return kSuccess;
  std::fprintf(stderr, "Interrupted after step %llu.\n", static_cast<unsigned long long>(run_.step()));
  return kInterrupted;
}

void Training::keep_moment() {
  if (options_.timeline_folder.empty()) return;
  const bool ends_epoch = run_.step() > 0 && run_.position() == 0;
  timeline_.offer(run_.step(), run_.epoch(), ends_epoch, run_.training_weights().values);
}

std::uint64_t Training::images_left() const {
  const auto size = static_cast<std::uint64_t>(run_.epoch_size());
  const auto batch = static_cast<std::uint64_t>(options_.settings.recipe.batch);
  if (options_.steps > 0) return (options_.steps - run_.step()) * batch;
  return static_cast<std::uint64_t>(options_.epochs) * size - run_.images_seen();
}

void Training::show_progress() {
  char text[128];
  const double rate = watch_.images_per_second();
  const double left = rate > 0 ? static_cast<double>(images_left()) / rate : 0;
  std::snprintf(text, sizeof(text), "loss %.4f  %s images/s  %s left", recent_loss_, count_text(rate).c_str(),
                duration_text(left).c_str());
  if (options_.steps > 0) {
    progress_.draw("step " + std::to_string(run_.step()) + "/" + std::to_string(options_.steps),
                   static_cast<double>(run_.step()) / static_cast<double>(options_.steps), text);
  } else {
    const int epoch = run_.position() == 0 ? run_.epoch() : run_.epoch() + 1;
    const double fraction = run_.position() == 0 ? 1 : static_cast<double>(run_.position()) / run_.epoch_size();
    progress_.draw("epoch " + std::to_string(epoch) + "/" + std::to_string(options_.epochs), fraction, text);
  }
}

std::optional<lab::EvaluationResult> Training::accuracy(bool held_out, const char* label) {
  const int count = held_out ? run_.dataset().held_out() : run_.dataset().test_count();
  lab::Evaluation evaluation(run_.training_network(), run_.training_weights(), run_.dataset(), {held_out, count, 1}, run_.step());
  while (!evaluation.done()) {
    if (interrupt_.requested()) return std::nullopt;
    evaluation.advance(workers_, 8 * workers_.threads());
    if (progress_.due()) progress_.draw(label, evaluation.fraction(), "");
  }
  return evaluation.result();
}

/// Another set's test images are used once, at the end: nobody can choose by them when to stop.
bool Training::tests_now() const { return options_.test_on.empty() || finished(); }

void Training::measure() {
  const auto held_out = accuracy(true, "held-out images");
  if (!held_out) return;
  std::string tested;
  if (tests_now()) {
    const auto test = accuracy(false, "test images");
    if (!test) return;
    record_.add_accuracy(run_.step(), test->accuracy(), test->images, watch_.seconds());
    char text[80];
    std::snprintf(text, sizeof(text), "test accuracy %.2f %% (of %d), ", 100 * test->accuracy(), test->images);
    tested = text;
  }
  progress_.clear();
  const std::string label = run_.position() == 0 && run_.epoch() > 0 ? "epoch " + std::to_string(run_.epoch()) + ", " : "";
  std::printf("%sstep %llu: ", label.c_str(), static_cast<unsigned long long>(run_.step()));
  if (loss_count_ > 0) std::printf("train loss %.4f, ", loss_sum_ / loss_count_);
  std::printf("held-out accuracy %.2f %% (of %d), %s%s, %s images/s\n", 100 * held_out->accuracy(), held_out->images,
              tested.c_str(), duration_text(watch_.seconds()).c_str(),
              count_text(watch_.seconds() > 0 ? static_cast<double>(run_.images_seen()) / watch_.seconds() : 0).c_str());
  std::fflush(stdout);
  loss_sum_ = 0;
  loss_count_ = 0;
}

int Training::say_diverged() {
  progress_.clear();
  std::fprintf(stderr,
               "lenet-lab: the run diverged at step %llu: its loss or a weight is no longer a finite number. Nothing was "
               "written. Try a smaller --rate.\n",
               static_cast<unsigned long long>(run_.step()));
  return kDiverged;
}

void announce(const lab::Run& run, const TrainOptions& options) {
  const app::Settings& s = options.settings;
  const std::string& test_name = run.dataset().test_name();
  const std::string tested_on = test_name == run.dataset().name() ? "" : ", tested on " + test_name;
  std::printf("%s (%s parameters) on %s%s, seed %llu, batch %d, rate %s, momentum %s, decay %s\n",
              run.network().spec().name.c_str(), count_text(static_cast<double>(run.network().parameter_count())).c_str(),
              run.dataset().name().c_str(), tested_on.c_str(), static_cast<unsigned long long>(s.seed), s.recipe.batch,
              decimal_text(s.recipe.sgd.rate).c_str(), decimal_text(s.recipe.sgd.momentum).c_str(),
              decimal_text(s.recipe.sgd.decay).c_str());
  std::fflush(stdout);
}

void say_timeline(const lab::Timeline& timeline, const std::string& folder) {
  std::printf("timeline: %s moments in %s", count_text(static_cast<double>(timeline.moments().size())).c_str(), folder.c_str());
  if (timeline.thinned() > 0) std::printf(" (%d more were given up for room)", timeline.thinned());
  std::printf("\n");
}

}  // namespace

int train(TrainOptions options) {
  const DataSource source = open_dataset(options.settings.dataset, options.test_on, options.data_folder);
  if (!source.notice.empty()) std::fprintf(stderr, "%s\n", source.notice.c_str());
  const std::unique_ptr<lab::Run> run = make_run(*source.dataset, options);
  // Opened before the work, so that a folder that cannot be written to costs no time.
  if (!options.timeline_folder.empty()) begin_timeline_folder(options.timeline_folder);
  std::optional<OutputFile> weights_file, curve_file;
  if (!options.weights_file.empty()) weights_file.emplace(options.weights_file);
  if (!options.curve_file.empty()) curve_file.emplace(options.curve_file);

  announce(*run, options);
  Training training(*run, options);
  const int code = training.work();
  if (code == kDiverged) return code;

  if (weights_file) {
    weights_file->commit(nn::save_weights(run->network(), run->weights(), metadata(*run, options),
                                          options.half ? nn::TensorType::kF16 : nn::TensorType::kF32));
    std::printf("weights: %s\n", options.weights_file.c_str());
  }
  if (curve_file) {
    const std::string csv = training.csv();
    curve_file->commit(bytes_of(csv));
    std::printf("curve: %s\n", options.curve_file.c_str());
  }
  if (!options.timeline_folder.empty()) {
    write_timeline(options.timeline_folder, run->network(), training.timeline(), metadata(*run, options));
    say_timeline(training.timeline(), options.timeline_folder);
  }
  if (options.print_hash) std::printf("hash: %s\n", lab::hash_weights(run->network(), run->weights()).c_str());
  return code;
}

}  // namespace lenet::cli
