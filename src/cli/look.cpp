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
#include "nn/initializer.h"

namespace lenet::cli {
namespace {

lab::Request read_request(const LookOptions& options, const nn::Network<float>& network) {
  const bool in_file = options.request.starts_with('@');
  const std::string name = in_file ? options.request.substr(1) : "--request";
  const nlohmann::json json = lab::parse_json(in_file ? read_text(name) : options.request, name);
  lab::Fields fields(json, name);
  lab::Request request = lab::read_request(fields, {{lab::layers_with_weights(network).front(), 0}, 0});
  fields.finish();
  return request;
}

/// The weights that the run of a weights file began with, drawn again as the file says; none where it does not say, or began with others.
std::vector<float> initial_values(const nn::Network<float>& network, const Metadata& metadata) {
  const std::string initializer = entry(metadata, "initializer");
  const std::optional<std::uint64_t> seed = read_whole<std::uint64_t>(entry(metadata, "seed"));
  if (initializer.empty() || !seed || !entry(metadata, "start").empty()) return {};
  nn::Weights<float> weights = network.make_weights();
  nn::initialize(network, nn::initializer_named(initializer), *seed, weights);
  return std::move(weights.values);
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
  const DataSource source = open_saved_dataset(metadata, options.dataset, options.data_folder);
  const nn::Network<float> network = make_saved_network(metadata, options.weights_file, *source.dataset);
  nn::Weights<float> weights = network.make_weights();
  nn::load_weights(network, file, options.weights_file, weights);
  const lab::Request request = read_request(options, network);
  std::optional<lab::Timeline> timeline = open_timeline(options, request, network);
  const std::vector<float> initial = initial_values(network, metadata);
  const auto subject = std::make_shared<const lab::Subject>(
      lab::Subject{.network = network,
                   .weights = std::move(weights),
                   .dataset = *source.dataset,
                   .step = read_whole<std::uint64_t>(entry(metadata, "step")).value_or(0),
                   .seed = options.seed.value_or(read_whole<std::uint64_t>(entry(metadata, "seed")).value_or(1)),
                   .initial = initial});
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
