// Tests of src/lab/experiments/architecture.h and spectrum.h.
#include "lab/experiments/architecture.h"

#include <algorithm>
#include <numeric>

#include "base/error.h"
#include "base/math.h"
#include "lab/experiments/spectrum.h"
#include "lab_small_set.h"

using namespace lenet;
using namespace lenet::lab;
using namespace lenet::test;

namespace {

constexpr nn::Shape kKernel{1, 5, 5};

template <class Value>
std::vector<float> picture(int height, int width, Value value) {
  std::vector<float> values;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) values.push_back(static_cast<float>(value(y, x)));
  return values;
}

double sum(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

}  // namespace

TEST_CASE("spectrum: obeys Parseval, and a wave is one frequency") {
  const std::vector<float> noise = random_values<float>(7 * 5, 1);
  double squares = 0;
  for (const float v : noise) squares += static_cast<double>(v) * static_cast<double>(v);
  CHECK(sum(power_spectrum(noise, 7, 5, 16, 12)) == doctest::Approx(squares * 16 * 12));
  CHECK(sum(power_spectrum(noise, 7, 5, 7, 5)) == doctest::Approx(squares * 35));
  const std::vector<float> wave = picture(8, 8, [](int y, int x) { return lenet::cos(2 * kPi * (y + 2.0 * x) / 8); });
  const std::vector<double> power = power_spectrum(wave, 8, 8, 8, 8);
  for (std::size_t i = 0; i < power.size(); ++i) {
    if (i == 1 * 8 + 2 || i == 7 * 8 + 6) {
      CHECK(power[i] == doctest::Approx(32 * 32));
    } else {
      CHECK(power[i] < 1e-6);
    }
  }
}

TEST_CASE("spectrum: a constant kernel is low, a checkerboard high, noise in between") {
  const RadialShares constant = *radial_shares(picture(5, 5, [](int, int) { return 0.3; }), kKernel);
  CHECK(constant.low > 0.75);
  CHECK(constant.high < 0.1);
  CHECK(constant.bins[0] > constant.bins[8]);
  const RadialShares checkers = *radial_shares(picture(5, 5, [](int y, int x) { return (y + x) % 2 == 0 ? 1 : -1; }), kKernel);
  CHECK(checkers.high > 0.95);
  CHECK(checkers.low < 0.01);
  for (const RadialShares& shares : {constant, checkers, white_shares()}) {
    CHECK(sum(shares.bins) == doctest::Approx(1));
    CHECK(shares.low + shares.middle + shares.high == doctest::Approx(1));
  }
  CHECK(white_shares().high == doctest::Approx(1 - kPi / 9).epsilon(0.02));
  // A single pixel is white; channels are taken together.
  const RadialShares point = *radial_shares(picture(5, 5, [](int y, int x) { return y == 1 && x == 3; }), kKernel);
  CHECK(relative_difference(point.bins, white_shares().bins) < 1e-9);
  std::vector<float> two = picture(5, 5, [](int, int) { return 1; });
  for (int i = 0; i < 25; ++i) two.push_back(i % 2 == 0 ? 1.0f : -1.0f);
  const double high = radial_shares(two, {2, 5, 5})->high;
  CHECK(high == doctest::Approx((constant.high * 25 + checkers.high * 25) / 50));
  CHECK_FALSE(radial_shares(std::vector<float>(25), kKernel).has_value());
  CHECK_FALSE(radial_shares(std::vector<float>(25, std::numeric_limits<float>::quiet_NaN()), kKernel).has_value());
}

TEST_CASE("spectrum: a stamp repeated on a grid of four lies above what the grid carries, a smooth blob below") {
  const nn::Shape shape{1, 24, 24};
  const double nyquist = 0.5 / 4;
  const std::vector<float> stamps = picture(24, 24, [](int y, int x) { return y % 4 == 0 && x % 4 < 2 ? 1 : 0; });
  CHECK(*share_above(stamps, shape, nyquist) > 0.95);
  const std::vector<float> blob = picture(24, 24, [](int y, int x) {
    return lenet::exp(-((y - 11.5) * (y - 11.5) + (x - 12) * (x - 12)) / (2 * 3.0 * 3.0));
  });
  CHECK(*share_above(blob, shape, nyquist) < 0.02);
  CHECK(*share_above(stamps, shape, 0.5) == 0);
  // White noise: what ArchitectureResult::white_alias_share says.
  for (const int grid : {2, 4}) {
    const std::vector<float> noise = random_values<float>(64 * 64, 3);
    CHECK(*share_above(noise, {1, 64, 64}, 0.5 / grid) == doctest::Approx(1 - 1.0 / (grid * grid)).epsilon(0.03));
  }
  CHECK_FALSE(share_above(picture(24, 24, [](int, int) { return 0.7; }), shape, nyquist).has_value());
  CHECK_FALSE(share_above(std::vector<float>(24 * 24), shape, nyquist).has_value());
}

