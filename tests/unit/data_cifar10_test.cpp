// Tests of data/cifar10.h: streaming batches, what is refused, folders, and the real CIFAR-10 where it is at hand.
#include <filesystem>
#include <stdexcept>

#include "base/error.h"
#include "data/cifar10.h"
#include "data/mnist.h"
#include "data_support.h"

using namespace lenet;
using namespace lenet::test;
using data::Cifar10Dataset;
using data::load_cifar10;
using Half = Cifar10Dataset::Half;

namespace {

constexpr int kEnough = 5001;  // the smallest training set

std::uint8_t pixel(int image, std::size_t k) { return static_cast<std::uint8_t>(7 * k + 13 * static_cast<std::size_t>(image)); }

/// Images first … first + count - 1 with labels 0, 1, … 9, 0, …, as a file.
Bytes batch(int count, int first = 0) {
  Bytes file(static_cast<std::size_t>(count) * Cifar10Dataset::kRecord);
  for (int i = 0; i < count; ++i) {
    std::byte* record = file.data() + static_cast<std::size_t>(i) * Cifar10Dataset::kRecord;
    record[0] = static_cast<std::byte>((first + i) % 10);
    for (std::size_t k = 0; k < 3072; ++k) record[k + 1] = static_cast<std::byte>(pixel(first + i, k));
  }
  return file;
}

void feed(Cifar10Dataset& set, Half half, const Bytes& file, const std::string& name = "batch", std::size_t piece = 100000) {
  set.begin_file(half, name);
  in_pieces(file, piece, [&](auto bytes) { set.push(bytes); });
  set.finish_file();
}

}  // namespace

TEST_CASE("cifar10: one batch or three, plain or gzipped, in any pieces, give the same set") {
  Cifar10Dataset one, three;
  feed(one, Half::kTrain, batch(kEnough), "all", 3072);
  feed(one, Half::kTest, batch(12, 3));
  feed(three, Half::kTrain, gzip(batch(700)), "1", 1);
  feed(three, Half::kTest, batch(5, 3));
  feed(three, Half::kTrain, batch(1, 700), "2", 1);
  feed(three, Half::kTrain, gzip(batch(kEnough - 701, 701)), "3");
  feed(three, Half::kTest, batch(7, 8));
  for (Cifar10Dataset* set : {&one, &three}) {
    CHECK(set->train_count() == 0);  // not known before the end
    CHECK(set->train_available() == kEnough);
    set->finish();
    CHECK(set->name() == "cifar10");
    CHECK(set->shape() == data::ImageShape{3, 32, 32});
    CHECK(set->classes() == 10);
    CHECK(set->train_count() == kEnough);
    CHECK(set->test_count() == 12);
    CHECK(set->test_available() == 12);
    for (const int i : {0, 340, 341, 700, 701, 5000}) {
      CAPTURE(i);
      CHECK(set->train_label(i) == i % 10);
      REQUIRE(set->train_image(i).size() == 3072);
      for (const std::size_t k : {std::size_t{0}, std::size_t{1024}, std::size_t{3071}})
        CHECK(set->train_image(i)[k] == pixel(i, k));
    }
    CHECK(set->test_label(11) == 4);
    CHECK(set->test_image(11)[5] == pixel(14, 5));
  }
  CHECK(one.train_files() == 1);
  CHECK(three.train_files() == 3);
  CHECK(one.content_hash() == three.content_hash());
}

TEST_CASE("cifar10: images become available one by one and stay where they are") {
  Cifar10Dataset set;
  const Bytes file = batch(400);
  set.begin_file(Half::kTrain, "batch");
  set.push(std::span(file).first(2 * 3073 - 1));
  CHECK(set.train_available() == 1);
  const std::uint8_t* first = set.train_image(0).data();
  const std::string before = set.content_hash();
  CHECK_THROWS_AS(set.train_image(1), std::logic_error);
  set.push(std::span(file).subspan(2 * 3073 - 1));
  CHECK(set.train_available() == 400);
  CHECK(set.train_image(0).data() == first);
  CHECK(set.content_hash() != before);
  CHECK_THROWS_AS(set.train_label(400), std::logic_error);
  CHECK_THROWS_AS(set.train_image(-1), std::logic_error);
  CHECK_THROWS_AS(set.test_image(0), std::logic_error);
  CHECK_THROWS_AS(set.begin_file(Half::kTest, "another"), std::logic_error);
  CHECK_THROWS_AS(set.finish(), std::logic_error);
  set.finish_file();
  CHECK_THROWS_AS(set.push(file), std::logic_error);
  CHECK_THROWS_AS(set.finish_file(), std::logic_error);
}

