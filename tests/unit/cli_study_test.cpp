// Tests of lenet-lab study and merge: what a study file may say, runs that are kept, repeated or refused, and what is written.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "cli/chart_axis.h"
#include "cli/study_file.h"
#include "cli/study_folder.h"
#include "cli_support.h"
#include "data/batches.h"
#include "support.h"

using namespace lenet;
using namespace lenet::test;
using nlohmann::json;

namespace {

/// Two arms on 100 drawn images.
json small_study() {
  return json::parse(R"({
    "title": "A small <study>", "claim": "None | really", "dataset": "strokes", "trainImages": 100, "seeds": [1, 2], "epochs": 1,
    "measure": {"steps": [2]}, "base": {"network": "conv 2 5x5, relu, pool 4, dense 10", "batch": 20},
    "arms": [{"name": "all"}, {"name": "conv frozen", "freeze": ["conv1"], "comment": "it stands still"}],
    "compareAt": {"arm": "all", "heldOutAccuracy": 0.01}})");
}

std::string refusal_of(const std::string& text) {
  return message_of<Error>([&] { cli::read_study(text, "s.json"); });
}

/// The refusal of the small study with a field replaced.
std::string refusal_with(const char* pointer, const json& value) {
  json file = small_study();
  file[json::json_pointer(pointer)] = value;
  return refusal_of(file.dump());
}

std::string write_study(const Folder& folder, const json& study) {
  cli::write_file(folder.file("s.json"), cli::bytes_of(study.dump()));
  return folder.file("s.json");
}

Outcome run_study(const Folder& folder, const json& study, const std::string& out, std::vector<std::string> more = {}) {
  std::vector<std::string> all = {"study", write_study(folder, study), "--out", folder.file(out), "--quiet"};
  all.insert(all.end(), more.begin(), more.end());
  return lenet_lab(all);
}

/// A results file's runs without what a run's clock said.
json runs_of(const std::string& file) {
  json results = json::parse(cli::read_text(file));
  for (json& run : results["runs"]) run.erase("seconds");
  return results;
}

}  // namespace

TEST_CASE("study file: everything is read") {
  json file = small_study();
  file["comment"] = "free text";
  file["seeds"] = {{"first", 5}, {"count", 3}};
  file["measure"] = {{"steps", {50, 2, 2}}, {"everyEpochs", 0}};
  file["arms"][1]["preset"] = "mlp";
  file["arms"][1]["freeze"] = json::array({"fc1"});
  const cli::Study study = cli::read_study(file.dump(), "s.json");
  CHECK(study.title == "A small <study>");
  CHECK(study.train_images == 100);
  CHECK(study.seeds == std::vector<std::uint64_t>{5, 6, 7});
  CHECK(study.measure.steps == std::vector<std::uint64_t>{2, 50});
  CHECK(study.measure.every_epochs == 0);
  CHECK(study.arms[0].recipe.batch == 20);
  CHECK(study.arms[0].recipe.preset == "custom");
  CHECK(study.arms[1].recipe.preset == "mlp");
  CHECK(study.arms[1].recipe.frozen == std::vector<std::string>{"fc1"});
  CHECK(study.compare_at->held_out_accuracy == 0.01);
  CHECK(cli::read_study(small_study().dump(), "s").measure.every_epochs == 1);
}

