// Tests of src/lab/experiments/correspondence.h.
#include "lab/experiments/correspondence.h"

#include <set>

#include "base/error.h"
#include "lab/statistics.h"
#include "lab_experiments_support.h"

using namespace lenet;
using namespace lenet::test;
using lab::CorrespondenceRequest;
using lab::CorrespondenceResult;
using lab::OccluderColor;
using lab::Window;

namespace {

CorrespondenceResult run(Bench& bench, const CorrespondenceRequest& request) {
  return bench.run<CorrespondenceResult>(lab::make_correspondence(bench.subject, request));
}

std::vector<float> masked(std::vector<float> image, const nn::Shape& shape, const Window& region, const std::vector<float>& fill) {
  for (int c = 0; c < shape.channels; ++c)
    for (int y = region.top; y < region.top + region.height; ++y)
      for (int x = region.left; x < region.left + region.width; ++x) {
        image[static_cast<std::size_t>((c * shape.height + y) * shape.width + x)] = fill[static_cast<std::size_t>(c)];
      }
  return image;
}

int sign(float value) { return value > 0 ? 1 : value < 0 ? -1 : 0; }

/// Δ straight from the formula: every pair, every feature. `regions` holds one for each image.
double slow_delta(Bench& bench, const std::vector<int>& images, const std::vector<Window>& regions, OccluderColor color,
                  const std::string& layer) {
  std::vector<std::vector<int>> signs;
  const std::size_t index = bench.observed(layer);
  for (std::size_t i = 0; i < images.size(); ++i) {
    const std::vector<float> image = pixels_of(bench.dataset.train_image(images[i]));
    const std::vector<float> whole = bench.features(image, index);
    const std::vector<float> part =
        bench.features(masked(image, bench.network.input(), regions[i], lab::fill_of(color, image, bench.network.input())), index);
    std::vector<int>& row = signs.emplace_back();
    for (std::size_t k = 0; k < whole.size(); ++k) row.push_back(sign(whole[k] - part[k]));
  }
  double sum = 0;
  for (std::size_t i = 0; i < signs.size(); ++i)
    for (std::size_t j = 0; j < signs.size(); ++j) {
      if (i == j) continue;
      for (std::size_t k = 0; k < signs[i].size(); ++k) sum += signs[i][k] != signs[j][k];
    }
  const double n = static_cast<double>(signs.size());
  return sum / (n * (n - 1) * static_cast<double>(signs[0].size()));
}

/// Where the draws are: the first numbers of the image's own stream.
Window place_of(const Bench& bench, int draw, int image, Window region) {
  RandomStream random(bench.subject->seed, Purpose::kCorrespondence, static_cast<std::uint32_t>(draw),
                      static_cast<std::uint32_t>(image));
  region.top = static_cast<int>(random.below(static_cast<std::uint32_t>(bench.network.input().height - region.height + 1)));
  region.left = static_cast<int>(random.below(static_cast<std::uint32_t>(bench.network.input().width - region.width + 1)));
  return region;
}

}  // namespace

TEST_CASE("correspondence: Δ of regions and of random masks equals the formula") {
  struct Case {
    const char* network;
    nn::Shape input;
    int images, train;
    OccluderColor color;
    std::vector<Window> regions;
  };
  for (const Case& c : {Case{kTinyNet, kTinyInput, 3, 40, OccluderColor::kGrey, {{2, 3, 4, 5}, {0, 0, 12, 12}, {11, 0, 1, 3}}},
                        Case{kTinyNet, kTinyInput, 11, 150, OccluderColor::kMean, {{0, 7, 3, 5}, {4, 4, 2, 2}}},  // two blocks
                        Case{kColorNet, kColorInput, 2, 40, OccluderColor::kBlack, {{8, 16, 16, 16}}},
                        Case{"dense 10", kTinyInput, 4, 40, OccluderColor::kGrey, {{3, 3, 6, 6}}}}) {
    CAPTURE(std::string(c.network));
    Bench bench(c.network, c.input, c.train);
    const CorrespondenceResult result = run(bench, {4, c.images, c.regions, c.color, 3});
    REQUIRE(result.images.size() == static_cast<std::size_t>(c.images));
    for (std::size_t i = 0; i < result.images.size(); ++i) CHECK(result.images[i] == 4 + 10 * static_cast<int>(i));
    CHECK(result.layers == lab::layers_with_weights(bench.network));
    REQUIRE(result.delta.size() == c.regions.size() * result.layers.size());
    for (std::size_t layer = 0; layer < result.layers.size(); ++layer) {
      const std::string& name = result.layers[layer];
      for (std::size_t r = 0; r < c.regions.size(); ++r) {
        const std::vector<Window> same(result.images.size(), c.regions[r]);
        CHECK(result.delta[r * result.layers.size() + layer] ==
              doctest::Approx(slow_delta(bench, result.images, same, c.color, name)).epsilon(1e-12));
      }
      for (std::size_t r = 0; r < c.regions.size(); ++r) {
        std::vector<double> draws;
        for (int draw = 0; draw < 3; ++draw) {
          std::vector<Window> places;
          for (const int image : result.images) places.push_back(place_of(bench, draw, image, c.regions[r]));
          draws.push_back(slow_delta(bench, result.images, places, c.color, name));
        }
        const lab::Summary expected = lab::summarize(draws);
        CHECK(result.random_mean[r * result.layers.size() + layer] == doctest::Approx(expected.mean).epsilon(1e-12));
        CHECK(result.random_deviation[r * result.layers.size() + layer] == doctest::Approx(expected.deviation).epsilon(1e-9));
      }
    }
    const std::vector<float> first = pixels_of(bench.dataset.train_image(4));
    const std::vector<float> expected = masked(first, c.input, c.regions[0], lab::fill_of(c.color, first, c.input));
    REQUIRE(result.masked.size() == result.images.size() * first.size());
    CHECK(std::equal(expected.begin(), expected.end(), result.masked.begin()));
    CHECK(result.random_mean[0] > 0);
  }
}

