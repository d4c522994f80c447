#include "cli/study_file.h"

#include <algorithm>
#include <set>
#include <utility>

#include "lab/json_fields.h"
#include "lab/results_json.h"

namespace lenet::cli {
namespace {

using nlohmann::json;

constexpr int kMostSeeds = 10'000;
constexpr int kMostEpochs = 1'000'000;
constexpr std::size_t kLongestName = 80;  // of an arm, in bytes: it becomes a file's name
constexpr std::size_t kMostRuns = 65'535;

std::vector<std::uint64_t> read_seeds(lab::Fields& study) {
  const json& value = study.raw("seeds");
  std::vector<std::uint64_t> seeds;
  if (value.is_object()) {
    lab::Fields range(value, study.where() + ": seeds");
    const std::int64_t first = range.required(range.integer("first", 0, lab::kLargestExact - kMostSeeds), "first");
    const int count = range.required(range.small("count", 1, kMostSeeds), "count");
    range.finish();
    for (int i = 0; i < count; ++i) seeds.push_back(static_cast<std::uint64_t>(first + i));
    return seeds;
  }
  const std::vector<std::int64_t> listed =
      study.required(study.integers("seeds", 0, lab::kLargestExact), "seeds, such as [1, 2, 3]");
  if (listed.empty()) study.refuse("needs at least one seed");
  if (listed.size() > kMostSeeds) study.refuse("has more than " + std::to_string(kMostSeeds) + " seeds");
  if (std::set<std::int64_t>(listed.begin(), listed.end()).size() < listed.size()) study.refuse("names a seed twice");
  seeds.assign(listed.begin(), listed.end());
  return seeds;
}

lab::MeasurePlan read_measure(lab::Fields& study) {
  lab::MeasurePlan plan;
  const json& value = study.raw("measure");
  if (value.is_null()) return plan;
  lab::Fields fields(value, study.where() + ": measure");
  const std::vector<std::int64_t> listed = fields.integers("steps", 1, lab::kLargestExact).value_or(std::vector<std::int64_t>());
  const std::set<std::int64_t> steps(listed.begin(), listed.end());
  plan.steps.assign(steps.begin(), steps.end());
  plan.every_epochs = fields.small("everyEpochs", 0, kMostEpochs).value_or(1);
  fields.finish();
  return plan;
}

/// The base with what an arm changes. Errors of the values begin with `where`, as those of the fields do.
lab::Recipe recipe_from(const lab::Recipe& base, lab::Fields& fields, const std::string& where) {
  fields.raw("comment");
  const lab::RecipePatch patch = lab::read_recipe_fields(fields);
  fields.finish();
  lab::Recipe recipe = lab::patched(base, patch);
  lab::in_place(where, [&] { lab::check(recipe); });
  return recipe;
}

std::vector<lab::Arm> read_arms_of(lab::Fields& study) {
  lab::Recipe base;
  if (const json& value = study.raw("base"); !value.is_null()) {
    const std::string where = study.where() + ": base";
    lab::Fields fields(value, where);
    base = recipe_from(base, fields, where);
  }
  std::vector<lab::Arm> arms;
  for (const lab::ArmPatch& arm : lab::read_arms(study)) {
    const std::string where = study.where() + ": arm " + std::to_string(arms.size() + 1);
    if (arm.name.empty() || arm.name.size() > kLongestName) throw Error(where + " needs a name of 1 to 80 letters.");
    arms.push_back({arm.name, lab::patched(base, arm.recipe)});
    lab::in_place(where + " (“" + arm.name + "”)", [&] { lab::check(arms.back().recipe); });
  }
  return arms;
}

void check_dataset(const std::string& name, const char* field, const lab::Fields& study) {
  if (name == "mnist" || name == "cifar10" || name == "strokes") return;
  study.refuse(std::string("needs \"mnist\", \"cifar10\" or \"strokes\" as its ") + field + ", not \"" + name + "\"");
}

void check_names(const std::vector<lab::Arm>& arms, const lab::Fields& study) {
  for (std::size_t i = 0; i < arms.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (arms[i].name == arms[j].name) study.refuse("has two arms of the name “" + arms[i].name + "”");
      if (run_file_name(arms[i].name, 1) != run_file_name(arms[j].name, 1)) continue;
      study.refuse("has the arms “" + arms[j].name + "” and “" + arms[i].name +
                   "”, whose results would have the same file name; they need to differ in a letter or a digit");
    }
  }
}

std::optional<CompareAt> read_compare_at(lab::Fields& study, const std::vector<lab::Arm>& arms) {
  const json& value = study.raw("compareAt");
  if (value.is_null()) return {};
  lab::Fields fields(value, study.where() + ": compareAt");
  CompareAt at{fields.required(fields.text("arm"), "an arm"),
               fields.required(fields.number("heldOutAccuracy"), "a heldOutAccuracy")};
  fields.finish();
  const auto is_it = [&](const lab::Arm& arm) { return arm.name == at.arm; };
  if (std::none_of(arms.begin(), arms.end(), is_it)) fields.refuse("names “" + at.arm + "”, which is none of the arms");
  if (at.held_out_accuracy <= 0 || at.held_out_accuracy > 1)
    fields.refuse("needs a heldOutAccuracy above 0 and up to 1, such as 0.96");
  return at;
}

void read_length(lab::Fields& fields, Study& study) {
  study.epochs = fields.small("epochs", 1, kMostEpochs).value_or(0);
  study.steps = static_cast<std::uint64_t>(fields.integer("steps", 1, std::int64_t{1} << 48).value_or(0));
  if ((study.epochs > 0) == (study.steps > 0)) fields.refuse("needs the length of a run: epochs or steps, one of the two");
}

}  // namespace

Study read_study(std::string_view text, const std::string& name) {
  const json file = lab::parse_json(text, name);
  lab::Fields fields(file, name);
  Study study;
  fields.raw("comment");
  study.title = fields.required(fields.text("title"), "a title");
  study.claim = fields.text("claim").value_or("");
  study.dataset = fields.required(fields.text("dataset"), "a dataset: \"mnist\", \"cifar10\" or \"strokes\"");
  check_dataset(study.dataset, "dataset", fields);
  study.test_on = fields.text("testOn").value_or("");
  if (!study.test_on.empty()) check_dataset(study.test_on, "testOn", fields);
  study.train_images = fields.small("trainImages", 1).value_or(0);
  study.seeds = read_seeds(fields);
  read_length(fields, study);
  study.measure = read_measure(fields);
  study.arms = read_arms_of(fields);
  check_names(study.arms, fields);
  study.compare_at = read_compare_at(fields, study.arms);
  fields.finish();
  if (study.arms.size() * study.seeds.size() > kMostRuns)
    fields.refuse("asks for more than " + std::to_string(kMostRuns) + " runs");
  return study;
}

void check_arms(const std::vector<lab::Arm>& arms, data::ImageShape shape, int classes) {
  for (const lab::Arm& arm : arms) {
    lab::in_place("The arm “" + arm.name + "”",
                  [&] { lab::check(arm.recipe, nn::Network<float>(lab::network_of(arm.recipe, shape), classes)); });
  }
}

std::string run_file_name(const std::string& arm, std::uint64_t seed) {
  std::string name;
  for (const char c : arm) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    const bool beyond_ascii = static_cast<unsigned char>(c) >= 0x80;  // part of a letter in UTF-8
    name += plain || beyond_ascii ? c : '-';
  }
  return name + "." + std::to_string(seed) + ".json";
}

}  // namespace lenet::cli
