// Tests of src/lab/experiments/invariance.h.
#include "lab/experiments/invariance.h"

#include "base/error.h"
#include "lab_experiments_support.h"

using namespace lenet;
using namespace lenet::test;
using lab::InvarianceRequest;
using lab::InvarianceResult;
using lab::Transform;

namespace {

constexpr nn::Shape kTwo{2, 3, 3};
const std::vector<float> kNumbers = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 30, 40, 50, 60, 70, 80, 90};

InvarianceRequest request_of(std::vector<lab::ImageRef> images, Transform transform, double from, double to, int amounts) {
  return {std::move(images), transform, from, to, amounts};
}

InvarianceResult run(Bench& bench, const InvarianceRequest& request) {
  return bench.run<InvarianceResult>(lab::make_invariance(bench.subject, request));
}

}  // namespace

TEST_CASE("invariance: whole pixels, quarter turns and no change move the very same values") {
  using lab::transformed;
  CHECK(transformed(kNumbers, kTwo, Transform::kTranslateY, 1) ==
        std::vector<float>{0, 0, 0, 1, 2, 3, 4, 5, 6, 0, 0, 0, 10, 20, 30, 40, 50, 60});
  CHECK(transformed(kNumbers, kTwo, Transform::kTranslateX, -2) ==
        std::vector<float>{3, 0, 0, 6, 0, 0, 9, 0, 0, 30, 0, 0, 60, 0, 0, 90, 0, 0});
  // Counter-clockwise: what is on the right goes to the top.
  CHECK(transformed(kNumbers, kTwo, Transform::kRotate, 90) ==
        std::vector<float>{3, 6, 9, 2, 5, 8, 1, 4, 7, 30, 60, 90, 20, 50, 80, 10, 40, 70});
  CHECK(transformed(kNumbers, kTwo, Transform::kRotate, -180) ==
        std::vector<float>{9, 8, 7, 6, 5, 4, 3, 2, 1, 90, 80, 70, 60, 50, 40, 30, 20, 10});
  CHECK(transformed(kNumbers, kTwo, Transform::kRotate, -90) == transformed(kNumbers, kTwo, Transform::kRotate, 270));
  const std::vector<float> image = random_values<float>(28 * 28, 1, 0, 1);
  const nn::Shape shape{1, 28, 28};
  for (const Transform transform : {Transform::kTranslateY, Transform::kTranslateX, Transform::kRotate}) {
    CHECK(same_bits(transformed(image, shape, transform, 0), image));
  }
  CHECK(same_bits(transformed(image, shape, Transform::kScale, 1), image));
  CHECK(same_bits(transformed(image, shape, Transform::kRotate, 360), image));
  CHECK(transformed(image, shape, Transform::kTranslateY, 32) == std::vector<float>(image.size()));
  CHECK_THROWS_AS(transformed(image, kTwo, Transform::kScale, 2), std::logic_error);
}

TEST_CASE("invariance: between pixels is bilinear, and beyond the edge is background") {
  using lab::transformed;
  const nn::Shape row{1, 1, 4};
  CHECK(transformed(std::vector<float>{0, 4, 8, 2}, row, Transform::kTranslateX, 0.25) == std::vector<float>{0, 3, 7, 3.5f});
  CHECK(transformed(std::vector<float>{4, 4, 8, 2}, row, Transform::kTranslateX, 0.5) == std::vector<float>{2, 4, 6, 5});
  // Twice as large about the middle, at 1.5: the pixels are read at 0.75, 1.25, 1.75 and 2.25.
  CHECK(transformed(std::vector<float>{0, 4, 8, 2}, {1, 1, 4}, Transform::kScale, 2) == std::vector<float>{3, 5, 7, 6.5f});
  // Half as large: at −1, 1 and 3, and there is only background beyond the edge.
  const std::vector<float> half = transformed(std::vector<float>(9, 1.0f), {1, 3, 3}, Transform::kScale, 0.5);
  CHECK(half == std::vector<float>{0, 0, 0, 0, 1, 0, 0, 0, 0});
  const std::vector<float> turned = transformed(kNumbers, kTwo, Transform::kRotate, 45);
  CHECK(turned[4] == 5);
  const double s = std::sqrt(0.5);
  // The pixel above the middle shows what was at (1 − √½, 1 + √½): towards the upper right.
  const double expected = (1 - s) * ((1 - s) * 5 + s * 6) + s * ((1 - s) * 2 + s * 3);
  CHECK(turned[1] == doctest::Approx(expected).epsilon(1e-6));
}

