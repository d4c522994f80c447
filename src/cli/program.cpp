#include "cli/program.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <vector>

#include "app/measurement.h"
#include "base/error.h"
#include "base/text.h"
#include "base/thread_pool.h"
#include "cli/bench.h"
#include "cli/dump.h"
#include "cli/evaluate.h"
#include "cli/look.h"
#include "cli/strokes.h"
#include "cli/study.h"
#include "cli/train.h"
#include "lab/experiments/timeline.h"
#include "nn/lanes.h"

#ifndef LENET_LAB_VERSION
#define LENET_LAB_VERSION "unknown"
#endif

namespace lenet::cli {
namespace {

constexpr const char* kDataHelp =
    "Folder with MNIST's four files or CIFAR-10's batches (default: $LENET_LAB_DATA/mnist or /cifar10, then the tools' cache)";
constexpr const char* kNetworkHelp = "Own layers instead of a preset, such as \"conv 8 5x5, relu, pool 2, dense 10\"";

/// CLI11 alone would take -1, and anything too large, for the largest number there is.
const CLI::Validator kWhole(
    [](const std::string& text) {
      std::uint64_t value = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
      const bool good = error == std::errc() && end == text.data() + text.size();
      return good ? std::string() : "“" + text + "” is not a whole number between 0 and 2^64 - 1";
    },
    "");

std::string initializer_names() {
  std::vector<std::string> names;
  for (const nn::Initializer initializer : nn::all_initializers()) names.emplace_back(nn::name_of(initializer));
  return join(names, ", ");
}

void add_train_what(CLI::App& command, TrainOptions& o) {
  command.add_option("--dataset", o.settings.dataset, "mnist, cifar10, strokes, or auto: MNIST where it is found, else strokes")
      ->capture_default_str();
  command.add_option("--test-on", o.test_on,
                     "Another data set: its test images are measured once, at the end, in place of the set's own");
  command.add_option("--data", o.data_folder, kDataHelp);
  auto* preset =
      command.add_option("--preset", o.settings.recipe.preset, "The network: " + join(nn::preset_names(), ", "))->capture_default_str();
  command.add_option("--network", o.settings.recipe.network, kNetworkHelp)->excludes(preset);
  auto* init = command.add_option("--init", o.initializer, "Initial weights: " + initializer_names())->capture_default_str();
  command.add_option("--weights", o.start_file, "Start from the weights in this .safetensors file")->excludes(init);
}

void add_train_how(CLI::App& command, TrainOptions& o) {
  command.add_option("--seed", o.settings.seed, "Decides the initial weights and the order of the images")
      ->capture_default_str()
      ->check(kWhole);
  command.add_option("--batch", o.settings.recipe.batch, "Images in a minibatch")->capture_default_str();
  o.threads = hardware_threads();
  command.add_option("--threads", o.threads, "Threads that train; the weights are the same with any number")
      ->capture_default_str()
      ->check(CLI::Range(1, ThreadPool::kLargest));
  auto* epochs = command.add_option("--epochs", o.epochs, "Passes over the training images (MNIST: 55,000)")
                     ->capture_default_str()
                     ->check(CLI::Range(1, 1'000'000));
  command.add_option("--steps", o.steps, "Minibatches, instead of whole epochs")
      ->check(kWhole)
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 48))
      ->excludes(epochs);
  command.add_option("--rate", o.settings.recipe.sgd.rate, "Learning rate")->capture_default_str();
  command.add_option("--momentum", o.settings.recipe.sgd.momentum, "Momentum")->capture_default_str();
  command.add_option("--decay", o.settings.recipe.sgd.decay, "Weight decay (on weights, not on biases)")->capture_default_str();
  command.add_option("--schedule", o.schedule,
                     "How the learning rate changes: constant; step EVERY GAMMA; inverse GAMMA POWER; cosine STEPS")
      ->capture_default_str();
  command.add_option("--augment", o.augmentation, "Changed training images: none, or shift PIXELS and flip, such as \"shift 2, flip\"")
      ->capture_default_str();
  command.add_option("--freeze", o.settings.recipe.frozen, "Layers that keep their weights: conv1,conv2")->delimiter(',');
  command.add_option("--rate-multiplier", o.multipliers, "Learning rate of single layers, times this: conv1=0.1,fc1=2")
      ->delimiter(',');
}

