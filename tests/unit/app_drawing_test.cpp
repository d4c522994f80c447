// Drawings in a session (command::ShowDrawing, command::PredictAll).
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "app_session_support.h"

namespace {

using namespace lenet::test;

/// A stroke like a 1, somewhere in a drawing of 140 × 140.
command::ShowDrawing one() {
  command::ShowDrawing drawing{std::vector<float>(140 * 140), 140, 140};
  for (int y = 10; y < 90; ++y)
    for (int x = 100; x < 112; ++x) drawing.pixels[static_cast<std::size_t>(y * 140 + x)] = 1;
  return drawing;
}

}  // namespace

TEST_CASE("session: a drawing is shown as the network sees it, and what is asked of it is about that image") {
  Driver driver(small_settings());
  driver.must(command::Step{3});
  const Reply reply = driver.ask(one());
  CHECK(reply.error.empty());
  CHECK(reply.shape == std::vector<int>{1, 28, 28});
  const Snapshot snapshot = driver.now();
  CHECK(snapshot.image_index == -1);
  CHECK(snapshot.image_drawn);
  CHECK(snapshot.image_label == -1);
  CHECK(snapshot.image == reply.values);
  CHECK(snapshot.current.valid);
  const Reply predicted = driver.ask(command::Predict{reply.values});
  REQUIRE(predicted.values.size() == 10);
  for (std::size_t i = 0; i < 10; ++i)
    CHECK(static_cast<double>(predicted.values[i]) == doctest::Approx(snapshot.probabilities[i]).epsilon(1e-4));
}

TEST_CASE("session: a drawing stays on show while it trains and through a reset, until another image is chosen") {
  Driver driver(small_settings());
  driver.must(one());
  const std::vector<float> image = driver.now().image;
  driver.must(command::Step{2});
  CHECK(driver.now().image_drawn);
  driver.must(command::Reset{.seed = 5});
  CHECK(driver.now().image_drawn);
  CHECK(driver.now().image == image);
  driver.must(command::ShowPixels{image});
  CHECK_FALSE(driver.now().image_drawn);
  CHECK(driver.now().image_index == -1);
  driver.must(one());
  driver.must(command::SelectImage{3});
  CHECK_FALSE(driver.now().image_drawn);
  CHECK(driver.now().image_index == 3);
}

TEST_CASE("session: an empty drawing is a black image") {
  Driver driver(small_settings());
  driver.must(command::ShowDrawing{std::vector<float>(100), 10, 10});
  CHECK(driver.now().image_drawn);
  CHECK(driver.now().image == std::vector<float>(784));
  CHECK(driver.now().current.valid);
}

TEST_CASE("session: a drawing does not change the run") {
  Driver drawn(small_settings()), plain(small_settings());
  for (Driver* driver : {&drawn, &plain}) driver->must(command::Step{2});
  drawn.must(one());
  for (Driver* driver : {&drawn, &plain}) driver->must(command::Step{2});
  CHECK(drawn.hash() == plain.hash());
}

TEST_CASE("session: many images are predicted with the weights of one step, each as if alone") {
  Driver driver(small_settings());
  driver.must(command::Step{4});
  std::vector<float> both = driver.ask(one()).values;
  both.resize(2 * 784, 0.25f);
  const Reply all = driver.ask(command::PredictAll{both});
  CHECK(all.error.empty());
  CHECK(all.shape == std::vector<int>{2, 10});
  CHECK(all.step == 4);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto begin = both.begin() + static_cast<std::ptrdiff_t>(784 * i);
    const Reply alone = driver.ask(command::Predict{std::vector<float>(begin, begin + 784)});
    CHECK(std::equal(alone.values.begin(), alone.values.end(), all.values.begin() + static_cast<std::ptrdiff_t>(10 * i)));
  }
}

TEST_CASE("session: drawings and lists of images that cannot be are refused, and the image on show stays") {
  Driver driver(small_settings());
  driver.must(one());
  const std::vector<float> image = driver.now().image;
  const std::vector<Command> bad = {command::ShowDrawing{std::vector<float>(7), 2, 3},
                                    command::ShowDrawing{{}, 0, 0},
                                    command::ShowDrawing{{2.0f}, 1, 1},
                                    command::PredictAll{},
                                    command::PredictAll{std::vector<float>(785)},
                                    command::PredictAll{std::vector<float>(784, -1.0f)}};
  for (const Command& command : bad) CHECK(driver.ask(command).error.size() > 20);
  CHECK(driver.now().image == image);
}
