// Tests of src/cli: exit codes, one clear sentence for everything that can be wrong, files that are whole or not there.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "cli/progress.h"
#include "cli_support.h"
#include "data/cifar10.h"
#include "data/mnist.h"
#include "data/npy.h"
#include "data/strokes.h"
#include "data_support.h"
#include "nn/block.h"
#include "nn/checkpoint.h"
#include "nn/initializer.h"
#include "support.h"

using namespace lenet;
using namespace lenet::test;

namespace {

/// A small network's weights in a file, and images and labels for it.
struct DumpInputs {
  static constexpr int kCount = 9;  // one block of eight and one more
  Folder folder;
  nn::Network<float> network{nn::parse_network("conv 3 5x5, relu, pool 2, dense 10", {1, 28, 28})};
  nn::Weights<float> weights = network.make_weights();
  std::vector<float> images;
  std::string weights_file = folder.file("w.safetensors"), images_file = folder.file("x.npy"), labels_file = folder.file("y.npy"),
              out = folder.file("out");

  DumpInputs() {
    nn::initialize(network, nn::Initializer::kHe, 5, weights);
    cli::write_file(weights_file, nn::save_weights(network, weights, {}));
    images = random_values<float>(kCount * network.input().size(), 1, 0, 1);
    data::save_npy(images_file, std::vector<int>{kCount, 1, 28, 28}, images);
    data::save_npy(labels_file, std::vector<int>{kCount}, std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8});
  }

  Outcome dump(std::vector<std::string> more = {}) const {
    std::vector<std::string> all = {"dump",     "--weights", weights_file, "--images", images_file,
                                    "--labels", labels_file, "--out",      out};
    all.insert(all.end(), more.begin(), more.end());
    return lenet_lab(all);
  }
};

}  // namespace

TEST_CASE("cli: help, version, and nothing to do") {
  CHECK(lenet_lab({"--help"}).code == cli::kSuccess);
  CHECK(lenet_lab({"train", "--help"}).code == cli::kSuccess);
  CHECK(lenet_lab({"--version"}).code == cli::kSuccess);
  const Outcome nothing = lenet_lab({});
  CHECK(nothing.code == cli::kFailure);
  CHECK(nothing.said("train, evaluate, study, merge, look, dump, strokes or bench"));
}

