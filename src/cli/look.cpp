#include "cli/look.h"

#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "cli/data_source.h"
#include "cli/files.h"
#include "cli/interrupt.h"
#include "cli/program.h"
#include "cli/progress.h"
#include "cli/saved_network.h"
#include "cli/timeline_folder.h"
#include "data/npy.h"
#include "lab/experiments/findings.h"
#include "lab/experiments/request_json.h"
#include "nn/checkpoint.h"

namespace lenet::cli {
namespace {

using Metadata = std::map<std::string, std::string>;

/// What the weights file says about `key`; empty where it says nothing.
std::string entry(const Metadata& metadata, const char* key) {
  const auto found = metadata.find(key);
  return found == metadata.end() ? std::string() : found->second;
}

DataSource open_images(const LookOptions& options, const Metadata& metadata) {
  std::string name = options.dataset;
  const std::string own = entry(metadata, "dataset");
  const bool fits_folder = options.data_folder.empty() || own != "strokes";
  if (name == "auto" && fits_folder && (own == "mnist" || own == "cifar10" || own == "strokes")) name = own;
  DataSource source = open_dataset(name, options.data_folder);
  if (!source.notice.empty()) std::fprintf(stderr, "%s\n", source.notice.c_str());
  return source;
}

nn::Network<float> make_network(const LookOptions& options, const Metadata& metadata, const data::Dataset& dataset) {
  const data::ImageShape shape = dataset.shape();
  const std::string input = entry(metadata, "input");
  const std::string here =
      "[" + std::to_string(shape.channels) + ", " + std::to_string(shape.height) + ", " + std::to_string(shape.width) + "]";
  if (!input.empty() && input != here) {
    throw Error(options.weights_file + " belongs to a network for images of " + input + "; those of " + dataset.name() + " are " +
                here + ". Name its data set with --dataset.");
  }
  return nn::Network<float>(saved_network(metadata, {shape.channels, shape.height, shape.width}), dataset.classes());
}

lab::Request read_request(const LookOptions& options, const nn::Network<float>& network) {
  const bool in_file = options.request.starts_with('@');
  const std::string name = in_file ? options.request.substr(1) : "--request";
  const nlohmann::json json = lab::parse_json(in_file ? read_text(name) : options.request, name);
  lab::Fields fields(json, name);
  lab::Request request = lab::read_request(fields, {{lab::layers_with_weights(network).front(), 0}, 0});
  fields.finish();
  return request;
}

/// What an evolution looks back along; empty for the other views.
std::optional<lab::Timeline> open_timeline(const LookOptions& options, const lab::Request& request,
                                           const nn::Network<float>& network) {
  if (!std::holds_alternative<lab::EvolutionRequest>(request)) return std::nullopt;
  if (options.timeline_folder.empty()) {
    throw Error(
        "An evolution looks back along a run. Let lenet-lab train --timeline DIR write the run's moments, and name that folder "
        "with --timeline.");
  }
  lab::Timeline timeline = read_timeline(options.timeline_folder, network);
  if (timeline.thinned() > 0) {
    std::fprintf(stderr, "%s: %d moments were left out, as they need more than %s MB of memory together.\n",
                 options.timeline_folder.c_str(), timeline.thinned(),
                 count_text(static_cast<double>(lab::Timeline::kBudget >> 20)).c_str());
  }
  return timeline;
}

/// All of the experiment, with a bar; returns false when interrupted.
bool work(lab::Experiment& experiment, const std::string& view, nn::Workspace<float> workspace, bool quiet) {
  Progress progress(quiet);
  const InterruptGuard interrupt;
  while (experiment.advance(workspace)) {
    if (interrupt.requested()) return false;
    if (progress.due()) progress.draw(view, experiment.fraction(), "");
  }
  return true;
}

void write_findings(const lab::Findings& findings, const std::filesystem::path& folder) {
  write_file(folder / "facts.json", bytes_of(findings.facts + "\n"));
  write_file(folder / "table.csv", bytes_of(lab::to_csv(findings)));
  std::vector<std::string> names;
  for (const lab::FoundArray& array : findings.arrays) {
    write_file(folder / (array.name + ".npy"), data::format_npy(array.shape, array.values));
    names.push_back(array.name + ".npy");
  }
  std::printf("%s: facts.json, table.csv (%s rows)%s%s in %s\n", findings.view.c_str(),
              count_text(static_cast<double>(findings.rows.size())).c_str(), names.empty() ? "" : ", ", join(names, ", ").c_str(),
              folder.c_str());
}

}  // namespace

int look(const LookOptions& options) {
  const std::vector<std::byte> file = read_file(options.weights_file);
  const Metadata metadata = weights_metadata(file, options.weights_file);
  const DataSource source = open_images(options, metadata);
  const nn::Network<float> network = make_network(options, metadata, *source.dataset);
  nn::Weights<float> weights = network.make_weights();
  nn::load_weights(network, file, options.weights_file, weights);
  const lab::Request request = read_request(options, network);
  std::optional<lab::Timeline> timeline = open_timeline(options, request, network);
  const auto subject = std::make_shared<const lab::Subject>(
      lab::Subject{network, std::move(weights), *source.dataset, read_whole<std::uint64_t>(entry(metadata, "step")).value_or(0),
                   options.seed.value_or(read_whole<std::uint64_t>(entry(metadata, "seed")).value_or(1))});
  const std::unique_ptr<lab::Experiment> experiment = lab::make_experiment(subject, request, timeline ? &*timeline : nullptr);
  make_folder(options.folder);
  if (!work(*experiment, lab::view_name(request), network.make_workspace(), options.quiet)) {
    std::fprintf(stderr, "Interrupted; nothing was written.\n");
    return kInterrupted;
  }
  write_findings(lab::findings(experiment->outcome()), options.folder);
  return kSuccess;
}

}  // namespace lenet::cli
