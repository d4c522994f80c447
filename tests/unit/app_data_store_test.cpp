// Tests of app/data_store.h: several sets that arrive side by side, each with its own fate.
#include "app/data_store.h"
#include "app/settings.h"
#include "base/error.h"
#include "data_support.h"

using namespace lenet;
using namespace lenet::app;
using namespace lenet::test;
using command::DataPart;

namespace {

/// Records of CIFAR-10: black images with label 0.
Bytes black_batch(std::size_t count) { return Bytes(count * 3073); }

}  // namespace

TEST_CASE("data store: the strokes set is there at once, the others come") {
  const DataStore store;
  CHECK(store.find("strokes") == &store.strokes());
  CHECK(store.find("mnist") == nullptr);
  CHECK(store.find("cifar10") == nullptr);
  CHECK_FALSE(store.failed("strokes"));
  for (const char* known : {"mnist", "cifar10", "strokes"}) CHECK_NOTHROW(store.check(known));
  CHECK(contains(message_of<Error>([&] { store.check("own"); }), "no data of your own"));
  CHECK(contains(message_of<Error>([&] { store.check("imagenet"); }), "Known ones: mnist, cifar10, strokes, own."));
  CHECK(title_of("cifar10") == "CIFAR-10");
}

TEST_CASE("data store: MNIST is usable with its header, CIFAR-10 with the images of the first steps") {
  DataStore store;
  store.push("mnist", DataPart::kTrainImages, words({0x803, 6000, 28, 28}));
  CHECK(store.find("mnist") == &store.peek("mnist"));

  store.expect("cifar10", 10001, 3);
  CHECK(store.peek("cifar10").train_count() == 10001);
  store.push("cifar10", DataPart::kTestImages, black_batch(3));
  store.finish("cifar10", DataPart::kTestImages);
  store.push("cifar10", DataPart::kTrainImages, black_batch(9999));
  CHECK(store.find("cifar10") == nullptr);
  CHECK(store.peek("cifar10").train_available() == 9999);
  store.finish("cifar10", DataPart::kTrainImages);
  store.push("cifar10", DataPart::kTrainImages, gzip(black_batch(2)));  // the second batch
  CHECK(store.find("cifar10") == &store.peek("cifar10"));
  store.finish("cifar10", DataPart::kTrainImages);
  store.finish("cifar10");
  CHECK(store.find("cifar10")->test_count() == 3);
}

TEST_CASE("data store: one set fails, with a sentence; the other goes on") {
  DataStore store;
  CHECK_THROWS_AS(store.push("cifar10", DataPart::kTrainLabels, black_batch(1)), Error);
  CHECK(contains(store.failure("cifar10"), "no files of labels"));
  CHECK_NOTHROW(store.push("cifar10", DataPart::kTrainImages, black_batch(1)));  // what still comes is ignored
  store.fail("cifar10", "something else");
  CHECK(contains(store.failure("cifar10"), "no files of labels"));  // the first reason stays
  CHECK(contains(message_of<Error>([&] { store.check("cifar10"); }), "CIFAR-10 cannot be used: "));
  CHECK_FALSE(store.failed("mnist"));
  store.push("mnist", DataPart::kTrainImages, words({0x803, 6000, 28, 28}));
  CHECK(store.find("mnist") != nullptr);
  store.fail("mnist", "");
  CHECK(store.failure("mnist") == "MNIST could not be loaded.");
  CHECK(store.find("mnist") == nullptr);  // not a single image had come
}