TEST_CASE("cifar10: which half an image belongs to, and its order, are part of the content") {
  const auto hash = [](const Bytes& train, const Bytes& test) {
    Cifar10Dataset set;
    feed(set, Half::kTrain, train);
    feed(set, Half::kTest, test);
    return set.content_hash();
  };
  const std::string usual = hash(batch(3), batch(2, 3));
  CHECK(usual != hash(batch(2), batch(3, 2)));
  CHECK(usual != hash(batch(2, 3), batch(3)));
}

TEST_CASE("cifar10: a wrong file is named, and the set takes nothing more") {
  Bytes wrong_label = batch(400);
  wrong_label[399 * 3073] = std::byte{10};
  Bytes cut = batch(3);
  cut.pop_back();
  const auto error_of = [](const Bytes& file, std::size_t piece) {
    return message_of<Error>([&] {
      Cifar10Dataset set;
      feed(set, Half::kTrain, file, "data_batch_1.bin", piece);
    });
  };
  for (const std::size_t piece : {std::size_t{1}, std::size_t{3073}, std::size_t{1} << 24}) {
    CAPTURE(piece);
    const std::string label = error_of(wrong_label, piece);
    CHECK(contains(label, "data_batch_1.bin: the label of image 399"));
    CHECK(contains(label, "is 10,"));
    CHECK(contains(error_of(cut, piece), "data_batch_1.bin has the wrong size: its 9218 bytes are no multiple of 3073"));
  }
  CHECK(contains(error_of({}, 1), "data_batch_1.bin is empty"));
  CHECK(contains(error_of(gzip({}), 1), "is empty"));
  const Bytes packed = gzip(batch(3));
  CHECK(contains(error_of(Bytes(packed.begin(), packed.end() - 9), 100), "cut short"));

  Cifar10Dataset set;
  feed(set, Half::kTest, batch(2));
  CHECK_THROWS_AS(feed(set, Half::kTrain, wrong_label, "batch", 3073), Error);
  CHECK(contains(message_of<Error>([&] { set.begin_file(Half::kTrain, "batch"); }), "failed to load before"));
  CHECK_THROWS_AS(set.push(packed), Error);
  CHECK_THROWS_AS(set.finish_file(), Error);
  CHECK_THROWS_AS(set.finish(), Error);
  CHECK(set.train_available() == 399);
  CHECK(set.test_label(1) == 1);
}

TEST_CASE("cifar10: a file that expands without end is refused") {
  const Bytes packed = gzip(Bytes(Cifar10Dataset::kRecord * 1024));  // gzip files may follow one another
  Cifar10Dataset set;
  set.begin_file(Half::kTrain, "bomb");
  const std::string message = message_of<Error>([&] {
    for (int i = 0; i < 65; ++i) set.push(packed);
  });
  CHECK(contains(message, "bomb is too long"));
  CHECK(set.train_available() == Cifar10Dataset::kMaxRecords);
}

TEST_CASE("cifar10: both halves are needed, and more images than are held out") {
  const auto error_of = [](int train, int test) {
    return message_of<Error>([&] {
      Cifar10Dataset set;
      if (train > 0) feed(set, Half::kTrain, batch(train));
      if (test > 0) feed(set, Half::kTest, batch(test));
      set.finish();
    });
  };
  CHECK(contains(error_of(0, 1), "needs a training batch"));
  CHECK(contains(error_of(kEnough, 0), "needs its test batch"));
  const std::string few = error_of(kEnough - 1, 1);
  CHECK(contains(few, "hold 5000 images"));
  CHECK(contains(few, "at least 5001"));
}