TEST_CASE("cli: every bad option gets a sentence and exit code 1") {
  const Folder folder;
  cli::write_file(folder.file("text"), cli::bytes_of("this is no safetensors file"));
  struct Case {
    std::vector<std::string> arguments;
    const char* sentence;
  };
  const std::vector<Case> cases = {
      {{"paint"}, "not expected: paint"},
      {{"train", "--colour", "red"}, "--colour"},
      {{"train", "--seed", "-1"}, "not a whole number"},
      {{"bench", "--what", "speed"}, "there are train, inference, layers and lab"},
      {{"bench", "--seconds", "0"}, "--seconds"},
      {{"bench", "--batch", "0"}, "--batch"},
      {{"train", "--seed", "99999999999999999999"}, "not a whole number"},
      {{"train", "--steps", "0"}, "not in range"},
      {{"train", "--epochs", "0"}, "not in range"},
      {{"train", "--epochs", "2", "--steps", "3"}, "excludes"},
      {{"train", "--dataset", "strokes", "--batch", "0"}, "batch size must be a number between"},
      {{"train", "--dataset", "strokes", "--rate", "nan"}, "learning rate must be a number between"},
      {{"train", "--dataset", "strokes", "--momentum", "1.5"}, "momentum must be a number between"},
      {{"train", "--dataset", "strokes", "--preset", "alexnet"}, "Known presets: wss17, caffe, softmax, mlp, lenet5, tiny"},
      {{"train", "--dataset", "strokes", "--network", "conv 8 99x99, dense 10"}, "does not fit"},
      {{"train", "--dataset", "strokes", "--network", "dense 7"}, "last layer must be"},
      {{"train", "--dataset", "strokes", "--init", "magic"}, "Known ones: he"},
      {{"train", "--dataset", "strokes", "--freeze", "conv9"}, "It has conv1, conv2, fc1, fc2"},
      {{"train", "--dataset", "strokes", "--rate-multiplier", "conv1"}, "layer=number"},
      {{"train", "--dataset", "strokes", "--rate-multiplier", "conv1=-2"}, "multiplier must be"},
      {{"train", "--dataset", "strokes", "--out", folder.file("no/such/folder")}, "cannot be written"},
      {{"train", "--dataset", "strokes", "--out", folder.path.string()}, "it is a folder"},
      {{"train", "--dataset", "strokes", "--weights", folder.file("none")}, "cannot be opened"},
      {{"train", "--dataset", "strokes", "--weights", folder.file("text")}, "not a safetensors file"},
      {{"train", "--dataset", "strokes", "--data", folder.path.string()}, "Leave one of the two out"},
      {{"train", "--dataset", "strokes", "--test-on", "flowers"}, "Known ones: mnist, cifar10, strokes"},
      {{"train", "--dataset", "flowers"}, "Known ones: mnist, cifar10, strokes"},
      {{"train", "--dataset", "cifar10", "--data", folder.file("none")}, "There is no folder"},
      {{"train", "--dataset", "cifar10", "--data", folder.path.string()}, "has no training batch data_batch_1.bin"},
      {{"train", "--data", folder.file("none")}, "There is no folder"},
      {{"train", "--data", folder.path.string()}, "has no file train-images"},
      {{"strokes", "--out", folder.file("text")}, "cannot be made"},
      {{"strokes", "--out", folder.file("digits"), "--train", "70000"}, "--train must lie between"},
  };
  for (const Case& one : cases) {
    const Outcome outcome = lenet_lab(one.arguments);
    CAPTURE(one.sentence);
    CAPTURE(outcome.errors);
    CHECK(outcome.code == cli::kFailure);
    CHECK(outcome.said(one.sentence));
    CHECK(std::count(outcome.errors.begin(), outcome.errors.end(), '\n') <= 1);
  }
  CHECK(std::distance(fs::directory_iterator(folder.path), {}) == 1);  // nothing was left lying about
}

TEST_CASE("cli: train writes weights and curve") {
  const Folder folder;
  const Outcome outcome = lenet_lab({"train", "--dataset", "strokes", "--network", "dense 10", "--steps", "3", "--quiet", "--hash",
                                     "--out", folder.file("w.safetensors"), "--curve", folder.file("curve.csv")});
  CAPTURE(outcome.errors);
  REQUIRE(outcome.code == cli::kSuccess);
  const nn::Network<float> network(nn::parse_network("dense 10", {1, 28, 28}));
  nn::Weights<float> weights = network.make_weights();
  const auto metadata = nn::load_weights(network, cli::read_file(folder.file("w.safetensors")), "w", weights);
  CHECK(metadata.at("step") == "3");
  CHECK(metadata.at("dataset") == "strokes");
  CHECK(metadata.at("rate") == "0.02");
  const std::string curve = cli::read_text(folder.file("curve.csv"));
  CHECK(std::count(curve.begin(), curve.end(), '\n') == 4);
  CHECK(contains(curve, ",10000\n"));  // accuracy was measured at the end
  CHECK(std::distance(fs::directory_iterator(folder.path), {}) == 2);
}

