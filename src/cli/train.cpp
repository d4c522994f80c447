#include "cli/train.h"

#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "app/record.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "cli/data_source.h"
#include "cli/files.h"
#include "cli/interrupt.h"
#include "cli/program.h"
#include "cli/progress.h"
#include "data/batches.h"
#include "lab/evaluation.h"
#include "lab/run.h"
#include "nn/checkpoint.h"

namespace lenet::cli {
namespace {

/// Index of a layer among those with parameters. Throws Error that lists them.
int group_named(const nn::Network<float>& network, const std::string& layer, const char* option) {
  std::string known;
  for (const nn::ParameterView& view : network.parameters()) {
    if (view.layer == layer) return view.group;
    if (!view.is_bias) known += (known.empty() ? "" : ", ") + view.layer;
  }
  throw Error(std::string(option) + ": there is no layer “" + layer + "” with weights in this network. It has " + known + ".");
}

double read_factor(const std::string& text, const std::string& whole) {
  const std::optional<double> value = read_decimal(text);
  if (!value) throw Error("--rate-multiplier: “" + whole + "” is not of the form layer=number, such as conv1=0.1.");
  return *value;
}

std::vector<nn::GroupSettings> group_settings(const nn::Network<float>& network, const TrainOptions& options) {
  std::vector<nn::GroupSettings> groups(static_cast<std::size_t>(network.group_count()));
  for (const std::string& layer : options.frozen) {
    groups[static_cast<std::size_t>(group_named(network, layer, "--freeze"))].frozen = true;
  }
  for (const std::string& text : options.multipliers) {
    const std::size_t equals = text.find('=');
    const std::string layer = text.substr(0, equals);
    const double factor = read_factor(equals == std::string::npos ? "" : text.substr(equals + 1), text);
    groups[static_cast<std::size_t>(group_named(network, layer, "--rate-multiplier"))].multiplier = factor;
  }
  return groups;
}

/// Checks all settings and makes the run, at step 0.
std::unique_ptr<lab::Run> make_run(const data::Dataset& dataset, TrainOptions& options) {
  app::Settings& settings = options.settings;
  settings.initializer = nn::initializer_named(options.initializer);
  const data::ImageShape image = dataset.shape();
  const nn::Shape input{image.channels, image.height, image.width};
  const nn::NetworkSpec spec =
      settings.network.empty() ? nn::preset(settings.preset, input) : nn::parse_network(settings.network, input);
  settings.groups = group_settings(nn::Network<float>(spec, dataset.classes()), options);
  app::check(settings);
  auto run = std::make_unique<lab::Run>(
      dataset, lab::RunSettings{spec, settings.initializer, settings.seed, settings.batch, settings.sgd, settings.groups});
  if (!options.start_file.empty()) {
    nn::Weights<float> weights = run->network().make_weights();
    const auto saved = nn::load_weights(run->network(), read_file(options.start_file), options.start_file, weights);
    run->start_from(weights);
    const auto network = saved.find("network");
    if (network != saved.end() && network->second != nn::to_string(spec)) {
      std::fprintf(stderr, "%s was saved by another network (%s); its weights have the same shapes.\n", options.start_file.c_str(),
                   network->second.c_str());
    }
  }
  return run;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ",") + part;
  return text;
}

/// What the weights file says about its run; the keys are those of the page's export.
std::map<std::string, std::string> metadata(const lab::Run& run, const TrainOptions& options) {
  const app::Settings& settings = options.settings;
  std::map<std::string, std::string> entries = {{"dataset", run.dataset().name()},
                                                {"seed", std::to_string(settings.seed)},
                                                {"initializer", std::string(nn::name_of(settings.initializer))},
                                                {"batch", std::to_string(settings.batch)},
                                                {"rate", decimal_text(settings.sgd.rate)},
                                                {"momentum", decimal_text(settings.sgd.momentum)},
                                                {"decay", decimal_text(settings.sgd.decay)},
                                                {"step", std::to_string(run.step())},
                                                {"epoch", std::to_string(run.epoch())}};
  if (!options.frozen.empty()) entries["frozen"] = joined(options.frozen);
  if (!options.multipliers.empty()) entries["rate_multipliers"] = joined(options.multipliers);
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

 private:
  bool finished() const { return options_.steps > 0 ? run_.step() >= options_.steps : run_.epoch() >= options_.epochs; }
  std::uint64_t images_left() const;
  void show_progress();
  void measure();
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
  double loss_sum_ = 0;  // since the last measurement
  int loss_count_ = 0;
  double recent_loss_ = -1;  // moving average over about fifty steps
};

int Training::work() {
  watch_.start();
  bool measured = false;
  while (!finished() && !interrupt_.requested()) {
    const nn::StepResult& result = run_.train_step(workers_);
    if (!result.finite) return say_diverged();
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

std::uint64_t Training::images_left() const {
  const auto size = static_cast<std::uint64_t>(run_.epoch_size());
  const auto batch = static_cast<std::uint64_t>(options_.settings.batch);
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
  const int count = held_out ? data::kHeldOut : run_.dataset().test_count();
  lab::Evaluation evaluation(run_.training_network(), run_.training_weights(), run_.dataset(), {held_out, count, 1}, run_.step());
  while (!evaluation.done()) {
    if (interrupt_.requested()) return std::nullopt;
    evaluation.advance(workers_, 8 * workers_.threads());
    if (progress_.due()) progress_.draw(label, evaluation.fraction(), "");
  }
  return evaluation.result();
}

void Training::measure() {
  const auto held_out = accuracy(true, "held-out images");
  const auto test = held_out ? accuracy(false, "test images") : std::nullopt;
  if (!test) return;
  record_.add_accuracy(run_.step(), test->accuracy(), test->images, watch_.seconds());
  progress_.clear();
  const std::string label = run_.position() == 0 && run_.epoch() > 0 ? "epoch " + std::to_string(run_.epoch()) + ", " : "";
  std::printf("%sstep %llu: ", label.c_str(), static_cast<unsigned long long>(run_.step()));
  if (loss_count_ > 0) std::printf("train loss %.4f, ", loss_sum_ / loss_count_);
  std::printf("held-out accuracy %.2f %% (of %d), test accuracy %.2f %% (of %d), %s, %s images/s\n", 100 * held_out->accuracy(),
              held_out->images, 100 * test->accuracy(), test->images, duration_text(watch_.seconds()).c_str(),
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
  std::printf("%s (%s parameters) on %s, seed %llu, batch %d, rate %s, momentum %s, decay %s\n",
              run.settings().network.name.c_str(), count_text(static_cast<double>(run.network().parameter_count())).c_str(),
              run.dataset().name().c_str(), static_cast<unsigned long long>(s.seed), s.batch, decimal_text(s.sgd.rate).c_str(),
              decimal_text(s.sgd.momentum).c_str(), decimal_text(s.sgd.decay).c_str());
  std::fflush(stdout);
}

}  // namespace

std::string hash_weights(const nn::Network<float>& network, const nn::Weights<float>& weights) {
  Hash hash;
  for (const nn::ParameterView& view : network.parameters()) hash.add_values(view.of(std::span<const float>(weights.values)));
  return hash.text();
}

int train(TrainOptions options) {
  const DataSource source = open_dataset(options.settings.dataset, options.data_folder);
  if (!source.notice.empty()) std::fprintf(stderr, "%s\n", source.notice.c_str());
  const std::unique_ptr<lab::Run> run = make_run(*source.dataset, options);
  // Opened before the work, so that a folder that cannot be written to costs no time.
  std::optional<OutputFile> weights_file, curve_file;
  if (!options.weights_file.empty()) weights_file.emplace(options.weights_file);
  if (!options.curve_file.empty()) curve_file.emplace(options.curve_file);

  announce(*run, options);
  Training training(*run, options);
  const int code = training.work();
  if (code == kDiverged) return code;

  if (weights_file) {
    weights_file->commit(nn::save_weights(run->network(), run->weights(), metadata(*run, options)));
    std::printf("weights: %s\n", options.weights_file.c_str());
  }
  if (curve_file) {
    const std::string csv = training.csv();
    curve_file->commit(bytes_of(csv));
    std::printf("curve: %s\n", options.curve_file.c_str());
  }
  if (options.print_hash) std::printf("hash: %s\n", hash_weights(run->network(), run->weights()).c_str());
  return code;
}

}  // namespace lenet::cli