TEST_CASE("invariance: the curves are what single forward passes say") {
  Bench bench(kTinyNet, kTinyInput);
  const InvarianceRequest request = request_of({4, 13, random_values<float>(144, 3, 0, 1)}, Transform::kTranslateX, -3, 3, 7);
  const InvarianceResult result = run(bench, request);
  CHECK(result.step == 7);
  CHECK(result.amounts == std::vector<double>{-3, -2, -1, 0, 1, 2, 3});
  CHECK(result.layers == std::vector<std::string>{"conv1", "conv2", "fc1", "fc2"});
  REQUIRE(result.classes.size() == 3);
  CHECK(result.classes[0] == 4);
  CHECK(result.classes[1] == 3);
  const std::vector<std::vector<float>> originals = {pixels_of(bench.dataset.test_image(4)),
                                                     pixels_of(bench.dataset.test_image(13)),
                                                     std::get<std::vector<float>>(request.images[2])};
  const std::vector<float> logits = bench.features(originals[2], bench.network.layer_count() - 1);
  CHECK(result.classes[2] == std::max_element(logits.begin(), logits.end()) - logits.begin());
  for (std::size_t image = 0; image < 3; ++image)
    for (std::size_t a = 0; a < 7; ++a) {
      const std::vector<float> moved = lab::transformed(originals[image], kTinyInput, Transform::kTranslateX, result.amounts[a]);
      const std::size_t at = image * 7 + a;
      CHECK(same_bits(moved, std::vector<float>(result.pictures.begin() + static_cast<std::ptrdiff_t>(at * 144),
                                                result.pictures.begin() + static_cast<std::ptrdiff_t>((at + 1) * 144))));
      for (std::size_t layer = 0; layer < 4; ++layer) {
        const std::size_t index = bench.observed(result.layers[layer]);
        const double expected = distance_between(bench.features(moved, index), bench.features(originals[image], index));
        CHECK(result.distance[layer * 21 + at] == doctest::Approx(expected).epsilon(1e-6));
        CHECK((result.distance[layer * 21 + at] == 0) == (a == 3));
      }
      const std::vector<double> probabilities = plain_softmax(bench.features(moved, bench.network.layer_count() - 1));
      CHECK(result.probability[at] ==
            doctest::Approx(probabilities[static_cast<std::size_t>(result.classes[image])]).epsilon(1e-6));
    }
}

TEST_CASE("invariance: nothing changes at a scale of 1, and awkward steps still hit the neutral amount") {
  Bench bench(kColorNet, kColorInput, 3, 3);
  InvarianceResult result = run(bench, request_of({1}, Transform::kScale, 0.2, 1.6, 36));
  CHECK(result.amounts[20] == 1);  // 0.2 + 1.4 · 20 / 35 is not quite 1 in doubles
  CHECK(result.amounts.front() == 0.2);
  CHECK(result.amounts.back() == 1.6);
  CHECK(result.layers == std::vector<std::string>{"conv1", "conv2", "fc1"});
  for (std::size_t layer = 0; layer < 3; ++layer)
    for (std::size_t a = 0; a < 36; ++a) CHECK((result.distance[layer * 36 + a] == 0) == (a == 20));
  result = run(bench, request_of({0, 1}, Transform::kRotate, -0.3, 0.6, 4));
  CHECK(result.amounts[1] == 0);
  CHECK(result.distance[1] == 0);
  CHECK(result.distance[5] == 0);
  CHECK(result.distance[2] > 0);
}

