// Tests of src/nn/checkpoint.h: weights to and from safetensors, and that a bad file changes nothing.
#include "nn/checkpoint.h"

#include <limits>

#include "base/error.h"
#include "nn_support.h"

using namespace lenet;
using namespace lenet::nn;
using namespace lenet::test;

namespace {

constexpr const char* kNet = "conv 3 3x3, relu, pool 2, conv 2 2x2, dense 10";
constexpr Shape kInput{1, 8, 8};

/// What the file holds before something in it is changed.
TensorFile contents(const Model<float>& model) { return read_safetensors(save_weights(model.network, model.weights, {}), "f"); }

/// Loading must fail with all of `words`, and leave the weights as they were.
void expect_error(const std::vector<std::byte>& bytes, const std::vector<std::string>& words) {
  Model<float> model(kNet, kInput, 2);
  const Weights<float> before = model.weights;
  const std::string message = message_of<Error>([&] { load_weights(model.network, bytes, "my.safetensors", model.weights); });
  CAPTURE(message);
  CHECK(message.find("my.safetensors") != std::string::npos);
  for (const std::string& word : words) {
    CAPTURE(word);
    CHECK(message.find(word) != std::string::npos);
  }
  CHECK(same_bits(model.weights.values, before.values));
  CHECK(same_bits(model.weights.packed, before.packed));
}

template <class Change>
void expect_error_after(Change&& change, const std::vector<std::string>& words) {
  TensorFile file = contents(Model<float>(kNet, kInput, 1));
  change(file.tensors);
  expect_error(write_safetensors(file), words);
}

using Tensors = std::vector<NamedTensor>;

}  // namespace

TEST_CASE("checkpoint: weights come back bit by bit, packed for the kernels") {
  for (const char* text : {kNet, "dense 10", "conv 2 3x3 stride 2 padding 1, relu, dense 5, relu, dense 10"}) {
    Model<float> saved(text, kInput, 1), loaded(text, kInput, 2);
    saved.weights.values[0] = -0.0f;
    saved.weights.values[1] = std::numeric_limits<float>::denorm_min();
    saved.network.pack(saved.weights);
    CHECK_FALSE(same_bits(saved.weights.values, loaded.weights.values));
    load_weights(loaded.network, save_weights(saved.network, saved.weights, {}), "f", loaded.weights);
    CHECK(same_bits(saved.weights.values, loaded.weights.values));
    CHECK(same_bits(saved.weights.packed, loaded.weights.packed));
  }
}

TEST_CASE("checkpoint: names and shapes are those that load_state_dict takes") {
  const Network<float> network(preset("wss17", {1, 28, 28}));
  Weights<float> weights = network.make_weights();
  initialize(network, Initializer::kHe, 1, weights);
  const TensorFile file = read_safetensors(save_weights(network, weights, {}), "f");
  const std::vector<std::pair<std::string, std::vector<int>>> kExpected = {
      {"conv1.weight", {20, 1, 5, 5}}, {"conv1.bias", {20}}, {"conv2.weight", {50, 20, 5, 5}}, {"conv2.bias", {50}},
      {"fc1.weight", {500, 800}},      {"fc1.bias", {500}},  {"fc2.weight", {10, 500}},        {"fc2.bias", {10}}};
  REQUIRE(file.tensors.size() == kExpected.size());
  for (std::size_t i = 0; i < kExpected.size(); ++i) {
    CHECK(file.tensors[i].name == kExpected[i].first);
    CHECK(file.tensors[i].shape == kExpected[i].second);
    const std::span<const float> values = network.find_parameter(kExpected[i].first).of(std::span<const float>(weights.values));
    CHECK(same_bits(file.tensors[i].values, values));
  }
}