TEST_CASE("cifar10: announced numbers are known at once, and have to agree with what comes") {
  Cifar10Dataset set;
  set.expect(kEnough, 12);
  CHECK(set.train_count() == kEnough);
  CHECK(set.test_count() == 12);
  CHECK(set.train_available() == 0);
  feed(set, Half::kTest, batch(12));
  CHECK_THROWS_AS(set.expect(kEnough, 12), std::logic_error);
  feed(set, Half::kTrain, batch(kEnough));
  set.finish();
  CHECK(set.train_count() == kEnough);

  const auto error_of = [](int train, int test) {
    return message_of<Error>([&] {
      Cifar10Dataset other;
      other.expect(train, test);
      feed(other, Half::kTrain, batch(kEnough), "data_batch_1.bin");
      feed(other, Half::kTest, batch(12), "test_batch.bin");
      other.finish();
    });
  };
  CHECK(contains(error_of(kEnough + 5, 12), "hold 5001 images where 5006 are announced"));
  CHECK(contains(error_of(kEnough, 13), "hold 12 images where 13 are announced"));
  CHECK(contains(error_of(kEnough, 11), "With test_batch.bin there are more than the 11 images announced"));
  CHECK(contains(error_of(5000, 12), "at least 5001"));
  CHECK(contains(error_of(kEnough, 0), "needs test images"));
  CHECK(contains(error_of(2'000'000'000, 12), "more than 1000000"));
}

TEST_CASE("cifar10: its classes have names; those of other sets are digits") {
  const Cifar10Dataset set;
  REQUIRE(set.class_names().size() == 10);
  CHECK(set.class_names()[6] == "frog");
  CHECK(data::IdxDataset("mnist").class_names()[6] == "6");
}

TEST_CASE("cifar10: a folder's batches are read in the order of their numbers") {
  const TemporaryFolder folder("cifar10-good");
  folder.write("data_batch_10.bin", batch(3000, 3000));
  folder.write("data_batch_2.bin.gz", gzip(batch(2000, 1000)));
  folder.write("data_batch_1.bin.gz", bytes_of("an old copy"));  // the plain one wins
  folder.write("data_batch_1.bin", batch(1000));
  folder.write("data_batch_x.bin", bytes_of("something else"));
  folder.write("data_batch_.bin", bytes_of("something else"));
  folder.write("data_batch_3", bytes_of("something else"));
  folder.write("test_batch.bin.gz", gzip(batch(20)));
  const auto set = load_cifar10(folder.path);
  CHECK(set->train_files() == 3);
  CHECK(set->train_count() == 6000);
  CHECK(set->test_count() == 20);
  for (const int i : {0, 999, 1000, 2999, 3000, 5999}) CHECK(set->train_image(i)[0] == pixel(i, 0));
}

TEST_CASE("cifar10: a missing folder, a missing batch and a wrong one are named") {
  const TemporaryFolder folder("cifar10-bad");
  const auto error = [&] { return message_of<Error>([&] { load_cifar10(folder.path); }); };
  CHECK(contains(message_of<Error>([&] { load_cifar10(folder.path / "nowhere"); }), "There is no folder"));
  folder.write("test_batch.bin", batch(2));
  CHECK(contains(error(), "has no training batch data_batch_1.bin"));
  folder.write("data_batch_7.bin", batch(10));
  CHECK(contains(error(), "hold 10 images"));
  std::filesystem::remove(folder.path / "test_batch.bin");
  CHECK(contains(error(), "has no test batch"));
  folder.write("test_batch.bin.gz", bytes_of("<!DOCTYPE html>"));
  CHECK(contains(error(), "test_batch.bin.gz: the label of image 0"));
}

TEST_CASE("cifar10: the real files") {
  const std::string folder = data_folder();
  if (folder.empty()) LENET_SKIP("cifar10: the real files", "LENET_LAB_DATA is not set");
  if (!std::filesystem::is_directory(folder + "/cifar10"))
    LENET_SKIP("cifar10: the real files", "no folder cifar10 in LENET_LAB_DATA");
  const auto set = load_cifar10(folder + "/cifar10");
  CHECK(set->train_count() >= 10000);
  CHECK(set->test_count() >= 1000);
  std::vector<int> train, test;
  for (int i = 0; i < 5; ++i) train.push_back(set->train_label(i));
  for (int i = 0; i < 5; ++i) test.push_back(set->test_label(i));
  CHECK(train == std::vector<int>{6, 9, 9, 4, 1});  // frog, truck, truck, deer, car
  CHECK(test == std::vector<int>{3, 8, 8, 0, 6});   // cat, ship, ship, plane, frog
}
