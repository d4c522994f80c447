// What a study comes to: the numbers once, as a table for people and as JSON for programs.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cli/study_file.h"
#include "lab/results.h"

namespace lenet::cli {

/// What the study file says beside its question.
struct StudyText {
  std::string title = "Study";
  std::string claim;
  std::optional<CompareAt> compare_at;
};

/// A layer's drift at the end of an arm's runs.
struct DriftSummary {
  std::string layer;
  lab::Summary changed;  ///< ‖W − W₀‖ / ‖W₀‖
  lab::Summary cosine;
};

struct ArmReport {
  lab::ArmSummary end;                      ///< at the end of the runs
  std::optional<lab::ArmSummary> at;        ///< at the step of compareAt
  std::optional<std::uint64_t> reaches;     ///< the first measured step at which it has compareAt's accuracy
  std::size_t trained = 0, parameters = 0;  ///< at the start; 0 where the data set is not known
  double seconds_ratio = 0;                 ///< of the mean training times: this arm's to the first one's; NaN: not known
  std::vector<DriftSummary> drift;
};

struct StudyReport {
  StudyText text;
  lab::Question question;
  std::vector<std::uint64_t> seeds;
  std::vector<ArmReport> arms;                ///< in the question's order
  std::optional<std::uint64_t> compare_step;  ///< where compareAt was reached
};

/// The numbers of all finished runs. Runs that diverged are only counted.
StudyReport make_report(const lab::Results& results, const StudyText& text);

/// In Markdown: what was asked, the arms at the end, at the step of compareAt, and how far the layers went.
std::string report_table(const StudyReport& report);
/// The same numbers. What is not known is null; accuracies are fractions.
std::string report_json(const StudyReport& report);

}  // namespace lenet::cli
