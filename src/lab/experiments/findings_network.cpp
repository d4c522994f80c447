// Findings of the views that look at all units of a layer: top, evolution, architecture.
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

}  // namespace lenet::lab
