// Tests of src/nn/spec.h: presets, names, shapes, reading and writing descriptions, and every message.
#include "nn/spec.h"

#include <string>
#include <vector>

#include "base/error.h"
#include "nn/network.h"
#include "support.h"

using namespace lenet;
using namespace lenet::nn;

namespace {

constexpr Shape kMnist{1, 28, 28};

std::vector<std::string> names(const NetworkSpec& spec) {
  std::vector<std::string> result;
  for (const ResolvedLayer& layer : resolve(spec)) result.push_back(layer.spec.name);
  return result;
}

std::vector<std::string> shapes(const NetworkSpec& spec) {
  std::vector<std::string> result;
  for (const ResolvedLayer& layer : resolve(spec)) result.push_back(to_string(layer.output));
  return result;
}

/// The message for a description must contain all of `words`.
void expect_error(const std::string& text, const std::vector<std::string>& words, const Shape& input = kMnist) {
  CAPTURE(text);
  const std::string message = test::message_of<Error>([&] { resolve(parse_network(text, input)); });
  CAPTURE(message);
  for (const std::string& word : words) {
    CAPTURE(word);
    CHECK(message.find(word) != std::string::npos);
  }
  CHECK(message.ends_with('.'));  // a sentence
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("spec: wss17 has its layers, names, shapes and 431,080 parameters") {
  const NetworkSpec spec = preset("wss17", kMnist);
  CHECK(spec.name == "wss17");
  CHECK(spec.input == kMnist);
  CHECK(names(spec) == Texts{"conv1", "relu1", "pool1", "conv2", "relu2", "pool2", "flatten", "fc1", "relu3", "fc2"});
  CHECK(shapes(spec) == Texts{"20×24×24", "20×24×24", "20×12×12", "50×8×8", "50×8×8", "50×4×4", "800", "500", "500", "10"});
  CHECK(to_string(spec) == "conv 20 5x5, relu, pool 2, conv 50 5x5, relu, pool 2, dense 500, relu, dense 10");
  CHECK(Network<float>(spec).parameter_count() == 431080);
}

TEST_CASE("spec: caffe has one ReLU only, and as many parameters") {
  const NetworkSpec spec = preset("caffe", kMnist);
  CHECK(spec.name == "caffe");
  CHECK(names(spec) == Texts{"conv1", "pool1", "conv2", "pool2", "flatten", "fc1", "relu1", "fc2"});
  CHECK(shapes(spec) == Texts{"20×24×24", "20×12×12", "50×8×8", "50×4×4", "800", "500", "500", "10"});
  CHECK(Network<float>(spec).parameter_count() == 431080);
}

TEST_CASE("spec: softmax and mlp have no convs") {
  const NetworkSpec softmax = preset("softmax", kMnist);
  CHECK(softmax.name == "softmax");
  CHECK(names(softmax) == Texts{"flatten", "fc1"});
  CHECK(shapes(softmax) == Texts{"784", "10"});
  CHECK(Network<float>(softmax).parameter_count() == 784 * 10 + 10);
  const NetworkSpec mlp = preset("mlp", kMnist);
  CHECK(mlp.name == "mlp");
  CHECK(names(mlp) == Texts{"flatten", "fc1", "relu1", "fc2"});
  CHECK(shapes(mlp) == Texts{"784", "500", "500", "10"});
  CHECK(Network<float>(mlp).parameter_count() == 784 * 500 + 500 + 5010);
}

TEST_CASE("spec: lenet5 has the sizes of 1998: 28×28, 14×14, 10×10, 5×5, 1×1, and its number of maps and units") {
  const NetworkSpec spec = preset("lenet5", kMnist);
  CHECK(spec.name == "lenet5");
  CHECK(names(spec) == Texts{"conv1", "tanh1", "average1", "conv2", "tanh2", "average2", "conv3", "tanh3", "fc1", "tanh4", "fc2"});
  CHECK(shapes(spec) == Texts{"6×28×28", "6×28×28", "6×14×14", "16×10×10", "16×10×10", "16×5×5", "120", "120", "84", "84", "10"});
  CHECK(Network<float>(spec).parameter_count() == 156 + 2416 + 48120 + 10164 + 850);
  const NetworkSpec color = preset("lenet5", {3, 32, 32});
  CHECK(shapes(color)[6] == "120×2×2");
  CHECK(names(color)[8] == "flatten");
}

TEST_CASE("spec: tiny is tiny") {
  const NetworkSpec spec = preset("tiny", kMnist);
  CHECK(spec.name == "tiny");
  CHECK(names(spec) == Texts{"conv1", "relu1", "pool1", "conv2", "relu2", "pool2", "flatten", "fc1"});
  CHECK(shapes(spec) == Texts{"4×24×24", "4×24×24", "4×12×12", "8×8×8", "8×8×8", "8×4×4", "128", "10"});
  CHECK(Network<float>(spec).parameter_count() == 104 + 808 + 1290);
}

TEST_CASE("spec: average pools have a max pool's sizes, tanh and sigmoid keep theirs, and each kind counts for itself") {
  const NetworkSpec spec =
      parse_network("average 2, tanh, pool 3 stride 2, sigmoid, average 2 stride 1, tanh, dense 10", {2, 27, 40});
  CHECK(names(spec) == Texts{"average1", "tanh1", "pool1", "sigmoid1", "average2", "tanh2", "flatten", "fc1"});
  CHECK(shapes(spec) == Texts{"2×13×20", "2×13×20", "2×6×9", "2×6×9", "2×5×8", "2×5×8", "80", "10"});
}

TEST_CASE("spec: padding same is (kernel - 1) / 2, for odd kernels") {
  const NetworkSpec spec =
      parse_network("conv 4 5x5 padding same, conv 4 3x3 padding same stride 2, conv 2 1x1 padding same, dense 10", kMnist);
  CHECK(to_string(spec) == "conv 4 5x5 padding 2, conv 4 3x3 stride 2 padding 1, conv 2 1x1, dense 10");
  CHECK(shapes(spec) == Texts{"4×28×28", "4×14×14", "2×14×14", "392", "10"});
  expect_error("conv 4 4x4 padding same, dense 10", {"conv 4 4x4 padding same", "‘same’ needs an odd kernel"});
  expect_error("conv 4 5x5 padding Same, dense 10", {"“Same”", "whole number"});
  expect_error("conv 4 5x5 stride same, dense 10", {"“same”", "whole number"});
  expect_error("pool 3 padding same, dense 10", {"pool1", "padding"});
  expect_error("average 3 padding 1, dense 10", {"average1", "padding"});
}

TEST_CASE("spec: presets fit other inputs") {
  CHECK(shapes(preset("wss17", {3, 32, 32})) ==
        Texts{"20×28×28", "20×28×28", "20×14×14", "50×10×10", "50×10×10", "50×5×5", "1250", "500", "500", "10"});
  CHECK(Network<float>(preset("wss17", {3, 32, 32})).parameter_count() == 20 * 75 + 20 + 25050 + 500 * 1250 + 500 + 5010);
  CHECK(Network<float>(preset("softmax", {3, 32, 32})).parameter_count() == 3072 * 10 + 10);
  CHECK(Network<float>(preset("mlp", {3, 32, 32})).parameter_count() == 3072 * 500 + 500 + 5010);
  CHECK(preset_names() == Texts{"wss17", "caffe", "softmax", "mlp", "lenet5", "tiny"});
  for (const std::string& name : preset_names()) CHECK_NOTHROW(resolve(preset(name, kMnist)));
  const std::string message = test::message_of<Error>([] { preset("alexnet", kMnist); });
  CHECK(message.find("“alexnet”") != std::string::npos);
  CHECK(message.find("wss17, caffe, softmax, mlp, lenet5, tiny") != std::string::npos);
  CHECK_THROWS_AS(preset("", kMnist), Error);
  const std::string small = test::message_of<Error>([] { resolve(preset("wss17", {1, 8, 8})); });
  CHECK(small.find("conv2") != std::string::npos);
  CHECK(small.find("20×2×2") != std::string::npos);
}

TEST_CASE("spec: a description is written as it is read") {
  for (const char* text : {"dense 10", "relu, dense 10", "conv 20 5x5 stride 2, dense 10", "conv 20 5x5 padding 2, dense 10",
                           "conv 8 7x7 stride 3 padding 1, dense 10", "conv 8 3x3, pool 3 stride 2, dense 10", "pool 2, dense 10",
                           "pool 2 stride 1, dense 10", "pool 1, dense 12, dense 10", "dropout 0.5, dense 10",
                           "dense 20, relu, dropout 0.0001, dropout 0, dense 10", "average 2, tanh, dense 10",
                           "average 3 stride 1, sigmoid, dense 10"}) {
    const NetworkSpec spec = parse_network(text, kMnist);
    CHECK(spec.name == "custom");
    CHECK(to_string(spec) == text);
    CHECK(to_string(parse_network(to_string(spec), kMnist)) == text);
    CHECK_NOTHROW(resolve(spec));
  }
}

TEST_CASE("spec: spaces, tabs, semicolons and lines separate as well, and 5 is 5x5") {
  const std::string expected = "conv 20 5x5, relu, pool 2, dense 10";
  CHECK(to_string(parse_network("conv 20 5,relu,pool 2x2,dense 10", kMnist)) == expected);
  CHECK(to_string(parse_network(" conv  20\t5x5 ;relu ;\n pool 2 stride 2\ndense 10 ;", kMnist)) == expected);
  CHECK(to_string(parse_network("conv 20 5x5 stride 1 padding 0, relu, pool 2, dense 10", kMnist)) == expected);
  CHECK(to_string(parse_network("conv 20 5x5 padding 1 stride 2, dense 10", kMnist)) == "conv 20 5x5 stride 2 padding 1, dense 10");
}

TEST_CASE("spec: shapes follow kernel, stride and padding on inputs that are not square") {
  const NetworkSpec spec = parse_network(
      "conv 4 3x3 stride 2, conv 5 5x5 padding 2, pool 3 stride 2, conv 6 1x1 stride 3, pool 2 stride 1, dense 7, dense 10",
      {2, 27, 40});
  CHECK(shapes(spec) == Texts{"4×13×19", "5×13×19", "5×6×9", "6×2×3", "6×1×2", "12", "7", "10"});
  const std::vector<ResolvedLayer> layers = resolve(spec);
  CHECK(layers[0].input == spec.input);
  for (std::size_t i = 1; i < layers.size(); ++i) CHECK(layers[i].input == layers[i - 1].output);
}

TEST_CASE("spec: flattening is put in once, and only where there is something to flatten") {
  CHECK(names(parse_network("dense 10", kMnist)) == Texts{"flatten", "fc1"});
  CHECK(names(parse_network("dense 10", {784, 1, 1})) == Texts{"fc1"});
  CHECK(names(parse_network("conv 8 28x28, relu, dense 10", kMnist)) == Texts{"conv1", "relu1", "fc1"});
  CHECK(names(parse_network("dense 6, relu, dense 10", kMnist)) == Texts{"flatten", "fc1", "relu1", "fc2"});
}

TEST_CASE("spec: dropout keeps the shape, counts for itself, and knows its place") {
  const NetworkSpec spec = parse_network("conv 4 5x5, dropout 0.25, pool 2, dense 20, relu, dropout 0.5, dense 10", kMnist);
  CHECK(names(spec) == Texts{"conv1", "dropout1", "pool1", "flatten", "fc1", "relu1", "dropout2", "fc2"});
  CHECK(shapes(spec) == Texts{"4×24×24", "4×24×24", "4×12×12", "576", "20", "20", "20", "10"});
  const std::vector<ResolvedLayer> layers = resolve(spec);
  for (std::size_t i = 0; i < layers.size(); ++i) CHECK(layers[i].position == static_cast<int>(i));
  CHECK(layers[1].spec.drop == 0.25);
  CHECK(layers[6].spec.drop == 0.5);
  for (const char* fraction : {"half", "50%", "inf", "nan", "0x1"}) {
    expect_error(std::string("dropout ") + fraction + ", dense 10", {"“dropout ", "fraction"});
  }
  for (const char* fraction : {"1", "1.5", "-0.1"}) {
    expect_error(std::string("dropout ") + fraction + ", dense 10", {"dropout1", fraction, "less than 1"});
  }
  expect_error("dropout, dense 10", {"“dropout”", "dropout FRACTION"});
  expect_error("dropout 0.5 0.5, dense 10", {"“0.5”", "not an option"});
  expect_error("dense 10, dropout 0.5", {"last layer", "dropout1"});
}

TEST_CASE("spec: another number of classes") {
  CHECK(resolve(parse_network("dense 5", kMnist), 5).back().output.channels == 5);
  const std::string message = test::message_of<Error>([] { resolve(parse_network("dense 10", kMnist), 5); });
  CHECK(message.find("dense 5") != std::string::npos);
}

TEST_CASE("spec: what cannot be read is quoted") {
  expect_error("conv 20 5x5, rleu, dense 10", {"rleu", "conv MAPS KxK", "pool K", "relu", "dense UNITS"});
  expect_error("softmax", {"softmax", "Known layers"});
  expect_error("Conv 20 5x5, dense 10", {"Conv 20 5x5", "Known layers"});
  expect_error("conv 20, dense 10", {"“conv 20”"});
  expect_error("conv, dense 10", {"“conv”"});
  expect_error("pool, dense 10", {"“pool”"});
  expect_error("dense", {"“dense”"});
  expect_error("conv 20 5x3, dense 10", {"conv 20 5x3", "not square"});
  expect_error("pool 2x3, dense 10", {"pool 2x3", "not square"});
  for (const char* number : {"twenty", "2.5", "1e2", "20a", "0x14", "+5", "--5", "99999999999999999999", "²"}) {
    expect_error(std::string("dense ") + number + ", dense 10", {number, "whole number"});
    expect_error(std::string("conv ") + number + " 5x5, dense 10", {number, "whole number"});
  }
  for (const char* kernel : {"x5", "5x", "x", "5x5x5", "axb", "5X5"})
    expect_error(std::string("conv 4 ") + kernel + ", dense 10", {"whole number"});
  expect_error("conv 4 5x5 stride, dense 10", {"stride", "not an option"});
  expect_error("conv 4 5x5 stride two, dense 10", {"two", "whole number"});
  expect_error("conv 4 5x5 dilation 2, dense 10", {"dilation", "not an option"});
  expect_error("dense 10 stride 2", {"stride", "not an option"});
  expect_error("relu 3, dense 10", {"“3”", "relu"});
  expect_error("tanh 3, dense 10", {"“3”", "tanh"});
  expect_error("average, dense 10", {"“average”", "Known layers", "average K"});
  expect_error("average 2x3, dense 10", {"average 2x3", "not square"});
}

TEST_CASE("spec: what does not fit names the layer and says what would") {
  expect_error("", {"no layers", "dense 10"});
  expect_error(" , ;\n ", {"no layers"});
  expect_error("conv 20 29x29, dense 10", {"conv1", "29×29", "1×28×28", "does not fit"});
  expect_error("conv 20 5x5, pool 2, conv 50 13x13, dense 10", {"conv2", "13×13", "20×12×12"});
  expect_error("conv 20 40x40 padding 5, dense 10", {"conv1", "40×40", "padding 5"});
  expect_error("pool 30, dense 10", {"pool1", "30×30"});
  expect_error("conv 4 5x5, dense 10", {"5×5", "conv1"}, {1, 28, 4});  // one side only
  expect_error("dense 5, conv 2 3x3, dense 10", {"conv1", "3×3"});
  expect_error("conv 20 5x5 padding 5, dense 10", {"conv1", "padding", "5", "kernel size"});
  expect_error("conv 20 5x5 padding -1, dense 10", {"conv1", "padding", "-1"});
  expect_error("pool 2 padding 1, dense 10", {"pool1", "padding"});
  for (const char* stride : {"0", "-1", "256"}) {
    expect_error(std::string("conv 2 3x3 stride ") + stride + ", dense 10", {"conv1", "stride", stride});
    expect_error(std::string("pool 2 stride ") + stride + ", dense 10", {"pool1", "stride", stride});
  }
  for (const char* kernel : {"0", "-3", "256"}) {
    expect_error(std::string("conv 2 ") + kernel + ", dense 10", {"conv1", "kernel size", kernel});
    expect_error(std::string("pool ") + kernel + ", dense 10", {"pool1", "kernel size", kernel});
  }
  for (const char* maps : {"0", "-20", "4097"}) {
    expect_error(std::string("conv ") + maps + " 5x5, dense 10", {"conv1", "maps", maps});
    expect_error(std::string("dense ") + maps + ", dense 10", {"fc1", "units", maps});
  }
}

TEST_CASE("spec: the last layer is dense with one output per class") {
  expect_error("conv 20 5x5", {"last layer", "dense 10", "conv1"});
  expect_error("dense 10, relu", {"last layer", "dense 10", "relu1"});
  expect_error("dense 11", {"last layer", "dense 10", "fc1", "11"});
  expect_error("conv 10 28x28", {"last layer", "dense 10"});
}

TEST_CASE("spec: networks that are too large are refused before anything is made") {
  expect_error("conv 4096 1x1, dense 10", {"conv1", "too large", "maps"});                  // activations
  expect_error("conv 1000 5x5 stride 5, conv 4096 5x5, dense 10", {"conv2", "too large"});  // weights
  expect_error("conv 30 1x1, dense 4096, dense 10", {"fc1", "too large"});
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "relu, ";
  expect_error(deep + "dense 10", {"64 layers"});
}

TEST_CASE("spec: a network that is made by hand is checked as well") {
  NetworkSpec spec{"custom", kMnist, {{LayerKind::kConv, 4, 3, 0, 0}, {LayerKind::kDense, 10}}};
  CHECK_THROWS_AS(resolve(spec), Error);
  spec.layers[0].stride = 1;
  CHECK(names(spec) == Texts{"conv1", "flatten", "fc1"});
  CHECK_THROWS_AS(Network<float>({"custom", kMnist, {}}), Error);
}
