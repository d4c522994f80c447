// report_table(): the report in Markdown.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "cli/progress.h"
#include "cli/study_report.h"
#include "data/batches.h"
#include "lab/trial.h"

namespace lenet::cli {
namespace {

/// "%.*f", or a dash for what is not known.
std::string fixed(double value, int digits) {
  if (!std::isfinite(value)) return "–";
  char text[64];
  std::snprintf(text, sizeof(text), "%.*f", digits, value);
  return text;
}

/// "98.12 ± 0.16 %": mean and standard deviation.
std::string percent(const lab::Summary& summary) {
  if (summary.n == 0) return "–";
  const std::string deviation = summary.n > 1 ? " ± " + fixed(100 * summary.deviation, 2) : "";
  return fixed(100 * summary.mean, 2) + deviation + " %";
}

/// "−1.20 [−1.35, −1.05]": the mean and its 95 % interval, in percentage points.
std::string points(const lab::Summary& summary) {
  if (summary.n == 0) return "–";
  const auto text = [](double value) {
    std::string digits = fixed(std::abs(100 * value), 2);
    const bool zero = digits == "0.00";
    return (zero ? "" : value < 0 ? "−" : "+") + digits;
  };
  const std::string interval =
      summary.n > 1 ? " [" + text(summary.mean - summary.half_width) + ", " + text(summary.mean + summary.half_width) + "]" : "";
  return text(summary.mean) + interval;
}

std::string count_of(const lab::ArmSummary& arm) {
  return std::to_string(arm.test.n) + (arm.diverged > 0 ? " (" + std::to_string(arm.diverged) + " diverged)" : "");
}

/// A text in a cell of a table.
std::string cell(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("\\|") : c == '\n' ? std::string(" ") : std::string(1, c);
  return out;
}

std::string row(const std::vector<std::string>& cells) {
  std::string text = "|";
  for (const std::string& one : cells) text += " " + one + " |";
  return text + "\n";
}

/// Accuracies of an arm, and how they differ from the first arm's.
std::vector<std::string> accuracy_cells(const lab::ArmSummary& arm, bool is_first) {
  return {cell(arm.arm), count_of(arm), percent(arm.held_out), percent(arm.test), is_first ? "" : points(arm.difference)};
}

std::string what_was_asked(const StudyReport& report) {
  const lab::Question& q = report.question;
  std::string seeds, steps;
  for (const std::uint64_t seed : report.seeds) seeds += (seeds.empty() ? "" : ", ") + std::to_string(seed);
  std::vector<std::uint64_t> lengths;
  for (const lab::Arm& arm : q.arms) lengths.push_back(lab::steps_of(q, arm));
  const auto [shortest, longest] = std::minmax_element(lengths.begin(), lengths.end());
  steps = count_text(static_cast<double>(*shortest));
  if (*shortest < *longest) steps += " to " + count_text(static_cast<double>(*longest));
  const std::string epochs = q.epochs > 0 ? std::to_string(q.epochs) + (q.epochs == 1 ? " epoch, " : " epochs, ") : "";
  return "Data: " + q.dataset + " (" + q.data_hash + "), " + count_text(q.train_images) + " training images in an epoch, " +
         count_text(data::kHeldOut) + " held out, " + count_text(q.test_images) + " test images" +
         (q.test_dataset.empty() ? "" : " of " + q.test_dataset) + ". Each run: " + epochs + steps + " steps. Seeds: " + seeds +
         ".\n\n";
}

std::string end_table(const StudyReport& report) {
  const std::string& first = report.question.arms.front().name;
  std::string text = row({"arm", "n", "held-out accuracy", "test accuracy", "difference from “" + cell(first) + "”",
                          "trained / all parameters", "training time", "against “" + cell(first) + "”"});
  text += "| --- | --- | --- | --- | --- | --- | --- | --- |\n";
  for (const ArmReport& arm : report.arms) {
    std::vector<std::string> cells = accuracy_cells(arm.end, &arm == &report.arms.front());
    cells.push_back(arm.parameters > 0
                        ? count_text(static_cast<double>(arm.trained)) + " / " + count_text(static_cast<double>(arm.parameters))
                        : "–");
    cells.push_back(arm.end.seconds.n > 0 ? fixed(arm.end.seconds.mean, 1) + " s" : "–");
    cells.push_back(fixed(arm.seconds_ratio, 2) + (std::isfinite(arm.seconds_ratio) ? "×" : ""));
    text += row(cells);
  }
  return text +
         "\nMean ± standard deviation over n seeds. The difference is of test accuracy, in percentage points, paired by seed, with "
         "its 95 % "
         "interval (Student's t). Training time is without the measurements.\n";
}

std::string compare_table(const StudyReport& report) {
  const CompareAt& at = *report.text.compare_at;
  const std::string goal = fixed(100 * at.held_out_accuracy, 2) + " % held-out accuracy";
  if (!report.compare_step) return "\nThe mean of “" + at.arm + "” never reaches " + goal + " where it was measured.\n";
  std::string text = "\n## At step " + std::to_string(*report.compare_step) + "\n\nThe first measured step at which the mean of “" +
                     at.arm + "” has " + goal + ".\n\n" +
                     row({"arm", "n", "held-out accuracy", "test accuracy",
                          "difference from “" + cell(report.question.arms.front().name) + "”", "reaches " + goal + " at step"}) +
                     "| --- | --- | --- | --- | --- | --- |\n";
  for (const ArmReport& arm : report.arms) {
    std::vector<std::string> cells = accuracy_cells(*arm.at, &arm == &report.arms.front());
    cells.push_back(arm.reaches ? std::to_string(*arm.reaches) : "never");
    text += row(cells);
  }
  return text;
}

std::string drift_table(const StudyReport& report) {
  std::string text =
      "\n## How far the weights went\n\nAt the end, mean over n seeds: the change ‖W − W₀‖ / ‖W₀‖ and the cosine between W and "
      "W₀.\n\n" +
      row({"arm", "layer", "n", "change", "cosine"}) + "| --- | --- | --- | --- | --- |\n";
  for (const ArmReport& arm : report.arms) {
    for (const DriftSummary& layer : arm.drift) {
      text += row({cell(arm.end.arm), layer.layer, std::to_string(layer.changed.n), fixed(layer.changed.mean, 3),
                   fixed(layer.cosine.mean, 4)});
    }
  }
  return text;
}

}  // namespace

std::string report_table(const StudyReport& report) {
  std::string text = "# " + report.text.title + "\n\n";
  if (!report.text.claim.empty()) text += report.text.claim + "\n\n";
  text += what_was_asked(report) + end_table(report);
  if (report.text.compare_at) text += compare_table(report);
  return text + drift_table(report);
}

}  // namespace lenet::cli
