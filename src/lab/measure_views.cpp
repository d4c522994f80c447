#include "lab/measure_views.h"

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "base/error.h"
#include "data/batches.h"
#include "lab/experiments/experiment.h"
#include "lab/median_seconds.h"
#include "nn/block.h"

namespace lenet::lab {
namespace {

constexpr int kImages = 1000;

/// The second conv layer; the first where there is no second, and without any the first layer with weights.
std::string layer_to_measure(const nn::Network<float>& network) {
  std::vector<std::string> convs;
  for (std::size_t i = 0; i < network.layer_count(); ++i) {
    if (network.layer(i).spec().kind == nn::LayerKind::kConv) convs.push_back(network.layer(i).spec().name);
  }
  if (convs.empty()) return layers_with_weights(network).front();
  return convs[std::min<std::size_t>(convs.size() - 1, 1)];
}

/// Seconds for eight projections: each lane's own unit, at its strongest place in its own image.
double time_projections(const Subject& subject, const std::string& layer, double seconds) {
  nn::Workspace<float> workspace = subject.network.make_workspace();
  for (int lane = 0; lane < nn::kLanes; ++lane) {
    nn::set_image<float>(subject.network.input(), subject.dataset.test_image(lane), lane, workspace.activation[0].data());
  }
  const std::size_t observed = nn::observed_layer(subject.network, subject.network.find_layer(layer));
  subject.network.forward(subject.weights, workspace, static_cast<int>(observed));
  const int units = subject.network.layer(observed).output().channels;
  std::array<nn::ProjectionTarget, nn::kLanes> targets{};
  for (int lane = 0; lane < nn::kLanes; ++lane) {
    const int unit = lane % units;
    targets[static_cast<std::size_t>(lane)] = {unit, nn::find_peak(subject.network, workspace, observed, unit, lane)};
  }
  return median_seconds(
      seconds, [&] { nn::project(subject.network, subject.weights, workspace, observed, targets, nn::BackwardRule::kDeconv); });
}

}  // namespace

ViewReport measure_views(const nn::Network<float>& network, const nn::Weights<float>& weights, const data::Dataset& dataset,
                         double seconds) {
  if (dataset.test_available() < nn::kLanes || dataset.train_available() < dataset.held_out()) {
    throw Error("There are not enough images to measure with yet.");
  }
  const auto subject = std::make_shared<const Subject>(Subject{network, weights, dataset});
  ViewReport report;
  report.layer = layer_to_measure(network);
  report.units = network.layer(network.find_layer(report.layer)).output().channels;
  report.projections_per_second = nn::kLanes / time_projections(*subject, report.layer, seconds / 3);
  report.top_seconds = median_seconds(seconds / 3, [&] {
    report.top_images = std::get<TopResult>(run_experiment(subject, TopRequest{report.layer, kImages})).images;
  });
  report.occlusion_seconds = median_seconds(seconds / 3, [&] {
    const OcclusionResult result = std::get<OcclusionResult>(run_experiment(subject, OcclusionRequest{0}));
    report.occlusion_positions = result.rows * result.columns;
  });
  return report;
}

}  // namespace lenet::lab
