// Tests of src/lab/experiments/randomness.h and of LowShare in spectrum.h: kernels whose figures are known beforehand.
#include "lab/experiments/randomness.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/random.h"
#include "lab/experiments/spectrum.h"
#include "lab/experiments/timeline.h"
#include "lab_small_set.h"

using namespace lenet;
using namespace lenet::lab;
using namespace lenet::test;

namespace {

template <class Value>
void fill_kernel(std::span<float> kernel, int size, Value value) {
  for (int y = 0; y < size; ++y)
    for (int x = 0; x < size; ++x) kernel[static_cast<std::size_t>(y * size + x)] = static_cast<float>(value(y, x));
}

constexpr auto kCheckers = [](int y, int x) { return (y + x) % 2 == 0 ? 0.5 : -0.5; };

/// A subject that knows what it began with and its last step.
struct Moved {
  Looked looked;
  std::vector<float> initial, update;

  Moved(const std::string& network, const data::Dataset& dataset)
      : looked(network, dataset), initial(looked.model.weights.values) {}

  RandomnessResult result(const RandomnessRequest& request = {}, std::uint64_t step = 7) {
    Subject subject = *looked.subject(step);
    subject.initial = initial;
    subject.update = update;
    return result_of<RandomnessResult>(make_randomness(std::make_shared<const Subject>(std::move(subject)), request),
                                       looked.model.workspace);
  }
};

const LayerMeasures& layer_of(const RandomnessResult& result, const std::string& name) {
  for (const LayerMeasures& layer : result.layers) {
    if (layer.layer == name) return layer;
  }
  FAIL("no such layer");
  return result.layers.front();
}

bool says(const std::string& text, const char* words) { return text.find(words) != std::string::npos; }

}  // namespace

TEST_CASE("spectrum: the fast low share is the one of the whole transform, at every size") {
  for (const int size : {1, 2, 3, 5, 8, 11, 33}) {
    const LowShare share(size);
    for (std::uint32_t stream = 0; stream < 5; ++stream) {
      CAPTURE(size);
      const std::vector<float> kernel = random_values<float>(static_cast<std::size_t>(size * size), stream);
      CHECK(*share.of(kernel) == doctest::Approx(radial_shares(kernel, {1, size, size})->low).epsilon(1e-9));
    }
  }
  const LowShare five(5);
  CHECK_FALSE(five.of(std::vector<float>(25)).has_value());
  CHECK_FALSE(five.of(std::vector<float>(25, std::numeric_limits<float>::infinity())).has_value());
  CHECK_THROWS_AS((void)five.of(std::vector<float>(24)), std::logic_error);
}

TEST_CASE("randomness: percentiles count ties half, and random kernels are the same ones every time") {
  const std::vector<double> sorted = {1, 2, 2, 3};
  CHECK(percentile_among(sorted, 0) == 0);
  CHECK(percentile_among(sorted, 1) == 12.5);
  CHECK(percentile_among(sorted, 2) == 50);
  CHECK(percentile_among(sorted, 2.5) == 75);
  CHECK(percentile_among(sorted, 9) == 100);
  const std::vector<double> random = random_smoothness(5, 1000);
  CHECK(random == random_smoothness(5, 1000));
  CHECK(random.size() == 1000);
  CHECK(std::ranges::is_sorted(random));
  double mean = 0;
  for (const double share : random) mean += share / 1000;
  CHECK(mean == doctest::Approx(white_shares().low).epsilon(0.05));
}

TEST_CASE("randomness: a constant kernel is at the top, a checkerboard at the bottom, and a zero one nowhere") {
  const SmallSet dataset({1, 20, 20});
  Moved moved("conv 4 5x5, relu, dense 10", dataset);
  const std::span<float> weights = moved.looked.values("conv1.weight");
  fill_kernel(weights.subspan(0, 25), 5, [](int, int) { return -0.3; });
  fill_kernel(weights.subspan(25, 25), 5, kCheckers);
  fill_kernel(weights.subspan(50, 25), 5, [](int, int) { return 0; });
  const RandomnessResult result = moved.result({.images = 8});
  const LayerMeasures& conv = layer_of(result, "conv1");
  CHECK(conv.kernel == 5);
  CHECK(conv.channels == 1);
  REQUIRE(conv.filters.size() == 4);
  CHECK(conv.filters[0].percentile > 99.9);
  CHECK(conv.filters[0].near_constant);
  CHECK_FALSE(conv.filters[0].two_valued);
  CHECK(conv.filters[1].percentile < 0.5);
  CHECK(conv.filters[1].two_valued);
  CHECK_FALSE(conv.filters[1].near_constant);
  CHECK(std::isnan(conv.filters[2].percentile));
  CHECK(conv.filters[2].near_constant);
  CHECK_FALSE(conv.filters[3].near_constant);
  CHECK_FALSE(conv.filters[3].two_valued);
  CHECK(conv.near_constant == 2);
  CHECK(conv.two_valued == 1);
  CHECK(conv.counted == 3);
  CHECK(conv.standard_error == doctest::Approx(100 / std::sqrt(36.0)));
  CHECK(conv.filters[0].smoothness == doctest::Approx(radial_shares(weights.subspan(0, 25), {1, 5, 5})->low));
  CHECK(conv.filters[1].lowest == -0.5);
  CHECK(conv.filters[1].highest == 0.5);
  CHECK(conv.filters[1].rms == doctest::Approx(0.5));
  const LayerMeasures& dense = layer_of(result, "fc1");
  CHECK(dense.percentile.empty());
  CHECK(std::isnan(dense.filters[0].percentile));
  CHECK(dense.near_constant == 0);
  CHECK(says(conv.verdict, "2 of 4 filters are nearly constant"));
}

