#include "cli/study.h"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "cli/data_source.h"
#include "cli/files.h"
#include "cli/program.h"
#include "cli/study_queue.h"
#include "data/batches.h"
#include "data/limited.h"
#include "lab/results_json.h"

namespace lenet::cli {
namespace {

struct Shard {
  std::size_t index = 1, count = 1;

  bool has(std::size_t run) const { return run % count == index - 1; }
};

Shard read_shard(const std::string& text) {
  if (text.empty()) return {};
  if (const std::size_t slash = text.find('/'); slash != std::string::npos) {
    const auto index = read_whole<std::size_t>(text.substr(0, slash)), count = read_whole<std::size_t>(text.substr(slash + 1));
    if (index && count && *index >= 1 && *index <= *count) return {*index, *count};
  }
  throw Error("--shard: “" + text + "” is not of the form i/n with i from 1 to n, such as 2/4.");
}

/// The data of a study, with a part of the training images where it asks for that.
struct StudyData {
  DataSource source;
  std::optional<data::LimitedDataset> limited;

  const data::Dataset& dataset() const { return limited ? static_cast<const data::Dataset&>(*limited) : *source.dataset; }
};

std::unique_ptr<StudyData> open_data(const Study& study, const std::string& folder) {
  auto data = std::make_unique<StudyData>();
  data->source = open_dataset(study.dataset, study.test_on, folder);
  if (!data->source.notice.empty()) std::fprintf(stderr, "%s\n", data->source.notice.c_str());
  if (study.train_images == 0) return data;
  const int most = data::epoch_size(data->source.dataset->train_count());
  if (study.train_images > most) {
    throw Error("The study asks for " + count_text(study.train_images) + " training images; beside the held-out ones “" +
                study.dataset + "” has " + count_text(most) + ".");
  }
  data->limited.emplace(*data->source.dataset, study.train_images + data::kHeldOut);
  return data;
}

/// A set may draw its images when they are first read, on one thread only; afterwards it may be read from many.
void touch_images(const data::Dataset& dataset) {
  for (int i = 0; i < dataset.train_count(); ++i) dataset.train_image(i);
  for (int i = 0; i < dataset.test_count(); ++i) dataset.test_image(i);
}

/// All runs of a study, seed by seed.
std::vector<PlannedRun> planned_runs(const Study& study) {
  std::vector<PlannedRun> runs;
  for (const std::uint64_t seed : study.seeds) {
    for (const lab::Arm& arm : study.arms) runs.push_back({&arm, seed});
  }
  return runs;
}

/// Runs of one shard that are still to be done. Throws Error when the folder has runs of another question or another plan.
std::vector<PlannedRun> missing_runs(const std::vector<PlannedRun>& mine, const lab::Question& question,
                                     const StudyFolder& folder) {
  std::vector<PlannedRun> missing;
  for (const PlannedRun& run : mine) {
    if (!folder.load(question, run.arm->name, run.seed)) missing.push_back(run);
  }
  return missing;
}

/// Other measurements are no other question, but runs that were measured elsewhere cannot be compared step by step.
void check_plan(const Study& study, const StudyFolder& folder) {
  const std::string old_text = folder.study_text();
  if (old_text.empty() || folder.run_files().empty()) return;
  const Study old = read_study(old_text, (folder.path() / "study.json").string());
  if (old.measure.steps == study.measure.steps && old.measure.every_epochs == study.measure.every_epochs) return;
  throw Error("The runs in " + folder.path().string() +
              " were measured at other steps than this study asks for (measure). Take another --out, or --fresh to begin anew.");
}

/// Removes all old runs, or a shard's own: others may be at work on theirs.
void remove_old(const std::vector<PlannedRun>& mine, bool all, const StudyFolder& folder) {
  if (all) folder.remove_all();
  for (const PlannedRun& run : mine) folder.remove(run.arm->name, run.seed);
}

/// A run that another process may have written; nothing too where its file is an old one that the process has not replaced yet.
std::optional<lab::RunResult> load_of_others(const PlannedRun& run, const lab::Question& question, const StudyFolder& folder) {
  try {
    return folder.load(question, run.arm->name, run.seed);
  } catch (const Error&) {
    return {};
  }
}

/// All runs of the study, or nothing where one is missing.
std::optional<lab::Results> collect(const std::vector<PlannedRun>& all, const lab::Question& question, const StudyFolder& folder) {
  lab::Results results{question, {}};
  for (const PlannedRun& run : all) {
    std::optional<lab::RunResult> found = load_of_others(run, question, folder);
    if (!found) return {};
    results.runs.push_back(*std::move(found));
  }
  sort_runs(results);
  return results;
}

void say_written(const StudyFolder& folder, std::size_t runs) {
  std::printf("%zu runs, in %s: table.md, chart.svg, results.csv, results.json, summary.json\n", runs, folder.path().c_str());
}

int say_interrupted(const StudyFolder& folder, std::size_t done, std::size_t all) {
  std::fprintf(stderr, "Interrupted: %zu of %zu runs are finished and kept in %s. The same command goes on with the others.\n",
               done, all, folder.runs().c_str());
  return kInterrupted;
}

}  // namespace

int study(const StudyOptions& options) {
  const Shard shard = read_shard(options.shard);
  const std::string text = read_text(options.file);
  const Study study = read_study(text, options.file);
  const std::unique_ptr<StudyData> data = open_data(study, options.data_folder);
  check_arms(study.arms, data->dataset().shape(), data->dataset().classes());
  const lab::Question question = lab::make_question(data->dataset(), study.arms, study.epochs, study.steps);

  const std::vector<PlannedRun> all = planned_runs(study);
  std::vector<PlannedRun> mine;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (shard.has(i)) mine.push_back(all[i]);
  }
  const StudyFolder folder(options.folder);
  folder.prepare();
  if (options.fresh) remove_old(mine, shard.count == 1, folder);
  check_plan(study, folder);
  const std::vector<PlannedRun> missing = missing_runs(mine, question, folder);
  folder.keep_study_text(text);
  if (missing.size() < mine.size()) std::printf("%zu of %zu runs are there already.\n", mine.size() - missing.size(), mine.size());

