// Tests of src/cli/look.h and src/cli/timeline_folder.h: every view on a small network of the strokes set, and refusals.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "cli/timeline_folder.h"
#include "cli_support.h"
#include "data/npy.h"
#include "nn/checkpoint.h"
#include "support.h"

using namespace lenet;
using namespace lenet::test;
using nlohmann::json;

namespace {

constexpr const char* kNetwork = "conv 3 5x5, relu, pool 2, conv 4 5x5, relu, pool 2, dense 10";

/// A run of five steps in files, trained once for all tests here.
struct Trained {
  Folder folder;
  std::string weights = folder.file("w.safetensors"), moments = folder.file("moments");

  Trained() {
    const Outcome outcome = lenet_lab({"train", "--dataset", "strokes", "--network", kNetwork, "--steps", "5", "--quiet", "--seed",
                                       "4", "--out", weights, "--timeline", moments});
    CAPTURE(outcome.errors);
    REQUIRE(outcome.code == cli::kSuccess);
  }
};

const Trained& trained() {
  static const Trained run;
  return run;
}

Outcome look(const std::string& request, const std::string& out, std::vector<std::string> more = {}) {
  std::vector<std::string> all = {"look", "--weights", trained().weights, "--request", request, "--out", out, "--quiet"};
  all.insert(all.end(), more.begin(), more.end());
  return lenet_lab(all);
}

std::set<std::string> files_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename().string());
  return names;
}

using Shapes = std::map<std::string, std::vector<int>>;

struct View {
  const char* request;
  int rows;  ///< of the table, without its head
  Shapes arrays;
};

/// Looks, and holds the folder against what the view should give.
void check_view(const View& view) {
  CAPTURE(std::string(view.request));
  const Folder folder;
  const std::string out = folder.file("found");
  const Outcome outcome = look(view.request, out, {"--timeline", trained().moments});
  CAPTURE(outcome.errors);
  REQUIRE(outcome.code == cli::kSuccess);
  CHECK(outcome.errors.empty());
  const json facts = json::parse(cli::read_text(out + "/facts.json"));
  CHECK(facts["view"] == json::parse(view.request)["view"]);
  if (facts.contains("step")) CHECK(facts["step"] == 5);  // an evolution has steps
  const std::string table = cli::read_text(out + "/table.csv");
  CHECK(std::count(table.begin(), table.end(), '\n') == view.rows + 1);
  std::set<std::string> expected = {"facts.json", "table.csv"};
  for (const auto& [name, shape] : view.arrays) {
    CAPTURE(name);
    expected.insert(name + ".npy");
    const data::NpyFloats array = data::load_npy_floats(fs::path(out) / (name + ".npy"));
    CHECK(array.shape == shape);
    CHECK(std::any_of(array.values.begin(), array.values.end(), [](float value) { return value != 0; }));
  }
  CHECK(files_in(out) == expected);
}

}  // namespace

TEST_CASE("cli: train --timeline writes the moments, and refuses a folder that has some") {
  CHECK(files_in(trained().moments) ==
        std::set<std::string>{"step-0.safetensors", "step-1.safetensors", "step-2.safetensors", "step-5.safetensors"});
  const nn::Network<float> network(nn::parse_network(kNetwork, {1, 28, 28}));
  const lab::Timeline timeline = cli::read_timeline(trained().moments, network);
  REQUIRE(timeline.moments().size() == 4);
  CHECK(timeline.moments()[3].step == 5);
  CHECK(*timeline.moments()[2].values != *timeline.moments()[3].values);

  nn::Weights<float> weights = network.make_weights();  // where the run ended
  nn::load_weights(network, cli::read_file(trained().weights), "w", weights);
  CHECK(*timeline.moments()[3].values == weights.values);

  const Outcome again = lenet_lab({"train", "--dataset", "strokes", "--steps", "1", "--timeline", trained().moments});
  CHECK(again.code == cli::kFailure);
  CHECK(again.said("has a run's moments already (step-0.safetensors)"));
  CHECK(files_in(trained().moments).size() == 4);
}

TEST_CASE("cli: a timeline's moments keep step, epoch and values, and foreign files are refused") {
  const Folder folder;
  const nn::Network<float> network(nn::parse_network("dense 10", {1, 28, 28}));
  const std::vector<float> first = random_values<float>(network.parameter_count(), 1),
                           second = random_values<float>(network.parameter_count(), 2);
  lab::Timeline timeline;
  timeline.offer(0, 0, false, first);
  timeline.offer(37, 1, true, second);
  cli::begin_timeline_folder(folder.path);
  cli::write_timeline(folder.path, network, timeline, {{"seed", "5"}});
  cli::write_file(folder.file("step-x.safetensors"), cli::bytes_of("no moment"));
  const lab::Timeline read = cli::read_timeline(folder.path, network);
  REQUIRE(read.moments().size() == 2);
  CHECK(read.moments()[1].step == 37);
  CHECK(read.moments()[1].epoch == 1);
  CHECK(read.moments()[1].ends_epoch);
  CHECK_FALSE(read.moments()[0].ends_epoch);
  CHECK(*read.moments()[0].values == first);
  CHECK(*read.moments()[1].values == second);

  fs::rename(folder.file("step-37.safetensors"), folder.file("step-5.safetensors"));
  CHECK_THROWS_WITH_AS(cli::read_timeline(folder.path, network), doctest::Contains("another step than its name says"), Error);
  fs::remove(folder.file("step-5.safetensors"));
  cli::write_file(folder.file("step-9.safetensors"), nn::save_weights(network, network.make_weights(), {}));
  CHECK_THROWS_WITH_AS(cli::read_timeline(folder.path, network), doctest::Contains("does not say which step it is of"), Error);
  const Folder empty;
  CHECK_THROWS_WITH_AS(cli::read_timeline(empty.path, network), doctest::Contains("has no moments"), Error);
  CHECK_THROWS_WITH_AS(cli::read_timeline(empty.path / "none", network), doctest::Contains("cannot be read"), Error);
}

