#include "app/measurement.h"

#include <nlohmann/json.hpp>

#include "app/settings.h"
#include "base/error.h"

namespace lenet::app {
namespace {

using nlohmann::json;

std::string to_json(const lab::LayerReport& report) {
  json layers = json::array();
  for (const lab::LayerPass& pass : report.passes) {
    layers.push_back({{"layer", pass.layer},
                      {"pass", pass.pass},
                      {"microseconds", pass.microseconds},
                      {"gflops", pass.gflops},
                      {"share_of_peak", pass.gflops / report.peak_gflops}});
  }
  return json({{"peak_gflops", report.peak_gflops}, {"layers", std::move(layers)}}).dump();
}

std::string to_json(const lab::ViewReport& report) {
  return json({{"layer", report.layer},
               {"units", report.units},
               {"projections_per_second", report.projections_per_second},
               {"top_images", report.top_images},
               {"top_seconds", report.top_seconds},
               {"occlusion_positions", report.occlusion_positions},
               {"occlusion_seconds", report.occlusion_seconds}})
      .dump();
}

}  // namespace

std::string to_json(const lab::Throughput& throughput) {
  return json({{"images", throughput.images}, {"seconds", throughput.seconds}}).dump();
}

std::string measure(const lab::Run& run, const std::string& what, int batch, double seconds, lab::Workers& workers) {
  if (batch < 1 || batch > lab::kLargestBatch) throw Error("A measurement takes a batch of 1 to " + std::to_string(lab::kLargestBatch) + " images.");
  if (!(seconds > 0 && seconds <= kLongestMeasurement)) throw Error("A measurement takes more than 0 and at most 60 seconds.");
  if (what == "inference") {
    return to_json(lab::measure_inference(run.training_network(), run.training_weights(), run.dataset(), batch, seconds, workers));
  }
  if (what == "layers") return to_json(lab::measure_layers(run.training_network(), run.training_weights(), run.dataset(), seconds));
  if (what == "lab") return to_json(lab::measure_views(run.network(), run.weights(), run.dataset(), seconds));
  throw Error("There is no measurement “" + what + "”; there are inference, layers and lab.");
}

}  // namespace lenet::app