  if (!missing.empty()) {
    touch_images(data->dataset());
    StudyQueue queue(data->dataset(), question, study.measure, folder, options.quiet);
    const std::size_t finished = static_cast<std::size_t>(queue.work(missing, options.jobs));
    if (finished < missing.size()) return say_interrupted(folder, mine.size() - missing.size() + finished, mine.size());
  }
  const std::optional<lab::Results> results = collect(all, question, folder);
  if (results) {
    folder.write_report(*results, text);
    say_written(folder, results->runs.size());
  } else {
    std::printf("The runs of shard %s are there. The last shard writes the results, or lenet-lab merge.\n", options.shard.c_str());
  }
  return kSuccess;
}

int merge(const MergeOptions& options) {
  std::vector<lab::Results> found;
  std::string text;
  for (const std::string& name : options.folders) {
    const StudyFolder folder(name);
    const std::vector<std::filesystem::path> files = folder.run_files();
    if (files.empty()) throw Error("The folder " + name + " has no runs of a study (runs/*.json).");
    for (const std::filesystem::path& file : files) found.push_back(load_results(file));
    if (text.empty()) text = folder.study_text();
  }
  const StudyFolder out(options.out);
  out.check_runs(found.front().question);
  for (const std::filesystem::path& file : out.run_files()) found.push_back(load_results(file));
  lab::Results results = lab::pool(found);
  sort_runs(results);
  out.prepare();
  for (const lab::RunResult& run : results.runs) out.save(results.question, run);
  if (!text.empty()) out.keep_study_text(text);
  out.write_report(results, text);
  say_written(out, results.runs.size());
  return kSuccess;
}

}  // namespace lenet::cli
