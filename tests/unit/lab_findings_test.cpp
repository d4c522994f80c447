// Tests of src/lab/experiments/findings.h: shapes, tables and facts of every outcome, made by hand so that every figure is known.
#include "lab/experiments/findings.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>
#include <stdexcept>

#include "support.h"

using namespace lenet;
using namespace lenet::lab;
using nlohmann::json;

namespace {

using Row = std::vector<std::string>;
using Shape = std::vector<int>;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// 0, 1, 2, …: a value that lands elsewhere is seen.
std::vector<float> counted(int n) {
  std::vector<float> values(static_cast<std::size_t>(n));
  std::iota(values.begin(), values.end(), 0.0f);
  return values;
}

const FoundArray& array_of(const Findings& findings, const std::string& name) {
  for (const FoundArray& array : findings.arrays) {
    if (array.name == name) return array;
  }
  FAIL("there is no array " << name);
  return findings.arrays.front();
}

std::vector<std::string> names_of(const Findings& findings) {
  std::vector<std::string> names;
  for (const FoundArray& array : findings.arrays) names.push_back(array.name);
  return names;
}

constexpr nn::Shape kInput{2, 3, 4};  // 24 values
constexpr int kImage = 24;

TopResult top_result() {
  TopResult result;
  result.step = 20;
  result.layer = "conv1";
  result.images = 100;
  result.input = kInput;
  result.window = {0, 0, 2, 3};
  result.winners = {{{7, {1.5, 1, 2}}, {3, {0.1f, 0, 0}}}, {}};
  result.patches = counted(2 * kTop * 2 * 2 * 3);
  result.projections = counted(2 * kTop * 2 * 2 * 3);
  return result;
}

EvolutionResult evolution_result() {
  EvolutionResult result;
  result.layer = "conv1";
  result.rule = nn::BackwardRule::kGuided;
  result.images = 50;
  result.input = kInput;
  result.window = {0, 0, 2, 2};
  result.steps = {0, 5};
  result.moments = 3;
  result.units = 2;
  result.winners = {{9, {1, 0, 1}}, {-1, {}}, {11, {2.5, 1, 0}}, {4, {0.5, 0, 0}}};
  result.jumps = {false, false, true, true};
  result.projections = result.patches = counted(2 * 2 * 2 * 2 * 2);
  result.kernel = 3;
  result.filters = counted(2 * 2 * 2 * 3 * 3);
  result.convergence = {{0, 5, 9}, {"conv1", "fc1"}, {1, 0.5, 0, 1, 0.25, 0}};
  return result;
}

InvarianceResult invariance_result() {
  InvarianceResult result;
  result.step = 3;
  result.transform = Transform::kRotate;
  result.input = kInput;
  result.amounts = {-90, 0, 90};
  result.layers = {"conv1", "fc1"};
  result.typical = {4, 0};
  result.typical_pairs = 28;
  result.classes = {7, 1};
  result.distance = counted(2 * 2 * 3);
  result.probability = {0.1f, 0.9f, 0.2f, 0.3f, 1, 0};
  result.pictures = counted(2 * 3 * kImage);
  return result;
}

OcclusionResult occlusion_result() {
  OcclusionResult result;
  result.step = 8;
  result.input = kInput;
  result.image = result.projection = counted(kImage);
  result.size = 3;
  result.stride = 2;
  result.fill = {0.1f, 0.5f};
  result.class_index = 4;
  result.labelled = true;
  result.rows = 2;
  result.columns = 2;
  result.probability = {0.1f, 0.2f, 0.3f, 0.4f};
  result.most_probable = {4, 9, 4, 4};
  result.activity = {1, 2, 3, 4.5f};
  result.plain_probability = 0.75;
  result.plain_class = 4;
  result.plain_activity = 5;
  result.layer = "conv1";
  result.map = 6;
  return result;
}

CorrespondenceResult correspondence_result() {
  CorrespondenceResult result;
  result.step = 8;
  result.input = kInput;
  result.class_index = 2;
  result.images = {10, 12, 15};
  result.layers = {"conv1", "fc1"};
  result.regions = {{0, 1, 2, 2}, {1, 0, 1, 1}};
  result.delta = {0.1, 0.2, 0.3, 0.4};
  result.random_mean = {0.5, 0.6, 0.7, 0.8};
  result.random_deviation = {0.01, 0.02, 0.03, kNan};
  result.masked = counted(3 * kImage);
  return result;
}

ArchitectureResult architecture_result() {
  ArchitectureResult result;
  result.step = 1;
  result.network = "conv 2 3x3, relu, dense 10";
  result.parameters = 250;
  result.input = kInput;
  result.first = "conv1";
  result.kernel = 3;
  result.stride = 1;
  result.maps = 2;
  result.map_size = 1;
  result.spectrum = {0.75, 0.25};
  result.white_spectrum = {0.25, 0.75};
  result.low = 0.75;
  result.energy = {0.5, 0.01};
  result.kernel_high = {0.125, 0.875};
  result.near_dead = {false, true};
  result.very_high = {false, true};
  result.near_dead_share = result.very_high_share = 0.5;
  result.kernels = counted(2 * 2 * 9);
  result.second = "conv2";
  result.sampled = 3;
  result.grid = 2;
  result.alias_share = kNan;
  result.white_alias_share = 0.75;
  result.alias_counted = 2;
  result.window = {0, 0, 3, 2};
  result.projections = counted(3 * 2 * 3 * 2);
  result.images = 40;
  return result;
}

LookBackResult look_back_result() {
  LookBackResult result;
  result.unit = {"conv2", 7};
  result.input = kInput;
  result.image = counted(kImage);
  result.peak = {2.5, 1, 3};
  result.field = {0, 1, 3, 4};
  result.projections = counted(3 * kImage);
  result.drop = counted(12);
  return result;
}

SanityResult sanity_result() {
  SanityResult result;
  result.unit = {"fc1", 3};
  result.input = kInput;
  result.stages = {"", "fc1"};
  result.pictures = counted(2 * 3 * kImage);
  result.activation = {1.5, -0.5};
  result.correlation = {1, 1, 1, 0.5, -0.25, kNan};
  result.correlation_deviation = {0, 0, 0, 0.1, 0.2, kNan};
  result.size_correlation = {1, 1, 1, 0.75, 0.5, kNan};
  result.counted = {32, 32, 32, 31, 30, 0};
  result.images = 32;
  return result;
}

ClassResult class_result() {
  ClassResult result;
  result.input = kInput;
  result.image = counted(kImage);
  result.logits = {-1, 2.5, 0.5};
  result.probabilities = {0.1, 0.7, 0.2};
  result.projections = counted(3 * kImage);
  return result;
}

MaximisationResult maximisation_result() {
  MaximisationResult result;
  result.unit = {"fc2", 9};
  result.input = kInput;
  result.iteration = 2;
  result.image = counted(kImage);
  result.activation = {0, 1.25, 3};
  return result;
}

RandomnessResult randomness_result() {
  RandomnessResult result;
  result.step = 40;
  result.images = 100;
  result.kernels = 1000;
  result.initial_known = true;
  LayerMeasures conv;
  conv.layer = "conv1";
  conv.conv = true;
  conv.channels = 2;
  conv.kernel = 3;
  conv.movement = {0.5, 0.9, kNan};
  conv.filters.resize(2);
  conv.filters[0] = {{0.25, 0.75, 0.001}, 0.5, -1, 2, 0.125, 60, false, true, false};
  conv.filters[1].dead = true;
  conv.dead = 1;
  conv.smoothness = {0.1f, 0.2f, 0.3f, 0.4f};
  conv.percentile = {50, 60, 70, std::numeric_limits<float>::quiet_NaN()};
  conv.counted = 3;
  conv.mean_percentile = 60;
  conv.standard_error = 16;
  conv.histogram = conv.initial_histogram = std::vector<double>(LayerMeasures::kBins, 0.5);
  conv.verdict = "It moved.";
  LayerMeasures dense;
  dense.layer = "fc1";
  dense.filters.resize(3);
  dense.histogram = dense.initial_histogram = std::vector<double>(LayerMeasures::kBins, 0.25);
  result.layers = {conv, dense};
  result.verdict = "Careful.";
  return result;
}

/// A 2×2 kernel on two channels of 2×3, at the map's second cell.
CloserResult closer_result() {
  CloserResult result;
  result.step = 4;
  result.unit = {"conv2", 1};
  result.input = kInput;
  result.image = counted(kImage);
  result.source = "pool1";
  result.source_shape = {2, 2, 3};
  result.source_values = counted(12);
  result.kernel_height = result.kernel_width = 2;
  result.kernel = {1, 0, 0, 0, 0, 0, 0, -0.5f};
  result.bias = 0.25f;
  result.nonlinearity = nn::LayerKind::kRelu;
  result.rows = 1;
  result.columns = 2;
  result.sums = {0, -4.25f};
  result.map = {0, 0};
  result.y = 0;
  result.x = 1;
  result.field = {0, 0, 3, 3};
  result.field_stride = 2;
  return result;
}

ConfusionResult confusion_result() {
  ConfusionResult result;
  result.step = 6;
  result.classes = 3;
  result.stride = 10;
  result.images = 4;
  result.labels = {0, 1, 1, 0};
  result.predicted = {0, 2, 1, 0};
  result.probability = {0.5f, 0.75f, 1, 0.5f};
  result.true_probability = {0.5f, 0.25f, 1, 0.5f};
  result.counts = {2, 0, 0, 0, 1, 1, 0, 0, 0};
  result.correct = 3;
  result.loss = 0.5;
  return result;
}

ImagesResult images_result() {
  ImagesResult result;
  result.step = 6;
  result.input = kInput;
  result.images = {40, 3};
  result.labels = {4, 9};
  result.pixels = counted(2 * kImage);
  return result;
}

}  // namespace

