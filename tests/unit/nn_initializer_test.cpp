// Tests of src/nn/initializer.h: the distributions, the streams, golden values.
#include "nn/initializer.h"

#include "base/error.h"
#include "nn_support.h"

using namespace lenet;
using namespace lenet::nn;
using namespace lenet::test;

namespace {

const Network<float>& wss17() {
  static const Network<float> network(preset("wss17", {1, 28, 28}));
  return network;
}

Weights<float> initialized(const Network<float>& network, Initializer initializer, std::uint64_t seed) {
  Weights<float> weights = network.make_weights();
  std::fill(weights.values.begin(), weights.values.end(), 77.0f);  // all must be overwritten
  initialize(network, initializer, seed, weights);
  return weights;
}

std::vector<float> part(const Network<float>& network, const Weights<float>& weights, const char* parameter) {
  const std::span<const float> span = network.find_parameter(parameter).of(std::span<const float>(weights.values));
  return {span.begin(), span.end()};
}

struct Moments {
  double mean = 0, deviation = 0, kurtosis = 0, largest = 0;
};
Moments moments(const std::vector<float>& values) {
  Moments m;
  const double n = static_cast<double>(values.size());
  for (const float v : values) m.mean += v / n;
  double second = 0, fourth = 0;
  for (const float v : values) {
    const double d = v - m.mean;
    second += d * d / n;
    fourth += d * d * d * d / n;
    m.largest = std::max(m.largest, std::abs(static_cast<double>(v)));
  }
  m.deviation = std::sqrt(second);
  m.kurtosis = fourth / (second * second);
  return m;
}

/// Five standard errors of the mean, and of the deviation (kurtosis 1.8 for a uniform, 3 for a normal distribution).
void expect_distribution(const char* parameter, Initializer initializer, double deviation, bool is_normal) {
  CAPTURE(std::string(name_of(initializer)));
  CAPTURE(std::string(parameter));
  const std::vector<float> values = part(wss17(), initialized(wss17(), initializer, 1), parameter);
  const Moments m = moments(values);
  const double n = static_cast<double>(values.size());
  CHECK(std::abs(m.mean) < 5 * deviation / std::sqrt(n));
  CHECK(std::abs(m.deviation / deviation - 1) < 5 * std::sqrt((is_normal ? 2 : 0.8) / (4 * n)));
  if (n > 10000) CHECK(std::abs(m.kurtosis - (is_normal ? 3 : 1.8)) < 0.2);
  if (is_normal) return;
  const double limit = deviation * std::sqrt(3.0);
  CHECK(m.largest <= limit * (1 + 1e-7));
  CHECK(m.largest > limit * (1 - 10 / n));
}

}  // namespace

TEST_CASE("initializer: every rule has its mean, variance, shape and limits, in conv and dense layers") {
  // fan-in, fan-out: conv1 25, 500; conv2 500, 1250; fc1 800, 500; fc2 500, 10.
  const struct {
    const char* parameter;
    double in, out;
  } kLayers[] = {{"conv1.weight", 25, 500}, {"conv2.weight", 500, 1250}, {"fc1.weight", 800, 500}, {"fc2.weight", 500, 10}};
  const double root3 = std::sqrt(3.0);
  for (const auto& layer : kLayers) {
    expect_distribution(layer.parameter, Initializer::kHe, std::sqrt(2 / layer.in), true);
    expect_distribution(layer.parameter, Initializer::kNormal001, 0.01, true);
    expect_distribution(layer.parameter, Initializer::kGlorot, std::sqrt(6 / (layer.in + layer.out)) / root3, false);
    expect_distribution(layer.parameter, Initializer::kUniformFanIn, 1 / layer.in / root3, false);
    expect_distribution(layer.parameter, Initializer::kUniformSqrt, 1 / std::sqrt(layer.in) / root3, false);
    expect_distribution(layer.parameter, Initializer::kUniformSqrt3, 1 / std::sqrt(layer.in), false);
  }
}

TEST_CASE("initializer: biases are zero always, and zeros fills everything with zeros") {
  for (const Initializer initializer : all_initializers()) {
    const Weights<float> weights = initialized(wss17(), initializer, 3);
    for (const ParameterView& view : wss17().parameters()) {
      const std::vector<float> values = part(wss17(), weights, view.name.c_str());
      const bool all_zero = values == std::vector<float>(values.size(), 0.0f);
      CHECK(all_zero == (view.is_bias || initializer == Initializer::kZeros));
    }
  }
}