TEST_CASE("correspondence: by hand, where one weight reads one pixel") {
  // Output u is pixel u, less a half: the signs of ε at the masked pixels are those of pixel − 0.5.
  Bench bench("dense 10", {1, 1, 10}, 40);
  std::ranges::fill(bench.parameter("fc1.weight"), 0.0f);
  for (std::size_t u = 0; u < 10; ++u) bench.parameter("fc1.weight")[u * 10 + u] = 1;
  bench.pack();
  const CorrespondenceResult result = run(bench, {1, 3, {{0, 2, 1, 4}, {0, 0, 1, 10}}, OccluderColor::kGrey, 1});
  for (std::size_t r = 0; r < 2; ++r) {
    int differing = 0;
    for (std::size_t pixel = r == 0 ? 2 : 0; pixel < (r == 0 ? 6u : 10u); ++pixel) {
      std::vector<bool> bright;
      for (const int image : {1, 11, 21}) bright.push_back(bench.dataset.train_image(image)[pixel] > 127);
      differing += (bright[0] != bright[1]) + (bright[0] != bright[2]) + (bright[1] != bright[2]);
    }
    CHECK(differing > 0);
    CHECK(result.delta[r] == doctest::Approx(2 * differing / (3.0 * 2 * 10)));
  }
  REQUIRE(result.random_mean.size() == 2);
  REQUIRE(result.random_deviation.size() == 2);
  for (const double deviation : result.random_deviation) CHECK(std::isnan(deviation));  // of one draw
  CHECK(result.random_mean[1] == result.delta[1]);  // the whole image has one place
}

TEST_CASE("correspondence: the draws go by the run's seed, the draw and the image") {
  Bench bench(kTinyNet, kTinyInput, 150);
  const CorrespondenceRequest request{2, 5, {{0, 0, 3, 3}}, OccluderColor::kGrey, 4};
  const CorrespondenceResult one = run(bench, request), again = run(bench, request);
  CHECK(one.random_mean == again.random_mean);
  bench.subject->seed = 4;
  const CorrespondenceResult other = run(bench, request);
  CHECK(other.delta == one.delta);
  CHECK(other.random_mean != one.random_mean);
  std::set<std::pair<int, int>> places;
  for (int draw = 0; draw < 10; ++draw)
    for (int image = 0; image < 10; ++image) {
      const Window place = place_of(bench, draw, image, {0, 0, 3, 3});
      places.insert({place.top, place.left});
    }
  CHECK(places.size() > 40);  // of a hundred
}