TEST_CASE("findings: random has a row per filter of every layer, and what is not known is empty") {
  const Findings found = findings(randomness_result());
  REQUIRE(found.rows.size() == 5);
  CHECK(found.columns == Row{"layer", "filter", "changed", "cosine", "update_ratio", "smoothness", "percentile", "rms", "lowest",
                             "highest", "near_constant", "two_valued", "dead"});
  CHECK(found.rows[0] == Row{"conv1", "0", "0.25", "0.75", "0.001", "0.125", "60", "0.5", "-1", "2", "0", "1", "0"});
  CHECK(found.rows[4] == Row{"fc1", "2", "", "", "", "", "", "0", "0", "0", "0", "0", "0"});
  CHECK(names_of(found) == Row{"smoothness_conv1", "percentile_conv1", "histogram"});
  CHECK(array_of(found, "percentile_conv1").shape == Shape{2, 2});
  CHECK(array_of(found, "histogram").shape == Shape{2, 2, LayerMeasures::kBins});
  const json facts = json::parse(found.facts);
  CHECK(facts["randomKernels"]["n"] == 1000);
  CHECK(facts["layers"][0]["changed"] == 0.5);
  CHECK(facts["layers"][0]["updateRatio"].is_null());
  CHECK(facts["layers"][0]["percentile"]["mean"] == 60);
  CHECK(facts["layers"][0]["percentile"]["n"] == 3);
  CHECK(facts["layers"][0]["verdict"] == "It moved.");
  CHECK_FALSE(facts["layers"][1].contains("percentile"));
  CHECK(facts["verdict"] == "Careful.");
  RandomnessResult unknown = randomness_result();
  unknown.initial_known = false;
  for (LayerMeasures& layer : unknown.layers) layer.initial_histogram.clear();
  CHECK(array_of(findings(unknown), "histogram").shape == Shape{2, 1, LayerMeasures::kBins});
}