void add_train_output(CLI::App& command, TrainOptions& o) {
  auto* out = command.add_option("--out", o.weights_file, "Write the weights there (.safetensors, with PyTorch's names)");
  command.add_flag("--half", o.half, "Write them as 16-bit floats, each rounded to the nearest: half the size")->needs(out);
  command.add_option("--curve", o.curve_file, "Write loss and accuracy there (CSV)");
  command.add_option("--timeline", o.timeline_folder,
                     "Write the weights of steps 0, 1, 2, 5, 10, 20, 50, … and of every epoch's end into this folder, for look: a file each "
                     "(wss17: 1.7 MB), at most " +
                         std::to_string(lab::Timeline::kBudget >> 20) + " MB in all");
  command.add_flag("--hash", o.print_hash, "Print a hash of all weights at the end");
  command.add_flag("--quiet", o.quiet, "No progress bar");
}

void add_dump(CLI::App& command, DumpOptions& o) {
  auto* preset =
      command.add_option("--preset", o.preset, "The network: " + join(nn::preset_names(), ", ") + " (default: the weights file's own)");
  command.add_option("--network", o.network, kNetworkHelp)->excludes(preset);
  command.add_option("--weights", o.weights_file, "The weights (.safetensors)")->required();
  command.add_option("--images", o.images_file, "Images as the network sees them: .npy, float32 [n, 1, 28, 28]")->required();
  command.add_option("--labels", o.labels_file, "Their labels: .npy, int64 [n]")->required();
  command.add_option("--out", o.folder, "Folder for the results; made where it is missing")->required();
  command.add_option("--project", o.projections, "Units to project back to the pixels: conv1:3,conv2:7,fc1:10");
}

void add_look(CLI::App& command, LookOptions& o) {
  command.add_option("--weights", o.weights_file, "The weights (.safetensors); the network is the one that they were saved with")->required();
  command.add_option("--dataset", o.dataset, "mnist, cifar10, strokes, or auto: the set that the weights were trained on")
      ->capture_default_str();
  command.add_option("--data", o.data_folder, kDataHelp);
  command.add_option("--request", o.request, "What to look at, as JSON such as '{\"view\": \"occlusion\", \"image\": 12}', or @FILE with it")
      ->required();
  command.add_option("--out", o.folder, "Folder for facts.json, table.csv and the arrays; made where it is missing")->required();
  command.add_option("--seed", o.seed, "Decides what a view leaves to chance (default: the seed of the weights' run)")->check(kWhole);
  command.add_option("--timeline", o.timeline_folder, "Folder that train --timeline has written; an evolution reads it");
  command.add_flag("--quiet", o.quiet, "No progress bar");
}

void add_evaluate(CLI::App& command, EvaluateOptions& o) {
  command.add_option("--weights", o.weights_file, "The weights (.safetensors); the network is the one that they were saved with")->required();
  command.add_option("--dataset", o.dataset, "mnist, cifar10, strokes, or auto: the set that the weights were trained on")
      ->capture_default_str();
  command.add_option("--data", o.data_folder, kDataHelp);
  o.threads = hardware_threads();
  command.add_option("--threads", o.threads, "Threads that measure")->capture_default_str()->check(CLI::Range(1, ThreadPool::kLargest));
  command.add_flag("--json", o.json, "JSON, with the settings that the weights file names");
}

void add_strokes(CLI::App& command, StrokesOptions& o) {
  command.add_option("--out", o.folder, "Folder for the files; made where it is missing")->required();
  command.add_option("--seed", o.seed, "Seed of the drawings; the lab's own set has 1")->capture_default_str()->check(kWhole);
  command.add_option("--train", o.train, "Training images")->capture_default_str();
  command.add_option("--test", o.test, "Test images")->capture_default_str();
}

void add_bench(CLI::App& command, BenchOptions& o) {
  command.add_option("--what", o.what, "train, inference, layers or lab")->capture_default_str();
  command.add_option("--batch", o.batch, "Images at a time")->capture_default_str()->check(CLI::Range(1, lab::kLargestBatch));
  command.add_option("--threads", o.threads, "Threads that compute")->capture_default_str()->check(CLI::Range(1, ThreadPool::kLargest));
  command.add_option("--seconds", o.seconds, "How long to measure")->capture_default_str()->check(CLI::Range(0.01, app::kLongestMeasurement));
  command.add_option("--data", o.data_folder, "Folder with MNIST's four files (default: as for train)");
  command.add_flag("--json", o.json, "One line of JSON");
}

