// Tests of src/lab/experiments/look_back.h.
#include "lab/experiments/look_back.h"

#include "base/error.h"
#include "lab/experiments/occlusion.h"
#include "lab_experiments_support.h"

using namespace lenet;
using namespace lenet::test;
using lab::LookBackRequest;
using lab::LookBackResult;

namespace {

LookBackResult run(Bench& bench, const LookBackRequest& request) {
  return bench.run<LookBackResult>(lab::make_look_back(bench.subject, request));
}

}  // namespace

TEST_CASE("look back: peak, field and the three projections are those of one pass by hand") {
  for (const char* name : {"conv1", "conv2", "fc1", "fc2"}) {
    CAPTURE(std::string(name));
    Bench bench(kTinyNet, kTinyInput);
    const LookBackResult result = run(bench, {{name, 3}, 6, 3});
    const std::size_t layer = bench.observed(name);
    const std::vector<float> image = pixels_of(bench.dataset.test_image(6));
    CHECK(result.image == image);
    CHECK(result.step == 7);
    bench.features(image, layer);
    const nn::Peak peak = nn::find_peak(bench.network, bench.workspace, layer, 3, 0);
    CHECK(result.peak.value == peak.value);
    CHECK(result.peak.y == peak.y);
    CHECK(result.peak.x == peak.x);
    const nn::ReceptiveField field = nn::receptive_field(bench.network, layer, peak.y, peak.x);
    CHECK(result.field.top == field.top);
    CHECK(result.field.right == field.right);
    for (std::size_t rule = 0; rule < 3; ++rule) {
      std::array<nn::ProjectionTarget, nn::kLanes> targets{};
      targets[0] = {3, peak};
      nn::project(bench.network, bench.subject->weights, bench.workspace, layer, targets, lab::kRules[rule]);
      const auto begin = result.projections.begin() + static_cast<std::ptrdiff_t>(rule * 144);
      CHECK(same_bits(std::vector<float>(begin, begin + 144), nn::get_image(kTinyInput, bench.workspace.gradient[0].data(), 0)));
    }
  }
}

TEST_CASE("look back: the drop is of the same unit at the same place, and nothing outside the receptive field matters") {
  for (const char* name : {"conv1", "conv2", "fc2"}) {
    CAPTURE(std::string(name));
    Bench bench(kTinyNet, kTinyInput);
    const LookBackResult result = run(bench, {{name, 2}, 9, 3});
    const std::size_t layer = bench.observed(name);
    const nn::Shape shape = bench.network.layer(layer).output();
    const std::size_t place = static_cast<std::size_t>((2 * shape.height + result.peak.y) * shape.width + result.peak.x);
    int dropped = 0;
    for (int y = 0; y < 12; ++y)
      for (int x = 0; x < 12; ++x) {
        std::vector<float> image = result.image;
        lab::occlude(image, kTinyInput, y, x, 3, std::vector<float>{0.5f});
        const float drop = result.drop[static_cast<std::size_t>(y * 12 + x)];
        CHECK(drop == static_cast<float>(result.peak.value - static_cast<double>(bench.features(image, layer)[place])));
        const bool outside =
            y + 1 < result.field.top || y - 1 >= result.field.bottom || x + 1 < result.field.left || x - 1 >= result.field.right;
        if (outside) CHECK(drop == 0);
        dropped += drop != 0;
      }
    CHECK(dropped > 5);
  }
}

TEST_CASE("look back: grey on grey changes nothing, and a channel's square covers all of them") {
  Bench bench(kColorNet, kColorInput);
  const LookBackResult grey = run(bench, {{"conv2", 0}, std::vector<float>(3072, 0.5f), 32});
  CHECK(grey.drop == std::vector<float>(1024));
  const LookBackResult whole = run(bench, {{"conv2", 0}, 3, 1});
  CHECK(whole.projections.size() == 3 * 3072);
  CHECK(whole.drop.size() == 1024);
}

TEST_CASE("look back: dead units, empty drawings, networks without conv, diverged weights") {
  Bench bench(kTinyNet, kTinyInput);
  std::ranges::fill(bench.parameter("conv1.weight"), 0.0f);
  std::ranges::fill(bench.parameter("conv1.bias"), -1.0f);
  bench.pack();
  LookBackResult result = run(bench, {{"conv1", 1}, 0, 5});
  CHECK(result.peak.value == 0);
  CHECK(result.projections == std::vector<float>(3 * 144));
  CHECK(result.drop == std::vector<float>(144));
  bench.spoil();
  result = run(bench, {{"fc2", 1}, std::vector<float>(144, 0.0f), 5});
  CHECK(std::isnan(result.peak.value));
  CHECK(std::isnan(result.drop[70]));

  Bench softmax("dense 10", kTinyInput);
  result = run(softmax, {{"fc1", 9}, std::vector<float>(144, 0.0f), 1});
  const std::span<const float> weights = softmax.parameter("fc1.weight").subspan(9 * 144, 144);
  // The gradient of a linear unit is its weights; grey on a black pixel takes half of a weight away with the opposite sign.
  CHECK(std::equal(weights.begin(), weights.end(), result.projections.begin() + 144));
  for (std::size_t i = 0; i < 144; ++i)
    CHECK(result.drop[i] == doctest::Approx(-0.5 * static_cast<double>(weights[i])).epsilon(1e-4));
}

TEST_CASE("look back: what does not fit is refused, and the rules have names") {
  Bench bench(kTinyNet, kTinyInput);
  const auto refused = [&](const LookBackRequest& request) {
    return message_of<Error>([&] { lab::make_look_back(bench.subject, request); });
  };
  CHECK_FALSE(refused({{"conv1", 4}, 0, 5}).empty());
  CHECK_FALSE(refused({{"conv9", 0}, 0, 5}).empty());
  CHECK_FALSE(refused({{"conv1", 0}, 20, 5}).empty());
  CHECK_FALSE(refused({{"conv1", 0}, 0, 0}).empty());
  CHECK_FALSE(refused({{"conv1", 0}, 0, 13}).empty());
  for (const nn::BackwardRule rule : lab::kRules) CHECK(lab::rule_named(lab::name_of(rule)) == rule);
  CHECK(lab::name_of(nn::BackwardRule::kGuided) == "guided");
  CHECK(message_of<Error>([] { lab::rule_named("lrp"); }).find("deconv, gradient, guided") != std::string::npos);
}
