// Tests of comparisons: twins in lockstep, and changes that replay (src/app/core_comparison.cpp, comparisons.h, gap.h).
#include "app/comparisons.h"
#include "app/gap.h"
#include "app_session_support.h"
#include "base/error.h"

using namespace lenet;
using namespace lenet::app;
using namespace lenet::test;

TEST_CASE("comparison: twins start bitwise equal, keep step, and frozen layers stay where they began") {
  Driver driver(small_settings());
  driver.must(command::Step{7});
  driver.must(frozen_or_not());
  CHECK(driver.now().step == 0);
  REQUIRE(driver.now().arms.size() == 2);
  const std::vector<float> conv1 = weights_of(driver, "conv1.weight", 0), fc1 = weights_of(driver, "fc1.weight", 0);
  CHECK(weights_of(driver, "conv1.weight", 1) == conv1);
  CHECK(weights_of(driver, "fc1.weight", 1) == fc1);

  driver.must(command::Step{5});
  CHECK(driver.now().arms[0].step == 5);
  CHECK(driver.now().arms[1].step == 5);
  CHECK(weights_of(driver, "conv1.weight", 0) != conv1);
  CHECK(weights_of(driver, "conv1.weight", 1) == conv1);
  CHECK(weights_of(driver, "conv2.bias", 1) == std::vector<float>(6));
  CHECK(weights_of(driver, "fc1.weight", 1) != fc1);
  CHECK(driver.now().arms[1].frozen == Layers{"conv1", "conv2"});
  CHECK(driver.now().arms[1].trainable < driver.now().arms[0].trainable);
  CHECK(driver.now().arms[0].parameters == driver.now().arms[1].parameters);
  CHECK(driver.now().arms[0].step_seconds > 0);
}

TEST_CASE("comparison: an arm is the same run as one alone with its settings") {
  Driver twins(small_settings());
  twins.must(frozen_or_not());
  twins.must(command::Step{6});
  for (const int arm : {0, 1}) {
    Driver alone(small_settings());
    if (arm == 1) {
      alone.must(command::Freeze{"conv1"});
      alone.must(command::Freeze{"conv2"});
    }
    alone.must(command::Step{6});
    CHECK(weights_of(twins, "fc1.weight", arm) == alone.weights("fc1.weight"));
    CHECK(weights_of(twins, "conv2.weight", arm) == alone.weights("conv2.weight"));
  }
}

TEST_CASE("comparison: the gap is paired over the steps at which both were measured on equally many images") {
  const std::vector<CurvePoint> first = {{10, 0.5, 100}, {20, 0.6, 100}, {30, 0.7, 1000}};
  const std::vector<CurvePoint> other = {{10, 0.4, 100}, {15, 0.4, 100}, {30, 0.9, 100}};
  const std::vector<CurvePoint> gap = accuracy_gap(first, other);
  REQUIRE(gap.size() == 1);
  CHECK(gap[0].step == 10);
  CHECK(gap[0].value == doctest::Approx(-0.1));

  Driver driver(small_settings());
  driver.must(frozen_or_not());
  driver.must(command::Step{130});
  const auto measured = accuracy_gap(driver.now().arms[0].accuracy, driver.now().arms[1].accuracy);
  REQUIRE(measured.size() >= 2);  // steps 10, 50 and 100, in some of which the one before is still being measured
  for (const CurvePoint& point : measured) CHECK(std::abs(point.value) <= 1);
}

TEST_CASE("comparison: changes are those of the arm that is shown; ending keeps it, a new seed keeps all") {
  Driver driver(small_settings());
  driver.must(frozen_or_not());
  driver.must(command::ShowArm{1});
  driver.must(command::Set{.rate = 0.5});
  driver.must(command::Step{2});
  CHECK(driver.now().sgd.rate == 0.5);
  driver.must(command::ShowArm{0});
  CHECK(driver.now().sgd.rate == 0.02);
  driver.must(command::Reset{.seed = 9});
  CHECK(driver.now().arms.size() == 2);
  CHECK(driver.now().step == 0);
  driver.must(command::ShowArm{1});
  CHECK(driver.now().sgd.rate == 0.5);
  driver.must(command::Step{2});
  const std::vector<float> kept = driver.weights("fc2.weight");
  driver.must(command::EndComparison{});
  CHECK(driver.now().arms.size() == 1);
  CHECK(driver.now().step == 2);
  CHECK(driver.weights("fc2.weight") == kept);
  driver.must(frozen_or_not());
  driver.must(command::Reset{.recipe = {.preset = "softmax"}});
  CHECK(driver.now().arms.size() == 1);
}