TEST_CASE("cli: look, units of a layer") {
  // A unit of conv2 sees 5 + 2 · 4 + 1 = 14 pixels.
  check_view({R"({"view": "evolution", "layer": "conv1", "images": 16})",
              4 * 3,
              {{"projections", {4, 3, 1, 5, 5}}, {"patches", {4, 3, 1, 5, 5}}, {"filters", {4, 3, 1, 5, 5}}, {"remaining", {3, 4}}}});
  check_view({R"({"view": "architecture", "images": 8})", 3, {{"kernels", {3, 1, 5, 5}}, {"projections", {4, 1, 14, 14}}}});
  check_view({R"({"view": "random", "images": 16})",
              3 + 4 + 10,
              {{"smoothness_conv1", {3, 1}},
               {"percentile_conv1", {3, 1}},
               {"smoothness_conv2", {4, 3}},
               {"percentile_conv2", {4, 3}},
               {"histogram", {3, 2, 41}}}});
  const Folder folder;
  REQUIRE(look(R"({"view": "top", "layer": "conv2", "images": 16})", folder.file("top")).code == cli::kSuccess);
  CHECK(data::load_npy_floats(folder.path / "top/patches.npy").shape == std::vector<int>{4, 9, 1, 14, 14});
  CHECK(data::load_npy_floats(folder.path / "top/projections.npy").shape == std::vector<int>{4, 9, 1, 14, 14});
  const std::string table = cli::read_text(folder.file("top/table.csv"));
  CHECK(table.starts_with("layer,unit,rank,training_image,activation,y,x\r\nconv2,"));
  const json facts = json::parse(cli::read_text(folder.file("top/facts.json")));
  CHECK(facts["images"] == 16);
  // Nine rows for each unit that answers at all; sixteen images give every one of them nine.
  CHECK(std::count(table.begin(), table.end(), '\n') <= 1 + 9 * (4 - static_cast<int>(facts["silentUnits"].size())));
}

TEST_CASE("cli: look, one image or unit") {
  check_view({R"({"view": "occlusion", "image": 3, "size": 8, "stride": 7})",
              4 * 4,
              {{"image", {1, 28, 28}},
               {"probability", {4, 4}},
               {"most_probable", {4, 4}},
               {"activity", {4, 4}},
               {"projection", {1, 28, 28}}}});
  check_view({R"({"view": "invariance", "images": [0, 5], "transform": "translateX", "from": -2, "to": 2, "amounts": 5})",
              5 * 2,
              {{"distance", {3, 2, 5}}, {"probability", {2, 5}}, {"pictures", {2, 5, 1, 28, 28}}}});
  check_view({R"({"view": "correspondence", "class": 3, "images": 3, "randomRegions": 2,
                  "regions": [{"top": 4, "left": 8, "height": 12, "width": 12}, {"top": 0, "left": 0, "height": 28, "width": 28}]})",
              2 * 3,
              {{"delta", {2, 3}}, {"masked", {3, 1, 28, 28}}}});
  check_view({R"({"view": "lookBack", "layer": "conv1", "unit": 1, "image": 2, "occluder": 3})",
              28 * 28,
              {{"image", {1, 28, 28}}, {"projections", {3, 1, 28, 28}}, {"drop", {28, 28}}}});
  check_view({R"({"view": "sanity", "layer": "fc1", "unit": 4, "image": 2, "images": 4})",
              4 * 3,
              {{"pictures", {4, 3, 1, 28, 28}}, {"correlation", {4, 3}}, {"size_correlation", {4, 3}}}});
  check_view(
      {R"({"view": "classes", "image": 2, "rule": "gradient"})", 10, {{"image", {1, 28, 28}}, {"projections", {10, 1, 28, 28}}}});
  check_view({R"({"view": "maximise", "layer": "fc1", "unit": 4, "iterations": 5})", 6, {{"image", {1, 28, 28}}}});
  check_view({R"({"view": "closer", "layer": "conv2", "unit": 3, "image": 2, "y": 1, "x": 7})",
              3 * 25,
              {{"patch", {3, 5, 5}},
               {"kernel", {3, 5, 5}},
               {"products", {3, 5, 5}},
               {"channels", {3}},
               {"sums", {8, 8}},
               {"map", {8, 8}},
               {"source", {3, 12, 12}},
               {"image", {1, 28, 28}}}});
  check_view({R"({"view": "confusion", "stride": 500})",
              100,
              {{"counts", {10, 10}}, {"shares", {10, 10}}, {"images", {20}}, {"labels", {20}}, {"predicted", {20}}, {"probability", {20}}, {"true_probability", {20}}}});
  check_view({R"({"view": "images", "images": [4, 9999]})", 2, {{"pixels", {2, 1, 28, 28}}}});
}