TEST_CASE("findings: top has a row per winner and nine places per unit") {
  const Findings found = findings(top_result());
  CHECK(found.columns == Row{"layer", "unit", "rank", "training_image", "activation", "y", "x"});
  CHECK(found.rows == std::vector<Row>{{"conv1", "0", "1", "7", "1.5", "1", "2"}, {"conv1", "0", "2", "3", "0.1", "0", "0"}});
  CHECK(names_of(found) == Row{"patches", "projections"});
  CHECK(array_of(found, "patches").shape == Shape{2, 9, 2, 2, 3});
  CHECK(array_of(found, "projections").values == counted(2 * kTop * 2 * 2 * 3));
  const json facts = json::parse(found.facts);
  CHECK(facts["view"] == "top");
  CHECK(facts["step"] == 20);
  CHECK(facts["rule"] == "deconv");
  CHECK(facts["images"] == 100);
  CHECK(facts["units"] == 2);
  CHECK(facts["input"] == json({2, 3, 4}));
  CHECK(facts["window"] == json({{"height", 2}, {"width", 3}}));
  CHECK(facts["silentUnits"] == json({1}));
}

TEST_CASE("findings: evolution leaves the image of a silent unit empty") {
  const Findings found = findings(evolution_result());
  CHECK(found.columns == Row{"step", "unit", "image", "jump", "activation", "y", "x"});
  CHECK(found.rows == std::vector<Row>{{"0", "0", "9", "0", "1", "0", "1"},
                                       {"0", "1", "", "0", "0", "", ""},
                                       {"5", "0", "11", "1", "2.5", "1", "0"},
                                       {"5", "1", "4", "1", "0.5", "0", "0"}});
  CHECK(array_of(found, "projections").shape == Shape{2, 2, 2, 2, 2});
  CHECK(array_of(found, "patches").shape == Shape{2, 2, 2, 2, 2});
  CHECK(array_of(found, "filters").shape == Shape{2, 2, 2, 3, 3});
  const json facts = json::parse(found.facts);
  CHECK(facts["rule"] == "guided");
  CHECK(facts["steps"] == json({0, 5}));
  CHECK(facts["moments"] == 3);
  CHECK(facts["done"] == 2);
  CHECK(facts["jumps"] == 2);
  CHECK(facts["layers"] == json({"conv1", "fc1"}));
  CHECK(facts["remainingSteps"] == json({0, 5, 9}));
  CHECK(array_of(found, "remaining").shape == Shape{2, 3});
  CHECK(array_of(found, "remaining").values == std::vector<float>{1, 0.5, 0, 1, 0.25, 0});

  EvolutionResult dense = evolution_result();  // no filters to show
  dense.filters.clear();
  CHECK(names_of(findings(dense)) == Row{"projections", "patches", "remaining"});
}

