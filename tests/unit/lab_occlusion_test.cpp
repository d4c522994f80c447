// Tests of src/lab/experiments/occlusion.h.
#include "lab/experiments/occlusion.h"

#include <numeric>

#include "base/error.h"
#include "lab_experiments_support.h"

using namespace lenet;
using namespace lenet::test;
using lab::OccluderColor;
using lab::OcclusionRequest;
using lab::OcclusionResult;

namespace {

OcclusionResult run(Bench& bench, const OcclusionRequest& request) {
  return bench.run<OcclusionResult>(lab::make_occlusion(bench.subject, request));
}

/// The channels of an image [channel][y][x] with the square drawn by the definition.
std::vector<float> covered(std::vector<float> image, const nn::Shape& shape, int y, int x, int size,
                           const std::vector<float>& fill) {
  for (std::size_t i = 0; i < image.size(); ++i) {
    const int area = shape.height * shape.width, at = static_cast<int>(i) % area;
    const int from_top = at / shape.width - (y - size / 2), from_left = at % shape.width - (x - size / 2);
    if (from_top >= 0 && from_top < size && from_left >= 0 && from_left < size) image[i] = fill[i / static_cast<std::size_t>(area)];
  }
  return image;
}

}  // namespace

TEST_CASE("occlusion: the square is centred, clipped to the image, and filled by channel") {
  const nn::Shape shape{2, 4, 4};
  const std::vector<float> fill = {7, 8};
  std::vector<float> image(32, 0.0f);
  lab::occlude(image, shape, 0, 3, 3, fill);
  CHECK(image ==
        std::vector<float>{0, 0, 7, 7, 0, 0, 7, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 8, 0, 0, 8, 8, 0, 0, 0, 0, 0, 0, 0, 0});
  image.assign(32, 0.0f);
  lab::occlude(image, shape, 2, 2, 2, fill);  // an even one: (2, 2) is the lower right of the four
  CHECK(image ==
        std::vector<float>{0, 0, 0, 0, 0, 7, 7, 0, 0, 7, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 8, 0, 0, 8, 8, 0, 0, 0, 0, 0});
  const std::vector<float> noise = random_values<float>(32, 1, 0, 1);
  for (int y = 0; y < 4; ++y)
    for (int x = 0; x < 4; ++x)
      for (int size = 1; size <= 4; ++size) {
        image = noise;
        lab::occlude(image, shape, y, x, size, fill);
        CHECK(image == covered(noise, shape, y, x, size, fill));
      }
  CHECK_THROWS_AS(lab::occlude(image, {1, 4, 4}, 0, 0, 1, fill), std::logic_error);
}

TEST_CASE("occlusion: grey, black, and the mean of each channel") {
  const std::vector<float> image = {0, 0.5f, 0.5f, 1, 0, 0, 0.25f, 0.75f};
  const nn::Shape shape{2, 2, 2};
  CHECK(lab::fill_of(OccluderColor::kGrey, image, shape) == std::vector<float>{0.5f, 0.5f});
  CHECK(lab::fill_of(OccluderColor::kBlack, image, shape) == std::vector<float>{0, 0});
  CHECK(lab::fill_of(OccluderColor::kMean, image, shape) == std::vector<float>{0.5f, 0.25f});
  for (const OccluderColor color : {OccluderColor::kGrey, OccluderColor::kBlack, OccluderColor::kMean}) {
    CHECK(lab::color_named(lab::name_of(color)) == color);
  }
  CHECK(message_of<Error>([] { lab::color_named("pink"); }).find("grey, black, mean") != std::string::npos);
}

TEST_CASE("occlusion: every position is what a forward pass of its own says") {
  struct Case {
    const char* network;
    nn::Shape input;
    int size, stride;
    OccluderColor color;
  };
  for (const Case& c :
       {Case{kTinyNet, kTinyInput, 5, 1, OccluderColor::kGrey}, Case{kColorNet, kColorInput, 6, 7, OccluderColor::kMean},
        Case{"conv 3 3x3, pool 2, dense 10", {1, 9, 12}, 9, 4, OccluderColor::kBlack}}) {
    CAPTURE(std::string(c.network));
    Bench bench(c.network, c.input);
    const OcclusionResult result = run(bench, {13, c.size, c.stride, c.color});
    const std::vector<float> image = pixels_of(bench.dataset.test_image(13));
    CHECK(result.image == image);
    CHECK(result.labelled);
    CHECK(result.class_index == 3);
    CHECK(result.step == 7);
    CHECK(result.rows == (c.input.height + c.stride - 1) / c.stride);
    CHECK(result.columns == (c.input.width + c.stride - 1) / c.stride);
    const std::size_t top = bench.observed(result.layer), last = bench.network.layer_count() - 1;
    const std::size_t area =
        bench.network.layer(top).output().size() / static_cast<std::size_t>(bench.network.layer(top).output().channels);
    const auto sums = [&](const std::vector<float>& pixels) {
      const std::vector<float> maps = bench.features(pixels, top);
      std::vector<double> all;
      for (std::size_t at = 0; at < maps.size(); at += area) {
        all.push_back(std::accumulate(maps.begin() + static_cast<std::ptrdiff_t>(at),
                                      maps.begin() + static_cast<std::ptrdiff_t>(at + area), 0.0));
      }
      return all;
    };
    const std::vector<double> plain_sums = sums(image), plain = plain_softmax(bench.features(image, last));
    CHECK(result.map == std::max_element(plain_sums.begin(), plain_sums.end()) - plain_sums.begin());
    CHECK(result.plain_activity == doctest::Approx(plain_sums[static_cast<std::size_t>(result.map)]));
    CHECK(result.plain_probability == doctest::Approx(plain[3]));
    CHECK(result.plain_class == std::max_element(plain.begin(), plain.end()) - plain.begin());
    for (int row = 0; row < result.rows; ++row)
      for (int column = 0; column < result.columns; ++column) {
        const std::vector<float> shown = covered(image, c.input, row * c.stride, column * c.stride, c.size, result.fill);
        const std::vector<double> probabilities = plain_softmax(bench.features(shown, last));
        const std::size_t at = static_cast<std::size_t>(row * result.columns + column);
        CHECK(result.probability[at] == doctest::Approx(probabilities[3]).epsilon(1e-6));
        CHECK(result.most_probable[at] == std::max_element(probabilities.begin(), probabilities.end()) - probabilities.begin());
        CHECK(result.activity[at] == doctest::Approx(sums(shown)[static_cast<std::size_t>(result.map)]).epsilon(1e-6));
      }
  }
}

