#include "lab/results_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "base/error.h"
#include "lab/json_fields.h"

namespace lenet::lab {

using nlohmann::json;

namespace {

constexpr const char* kFormat = "lenet-lab results";
constexpr int kVersion = 1;
constexpr int kMostEpochs = 1'000'000;
constexpr std::size_t kMostRuns = 20'000, kMostArms = 1'000, kMostPoints = 100'000;

std::map<std::string, double> read_multipliers(const json& value, const std::string& where) {
  std::map<std::string, double> multipliers;
  Fields fields(value, where + ": rateMultipliers");
  for (const auto& [layer, factor] : value.items()) {
    multipliers[layer] = fields.required(fields.number(layer.c_str()), "a number for each layer");
  }
  return multipliers;
}

Change read_change(const json& value, const std::string& where) {
  Fields fields(value, where);
  Change change;
  change.step = static_cast<std::uint64_t>(fields.required(fields.integer("step", 0, kLargestExact), "a step"));
  change.layer = fields.text("layer").value_or("");
  change.frozen = fields.boolean("frozen");
  change.multiplier = fields.number("multiplier");
  change.rate = fields.number("learningRate");
  change.momentum = fields.number("momentum");
  change.decay = fields.number("weightDecay");
  change.batch = fields.small("batch", 1, kLargestBatch);
  fields.finish();
  return change;
}

/// Calls read(entry, "where: arm 3") for every entry of a list; none when it is left out.
template <class Read>
auto read_list(Fields& fields, const char* name, std::size_t most, const Read& read) {
  std::vector<decltype(read(json(), std::string()))> values;
  const json& list = fields.raw(name);
  if (list.is_null()) return values;
  if (!list.is_array()) fields.refuse(std::string("needs a list for ") + name);
  if (list.size() > most) fields.refuse(std::string("has more than ") + std::to_string(most) + " " + name);
  std::string one = name;
  if (one.back() == 's') one.pop_back();
  for (std::size_t i = 0; i < list.size(); ++i) {
    values.push_back(read(list[i], fields.where() + ": " + one + " " + std::to_string(i + 1)));
  }
  return values;
}

Score read_score(Fields& fields, const char* correct, const char* images) {
  Score score;
  score.images = fields.small(images, 0).value_or(0);
  score.correct = fields.small(correct, 0, score.images).value_or(0);
  return score;
}

Measurement read_measurement(const json& value, const std::string& where) {
  Fields fields(value, where);
  Measurement m;
  m.step = static_cast<std::uint64_t>(fields.required(fields.integer("step", 0, kLargestExact), "a step"));
  m.epoch = fields.small("epoch", 0).value_or(0);
  m.train_loss = fields.number("trainLoss").value_or(0);
  m.held_out = read_score(fields, "heldOutCorrect", "heldOutImages");
  m.test = read_score(fields, "testCorrect", "testImages");
  m.layers = read_list(fields, "layers", kMostArms, [](const json& layer, const std::string& place) {
    Fields drift(layer, place);
    return LayerDrift{drift.required(drift.text("layer"), "a layer"), drift.number("changed").value_or(0), drift.number("cosine").value_or(1)};
  });
  return m;
}

json to_json(const Measurement& m) {
  json out = {{"step", m.step}, {"epoch", m.epoch}, {"trainLoss", m.train_loss}, {"testCorrect", m.test.correct}, {"testImages", m.test.images}};
  if (m.held_out.images > 0) {
    out["heldOutCorrect"] = m.held_out.correct;
    out["heldOutImages"] = m.held_out.images;
  }
  for (const LayerDrift& layer : m.layers) {
    out["layers"].push_back({{"layer", layer.layer}, {"changed", layer.changed}, {"cosine", layer.cosine}});
  }
  return out;
}

RunResult read_run(const json& value, const std::string& where) {
  Fields fields(value, where);
  RunResult run;
  run.arm = fields.required(fields.text("arm"), "an arm");
  run.seed = static_cast<std::uint64_t>(fields.required(fields.integer("seed", 0, kLargestExact), "a seed"));
  run.weights_hash = fields.required(fields.text("weightsHash"), "a weightsHash");
  run.diverged = fields.boolean("diverged").value_or(false);
  run.seconds = fields.number("seconds").value_or(0);
  run.contributor = fields.text("contributor").value_or("");
  run.curve = read_list(fields, "curve", kMostPoints, read_measurement);
  if (run.curve.empty() && !run.diverged) fields.refuse("has no measurement");
  return run;
}

json to_json(const RunResult& run) {
  json out = {{"arm", run.arm}, {"seed", run.seed}, {"weightsHash", run.weights_hash}, {"curve", json::array()}};
  for (const Measurement& m : run.curve) out["curve"].push_back(to_json(m));
  if (run.diverged) out["diverged"] = true;
  if (run.seconds > 0) out["seconds"] = run.seconds;
  if (!run.contributor.empty()) out["contributor"] = run.contributor;
  return out;
}

Question read_question(const json& value, const std::string& where) {
  Fields fields(value, where);
  Question q;
  q.dataset = fields.required(fields.text("dataset"), "a dataset");
  q.test_dataset = fields.text("testDataset").value_or("");
  q.data_hash = fields.required(fields.text("dataHash"), "a dataHash");
  q.train_images = fields.required(fields.small("trainImages", 1), "trainImages");
  q.test_images = fields.required(fields.small("testImages", 1), "testImages");
  q.epochs = fields.small("epochs", 1, kMostEpochs).value_or(0);
  q.steps = static_cast<std::uint64_t>(fields.integer("steps", 1, kLargestExact).value_or(0));
  q.arms = read_list(fields, "arms", kMostArms, [](const json& arm, const std::string& place) {
    Fields of_arm(arm, place);
    Arm out{of_arm.required(of_arm.text("name"), "a name"), patched(Recipe(), read_recipe_patch(of_arm.raw("recipe"), place + ": recipe"))};
    in_place(place, [&] { check(out.recipe); });
    return out;
  });
  std::set<std::string> names;
  for (const Arm& arm : q.arms) {
    if (!names.insert(arm.name).second) fields.refuse("has two arms of the name “" + arm.name + "”");
  }
  if (q.arms.empty()) fields.refuse("has no arms");
  if ((q.epochs > 0) == (q.steps > 0)) fields.refuse("needs a length: epochs or steps");
  return q;
}

json to_json(const Question& q) {
  json out = {{"dataset", q.dataset}, {"dataHash", q.data_hash}, {"trainImages", q.train_images}, {"testImages", q.test_images}};
  if (!q.test_dataset.empty()) out["testDataset"] = q.test_dataset;
  if (q.epochs > 0) out["epochs"] = q.epochs;
  if (q.steps > 0) out["steps"] = q.steps;
  for (const Arm& arm : q.arms) out["arms"].push_back({{"name", arm.name}, {"recipe", to_json(arm.recipe)}});
  return out;
}

}  // namespace

RecipePatch read_recipe_patch(const json& value, const std::string& where) {
  Fields fields(value, where);
  RecipePatch patch = read_recipe_fields(fields);
  fields.finish();
  return patch;
}

RecipePatch read_recipe_fields(Fields& fields) {
  RecipePatch patch;
  patch.preset = fields.text("preset");
  patch.network = fields.text("network");
  const std::string& where = fields.where();
  if (const auto name = fields.text("initializer")) patch.initializer = in_place(where, [&] { return nn::initializer_named(*name); });
  patch.batch = fields.small("batch", 1, kLargestBatch);
  patch.rate = fields.number("learningRate");
  patch.momentum = fields.number("momentum");
  patch.decay = fields.number("weightDecay");
  if (const auto text = fields.text("schedule")) patch.schedule = in_place(where, [&] { return nn::parse_rate_schedule(*text); });
  if (const auto text = fields.text("augmentation")) {
    patch.augmentation = in_place(where, [&] { return data::parse_augmentation(*text); });
  }
  patch.frozen = fields.texts("freeze");
  const json& multipliers = fields.raw("rateMultipliers");
  if (!multipliers.is_null()) patch.multipliers = read_multipliers(multipliers, fields.where());
  patch.changes = read_changes(fields);
  return patch;
}

std::optional<std::vector<Change>> read_changes(Fields& fields) {
  if (fields.raw("changes").is_null()) return std::nullopt;
  return read_list(fields, "changes", kMostPoints, read_change);
}

std::vector<ArmPatch> read_arms(Fields& fields) {
  std::vector<ArmPatch> arms = read_list(fields, "arms", kMostArms, [](const json& arm, const std::string& place) {
    Fields of_arm(arm, place);
    ArmPatch patch{of_arm.required(of_arm.text("name"), "a name"), read_recipe_fields(of_arm)};
    of_arm.raw("comment");
    of_arm.finish();
    return patch;
  });
  if (arms.empty()) fields.refuse("needs arms: a list of them, each with a name and what it changes");
  return arms;
}

json to_json(const Change& change) {
  json out = {{"step", change.step}};
  if (!change.layer.empty()) out["layer"] = change.layer;
  if (change.frozen) out["frozen"] = *change.frozen;
  if (change.multiplier) out["multiplier"] = *change.multiplier;
  if (change.rate) out["learningRate"] = *change.rate;
  if (change.momentum) out["momentum"] = *change.momentum;
  if (change.decay) out["weightDecay"] = *change.decay;
  if (change.batch) out["batch"] = *change.batch;
  return out;
}

json to_json(const Recipe& recipe) {
  json out = {{"initializer", nn::name_of(recipe.initializer)},
              {"batch", recipe.batch},
              {"learningRate", recipe.sgd.rate},
              {"momentum", recipe.sgd.momentum},
              {"weightDecay", recipe.sgd.decay}};
  if (recipe.network.empty()) {
    out["preset"] = recipe.preset;
  } else {
    out["network"] = recipe.network;
  }
  if (!(recipe.schedule == nn::RateSchedule())) out["schedule"] = nn::to_string(recipe.schedule);
  if (!recipe.augmentation.none()) out["augmentation"] = data::to_string(recipe.augmentation);
  if (!recipe.frozen.empty()) out["freeze"] = recipe.frozen;
  if (!recipe.multipliers.empty()) out["rateMultipliers"] = recipe.multipliers;
  for (const Change& change : recipe.changes) out["changes"].push_back(to_json(change));
  return out;
}

Results read_results(std::string_view text, const std::string& name) {
  const json file = parse_json(text, name);
  if (!file.is_object() || file.value("format", json()) != kFormat) {
    throw Error(name + " is no results file: the page's “Save results” and lenet-lab study write such files.");
  }
  Fields fields(file, name);
  fields.text("format");
  if (fields.small("version", 1).value_or(0) != kVersion) fields.refuse("was written by a newer version of LeNet Lab; take that one to read it");
  Results results;
  results.question = read_question(fields.raw("question"), name + ": question");
  results.runs = read_list(fields, "runs", kMostRuns, read_run);
  for (const RunResult& run : results.runs) {
    const auto is_it = [&](const Arm& arm) { return arm.name == run.arm; };
    if (std::none_of(results.question.arms.begin(), results.question.arms.end(), is_it)) {
      fields.refuse("has a run of “" + run.arm + "”, which its question does not know");
    }
  }
  return results;
}

std::string write_results(const Results& results) {
  json file = {{"format", kFormat}, {"version", kVersion}, {"question", to_json(results.question)}, {"runs", json::array()}};
  for (const RunResult& run : results.runs) file["runs"].push_back(to_json(run));
  return file.dump(1) + "\n";
}

}  // namespace lenet::lab
