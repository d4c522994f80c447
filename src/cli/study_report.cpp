#include "cli/study_report.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "data/cifar10.h"
#include "data/strokes.h"
#include "lab/trial.h"

namespace lenet::cli {
namespace {

/// Shape of the images of a set that studies can use; nothing for another.
std::optional<data::ImageShape> shape_of(const std::string& dataset) {
  if (dataset == "cifar10") return data::Cifar10Dataset::kShape;
  if (dataset == "mnist" || dataset == "strokes") return data::ImageShape{1, data::kStrokeSide, data::kStrokeSide};
  return {};
}

void count_parameters(const lab::Arm& arm, const std::string& dataset, ArmReport& report) {
  const std::optional<data::ImageShape> shape = shape_of(dataset);
  if (!shape) return;
  constexpr int kClasses = 10;  // of all three
  const nn::Network<float> network(lab::network_of(arm.recipe, *shape), kClasses);
  report.parameters = network.parameter_count();
  for (const nn::ParameterView& view : network.parameters()) {
    const std::vector<std::string>& frozen = arm.recipe.frozen;
    if (std::find(frozen.begin(), frozen.end(), view.layer) == frozen.end()) report.trained += view.size;
  }
}

std::vector<DriftSummary> drift_of(const lab::Results& results, const std::string& arm) {
  std::vector<DriftSummary> layers;
  std::vector<std::vector<double>> changed, cosine;
  for (const lab::RunResult& run : results.runs) {
    if (run.arm != arm || run.diverged || run.curve.empty()) continue;
    const std::vector<lab::LayerDrift>& end = run.curve.back().layers;
    for (std::size_t i = 0; i < end.size(); ++i) {
      if (i == layers.size()) {
        layers.push_back({end[i].layer, {}, {}});
        changed.emplace_back();
        cosine.emplace_back();
      }
      changed[i].push_back(end[i].changed);
      cosine[i].push_back(end[i].cosine);
    }
  }
  for (std::size_t i = 0; i < layers.size(); ++i) {
    layers[i].changed = lab::summarize(changed[i]);
    layers[i].cosine = lab::summarize(cosine[i]);
  }
  return layers;
}

}  // namespace

StudyReport make_report(const lab::Results& results, const StudyText& text) {
  StudyReport report{text, results.question, lab::seeds_of(results), {}, {}};
  if (text.compare_at) report.compare_step = lab::step_reaching(results, text.compare_at->arm, text.compare_at->held_out_accuracy);
  const std::vector<lab::ArmSummary> ends = lab::summarize(results);
  std::vector<lab::ArmSummary> at;
  if (report.compare_step) at = lab::summarize(results, report.compare_step);
  for (std::size_t i = 0; i < ends.size(); ++i) {
    ArmReport arm;
    arm.end = ends[i];
    if (!at.empty()) arm.at = at[i];
    if (text.compare_at) arm.reaches = lab::step_reaching(results, ends[i].arm, text.compare_at->held_out_accuracy);
    count_parameters(results.question.arms[i], results.question.dataset, arm);
    arm.seconds_ratio = ends[i].seconds.mean / ends.front().seconds.mean;
    arm.drift = drift_of(results, ends[i].arm);
    report.arms.push_back(std::move(arm));
  }
  return report;
}

}  // namespace lenet::cli
