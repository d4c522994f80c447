// The session while its data sets arrive, are missing or broken.
#include "app_session_support.h"

using namespace lenet;
using namespace lenet::test;

namespace {

/// IDX files of a small made-up data set, uncompressed.
std::vector<std::byte> idx_images(int count) {
  std::vector<std::byte> bytes;
  for (const int value : {0x803, count, 28, 28})
    for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::byte>(value >> shift));
  RandomStream random(7, Purpose::kTest);
  for (int i = 0; i < count * 784; ++i) bytes.push_back(static_cast<std::byte>(random.below(256)));
  return bytes;
}
std::vector<std::byte> idx_labels(int count) {
  std::vector<std::byte> bytes;
  for (const int value : {0x801, count})
    for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::byte>(value >> shift));
  for (int i = 0; i < count; ++i) bytes.push_back(static_cast<std::byte>(i % 10));
  return bytes;
}

void send(Driver& driver, command::DataPart part, const std::vector<std::byte>& bytes, bool end = true, const std::string& set = "mnist") {
  driver.must(command::DataChunk{set, part, bytes});
  if (end) driver.must(command::DataEnd{set, part});
}

/// CIFAR-10's records with labels 0, 1, …, uncompressed.
std::vector<std::byte> cifar_batch(int count) {
  std::vector<std::byte> bytes(static_cast<std::size_t>(count) * 3073);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i % 3073 == 0 ? i / 3073 % 10 : i * 31 % 251);
  return bytes;
}

Settings dense_settings() {
  Settings settings = small_settings();
  settings.recipe.network = "dense 10";
  return settings;
}

/// Replies by id, of commands that were posted without waiting.
Reply reply_to(Driver& driver, std::uint32_t id) {
  for (int i = 0; i < 1000; ++i) {
    driver.session.pump(0.001);
    driver.session.latest();
    for (Reply& reply : driver.session.take_replies()) {
      if (reply.id == id) return reply;
    }
  }
  FAIL("no reply came");
  return {};
}

}  // namespace

TEST_CASE("session: MNIST arrives in pieces; steps wait for their chunk and are the same bits as with all of it there") {
  constexpr int kTrain = 10016, kTest = 40;
  const std::vector<std::byte> images = idx_images(kTrain), labels = idx_labels(kTrain);
  Settings settings = small_settings();
  settings.dataset = "mnist";
  settings.recipe.network = "dense 10";

  Driver whole(settings);
  CHECK(whole.now().dataset == "strokes");  // stands in until the set's size is known
  send(whole, command::DataPart::kTrainLabels, labels);
  send(whole, command::DataPart::kTrainImages, images);
  send(whole, command::DataPart::kTestLabels, idx_labels(kTest));
  send(whole, command::DataPart::kTestImages, idx_images(kTest));
  CHECK(whole.now().dataset == "mnist");
  whole.must(command::Step{20});

  Driver pieces(settings);
  pieces.session.post(command::Step{20}, 77);
  pieces.session.pump(0.01);
  CHECK(pieces.now().waiting_for_data);
  send(pieces, command::DataPart::kTrainLabels, labels);
  const std::size_t most = 16 + std::size_t{9000} * 784;  // not yet the whole first chunk of 5,000 behind the held-out ones
  send(pieces, command::DataPart::kTrainImages, {images.begin(), images.begin() + most}, false);
  pieces.session.pump(0.05);
  CHECK(pieces.now().step == 0);
  CHECK(pieces.now().waiting_for_data);
  send(pieces, command::DataPart::kTrainImages, {images.begin() + most, images.end()});
  for (int i = 0; i < 10000 && pieces.now().step < 20; ++i) pieces.session.pump(0.001);
  CHECK(pieces.now().step == 20);
  CHECK(pieces.weights("fc1.weight") == whole.weights("fc1.weight"));
}

TEST_CASE("session: weights that a reset brings stay when their data set arrives after them") {
  Settings settings = dense_settings();
  settings.dataset = "mnist";
  Driver driver(settings);
  const std::vector<std::byte> file = driver.ask(command::ExportWeights{}).bytes;
  driver.must(command::Reset{.seed = 8});
  CHECK_FALSE(driver.now().loaded.has_value());
  driver.must(command::Reset{.dataset = "mnist", .weights = file});
  const std::vector<float> loaded = driver.weights("fc1.weight");
  send(driver, command::DataPart::kTrainLabels, idx_labels(6000));
  send(driver, command::DataPart::kTrainImages, idx_images(6000));
  CHECK(driver.now().dataset == "mnist");
  CHECK(driver.now().loaded.has_value());
  CHECK(driver.weights("fc1.weight") == loaded);
}

