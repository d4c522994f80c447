// Tests of src/lab/experiments/maximisation.h.
#include "lab/experiments/maximisation.h"

#include <algorithm>

#include "base/error.h"
#include "lab_small_set.h"

using namespace lenet;
using namespace lenet::lab;
using namespace lenet::test;

namespace {

constexpr const char* kNet = "conv 4 3x3, relu, pool 2, conv 5 3x3, relu, dense 9, relu, dense 10";

MaximisationResult maximise(Looked& looked, const MaximisationRequest& request) {
  return result_of<MaximisationResult>(make_maximisation(looked.subject(), request), looked.model.workspace);
}

/// Without priors: a plain ascent.
MaximisationRequest plain(const UnitRef& unit, int iterations) {
  return {.unit = unit, .iterations = iterations, .rate = 0.05, .decay = 0, .blur = 0};
}

}  // namespace

TEST_CASE("maximisation: the activation rises, for maps, hidden units and classes") {
  for (const data::ImageShape shape : {data::ImageShape{1, 12, 12}, data::ImageShape{3, 11, 10}}) {
    const SmallSet dataset(shape);
    Looked looked(kNet, dataset);
    for (const nn::ParameterView& view : looked.model.network.parameters()) {
      if (view.is_bias) std::ranges::fill(looked.values(view.name), 0.0f);  // so that nothing below the unit is dead at the start
    }
    for (const UnitRef& unit : {UnitRef{"conv1", 3}, UnitRef{"conv2", 1}, UnitRef{"fc1", 8}, UnitRef{"fc2", 0}}) {
      const MaximisationResult result = maximise(looked, plain(unit, 40));
      CHECK(result.unit == unit);
      CHECK(result.step == 7);
      CHECK(result.iteration == 40);
      REQUIRE(result.activation.size() == 41);
      CHECK(result.activation.back() > result.activation.front() + 0.02);
      CHECK(std::all_of(result.image.begin(), result.image.end(), [](float v) { return v >= 0 && v <= 1; }));
      // The activation is that of the image, before the nonlinearity.
      const std::size_t layer = looked.model.network.find_layer(unit.layer);
      looked.model.forward({result.image});
      CHECK(nn::find_peak(looked.model.network, looked.model.workspace, layer, unit.unit, 0).value == result.activation.back());
    }
  }
}

TEST_CASE("maximisation: on a network without hidden layers it finds the very image that the weights ask for") {
  const SmallSet dataset({1, 6, 6});
  Looked looked("dense 10", dataset);
  const MaximisationResult result = maximise(looked, plain({"fc1", 2}, 600));
  const std::span<const float> weights = looked.values("fc1.weight").subspan(2 * 36, 36);
  for (std::size_t i = 0; i < 36; ++i) {
    if (std::abs(weights[i]) > 0.02f) CHECK(result.image[i] == (weights[i] > 0 ? 1.0f : 0.0f));
  }
}

TEST_CASE("maximisation: a unit that is silent behind its ReLU has a gradient all the same") {
  const SmallSet dataset({1, 12, 12});
  Looked looked(kNet, dataset);
  looked.values("conv2.bias")[1] = -3;
  const MaximisationResult result = maximise(looked, plain({"conv2", 1}, 30));
  CHECK(result.activation.front() < 0);
  CHECK(result.activation.back() > result.activation.front());
}

