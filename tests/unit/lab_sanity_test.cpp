// Tests of src/lab/experiments/sanity.h.
#include "lab/experiments/sanity.h"

#include <algorithm>

#include "base/error.h"
#include "lab/statistics.h"
#include "lab_experiments_support.h"

using namespace lenet;
using namespace lenet::test;
using lab::rank_correlation;
using lab::SanityRequest;
using lab::SanityResult;

namespace {

using Numbers = std::vector<float>;

SanityResult run(Bench& bench, const SanityRequest& request) {
  return bench.run<SanityResult>(lab::make_sanity(bench.subject, request));
}

void forward(Bench& bench, const nn::Weights<float>& weights, std::size_t layer, const Numbers& image) {
  const lab::Subject subject{bench.network, weights, bench.dataset, 0, 0};
  const std::span<const float> images[] = {image};
  lab::run_block(subject, images, static_cast<int>(layer), bench.workspace);
}

/// Projection with these weights of the unit's activation in one image, at the place of the trained net's strongest one.
Numbers projection_of(Bench& bench, const nn::Weights<float>& weights, const lab::UnitRef& unit, const Numbers& image,
                      nn::BackwardRule rule) {
  const std::size_t layer = bench.observed(unit.layer);
  forward(bench, bench.subject->weights, layer, image);
  nn::Peak peak = nn::find_peak(bench.network, bench.workspace, layer, unit.unit, 0);
  forward(bench, weights, layer, image);
  const nn::Shape shape = bench.network.layer(layer).output();
  const Numbers output = nn::get_image(shape, bench.workspace.activation[layer + 1].data(), 0);  // [channel][y][x]
  peak.value = static_cast<double>(output[static_cast<std::size_t>((unit.unit * shape.height + peak.y) * shape.width + peak.x)]);
  std::array<nn::ProjectionTarget, nn::kLanes> targets{};
  targets[0] = {unit.unit, peak};
  nn::project(bench.network, weights, bench.workspace, layer, targets, rule);
  return nn::get_image(bench.network.input(), bench.workspace.gradient[0].data(), 0);
}

Numbers picture(const SanityResult& result, std::size_t stage, std::size_t rule) {
  const auto begin = result.pictures.begin() + static_cast<std::ptrdiff_t>((stage * 3 + rule) * result.input.size());
  return {begin, begin + static_cast<std::ptrdiff_t>(result.input.size())};
}

}  // namespace

TEST_CASE("sanity: rank correlation by hand, ties share their mean rank") {
  CHECK(rank_correlation(Numbers{1, 2, 3, 4}, Numbers{10, 20, 30, 1000}) == 1);
  CHECK(rank_correlation(Numbers{1, 2, 3, 4}, Numbers{4, 3, 2, -7}) == -1);
  // Ranks 1 2.5 2.5 4 and 2 1 3.5 3.5, less their mean: products 1.5 · 0.5 + 0 + 0 + 1.5 · 1 = 2.25; squares 4.5 and 4.5.
  CHECK(rank_correlation(Numbers{1, 5, 5, 9}, Numbers{2, 0, 7, 7}) == doctest::Approx(0.5));
  // Without ties, 1 − 6 Σd² / (n (n² − 1)): d = 1 1 1 1 0.
  CHECK(rank_correlation(Numbers{1, 2, 3, 4, 5}, Numbers{2, 1, 4, 3, 5}) == doctest::Approx(0.8));
  // Five zeros of six: ranks 3 3 3 3 3 6 less 3.5, products with −2.5 … 2.5: 1.25 + 6.25 = 7.5; squares 7.5 and 17.5.
  CHECK(rank_correlation(Numbers{0, -0.0f, 0, 0, 0, 9}, Numbers{1, 2, 3, 4, 5, 6}) == doctest::Approx(std::sqrt(3.0 / 7)));
  const Numbers noise = random_values<float>(3072, 1), other = random_values<float>(3072, 2);
  CHECK(rank_correlation(noise, noise) == 1);
  CHECK(std::abs(rank_correlation(noise, other)) < 0.1);
  CHECK(std::isnan(rank_correlation(Numbers{3, 3, 3}, Numbers{1, 2, 3})));
  CHECK(std::isnan(rank_correlation(Numbers{1, 2, 3}, Numbers{0, -0.0f, 0})));
  const float nan = std::numeric_limits<float>::quiet_NaN(), infinite = std::numeric_limits<float>::infinity();
  CHECK(std::isnan(rank_correlation(Numbers{1, nan, 3}, Numbers{1, 2, 3})));
  CHECK(rank_correlation(Numbers{-infinite, 0, infinite}, Numbers{1, 2, 3}) == 1);
  CHECK(std::isnan(rank_correlation(Numbers{}, Numbers{})));
  CHECK_THROWS_AS(rank_correlation(Numbers{1}, Numbers{1, 2}), std::logic_error);
}

