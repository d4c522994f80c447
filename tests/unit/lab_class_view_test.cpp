// Tests of src/lab/experiments/class_view.h.
#include "lab/experiments/class_view.h"

#include "base/error.h"
#include "base/math.h"
#include "lab_small_set.h"

using namespace lenet;
using namespace lenet::lab;
using namespace lenet::test;

namespace {

constexpr const char* kNets[] = {"conv 4 3x3, relu, pool 2, dense 9, relu, dense 10", "dense 10", "dense 7, relu, dense 10"};

}  // namespace

TEST_CASE("class view: ten logits, their softmax and their projections, each as on its own") {
  for (const data::ImageShape shape : {data::ImageShape{1, 10, 10}, data::ImageShape{3, 9, 8}})
    for (const char* network : kNets)
      for (const nn::BackwardRule rule : {nn::BackwardRule::kDeconv, nn::BackwardRule::kGradient}) {
        const SmallSet dataset(shape);
        Looked looked(network, dataset);
        const ClassResult result = result_of<ClassResult>(make_class_view(looked.subject(), {3, rule}), looked.model.workspace);
        CHECK(result.step == 7);
        CHECK(result.label == 3);
        CHECK(result.rule == rule);
        const std::size_t top = looked.model.network.layer_count() - 1, size = looked.model.network.input().size();
        std::vector<float> image(size);
        data::to_floats(dataset.test_image(3), image);
        CHECK(result.image == image);
        forward_image(looked, dataset.test_image(3), -1);
        CHECK(widen(looked.model.output(top, 0)) == result.logits);
        double sum = 0;
        for (const double logit : result.logits) sum += lenet::exp(logit);
        REQUIRE(result.projections.size() == 10 * size);
        for (int c = 0; c < 10; ++c) {
          const double logit = result.logits[static_cast<std::size_t>(c)];
          CHECK(result.probabilities[static_cast<std::size_t>(c)] == doctest::Approx(lenet::exp(logit) / sum));
          const std::vector<float> projection = project_image(looked, dataset.test_image(3), top, c, {logit, 0, 0}, rule);
          CHECK(same_bits(projection, std::span(result.projections).subspan(static_cast<std::size_t>(c) * size, size)));
          CHECK(projection != std::vector<float>(size));
        }
      }
}

TEST_CASE("class view: one's own image has no label; an image that does not fit is refused; NaN weights end") {
  const SmallSet dataset({1, 10, 10});
  Looked looked(kNets[0], dataset);
  const ClassResult own =
      result_of<ClassResult>(make_class_view(looked.subject(), {std::vector<float>(100, 0.5f)}), looked.model.workspace);
  CHECK(own.label == -1);
  CHECK_THROWS_AS(make_class_view(looked.subject(), {12}), Error);
  CHECK_THROWS_AS(make_class_view(looked.subject(), {-1}), Error);
  CHECK_THROWS_AS(make_class_view(looked.subject(), {std::vector<float>(99)}), Error);
  looked.fill(std::numeric_limits<float>::quiet_NaN());
  std::unique_ptr<Experiment> experiment = make_class_view(looked.subject(), {0});
  CHECK(finish(*experiment, looked.model.workspace) == 2);
  CHECK_FALSE(experiment->advance(looked.model.workspace));
}
