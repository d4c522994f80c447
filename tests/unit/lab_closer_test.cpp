// Tests of src/lab/experiments/closer.h: the shown products and the bias add up to what the engine has, whatever the layer.
#include "lab/experiments/closer.h"

#include "base/error.h"
#include "lab_experiments_support.h"

using namespace lenet;
using namespace lenet::lab;
using namespace lenet::test;

namespace {

/// Products are summed in double, by the engine in float and in another order: they differ by at most this part of Σ |product| + |bias|.
constexpr double kTolerance = 2e-6;

double size_of(const CloserResult& result, const WeightedSum& sum) {
  double size = std::abs(static_cast<double>(result.bias));
  for (const float product : sum.products) size += std::abs(static_cast<double>(product));
  return size;
}

/// Every cell of one unit's map, held against the engine's forward pass.
void check_unit(Bench& bench, const UnitRef& unit, double& worst) {
  const CloserResult result = bench.run<CloserResult>(make_closer(bench.subject, {unit, 3}));
  const std::size_t layer = bench.network.find_layer(unit.layer), seen = bench.observed(unit.layer);
  const nn::Shape& shape = bench.network.layer(layer).output();
  const std::size_t area = static_cast<std::size_t>(shape.height * shape.width), from = area * static_cast<std::size_t>(unit.unit);
  const std::vector<float> pixels = pixels_of(bench.dataset.test_image(3));
  const std::vector<float> before = bench.features(pixels, layer), after = bench.features(pixels, seen);
  REQUIRE(result.rows == shape.height);
  REQUIRE(result.columns == shape.width);
  CHECK(result.map == std::vector<float>(after.begin() + static_cast<long>(from), after.begin() + static_cast<long>(from + area)));
  for (int y = 0; y < result.rows; ++y)
    for (int x = 0; x < result.columns; ++x) {
      const WeightedSum sum = sum_at(result, y, x);
      const std::size_t at = from + static_cast<std::size_t>(y * shape.width + x);
      CHECK(sum.before == before[at]);
      CHECK(sum.activation == after[at]);
      const double difference = std::abs(sum.sum - static_cast<double>(sum.before)) / size_of(result, sum);
      worst = std::max(worst, difference);
      CHECK(difference <= kTolerance);
      double channels = static_cast<double>(result.bias);
      for (const double channel : sum.channels) channels += channel;
      CHECK(channels == doctest::Approx(sum.sum).epsilon(1e-12));
    }
}

}  // namespace

TEST_CASE("closer: in every cell of every kind of layer, products and bias add up to the engine's value") {
  struct Case {
    const char* network;
    nn::Shape input;
    std::vector<std::string> layers;
  };
  const std::vector<Case> cases = {
      {kTinyNet, kTinyInput, {"conv1", "conv2", "fc1", "fc2"}},
      {kColorNet, kColorInput, {"conv1", "conv2", "fc1"}},  // strides, padding, three channels
      {"conv 3 5x5 padding same, tanh, average 2, conv 4 3x3 padding 2, dense 10", {1, 9, 8}, {"conv1", "conv2", "fc1"}},
      {"dense 10", {3, 8, 8}, {"fc1"}},
      {"dense 7, sigmoid, dropout 0.5, dense 10", {1, 10, 10}, {"fc1", "fc2"}},
      {"conv 2 3x3, relu, pool 2, dropout 0.5, dense 10", {1, 10, 10}, {"conv1", "fc1"}},
  };
  double worst = 0;
  for (const Case& one : cases) {
    CAPTURE(one.network);
    Bench bench(one.network, one.input);
    for (const std::string& layer : one.layers) {
      CAPTURE(layer);
      for (const int unit : {0, bench.network.layer(bench.network.find_layer(layer)).output().channels - 1})
        check_unit(bench, {layer, unit}, worst);
    }
  }
  MESSAGE("largest difference, as a part of Σ |product| + |bias|: " << worst);
}