TEST_CASE("comparison: an arm that diverges is left behind, and the others go on") {
  Driver driver(small_settings());
  driver.must(command::Compare{{{"sane"}, {"mad", {.rate = 1e20}}}});
  driver.must(command::Step{20});
  CHECK(driver.now().step == 20);
  CHECK_FALSE(driver.now().diverged);
  CHECK_FALSE(driver.now().arms[0].diverged);
  CHECK(driver.now().arms[1].diverged);
  CHECK(driver.now().arms[1].step < 20);
  CHECK(driver.now().error.find("mad") != std::string::npos);
  driver.must(command::Rewind{});
  CHECK_FALSE(driver.now().arms[1].diverged);
}

TEST_CASE("comparison: impossible ones are refused with a sentence, and the run stays") {
  Driver driver(small_settings());
  driver.must(command::Step{3});
  const std::vector<Command> bad = {command::Compare{{{"only one"}}},
                                    command::Compare{{{"a"}, {"a"}}},
                                    command::Compare{{{"a"}, {""}}},
                                    command::Compare{{{"a"}, {"b", {.frozen = Layers{"conv9"}}}}},
                                    command::Compare{{{"a"}, {"b", {.batch = 0}}}},
                                    command::Compare{std::vector<lab::ArmPatch>(5, {"x"})},
                                    command::EndComparison{},
                                    command::ShowArm{1},
                                    command::Plan{{{.step = 3, .layer = "conv9", .frozen = true}}},
                                    command::Plan{{{.step = 3, .frozen = true}}},
                                    command::RepeatSeeds{.count = 0, .steps = 3},
                                    command::RepeatSeeds{.count = 1},
                                    command::PoolResults{"notes.txt", bytes_of("hello")},
                                    command::ExportResults{},
                                    command::ExportResults{.pooled = true}};
  for (const Command& command : bad) {
    const Reply reply = driver.ask(command);
    CHECK(reply.error.size() > 20);
    CHECK(driver.now().step == 3);
    CHECK(driver.now().arms.size() == 1);
  }
}

TEST_CASE("comparison: every one that is offered runs on the default network") {
  for (const app::Comparison& comparison : app::comparisons()) {
    CAPTURE(comparison.key);
    CHECK(comparison.question.size() > 30);
    Settings settings;
    settings.dataset = "strokes";
    settings.recipe.batch = 8;
    Driver driver(settings);
    driver.must(command::Compare{comparison.arms});
    driver.must(command::Step{1});
    CHECK(driver.now().arms.size() == comparison.arms.size());
    CHECK(&app::comparison(comparison.key) == &comparison);
  }
  CHECK(message_of<Error>([] { app::comparison("nonsense"); }).find("frozen") != std::string::npos);
}

TEST_CASE("session: changes by hand are recorded with their steps, and a replay gives the same weights") {
  Driver driver(small_settings());
  driver.must(command::Step{4});
  driver.must(command::Freeze{"conv1"});
  driver.must(command::Step{3});
  driver.must(command::Set{.rate = 0.01});
  driver.must(command::RateMultiplier{"fc1", 0.5});
  driver.must(command::Step{3});
  driver.must(command::Freeze{"conv1", false});
  driver.must(command::Step{2});
  CHECK(driver.now().history.size() == 4);
  CHECK(driver.now().history[0] == lab::Change{.step = 4, .layer = "conv1", .frozen = true});
  const std::vector<float> conv1 = driver.weights("conv1.weight"), fc1 = driver.weights("fc1.weight");
  driver.must(command::Replay{});
  CHECK(driver.now().step == 12);
  CHECK(driver.weights("conv1.weight") == conv1);
  CHECK(driver.weights("fc1.weight") == fc1);
  CHECK(driver.now().history.empty());
  CHECK(driver.now().planned.size() == 4);
}

