#include "cli/evaluate.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/files.h"
#include "cli/program.h"
#include "cli/progress.h"
#include "cli/saved_network.h"
#include "data/batches.h"
#include "lab/evaluation.h"
#include "lab/results.h"
#include "nn/checkpoint.h"

namespace lenet::cli {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const lab::EvaluationResult& result) {
  return {{"correct", result.correct}, {"n", result.images}, {"accuracy", result.accuracy()}, {"loss", result.loss}};
}

/// The preset that the network is; "custom" for one of its own, or where the file does not say.
std::string preset_name(const Metadata& metadata) {
  const std::string preset = entry(metadata, "preset");
  return preset.empty() ? "custom" : preset;
}

/// The settings that the file names, in the words of window.lab.reset().
Json settings_of(const Metadata& metadata, const nn::Network<float>& network) {
  Json settings = Json::object();
  const auto text = [&](const char* key, const char* word) {
    if (const std::string value = entry(metadata, key); !value.empty()) settings[word] = value;
  };
  const auto number = [&](const char* key, const char* word) {
    const std::optional<double> value = read_decimal(entry(metadata, key));
    const std::optional<std::uint64_t> whole = read_whole<std::uint64_t>(entry(metadata, key));
    if (value) settings[word] = whole ? Json(*whole) : Json(*value);
  };
  text("dataset", "dataset");
  const std::string preset = preset_name(metadata);
  settings[preset == "custom" ? "network" : "preset"] = preset == "custom" ? nn::to_string(network.spec()) : preset;
  number("seed", "seed");
  text("initializer", "initializer");
  number("batch", "batch");
  number("rate", "learningRate");
  number("momentum", "momentum");
  number("decay", "weightDecay");
  return settings;
}

std::string percent_text(const lab::EvaluationResult& result) {
  char text[96];
  std::snprintf(text, sizeof(text), "%.2f %% (%s of %s)", 100 * result.accuracy(), count_text(result.correct).c_str(),
                count_text(result.images).c_str());
  return text;
}

}  // namespace

int evaluate(const EvaluateOptions& options) {
  const std::vector<std::byte> file = read_file(options.weights_file);
  const Metadata metadata = weights_metadata(file, options.weights_file);
  const DataSource source = open_saved_dataset(metadata, options.dataset, options.data_folder);
  const data::Dataset& dataset = *source.dataset;
  const nn::Network<float> network = make_saved_network(metadata, options.weights_file, dataset);
  nn::Weights<float> weights = network.make_weights();
  nn::load_weights(network, file, options.weights_file, weights);

  ThreadPool pool(options.threads);
  lab::Workers workers(network, pool);
  const std::uint64_t step = read_whole<std::uint64_t>(entry(metadata, "step")).value_or(0);
  const auto measure = [&](bool held_out, int count) {
    return lab::evaluate(network, weights, dataset, {held_out, count, 1}, step, workers);
  };
  const lab::EvaluationResult test = measure(false, dataset.test_count());
  const lab::EvaluationResult held_out = measure(true, std::min(data::kHeldOut, dataset.train_count()));
  const std::string hash = lab::hash_weights(network, weights);
  if (!options.json) {
    std::printf("%s on %s: test accuracy %s, held-out accuracy %s; weights %s\n", preset_name(metadata).c_str(),
                dataset.name().c_str(), percent_text(test).c_str(), percent_text(held_out).c_str(), hash.c_str());
    return kSuccess;
  }
  const Json out = {{"settings", settings_of(metadata, network)},
                    {"step", step},
                    {"epoch", read_whole<int>(entry(metadata, "epoch")).value_or(0)},
                    {"parameters", network.parameter_count()},
                    {"weights", hash},
                    {"images", dataset.content_hash()},
                    {"test", json_of(test)},
                    {"heldOut", json_of(held_out)}};
  std::printf("%s\n", out.dump(2).c_str());
  return kSuccess;
}

}  // namespace lenet::cli