TEST_CASE("session: weights trained on a set that is not here are shown on the strokes set, with a notice") {
  Driver drawn(dense_settings());
  const std::vector<std::byte> file = drawn.ask(command::ExportWeights{}).bytes;
  const std::vector<float> weights = drawn.weights("fc1.weight");
  for (const bool before : {true, false}) {
    Settings settings = dense_settings();
    settings.dataset = "mnist";
    settings.seed = 5;
    Driver driver(settings);
    if (before) driver.must(command::DataFailed{"mnist", "There is no MNIST beside this page."});
    driver.must(command::Reset{.dataset = "mnist", .weights = file});
    if (!before) driver.must(command::DataFailed{"mnist", "There is no MNIST beside this page."});
    CHECK(driver.now().dataset == "strokes");
    CHECK(driver.now().notice.find("no MNIST") != std::string::npos);
    CHECK(driver.now().loaded.has_value());
    CHECK(driver.weights("fc1.weight") == weights);
    driver.must(command::Step{1});
  }
}

TEST_CASE("session: a broken or missing MNIST gives a sentence and the strokes set, and the session goes on") {
  Settings settings = small_settings();
  settings.dataset = "mnist";
  SUBCASE("missing") {
    Driver driver(settings);
    driver.must(command::DataFailed{"mnist", "There is no MNIST beside this page."});
    CHECK(driver.now().dataset == "strokes");
    CHECK(driver.now().notice.find("no MNIST") != std::string::npos);
    driver.must(command::Step{1});
    CHECK(driver.ask(command::Reset{.dataset = "mnist"}).error.find("no MNIST") != std::string::npos);
  }
  SUBCASE("corrupt before the first step") {
    Driver driver(settings);
    send(driver, command::DataPart::kTrainLabels, idx_labels(6000));
    driver.must(command::DataChunk{"mnist", command::DataPart::kTrainImages, idx_images(6000)});
    CHECK(driver.now().dataset == "mnist");
    const Reply reply = driver.ask(command::DataChunk{"mnist", command::DataPart::kTestImages, std::vector<std::byte>(64)});
    CHECK(reply.error.size() > 20);
    CHECK(driver.now().error == reply.error);
    CHECK(driver.now().dataset == "strokes");
    driver.must(command::Step{1});
  }
  SUBCASE("cut off while training: it trains on what came, then stops and says why") {
    Driver driver(settings);
    send(driver, command::DataPart::kTrainLabels, idx_labels(20000));
    std::vector<std::byte> images = idx_images(20000);
    images.resize(16 + std::size_t{10000} * 784);
    send(driver, command::DataPart::kTrainImages, images, false);
    driver.must(command::Step{5});
    CHECK_FALSE(driver.ask(command::DataEnd{"mnist", command::DataPart::kTrainImages}).error.empty());
    CHECK(driver.now().dataset == "mnist");
    CHECK(driver.now().step == 5);
    const Reply reply = driver.ask(command::Step{400});
    CHECK(reply.error.find("did not arrive") != std::string::npos);
    CHECK(driver.now().step == 312);  // 5,000 images in minibatches of 16: the last of them would need the next chunk
  }
}

