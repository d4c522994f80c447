// Tests of src/lab/results*.h: what differs, pooling, summaries, files that come back as they were, and damaged ones.
#include "lab/results.h"

#include "base/error.h"
#include "data_support.h"
#include "lab/results_csv.h"
#include "lab/results_json.h"

using namespace lenet;
using namespace lenet::test;

namespace {

lab::Measurement measured(std::uint64_t step, int correct, int held_out) {
  lab::Measurement m;
  m.step = step;
  m.epoch = static_cast<int>(step) / 10;
  m.train_loss = 1.0 / static_cast<double>(step + 2);
  m.test = {correct, 1000};
  m.held_out = {held_out, 500};
  m.layers = {{"conv1", 0.1 * static_cast<double>(step), 0.9}, {"fc1", 1.0 / 3, 0.7}};
  return m;
}

lab::RunResult run_of(const std::string& arm, std::uint64_t seed, int correct) {
  lab::RunResult run;
  run.arm = arm;
  run.seed = seed;
  run.curve = {measured(10, correct - 100, 300), measured(20, correct, 400)};
  run.weights_hash = arm + std::to_string(seed);
  run.seconds = 1.5;
  return run;
}

/// Every field of a recipe away from its default.
lab::Recipe rich_recipe() {
  lab::RecipePatch patch;
  patch.network = "conv 4 5x5, relu, pool 2, dense 10";
  patch.initializer = nn::initializer_named("glorot");
  patch.batch = 33;
  patch.rate = 0.1 + 0.2;  // no short decimal number
  patch.momentum = 1.0 / 3;
  patch.decay = 5e-4;
  patch.schedule = nn::parse_rate_schedule("step 1000 0.1");
  patch.augmentation = data::parse_augmentation("shift 2, flip");
  patch.frozen = {"conv1"};
  patch.multipliers = {{"fc1", 0.7}};
  patch.changes = {{.step = 5, .layer = "conv1", .frozen = false, .multiplier = 0.1},
                   {.step = 9, .rate = 1e-3, .momentum = 0.2, .decay = 0.3, .batch = 7}};
  return lab::patched(lab::Recipe(), patch);
}

lab::Results two_arms() {
  lab::Results results;
  results.question = {"mnist", "0123456789abcdef", 55'000, 1000, {{"plain", {}}, {"rich “one”, two", rich_recipe()}}, 2, 0, ""};
  for (const std::uint64_t seed : {1, 2, 3}) {
    results.runs.push_back(run_of("plain", seed, 900 + 10 * static_cast<int>(seed)));
    results.runs.push_back(run_of("rich “one”, two", seed, 880 + 20 * static_cast<int>(seed)));
  }
  return results;
}

void check_equal(const lab::Results& a, const lab::Results& b) {
  CHECK(a.question == b.question);
  REQUIRE(a.runs.size() == b.runs.size());
  for (std::size_t i = 0; i < a.runs.size(); ++i) {
    CHECK(a.runs[i].arm == b.runs[i].arm);
    CHECK(a.runs[i].seed == b.runs[i].seed);
    CHECK(a.runs[i].curve == b.runs[i].curve);
    CHECK(a.runs[i].weights_hash == b.runs[i].weights_hash);
    CHECK(a.runs[i].diverged == b.runs[i].diverged);
    CHECK(a.runs[i].seconds == b.runs[i].seconds);
    CHECK(a.runs[i].contributor == b.runs[i].contributor);
  }
}

std::string refusal_of(const std::string& text) {
  return message_of<Error>([&] { lab::read_results(text, "r.json"); });
}

std::string pool_refusal(const lab::Results& a, const lab::Results& b) {
  return message_of<Error>([&] { lab::pool(std::vector<lab::Results>{a, b}); });
}

}  // namespace

TEST_CASE("results: a file comes back exactly as it was written") {
  lab::Results results = two_arms();
  results.runs[1].contributor = "Ada \"A.\"\n, Ünal";
  results.runs[2].diverged = true;
  results.runs[2].curve.clear();
  results.runs[2].weights_hash.clear();
  results.runs[3].seconds = 0;
  results.runs[3].seed = 1ULL << 53;
  results.runs[4].curve[0].held_out = {};
  results.question.epochs = 0;
  results.question.steps = 1234;
  results.question.test_dataset = "strokes";
  const std::string text = lab::write_results(results);
  const lab::Results again = lab::read_results(text, "r.json");
  check_equal(again, results);
  CHECK(lab::write_results(again) == text);
  check_equal(lab::read_results(lab::write_results({results.question, {}}), "r.json"), {results.question, {}});
}

TEST_CASE("results: damaged files get a sentence with their name") {
  const std::string good = lab::write_results(two_arms());
  CHECK(contains(refusal_of(""), "r.json is not JSON"));
  CHECK(contains(refusal_of("{\n\"format\": \"lenet-lab results\",\n,}"), "line 3"));
  CHECK(contains(refusal_of("[]"), "is no results file"));
  CHECK(contains(refusal_of("{\"format\": \"another\"}"), "is no results file"));
  CHECK(contains(refusal_of("{\"format\": 1e999}"), "too large"));
  CHECK(contains(refusal_of("\"\xff\""), "is not JSON"));
  CHECK(contains(refusal_of(std::string(100'000, '[')), "nested too deeply"));
  CHECK(contains(refusal_of(R"({"format": "lenet-lab results", "version": 2})"), "newer version"));
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return refusal_of(text.replace(at, from.size(), to));
  };
  CHECK(contains(with("\"epochs\": 2", "\"epochs\": 0"), "question needs a whole number from 1 to 1000000 for epochs"));
  CHECK(contains(with("\"epochs\": 2", "\"steps\": 3, \"epochs\": 2"), "epochs or steps"));
  CHECK(contains(with("\"trainImages\": 55000", "\"trainImages\": \"many\""), "for trainImages, not \"many\""));
  CHECK(contains(with("\"name\": \"plain\"", "\"name\": \"other\""), "has a run of “plain”"));
  CHECK(contains(with("\"name\": \"plain\"", "\"name\": \"rich “one”, two\""), "two arms of the name"));
  CHECK(contains(with("\"batch\": 64", "\"batch\": 2.5"), "r.json: question: arm 1: recipe needs a whole number"));
  CHECK(contains(with("\"initializer\": \"he\"", "\"initializer\": \"magic\""), "r.json: question: arm 1: recipe: "));
  CHECK(contains(with("\"learningRate\": 0.02", "\"learningRate\": -1"), "r.json: question: arm 1: The learning rate"));
  CHECK(contains(with("\"testCorrect\": 810", "\"testCorrect\": 1001"), "for testCorrect, not 1001"));
  CHECK(contains(with("\"seed\": 1", "\"seed\": -1"), "for seed, not -1"));
  CHECK(contains(with("\"curve\"", "\"bends\""), "has no measurement"));
}

TEST_CASE("results: a file cut short anywhere, or with any byte changed, is read or refused") {
  const std::string good = lab::write_results(two_arms());
  for (std::size_t i = 0; i + 2 < good.size(); i += 7) {
    CHECK_THROWS_AS(lab::read_results(good.substr(0, i), "r.json"), Error);
    for (const char c : {'x', '"', '}', '0', '-', '\xff', '\0'}) {
      std::string bad = good;
      bad[i] = c;
      try {
        lab::write_results(lab::read_results(bad, "r.json"));
      } catch (const Error& error) {
        CHECK(contains(error.what(), "r.json"));
      }
    }
  }
}

TEST_CASE("results: what differs between two questions is said in words") {
  const lab::Question a = two_arms().question;
  CHECK(lab::differences(a, a).empty());
  lab::Question b = a;
  b.dataset = "strokes";
  b.data_hash = "f";
  b.train_images = 640;
  b.epochs = 0;
  b.steps = 7;
  b.arms[0].recipe.sgd.rate = 0.01;
  b.arms[0].recipe.frozen = {"conv1", "conv2"};
  b.arms[1].recipe.changes.pop_back();
  b.arms[1].recipe.multipliers.clear();
  CHECK(lab::differences(a, b) ==
        std::vector<std::string>{
            "the data set (mnist and strokes)", "the content of the data set (0123456789abcdef and f)",
            "the number of training images (55000 and 640)", "the length (2 epochs and 7 steps)",
            "the learning rate of “plain” (0.02 and 0.01)", "the frozen layers of “plain” (none and conv1 + conv2)",
            "the rate multipliers of “rich “one”, two” (fc1=0.7 and none)", "the planned changes of “rich “one”, two”"});
  b = a;
  b.test_dataset = "strokes";
  CHECK(lab::differences(a, b) == std::vector<std::string>{"the set that it is tested on (mnist and strokes)"});
  b = a;
  b.arms.pop_back();
  CHECK(lab::differences(a, b) == std::vector<std::string>{"the arms (plain + rich “one”, two and plain)"});
}

TEST_CASE("results: pooled, equal seeds count once and different questions are refused") {
  const lab::Results all = two_arms();
  lab::Results a = all, b = all;
  a.runs.resize(4);
  b.runs.erase(b.runs.begin(), b.runs.begin() + 2);
  check_equal(lab::pool(std::vector<lab::Results>{a, b}), all);
  CHECK(lab::seeds_of(all) == std::vector<std::uint64_t>{1, 2, 3});
  CHECK(lab::find_run(all, "plain", 4) == nullptr);
  CHECK(lab::find_run(all, "plain", 2)->curve.back().test.correct == 920);

  b.question.arms[0].recipe.batch = 32;
  CHECK(contains(pool_refusal(a, b), "They differ in the batch of “plain” (64 and 32)."));
  b = all;
  b.runs[0].weights_hash = "other";
  CHECK(contains(pool_refusal(a, b), "“plain” with seed 1 have different weights"));
  CHECK_THROWS_AS(lab::pool({}), Error);
}

TEST_CASE("results: summaries are over the seeds, differences over the seeds that both arms have") {
  lab::Results results = two_arms();
  results.runs.pop_back();  // the second arm has seeds 1 and 2: 900 and 920 of 1000 against 910 and 920
  results.runs[2].curve[1].test = {920, 1000};
  std::vector<lab::ArmSummary> end = lab::summarize(results);
  REQUIRE(end.size() == 2);
  CHECK(end[0].step == 20);
  CHECK(end[0].test.n == 3);
  CHECK(end[0].test.mean == doctest::Approx(0.92));
  CHECK(end[0].test.deviation == doctest::Approx(0.01));
  CHECK(end[0].difference.mean == 0);
  CHECK(end[1].test.n == 2);
  CHECK(end[1].difference.n == 2);
  CHECK(end[1].difference.mean == doctest::Approx(-0.005));
  CHECK(end[1].held_out.mean == doctest::Approx(0.8));
  CHECK(end[1].seconds.mean == 1.5);
  CHECK(lab::summarize(results, 10)[0].test.mean == doctest::Approx(0.82));
  CHECK(lab::summarize(results, 11)[0].test.n == 0);

  results.runs[0].diverged = true;  // the first arm with seed 1
  end = lab::summarize(results);
  CHECK(end[0].diverged == 1);
  CHECK(end[0].test.n == 2);
  CHECK(end[1].test.n == 2);
  CHECK(end[1].difference.n == 1);
}

TEST_CASE("results: steps that all runs have, and when an accuracy is reached") {
  lab::Results results = two_arms();
  results.runs[0].curve.insert(results.runs[0].curve.begin(), measured(5, 1, 500));  // only one seed has it
  CHECK(lab::common_steps(results, "plain") == std::vector<std::uint64_t>{10, 20});
  CHECK(lab::common_steps(results, "nobody").empty());
  CHECK(lab::accuracies(results, "plain", 20) == std::vector<double>{0.91, 0.92, 0.93});
  CHECK(lab::accuracies(results, "plain", 20, true) == std::vector<double>{0.8, 0.8, 0.8});
  CHECK(lab::step_reaching(results, "plain", 0.5) == 10);
  CHECK(lab::step_reaching(results, "plain", 0.7) == 20);
  CHECK_FALSE(lab::step_reaching(results, "plain", 0.9));
  CHECK_FALSE(lab::step_reaching(results, "nobody", 0.1));
}

TEST_CASE("results: as a table for spreadsheets") {
  lab::Results results = two_arms();
  results.runs.resize(2);
  results.runs[0].curve[0].held_out = {};
  results.runs[1].curve.pop_back();
  results.runs[1].contributor = "a \"b\"";
  results.runs[1].curve[0].layers.pop_back();
  results.runs[1].diverged = true;
  results.runs[1].weights_hash.clear();
  CHECK(lab::results_csv(results) ==
        "arm,seed,contributor,step,epoch,train_loss,held_out_accuracy,held_out_images,test_accuracy,test_images,diverged,weights_"
        "hash,"
        "changed_conv1,cosine_conv1,changed_fc1,cosine_fc1\n"
        "plain,1,,10,1,0.0833333,,,0.81,1000,0,plain1,1,0.9,0.333333,0.7\n"
        "plain,1,,20,2,0.0454545,0.8,500,0.91,1000,0,plain1,2,0.9,0.333333,0.7\n"
        "\"rich “one”, two\",1,\"a \"\"b\"\"\",10,1,0.0833333,0.6,500,0.8,1000,1,,1,0.9,,\n");
}

TEST_CASE("results: drift of known weights") {
  const nn::Network<float> network(nn::parse_network("conv 1 1x1, relu, dense 10", {1, 1, 1}), 10);
  std::vector<float> initial(network.parameter_count(), 0.0F), values = initial;
  const auto set = [&](std::vector<float>& all, const char* name, std::size_t i, float value) {
    for (const nn::ParameterView& view : network.parameters()) {
      if (view.name == name) all[view.offset + i] = value;
    }
  };
  set(initial, "fc1.weight", 0, 3);
  set(values, "fc1.weight", 1, 4);
  set(values, "fc1.bias", 0, 9);  // does not count
  const std::vector<lab::LayerDrift> layers = lab::drift(network, values, initial);
  REQUIRE(layers.size() == 2);
  CHECK(layers[0] == lab::LayerDrift{"conv1", 0, 1});
  CHECK(layers[1].layer == "fc1");
  CHECK(layers[1].changed == doctest::Approx(5.0 / 3));
  CHECK(layers[1].cosine == 0);
}