TEST_CASE("findings: invariance gives distances raw and by what is typical") {
  const Findings found = findings(invariance_result());
  CHECK(found.columns ==
        Row{"amount", "image", "class", "probability", "conv1_distance", "conv1_normalised", "fc1_distance", "fc1_normalised"});
  REQUIRE(found.rows.size() == 6);
  CHECK(found.rows[0] == Row{"-90", "0", "7", "0.1", "0", "0", "6", ""});  // nothing typical to divide by
  CHECK(found.rows[3] == Row{"0", "1", "1", "1", "4", "1", "10", ""});
  CHECK(array_of(found, "distance").shape == Shape{2, 2, 3});
  CHECK(array_of(found, "probability").shape == Shape{2, 3});
  CHECK(array_of(found, "pictures").shape == Shape{2, 3, 2, 3, 4});
  const json facts = json::parse(found.facts);
  CHECK(facts["transform"] == "rotate");
  CHECK(facts["amountUnit"] == "degrees");
  CHECK(facts["typicalDistance"] == json({4.0, 0.0}));
  CHECK(facts["typicalPairs"] == 28);
}

TEST_CASE("findings: occlusion says where each position is, and has no activity without a conv layer") {
  const Findings found = findings(occlusion_result());
  CHECK(found.columns == Row{"row", "column", "y", "x", "probability", "most_probable", "activity"});
  REQUIRE(found.rows.size() == 4);
  CHECK(found.rows[1] == Row{"0", "1", "0", "2", "0.2", "9", "2"});
  CHECK(found.rows[3] == Row{"1", "1", "2", "2", "0.4", "4", "4.5"});
  CHECK(names_of(found) == Row{"image", "probability", "most_probable", "activity", "projection"});
  CHECK(array_of(found, "image").shape == Shape{2, 3, 4});
  CHECK(array_of(found, "probability").shape == Shape{2, 2});
  CHECK(array_of(found, "most_probable").values == std::vector<float>{4, 9, 4, 4});
  const json facts = json::parse(found.facts);
  CHECK(facts["fill"] == json({0.1, 0.5}));  // and not 0.10000000149011612
  CHECK(facts["class"] == 4);
  CHECK(facts["layer"] == "conv1");
  CHECK(facts["map"] == 6);
  CHECK(facts["plainActivity"] == 5);

  OcclusionResult dense = occlusion_result();
  dense.layer.clear();
  dense.map = -1;
  dense.activity.clear();
  dense.projection.clear();
  const Findings without = findings(dense);
  CHECK(without.rows[1] == Row{"0", "1", "0", "2", "0.2", "9", ""});
  CHECK(names_of(without) == Row{"image", "probability", "most_probable"});
  const json nothing = json::parse(without.facts);
  CHECK(nothing["map"].is_null());
  CHECK(nothing["layer"].is_null());
  CHECK(nothing["plainActivity"].is_null());
}