TEST_CASE("cli: another set's test images are measured once, at the end") {
  const Folder folder;
  // Drawn digits of another seed in MNIST's place.
  REQUIRE(lenet_lab({"strokes", "--out", folder.file("mnist"), "--seed", "9", "--train", "5100", "--test", "50"}).code ==
          cli::kSuccess);
  const auto curve_of = [&](std::vector<std::string> what) {
    const std::vector<std::string> how = {"--data",  folder.path.string(),    "--network", "dense 10", "--batch", "50", "--quiet",
                                          "--curve", folder.file("curve.csv")};
    what.insert(what.begin(), "train");
    what.insert(what.end(), how.begin(), how.end());
    const Outcome outcome = lenet_lab(what);
    CAPTURE(outcome.errors);
    REQUIRE(outcome.code == cli::kSuccess);
    return cli::read_text(folder.file("curve.csv"));
  };
  const auto measured = [](const std::string& curve, const char* images) {
    int found = 0;
    for (std::size_t at = 0; (at = curve.find(images, at)) != std::string::npos; ++at) ++found;
    return found;
  };
  const std::string drawn = curve_of({"--dataset", "strokes", "--test-on", "mnist", "--steps", "3"});
  CHECK(measured(drawn, ",50\n") == 1);
  const std::string read = curve_of({"--dataset", "mnist", "--test-on", "strokes", "--epochs", "3"});
  CHECK(measured(read, ",10000\n") == 1);
  CHECK(read.ends_with(",10000\n"));
  CHECK(measured(curve_of({"--dataset", "mnist", "--epochs", "3"}), ",50\n") == 3);
}

TEST_CASE("cli: train on CIFAR-10 says how many images it found, and wss17 fits them") {
  const Folder folder;
  fs::create_directories(folder.path / "cifar10");
  std::vector<std::byte> images(5002 * data::Cifar10Dataset::kRecord);
  for (std::size_t i = 0; i < images.size(); i += 5) images[i] = static_cast<std::byte>(i / data::Cifar10Dataset::kRecord % 10);
  cli::write_file(folder.file("cifar10/data_batch_1.bin"), images);
  images.resize(3 * data::Cifar10Dataset::kRecord);
  cli::write_file(folder.file("cifar10/test_batch.bin"), images);
  // The folder itself and the one above it.
  for (const std::string& data : {folder.path.string(), folder.file("cifar10")}) {
    const Outcome outcome = lenet_lab({"train", "--dataset", "cifar10", "--data", data, "--steps", "2", "--batch", "2", "--quiet",
                                       "--out", folder.file("w.safetensors")});
    CAPTURE(outcome.errors);
    REQUIRE(outcome.code == cli::kSuccess);
    CHECK(outcome.said("CIFAR-10: 5,002 training images in 1 batch, 3 test images."));
  }
  const nn::Network<float> network(nn::preset("wss17", {3, 32, 32}));
  nn::Weights<float> weights = network.make_weights();
  const auto metadata = nn::load_weights(network, cli::read_file(folder.file("w.safetensors")), "w", weights);
  CHECK(metadata.at("dataset") == "cifar10");
}

#ifdef LENET_LAB_PROGRAM
TEST_CASE("cli: CIFAR-10 is looked for in $LENET_LAB_DATA and in the cache") {
  const Folder folder;
  fs::create_directories(folder.path / "data" / "cifar10");  // empty: that it is named shows that it was found
  const std::vector<std::string> train = {"train", "--dataset", "cifar10"};
  const std::string nowhere = " LENET_LAB_CACHE='" + folder.file("nowhere") + "'";
  CHECK(lenet_lab(train, "LENET_LAB_DATA='" + folder.file("data") + "'" + nowhere).said("data/cifar10 has no training batch"));
  CHECK(lenet_lab(train, "LENET_LAB_DATA= LENET_LAB_CACHE='" + folder.path.string() + "'")
            .said("data/cifar10 has no training batch"));
  const Outcome missing = lenet_lab(train, "LENET_LAB_DATA=" + nowhere);
  CHECK(missing.code == cli::kFailure);
  CHECK(missing.said("CIFAR-10 was not found"));
}
#endif

