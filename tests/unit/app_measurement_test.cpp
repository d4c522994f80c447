// Tests of src/app/measurement.h and src/lab/measure.h: that every pass is there and counted, not how fast it is.
#include "app/measurement.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "data/strokes.h"
#include "support.h"

using namespace lenet;
using namespace lenet::test;
using nlohmann::json;

namespace {

struct Fixture {
  data::StrokesDataset dataset{1};
  lab::Run run;
  ThreadPool pool{2};
  lab::Workers workers;

  explicit Fixture(const char* network) : run(dataset, recipe(network), 1), workers(run.training_network(), pool) {}
  static lab::Recipe recipe(const char* network) {
    lab::Recipe recipe;
    recipe.network = network;
    return recipe;
  }
  json measure(const char* what, int batch, double seconds) {
    return json::parse(app::measure(run, what, batch, seconds, workers));
  }
};

}  // namespace

TEST_CASE("measurement: inference counts whole batches and takes its time") {
  Fixture f("conv 4 5x5, relu, pool 2, dense 10");
  for (const int batch : {1, 5, 20}) {
    const json result = f.measure("inference", batch, 0.002);
    CHECK(result["images"].get<int>() >= batch);
    CHECK(result["images"].get<int>() % batch == 0);
    CHECK(result["seconds"].get<double>() >= 0.002);
  }
  CHECK(f.run.step() == 0);
}

TEST_CASE("measurement: layers has every pass of every layer, pooled, unpooled, rectified or not") {
  Fixture f("conv 4 5x5, pool 2, conv 6 3x3, relu, dense 10");
  const json report = f.measure("layers", 64, 1e-6);  // hardly any time still gives one slice each
  CHECK(report["peak_gflops"].get<double>() > 0);
  std::string passes;
  for (const json& pass : report["layers"]) {
    passes += pass["layer"].get<std::string>() + " " + pass["pass"].get<std::string>() + ", ";
    CHECK(pass["microseconds"].get<double>() > 0);
    const std::string layer = pass["layer"];
    const bool computes = layer.starts_with("conv") || layer.starts_with("fc");
    CHECK((pass["gflops"].get<double>() > 0) == computes);
  }
  CHECK(passes ==
        "conv1 forward, conv1 backward weights, conv2 forward, conv2 backward weights, conv2 backward input, relu1 forward, relu1 backward "
        "input, flatten forward, flatten backward input, fc1 forward, fc1 backward weights, fc1 backward input, ");
}

TEST_CASE("measurement: lab times projections, a top-nine pass and an occlusion map") {
  Fixture f("conv 2 5x5, relu, pool 2, conv 3 5x5, relu, pool 2, dense 10");
  const json report = f.measure("lab", 64, 1e-6);
  CHECK(report["layer"] == "conv2");
  CHECK(report["units"] == 3);
  CHECK(report["projections_per_second"].get<double>() > 0);
  CHECK(report["top_images"] == 1000);
  CHECK(report["top_seconds"].get<double>() > 0);
  CHECK(report["occlusion_positions"] == 28 * 28);
  CHECK(report["occlusion_seconds"].get<double>() > 0);
}

TEST_CASE("measurement: nonsense is refused with a sentence") {
  Fixture f("dense 10");
  CHECK_THROWS_WITH_AS(f.measure("speed", 64, 1), doctest::Contains("there are inference, layers and lab"), Error);
  CHECK_THROWS_AS(f.measure("inference", 0, 1), Error);
  CHECK_THROWS_AS(f.measure("inference", 5000, 1), Error);
  CHECK_THROWS_AS(f.measure("inference", 64, 0), Error);
  CHECK_THROWS_AS(f.measure("layers", 64, 1e9), Error);
}