void add_study(CLI::App& command, StudyOptions& o) {
  command.add_option("file", o.file, "The study (JSON): what is compared, on which data, with which seeds")->required();
  command.add_option("--out", o.folder, "Folder for the results; made where it is missing. Runs that are there are kept")->required();
  command.add_option("--shard", o.shard, "Only part i of n, such as 2/4: for several processes or machines");
  o.jobs = hardware_threads();
  command.add_option("--jobs", o.jobs, "Threads; the results are the same with any number")
      ->capture_default_str()
      ->check(CLI::Range(1, ThreadPool::kLargest));
  command.add_option("--data", o.data_folder, "Folder with the data set's files (default: as for train)");
  command.add_flag("--quiet", o.quiet, "No progress bar");
  command.add_flag("--fresh", o.fresh, "Remove the runs that are in the folder and begin anew");
}

void add_merge(CLI::App& command, MergeOptions& o) {
  command.add_option("folders", o.folders, "Folders that lenet-lab study has written")->required();
  command.add_option("--out", o.out, "Folder for all runs and their results; may be one of them")->required();
}

int complain(const std::string& message) {
  std::fflush(stdout);
  std::fprintf(stderr, "lenet-lab: %s\n", message.c_str());
  return kFailure;
}

/// Parses and runs.
int dispatch(int argc, const char* const* argv) {
  CLI::App app("LeNet Lab without the page: trains the same networks on the same batches, to the same bits.", "lenet-lab");
  app.set_version_flag("--version", std::string("lenet-lab " LENET_LAB_VERSION ", ") + nn::simd_name());
  TrainOptions train_options;
  train_options.settings.dataset = "auto";
  DumpOptions dump_options;
  StrokesOptions strokes_options;
  BenchOptions bench_options;
  CLI::App* train_command = app.add_subcommand("train", "Train a network; measure, and write weights and curve");
  CLI::App* dump_command = app.add_subcommand("dump", "Write activations, gradients and projections of some images as .npy files");
  CLI::App* strokes_command = app.add_subcommand("strokes", "Write the drawn digits as IDX files, the format of MNIST");
  add_train_what(*train_command, train_options);
  add_train_how(*train_command, train_options);
  add_train_output(*train_command, train_options);
  add_dump(*dump_command, dump_options);
  LookOptions look_options;
  CLI::App* look_command = app.add_subcommand("look", "Look into saved weights: the views of the Zeiler-Fergus lab as tables and arrays");
  add_look(*look_command, look_options);
  EvaluateOptions evaluate_options;
  CLI::App* evaluate_command = app.add_subcommand("evaluate", "Measure how well saved weights do on the test images");
  add_evaluate(*evaluate_command, evaluate_options);
  add_strokes(*strokes_command, strokes_options);
  CLI::App* bench_command = app.add_subcommand("bench", "Measure how fast this machine trains and infers");
  add_bench(*bench_command, bench_options);
  StudyOptions study_options;
  MergeOptions merge_options;
  CLI::App* study_command = app.add_subcommand("study", "Compare recipes over several seeds, as a study file says");
  CLI::App* merge_command = app.add_subcommand("merge", "Put the parts of a study together");
  add_study(*study_command, study_options);
  add_merge(*merge_command, merge_options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& request) {
    return app.exit(request);  // --help, --version
  } catch (const CLI::ParseError& error) {
    return complain(std::string(error.what()) + " (lenet-lab --help lists the options.)");
  }
  if (train_command->parsed()) return train(train_options);
  if (dump_command->parsed()) return dump(dump_options);
  if (look_command->parsed()) return look(look_options);
  if (evaluate_command->parsed()) return evaluate(evaluate_options);
  if (strokes_command->parsed()) return write_strokes(strokes_options);
  if (bench_command->parsed()) return bench(bench_options);
  if (study_command->parsed()) return study(study_options);
  if (merge_command->parsed()) return merge(merge_options);
  return complain("say what to do: train, evaluate, study, merge, look, dump, strokes or bench. (lenet-lab --help says what they are.)");
}

}  // namespace

int run(int argc, const char* const* argv) {
  try {
    const int code = dispatch(argc, argv);
    if (std::fflush(stdout) != 0 || std::ferror(stdout)) return complain("the standard output cannot be written to.");
    return code;
  } catch (const Error& error) {
    return complain(error.what());
  } catch (const std::bad_alloc&) {
    return complain("there is not enough memory for this.");
  } catch (const std::exception& error) {
    return complain(std::string("an error in the program itself: ") + error.what());
  }
}

}  // namespace lenet::cli
