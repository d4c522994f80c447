// Recipes, questions and results as JSON: study files, result files and the script interface use the same names.
#pragma once

#include <string>
#include <string_view>

#include "lab/json_fields.h"
#include "lab/results.h"

namespace lenet::lab {

/// Fields: preset, network, initializer, batch, learningRate, momentum, weightDecay, schedule ("cosine 8600"), augmentation ("shift 2"),
/// freeze (["conv1"]), rateMultipliers ({"conv1": 0.1}), changes ([{"step": 500, "layer": "conv1", "frozen": true}]). `where` begins
/// every message. Throws Error for an unknown key and for a value of the wrong kind; check() says whether the values are possible.
RecipePatch read_recipe_patch(const nlohmann::json& json, const std::string& where);
/// The same fields of an object that may have others, too; the caller ends with finish().
RecipePatch read_recipe_fields(Fields& fields);
/// Its "changes"; nothing when they are left out.
std::optional<std::vector<Change>> read_changes(Fields& fields);
/// "arms": a list of objects with a name and the fields of a recipe that an arm changes. Throws Error when there are none.
std::vector<ArmPatch> read_arms(Fields& fields);
nlohmann::json to_json(const Recipe& recipe);
nlohmann::json to_json(const Change& change);

/// A whole results file. `name` is for messages. Throws Error when it is no such file, or is damaged.
Results read_results(std::string_view text, const std::string& name);
std::string write_results(const Results& results);

}  // namespace lenet::lab