TEST_CASE("closer: the patch is the part of the source that the kernel stands on, 0 in the padding") {
  Bench bench(kColorNet, kColorInput);
  const CloserResult result = bench.run<CloserResult>(make_closer(bench.subject, {{"conv1", 2}, 5, 0, 3}));
  CHECK(result.source.empty());
  CHECK(result.source_values == pixels_of(bench.dataset.test_image(5)));
  CHECK(result.index == 5);
  CHECK(result.label == 5);
  const WeightedSum sum = sum_at(result, 0, 3);
  CHECK(sum.window == Window{-2, 4, 5, 5});
  CHECK(field_of(result, 0, 3) == sum.window);
  const auto kernel = bench.parameter("conv1.weight").subspan(2 * 75, 75);
  CHECK(same_bits(result.kernel, kernel));
  int outside = 0;
  for (std::size_t i = 0; i < 75; ++i) {
    const SourcePlace place = place_of(result, sum.window, i);
    const bool inside = is_inside(result.source_shape, place);
    outside += !inside;
    const std::size_t at = static_cast<std::size_t>((place.channel * 32 + place.y) * 32 + place.x);
    CHECK(sum.patch[i] == (inside ? result.source_values[at] : 0.0f));
    CHECK(sum.products[i] == sum.patch[i] * kernel[i]);
  }
  CHECK(outside == 3 * 2 * 5);
  // The second conv reads what the pool gives, and sees more of the image than that.
  const CloserResult second = bench.run<CloserResult>(make_closer(bench.subject, {{"conv2", 0}, 5}));
  CHECK(second.source == "pool1");
  CHECK(second.source_shape == nn::Shape{4, 8, 8});
  for (const int y : {0, 3}) CHECK(field_of(second, y, 2) == window_of(bench.network, bench.network.find_layer("conv2"), y, 2));
}

TEST_CASE("closer: without a place it is the cell with the largest sum; a dead unit's as well") {
  Bench bench(kTinyNet, kTinyInput);
  const CloserResult result = bench.run<CloserResult>(make_closer(bench.subject, {{"conv2", 1}, 0}));
  const auto best = std::max_element(result.sums.begin(), result.sums.end()) - result.sums.begin();
  CHECK(result.y * result.columns + result.x == best);
  bench.parameter("conv2.bias")[1] = -1000;
  bench.pack();
  const CloserResult dead = bench.run<CloserResult>(make_closer(bench.subject, {{"conv2", 1}, 0}));
  CHECK(dead.map == std::vector<float>(dead.map.size()));
  CHECK(*std::max_element(dead.sums.begin(), dead.sums.end()) < 0);
  CHECK(sum_at(dead, dead.y, dead.x).sum < 0);
  CHECK(sum_at(dead, dead.y, dead.x).activation == 0);
  CHECK(dead.nonlinearity == nn::LayerKind::kRelu);
}

TEST_CASE("closer: a dense unit is one cell whose kernel is as large as what it reads; its largest products are sorted") {
  Bench bench(kTinyNet, kTinyInput);
  const CloserResult result = bench.run<CloserResult>(make_closer(bench.subject, {{"fc1", 3}, std::vector<float>(144, 0.25f)}));
  CHECK(result.kind == nn::LayerKind::kDense);
  CHECK(result.label == -1);
  CHECK(result.source == "pool2");
  CHECK(result.source_shape == nn::Shape{5, 1, 1});
  const WeightedSum sum = sum_at(result, 0, 0);
  const std::vector<std::size_t> order = largest_products(sum, 3);
  REQUIRE(order.size() == 3);
  for (std::size_t i = 0; i + 1 < 3; ++i) CHECK(std::abs(sum.products[order[i]]) >= std::abs(sum.products[order[i + 1]]));
  for (std::size_t i = 0; i < sum.products.size(); ++i) {
    if (std::find(order.begin(), order.end(), i) == order.end())
      CHECK(std::abs(sum.products[i]) <= std::abs(sum.products[order[2]]));
  }
  CHECK(largest_products(sum, 100).size() == 5);
  CHECK_THROWS_AS(sum_at(result, 0, 1), std::logic_error);
}

TEST_CASE("closer: refuses layers without weights, units, cells and images that do not exist; NaN weights end") {
  Bench bench(kTinyNet, kTinyInput);
  const auto message = [&](const CloserRequest& request) {
    return message_of<Error>([&] { make_closer(bench.subject, request); });
  };
  CHECK(message({{"pool1", 0}, 0}).find("no weights") != std::string::npos);
  CHECK(message({{"conv9", 0}, 0}).find("conv9") != std::string::npos);
  CHECK(message({{"conv1", 4}, 0}).find("no unit 4") != std::string::npos);
  CHECK(message({{"conv1", 0}, 0, 10, 0}).find("between 0 and 9") != std::string::npos);
  CHECK(message({{"conv1", 0}, 0, 2, -1}).find("cell's x") != std::string::npos);
  CHECK(message({{"conv1", 0}, 20}).find("no test image 20") != std::string::npos);
  bench.spoil();
  const CloserResult result = bench.run<CloserResult>(make_closer(bench.subject, {{"conv1", 0}, 0}));
  CHECK(std::isnan(sum_at(result, result.y, result.x).sum));
  CHECK(largest_products(sum_at(result, 0, 0), 4).size() == 4);
}