#ifdef LENET_LAB_AVX2
TEST_CASE("cli: LENET_LAB_SIMD chooses the executable, and both give the same weights") {
  const Outcome unknown = lenet_lab({"--version"}, "LENET_LAB_SIMD=mmx");
  CHECK(unknown.code == cli::kFailure);
  CHECK(unknown.said("it can be sse2 or avx2"));
  const Folder folder;
  // Sizes that are no multiple of a tile, under a pool and without one.
  const auto train_with = [&](const std::string& simd) {
    return lenet_lab({"train", "--dataset", "strokes", "--network", "conv 7 5x5, relu, pool 2, conv 13 3x3, relu, dense 27, relu, dense 10",
                      "--steps", "5", "--quiet", "--out", folder.file(simd)},
                     "LENET_LAB_SIMD=" + simd);
  };
  REQUIRE(train_with("sse2").code == cli::kSuccess);
  const Outcome avx2 = train_with("avx2");
  if (avx2.said("this processor does not have")) LENET_SKIP("cli: both executables give the same weights", "no AVX2 here");
  CAPTURE(avx2.errors);
  REQUIRE(avx2.code == cli::kSuccess);
  CHECK(cli::read_file(folder.file("sse2")) == cli::read_file(folder.file("avx2")));
}
#endif

TEST_CASE("cli: a diverged run has its own exit code and leaves old files alone") {
  const Folder folder;
  cli::write_file(folder.file("w.safetensors"), cli::bytes_of("good weights"));
  const Outcome outcome = lenet_lab({"train", "--dataset", "strokes", "--network", "dense 20, relu, dense 10", "--steps", "50",
                                     "--rate", "1e30", "--quiet", "--out", folder.file("w.safetensors")});
  CHECK(outcome.code == cli::kDiverged);
  CHECK(outcome.said("diverged at step"));
  CHECK(cli::read_text(folder.file("w.safetensors")) == "good weights");
  CHECK(std::distance(fs::directory_iterator(folder.path), {}) == 1);
}

#ifdef LENET_LAB_PROGRAM
TEST_CASE("cli: a run that is stopped writes what it has") {
  const Folder folder;
  const std::string out = folder.file("w.safetensors");
  const std::string script = std::string(LENET_LAB_PROGRAM) +
                             " train --dataset strokes --network 'dense 10' --epochs 1000 --out '" + out +
                             "' >/dev/null 2>&1 & sleep 2; kill -TERM $!; wait $!";
  const int status = std::system(script.c_str());
  CHECK(WEXITSTATUS(status) == cli::kInterrupted);
  const nn::Network<float> network(nn::parse_network("dense 10", {1, 28, 28}));
  nn::Weights<float> weights = network.make_weights();
  CHECK_NOTHROW(nn::load_weights(network, cli::read_file(out), "w", weights));
}
#endif

TEST_CASE("cli: dump writes what the network computes") {
  const DumpInputs inputs;
  const Outcome outcome = inputs.dump({"--project", "conv1:2,fc1:7"});  // the network is the weights file's own
  CAPTURE(outcome.errors);
  REQUIRE(outcome.code == cli::kSuccess);
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(inputs.out)) names.insert(entry.path().filename().string());
  std::set<std::string> expected = {
      "activation.conv1.npy",      "activation.relu1.npy",    "activation.pool1.npy",    "activation.fc1.npy",   "loss.npy",
      "gradient.conv1.weight.npy", "gradient.conv1.bias.npy", "gradient.fc1.weight.npy", "gradient.fc1.bias.npy"};
  for (const std::string mode : {"deconv", "gradient", "guided"}) {
    for (const std::string unit : {"conv1.2", "fc1.7"}) expected.insert("project." + mode + "." + unit + ".npy");
  }
  CHECK(names == expected);
  const auto load = [&](const std::string& name) { return data::load_npy_floats(fs::path(inputs.out) / name); };
  CHECK(load("loss.npy").shape.empty());
  CHECK(load("gradient.fc1.weight.npy").shape == std::vector<int>{10, 3 * 12 * 12});
  CHECK(load("project.guided.fc1.7.npy").shape == std::vector<int>{9, 1, 28, 28});
  CHECK(load("activation.fc1.npy").shape == std::vector<int>{9, 10});
  const data::NpyFloats maps = load("activation.relu1.npy");
  CHECK(maps.shape == std::vector<int>{9, 3, 24, 24});

  // The last image, alone in the second block there, alone in the first one here.
  nn::Workspace<float> workspace = inputs.network.make_workspace();
  nn::set_image(inputs.network.input(), std::span<const float>(inputs.images).subspan(8 * 784), 0, workspace.activation[0].data());
  inputs.network.forward(inputs.weights, workspace);
  const std::vector<float> direct = nn::get_image(inputs.network.layer(1).output(), workspace.activation[2].data(), 0);
  CHECK(std::vector<float>(maps.values.begin() + 8 * 3 * 576, maps.values.end()) == direct);
}

