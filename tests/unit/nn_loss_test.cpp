// Tests of src/nn/loss.h.
#include "nn/loss.h"

#include <array>
#include <limits>

#include "gradient_check.h"

using namespace lenet;
using namespace lenet::nn;
using namespace lenet::test;

namespace {

constexpr Shape kTen{10, 1, 1};

template <class T>
std::array<double, 10> probabilities(const std::vector<T>& logits, int lane) {
  std::array<double, 10> p;
  p.fill(-1);
  softmax<T>(logits, lane, p);
  return p;
}

}  // namespace

TEST_CASE_TEMPLATE("loss: softmax of random logits sums to 1 and equals the definition", T, float, double) {
  const Images<T> images = random_images<T>(kTen, kLanes, 1, -5, 5);
  const std::vector<T> logits = block_of(kTen, images);
  for (int lane = 0; lane < kLanes; ++lane) {
    const std::vector<T>& z = images[static_cast<std::size_t>(lane)];
    double sum = 0, total = 0;
    for (const T v : z) sum += std::exp(static_cast<double>(v));
    const std::array<double, 10> p = probabilities(logits, lane);
    for (std::size_t c = 0; c < 10; ++c) {
      CHECK(p[c] == doctest::Approx(std::exp(static_cast<double>(z[c])) / sum).epsilon(1e-13));
      total += p[c];
    }
    CHECK(std::abs(total - 1) < 1e-14);
  }
}

TEST_CASE_TEMPLATE("loss: logits of ten thousand stay finite and exact", T, float, double) {
  Images<T> images(kLanes, std::vector<T>(10, T(-10000)));
  images[0][3] = 10000;                                     // certain, and right
  images[1][4] = 10000;                                     // certain, and wrong
  std::fill(images[2].begin(), images[2].end(), T(10000));  // no idea, from above; images 3 to 7: from below
  const std::vector<T> logits = block_of(kTen, images);
  const std::vector<std::uint8_t> labels(kLanes, 3);
  std::vector<T> d(logits.size());
  const BlockLoss loss = cross_entropy<T>(logits, labels, 1, d);
  CHECK(loss.loss[0] == 0);
  CHECK(loss.loss[1] == 20000);
  for (std::size_t i = 2; i < kLanes; ++i) CHECK(loss.loss[i] == doctest::Approx(std::log(10.0)).epsilon(1e-11));
  for (const T v : d) CHECK_UNARY(std::isfinite(v));
  CHECK(get_image(kTen, d.data(), 1) == std::vector<T>{0, 0, 0, -1, 1, 0, 0, 0, 0, 0});
  for (int lane = 0; lane < kLanes; ++lane) {
    double total = 0;
    for (const double p : probabilities(logits, lane)) total += p;
    CHECK(std::abs(total - 1) < 1e-14);
  }
}

TEST_CASE("loss: a uniform guess costs ln 10, whatever the label") {
  const std::vector<double> logits(10 * kLanes, 0.0);
  for (std::uint8_t label = 0; label < 10; ++label) {
    const std::vector<std::uint8_t> labels(kLanes, label);
    const BlockLoss loss = cross_entropy<double>(logits, labels, 1, {});
    for (const double l : loss.loss) CHECK(std::abs(l - std::log(10.0)) < 1e-14);
  }
}

TEST_CASE("loss: the gradient is scale times (p - onehot), each image's adds up to 0, and lanes beyond the labels are 0") {
  const Images<double> images = random_images<double>(kTen, kLanes, 2, -4, 4);
  const std::vector<double> logits = block_of(kTen, images);
  for (std::size_t count = 1; count <= kLanes; ++count) {
    std::vector<std::uint8_t> labels;
    for (std::size_t i = 0; i < count; ++i) labels.push_back(static_cast<std::uint8_t>(i + 2));
    std::vector<double> d(logits.size(), std::numeric_limits<double>::quiet_NaN());
    const BlockLoss loss = cross_entropy<double>(logits, labels, 0.25, d);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const std::vector<double> row = get_image(kTen, d.data(), static_cast<int>(lane));
      if (lane >= count) {
        CHECK(row == std::vector<double>(10, 0.0));
        CHECK(loss.loss[lane] == 0);
        CHECK_FALSE(loss.correct[lane]);
        continue;
      }
      const std::array<double, 10> p = probabilities(logits, static_cast<int>(lane));
      double sum = 0;
      for (std::size_t c = 0; c < 10; ++c) {
        sum += row[c];
        CHECK(row[c] == doctest::Approx(0.25 * (p[c] - (c == labels[lane] ? 1 : 0))).epsilon(1e-13));
      }
      CHECK(std::abs(sum) < 1e-15);
      CHECK(loss.loss[lane] == doctest::Approx(-std::log(p[labels[lane]])).epsilon(1e-13));
    }
  }
}

TEST_CASE("loss: the gradient agrees with central differences") {
  std::vector<double> logits = random_values<double>(10 * kLanes, 3, -3, 3), d(logits.size());
  const std::vector<std::uint8_t> labels = {0, 9, 5, 1, 7, 7};
  cross_entropy<double>(logits, labels, 1.0 / 6, d);
  GradientReport report;
  compare_gradient(
      "logit", logits, d,
      [&] {
        Probe probe;
        for (const double l : cross_entropy<double>(logits, labels, 1, {}).loss) probe.value += l / 6;
        return probe;
      },
      report);
  expect_gradient(report);
}

TEST_CASE("loss: an image counts as correct where the first of the largest logits is its label's") {
  Images<float> images(kLanes, std::vector<float>(10, 0.0f));
  images[1][7] = 1;
  images[2][4] = images[2][7] = 1;
  images[3][7] = -1;
  const std::vector<float> logits = block_of(kTen, images);
  const auto correct = [&](std::uint8_t label) {
    const std::vector<std::uint8_t> labels(kLanes, label);
    const BlockLoss loss = cross_entropy<float>(logits, labels, 1, {});
    return std::vector<bool>(loss.correct.begin(), loss.correct.begin() + 4);
  };
  CHECK(correct(0) == std::vector<bool>{true, false, false, true});
  CHECK(correct(7) == std::vector<bool>{false, true, false, false});
  CHECK(correct(4) == std::vector<bool>{false, false, true, false});
}

TEST_CASE("loss: an image with NaN spoils its own loss only") {
  Images<float> images = random_images<float>(kTen, kLanes, 4);
  images[5][2] = std::numeric_limits<float>::quiet_NaN();
  const std::vector<std::uint8_t> labels(kLanes, 1);
  const BlockLoss loss = cross_entropy<float>(block_of(kTen, images), labels, 1, {});
  for (std::size_t i = 0; i < kLanes; ++i) CHECK(std::isnan(loss.loss[i]) == (i == 5));
}