TEST_CASE("study file: everything wrong gets a sentence that begins with the place") {
  CHECK(contains(refusal_of("{\n  \"title\": \"x\",\n  \"epochs\" 3\n}"), "s.json is not JSON: something is wrong in line 3"));
  CHECK(contains(refusal_of("[1]"), "s.json needs an object"));
  CHECK(contains(refusal_of("{}"), "s.json needs a title"));
  CHECK(contains(refusal_with("/colour", "red"), "s.json does not know \"colour\"; it takes comment, title, claim, dataset"));
  CHECK(contains(refusal_with("/arms/1/freez", 1), "s.json: arm 2 does not know \"freez\"; it takes name"));
  CHECK(contains(refusal_with("/base/name", "x"), "s.json: base does not know \"name\""));
  CHECK(contains(refusal_with("/dataset", "flowers"), "\"mnist\", \"cifar10\" or \"strokes\" as its dataset, not \"flowers\""));
  CHECK(contains(refusal_with("/dataset", 3), "needs a text for dataset, not 3"));
  CHECK(contains(refusal_with("/testOn", "flowers"), "\"mnist\", \"cifar10\" or \"strokes\" as its testOn, not \"flowers\""));
  CHECK(contains(refusal_with("/trainImages", 0), "whole number from 1 on for trainImages"));
  CHECK(contains(refusal_with("/seeds", json::array()), "at least one seed"));
  CHECK(contains(refusal_with("/seeds", json::array({1, 1})), "names a seed twice"));
  CHECK(contains(refusal_with("/seeds", json::array({1, "two"})), "for seeds, not \"two\""));
  CHECK(contains(refusal_with("/seeds", 5), "a list of whole numbers for seeds, not 5"));
  CHECK(contains(refusal_with("/seeds", {{"first", 1}}), "s.json: seeds needs count"));
  CHECK(contains(refusal_with("/steps", 5), "epochs or steps, one of the two"));
  CHECK(contains(refusal_with("/epochs", nullptr), "epochs or steps, one of the two"));
  CHECK(contains(refusal_with("/epochs", 0.5), "for epochs, not 0.5"));
  CHECK(contains(refusal_with("/measure/steps", json::array({0})), "s.json: measure needs a whole number"));
  CHECK(contains(refusal_with("/measure/every", 2), "s.json: measure does not know \"every\"; it takes steps, everyEpochs"));
  CHECK(contains(refusal_with("/arms", json::array()), "needs arms"));
  CHECK(contains(refusal_with("/arms", "all"), "needs a list for arms"));
  CHECK(contains(refusal_with("/arms/0", 7), "s.json: arm 1 needs an object"));
  CHECK(contains(refusal_with("/arms/0/name", nullptr), "s.json: arm 1 needs a name"));
  CHECK(contains(refusal_with("/arms/0/name", std::string(81, 'x')), "1 to 80 letters"));
  CHECK(contains(refusal_with("/arms/0/name", "conv frozen"), "two arms of the name “conv frozen”"));
  CHECK(contains(refusal_with("/arms/0/name", "conv/frozen"), "would have the same file name"));
  CHECK(contains(refusal_with("/arms/1/learningRate", -1), "s.json: arm 2 (“conv frozen”): The learning rate must be"));
  CHECK(contains(refusal_with("/arms/1/schedule", "sometimes"), "s.json: arm 2: "));
  CHECK(contains(refusal_with("/base/momentum", 2), "s.json: base: The momentum must be"));
  CHECK(contains(refusal_with("/compareAt/arm", "none"), "names “none”, which is none of the arms"));
  CHECK(contains(refusal_with("/compareAt/heldOutAccuracy", 96), "above 0 and up to 1"));
  CHECK(contains(refusal_with("/seeds", {{"first", 1}, {"count", 10'001}}), "whole number from 1 to 10000 for count"));
}

TEST_CASE("study file: arms are held against the images, and have safe file names") {
  json file = small_study();
  file["arms"][1]["freeze"] = json::array({"conv7"});
  const cli::Study study = cli::read_study(file.dump(), "s.json");
  CHECK(contains(message_of<Error>([&] { cli::check_arms(study.arms, {1, 28, 28}, 10); }),
                 "The arm “conv frozen”: This network has no layer “conv7”"));
  CHECK(cli::run_file_name("../a b", 3) == "---a-b.3.json");
  CHECK(cli::run_file_name("größer_1", 3) == "größer_1.3.json");
}

TEST_CASE("study file: the example in docs/studies.md and the studies in docs/claims are good ones") {
  const fs::path docs = fs::path(LENET_GOLDEN_DIR) / ".." / ".." / "docs";
  std::string example = cli::read_text(docs / "studies.md");
  example.erase(0, example.find("```json") + 7);
  example.resize(example.find("```"));
  std::vector<cli::Study> studies = {cli::read_study(example, "docs/studies.md")};
  for (const fs::directory_entry& file : fs::directory_iterator(docs / "claims")) {
    if (file.path().extension() == ".json") studies.push_back(cli::read_study(cli::read_text(file.path()), file.path().string()));
  }
  CHECK(studies.size() == 9);
  for (const cli::Study& study : studies) {
    CAPTURE(study.title);
    const data::ImageShape shape = study.dataset == "cifar10" ? data::ImageShape{3, 32, 32} : data::ImageShape{1, 28, 28};
    CHECK_NOTHROW(cli::check_arms(study.arms, shape, 10));
  }
}

TEST_CASE("study: bad options and missing data get a sentence and exit code 1") {
  const Folder folder;
  const auto refused = [](const Outcome& outcome, const std::string& sentence) {
    CAPTURE(outcome.errors);
    CHECK(outcome.code == cli::kFailure);
    CHECK(outcome.said(sentence));
  };
  refused(lenet_lab({"study", folder.file("none"), "--out", folder.file("o")}), "cannot be opened");
  refused(lenet_lab({"study", write_study(folder, small_study())}), "--out is required");
  for (const char* shard : {"0/2", "3/2", "2", "1/2/3", "a/b"}) {
    refused(run_study(folder, small_study(), "o", {"--shard", shard}), "is not of the form i/n");
  }
  json study = small_study();
  study["trainImages"] = 60'000;
  refused(run_study(folder, study, "o"), "asks for 60,000 training images; beside the held-out ones “strokes” has 55,000");
  study = small_study();
  study["dataset"] = "mnist";
  refused(run_study(folder, study, "o", {"--data", folder.file("no-mnist")}), "There is no folder");
  refused(run_study(folder, small_study(), "s.json"), "cannot be made");  // a file is there
  refused(lenet_lab({"merge", folder.path.string(), "--out", folder.file("m")}), "has no runs of a study");
  CHECK_FALSE(fs::exists(folder.file("o")));
  CHECK_FALSE(fs::exists(folder.file("m")));
}

TEST_CASE("study: what it writes, and that a second call does nothing") {
  const Folder folder;
  REQUIRE(run_study(folder, small_study(), "o").code == cli::kSuccess);
  const std::string table = cli::read_text(folder.file("o/table.md"));
  CHECK(contains(table, "# A small <study>\n\nNone | really\n"));
  CHECK(contains(table,
                 "100 training images in an epoch, 5,000 held out, 10,000 test images. Each run: 1 epoch, 5 steps. Seeds: 1, 2."));
  CHECK(contains(table, "| conv frozen | 2 | "));
  CHECK(contains(table, "| 730 / 782 | "));  // 52 are conv1's
  CHECK(contains(table, "## At step 2"));
  CHECK(contains(table, "| conv frozen | conv1 | 2 | 0.000 | 1.0000 |"));
  const json summary = json::parse(cli::read_text(folder.file("o/summary.json")));
  CHECK(summary["compareAt"]["step"] == 2);
  CHECK(summary["arms"][1]["atEnd"]["differenceFromFirst"]["n"] == 2);
  CHECK(summary["arms"][1]["trainedParameters"] == 730);
  const std::string chart = cli::read_text(folder.file("o/chart.svg"));
  CHECK(contains(chart, "<title>A small &lt;study&gt;</title>"));
  CHECK(contains(chart, "conv frozen (n = 2)"));
  CHECK_FALSE(contains(chart, "nan"));
  const std::string csv = cli::read_text(folder.file("o/results.csv"));
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 1 + 2 * 2 * 2);
  CHECK(cli::StudyFolder(folder.file("o")).run_files().size() == 4);

  const std::string before = cli::read_text(folder.file("o/results.json"));
  REQUIRE(run_study(folder, small_study(), "o").code == cli::kSuccess);
  CHECK(cli::read_text(folder.file("o/results.json")) == before);  // with its seconds: nothing was done again
}

TEST_CASE("study: trained on one set and tested on another, once") {
  const Folder folder;
  REQUIRE(lenet_lab({"strokes", "--out", folder.file("mnist"), "--seed", "9", "--train", "5100", "--test", "50"}).code ==
          cli::kSuccess);
  json study = small_study();
  study.erase("compareAt");
  study["testOn"] = "mnist";
  study["measure"] = {{"everyEpochs", 0}};
  study["epochs"] = 2;
  REQUIRE(run_study(folder, study, "o", {"--data", folder.path.string()}).code == cli::kSuccess);
  CHECK(contains(cli::read_text(folder.file("o/table.md")), "5,000 held out, 50 test images of mnist. "));
  CHECK(json::parse(cli::read_text(folder.file("o/summary.json")))["testDataset"] == "mnist");
  const json results = runs_of(folder.file("o/results.json"));
  CHECK(results["question"]["testDataset"] == "mnist");
  for (const json& run : results["runs"]) {
    REQUIRE(run["curve"].size() == 1);
    CHECK(run["curve"][0]["testImages"] == 50);
    CHECK(run["curve"][0]["heldOutImages"] == data::kHeldOut);
  }
  study.erase("testOn");
  const Outcome outcome = run_study(folder, study, "o");
  CHECK(outcome.code == cli::kFailure);
  CHECK(outcome.said("the set that it is tested on"));
}

TEST_CASE("study: kept runs must answer the same question; --fresh begins anew") {
  const Folder folder;
  REQUIRE(run_study(folder, small_study(), "o").code == cli::kSuccess);
  const auto refused = [&](const json& study, const std::string& sentence) {
    const Outcome outcome = run_study(folder, study, "o");
    CAPTURE(outcome.errors);
    CHECK(outcome.code == cli::kFailure);
    CHECK(outcome.said(sentence));
  };
  json study = small_study();
  study["base"]["learningRate"] = 0.1;
  refused(study, "They differ in the learning rate of “all” (0.1 and 0.02)");
  json measured = small_study();
  measured["measure"]["steps"] = {3};
  refused(measured, "were measured at other steps");
  cli::write_file(folder.file("o/runs/all.1.json"), cli::bytes_of("{\"half"));
  refused(small_study(), "all.1.json is not JSON");
  REQUIRE(run_study(folder, study, "o", {"--fresh"}).code == cli::kSuccess);
  CHECK(runs_of(folder.file("o/results.json"))["question"]["arms"][0]["recipe"]["learningRate"] == 0.1);

  study["seeds"] = {1, 2, 3};  // more seeds are no other question
  REQUIRE(run_study(folder, study, "o").code == cli::kSuccess);
  CHECK(runs_of(folder.file("o/results.json"))["runs"].size() == 6);
}

TEST_CASE("study: shards in one folder or merged from several are the whole study") {
  const Folder folder;
  REQUIRE(run_study(folder, small_study(), "whole").code == cli::kSuccess);
  const json whole = runs_of(folder.file("whole/results.json"));
  REQUIRE(run_study(folder, small_study(), "one", {"--shard", "1/2"}).code == cli::kSuccess);
  CHECK_FALSE(fs::exists(folder.file("one/results.json")));
  REQUIRE(run_study(folder, small_study(), "two", {"--shard", "2/2", "--jobs", "3"}).code == cli::kSuccess);
  REQUIRE(lenet_lab({"merge", folder.file("two"), folder.file("one"), "--out", folder.file("merged")}).code == cli::kSuccess);
  CHECK(runs_of(folder.file("merged/results.json")) == whole);
  CHECK(cli::read_text(folder.file("merged/results.csv")) == cli::read_text(folder.file("whole/results.csv")));
  CHECK(cli::read_text(folder.file("merged/chart.svg")) == cli::read_text(folder.file("whole/chart.svg")));
  CHECK(cli::StudyFolder(folder.file("merged")).run_files().size() == 4);

  REQUIRE(run_study(folder, small_study(), "one", {"--shard", "2/2"}).code == cli::kSuccess);
  CHECK(runs_of(folder.file("one/results.json")) == whole);

  json other = small_study();
  other["epochs"] = 2;
  REQUIRE(run_study(folder, other, "other", {"--shard", "1/2"}).code == cli::kSuccess);
  const Outcome refused = lenet_lab({"merge", folder.file("one"), folder.file("other"), "--out", folder.file("merged")});
  CHECK(refused.code == cli::kFailure);
  CHECK(refused.said("They differ in the length (1 epoch and 2 epochs)"));
  const Outcome mixed = lenet_lab({"merge", folder.file("other"), "--out", folder.file("merged")});
  CHECK(mixed.code == cli::kFailure);
  CHECK(mixed.said("answers another question. They differ in the length (2 epochs and 1 epoch)"));
}

TEST_CASE("study: a run that diverges is a result") {
  const Folder folder;
  json study = small_study();
  study["base"]["network"] = "dense 20, relu, dense 10";
  study["epochs"] = 10;
  study["arms"] = json::parse(R"([{"name": "all"}, {"name": "too fast", "learningRate": 1e30}])");
  REQUIRE(run_study(folder, study, "o").code == cli::kSuccess);
  CHECK(contains(cli::read_text(folder.file("o/table.md")), "| too fast | 0 (2 diverged) | – | – | – |"));
  const json results = runs_of(folder.file("o/results.json"));
  CHECK(results["runs"][2]["arm"] == "too fast");
  CHECK(results["runs"][2]["diverged"] == true);
  CHECK(contains(cli::read_text(folder.file("o/chart.svg")), "too fast (n = 0)"));
  study["arms"] = json::parse(R"([{"name": "too fast", "learningRate": 1e30}])");
  study.erase("compareAt");
  REQUIRE(run_study(folder, study, "alone").code == cli::kSuccess);
  CHECK(contains(cli::read_text(folder.file("alone/chart.svg")), "No run came to its end."));
}

TEST_CASE("chart axis: pixels and ticks") {
  const cli::Axis steps(cli::Scale::kLog, 10, 1000, 0, 100);
  CHECK(steps.at(100) == doctest::Approx(50));
  CHECK(steps.ticks(1).size() == 7);  // 10, 20, 50, … 1000
  CHECK(steps.ticks(20).size() < 7);
  const cli::Axis error(cli::Scale::kLogError, 0, 0.99, 100, 0);
  CHECK(error.at(0) == 100);
  CHECK(error.at(0.9) == doctest::Approx(50));
  for (const double tick : error.ticks(5)) CHECK((tick >= 0 && tick <= 0.99));
  const cli::Axis narrow(cli::Scale::kLogError, 0.981, 0.984, 100, 0);
  CHECK(narrow.ticks(5).size() >= 4);
  const cli::Axis linear(cli::Scale::kLinear, 0, 860, 0, 100);
  CHECK(linear.ticks(1) == std::vector<double>{0, 200, 400, 600, 800});
}
