// Tests of src/lab/experiments/confusion.h and images.h.
#include "lab/experiments/confusion.h"

#include <numeric>

#include "base/error.h"
#include "base/thread_pool.h"
#include "lab/evaluation.h"
#include "lab/experiments/images.h"
#include "lab_experiments_support.h"

using namespace lenet;
using namespace lenet::lab;
using namespace lenet::test;

TEST_CASE("confusion: counts, accuracy and loss are those of the measured accuracy; every image is in its cell") {
  Bench bench(kTinyNet, kTinyInput, 8, 43);
  ThreadPool threads(1);
  Workers workers(bench.network, threads);
  for (const int stride : {1, 10}) {
    CAPTURE(stride);
    const ConfusionResult result = bench.run<ConfusionResult>(make_confusion(bench.subject, {stride}));
    const int n = (43 + stride - 1) / stride;
    const EvaluationResult measured =
        evaluate(bench.network, bench.subject->weights, bench.dataset, {.count = n, .stride = stride}, 7, workers);
    CHECK(result.step == 7);
    CHECK(result.images == n);
    REQUIRE(result.done() == n);
    CHECK(result.correct == measured.correct);
    CHECK(result.loss == doctest::Approx(measured.loss).epsilon(1e-12));
    CHECK(std::accumulate(result.counts.begin(), result.counts.end(), 0) == n);
    int diagonal = 0, behind = 0;
    for (int truth = 0; truth < 10; ++truth) {
      diagonal += result.count(truth, truth);
      CHECK(class_total(result, truth) == std::count(result.labels.begin(), result.labels.end(), truth));
      for (int guess = 0; guess < 10; ++guess) {
        const std::vector<int> images = images_behind(result, truth, guess);
        CHECK(static_cast<int>(images.size()) == result.count(truth, guess));
        behind += static_cast<int>(images.size());
        double last = 0;
        for (const int image : images) {
          CHECK(image % stride == 0);
          CHECK(bench.dataset.test_label(image) == truth);
          const std::vector<double> p =
              plain_softmax(bench.features(pixels_of(bench.dataset.test_image(image)), bench.network.layer_count() - 1));
          CHECK(std::max_element(p.begin(), p.end()) - p.begin() == guess);
          const std::size_t at = static_cast<std::size_t>(image / stride);
          CHECK(static_cast<double>(result.probability[at]) == doctest::Approx(p[static_cast<std::size_t>(guess)]).epsilon(1e-5));
          CHECK(static_cast<double>(result.true_probability[at]) ==
                doctest::Approx(p[static_cast<std::size_t>(truth)]).epsilon(1e-5));
          CHECK(static_cast<double>(result.true_probability[at]) >= last);  // the most wrong one first
          last = static_cast<double>(result.true_probability[at]);
        }
      }
    }
    CHECK(diagonal == result.correct);
    CHECK(behind == n);
  }
}

TEST_CASE("confusion: takes the images that are here; refuses none, and a stride past them; NaN weights end") {
  Bench bench(kTinyNet, kTinyInput, 8, 20);
  bench.dataset.arrive(8, 13);
  CHECK(bench.run<ConfusionResult>(make_confusion(bench.subject, {})).done() == 13);
  CHECK(message_of<Error>([&] { make_confusion(bench.subject, {14}); }).find("between 1 and 13") != std::string::npos);
  bench.spoil();
  const ConfusionResult spoilt = bench.run<ConfusionResult>(make_confusion(bench.subject, {}));
  CHECK(spoilt.done() == 13);
  CHECK(images_behind(spoilt, 3, 0) == std::vector<int>{3});
  CHECK(images_behind(spoilt, 1, 0) == std::vector<int>{1, 11});
  bench.dataset.arrive(8, 0);
  CHECK(message_of<Error>([&] { make_confusion(bench.subject, {}); }).find("No test image has arrived") != std::string::npos);
}

TEST_CASE("images: their pixels and classes, in the order asked for; none that is not there") {
  Bench bench(kColorNet, kColorInput, 8, 20);
  const ImagesResult result = bench.run<ImagesResult>(make_images(bench.subject, {{7, 0, 19}}));
  CHECK(result.images == std::vector<int>{7, 0, 19});
  CHECK(result.labels == std::vector<int>{7, 0, 9});
  REQUIRE(result.pixels.size() == 3 * kColorInput.size());
  CHECK(std::vector<float>(result.pixels.end() - static_cast<long>(kColorInput.size()), result.pixels.end()) ==
        pixels_of(bench.dataset.test_image(19)));
  CHECK_THROWS_AS(make_images(bench.subject, {{20}}), Error);
  CHECK_THROWS_AS(make_images(bench.subject, {{-1}}), Error);
  CHECK_THROWS_AS(make_images(bench.subject, {std::vector<int>(static_cast<std::size_t>(kMostImages) + 1)}), Error);
  CHECK(bench.run<ImagesResult>(make_images(bench.subject, {})).pixels.empty());
}