TEST_CASE("findings: correspondence has every region in every layer, and empty figures where there is no delta") {
  const Findings found = findings(correspondence_result());
  CHECK(found.columns == Row{"region", "top", "left", "height", "width", "layer", "delta", "random_mean", "random_deviation"});
  REQUIRE(found.rows.size() == 4);
  CHECK(found.rows[2] == Row{"1", "1", "0", "1", "1", "conv1", "0.3", "0.7", "0.03"});
  CHECK(found.rows[3] == Row{"1", "1", "0", "1", "1", "fc1", "0.4", "0.8", ""});  // a single draw deviates from nothing
  CHECK(array_of(found, "delta").shape == Shape{2, 2});
  CHECK(array_of(found, "masked").shape == Shape{3, 2, 3, 4});
  const json facts = json::parse(found.facts);
  CHECK(facts["n"] == 3);
  CHECK(facts["images"] == json({10, 12, 15}));
  CHECK(facts["randomMean"] == json({{0.5, 0.6}, {0.7, 0.8}}));
  CHECK(facts["randomDeviation"] == json({{0.01, 0.02}, {0.03, nullptr}}));
  CHECK(facts["regions"][0] == json({{"top", 0}, {"left", 1}, {"height", 2}, {"width", 2}}));

  CorrespondenceResult few = correspondence_result();
  few.images = {10};
  few.delta.clear();
  few.random_mean.clear();
  few.random_deviation.clear();
  few.masked = counted(kImage);
  CHECK(findings(few).rows[0] == Row{"0", "0", "1", "2", "2", "conv1", "", "", ""});
}

TEST_CASE("findings: architecture has a row per map; what is no number is null") {
  const Findings found = findings(architecture_result());
  CHECK(found.columns == Row{"layer", "map", "energy", "high_share", "near_dead", "very_high"});
  CHECK(found.rows == std::vector<Row>{{"conv1", "0", "0.5", "0.125", "0", "0"}, {"conv1", "1", "0.01", "0.875", "1", "1"}});
  CHECK(array_of(found, "kernels").shape == Shape{2, 2, 3, 3});
  CHECK(array_of(found, "projections").shape == Shape{3, 2, 3, 2});
  const json facts = json::parse(found.facts);
  CHECK(facts["first"]["spectrum"] == json({0.75, 0.25}));
  CHECK(facts["first"]["whiteSpectrum"] == json({0.25, 0.75}));
  CHECK(facts["second"]["aliasShare"].is_null());
  CHECK(facts["second"]["grid"] == 2);
  CHECK(facts["second"]["sampled"] == 3);
  CHECK(facts["second"]["whiteAliasShare"] == 0.75);
  CHECK(facts["second"]["aliasCounted"] == 2);
  CHECK(facts["parameters"] == 250);

  const Findings empty = findings(ArchitectureResult());  // a network without a conv layer
  CHECK(empty.rows.empty());
  CHECK(empty.arrays.empty());
}