TEST_CASE("initializer: seeds differ, layers differ, and the same seed repeats") {
  for (const Initializer initializer : {Initializer::kHe, Initializer::kGlorot}) {
    const Weights<float> one = initialized(wss17(), initializer, 1), again = initialized(wss17(), initializer, 1);
    const Weights<float> two = initialized(wss17(), initializer, 2), far = initialized(wss17(), initializer, 1ull << 32 | 1);
    CHECK(same_bits(one.values, again.values));
    CHECK(same_bits(one.packed, again.packed));
    for (const Weights<float>* other : {&two, &far}) {
      std::size_t equal = 0;
      for (std::size_t i = 0; i < 500; ++i) equal += one.values[i] == other->values[i];
      CHECK(equal == 0);
    }
  }
  // Two layers of one shape do not start alike.
  const Network<float> twins(parse_network("dense 10, dense 10, dense 10", {10, 1, 1}));
  const Weights<float> weights = initialized(twins, Initializer::kHe, 1);
  CHECK(part(twins, weights, "fc1.weight") != part(twins, weights, "fc2.weight"));
  CHECK(part(twins, weights, "fc2.weight") != part(twins, weights, "fc3.weight"));
}

TEST_CASE("initializer: a layer's weights do not depend on the other layers") {
  const Network<float> caffe(preset("caffe", {1, 28, 28}));
  const Network<float> other(
      parse_network("conv 31 3x3, relu, conv 50 5x5 stride 2, relu, pool 3, dense 12, dense 10", {20, 28, 28}));
  const Network<float> bare(parse_network("conv 20 5x5, dense 10", {1, 28, 28}));
  const Weights<float> of_wss17 = initialized(wss17(), Initializer::kHe, 5);
  // ReLUs between make no difference.
  CHECK(same_bits(initialized(caffe, Initializer::kHe, 5).values, of_wss17.values));
  // Nor do the size of the layer before, or what comes after.
  CHECK(part(bare, initialized(bare, Initializer::kHe, 5), "conv1.weight") == part(wss17(), of_wss17, "conv1.weight"));
  const std::vector<float> a = part(other, initialized(other, Initializer::kUniformSqrt3, 5), "conv2.weight");
  const std::vector<float> b = part(wss17(), initialized(wss17(), Initializer::kUniformSqrt3, 5), "conv2.weight");
  for (std::size_t i = 0; i < 100; ++i) CHECK(a[i] * std::sqrt(31.0f) == doctest::Approx(b[i] * std::sqrt(20.0f)).epsilon(1e-6));
}

TEST_CASE("initializer: float weights are the rounded double ones, and the kernels' copy is made") {
  const Network<double> wide(preset("wss17", {1, 28, 28}));
  Weights<double> weights = wide.make_weights();
  initialize(wide, Initializer::kHe, 1, weights);
  const Weights<float> narrow = initialized(wss17(), Initializer::kHe, 1);
  bool rounded = true;
  for (std::size_t i = 0; i < weights.values.size(); ++i)
    rounded = rounded && narrow.values[i] == static_cast<float>(weights.values[i]);
  CHECK(rounded);
  Weights<float> packed = narrow;
  wss17().pack(packed);
  CHECK(same_bits(packed.packed, narrow.packed));
}

TEST_CASE("initializer: golden weights, equal natively and as wasm") {
  // Every seeded run starts from these: if they change, all published links and lessons change.
  const Weights<float> he = initialized(wss17(), Initializer::kHe, 1);
  const std::vector<float> kFirst = {-0x1.a6bce8p-2f, -0x1.4c032p-3f, -0x1.b51f4p-2f, -0x1.639f3ep-3f};
  CHECK(same_bits(std::vector<float>(he.values.begin(), he.values.begin() + 4), kFirst));
  const std::pair<Initializer, std::string> kGolden[] = {
      {Initializer::kHe, "17b1034cd9e8b286"},           {Initializer::kGlorot, "2306863bd4f35329"},
      {Initializer::kUniformFanIn, "a848a470a202cc94"}, {Initializer::kUniformSqrt, "6f48f521179a6941"},
      {Initializer::kUniformSqrt3, "29881d265991d2cf"}, {Initializer::kNormal001, "ee2c90a25a6f3339"},
      {Initializer::kZeros, "3dcbfe1a8c056ba5"},
  };
  for (const auto& [initializer, hash] : kGolden) {
    CAPTURE(std::string(name_of(initializer)));
    CHECK(hash_of(initialized(wss17(), initializer, 1).values) == hash);
    // caffe has the same layers with parameters, so the same weights.
    const Network<float> caffe(preset("caffe", {1, 28, 28}));
    CHECK(hash_of(initialized(caffe, initializer, 1).values) == hash);
  }
  CHECK(std::size(kGolden) == all_initializers().size());
}

TEST_CASE("initializer: names are read back, and an unknown one is answered with the list") {
  CHECK(all_initializers().size() == 7);
  CHECK(all_initializers().front() == Initializer::kHe);
  std::string all;
  for (const Initializer initializer : all_initializers()) {
    CHECK(initializer_named(name_of(initializer)) == initializer);
    all += std::string(all.empty() ? "" : ", ") + std::string(name_of(initializer));
  }
  CHECK(all == "he, glorot, uniform-fan-in, uniform-sqrt, uniform-sqrt3, normal-0.01, zeros");
  const std::string message = message_of<Error>([] { initializer_named("He"); });
  CHECK(message.find("“He”") != std::string::npos);
  CHECK(message.find(all) != std::string::npos);
  CHECK_THROWS_AS(initializer_named(""), Error);
}
