// report_json(): the report for programs.
#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/study_report.h"
#include "lab/trial.h"

namespace lenet::cli {
namespace {

using nlohmann::json;

json known(double value) { return std::isfinite(value) ? json(value) : json(); }

template <class T>
json known(const std::optional<T>& value) {
  return value ? json(*value) : json();
}

json summary_json(const lab::Summary& summary) {
  return {{"n", summary.n},
          {"mean", known(summary.mean)},
          {"standardDeviation", known(summary.deviation)},
          {"halfWidth95", known(summary.half_width)}};
}

json accuracy_json(const lab::ArmSummary& arm) {
  return {{"step", arm.step},
          {"heldOutAccuracy", summary_json(arm.held_out)},
          {"testAccuracy", summary_json(arm.test)},
          {"differenceFromFirst", summary_json(arm.difference)}};
}

json arm_json(const ArmReport& arm) {
  json out = {{"name", arm.end.arm},
              {"diverged", arm.end.diverged},
              {"atEnd", accuracy_json(arm.end)},
              {"trainedParameters", arm.trained},
              {"parameters", arm.parameters},
              {"seconds", summary_json(arm.end.seconds)},
              {"secondsRatio", known(arm.seconds_ratio)},
              {"drift", json::array()}};
  if (arm.at) out["atComparison"] = accuracy_json(*arm.at);
  for (const DriftSummary& layer : arm.drift) {
    out["drift"].push_back(
        {{"layer", layer.layer}, {"changed", summary_json(layer.changed)}, {"cosine", summary_json(layer.cosine)}});
  }
  return out;
}

}  // namespace

std::string report_json(const StudyReport& report) {
  const lab::Question& q = report.question;
  json out = {{"title", report.text.title},    {"claim", report.text.claim},  {"dataset", q.dataset}, {"dataHash", q.data_hash},
              {"trainImages", q.train_images}, {"testImages", q.test_images}, {"epochs", q.epochs},   {"steps", q.steps},
              {"seeds", report.seeds},         {"arms", json::array()}};
  if (!q.test_dataset.empty()) out["testDataset"] = q.test_dataset;
  if (report.text.compare_at) {
    out["compareAt"] = {{"arm", report.text.compare_at->arm},
                        {"heldOutAccuracy", report.text.compare_at->held_out_accuracy},
                        {"step", known(report.compare_step)}};
  }
  for (const ArmReport& arm : report.arms) {
    out["arms"].push_back(arm_json(arm));
    if (report.text.compare_at) out["arms"].back()["reachesAtStep"] = known(arm.reaches);
  }
  return out.dump(1) + "\n";
}

}  // namespace lenet::cli