TEST_CASE("findings: lookBack has the drop at every pixel") {
  const Findings found = findings(look_back_result());
  CHECK(found.columns == Row{"y", "x", "drop"});
  REQUIRE(found.rows.size() == 12);
  CHECK(found.rows[6] == Row{"1", "2", "6"});
  CHECK(array_of(found, "projections").shape == Shape{3, 2, 3, 4});
  CHECK(array_of(found, "drop").shape == Shape{3, 4});
  const json facts = json::parse(found.facts);
  CHECK(facts["layer"] == "conv2");
  CHECK(facts["unit"] == 7);
  CHECK(facts["peak"] == json({{"activation", 2.5}, {"y", 1}, {"x", 3}}));
  CHECK(facts["field"] == json({{"top", 0}, {"left", 1}, {"bottom", 3}, {"right", 4}}));
  CHECK(facts["rules"] == json({"deconv", "gradient", "guided"}));
}

TEST_CASE("findings: sanity names the stage as trained, and leaves missing correlations empty") {
  const Findings found = findings(sanity_result());
  CHECK(found.columns == Row{"stage", "rule", "correlation", "deviation", "size_correlation", "counted", "images"});
  REQUIRE(found.rows.size() == 6);
  CHECK(found.rows[0] == Row{"trained", "deconv", "1", "0", "1", "32", "32"});
  CHECK(found.rows[4] == Row{"fc1", "gradient", "-0.25", "0.2", "0.5", "30", "32"});
  CHECK(found.rows[5] == Row{"fc1", "guided", "", "", "", "0", "32"});
  CHECK(array_of(found, "pictures").shape == Shape{2, 3, 2, 3, 4});
  CHECK(array_of(found, "correlation").shape == Shape{2, 3});
  CHECK(std::isnan(array_of(found, "size_correlation").values.back()));
  CHECK(json::parse(found.facts)["activation"] == json({1.5, -0.5}));
}

TEST_CASE("findings: classes and maximise") {
  const Findings classes = findings(class_result());
  CHECK(classes.columns == Row{"class", "logit", "probability"});
  CHECK(classes.rows == std::vector<Row>{{"0", "-1", "0.1"}, {"1", "2.5", "0.7"}, {"2", "0.5", "0.2"}});
  CHECK(array_of(classes, "projections").shape == Shape{3, 2, 3, 4});
  const json facts = json::parse(classes.facts);
  CHECK(facts["label"].is_null());
  CHECK(facts["mostProbable"] == 1);

  const Findings maximised = findings(maximisation_result());
  CHECK(maximised.columns == Row{"iteration", "activation"});
  CHECK(maximised.rows == std::vector<Row>{{"0", "0"}, {"1", "1.25"}, {"2", "3"}});
  CHECK(array_of(maximised, "image").shape == Shape{2, 3, 4});
  CHECK(json::parse(maximised.facts)["startActivation"] == 0);
  CHECK(json::parse(maximised.facts)["activation"] == 3);
}

TEST_CASE("findings: closer has a row a product, and the sum that they make") {
  const Findings found = findings(closer_result());
  CHECK(found.columns == Row{"channel", "y", "x", "value", "weight", "product"});
  REQUIRE(found.rows.size() == 8);
  CHECK(found.rows[0] == Row{"0", "0", "1", "1", "1", "1"});
  CHECK(found.rows[7] == Row{"1", "1", "2", "11", "-0.5", "-5.5"});
  CHECK(names_of(found) == Row{"patch", "kernel", "products", "channels", "sums", "map", "source", "image"});
  CHECK(array_of(found, "patch").values == std::vector<float>{1, 2, 4, 5, 7, 8, 10, 11});
  CHECK(array_of(found, "products").shape == Shape{2, 2, 2});
  CHECK(array_of(found, "channels").values == std::vector<float>{1, -5.5f});
  const json facts = json::parse(found.facts);
  CHECK(facts["sum"] == -4.25);
  CHECK(facts["before"] == -4.25);
  CHECK(facts["activation"] == 0);
  CHECK(facts["nonlinearity"] == "relu");
  CHECK(facts["source"] == "pool1");
  CHECK(facts["image"].is_null());
  CHECK(facts["window"] == json({{"top", 0}, {"left", 1}, {"height", 2}, {"width", 2}}));
  CHECK(facts["field"] == json({{"top", 0}, {"left", 2}, {"height", 3}, {"width", 3}}));
}

