// The output folder of a study: one file a run in runs/, the study file itself, and what the runs come to.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/study_file.h"

namespace lenet::cli {

/// A study folder on disk. Several processes may work in one, each on runs of its own.
class StudyFolder {
 public:
  /// Nothing is touched before prepare().
  explicit StudyFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}

  const std::filesystem::path& path() const { return folder_; }
  std::filesystem::path runs() const { return folder_ / "runs"; }

  /// Makes the folders where they are missing, and throws Error when they cannot be written to.
  void prepare() const;
  /// The text of the study file that was kept here; empty when there is none.
  std::string study_text() const;
  void keep_study_text(const std::string& text) const;

  /// The run of an arm with a seed, where it is there. Throws Error when the file is damaged, or when it answers another question.
  std::optional<lab::RunResult> load(const lab::Question& question, const std::string& arm, std::uint64_t seed) const;
  /// Writes a run's file at once. Throws Error.
  void save(const lab::Question& question, const lab::RunResult& run) const;
  void remove(const std::string& arm, std::uint64_t seed) const;
  /// Removes every file of runs/ that ends in .json.
  void remove_all() const;

  /// The results files in runs/, by name.
  std::vector<std::filesystem::path> run_files() const;

  /// Throws Error unless all of them answer this question.
  void check_runs(const lab::Question& question) const;

  /// Writes results.json, results.csv, table.md, summary.json and chart.svg. `study` is the file's text, "" where there was none.
  void write_report(const lab::Results& results, const std::string& study) const;

 private:
  std::filesystem::path folder_;
};

/// A file that must be a results file. Throws Error.
lab::Results load_results(const std::filesystem::path& file);

/// By arm in the question's order, then by seed, so that equal runs make equal files.
void sort_runs(lab::Results& results);

}  // namespace lenet::cli
