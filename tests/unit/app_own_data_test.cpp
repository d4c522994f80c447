// The session on a data set of one's own: it comes at once, replaces the one before, and is refused without harm.
#include "app_session_support.h"

using namespace lenet;
using namespace lenet::test;

namespace {

/// Bright squares at a place of their class, with noise: easy to tell apart.
command::OwnData squares(int classes, int each, data::ImageShape shape = {1, 28, 28}) {
  command::OwnData own{{.name = "squares", .shape = shape, .train_count = classes * each}};
  for (int i = 0; i < classes * each; ++i) own.images.bytes.push_back(static_cast<std::byte>(i % classes));
  RandomStream random(3, Purpose::kTest);
  for (int i = 0; i < classes * each; ++i) {
    const int c = i % classes, top = c / 4 * 6 % (shape.height - 6), left = c % 4 * 6 % (shape.width - 6);
    for (int k = 0; k < shape.size(); ++k) {
      const int y = k / shape.width % shape.height, x = k % shape.width;
      const bool ink = y >= top && y < top + 6 && x >= left && x < left + 6;
      own.images.bytes.push_back(static_cast<std::byte>(ink ? 255 : random.below(40)));
    }
  }
  return own;
}

Settings preset_settings(const char* preset) {
  Settings settings = small_settings();
  settings.recipe.network.clear();
  settings.recipe.preset = preset;
  return settings;
}

}  // namespace

TEST_CASE("session: own data start a new run, are measured, and are learnt") {
  Driver driver(small_settings());
  driver.must(command::Step{3});
  driver.must(squares(3, 60));
  const Snapshot& s = driver.now();
  CHECK(s.step == 0);
  CHECK(s.dataset == "own");
  CHECK(s.settings.dataset == "own");
  CHECK(s.own_title == "squares");
  CHECK(s.train_count == 150);
  CHECK(s.test_count == 30);
  CHECK(s.searched_images == 15);
  CHECK(s.class_names.size() == 10);
  CHECK(s.image_label >= 0);
  driver.must(command::Step{60});
  CHECK(driver.now().epoch == 6);  // of 135 images in batches of 16: the last of an epoch is smaller
  CHECK(driver.now().loss.back().value < 0.3);
  for (int i = 0; i < 1000 && driver.session.pump(0.001); ++i) driver.now();
  REQUIRE_FALSE(driver.now().accuracy.empty());
  CHECK(driver.now().accuracy.back().n == 30);
  CHECK(driver.now().accuracy.back().value > 0.9);
}

TEST_CASE("session: the same files give the same weights, whatever was there before") {
  Driver a(small_settings()), b(small_settings());
  b.must(squares(4, 20));
  b.must(command::Step{5});
  b.must(command::Reset{.dataset = "strokes", .seed = 1});
  for (Driver* driver : {&a, &b}) {
    driver->must(squares(3, 40));
    driver->must(command::Step{12});
  }
  CHECK(a.weights("conv1.weight") == b.weights("conv1.weight"));
  CHECK(a.hash() == b.hash());
}

TEST_CASE("session: a batch that is larger than the training part takes all of it") {
  Settings settings = small_settings();
  settings.recipe.batch = 256;
  Driver driver(settings);
  driver.must(squares(2, 5));
  driver.must(command::Step{3});
  CHECK(driver.now().epoch == 3);
  CHECK(driver.now().images_seen == 3 * 7);
}

TEST_CASE("session: own data that are refused leave the run, and the own data before") {
  Driver driver(small_settings());
  driver.must(squares(3, 20));
  driver.must(command::Step{4});
  const std::string before = driver.hash();
  command::OwnData broken = squares(3, 20);
  broken.images.bytes.pop_back();
  CHECK(driver.ask(broken).error.find("should come with") != std::string::npos);
  command::OwnData tiny = squares(2, 20, {1, 8, 8});  // too small for two convs of 5×5
  tiny.images.name = "tiny";
  const std::string error = driver.ask(tiny).error;
  CHECK(error.find("does not fit") != std::string::npos);
  CHECK(driver.now().error == error);
  CHECK(driver.now().step == 4);
  CHECK(driver.now().own_title == "squares");
  CHECK(driver.hash() == before);
  driver.must(command::Step{1});
  driver.must(command::Rewind{});
}

TEST_CASE("session: presets have an output for each of many classes; fixed descriptions say what they need") {
  Driver driver(preset_settings("tiny"));
  driver.must(squares(12, 12));
  CHECK(driver.now().probabilities.size() == 12);
  CHECK(driver.now().layers.back().output.channels == 12);
  driver.must(command::Step{2});
  driver.must(command::Reset{.dataset = "strokes"});
  CHECK(driver.now().probabilities.size() == 10);
  CHECK(driver.now().layers.back().output.channels == 10);
  driver.must(command::Reset{.dataset = "own"});
  CHECK(driver.now().dataset == "own");

  Driver described(small_settings());
  CHECK(described.ask(squares(12, 12)).error.find("“dense 12”") != std::string::npos);
  CHECK(described.now().dataset == "strokes");
}

TEST_CASE("session: there are no own data until some come") {
  Driver driver(small_settings());
  CHECK(driver.ask(command::Reset{.dataset = "own"}).error.find("no data of your own") != std::string::npos);
  CHECK(driver.ask(command::DataChunk{"own", command::DataPart::kTrainImages, {}}).error.find("nothing of it arrives") !=
        std::string::npos);
  CHECK(driver.now().dataset == "strokes");
  CHECK(driver.now().own_title.empty());
}

TEST_CASE("session: own data end the wait for a set that has not come") {
  Driver driver(small_settings());
  constexpr std::uint32_t kWaits = 1000;
  driver.session.post(command::Reset{.dataset = "cifar10"}, kWaits);
  driver.session.pump(0.01);
  CHECK(driver.now().wanted_data == "cifar10");
  driver.must(squares(2, 20));
  CHECK(driver.now().wanted_data.empty());
  CHECK(driver.now().dataset == "own");
  driver.must(command::Step{1});
}

TEST_CASE("session: a comparison goes on with own data; views look at their held-out images only") {
  Driver driver(small_settings());
  driver.must(frozen_or_not());
  driver.must(squares(3, 60));
  CHECK(driver.now().arms.size() == 2);
  driver.must(command::Step{5});
  const Reply found = driver.ask(command::Ask{lab::TopRequest{.layer = "conv1", .images = 1000}});
  CHECK(found.error.empty());
  CHECK(text_of(found).find("\"images\":15") != std::string::npos);
  for (const ProjectionView& winner : driver.now().winners) CHECK(winner.image_index < 15);
}