TEST_CASE("randomness: white noise has percentiles spread evenly, whatever its distribution") {
  const SmallSet dataset({1, 12, 12});
  Moved moved("conv 40 3x3, relu, conv 50 5x5, relu, dense 10", dataset);
  RandomStream random(99, Purpose::kTest);
  for (float& w : moved.looked.values("conv2.weight")) w = static_cast<float>(random.normal());
  const LayerMeasures conv = layer_of(moved.result({.images = 8}), "conv2");
  CHECK(conv.channels == 40);
  REQUIRE(conv.counted == 2000);
  // Five standard errors, those of the mean and of the 1,000 kernels that it is held against.
  CHECK(std::abs(conv.mean_percentile - 50) < 5 * (conv.standard_error + 100 / std::sqrt(12000.0)));
  CHECK(conv.above_95 == doctest::Approx(0.05).epsilon(0.5));
  CHECK(conv.below_5 == doctest::Approx(0.05).epsilon(0.5));
  for (int decile = 0; decile < 10; ++decile) {
    const auto inside = std::ranges::count_if(conv.percentile, [&](float p) { return static_cast<int>(p / 10) == decile; });
    CHECK(inside > 120);
    CHECK(inside < 280);
  }
  CHECK(says(conv.verdict, "cannot be told from random ones"));
  // A filter's own figure is the mean of its channels'.
  double mean = 0;
  for (std::size_t c = 0; c < 40; ++c) mean += static_cast<double>(conv.percentile[7 * 40 + c]) / 40;
  CHECK(conv.filters[7].percentile == doctest::Approx(mean));
}

TEST_CASE("randomness: smooth and rough layers are called so") {
  const SmallSet dataset({1, 20, 20});
  Moved moved("conv 12 5x5, relu, dense 10", dataset);
  const std::span<float> weights = moved.looked.values("conv1.weight");
  for (std::size_t f = 0; f < 12; ++f) {
    fill_kernel(weights.subspan(25 * f, 25), 5, [&](int y, int x) { return 0.1 * y + 0.05 * x + 0.1 * static_cast<double>(f); });
  }
  CHECK(says(layer_of(moved.result({.images = 8}), "conv1").verdict, "smoother than random ones"));
  for (std::size_t f = 0; f < 12; ++f) fill_kernel(weights.subspan(25 * f, 25), 5, kCheckers);
  CHECK(says(layer_of(moved.result({.images = 8}), "conv1").verdict, "rougher than random ones"));
}

TEST_CASE("randomness: what has not moved has changed by 0 and the cosine 1; what has, filter by filter") {
  const SmallSet dataset({1, 20, 20});
  Moved moved("conv 4 5x5, relu, dense 10", dataset);
  const RandomnessResult start = moved.result({.images = 8}, 0);
  CHECK(start.step == 0);
  CHECK(start.initial_known);
  CHECK(says(start.verdict, "At step 0"));
  for (const LayerMeasures& layer : start.layers) {
    CHECK(layer.movement.changed == 0);
    CHECK(layer.movement.cosine == doctest::Approx(1));
    CHECK(std::isnan(layer.movement.update_ratio));
    CHECK(layer.histogram == layer.initial_histogram);
    CHECK(says(layer.verdict, "where it began"));
    for (const FilterMeasures& filter : layer.filters) CHECK(filter.movement.changed == 0);
  }
  // conv1 stays, as if it were frozen; one unit of fc1 is turned around.
  const std::span<float> fc1 = moved.looked.values("fc1.weight");
  const std::size_t row = fc1.size() / 10;
  for (std::size_t i = 0; i < row; ++i) fc1[3 * row + i] *= -1;
  moved.update.assign(moved.initial.size(), 0);
  const std::span<float> step = moved.looked.model.network.find_parameter("fc1.weight").of(std::span<float>(moved.update));
  std::ranges::transform(fc1, step.begin(), [](float w) { return 0.001f * w; });
  const RandomnessResult later = moved.result({.images = 8});
  const LayerMeasures& conv = layer_of(later, "conv1");
  const LayerMeasures& dense = layer_of(later, "fc1");
  CHECK(conv.movement.changed == 0);
  CHECK(conv.movement.update_ratio == 0);
  CHECK(says(conv.verdict, "The last step did not change it"));
  CHECK(dense.filters[3].movement.changed == doctest::Approx(2));
  CHECK(dense.filters[3].movement.cosine == doctest::Approx(-1));
  CHECK(dense.filters[4].movement.changed == 0);
  CHECK(dense.movement.changed > 0.1);
  CHECK(dense.movement.update_ratio == doctest::Approx(0.001));
  CHECK(dense.filters[0].movement.update_ratio == doctest::Approx(0.001));
  moved.initial.clear();
  const RandomnessResult unknown = moved.result({.images = 8});
  CHECK_FALSE(unknown.initial_known);
  CHECK(std::isnan(unknown.layers[0].movement.changed));
  CHECK(unknown.layers[0].initial_histogram.empty());
  CHECK(says(unknown.layers[0].verdict, "not known"));
}

