#include "app/results_view.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "app/gap.h"

namespace lenet::app {
namespace {

std::vector<CurvePoint> curve_of(const lab::RunResult& run) {
  std::vector<CurvePoint> points;
  for (const lab::Measurement& m : run.curve) points.push_back({m.step, m.test.accuracy(), m.test.images});
  return points;
}

/// Means over the curves at the steps that all of them have, and their 95 % intervals.
void summarize(const std::vector<std::vector<CurvePoint>>& curves, std::vector<CurvePoint>& mean, std::vector<double>& band) {
  if (curves.empty()) return;
  for (const CurvePoint& point : curves.front()) {
    std::vector<double> values;
    for (const auto& curve : curves) {
      const auto found = std::find_if(curve.begin(), curve.end(), [&](const auto& other) { return other.step == point.step && other.n == point.n; });
      if (found != curve.end()) values.push_back(found->value);
    }
    if (values.size() != curves.size()) continue;
    const lab::Summary summary = lab::summarize(values);
    mean.push_back({point.step, summary.mean, summary.n});
    band.push_back(summary.half_width);
  }
}

ResultsView::Arm arm_of(const lab::Results& results, lab::ArmSummary summary) {
  ResultsView::Arm arm;
  arm.summary = std::move(summary);
  const std::string& name = arm.summary.arm;
  const std::string& first = results.question.arms.front().name;
  for (const std::uint64_t seed : lab::seeds_of(results)) {
    const lab::RunResult* const run = lab::find_run(results, name, seed);
    if (run == nullptr || run->diverged) continue;
    arm.seeds.push_back(curve_of(*run));
    const lab::RunResult* const base = lab::find_run(results, first, seed);
    if (base == nullptr || base->diverged || name == first) continue;
    arm.gap_seeds.push_back(accuracy_gap(curve_of(*base), arm.seeds.back()));
  }
  summarize(arm.seeds, arm.mean, arm.mean_band);
  summarize(arm.gap_seeds, arm.gap, arm.gap_band);
  return arm;
}

std::string question_of(const lab::Question& q) {
  return q.dataset + ", " + std::to_string(q.train_images) + " training images, " +
         (q.epochs > 0 ? std::to_string(q.epochs) + " epochs" : std::to_string(q.steps) + " steps") + " each";
}

std::string contributors_of(const lab::Results& results) {
  std::map<std::string, std::set<std::uint64_t>> seeds;
  for (const lab::RunResult& run : results.runs) seeds[run.contributor].insert(run.seed);
  std::string text;
  for (const auto& [name, all] : seeds) {
    std::string line;
    for (const std::uint64_t seed : all) line += (line.empty() ? name + ": seeds " : ", ") + std::to_string(seed);
    text += (text.empty() ? "" : "\n") + line;
  }
  return text;
}

}  // namespace

std::shared_ptr<const ResultsView> make_results_view(lab::Results results) {
  auto view = std::make_shared<ResultsView>();
  view->results = std::move(results);
  for (lab::ArmSummary& summary : lab::summarize(view->results)) view->arms.push_back(arm_of(view->results, std::move(summary)));
  view->seeds = static_cast<int>(lab::seeds_of(view->results).size());
  view->question = question_of(view->results.question);
  view->contributors = contributors_of(view->results);
  return view;
}

}  // namespace lenet::app