TEST_CASE("correspondence: regions of one size share their draws, others have draws of their own") {
  Bench bench(kTinyNet, kTinyInput);
  const CorrespondenceRequest request{2, 4, {{0, 0, 3, 3}, {1, 5, 6, 2}, {7, 7, 3, 3}}, OccluderColor::kGrey, 5};
  std::unique_ptr<lab::Experiment> experiment = lab::make_correspondence(bench.subject, request);
  int slices = 1;
  while (experiment->advance(bench.workspace)) ++slices;
  CHECK(slices == 3 + 2 * 5);  // a region or a draw each
  const CorrespondenceResult result = std::get<CorrespondenceResult>(experiment->outcome());
  const auto row = [&](const std::vector<double>& values, std::size_t region) {
    const std::span<const double> of_region = std::span(values).subspan(region * 4, 4);
    return std::vector<double>(of_region.begin(), of_region.end());
  };
  REQUIRE(result.random_mean.size() == 12);
  CHECK(row(result.random_mean, 0) == row(result.random_mean, 2));
  CHECK(row(result.random_deviation, 0) == row(result.random_deviation, 2));
  CHECK(row(result.random_mean, 0) != row(result.random_mean, 1));
}

TEST_CASE("correspondence: too few images of the class give no Δ, and a set that has not begun is refused") {
  Bench bench(kTinyNet, kTinyInput);
  bench.dataset.arrive(13, 0);
  CorrespondenceResult result = run(bench, {2, 5, {{0, 0, 3, 3}}});  // images 2 and 12
  CHECK(result.images == std::vector<int>{2, 12});
  CHECK(result.delta[0] > 0);
  const auto none = [&](int class_index) {
    std::unique_ptr<lab::Experiment> experiment =
        lab::make_correspondence(bench.subject, {class_index, 5, {{0, 0, 3, 3}, {1, 1, 2, 2}}});
    CHECK(experiment->fraction() == 1);
    CHECK_FALSE(experiment->advance(bench.workspace));
    return std::get<CorrespondenceResult>(experiment->outcome());
  };
  result = none(3);
  CHECK(result.images == std::vector<int>{3});
  CHECK(result.masked.size() == 144);
  REQUIRE(result.delta.size() == 8);
  for (const double delta : result.delta) CHECK(std::isnan(delta));
  REQUIRE(result.random_mean.size() == 8);
  CHECK(std::isnan(result.random_mean[7]));
  bench.dataset.arrive(4, 0);
  CHECK(none(9).images.empty());
  bench.dataset.arrive(0, 0);
  CHECK(message_of<Error>([&] { none(9); }).find("No held-out image has arrived yet") != std::string::npos);
}

TEST_CASE("correspondence: dead layers agree, and diverged weights give NaN") {
  Bench bench(kTinyNet, kTinyInput);
  std::ranges::fill(bench.parameter("conv2.weight"), 0.0f);
  bench.pack();
  CorrespondenceResult result = run(bench, {0, 3, {{4, 4, 4, 4}}, OccluderColor::kGrey, 2});
  CHECK(result.delta[0] > 0);
  for (std::size_t layer = 1; layer < 4; ++layer) CHECK(result.delta[layer] == 0);
  bench.spoil();
  result = run(bench, {0, 3, {{4, 4, 4, 4}}, OccluderColor::kGrey, 2});
  CHECK(std::isnan(result.delta[3]));
  CHECK(std::isnan(result.random_mean[0]));
}

TEST_CASE("correspondence: what does not fit is refused") {
  Bench bench(kTinyNet, kTinyInput);
  const auto refused = [&](const CorrespondenceRequest& request) {
    return message_of<Error>([&] { lab::make_correspondence(bench.subject, request); });
  };
  const std::vector<Window> fits = {{0, 0, 12, 12}};
  CHECK_FALSE(refused({10, 5, fits}).empty());
  CHECK_FALSE(refused({-1, 5, fits}).empty());
  CHECK_FALSE(refused({0, 1, fits}).empty());
  CHECK_FALSE(refused({0, 51, fits}).empty());
  CHECK_FALSE(refused({0, 5, {}}).empty());
  CHECK_FALSE(refused({0, 5, std::vector<Window>(7, fits[0])}).empty());
  CHECK_FALSE(refused({0, 5, fits, OccluderColor::kGrey, 0}).empty());
  CHECK_FALSE(refused({0, 5, fits, OccluderColor::kGrey, 101}).empty());
  CHECK(refused({0, 5, {{0, 0, 3, 3}, {10, 2, 3, 3}}}).find("3×3 pixels at row 10, column 2") != std::string::npos);
  constexpr int kHuge = std::numeric_limits<int>::max();
  for (const Window& region : {Window{-1, 0, 3, 3}, Window{0, -1, 3, 3}, Window{0, 0, 0, 3}, Window{0, 0, 3, 13},
                               Window{kHuge, 0, 3, 3}, Window{0, 0, kHuge, kHuge}}) {
    CHECK_FALSE(refused({0, 5, {region}}).empty());
  }
}
