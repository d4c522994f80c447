// Tests of src/nn/network.h: whole nets against the reference and against central differences, lanes, views, names.
#include "nn/network.h"

#include <limits>

#include "base/error.h"
#include "gradient_check.h"
#include "nn_reference_net.h"

using namespace lenet;
using namespace lenet::nn;
using namespace lenet::test;

namespace {

constexpr const char* kMiniWss17 = "conv 3 3x3, relu, pool 2, conv 4 2x2, relu, pool 2, dense 9, relu, dense 10";
constexpr const char* kMiniCaffe = "conv 3 3x3, pool 2, conv 4 2x2, pool 2, dense 9, relu, dense 10";
constexpr const char* kPadded = "conv 4 5x5 stride 2 padding 2, relu, conv 5 3x3 padding 1, relu, pool 3 stride 2, dense 10";

}  // namespace

TEST_CASE_TEMPLATE("network: every layer of every image equals the reference", T, float, double) {
  const std::pair<const char*, Shape> kNets[] = {
      {kMiniWss17, {1, 12, 12}}, {kMiniCaffe, {2, 12, 10}}, {kPadded, {3, 11, 13}}, {"dense 10", {2, 3, 4}}};
  for (const auto& [text, input] : kNets) {
    CAPTURE(std::string(text));
    Model<T> model(text, input, 3);
    poison(model.workspace);
    const Images<T> images = random_images<T>(input, kLanes, 5);
    model.forward(images);
    ReferenceNet reference(model.network, model.weights);
    for (int lane = 0; lane < kLanes; ++lane) {
      const std::vector<std::vector<double>>& expected = reference.forward(widen(images[static_cast<std::size_t>(lane)]));
      for (std::size_t i = 0; i < model.network.layer_count(); ++i) {
        CHECK(relative_difference(model.output(i, lane), expected[i]) <= (sizeof(T) == 4 ? 1e-5 : 1e-12));
      }
    }
  }
}

TEST_CASE("network: gradients of a small wss17 agree with central differences, in two blocks") {
  expect_gradient(check_network(kMiniWss17, {1, 12, 12}, 8));
  expect_gradient(check_network(kMiniWss17, {1, 12, 12}, 11, 2));
}

TEST_CASE("network: gradients of a small caffe agree with central differences") {
  expect_gradient(check_network(kMiniCaffe, {1, 12, 12}, 5));
}

TEST_CASE("network: gradients through padding, strides, overlapping pools and several channels agree with central differences") {
  expect_gradient(check_network(kPadded, {3, 9, 11}, 3));
  expect_gradient(check_network("conv 6 1x1, relu, conv 3 3x3 stride 3 padding 1, dense 10", {2, 7, 8}, 9));
}

TEST_CASE("network: gradients of dense nets agree with central differences") {
  expect_gradient(check_network("dense 10", {1, 5, 4}, 9));
  expect_gradient(check_network("dense 7, relu, dense 11, relu, dense 10", {2, 3, 3}, 9));
  expect_gradient(check_network("dense 45, relu, dense 10", {1, 2, 2}, 9));  // rows in three parts
}

TEST_CASE("network: an image's logits have the same bits in every lane and beside any other images") {
  Model<float> model(kMiniWss17, {1, 12, 12}, 1);
  const Images<float> images = random_images<float>({1, 12, 12}, kLanes, 2);
  const std::size_t last = model.network.layer_count() - 1;
  model.forward({images[0]});
  const std::vector<float> alone = model.output(last, 0);
  const std::vector<float> nan(144, std::numeric_limits<float>::quiet_NaN());
  for (int lane = 0; lane < kLanes; ++lane) {
    Images<float> mixed = images;
    std::swap(mixed[0], mixed[static_cast<std::size_t>(lane)]);
    model.forward(mixed);
    CHECK(same_bits(model.output(last, lane), alone));
    Images<float> among_nan(kLanes, nan);
    among_nan[static_cast<std::size_t>(lane)] = images[0];
    model.forward(among_nan);
    CHECK(same_bits(model.output(last, lane), alone));
  }
}