TEST_CASE("session: CIFAR-10 is waited for on the run before, and starts with its first chunk") {
  Driver driver(dense_settings());
  driver.must(command::Step{3});
  driver.session.post(command::Reset{.dataset = "cifar10"}, 77);
  driver.session.pump(0.01);
  CHECK(driver.now().wanted_data == "cifar10");
  CHECK(driver.now().dataset == "strokes");
  CHECK(driver.now().step == 3);
  driver.session.post(command::Step{2}, 78);  // of the run to come
  driver.session.post(command::Reset{.seed = 9}, 79);
  driver.session.post(command::Step{2}, 80);
  driver.must(command::DataExpect{"cifar10", 12000, 20});
  driver.must(command::Set{.rate = 0.125});
  CHECK(driver.now().wanted_count == 12000);
  CHECK(driver.now().waiting_for_data);
  send(driver, command::DataPart::kTestImages, cifar_batch(20), true, "cifar10");
  send(driver, command::DataPart::kTrainImages, cifar_batch(9999), true, "cifar10");
  CHECK(driver.now().wanted_available == 9999);
  CHECK(driver.now().dataset == "strokes");
  CHECK(driver.now().step == 3);
  send(driver, command::DataPart::kTrainImages, cifar_batch(1), false, "cifar10");
  for (int i = 0; i < 1000 && driver.now().step != 2; ++i) driver.session.pump(0.001);
  const Snapshot& started = driver.now();
  CHECK(started.dataset == "cifar10");
  CHECK(started.wanted_data.empty());
  CHECK(started.step == 2);
  CHECK(started.settings.seed == 9);
  CHECK(started.settings.recipe.sgd.rate == 0.125);
  CHECK(started.train_count == 12000);
  CHECK(started.class_names[6] == "frog");
  CHECK(started.image.size() == 3072);
  driver.must(command::DataEnd{"cifar10", command::DataPart::kTrainImages});
  send(driver, command::DataPart::kTrainImages, cifar_batch(2000), true, "cifar10");
  driver.must(command::DataEnd{"cifar10"});
  driver.must(command::Reset{.dataset = "strokes"});
  CHECK(driver.now().class_names[6] == "6");
  driver.must(command::Reset{.dataset = "cifar10"});
  CHECK(driver.now().dataset == "cifar10");
}

TEST_CASE("session: CIFAR-10 that does not come leaves the run as it was, with a sentence") {
  Driver driver(dense_settings());
  driver.must(command::Step{3});
  driver.session.post(command::Reset{.dataset = "cifar10"}, 77);
  SUBCASE("missing") {
    driver.must(command::DataFailed{"cifar10", "CIFAR-10 is not beside this page."});
    CHECK(driver.now().error.find("not beside this page. The run before (Strokes set) stays.") != std::string::npos);
  }
  SUBCASE("broken") {
    driver.must(command::DataExpect{"cifar10", 12000, 20});
    driver.session.post(command::Play{});
    const Reply reply = driver.ask(command::DataChunk{"cifar10", command::DataPart::kTrainImages, std::vector<std::byte>(1, std::byte{77})});
    CHECK(reply.error.find("training batch 1: the label of image 0") != std::string::npos);
    CHECK(driver.now().error.find("stays.") != std::string::npos);
    CHECK_FALSE(driver.now().playing);
  }
  CHECK(driver.now().wanted_data.empty());
  CHECK(driver.now().dataset == "strokes");
  CHECK(driver.now().step == 3);
  CHECK(driver.ask(command::Reset{.dataset = "cifar10"}).error.find("CIFAR-10 cannot be used") != std::string::npos);
  CHECK(driver.now().dataset == "strokes");
  driver.must(command::Step{1});
  CHECK(driver.now().step == 4);
}

TEST_CASE("session: another choice takes the place of a set that has not come; a network it cannot have is refused then") {
  Driver driver(dense_settings());
  driver.session.post(command::Reset{.dataset = "cifar10"}, 77);
  SUBCASE("the set in use again") {
    driver.session.post(command::Reset{.dataset = "strokes", .seed = 4});
    CHECK(reply_to(driver, 77).error.find("before CIFAR-10 was here") != std::string::npos);
    CHECK(driver.now().wanted_data.empty());
    CHECK(driver.now().settings.seed == 4);
    driver.must(command::Step{1});
  }
  SUBCASE("a network that is too large for its images") {
    driver.session.post(command::Reset{.recipe = {.network = "conv 4 40x40, dense 10"}}, 78);
    driver.session.post(command::DataExpect{"cifar10", 12000, 20});
    driver.session.post(command::DataChunk{"cifar10", command::DataPart::kTrainImages, cifar_batch(10000)});
    CHECK(reply_to(driver, 78).error.size() > 20);
    CHECK(driver.now().dataset == "strokes");
    driver.must(command::Step{1});
    driver.must(command::Reset{.dataset = "cifar10"});
    CHECK(driver.now().dataset == "cifar10");
  }
}

TEST_CASE("session: bytes of a set that is not known are refused") {
  Driver driver(dense_settings());
  CHECK(driver.ask(command::DataChunk{"imagenet", command::DataPart::kTrainImages, {}}).error.find("no data set") != std::string::npos);
  CHECK(driver.ask(command::DataFailed{"imagenet", ""}).error.find("no data set") != std::string::npos);
  CHECK(driver.ask(command::DataEnd{"strokes"}).error.find("nothing of it arrives") != std::string::npos);
  driver.must(command::Step{1});
}