TEST_CASE("findings: confusion counts by class, without a share where a class has no image; images have theirs") {
  const Findings found = findings(confusion_result());
  CHECK(found.columns == Row{"class", "predicted", "count", "share"});
  REQUIRE(found.rows.size() == 9);
  CHECK(found.rows[0] == Row{"0", "0", "2", "1"});
  CHECK(found.rows[5] == Row{"1", "2", "1", "0.5"});
  CHECK(found.rows[8] == Row{"2", "2", "0", ""});
  CHECK(array_of(found, "counts").values == std::vector<float>{2, 0, 0, 0, 1, 1, 0, 0, 0});
  CHECK(array_of(found, "images").values == std::vector<float>{0, 10, 20, 30});
  CHECK(array_of(found, "true_probability").shape == Shape{4});
  const json facts = json::parse(found.facts);
  CHECK(facts["n"] == 4);
  CHECK(facts["accuracy"] == 0.75);
  CHECK(facts["loss"] == 0.5);

  const Findings images = findings(images_result());
  CHECK(images.rows == std::vector<Row>{{"40", "4"}, {"3", "9"}});
  CHECK(array_of(images, "pixels").shape == Shape{2, 2, 3, 4});
}

TEST_CASE("findings: every outcome is called as its request is, and its facts say so first") {
  const std::vector<std::pair<Request, Outcome>> pairs = {
      {TopRequest{}, top_result()},
      {EvolutionRequest{}, evolution_result()},
      {InvarianceRequest{}, invariance_result()},
      {OcclusionRequest{}, occlusion_result()},
      {CorrespondenceRequest{}, correspondence_result()},
      {ArchitectureRequest{}, architecture_result()},
      {LookBackRequest{}, look_back_result()},
      {SanityRequest{}, sanity_result()},
      {ClassRequest{}, class_result()},
      {MaximisationRequest{}, maximisation_result()},
      {RandomnessRequest{}, randomness_result()},
      {CloserRequest{}, closer_result()},
      {ConfusionRequest{}, confusion_result()},
      {ImagesRequest{}, images_result()},
  };
  CHECK(pairs.size() == std::variant_size_v<Request>);
  for (const auto& [request, outcome] : pairs) {
    const Findings found = findings(outcome);
    CHECK(view_name(request) == view_name(outcome));
    CHECK(found.view == view_name(request));
    CHECK(found.facts.starts_with("{\"view\":\"" + found.view + "\""));
    for (const Row& row : found.rows) CHECK(row.size() == found.columns.size());
  }
  CHECK(view_name(Request(LookBackRequest{})) == "lookBack");
  CHECK(view_name(Request(MaximisationRequest{})) == "maximise");
}

TEST_CASE("findings: an array that does not fit its shape is a programming error") {
  TopResult top = top_result();
  top.patches.pop_back();
  CHECK_THROWS_AS(findings(top), std::logic_error);
  LookBackResult look = look_back_result();
  look.projections.push_back(0);
  CHECK_THROWS_AS(findings(look), std::logic_error);
}

TEST_CASE("findings: CSV as RFC 4180 has it") {
  Findings found;
  found.columns = {"layer", "said \"so\""};
  found.rows = {{"a,b", "1"}, {"two\nlines", ""}};
  CHECK(to_csv(found) == "layer,\"said \"\"so\"\"\"\r\n\"a,b\",1\r\n\"two\nlines\",\r\n");
}
