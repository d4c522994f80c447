// Tests of src/nn/fused_layers.cpp: which layers become one, that their gradients are right, and that a fused network is the
// same network.
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
constexpr const char* kSmooth = "conv 3 3x3, tanh, average 2, conv 4 2x2, sigmoid, pool 2, dense 9, tanh, dense 10";

std::vector<std::string> layers(const std::string& description, const Shape& input) {
  const Network<float> network(parse_network(description, input), 10, Fusing::kOn);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < network.layer_count(); ++i)
    names.push_back(network.layer(i).spec().name + " " + to_string(network.layer(i).output()));
  return names;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("fused layers: a conv, its ReLU if it has one, and its pool become one; nothing else does") {
  CHECK(layers(kMiniWss17, {1, 12, 12}) == Texts{"conv1 3×5×5", "conv2 4×2×2", "flatten 16", "fc1 9", "relu3 9", "fc2 10"});
  CHECK(layers(kMiniCaffe, {1, 12, 12}) == Texts{"conv1 3×5×5", "conv2 4×2×2", "flatten 16", "fc1 9", "relu1 9", "fc2 10"});
  CHECK(layers("conv 2 3x3, relu, dense 10", {1, 6, 6}) == Texts{"conv1 2×4×4", "relu1 2×4×4", "flatten 32", "fc1 10"});
  CHECK(layers("pool 2, conv 2 3x3, relu, relu, pool 2, dense 10", {1, 12, 12}) ==
        Texts{"pool1 1×6×6", "conv1 2×4×4", "relu1 2×4×4", "relu2 2×4×4", "pool2 2×2×2", "flatten 8", "fc1 10"});
  CHECK(layers("conv 2 3x3, relu, dropout 0.5, pool 2, dense 10", {1, 6, 6}) ==
        Texts{"conv1 2×4×4", "relu1 2×4×4", "dropout1 2×4×4", "pool1 2×2×2", "flatten 8", "fc1 10"});
  CHECK(layers("conv 2 3x3, relu, pool 2, dropout 0.5, dense 10", {1, 6, 6}) ==
        Texts{"conv1 2×2×2", "dropout1 2×2×2", "flatten 8", "fc1 10"});
  CHECK(layers("conv 2 3x3, tanh, pool 2, dense 10", {1, 6, 6}) ==
        Texts{"conv1 2×4×4", "tanh1 2×4×4", "pool1 2×2×2", "flatten 8", "fc1 10"});
  CHECK(layers("conv 2 3x3, relu, average 2, dense 10", {1, 6, 6}) ==
        Texts{"conv1 2×4×4", "relu1 2×4×4", "average1 2×2×2", "flatten 8", "fc1 10"});
  CHECK(layers("conv 2 3x3, pool 2, pool 2, dense 10", {1, 10, 10}) == Texts{"conv1 2×4×4", "pool2 2×2×2", "flatten 8", "fc1 10"});
}

TEST_CASE("fused layers: the parameters are the same ones in the same places") {
  for (const std::string& name : preset_names()) {
    const Network<float> single(preset(name, {1, 28, 28})), fused(preset(name, {1, 28, 28}), 10, Fusing::kOn);
    CHECK(fused.parameter_count() == single.parameter_count());
    CHECK(fused.group_count() == single.group_count());
    CHECK(fused.classes() == 10);
    REQUIRE(fused.parameters().size() == single.parameters().size());
    for (std::size_t i = 0; i < single.parameters().size(); ++i) {
      const ParameterView &a = fused.parameters()[i], &b = single.parameters()[i];
      CHECK(a.name == b.name);
      CHECK(a.layer == b.layer);
      CHECK(a.group == b.group);
      CHECK(a.is_bias == b.is_bias);
      CHECK(a.shape == b.shape);
      CHECK(a.offset == b.offset);
      CHECK(fused.layer(static_cast<std::size_t>(a.layer_index)).spec().name == a.layer);
    }
  }
}