TEST_CASE("architecture: kernels that are low, high, near dead or dead are told apart") {
  const SmallSet dataset({1, 20, 20});
  Looked looked("conv 5 5x5, relu, dense 10", dataset);
  const std::span<float> weights = looked.values("conv1.weight");
  std::ranges::fill(looked.values("conv1.bias"), 0.0f);
  for (int i = 0; i < 25; ++i) {
    const std::size_t k = static_cast<std::size_t>(i);
    weights[k] = 0.5f;                               // low
    weights[25 + k] = i % 2 == 0 ? 0.5f : -0.5f;     // high
    weights[50 + k] = i % 2 == 0 ? 0.02f : -0.02f;   // near dead
    weights[75 + k] = -0.5f;                         // silent behind its ReLU
    weights[100 + k] = i == 12 ? 1.0f : 0.0f;        // white
  }
  const ArchitectureResult result = result_of<ArchitectureResult>(make_architecture(looked.subject(), {20}), looked.model.workspace);
  CHECK(result.step == 7);
  CHECK(result.first == "conv1");
  CHECK(result.second.empty());
  CHECK(result.kernel == 5);
  CHECK(result.maps == 5);
  CHECK(result.map_size == 16);
  CHECK(result.images == 20);
  CHECK(result.parameters == looked.model.network.parameter_count());
  CHECK(result.near_dead == std::vector<bool>{false, false, true, true, false});
  CHECK(result.very_high == std::vector<bool>{false, true, true, false, false});
  CHECK(result.near_dead_share == doctest::Approx(0.4));
  CHECK(result.very_high_share == doctest::Approx(0.4));
  CHECK(relative_difference(result.energy, std::vector<double>{0.5, 0.5, 0.02, 0.5, 0.2}) < 1e-6);
  CHECK(result.kernel_high[1] > 0.95);
  CHECK(result.kernel_high[4] == doctest::Approx(white_shares().high));
  CHECK(sum(result.spectrum) == doctest::Approx(1));
  CHECK(result.low + result.middle + result.high == doctest::Approx(1));
  CHECK(result.high == doctest::Approx(sum(result.kernel_high) / 5));
  CHECK(same_bits(result.kernels, looked.values("conv1.weight")));
  CHECK(result.alias_share == 0);
  CHECK(result.projections.empty());
}

TEST_CASE("architecture: the second layer's projections, and what of them the stride cannot carry") {
  const SmallSet dataset({3, 20, 20});
  double share[2];
  for (const int stride : {1, 4}) {
    Looked looked("conv 6 5x5 stride " + std::to_string(stride) + ", relu, conv 4 3x3, relu, dense 10", dataset);
    looked.values("conv2.bias")[1] = -1000;  // dead
    const ArchitectureResult result = result_of<ArchitectureResult>(make_architecture(looked.subject(), {40}), looked.model.workspace);
    CHECK(result.second == "conv2");
    CHECK(result.stride == stride);
    CHECK(result.grid == stride);
    CHECK(result.sampled == 3);
    CHECK(result.window == Window{0, 0, 5 + 2 * stride, 5 + 2 * stride});
    const nn::Shape shape{3, result.window.height, result.window.width};
    REQUIRE(result.projections.size() == 4 * shape.size());
    const std::span<const float> all(result.projections);
    double mean = 0;
    for (const std::size_t map : {0, 2, 3}) mean += *share_above(all.subspan(map * shape.size(), shape.size()), shape, 0.5 / 4) / 3;
    CHECK(std::ranges::all_of(all.subspan(shape.size(), shape.size()), [](float v) { return v == 0; }));
    if (stride == 4) CHECK(result.alias_share == doctest::Approx(mean));
    CHECK(result.alias_counted == (stride == 4 ? 3 : 0));
    CHECK(result.white_alias_share == (stride == 4 ? 1 - 1.0 / 16 : 0));
    share[stride == 4] = result.alias_share;
  }
  CHECK(share[0] == 0);
  CHECK(share[1] > 0.2);
}

TEST_CASE("architecture: no conv layer, no images, weights that are zero or not finite") {
  SmallSet dataset({1, 12, 12});
  dataset.set_available(0);
  for (const char* network : {"dense 10", "dense 5, relu, dense 10"}) {
    Looked flat(network, dataset);
    const ArchitectureResult nothing = result_of<ArchitectureResult>(make_architecture(flat.subject(), {}), flat.model.workspace);
    CHECK(nothing.first.empty());
    CHECK(nothing.network == nn::to_string(flat.model.network.spec()));
    CHECK(nothing.spectrum.empty());
    CHECK(nothing.white_alias_share == 0);
  }
  Looked looked("conv 4 3x3 stride 2, relu, conv 3 3x3, relu, dense 10", dataset);
  CHECK_THROWS_AS(make_architecture(looked.subject(), {}), Error);
  dataset.set_available(5);
  CHECK_THROWS_AS(make_architecture(looked.subject(), {0}), Error);
  CHECK_THROWS_AS(make_architecture(looked.subject(), {1001}), Error);
  for (const float value : {0.0f, std::numeric_limits<float>::quiet_NaN()}) {
    looked.fill(value);
    const ArchitectureResult dead = result_of<ArchitectureResult>(make_architecture(looked.subject(), {}), looked.model.workspace);
    CHECK(dead.images == 5);
    CHECK(dead.near_dead_share == 1);
    CHECK(dead.high == 0);
    CHECK(dead.alias_share == 0);
    CHECK(dead.sampled == 0);
    CHECK(dead.alias_counted == 0);
    CHECK(dead.white_alias_share == 0.75);
  }
}
