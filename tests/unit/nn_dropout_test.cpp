// Tests of src/nn/kernels/dropout.h and of the dropout layer: which values drop, and that nothing does outside training.
#include "nn/kernels/dropout.h"

#include <set>

#include "gradient_check.h"
#include "nn/predictor.h"
#include "nn/projection.h"

using namespace lenet;
using namespace lenet::nn;
using namespace lenet::test;
using kernels::kDropped;
using kernels::kEnlarged;

namespace {

constexpr Shape kInput{1, 8, 8};
constexpr const char* kNet = "conv 3 3x3, relu, pool 2, dropout 0.2, dense 12, relu, dropout 0.5, dense 10";
constexpr const char* kNetWithout = "conv 3 3x3, relu, pool 2, dense 12, relu, dense 10";

/// The switches of n blocks of ones.
std::vector<std::int32_t> mask(std::size_t n, double drop, int position, const Draw& draw) {
  std::vector<float> in(n * kLanes, 1.0f), out(n * kLanes);
  std::vector<std::int32_t> switches(n * kLanes, -1);
  kernels::dropout_forward(n, drop, position, draw, in.data(), out.data(), switches.data());
  return switches;
}

double fraction_dropped(const std::vector<std::int32_t>& switches) {
  return static_cast<double>(std::count(switches.begin(), switches.end(), kDropped)) / static_cast<double>(switches.size());
}

}  // namespace

TEST_CASE("dropout: the fraction dropped is p, in every lane and step") {
  constexpr std::size_t kUnits = 20000;
  for (const double p : {0.0, 0.1, 0.5, 0.9}) {
    const double deviation = std::sqrt(p * (1 - p) / kUnits);
    for (std::uint64_t step = 0; step < 3; ++step) {
      const std::vector<std::int32_t> switches = mask(kUnits, p, 2, {7, step, 16});
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        std::vector<std::int32_t> image;
        for (std::size_t k = 0; k < kUnits; ++k) image.push_back(switches[k * kLanes + lane]);
        CHECK(std::abs(fraction_dropped(image) - p) <= 4 * deviation);
      }
    }
  }
}

TEST_CASE("dropout: kept values are multiplied by 1 / (1 - p), dropped ones are zero, and so is the gradient") {
  const std::vector<double> in = random_values<double>(50 * kLanes, 1), d_out = random_values<double>(50 * kLanes, 2);
  std::vector<double> out(in.size()), d_in(in.size());
  std::vector<std::int32_t> switches(in.size());
  kernels::dropout_forward(50, 0.75, 0, {1, 2, 0}, in.data(), out.data(), switches.data());
  kernels::dropout_backward(50, 0.75, d_out.data(), switches.data(), d_in.data());
  bool right = true;
  for (std::size_t i = 0; i < in.size(); ++i) {
    const double factor = switches[i] == kDropped ? 0 : 4;
    right = right && out[i] == factor * in[i] && d_in[i] == factor * d_out[i];
  }
  CHECK(right);
  CHECK(fraction_dropped(switches) > 0.5);
  CHECK(fraction_dropped(switches) < 1);
  CHECK(std::count(switches.begin(), switches.end(), kEnlarged) > 0);
}

TEST_CASE("dropout: every part of the key changes what drops") {
  const std::vector<Draw> draws = {{1, 1, 0}, {2, 1, 0}, {1ull << 40, 1, 0}, {1, 2, 0}, {1, 1, 8}, {1, 1, 800}};
  std::set<std::vector<std::int32_t>> seen;
  for (const Draw& draw : draws)
    for (const int position : {0, 1, 63}) seen.insert(mask(100, 0.5, position, draw));
  CHECK(seen.size() == draws.size() * 3);
  std::set<std::vector<std::int32_t>> images;  // the lanes of one block, too
  const std::vector<std::int32_t> switches = mask(100, 0.5, 0, draws[0]);
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    std::vector<std::int32_t> image;
    for (std::size_t k = 0; k < 100; ++k) image.push_back(switches[k * kLanes + lane]);
    images.insert(image);
  }
  CHECK(images.size() == kLanes);
}

TEST_CASE("dropout: an image's mask goes by its place in the minibatch, not by the lane it has") {
  const std::vector<std::int32_t> first = mask(100, 0.5, 3, {1, 1, 40}), later = mask(100, 0.5, 3, {1, 1, 44});
  bool same = true;
  for (std::size_t k = 0; k < 100; ++k)
    for (std::size_t lane = 0; lane < 4; ++lane) same = same && first[k * kLanes + 4 + lane] == later[k * kLanes + lane];
  CHECK(same);
}

TEST_CASE("dropout: golden mask, the same on every platform") {
  CHECK(hash_of(mask(1000, 0.3, 5, {0xFEDCBA9876543210u, 12345, 24})) == "a3abdefb095eb956");
}

