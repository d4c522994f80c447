// Findings of the views that look at all units of a layer: top, evolution, architecture, random.
#include "lab/experiments/findings_writer.h"

namespace lenet::lab {
namespace {

int count(std::size_t n) { return static_cast<int>(n); }

/// How many projections of one size there are in an array of them.
int count_of(std::span<const float> values, int channels, const Window& window) {
  const std::size_t size =
      static_cast<std::size_t>(channels) * static_cast<std::size_t>(window.height) * static_cast<std::size_t>(window.width);
  return size > 0 ? count(values.size() / size) : 0;
}

/// A float's value: written with a float's digits.
float activation_of(const Winner& winner) { return static_cast<float>(winner.peak.value); }

template <class T>
int total(const std::vector<T>& flags) {
  int sum = 0;
  for (const bool flag : flags) sum += flag;
  return sum;
}

Facts facts_of(const LayerMeasures& layer) {
  Facts facts = {{"layer", layer.layer},
                 {"filters", layer.filters.size()},
                 {"channels", layer.channels},
                 {"kernel", layer.kernel},
                 {"changed", layer.movement.changed},
                 {"cosine", layer.movement.cosine},
                 {"updateRatio", layer.movement.update_ratio},
                 {"rms", layer.rms},
                 {"initialRms", layer.initial_rms},
                 {"dead", layer.dead},
                 {"nearConstant", layer.near_constant},
                 {"twoValued", layer.two_valued},
                 {"histogramLimit", layer.limit}};
  if (layer.counted > 0) {
    facts["percentile"] = {{"mean", layer.mean_percentile},         {"n", layer.counted},        {"expected", 50},
                           {"standardError", layer.standard_error}, {"above95", layer.above_95}, {"below5", layer.below_5}};
  }
  facts["verdict"] = layer.verdict;
  return facts;
}

/// [layer][weights, initial weights][bin]; without the second part where those are not known.
void write_histograms(FindingsWriter& writer, const RandomnessResult& result) {
  std::vector<float> shares;
  for (const LayerMeasures& layer : result.layers) {
    shares.insert(shares.end(), layer.histogram.begin(), layer.histogram.end());
    shares.insert(shares.end(), layer.initial_histogram.begin(), layer.initial_histogram.end());
  }
  writer.array("histogram", {count(result.layers.size()), result.initial_known ? 2 : 1, LayerMeasures::kBins}, shares);
}

}  // namespace

void write(FindingsWriter& writer, const TopResult& result) {
  writer.fact("step") = result.step;
  writer.fact("layer") = result.layer;
  writer.fact("rule") = name_of(result.rule);
  writer.fact("images") = result.images;
  writer.fact("input") = facts_of(result.input);
  writer.fact("window") = size_of(result.window);
  const int units = count(result.winners.size());
  writer.fact("units") = units;
  writer.fact("winnersPerUnit") = kTop;
  writer.fact("silentUnits") = Facts::array();  // 0 on every image

  writer.columns({"layer", "unit", "rank", "training_image", "activation", "y", "x"});
  for (int unit = 0; unit < units; ++unit) {
    const std::vector<Winner>& winners = result.winners[static_cast<std::size_t>(unit)];
    if (winners.empty()) writer.fact("silentUnits").push_back(unit);
    int rank = 0;
    for (const Winner& winner : winners)
      writer.row(result.layer, unit, ++rank, winner.image, activation_of(winner), winner.peak.y, winner.peak.x);
  }
  const std::vector<int> shape = {units, kTop, result.input.channels, result.window.height, result.window.width};
  writer.array("patches", shape, result.patches);
  writer.array("projections", shape, result.projections);
}

void write(FindingsWriter& writer, const EvolutionResult& result) {
  const int done = count(result.steps.size());
  writer.fact("layer") = result.layer;
  writer.fact("rule") = name_of(result.rule);
  writer.fact("images") = result.images;
  writer.fact("input") = facts_of(result.input);
  writer.fact("window") = size_of(result.window);
  writer.fact("firstUnit") = result.first;
  writer.fact("units") = result.units;
  writer.fact("moments") = result.moments;
  writer.fact("done") = done;
  writer.fact("steps") = result.steps;
  writer.fact("jumps") = total(result.jumps);
  writer.fact("kernel") = result.kernel;
  writer.fact("layers") = result.convergence.layers;  // of the array "remaining", and its points
  writer.fact("remainingSteps") = result.convergence.steps;

  writer.columns({"step", "unit", "image", "jump", "activation", "y", "x"});
  for (int moment = 0; moment < done; ++moment) {
    const std::uint64_t step = result.steps[static_cast<std::size_t>(moment)];
    for (int unit = 0; unit < result.units; ++unit) {
      const std::size_t at =
          static_cast<std::size_t>(moment) * static_cast<std::size_t>(result.units) + static_cast<std::size_t>(unit);
      const Winner& winner = result.winners.at(at);
      const bool jump = result.jumps.at(at);
      if (winner.image < 0) {  // 0 everywhere: no image and no place
        writer.row(step, result.first + unit, std::string(), jump, activation_of(winner), std::string(), std::string());
      } else {
        writer.row(step, result.first + unit, winner.image, jump, activation_of(winner), winner.peak.y, winner.peak.x);
      }
    }
  }
  const std::vector<int> shape = {done, result.units, result.input.channels, result.window.height, result.window.width};
  writer.array("projections", shape, result.projections);
  writer.array("patches", shape, result.patches);
  writer.array("filters", {done, result.units, result.input.channels, result.kernel, result.kernel}, result.filters);
  const Convergence& curves = result.convergence;
  writer.array("remaining", {count(curves.layers.size()), count(curves.steps.size())},
               std::vector<float>(curves.remaining.begin(), curves.remaining.end()));
}

void write(FindingsWriter& writer, const ArchitectureResult& result) {
  writer.fact("step") = result.step;
  writer.fact("network") = result.network;
  writer.fact("parameters") = result.parameters;
  writer.fact("input") = facts_of(result.input);
  writer.fact("images") = result.images;
  writer.fact("first") = {{"layer", result.first},
                          {"kernel", result.kernel},
                          {"stride", result.stride},
                          {"maps", result.maps},
                          {"mapSize", result.map_size},
                          {"frequencyUnit", "cycles per pixel"},
                          {"spectrum", result.spectrum},  // bin b: from b · 0.5 / bins on
                          {"whiteSpectrum", result.white_spectrum},
                          {"low", result.low},
                          {"middle", result.middle},
                          {"high", result.high},
                          {"nearDeadShare", result.near_dead_share},
                          {"veryHighShare", result.very_high_share}};
  writer.fact("second") = {{"layer", result.second},
                           {"sampled", result.sampled},
                           {"grid", result.grid},
                           {"aliasShare", result.alias_share},
                           {"whiteAliasShare", result.white_alias_share},
                           {"aliasCounted", result.alias_counted},
                           {"window", size_of(result.window)}};

  writer.columns({"layer", "map", "energy", "high_share", "near_dead", "very_high"});
  for (std::size_t map = 0; map < result.energy.size(); ++map) {
    writer.row(result.first, count(map), result.energy[map], figure(result.kernel_high, map), bool{result.near_dead.at(map)},
               bool{result.very_high.at(map)});
  }
  const int channels = result.input.channels;
  writer.array("kernels", {result.maps, channels, result.kernel, result.kernel}, result.kernels);
  writer.array("projections",
               {count_of(result.projections, channels, result.window), channels, result.window.height, result.window.width},
               result.projections);
}

void write(FindingsWriter& writer, const RandomnessResult& result) {
  writer.fact("step") = result.step;
  writer.fact("images") = result.images;
  writer.fact("initialKnown") = result.initial_known;
  writer.fact("initialLoaded") = result.initial_loaded;
  writer.fact("smoothness") = "share of a kernel's energy below 1/6 cycles per pixel";
  writer.fact("randomKernels") = {{"n", result.kernels}, {"weights", "independent, normal"}};
  writer.fact("layers") = Facts::array();
  for (const LayerMeasures& layer : result.layers) writer.fact("layers").push_back(facts_of(layer));
  writer.fact("verdict") = result.verdict;

  writer.columns({"layer", "filter", "changed", "cosine", "update_ratio", "smoothness", "percentile", "rms", "lowest", "highest",
                  "near_constant", "two_valued", "dead"});
  for (const LayerMeasures& layer : result.layers) {
    int filter = 0;
    for (const FilterMeasures& f : layer.filters) {
      writer.row(layer.layer, filter++, f.movement.changed, f.movement.cosine, f.movement.update_ratio,
                 static_cast<float>(f.smoothness), static_cast<float>(f.percentile), f.rms, f.lowest, f.highest, f.near_constant,
                 f.two_valued, f.dead);
    }
    const std::vector<int> shape = {count(layer.filters.size()), layer.channels};
    writer.array("smoothness_" + layer.layer, shape, layer.smoothness);
    writer.array("percentile_" + layer.layer, shape, layer.percentile);
  }
  write_histograms(writer, result);
}

}  // namespace lenet::lab