TEST_CASE("fused layers: each layer's gradients agree with central differences") {
  for (const char* text : {"conv 3 3x3, relu, pool 2", "conv 2 5x5, pool 2", "conv 2 5x5, relu, pool 3 stride 2",
                           "conv 3 3x3 stride 2 padding 1, relu, pool 2 stride 1", "conv 6 2x2 padding 1, relu, pool 2 stride 3"})
    for (const Shape& input : {Shape{1, 8, 7}, Shape{2, 7, 8}}) {
      CAPTURE(std::string(text));
      const auto fused = make_fused_layers<double>(resolve(parse_network(std::string(text) + ", dense 10", input)));
      REQUIRE(fused[0]->switch_count() == fused[0]->output().size());
      expect_gradient(check_layer(*fused[0]));
    }
}

TEST_CASE("fused layers: gradients of whole nets agree with central differences") {
  expect_gradient(check_network(kMiniWss17, {1, 12, 12}, 9, 1, Fusing::kOn));
  expect_gradient(check_network(kMiniCaffe, {2, 12, 12}, 5, 1, Fusing::kOn));
  expect_gradient(check_network(kPadded, {3, 9, 11}, 3, 1, Fusing::kOn));
  expect_gradient(check_network(kSmooth, {1, 12, 12}, 3, 1, Fusing::kOn));
}

TEST_CASE_TEMPLATE("fused layers: logits, losses and gradients are those of the single layers", T, float, double) {
  const double tolerance = sizeof(T) == 4 ? 2e-5 : 1e-12;
  const std::pair<const char*, Shape> kNets[] = {{kMiniWss17, {1, 12, 12}},
                                                 {kMiniCaffe, {2, 12, 10}},
                                                 {kPadded, {3, 11, 13}},
                                                 {kSmooth, {1, 12, 12}},
                                                 {"dense 10", {1, 4, 4}}};
  for (const auto& [text, input] : kNets)
    for (std::uint64_t frozen = 0; frozen < 4; ++frozen) {
      CAPTURE(std::string(text));
      CAPTURE(frozen);
      Model<T> single(text, input, 1), fused(text, input, 1, Fusing::kOn);
      REQUIRE(same_bits(single.weights.values, fused.weights.values));
      const Minibatch<T> batch(input, 130, 1);
      std::vector<GroupSettings> groups = all_trainable(single.network);
      for (std::size_t g = 0; g + 1 < groups.size(); ++g) groups[g].frozen = (frozen >> g & 1) != 0;
      Trainer<T> a(single.network), b(fused.network);
      a.weights() = single.weights;
      b.weights() = fused.weights;
      poison(single.workspace);
      poison(fused.workspace);
      run_minibatch(a, batch, groups, single.workspace);
      run_minibatch(b, batch, groups, fused.workspace);
      const StepResult of_single = a.reduce(), of_fused = b.reduce();
      CHECK(of_fused.loss == doctest::Approx(of_single.loss).epsilon(tolerance));
      CHECK(of_fused.correct == of_single.correct);
      CHECK(relative_difference(fused.workspace.activation.back(), single.workspace.activation.back()) <= tolerance);
      for (const ParameterView& view : single.network.parameters()) {
        CAPTURE(view.name);
        CHECK(relative_difference(view.of(b.gradient()), view.of(a.gradient())) <= tolerance);
      }
    }
}

TEST_CASE("fused layers: an image's logits have the same bits in every lane and beside any other images") {
  Model<float> model(kMiniWss17, {1, 12, 12}, 1, Fusing::kOn);
  const Images<float> images = random_images<float>({1, 12, 12}, kLanes, 2);
  const std::size_t last = model.network.layer_count() - 1;
  model.forward({images[0]});
  const std::vector<float> alone = model.output(last, 0);
  for (int lane = 0; lane < kLanes; ++lane) {
    Images<float> mixed = images;
    std::swap(mixed[0], mixed[static_cast<std::size_t>(lane)]);
    model.forward(mixed);
    CHECK(same_bits(model.output(last, lane), alone));
  }
}