namespace {

/// Holds a whole result, over 11 test images (two blocks), against weights made random here. The stages before `unchanged` make layers above
/// the unit random, which do not matter to it; `fewest` images count in every cell.
SanityResult check_cascade(Bench& bench, const lab::UnitRef& unit, std::size_t unchanged, int fewest) {
  const SanityResult result = run(bench, {unit, 5, 11});
  CHECK(result.stages == std::vector<std::string>{"", "fc2", "fc1", "conv2", "conv1"});
  CHECK(result.step == 7);
  CHECK(result.images == 11);
  nn::Weights<float> weights = bench.subject->weights, random = bench.network.make_weights();
  nn::initialize(bench.network, nn::Initializer::kHe, bench.subject->seed ^ 0x9E3779B97F4A7C15u, random);
  const Numbers shown = pixels_of(bench.dataset.test_image(5));
  for (std::size_t stage = 0; stage < 5; ++stage) {
    for (const nn::ParameterView& view : bench.network.parameters()) {
      if (view.layer != result.stages[stage]) continue;
      for (std::size_t i = view.offset; i < view.offset + view.size; ++i) weights.values[i] = view.is_bias ? 0 : random.values[i];
    }
    bench.network.pack(weights);
    for (std::size_t rule = 0; rule < 3; ++rule) {
      CHECK(same_bits(picture(result, stage, rule), projection_of(bench, weights, unit, shown, lab::kRules[rule])));
      std::vector<double> correlations, sizes;
      for (int i = 0; i < 11; ++i) {
        const Numbers image = pixels_of(bench.dataset.test_image(i));
        Numbers plain = projection_of(bench, bench.subject->weights, unit, image, lab::kRules[rule]);
        Numbers here = projection_of(bench, weights, unit, image, lab::kRules[rule]);
        const double correlation = rank_correlation(plain, here);
        for (float& v : plain) v = std::abs(v);
        for (float& v : here) v = std::abs(v);
        const double of_sizes = rank_correlation(plain, here);
        if (std::isnan(correlation) || std::isnan(of_sizes)) continue;
        correlations.push_back(correlation);
        sizes.push_back(of_sizes);
      }
      const lab::Summary expected = lab::summarize(correlations);
      const std::size_t cell = stage * 3 + rule;
      CHECK(result.counted[cell] == expected.n);
      REQUIRE(result.counted[cell] >= fewest);
      CHECK(result.correlation[cell] == doctest::Approx(expected.mean).epsilon(1e-12));
      CHECK(result.correlation_deviation[cell] == doctest::Approx(expected.deviation).epsilon(1e-9));
      CHECK(result.size_correlation[cell] == doctest::Approx(lab::summarize(sizes).mean).epsilon(1e-12));
      CHECK((result.correlation[cell] == 1) == (stage < unchanged));
    }
  }
  return result;
}

}  // namespace

TEST_CASE("sanity: the cascade goes from the top down, and pictures, activations and correlations are those of such weights") {
  // No ReLU after fc1, so that no unit of it is dead in any stage.
  Bench bench("conv 4 3x3, relu, pool 2, conv 5 3x3, relu, pool 2, dense 12, dense 10", kTinyInput);
  check_cascade(bench, {"fc1", 3}, 2, 2);  // fc2 lies above fc1
}

TEST_CASE("sanity: a map is looked at in one place in all stages, wherever the random nets are strongest") {
  // No ReLU after conv2, so that its map answers at every place.
  Bench bench("conv 4 3x3, relu, pool 2, conv 5 3x3, dense 12, relu, dense 10", kTinyInput);
  check_cascade(bench, {"conv2", 1}, 3, 11);
  const SanityResult result = run(bench, {{"conv2", 1}, 5, 1});
  const std::size_t layer = bench.observed("conv2");
  forward(bench, bench.subject->weights, layer, pixels_of(bench.dataset.test_image(5)));
  const nn::Peak peak = nn::find_peak(bench.network, bench.workspace, layer, 1, 0);
  CHECK(result.activation[0] == peak.value);
  const nn::ReceptiveField field = nn::receptive_field(bench.network, layer, peak.y, peak.x);
  for (std::size_t stage = 0; stage < 5; ++stage)
    for (std::size_t rule = 0; rule < 3; ++rule) {
      const Numbers shown = picture(result, stage, rule);
      for (int at = 0; at < 144; ++at) {
        const int y = at / 12, x = at % 12;
        const bool inside = y >= field.top && y < field.bottom && x >= field.left && x < field.right;
        if (!inside) CHECK(shown[static_cast<std::size_t>(at)] == 0);
      }
    }

  // Behind a ReLU a random map may be 0 there; such images do not count.
  Bench silent(kTinyNet, kTinyInput);
  const SanityResult some = check_cascade(silent, {"conv2", 1}, 3, 2);
  CHECK(*std::min_element(some.counted.begin(), some.counted.end()) < 11);
}