TEST_CASE("invariance: the typical distance is the mean over all pairs of the first sixteen held-out images that are here") {
  for (const int available : {40, 16, 11, 3, 2, 1, 0}) {
    CAPTURE(available);
    Bench bench(kTinyNet, kTinyInput);
    bench.dataset.arrive(available, 20);
    const InvarianceResult result = run(bench, request_of({0}, Transform::kTranslateY, -1, 1, 3));
    const int images = std::min(available, 16);
    CHECK(result.typical_pairs == images * (images - 1) / 2);
    for (std::size_t layer = 0; layer < result.layers.size(); ++layer) {
      const std::size_t index = bench.observed(result.layers[layer]);
      std::vector<std::vector<float>> features;
      for (int i = 0; i < images; ++i) features.push_back(bench.features(pixels_of(bench.dataset.train_image(i)), index));
      double sum = 0;
      for (std::size_t a = 0; a < features.size(); ++a)
        for (std::size_t b = a + 1; b < features.size(); ++b) sum += distance_between(features[a], features[b]);
      if (images < 2) {
        CHECK(std::isnan(result.typical[layer]));
      } else {
        CHECK(result.typical[layer] == doctest::Approx(sum / result.typical_pairs).epsilon(1e-9));
      }
    }
  }
}

TEST_CASE("invariance: networks without conv, empty and constant images, dead layers and diverged weights") {
  Bench softmax("dense 10", kTinyInput);
  InvarianceResult result = run(softmax, request_of({2, std::vector<float>(144, 0.0f)}, Transform::kRotate, -90, 90, 5));
  CHECK(result.layers == std::vector<std::string>{"fc1"});
  for (std::size_t a = 0; a < 5; ++a) CHECK(result.distance[5 + a] == 0);  // nothing to turn
  CHECK(result.distance[0] > 0);

  Bench dead(kTinyNet, kTinyInput);
  std::ranges::fill(dead.parameter("conv1.weight"), 0.0f);
  std::ranges::fill(dead.parameter("conv1.bias"), -1.0f);
  dead.pack();
  result = run(dead, request_of({std::vector<float>(144, 1.0f)}, Transform::kTranslateY, -2, 2, 3));
  for (const float distance : result.distance) CHECK(distance == 0);
  CHECK(result.typical[0] == 0);

  dead.spoil();
  result = run(dead, request_of({0, std::vector<float>(144, 1.0f)}, Transform::kTranslateY, -2, 2, 3));
  CHECK(std::isnan(result.distance[0]));
  CHECK(std::isnan(result.typical[3]));
  CHECK(std::isnan(result.probability[0]));
}

TEST_CASE("invariance: what does not fit is refused") {
  Bench bench(kTinyNet, kTinyInput);
  const auto refused = [&](const InvarianceRequest& request) {
    return message_of<Error>([&] { lab::make_invariance(bench.subject, request); });
  };
  CHECK(refused(request_of({}, Transform::kScale, 0.5, 2, 3)).find("between 1 and 8") != std::string::npos);
  CHECK_FALSE(refused(request_of(std::vector<lab::ImageRef>(9, 0), Transform::kScale, 0.5, 2, 3)).empty());
  CHECK(refused(request_of({0}, Transform::kTranslateY, -33, 2, 3)).find("is -33, but must lie between -32 and 32") !=
        std::string::npos);
  CHECK_FALSE(refused(request_of({0}, Transform::kScale, 0.1, 2, 3)).empty());
  CHECK_FALSE(refused(request_of({0}, Transform::kRotate, 0, std::numeric_limits<double>::quiet_NaN(), 3)).empty());
  CHECK_FALSE(refused(request_of({0}, Transform::kRotate, 10, 10, 3)).empty());
  CHECK_FALSE(refused(request_of({0}, Transform::kRotate, 0, 10, 1)).empty());
  CHECK_FALSE(refused(request_of({0}, Transform::kRotate, 0, 10, 92)).empty());
  CHECK_FALSE(refused(request_of({20}, Transform::kRotate, 0, 10, 3)).empty());
  CHECK_FALSE(refused(request_of({std::vector<float>(5)}, Transform::kRotate, 0, 10, 3)).empty());
  bench.dataset.arrive(40, 0);
  CHECK(refused(request_of({0}, Transform::kRotate, 0, 10, 3)).find("No test image has arrived yet") != std::string::npos);
  CHECK(lab::transform_named("scale") == Transform::kScale);
  CHECK(lab::name_of(Transform::kTranslateY) == "translateY");
  CHECK(message_of<Error>([] { lab::transform_named("flip"); }).find("translateY, translateX, scale, rotate") != std::string::npos);
}
