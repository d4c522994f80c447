#include "lab/results_csv.h"

#include <algorithm>
#include <cstdio>

#include "lab/csv.h"

namespace lenet::lab {
namespace {

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.6g", value);
  return text;
}

std::string score(const Score& score) {
  return score.images > 0 ? number(score.accuracy()) + "," + std::to_string(score.images) : ",";
}

/// All layers' names, in the order in which they are first met.
std::vector<std::string> layers_of(const Results& results) {
  std::vector<std::string> layers;
  for (const RunResult& run : results.runs)
    for (const Measurement& m : run.curve)
      for (const LayerDrift& layer : m.layers) {
        if (std::find(layers.begin(), layers.end(), layer.layer) == layers.end()) layers.push_back(layer.layer);
      }
  return layers;
}

std::string drift_of(const Measurement& m, const std::string& layer) {
  const auto found = std::find_if(m.layers.begin(), m.layers.end(), [&](const LayerDrift& drift) { return drift.layer == layer; });
  return found == m.layers.end() ? ",," : "," + number(found->changed) + "," + number(found->cosine);
}

}  // namespace

std::string results_csv(const Results& results) {
  const std::vector<std::string> layers = layers_of(results);
  std::string text =
      "arm,seed,contributor,step,epoch,train_loss,held_out_accuracy,held_out_images,test_accuracy,test_images,diverged,weights_hash";
  for (const std::string& layer : layers) text += ",changed_" + layer + ",cosine_" + layer;
  text += "\n";
  for (const RunResult& run : results.runs) {
    const std::string begin = csv_field(run.arm) + "," + std::to_string(run.seed) + "," + csv_field(run.contributor) + ",";
    const std::string end = std::string(run.diverged ? ",1," : ",0,") + run.weights_hash;
    for (const Measurement& m : run.curve) {
      text += begin + std::to_string(m.step) + "," + std::to_string(m.epoch) + "," + number(m.train_loss) + "," + score(m.held_out) + "," +
              score(m.test) + end;
      for (const std::string& layer : layers) text += drift_of(m, layer);
      text += "\n";
    }
  }
  return text;
}

}  // namespace lenet::lab