TEST_CASE("cli: dump refuses what does not fit") {
  const DumpInputs inputs;
  const auto refused = [](const Outcome& outcome, const std::string& sentence) {
    CAPTURE(outcome.errors);
    return outcome.code == cli::kFailure && outcome.said(sentence);
  };
  CHECK(refused(inputs.dump({"--project", "conv7:0"}), "There is no layer “conv7”"));
  CHECK(refused(inputs.dump({"--project", "conv1:3"}), "conv1 has units 0 to 2; there is no unit 3"));
  CHECK(refused(inputs.dump({"--project", "conv1"}), "not of the form layer:unit"));
  CHECK(refused(inputs.dump({"--preset", "wss17"}), "has the shape"));
  data::save_npy(inputs.labels_file, std::vector<int>{2}, std::vector<std::int64_t>{0, 1});
  CHECK(refused(inputs.dump(), "there are 9 images"));
  data::save_npy(inputs.labels_file, std::vector<int>{9}, std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 10});
  CHECK(refused(inputs.dump(), "the label 10 is not between 0 and 9"));
  data::save_npy(inputs.labels_file, std::vector<int>{9}, std::vector<float>(9));
  CHECK(refused(inputs.dump(), "<f4"));
  data::save_npy(inputs.images_file, std::vector<int>{9, 784}, inputs.images);
  CHECK(refused(inputs.dump(), "must have the shape [n, channels, height, width]"));
  CHECK_FALSE(fs::exists(inputs.out));
}

TEST_CASE("cli: strokes writes files that are read back as they were drawn") {
  const Folder folder;
  const int enough = 5001;  // the smallest set that can be trained on
  REQUIRE(
      lenet_lab({"strokes", "--out", folder.path.string(), "--seed", "3", "--train", std::to_string(enough), "--test", "5"}).code ==
      cli::kSuccess);
  const auto set = data::load_mnist(folder.path);
  CHECK(set->train_count() == enough);
  CHECK(set->test_count() == 5);
  const data::StrokeImage drawn = data::draw_digit(3, data::kFirstTestStroke + 4);
  CHECK(set->test_label(4) == drawn.label);
  CHECK(std::equal(drawn.pixels.begin(), drawn.pixels.end(), set->test_image(4).begin()));
}

TEST_CASE("cli: an output file appears when it is complete") {
  const Folder folder;
  const std::string name = folder.file("result");
  cli::write_file(name, cli::bytes_of("old"));
  {
    const cli::OutputFile never(name);
    CHECK(cli::read_text(name) == "old");
  }
  CHECK(cli::read_text(name) == "old");
  CHECK(std::distance(fs::directory_iterator(folder.path), {}) == 1);
  cli::write_file(name, cli::bytes_of("new"));
  CHECK(cli::read_text(name) == "new");
  CHECK(contains(message_of<Error>([&] { cli::OutputFile{folder.file("a/b")}; }), "cannot be written"));
#ifdef __linux__
  CHECK(contains(message_of<Error>([] { cli::write_file("/dev/full", cli::bytes_of("x")); }), "could not be written"));
#endif
}

TEST_CASE("cli: times and counts are written for people") {
  CHECK(cli::duration_text(5) == "0:05");
  CHECK(cli::duration_text(3723) == "1:02:03");
  CHECK(cli::count_text(999) == "999");
  CHECK(cli::count_text(1234567) == "1,234,567");
}