TEST_CASE("randomness: dead units are those that are 0 on every image") {
  const SmallSet dataset({1, 20, 20});
  Moved moved("conv 4 5x5, relu, pool 2, dense 6, relu, dense 10", dataset);
  moved.looked.values("conv1.bias")[2] = -1000;
  moved.looked.values("fc1.bias")[0] = moved.looked.values("fc1.bias")[5] = -1000;
  moved.looked.values("fc2.bias")[1] = -1000;  // an output is no dead unit for being small
  const RandomnessResult result = moved.result({.images = 30});
  CHECK(result.images == 30);
  CHECK(layer_of(result, "conv1").filters[2].dead);
  CHECK(layer_of(result, "fc1").filters[0].dead);
  CHECK(layer_of(result, "fc1").filters[5].dead);
  CHECK(layer_of(result, "conv1").dead >= 1);
  CHECK(layer_of(result, "fc1").dead >= 2);
  CHECK(layer_of(result, "fc2").dead == 0);
  CHECK(says(layer_of(result, "fc1").verdict, "dead: 0 on all of 30 held-out images"));
  // Against the forward pass of each image on its own.
  const std::size_t relu = moved.looked.model.network.find_layer("conv1") + 1;
  std::vector<bool> answers(4);
  for (int i = 0; i < 30; ++i) {
    forward_image(moved.looked, dataset.train_image(i), -1);
    for (int map = 0; map < 4; ++map) {
      const std::vector<float> out = moved.looked.model.output(relu, 0);
      for (std::size_t p = 0; p < 256; ++p)
        answers[static_cast<std::size_t>(map)] =
            answers[static_cast<std::size_t>(map)] || out[static_cast<std::size_t>(map) * 256 + p] != 0;
    }
  }
  for (std::size_t map = 0; map < 4; ++map) CHECK(layer_of(result, "conv1").filters[map].dead == !answers[map]);
}

TEST_CASE("randomness: histograms are shares within the largest weight") {
  const SmallSet dataset({1, 20, 20});
  Moved moved("conv 4 5x5, relu, dense 10", dataset);
  std::ranges::fill(moved.looked.values("conv1.weight"), 0.25f);
  const LayerMeasures conv = layer_of(moved.result({.images = 8}), "conv1");
  double all = 0, initial = 0;
  for (const double share : conv.histogram) all += share;
  for (const double share : conv.initial_histogram) initial += share;
  CHECK(all == doctest::Approx(1));
  CHECK(initial == doctest::Approx(1));
  CHECK(std::ranges::count_if(conv.histogram, [](double share) { return share > 0; }) == 1);
  CHECK(conv.limit >= 0.25);
}

TEST_CASE("randomness: no images, impossible requests, kernels of one pixel, zeros and NaN") {
  SmallSet dataset({1, 12, 12});
  Moved moved("conv 3 1x1, relu, conv 2 2x2, relu, dense 10", dataset);
  CHECK_THROWS_AS((void)moved.result({.images = 0}), Error);
  CHECK_THROWS_AS((void)moved.result({.images = 5001}), Error);
  CHECK_THROWS_AS((void)moved.result({.kernels = 999}), Error);
  CHECK_THROWS_AS((void)moved.result({.kernels = 10001}), Error);
  const RandomnessResult result = moved.result();
  CHECK(result.images == 40);
  CHECK(layer_of(result, "conv1").percentile.empty());
  CHECK(layer_of(result, "conv1").counted == 0);
  CHECK(layer_of(result, "conv2").counted == 6);
  CHECK(layer_of(result, "conv2").two_valued == 0);
  moved.looked.fill(0);
  const RandomnessResult zeros = moved.result();
  CHECK(layer_of(zeros, "conv2").counted == 0);
  CHECK(layer_of(zeros, "conv2").limit > 0);  // of the initial weights
  CHECK(layer_of(zeros, "conv1").dead == 3);
  moved.looked.fill(std::numeric_limits<float>::quiet_NaN());
  CHECK(says(moved.result().layers[0].verdict, "not all finite"));
  dataset.set_available(0);
  CHECK_THROWS_AS((void)moved.result(), Error);
}