TEST_CASE("occlusion: the picture is the deconvnet projection of that map's strongest activation") {
  Bench bench(kTinyNet, kTinyInput);
  const OcclusionResult result = run(bench, {2, 3, 8, OccluderColor::kGrey});
  CHECK(result.layer == "conv2");
  const std::size_t top = bench.observed("conv2");
  bench.features(pixels_of(bench.dataset.test_image(2)), top);
  std::array<nn::ProjectionTarget, nn::kLanes> targets{};
  targets[0] = {result.map, nn::find_peak(bench.network, bench.workspace, top, result.map, 0)};
  nn::project(bench.network, bench.subject->weights, bench.workspace, top, targets, nn::BackwardRule::kDeconv);
  CHECK(same_bits(result.projection, nn::get_image(kTinyInput, bench.workspace.gradient[0].data(), 0)));
  CHECK(result.projection != std::vector<float>(144));
}

TEST_CASE("occlusion: a square of the colour that is there already changes nothing at all") {
  Bench bench(kTinyNet, kTinyInput);
  std::vector<float> drawing(144, 0.0f);  // ink in the right half only
  for (std::size_t i = 0; i < 144; ++i)
    if (i % 12 >= 6) drawing[i] = 0.1f + 0.006f * static_cast<float>(i);
  const OcclusionResult result = run(bench, {drawing, 3, 1, OccluderColor::kBlack});
  CHECK_FALSE(result.labelled);
  CHECK(result.class_index == result.plain_class);
  int changed = 0;
  for (int row = 0; row < 12; ++row)
    for (int column = 0; column < 12; ++column) {
      const std::size_t at = static_cast<std::size_t>(row * 12 + column);
      if (column < 5) {  // reaches column 5 at the most
        CHECK(result.probability[at] == static_cast<float>(result.plain_probability));
        CHECK(result.activity[at] == static_cast<float>(result.plain_activity));
        CHECK(result.most_probable[at] == result.plain_class);
      } else {
        changed += result.probability[at] != static_cast<float>(result.plain_probability);
      }
    }
  CHECK(changed > 50);
}

TEST_CASE("occlusion: networks without conv, dead maps, empty drawings and diverged weights") {
  Bench softmax("dense 10", kTinyInput);
  OcclusionResult result = run(softmax, {1, 4, 3, OccluderColor::kGrey});
  CHECK(result.layer.empty());
  CHECK(result.map == -1);
  CHECK(result.activity.empty());
  CHECK(result.projection == std::vector<float>(144));
  CHECK(result.probability.size() == 16);

  Bench dead(kTinyNet, kTinyInput);
  std::ranges::fill(dead.parameter("conv2.weight"), 0.0f);
  std::ranges::fill(dead.parameter("conv2.bias"), -1.0f);
  dead.pack();
  result = run(dead, {std::vector<float>(144, 0.0f), 12, 5, OccluderColor::kGrey});
  CHECK(result.layer == "conv2");
  CHECK(result.map == -1);
  CHECK(result.plain_activity == 0);
  CHECK(result.activity == std::vector<float>(9));
  CHECK(result.projection == std::vector<float>(144));
  CHECK(result.probability[4] == static_cast<float>(result.plain_probability));

  dead.spoil();
  result = run(dead, {3, 5, 5, OccluderColor::kMean});
  CHECK(std::isnan(result.plain_probability));
  CHECK(std::isnan(result.probability[0]));
  CHECK(result.map == -1);
}

TEST_CASE("occlusion: what does not fit is refused") {
  Bench bench(kTinyNet, kTinyInput);
  const auto refused = [&](const OcclusionRequest& request) {
    return message_of<Error>([&] { lab::make_occlusion(bench.subject, request); });
  };
  CHECK(refused({0, 13, 1}) == "The square's side is 13, but must lie between 1 and 12.");
  CHECK_FALSE(refused({0, 0, 1}).empty());
  CHECK_FALSE(refused({0, 3, 0}).empty());
  CHECK_FALSE(refused({0, 3, 9}).empty());
  CHECK_FALSE(refused({99, 3, 1}).empty());
  bench.dataset.arrive(40, 0);
  CHECK(refused({0, 3, 1}).find("No test image has arrived yet") != std::string::npos);
}