TEST_CASE("network: forward stops after the layer asked for") {
  Model<float> model(kMiniWss17, {1, 12, 12}, 1);
  const Images<float> images = random_images<float>({1, 12, 12}, kLanes, 2);
  model.forward(images);
  Workspace<float> part = model.network.make_workspace();
  poison(part);
  part.activation[0] = model.workspace.activation[0];
  model.network.forward(model.weights, part, 2);
  for (std::size_t i = 0; i <= 3; ++i) CHECK(same_bits(part.activation[i], model.workspace.activation[i]));
  CHECK(std::isnan(part.activation[4][0]));
}

TEST_CASE("network: parameters lie one after the other, weight before bias, with PyTorch's names and shapes") {
  const Network<float> network(preset("wss17", {1, 28, 28}));
  CHECK(network.parameter_count() == 431080);
  CHECK(network.group_count() == 4);
  CHECK(network.classes() == 10);
  const std::vector<std::pair<std::string, std::vector<int>>> kExpected = {
      {"conv1.weight", {20, 1, 5, 5}}, {"conv1.bias", {20}}, {"conv2.weight", {50, 20, 5, 5}}, {"conv2.bias", {50}},
      {"fc1.weight", {500, 800}},      {"fc1.bias", {500}},  {"fc2.weight", {10, 500}},        {"fc2.bias", {10}}};
  REQUIRE(network.parameters().size() == kExpected.size());
  std::size_t offset = 0;
  for (std::size_t i = 0; i < kExpected.size(); ++i) {
    const ParameterView& view = network.parameters()[i];
    std::size_t size = 1;
    for (const int extent : view.shape) size *= static_cast<std::size_t>(extent);
    CHECK(view.name == kExpected[i].first);
    CHECK(view.shape == kExpected[i].second);
    CHECK(view.offset == offset);
    CHECK(view.size == size);
    CHECK(view.group == static_cast<int>(i / 2));
    CHECK(view.is_bias == (i % 2 == 1));
    CHECK(network.layer(static_cast<std::size_t>(view.layer_index)).spec().name == view.layer);
    CHECK(view.name.starts_with(view.layer + "."));
    offset += size;
  }
  CHECK(offset == network.parameter_count());
  CHECK(network.find_parameter("conv2.bias").offset == network.parameters()[3].offset);
  CHECK(network.layer(network.find_layer("pool2")).spec().name == "pool2");
}

TEST_CASE("network: an unknown layer or parameter is answered with the known ones") {
  const Network<float> network(preset("caffe", {1, 28, 28}));
  const std::string layer = message_of<Error>([&] { network.find_layer("relu2"); });
  CHECK(layer.find("relu2") != std::string::npos);
  CHECK(layer.find("conv1, pool1, conv2, pool2, flatten, fc1, relu1, fc2") != std::string::npos);
  const std::string parameter = message_of<Error>([&] { network.find_parameter("conv1"); });
  CHECK(parameter.find("conv1.weight, conv1.bias") != std::string::npos);
  CHECK_THROWS_AS(network.find_layer(""), Error);
}

TEST_CASE("network: a change of the weights counts once they are packed") {
  Model<float> model("conv 2 3x3, dense 10", {1, 5, 5}, 1);
  const Images<float> images = random_images<float>({1, 5, 5}, 1, 2);
  model.forward(images);
  const std::vector<float> before = model.output(0, 0);
  const std::span<float> weights = model.network.find_parameter("conv1.weight").of(std::span<float>(model.weights.values));
  for (float& w : weights) w *= 2;
  model.network.pack(model.weights);
  model.forward(images);
  const std::span<const float> bias = model.network.find_parameter("conv1.bias").of(std::span<const float>(model.weights.values));
  for (std::size_t i = 0; i < before.size(); ++i) {
    CHECK(model.output(0, 0)[i] - bias[i / 9] == doctest::Approx(2 * (before[i] - bias[i / 9])).epsilon(1e-4));
  }
}