TEST_CASE("dropout: gradients agree with central differences while the mask is held fixed") {
  check_layers("dropout 0.5", {3, 4, 5});
  check_layers("dropout 0.25", {17, 1, 1});
  check_layers("dropout 0", {2, 3, 3});
  for (const Fusing fusing : {Fusing::kOff, Fusing::kOn}) {
    expect_gradient(check_network(kNet, kInput, 11, 1, fusing));
    expect_gradient(check_network("dropout 0.1, conv 3 3x3, relu, dropout 0.3, pool 2, dense 10", kInput, 9, 2, fusing));
  }
}

TEST_CASE("dropout: in training the network is not the one that is measured") {
  Model<double> model(kNet, kInput, 1);
  const Images<double> images = random_images<double>(kInput, kLanes, 2, 0, 1);
  const std::size_t dropout = model.network.find_layer("dropout1"), last = model.network.layer_count() - 1;
  model.forward(images);
  const std::vector<double> measured = model.workspace.activation[last + 1];
  model.network.forward_training(model.weights, model.workspace, {1, 0, 0});
  const std::vector<double> trained = model.workspace.activation[last + 1];
  CHECK(relative_difference(trained, measured) > 0.01);
  CHECK(fraction_dropped(model.workspace.switches[dropout]) > 0);
  model.network.forward_training(model.weights, model.workspace, {1, 1, 0});
  CHECK(relative_difference(model.workspace.activation[last + 1], trained) > 0.01);  // the next step drops others
  model.forward(images);
  CHECK(same_bits(model.workspace.activation[last + 1], measured));  // nothing is left over
}

TEST_CASE("dropout: outside training logits, projections and the gradient are those of the network without it") {
  Model<float> with(kNet, kInput, 1), without(kNetWithout, kInput, 1);
  REQUIRE(same_bits(with.weights.values, without.weights.values));
  const Minibatch<float> batch(kInput, kLanes, 3);
  with.network.forward_training(with.weights, with.workspace, {1, 0, 0});  // leaves its switches behind
  with.forward(batch.images);
  without.forward(batch.images);
  CHECK(same_bits(with.workspace.activation.back(), without.workspace.activation.back()));

  std::array<ProjectionTarget, kLanes> targets{};
  for (int lane = 0; lane < kLanes; ++lane) {
    targets[static_cast<std::size_t>(lane)] = {
        lane, find_peak(without.network, without.workspace, without.network.find_layer("fc2"), lane, lane)};
  }
  for (const BackwardRule rule : {BackwardRule::kGradient, BackwardRule::kDeconv, BackwardRule::kGuided}) {
    project(with.network, with.weights, with.workspace, with.network.find_layer("fc2"), targets, rule);
    project(without.network, without.weights, without.workspace, without.network.find_layer("fc2"), targets, rule);
    CHECK(same_bits(with.workspace.gradient[0], without.workspace.gradient[0]));
  }

  Predictor predictor(with.network), plain(without.network);
  predictor.load(with.weights);
  plain.load(without.weights);
  CHECK(same_bits(predictor.predict(batch.images[0]), plain.predict(batch.images[0])));

  Trainer<float> trainer(with.network), plain_trainer(without.network);
  trainer.weights() = with.weights;
  plain_trainer.weights() = without.weights;
  run_minibatch(trainer, batch, all_trainable(with.network), with.workspace);
  run_minibatch(plain_trainer, batch, all_trainable(without.network), without.workspace);
  CHECK(trainer.reduce().loss == plain_trainer.reduce().loss);
  CHECK(same_bits(trainer.gradient(), plain_trainer.gradient()));
}

TEST_CASE("dropout: a fused network drops the same values") {
  const Minibatch<double> batch(kInput, 30, 4);
  const auto gradient = [&](Fusing fusing, std::uint64_t step) {
    Model<double> model(kNet, kInput, 1, fusing);
    Trainer<double> trainer(model.network);
    trainer.weights() = model.weights;
    run_minibatch(trainer, batch, all_trainable(model.network), model.workspace, Draw{1, step});
    trainer.reduce();
    return std::vector<double>(trainer.gradient().begin(), trainer.gradient().end());
  };
  CHECK(relative_difference(gradient(Fusing::kOn, 5), gradient(Fusing::kOff, 5)) <= 1e-12);
  CHECK(relative_difference(gradient(Fusing::kOn, 6), gradient(Fusing::kOff, 5)) > 0.01);
}

TEST_CASE("dropout: where it stands between the layers that are looked at") {
  const Network<float> network(parse_network(kNet, kInput));
  const auto observed = [&](const char* name) {
    return network.layer(observed_layer(network, network.find_layer(name))).spec().name;
  };
  CHECK(observed("conv1") == "relu1");
  CHECK(observed("fc1") == "relu2");
  CHECK(observed("fc2") == "fc2");
  const ReceptiveField field = receptive_field(network, network.find_layer("dropout1"), 1, 2);
  const ReceptiveField below = receptive_field(network, network.find_layer("pool1"), 1, 2);
  CHECK(std::array{field.top, field.left, field.bottom, field.right} ==
        std::array{below.top, below.left, below.bottom, below.right});
  CHECK(below.bottom - below.top == 4);
}
