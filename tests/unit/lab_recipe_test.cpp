// Tests of src/lab/recipe.h: patches, changes, and what is refused.
#include "lab/recipe.h"

#include "base/error.h"
#include "data_support.h"

using namespace lenet;
using namespace lenet::test;

namespace {

std::string refusal_of(const lab::Recipe& recipe) {
  return message_of<Error>([&] { lab::check(recipe); });
}

std::string refusal_of(const lab::Change& change) {
  lab::Recipe recipe;
  recipe.changes = {change};
  return refusal_of(recipe);
}

}  // namespace

TEST_CASE("recipe: a patch changes what it names and leaves the rest") {
  lab::RecipePatch patch;
  patch.rate = 0.5;
  patch.batch = 8;
  patch.frozen = {"fc1", "conv1", "fc1"};
  const lab::Recipe recipe = lab::patched(lab::Recipe(), patch);
  CHECK(recipe.sgd.rate == 0.5);
  CHECK(recipe.batch == 8);
  CHECK(recipe.frozen == std::vector<std::string>{"conv1", "fc1"});  // sorted, each once
  CHECK(recipe.sgd.momentum == lab::Recipe().sgd.momentum);
  CHECK(recipe.preset == "wss17");
  CHECK(lab::patched(recipe, {}) == recipe);
}

TEST_CASE("recipe: another network forgets single layers, but not what is said for all") {
  lab::Recipe recipe;
  recipe.frozen = {"conv1"};
  recipe.multipliers = {{"fc1", 2.0}};
  recipe.changes = {{.step = 3, .layer = "conv1", .frozen = false}, {.step = 5, .rate = 0.1}};
  recipe.batch = 7;
  lab::RecipePatch same;
  same.preset = "wss17";
  CHECK(lab::patched(recipe, same) == recipe);

  lab::RecipePatch other;
  other.preset = "mlp";
  const lab::Recipe mlp = lab::patched(recipe, other);
  CHECK(mlp.frozen.empty());
  CHECK(mlp.multipliers.empty());
  CHECK(mlp.changes == std::vector<lab::Change>{{.step = 5, .rate = 0.1}});
  CHECK(mlp.batch == 7);

  other.frozen = {"fc1"};  // of the new network: it stays
  CHECK(lab::patched(recipe, other).frozen == std::vector<std::string>{"fc1"});

  lab::RecipePatch own;
  own.network = "dense 10";
  const lab::Recipe custom = lab::patched(recipe, own);
  CHECK(custom.preset == "custom");
  CHECK(lab::network_of(custom, {1, 28, 28}).layers.size() == 1);
  CHECK(lab::patched(custom, other).network.empty());
}

TEST_CASE("recipe: a change from the start") {
  lab::Recipe recipe;
  recipe.frozen = {"conv2"};
  CHECK(lab::changed(recipe, {.layer = "conv1", .frozen = true}).frozen == std::vector<std::string>{"conv1", "conv2"});
  CHECK(lab::changed(recipe, {.layer = "conv2", .frozen = true}).frozen == std::vector<std::string>{"conv2"});
  CHECK(lab::changed(recipe, {.layer = "conv2", .frozen = false}).frozen.empty());
  const lab::Recipe scaled = lab::changed(recipe, {.layer = "fc1", .multiplier = 0.1});
  CHECK(scaled.frozen == recipe.frozen);
  CHECK(scaled.multipliers.at("fc1") == 0.1);
  const lab::Recipe all = lab::changed(recipe, {.rate = 1, .momentum = 0.5, .decay = 0.01, .batch = 3});
  CHECK(all.sgd == nn::SgdSettings{1, 0.5, 0.01});
  CHECK(all.batch == 3);
}

TEST_CASE("recipe: impossible settings are refused by name") {
  lab::Recipe recipe;
  CHECK_NOTHROW(lab::check(recipe));
  recipe.batch = 0;
  CHECK(refusal_of(recipe) == "The batch size must be a number between 1 and 1024.");
  recipe = {};
  recipe.sgd.rate = std::nan("");
  CHECK(contains(refusal_of(recipe), "learning rate"));
  recipe = {};
  recipe.sgd.momentum = 1.01;
  CHECK(contains(refusal_of(recipe), "momentum"));
  recipe = {};
  recipe.multipliers = {{"fc1", -1}};
  CHECK(contains(refusal_of(recipe), "rate multiplier"));
  recipe = {};
  recipe.schedule = {.kind = nn::RateSchedule::Kind::kCosine, .length = 0};
  CHECK_THROWS_AS(lab::check(recipe), Error);
  recipe = {};
  recipe.changes.resize(10'001);
  CHECK(contains(refusal_of(recipe), "10,000 planned changes"));
  CHECK(contains(refusal_of({.step = 1, .rate = -1}), "learning rate"));
  CHECK(contains(refusal_of({.step = 1, .batch = 1025}), "batch size"));
  CHECK(contains(refusal_of({.step = 1, .frozen = true}), "must name it"));
  CHECK(contains(refusal_of({.step = 1, .layer = "conv1"}), "must name it"));
}

TEST_CASE("recipe: layers must be there and have weights") {
  lab::Recipe recipe;
  const nn::Network<float> network(lab::network_of(recipe, {1, 28, 28}), 10);
  CHECK(lab::group_of(network, "conv1") == 0);
  CHECK(lab::group_of(network, "fc2") == 3);
  const std::string known = "It has conv1, conv2, fc1, fc2.";
  recipe.frozen = {"conv3"};
  CHECK(contains(message_of<Error>([&] { lab::check(recipe, network); }), known));
  recipe = {};
  recipe.multipliers = {{"relu1", 2}};
  CHECK(contains(message_of<Error>([&] { lab::check(recipe, network); }), known));
  recipe = {};
  recipe.changes = {{.step = 9, .layer = "pool1", .frozen = true}};
  CHECK(contains(message_of<Error>([&] { lab::check(recipe, network); }), known));
}