TEST_CASE("session: a planned freeze happens at its step, and again after a rewind") {
  Driver driver(small_settings());
  driver.must(command::Plan{{{.step = 3, .layer = "conv1", .frozen = true}, {.step = 5, .layer = "conv1", .frozen = false}}});
  const auto frozen = [&] { return driver.now().layers.front().frozen; };
  for (int round = 0; round < 2; ++round) {
    driver.must(command::Step{3});
    CHECK(frozen());
    const std::vector<float> conv1 = driver.weights("conv1.weight");
    driver.must(command::Step{2});
    CHECK(driver.weights("conv1.weight") == conv1);
    CHECK_FALSE(frozen());
    driver.must(command::Step{1});
    CHECK(driver.weights("conv1.weight") != conv1);
    driver.must(command::Rewind{});
    CHECK_FALSE(frozen());
  }
}

TEST_CASE("session: after going back to step 0, a change counts, and not the one made by hand before") {
  Driver driver(small_settings());
  driver.must(command::Step{3});
  driver.must(command::Set{.rate = 1e20});
  driver.ask(command::Step{20});
  REQUIRE(driver.now().diverged);
  driver.must(command::RestoreLastGood{});
  CHECK(driver.now().step == 0);
  driver.must(command::Set{.rate = 0.03});
  driver.must(command::Rewind{});
  CHECK(driver.now().sgd.rate == 0.03);
  driver.must(command::Step{5});
  CHECK_FALSE(driver.now().diverged);
}

TEST_CASE("session: a plan takes effect at the present step too, and cannot alter what has happened") {
  Driver driver(small_settings());
  driver.must(command::Step{4});
  driver.must(command::Plan{{{.step = 4, .layer = "conv1", .frozen = true}, {.step = 9, .layer = "fc1", .frozen = true}}});
  CHECK(driver.now().layers.front().frozen);
  const std::vector<float> conv1 = driver.weights("conv1.weight");
  driver.must(command::Step{2});
  CHECK(driver.weights("conv1.weight") == conv1);
  CHECK(driver.ask(command::Plan{{}}).error.find("lies behind") != std::string::npos);
  CHECK(driver.ask(command::Plan{{{.step = 2, .layer = "fc1", .frozen = true}}}).error.find("lies behind") != std::string::npos);
  driver.must(command::Plan{{{.step = 4, .layer = "conv1", .frozen = true}}});  // what lies ahead may go
  driver.must(command::Step{6});
  const std::vector<float> fc1 = driver.weights("fc1.weight");
  driver.must(command::Replay{});
  CHECK(driver.now().step == 12);
  CHECK(driver.weights("fc1.weight") == fc1);
}

TEST_CASE("comparison: the arms of an offered one are what their names say, whatever was frozen before") {
  Driver driver(small_settings());
  driver.must(command::Freeze{"conv1"});
  driver.must(command::Plan{{{.step = 2, .layer = "fc1", .frozen = true}}});
  driver.must(command::Compare{app::comparison("frozen").arms});
  CHECK(driver.now().arms[0].frozen.empty());
  driver.must(command::Step{4});
  CHECK(driver.now().arms[0].frozen.empty());
  CHECK(driver.now().arms[1].frozen == Layers{"conv1", "conv2"});
}

TEST_CASE("comparison: twins of a run with loaded weights start from those") {
  Driver driver(small_settings());
  driver.must(command::Step{5});
  const std::vector<std::byte> file = driver.ask(command::ExportWeights{}).bytes;
  const std::vector<float> conv1 = driver.weights("conv1.weight");
  driver.must(command::ImportWeights{file});
  driver.must(frozen_or_not());
  CHECK(weights_of(driver, "conv1.weight", 0) == conv1);
  CHECK(weights_of(driver, "conv1.weight", 1) == conv1);
  driver.must(command::Step{1});
  driver.must(command::Rewind{});
  CHECK(weights_of(driver, "conv1.weight", 0) == conv1);
}