TEST_CASE("cli: look gives the same bytes again, from a file too, and other ones with another seed") {
  const Folder folder;
  const std::string request =
      R"({"view": "correspondence", "class": 1, "images": 3, "regions": [{"top": 2, "left": 2, "height": 9, "width": 9}]})";
  cli::write_file(folder.file("request.json"), cli::bytes_of(request));
  REQUIRE(look(request, folder.file("a")).code == cli::kSuccess);
  REQUIRE(look("@" + folder.file("request.json"), folder.file("b"), {"--seed", "4"}).code == cli::kSuccess);  // that of the weights
  REQUIRE(look(request, folder.file("c"), {"--seed", "5"}).code == cli::kSuccess);
  const auto table = [&](const char* name) { return cli::read_text((folder.path / name / "table.csv").string()); };
  CHECK(table("a") == table("b"));
  CHECK(table("a") != table("c"));
  CHECK(cli::read_file(folder.path / "a/masked.npy") == cli::read_file(folder.path / "c/masked.npy"));
}

TEST_CASE("cli: look refuses what does not fit with a sentence") {
  const Folder folder;
  const std::string out = folder.file("out");
  const auto refused = [&](const Outcome& outcome, const std::string& sentence) {
    CAPTURE(outcome.errors);
    CHECK(outcome.code == cli::kFailure);
    CHECK(outcome.said(sentence));
    CHECK(std::count(outcome.errors.begin(), outcome.errors.end(), '\n') <= 1);
  };
  refused(look("occlusion", out), "--request is not JSON");
  refused(look("{}", out), "--request needs a view");
  refused(look(R"({"view": "occlusion", "colour": "grey"})", out), "does not know \"colour\"");
  refused(look(R"({"view": "occlusion", "image": 10000})", out), "There is no test image 10000");
  refused(look(R"({"view": "occlusion", "image": [0.5]})", out), "has 784 pixels");
  refused(look(R"({"view": "occlusion", "size": 29})", out), "28");
  refused(look(R"({"view": "top", "layer": "conv7"})", out), "There is no layer “conv7”");
  refused(look(R"({"view": "maximise", "unit": 3})", out), "there is no unit 3");
  refused(look(R"({"view": "evolution"})", out), "--timeline");
  refused(look(R"({"view": "evolution"})", out, {"--timeline", folder.path.string()}), "has no moments");
  refused(look("@" + folder.file("none"), out), "cannot be opened");
  refused(look(R"({"view": "top"})", out, {"--dataset", "flowers"}), "Known ones: mnist, cifar10, strokes");
  refused(lenet_lab({"look", "--weights", folder.file("none"), "--request", "{}", "--out", out}), "cannot be opened");
  refused(lenet_lab({"look", "--request", "{}", "--out", out}), "--weights is required");
  CHECK_FALSE(fs::exists(out));

  // Weights of a network for other images.
  const nn::Network<float> network(nn::parse_network("dense 10", {3, 32, 32}));
  cli::write_file(folder.file("colour"), nn::save_weights(network, network.make_weights(), {}));
  refused(lenet_lab({"look", "--weights", folder.file("colour"), "--dataset", "strokes", "--request", "{}", "--out", out}),
          "for images of [3, 32, 32]; those of strokes are [1, 28, 28]");
}

TEST_CASE("cli: look at random draws the initial weights again, and does not where the run began with others") {
  const auto facts_after = [&](const std::string& weights, const std::string& out) {
    const Outcome outcome = lenet_lab({"look", "--weights", weights, "--request", R"({"view": "random", "images": 8})", "--out", out, "--quiet"});
    REQUIRE(outcome.code == cli::kSuccess);
    return json::parse(cli::read_text(out + "/facts.json"));
  };
  const Folder folder;
  const json start = facts_after(trained().moments + "/step-0.safetensors", folder.file("start"));
  for (const json& layer : start["layers"]) CHECK(layer["changed"] == 0);
  const json later = facts_after(trained().weights, folder.file("later"));
  CHECK(later["initialKnown"] == true);
  for (const json& layer : later["layers"]) CHECK(layer["changed"] > 0);
  const std::string on = folder.file("on.safetensors");
  REQUIRE(lenet_lab({"train", "--dataset", "strokes", "--network", kNetwork, "--steps", "1", "--quiet", "--weights", trained().weights, "--out", on})
              .code == cli::kSuccess);
  CHECK(facts_after(on, folder.file("on"))["initialKnown"] == false);
}