TEST_CASE("checkpoint: the metadata says the network, its input, the preprocessing, and what was added") {
  const Network<float> network(preset("wss17", {1, 28, 28}));
  Weights<float> weights = network.make_weights();
  const auto bytes = save_weights(network, weights, {{"seed", "1"}, {"format", "mine"}});
  const std::map<std::string, std::string> metadata = load_weights(network, bytes, "f", weights);
  CHECK(metadata.at("format") == "pt");  // PyTorch's mark cannot be overwritten
  CHECK(metadata.at("network") == to_string(network.spec()));
  CHECK(metadata.at("preset") == "wss17");
  CHECK(metadata.at("input") == "[1, 28, 28]");
  CHECK(metadata.at("preprocessing").find("/ 255") != std::string::npos);
  CHECK(metadata.at("seed") == "1");
}

TEST_CASE("checkpoint: wss17's file fits caffe, whose parameters are the same") {
  const Network<float> wss17(preset("wss17", {1, 28, 28})), caffe(preset("caffe", {1, 28, 28}));
  Weights<float> weights = wss17.make_weights(), loaded = caffe.make_weights();
  initialize(wss17, Initializer::kHe, 1, weights);
  load_weights(caffe, save_weights(wss17, weights, {}), "f", loaded);
  CHECK(same_bits(loaded.values, weights.values));
}

TEST_CASE("checkpoint: the order of the tensors in the file does not matter") {
  Model<float> saved(kNet, kInput, 1), loaded(kNet, kInput, 2);
  TensorFile file = contents(saved);
  std::reverse(file.tensors.begin(), file.tensors.end());
  load_weights(loaded.network, write_safetensors(file), "f", loaded.weights);
  CHECK(same_bits(saved.weights.values, loaded.weights.values));
}

TEST_CASE("checkpoint: a tensor that is missing") {
  for (std::size_t i = 0; i < 6; ++i) {
    const std::string name = contents(Model<float>(kNet, kInput, 1)).tensors[i].name;
    expect_error_after([i](Tensors& t) { t.erase(t.begin() + static_cast<std::ptrdiff_t>(i)); }, {"“" + name + "”", "missing"});
  }
  expect_error_after([](Tensors& t) { t.clear(); }, {"“conv1.weight”", "missing"});
}

TEST_CASE("checkpoint: a tensor that this network does not have") {
  expect_error_after([](Tensors& t) { t.push_back({"fc2.weight", {1}, {0}}); },
                     {"“fc2.weight”", "not a parameter", "conv1.weight, conv1.bias"});
  expect_error_after([](Tensors& t) { t[0].name = "features.0.weight"; }, {"“features.0.weight”", "conv1.weight"});
  expect_error_after([](Tensors& t) { t[1].name = "conv1.Bias"; }, {"“conv1.Bias”"});
}

TEST_CASE("checkpoint: a tensor of another shape, even with as many values") {
  expect_error_after([](Tensors& t) { t[0].shape = {3, 9}; }, {"“conv1.weight”", "[3, 9]", "[3, 1, 3, 3]"});
  expect_error_after([](Tensors& t) { t[0].shape = {1, 3, 3, 3}; }, {"[1, 3, 3, 3]"});
  expect_error_after([](Tensors& t) { t[1] = {"conv1.bias", {4}, std::vector<float>(4)}; }, {"“conv1.bias”", "[4]", "[3]"});
  expect_error_after([](Tensors& t) { t[1].shape = {3, 1}; }, {"[3, 1]", "[3]"});
  expect_error_after([](Tensors& t) { t[1] = {"conv1.bias", {}, {1}}; }, {"[]", "[3]"});
}

TEST_CASE("checkpoint: NaN or infinity in any tensor") {
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity()})
    for (std::size_t i = 0; i < 6; ++i) {
      const std::string name = contents(Model<float>(kNet, kInput, 1)).tensors[i].name;
      expect_error_after([=](Tensors& t) { t[i].values.back() = bad; }, {"“" + name + "”", "NaN or infinity"});
    }
}

TEST_CASE("checkpoint: a file that is broken or not a safetensors file") {
  expect_error({}, {"too short"});
  expect_error(std::vector<std::byte>(4096), {"JSON"});
  Model<float> model(kNet, kInput, 1);
  const std::vector<std::byte> bytes = save_weights(model.network, model.weights, {});
  for (std::size_t length = 0; length < bytes.size(); length += 37) {
    expect_error({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length)}, {});
  }
}
