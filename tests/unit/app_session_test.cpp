// The session as the page uses it: commands in, snapshots and replies out, in slices and on its own thread.
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <thread>

#include "app_session_support.h"

using namespace lenet;
using namespace lenet::test;

TEST_CASE("session: the first snapshot shows the network with its random filters, before any data") {
  Driver driver(Settings{});
  const Snapshot& first = driver.now();
  CHECK(first.step == 0);
  REQUIRE(first.layers.size() == 9);
  CHECK(first.layers[0].name == "conv1");
  CHECK(first.layers[0].weights.size() == 500);
  CHECK(first.layers[0].parameter_count == 520);
  CHECK(first.layers[8].name == "fc2");
  CHECK(first.image.size() == 784);
}

TEST_CASE("session: a step replies when its minibatches are done, with the snapshot that shows them") {
  Driver driver(small_settings());
  driver.must(command::Step{5});
  CHECK(driver.now().step == 5);
  CHECK(driver.now().images_seen == 80);
  CHECK(driver.now().loss.size() == 5);
  CHECK_FALSE(driver.now().playing);
}

TEST_CASE("session: rewind returns to the same initial weights, and the same steps give the same bits") {
  Driver driver(small_settings());
  driver.must(command::Step{3});
  const std::vector<float> once = driver.weights("conv2.weight");
  driver.must(command::Rewind{});
  CHECK(driver.now().step == 0);
  CHECK(driver.now().layers[0].changed == 0);
  driver.must(command::Step{3});
  CHECK(driver.weights("conv2.weight") == once);
}

