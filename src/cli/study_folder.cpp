#include "cli/study_folder.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "cli/files.h"
#include "cli/study_chart.h"
#include "cli/study_report.h"
#include "lab/results_csv.h"
#include "lab/results_json.h"

namespace lenet::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kStudyFile = "study.json";

void remove_file(const fs::path& file) {
  std::error_code error;
  fs::remove(file, error);
  if (error) throw Error("The old run " + file.string() + " cannot be removed: " + error.message() + ".");
}

/// A results file that answers this question. Throws Error that says in what it differs.
lab::Results load_answer(const fs::path& file, const lab::Question& question) {
  lab::Results found = load_results(file);
  const std::vector<std::string> differ = lab::differences(question, found.question);
  if (differ.empty()) return found;
  throw Error(file.string() + " answers another question. They differ in " + join(differ, "; ") +
              ". Take another --out, or remove what is there (lenet-lab study does so with --fresh).");
}

void write_text(const fs::path& path, const std::string& text) { write_file(path, bytes_of(text)); }

}  // namespace

void StudyFolder::prepare() const {
  make_folder(runs());
  const OutputFile probe(runs() / "probe");
}

std::string StudyFolder::study_text() const {
  std::error_code ignored;
  return fs::exists(folder_ / kStudyFile, ignored) ? read_text(folder_ / kStudyFile) : "";
}

void StudyFolder::keep_study_text(const std::string& text) const {
  if (study_text() != text) write_text(folder_ / kStudyFile, text);
}

std::optional<lab::RunResult> StudyFolder::load(const lab::Question& question, const std::string& arm, std::uint64_t seed) const {
  const fs::path file = runs() / run_file_name(arm, seed);
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return {};
  const lab::Results found = load_answer(file, question);
  const lab::RunResult* const run = lab::find_run(found, arm, seed);
  if (run == nullptr)
    throw Error(file.string() + " is not the run of “" + arm + "” with seed " + std::to_string(seed) + ". Remove it.");
  return *run;
}

void StudyFolder::save(const lab::Question& question, const lab::RunResult& run) const {
  write_text(runs() / run_file_name(run.arm, run.seed), lab::write_results({question, {run}}));
}

void StudyFolder::remove(const std::string& arm, std::uint64_t seed) const { remove_file(runs() / run_file_name(arm, seed)); }

void StudyFolder::remove_all() const {
  for (const fs::path& file : run_files()) remove_file(file);
}

std::vector<fs::path> StudyFolder::run_files() const {
  std::vector<fs::path> files;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(runs(), error)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void StudyFolder::check_runs(const lab::Question& question) const {
  for (const fs::path& file : run_files()) load_answer(file, question);
}

void StudyFolder::write_report(const lab::Results& results, const std::string& study) const {
  StudyText text;
  if (!study.empty()) {
    const Study read = read_study(study, (folder_ / kStudyFile).string());
    text = {read.title, read.claim, read.compare_at};
  }
  const StudyReport report = make_report(results, text);
  write_text(folder_ / "results.json", lab::write_results(results));
  write_text(folder_ / "results.csv", lab::results_csv(results));
  write_text(folder_ / "table.md", report_table(report));
  write_text(folder_ / "summary.json", report_json(report));
  write_text(folder_ / "chart.svg", chart_svg(results, text.title));
}

lab::Results load_results(const fs::path& file) { return lab::read_results(read_text(file), file.string()); }

void sort_runs(lab::Results& results) {
  const auto place = [&](const lab::RunResult& run) {
    const auto is_it = [&](const lab::Arm& arm) { return arm.name == run.arm; };
    return std::find_if(results.question.arms.begin(), results.question.arms.end(), is_it) - results.question.arms.begin();
  };
  std::sort(results.runs.begin(), results.runs.end(), [&](const lab::RunResult& a, const lab::RunResult& b) {
    return std::pair(place(a), a.seed) < std::pair(place(b), b.seed);
  });
}

}  // namespace lenet::cli