TEST_CASE("sanity: for a map of conv2 only conv2 and conv1 matter") {
  Bench bench(kTinyNet, kTinyInput);
  const SanityResult result = run(bench, {{"conv2", 1}, random_values<float>(144, 8, 0, 1), 7});
  for (std::size_t stage = 0; stage < 5; ++stage) {
    CHECK((result.activation[stage] == result.activation[0]) == (stage < 3));
    for (std::size_t rule = 0; rule < 3; ++rule) {
      const std::size_t cell = stage * 3 + rule;
      CHECK((result.correlation[cell] == 1) == (stage < 3));
      CHECK((result.size_correlation[cell] == 1) == (stage < 3));
      if (stage < 3) CHECK(result.correlation_deviation[cell] == 0);
      CHECK(same_bits(picture(result, stage, rule), picture(result, 0, rule)) == (stage < 3));
    }
  }
}

TEST_CASE("sanity: the random layers are not the ones that the run started with") {
  for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{0x9E3779B97F4A7C15u}}) {
    Bench bench(kTinyNet, kTinyInput);
    bench.subject->seed = seed;
    nn::initialize(bench.network, nn::Initializer::kHe, seed, bench.subject->weights);  // an untrained run
    const SanityResult result = run(bench, {{"fc2", 1}, 0, 5});
    for (std::size_t rule = 0; rule < 3; ++rule) CHECK(result.correlation[1 * 3 + rule] < 0.999);
  }
}

TEST_CASE("sanity: fewer images than asked, colours, networks without conv, dead units, diverged weights") {
  Bench color(kColorNet, kColorInput, 0, 3);
  SanityResult result = run(color, {{"conv2", 5}, 0, 500});
  CHECK(result.images == 3);
  CHECK(result.stages == std::vector<std::string>{"", "fc1", "conv2", "conv1"});
  CHECK(result.pictures.size() == 4 * 3 * 3072);
  CHECK(result.correlation[0] == 1);

  Bench softmax("dense 10", kTinyInput);
  result = run(softmax, {{"fc1", 0}, std::vector<float>(144, 0.0f), 1});
  CHECK(result.stages == std::vector<std::string>{"", "fc1"});
  CHECK(result.counted == std::vector<int>(6, 1));
  CHECK(result.correlation[1] == 1);
  CHECK(std::abs(result.correlation[4]) < 0.5);
  CHECK(std::isnan(result.correlation_deviation[0]));  // of one image

  Bench dead(kTinyNet, kTinyInput);
  std::ranges::fill(dead.parameter("conv1.weight"), 0.0f);
  std::ranges::fill(dead.parameter("conv1.bias"), -1.0f);
  dead.pack();
  result = run(dead, {{"conv1", 2}, 1, 4});
  CHECK(result.counted == std::vector<int>(15, 0));
  for (const double correlation : result.correlation) CHECK(std::isnan(correlation));
  CHECK(result.activation[0] == 0);
  CHECK(picture(result, 0, 1) == Numbers(144));
  CHECK(result.activation[4] > 0);  // random again

  dead.spoil();
  result = run(dead, {{"fc2", 2}, 1, 4});
  CHECK(result.counted == std::vector<int>(15, 0));
  CHECK(std::isnan(result.activation[0]));
}

TEST_CASE("sanity: what does not fit is refused") {
  Bench bench(kTinyNet, kTinyInput);
  const auto refused = [&](const SanityRequest& request) {
    return message_of<Error>([&] { lab::make_sanity(bench.subject, request); });
  };
  CHECK_FALSE(refused({{"conv1", 4}, 0, 5}).empty());
  CHECK_FALSE(refused({{"conv1", 0}, 20, 5}).empty());
  CHECK_FALSE(refused({{"conv1", 0}, 0, 0}).empty());
  CHECK_FALSE(refused({{"conv1", 0}, 0, 501}).empty());
  bench.dataset.arrive(40, 0);
  CHECK(refused({{"conv1", 0}, std::vector<float>(144), 5}).find("No test image has arrived yet") != std::string::npos);
}