TEST_CASE("maximisation: the same every time, by the seed; an image on the way is that of fewer iterations") {
  const SmallSet dataset({1, 12, 12});
  Looked looked(kNet, dataset);
  const MaximisationRequest request{.unit = {"fc2", 4}, .iterations = 12};
  const MaximisationResult first = maximise(looked, request);
  CHECK(same_bits(maximise(looked, request).image, first.image));
  MaximisationRequest fewer = request;
  fewer.iterations = 5;
  const MaximisationResult short_one = maximise(looked, fewer);
  std::unique_ptr<Experiment> experiment = make_maximisation(looked.subject(), request);
  CHECK(std::get<MaximisationResult>(experiment->outcome()).activation.empty());
  for (int i = 0; i < 6; ++i) experiment->advance(looked.model.workspace);
  const MaximisationResult half = std::get<MaximisationResult>(experiment->outcome());
  CHECK(half.iteration == 5);
  CHECK(same_bits(half.image, short_one.image));
  CHECK(half.activation == short_one.activation);

  const Subject subject = *looked.subject();
  const auto other = std::make_shared<const Subject>(Subject{subject.network, subject.weights, subject.dataset, 7, 6});
  CHECK(result_of<MaximisationResult>(make_maximisation(other, request), looked.model.workspace).image != first.image);
}

TEST_CASE("maximisation: decay darkens and blur smooths where there is no gradient, and zero weights end quietly") {
  const SmallSet dataset({1, 12, 12});
  Looked looked(kNet, dataset);
  looked.fill(0);
  const MaximisationRequest still = plain({"conv2", 0}, 4);
  const std::vector<float> start = maximise(looked, still).image;
  CHECK(*std::max_element(start.begin(), start.end()) < 0.2f);
  CHECK(*std::min_element(start.begin(), start.end()) > 0);
  MaximisationRequest decays = still, blurs = still;
  decays.decay = 0.5;
  std::vector<float> sixteenth = start;
  for (float& pixel : sixteenth) pixel /= 16;
  CHECK(relative_difference(maximise(looked, decays).image, sixteenth) < 1e-6);
  blurs.blur = 2;
  blurs.blur_every = 4;
  const std::vector<float> smooth = maximise(looked, blurs).image;
  const auto roughness = [](const std::vector<float>& image) {
    double sum = 0;
    for (std::size_t i = 1; i < image.size(); ++i) sum += std::abs(static_cast<double>(image[i] - image[i - 1]));
    return sum;
  };
  CHECK(roughness(smooth) < roughness(start) / 3);
  blurs.blur_every = 5;  // never in four iterations
  CHECK(same_bits(maximise(looked, blurs).image, start));
  blurs.blur_every = 1;
  const SmallSet tiny({1, 2, 1});  // smaller than the blur
  Looked narrow("dense 10", tiny);
  blurs.unit = {"fc1", 0};
  CHECK(maximise(narrow, blurs).image.size() == 2);
}

TEST_CASE("maximisation: NaN weights neither loop nor crash") {
  const SmallSet dataset({1, 12, 12});
  Looked looked(kNet, dataset);
  looked.fill(std::numeric_limits<float>::quiet_NaN());
  const MaximisationResult result = maximise(looked, {.unit = {"fc2", 1}, .iterations = 3});
  CHECK(result.iteration == 3);
  CHECK(std::all_of(result.image.begin(), result.image.end(), [](float v) { return v >= 0 && v <= 1; }));
}

TEST_CASE("maximisation: what does not fit is refused") {
  const SmallSet dataset({1, 12, 12});
  Looked looked(kNet, dataset);
  const auto refused = [&](MaximisationRequest request) { CHECK_THROWS_AS(make_maximisation(looked.subject(), request), Error); };
  const UnitRef unit{"conv1", 0};
  for (const int iterations : {0, 2001}) refused({.unit = unit, .iterations = iterations});
  for (const double rate : {0.0, -1.0, 10.5, std::numeric_limits<double>::quiet_NaN()}) refused({.unit = unit, .rate = rate});
  for (const double decay : {-0.1, 1.0}) refused({.unit = unit, .decay = decay});
  for (const double blur : {-0.1, 5.1}) refused({.unit = unit, .blur = blur});
  for (const int every : {0, 101}) refused({.unit = unit, .blur_every = every});
  refused({.unit = {"conv1", 4}});
  refused({.unit = {"conv9", 0}});
  refused({.unit = {"relu1", 0}});
}