TEST_CASE("session: slices, a thread of its own and steps one by one give the same bits") {
  Driver sliced(small_settings());
  sliced.must(command::Step{8});
  Driver single(small_settings());
  for (int i = 0; i < 8; ++i) single.must(command::Step{1});
  CHECK(sliced.weights("fc1.weight") == single.weights("fc1.weight"));

  Session threaded(small_settings());
  threaded.start();
  threaded.post(command::Step{8}, 1);
  threaded.post(command::GetWeights{"fc1.weight"}, 2);
  std::map<std::uint32_t, Reply> replies;
  for (int i = 0; i < 20000 && !replies.contains(1); ++i) {
    threaded.latest();
    for (Reply& reply : threaded.take_replies()) replies[reply.id] = std::move(reply);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  REQUIRE(replies.contains(1));
  CHECK(threaded.latest().step == 8);
  threaded.post(command::GetWeights{"fc1.weight"}, 3);
  for (int i = 0; i < 20000 && !replies.contains(3); ++i) {
    threaded.latest();
    for (Reply& reply : threaded.take_replies()) replies[reply.id] = std::move(reply);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  REQUIRE(replies.contains(3));
  CHECK(replies[3].values == sliced.weights("fc1.weight"));
}

TEST_CASE("session: a frozen layer keeps its bits, with momentum and decay, and learns again after the thaw") {
  Driver driver(small_settings());
  driver.must(command::Set{.decay = 0.01});
  driver.must(command::Step{2});
  driver.must(command::Freeze{"conv1", true});
  const std::vector<float> frozen = driver.weights("conv1.weight"), other = driver.weights("fc1.weight");
  driver.must(command::Step{3});
  CHECK(driver.now().layers[0].frozen);
  CHECK(driver.weights("conv1.weight") == frozen);
  CHECK(driver.weights("fc1.weight") != other);
  driver.must(command::Freeze{"conv1", false});
  driver.must(command::Step{1});
  CHECK(driver.weights("conv1.weight") != frozen);
}

TEST_CASE("session: impossible settings are refused with a sentence, and the run goes on") {
  Driver driver(small_settings());
  driver.must(command::Step{1});
  const std::vector<Command> bad = {command::Set{.momentum = 1.5},
                                    command::Set{.batch = 0},
                                    command::Set{.rate = -1.0},
                                    command::Reset{.dataset = "imagenet"},
                                    command::Reset{.recipe = {.preset = "resnet"}},
                                    command::Reset{.recipe = {.network = "conv 4 40x40, dense 10"}},
                                    command::Reset{.recipe = {.frozen = std::vector<std::string>{"pool1"}}},
                                    command::Freeze{"pool1", true},
                                    command::Freeze{"conv9", true},
                                    command::RateMultiplier{"conv1", -1},
                                    command::LockUnit{"conv1", 4},
                                    command::LockUnit{"conv1", -1},
                                    command::ShowPixels{{1.0f, 2.0f}},
                                    command::ShowPixels{std::vector<float>(784, 2.0f)},
                                    command::Step{0},
                                    command::GetWeights{"conv9.weight"},
                                    command::GetActivations{"conv9", 0},
                                    command::GetActivations{"conv1", -5},
                                    command::Project{"conv1", 99, 0},
                                    command::Predict{1000000},
                                    command::ImportWeights{std::vector<std::byte>(100)}};
  for (std::size_t i = 0; i < bad.size(); ++i) {
    CAPTURE(i);
    const Reply reply = driver.ask(bad[i]);
    CHECK(reply.error.size() > 20);
  }
  CHECK(driver.now().step == 1);
  driver.must(command::Step{1});
  CHECK(driver.now().step == 2);
  CHECK(driver.now().error.empty());
}

TEST_CASE("session: a huge rate diverges, says at which step, and the last good state can be had back") {
  Driver driver(small_settings());
  driver.must(command::Step{2});
  driver.must(command::Set{.rate = 1e30});
  const Reply reply = driver.ask(command::Step{200});
  CHECK(reply.error.find("diverged") != std::string::npos);
  const Snapshot& after = driver.now();
  CHECK(after.diverged);
  CHECK(after.error.find("step " + std::to_string(after.step)) != std::string::npos);
  CHECK(driver.ask(command::Play{}).error.find("diverged") != std::string::npos);
  driver.must(command::RestoreLastGood{});
  CHECK_FALSE(driver.now().diverged);
  CHECK(driver.now().error.empty());
  driver.must(command::Set{.rate = 0.02});
  driver.must(command::Step{2});
  CHECK(std::isfinite(driver.now().loss.back().value));
}

TEST_CASE("session: weights go out and come in bit by bit") {
  Driver driver(small_settings());
  driver.must(command::Step{3});
  const Reply file = driver.ask(command::ExportWeights{});
  const std::vector<float> trained = driver.weights("fc2.weight");
  driver.must(command::Rewind{});
  driver.must(command::ImportWeights{file.bytes});
  CHECK(driver.weights("fc2.weight") == trained);
  CHECK(driver.now().step == 0);
}

TEST_CASE("session: a reset can bring weights; the run says how long they were trained elsewhere, and exports say so, too") {
  Driver driver(small_settings());
  driver.must(command::Step{3});
  const std::vector<std::byte> file = driver.ask(command::ExportWeights{}).bytes;
  const std::vector<float> trained = driver.weights("fc2.weight");
  CHECK_FALSE(driver.now().loaded.has_value());
  driver.must(command::Reset{.seed = 9, .recipe = {.network = "conv 8 5x5, relu, dense 10"}});
  driver.must(command::Reset{.seed = 1, .recipe = {.network = small_settings().recipe.network}, .weights = file});
  CHECK(driver.weights("fc2.weight") == trained);
  CHECK(driver.now().step == 0);
  REQUIRE(driver.now().loaded.has_value());
  CHECK(driver.now().loaded->steps == 3);
  CHECK(driver.now().loaded->dataset == "strokes");
  CHECK(driver.now().layers.front().changed == 0);
  driver.must(command::Step{2});
  driver.must(command::Rewind{});
  CHECK(driver.weights("fc2.weight") == trained);
  CHECK(driver.now().loaded->steps == 3);
  driver.must(command::Step{2});
  driver.must(command::ImportWeights{driver.ask(command::ExportWeights{}).bytes});
  CHECK(driver.now().loaded->steps == 5);
  Driver restored(small_settings());
  restored.must(command::ImportSession{driver.ask(command::ExportSession{}).bytes});
  REQUIRE(restored.now().loaded.has_value());
  CHECK(restored.now().loaded->steps == 5);
  driver.must(command::Reset{.seed = 2});
  CHECK_FALSE(driver.now().loaded.has_value());
}

TEST_CASE("session: a reset whose weights do not fit leaves the run as it was") {
  Driver driver(small_settings());
  driver.must(command::Step{3});
  const std::vector<std::byte> file = driver.ask(command::ExportWeights{}).bytes;
  const std::vector<float> trained = driver.weights("fc2.weight");
  const std::uint64_t run = driver.now().run;
  for (const command::Reset& bad : {command::Reset{.seed = 7, .weights = std::vector<std::byte>(100)},
                                    command::Reset{.recipe = {.network = "conv 8 5x5, relu, dense 10"}, .weights = file},
                                    command::Reset{.dataset = "faces", .weights = file}}) {
    CHECK(driver.ask(bad).error.size() > 20);
    CHECK(driver.now().run == run);
    CHECK(driver.now().step == 3);
    CHECK(driver.now().settings.seed == 1);
    CHECK(driver.weights("fc2.weight") == trained);
  }
}

TEST_CASE("session: projections, activations and predictions have their shapes") {
  Driver driver(small_settings());
  driver.must(command::Step{1});
  const Reply map = driver.ask(command::GetActivations{"conv1", 3});
  CHECK(map.shape == std::vector<int>{4, 24, 24});
  const Reply projection = driver.ask(command::Project{"conv2", 2, 3, command::BackwardRule::kDeconv});
  CHECK(projection.shape == std::vector<int>{1, 28, 28});
  CHECK(projection.values.size() == 784);
  const Reply guess = driver.ask(command::Predict{std::vector<float>(784, 0.5f)});
  double sum = 0;
  for (const float p : guess.values) sum += static_cast<double>(p);
  CHECK(sum == doctest::Approx(1));
}

TEST_CASE("session: the snapshot's projection is that of its own weights and image") {
  Driver driver(small_settings());
  driver.must(command::LockUnit{"conv2", 3});
  driver.must(command::SelectImage{5});
  driver.must(command::Step{4});
  for (int i = 0; i < 1000 && !driver.now().winners_found; ++i) driver.session.pump(0.01);
  const Snapshot snapshot = driver.now();
  const Reply reply = driver.ask(command::Project{"conv2", 3, 5, command::BackwardRule::kDeconv});
  CHECK(snapshot.image_index == 5);
  CHECK(snapshot.current.pixels == reply.values);
  CHECK(snapshot.current.activation == reply.activation);
  REQUIRE(snapshot.winners.size() == lab::kTop);
  CHECK(snapshot.winners[0].image.size() == 784);
}

TEST_CASE("session: standing still, it measures the whole test set; playing, it says so step by step") {
  Settings settings = small_settings();
  settings.recipe.network = "dense 10";
  Driver driver(settings);
  for (int i = 0; i < 100000 && driver.now().accuracy.empty(); ++i) driver.session.pump(0.01);
  REQUIRE_FALSE(driver.now().accuracy.empty());
  CHECK(driver.now().accuracy.back().n == 10000);
  CHECK(driver.now().accuracy.back().step == 0);
  driver.must(command::Step{60});
  bool quick = false;
  for (const CurvePoint& point : driver.now().accuracy) quick = quick || (point.step == 10 && point.n == 1000);
  CHECK(quick);
  const Reply csv = driver.ask(command::ExportCurve{});
  CHECK(csv.bytes.size() > 100);
}

TEST_CASE("session: the speed limit holds the beat, and steps asked for ignore it") {
  Settings settings = small_settings();
  settings.recipe.network = "dense 10";
  settings.steps_per_second = 50;
  Driver driver(settings);
  driver.must(command::Play{});
  driver.session.pump(0.2);
  driver.must(command::Pause{});
  CHECK(driver.now().step >= 1);
  CHECK(driver.now().step <= 15);  // 50 a second for about 0.2 s
}

TEST_CASE("session: suspended, it neither plays nor steps, and then goes on with what it was doing") {
  Driver driver(small_settings());
  driver.must(command::Suspend{true});
  driver.must(command::Play{});
  for (int turn = 0; turn < 50; ++turn) driver.session.pump(0.001);
  CHECK(driver.now().suspended);
  CHECK(driver.now().playing);
  CHECK(driver.now().step == 0);
  driver.session.post(command::Step{3}, 1000);
  for (int turn = 0; turn < 50; ++turn) driver.session.pump(0.001);
  CHECK(driver.now().step == 0);
  driver.must(command::Suspend{false});
  for (int turn = 0; turn < 1000 && driver.now().step < 3; ++turn) driver.session.pump(0.001);
  CHECK(driver.now().step == 3);
}

TEST_CASE("session: unseen, it publishes now and then, and at once when it is asked something") {
  Driver driver(small_settings());
  driver.must(command::Look{false});
  driver.must(command::Play{});
  driver.now();
  driver.session.pump(0.05);
  const std::uint64_t version = driver.now().version;
  driver.session.pump(0.02);
  CHECK(driver.now().version <= version + 1);
  driver.must(command::Set{.rate = 0.01});
  CHECK(driver.now().settings.recipe.sgd.rate == 0.01);
  driver.must(command::Pause{});
  CHECK(driver.now().step > 0);
}

TEST_CASE("session: a network without the locked unit's layer gets its first layer with weights locked") {
  Driver driver(small_settings());
  for (const char* preset : {"softmax", "mlp", "wss17"}) {
    driver.must(command::Reset{.recipe = {.preset = preset}});
    CHECK(driver.now().locked_layer == "fc1");  // stays where there is one
    CHECK(driver.now().current.pixels.size() == 784);
  }
}
