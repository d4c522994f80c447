// Weights to files and from them.
#include <utility>

#include "app/core.h"
#include "base/error.h"
#include "base/text.h"
#include "nn/checkpoint.h"

namespace lenet::app {
namespace {

/// The number that a file's metadata has under `key`; 0 where there is none.
std::uint64_t number_of(const std::map<std::string, std::string>& metadata, const char* key) {
  const auto found = metadata.find(key);
  return found == metadata.end() ? 0 : read_whole<std::uint64_t>(found->second).value_or(0);
}

}  // namespace

Core::Loaded Core::read_loaded(const nn::Network<float>& network, std::span<const std::byte> file) {
  nn::Weights<float> weights = network.make_weights();
  const std::map<std::string, std::string> metadata = nn::load_weights(network, file, "The file", weights);
  const auto dataset = metadata.find("dataset");
  return {.network = nn::to_string(network.spec()),
          .values = std::move(weights.values),
          .view = {.steps = number_of(metadata, "step") + number_of(metadata, "start_steps"),
                   .dataset = dataset == metadata.end() ? std::string() : dataset->second}};
}

std::optional<Core::Loaded> Core::read_loaded(const Settings& settings, std::span<const std::byte> file) const {
  if (file.empty()) return std::nullopt;
  check(settings);
  data_.check(settings.dataset);
  const data::Dataset* here = data_.find(settings.dataset);
  const data::Dataset& dataset = here != nullptr ? *here : data_.strokes();
  return read_loaded(nn::Network<float>(lab::network_of(settings.recipe, dataset.shape()), dataset.classes()), file);
}

std::optional<Core::Loaded> Core::loaded(const lab::Run& run) const {
  if (!run.starts_from_elsewhere()) return std::nullopt;
  return Loaded{.network = nn::to_string(run.network().spec()),
                .values = {run.initial_values().begin(), run.initial_values().end()},
                .view = loaded_view_};
}

void Core::apply(const command::ExportWeights&, Reply& reply) {
  std::map<std::string, std::string> metadata = {{"dataset", run().dataset().name()},
                                                 {"seed", std::to_string(settings_.seed)},
                                                 {"initializer", std::string(nn::name_of(settings_.recipe.initializer))},
                                                 {"batch", std::to_string(run().batch())},
                                                 {"rate", std::to_string(run().base_sgd().rate)},
                                                 {"momentum", std::to_string(run().base_sgd().momentum)},
                                                 {"decay", std::to_string(run().base_sgd().decay)},
                                                 {"step", std::to_string(run().step())},
                                                 {"epoch", std::to_string(run().epoch())}};
  if (run().starts_from_elsewhere()) {
    metadata["start"] = "loaded weights";
    metadata["start_steps"] = std::to_string(loaded_view_.steps);
  }
  reply.bytes = nn::save_weights(run().network(), run().weights(), std::move(metadata));
}

void Core::apply(const command::ImportWeights& c, Reply&) {
  if (arms_.size() > 1) throw Error("Weights are loaded into a run of its own: end the comparison first.");
  Loaded read = read_loaded(run().network(), c.file);
  playing_ = false;
  cancel_goals("Weights were loaded before it was done.");
  run().start_from(read.values);
  loaded_view_ = std::move(read.view);
  show(shown_);
  forget_progress();
}

void Core::apply(const command::GetWeights& c, Reply& reply) {
  if (c.arm < -1 || c.arm >= static_cast<int>(arms_.size())) throw Error("There is no arm " + std::to_string(c.arm) + ".");
  answer(c.arm < 0 ? run() : arms_[static_cast<std::size_t>(c.arm)]->run, c, viewer_.workspace(), reply);
}

}  // namespace lenet::app
