// Tests of data/mnist.h: streaming four files, what must agree among them, folders, and the real MNIST where it is at hand.
#include <filesystem>
#include <stdexcept>

#include "base/error.h"
#include "data/mnist.h"
#include "data_support.h"

using namespace lenet;
using namespace lenet::test;
using data::IdxDataset;
using data::load_mnist;
using data::Part;

namespace {

constexpr std::uint32_t kTrain = 5010;
constexpr std::uint32_t kTest = 20;

void feed(IdxDataset& set, Part part, const Bytes& file, std::size_t piece = 1000) {
  in_pieces(file, piece, [&](auto bytes) { set.push(part, bytes); });
  set.finish(part);
}

/// The message when the two files are fed one after the other.
std::string error_of(Part part1, const Bytes& file1, Part part2, const Bytes& file2) {
  return message_of<Error>([&] {
    IdxDataset set;
    feed(set, part1, file1);
    feed(set, part2, file2);
  });
}

}  // namespace

TEST_CASE("mnist: streamed files in any order and any pieces give the same set") {
  std::string hash;
  for (const std::size_t piece : {std::size_t{1}, std::size_t{333}, std::size_t{1} << 20}) {
    CAPTURE(piece);
    IdxDataset set;
    CHECK(set.shape() == data::ImageShape{1, 0, 0});
    CHECK(set.train_count() == 0);
    feed(set, Part::kTestLabels, idx_labels(kTest), piece);
    feed(set, Part::kTrainImages, gzip(idx_images(kTrain, 4, 3)), piece);
    CHECK(set.train_count() == 5010);
    CHECK(set.train_available() == 0);  // no labels yet
    feed(set, Part::kTrainLabels, gzip(idx_labels(kTrain)), piece);
    CHECK_FALSE(set.complete());
    feed(set, Part::kTestImages, idx_images(kTest, 4, 3, 9), piece);
    CHECK(set.complete());
    CHECK(set.name() == "mnist");
    CHECK(set.classes() == 10);
    CHECK(set.shape() == data::ImageShape{1, 4, 3});
    CHECK(set.shape().size() == 12);
    CHECK(set.train_available() == 5010);
    CHECK(set.test_count() == 20);
    CHECK(set.test_available() == 20);
    CHECK(set.train_image(5)[2] == ((7 * (5 * 12 + 2)) & 0xFF));
    CHECK(set.test_image(0)[0] == 9);
    CHECK(set.train_label(5009) == 9);
    CHECK(set.test_label(13) == 3);
    if (hash.empty()) hash = set.content_hash();
    CHECK(set.content_hash() == hash);
  }
}

TEST_CASE("mnist: an image is available when its label is") {
  IdxDataset set;
  const Bytes images = idx_images(kTrain, 2, 2);
  const Bytes labels = idx_labels(kTrain);
  set.push(Part::kTrainLabels, std::span(labels).first(8 + 3));
  CHECK(set.train_available() == 0);
  const std::string before = set.content_hash();
  set.push(Part::kTrainImages, std::span(images).first(16 + 4 * 2 + 1));
  CHECK(set.train_available() == 2);
  CHECK(set.content_hash() != before);
  set.push(Part::kTrainImages, std::span(images).subspan(16 + 4 * 2 + 1));
  CHECK(set.train_available() == 3);
  CHECK_THROWS_AS(set.train_image(3), std::logic_error);
  CHECK_THROWS_AS(set.train_label(3), std::logic_error);
  CHECK_THROWS_AS(set.train_image(-1), std::logic_error);
  CHECK_THROWS_AS(set.test_image(0), std::logic_error);
  CHECK_THROWS_AS(set.test_label(0), std::logic_error);
}

TEST_CASE("mnist: what does not belong together is refused") {
  const std::string train = error_of(Part::kTrainImages, idx_images(kTrain, 2, 2), Part::kTrainLabels, idx_labels(kTrain - 1));
  CHECK(contains(train, "5010 images"));
  CHECK(contains(train, "5009 labels"));
  CHECK(contains(train, "train-labels-idx1-ubyte"));
  const std::string test = error_of(Part::kTestLabels, idx_labels(7), Part::kTestImages, idx_images(8, 2, 2));
  CHECK(contains(test, "8 images"));
  CHECK(contains(test, "7 labels"));
  const std::string shape = error_of(Part::kTrainImages, idx_images(kTrain, 2, 2), Part::kTestImages, idx_images(8, 2, 3));
  CHECK(contains(shape, "sizes differ"));
  CHECK(contains(shape, "2 x 3"));
  const std::string few = error_of(Part::kTrainImages, idx_images(5000, 1, 1), Part::kTestLabels, idx_labels(1));
  CHECK(contains(few, "at least 5001"));
  CHECK(contains(error_of(Part::kTrainImages, idx_labels(kTrain), Part::kTestLabels, idx_labels(1)), "these are labels"));
}

TEST_CASE("mnist: after an error the set takes nothing more, and what it had stays readable") {
  IdxDataset set;
  feed(set, Part::kTrainLabels, idx_labels(kTrain));
  Bytes images = idx_images(kTrain, 2, 2);
  images.push_back(std::byte{0});
  CHECK_THROWS_AS(feed(set, Part::kTrainImages, images), Error);
  CHECK(contains(message_of<Error>([&] { set.push(Part::kTestLabels, idx_labels(1)); }), "failed to load before"));
  CHECK_THROWS_AS(set.finish(Part::kTestLabels), Error);
  CHECK_FALSE(set.complete());
  CHECK(set.train_available() == 5010);
  CHECK(set.train_image(0)[1] == 7);
}

TEST_CASE("mnist: a folder with plain and compressed files") {
  const TemporaryFolder folder("mnist-good");
  folder.write("train-images-idx3-ubyte.gz", gzip(idx_images(kTrain, 2, 2)));
  folder.write("train-labels-idx1-ubyte", idx_labels(kTrain));
  folder.write("t10k-images.idx3-ubyte", idx_images(kTest, 2, 2));
  folder.write("t10k-labels-idx1-ubyte.gz", gzip(idx_labels(kTest)));
  const auto set = load_mnist(folder.path);
  CHECK(set->complete());
  CHECK(set->train_available() == 5010);
  CHECK(set->test_label(19) == 9);
}

TEST_CASE("mnist: a missing folder, a missing file and a cut file are named") {
  const TemporaryFolder folder("mnist-bad");
  CHECK(contains(message_of<Error>([&] { load_mnist(folder.path / "nowhere"); }), "There is no folder"));
  const Bytes images = gzip(idx_images(kTrain, 2, 2));
  folder.write("train-images-idx3-ubyte.gz", images);
  CHECK(contains(message_of<Error>([&] { load_mnist(folder.path); }), "no file train-labels-idx1-ubyte"));
  folder.write("train-labels-idx1-ubyte.gz", gzip(idx_labels(kTrain)));
  folder.write("t10k-images-idx3-ubyte.gz", gzip(idx_images(kTest, 2, 2)));
  folder.write("t10k-labels-idx1-ubyte.gz", gzip(idx_labels(kTest)));
  CHECK(load_mnist(folder.path)->complete());
  folder.write("train-images-idx3-ubyte.gz", Bytes(images.begin(), images.begin() + 400));
  const std::string message = message_of<Error>([&] { load_mnist(folder.path); });
  CHECK(contains(message, "train-images-idx3-ubyte.gz is cut short"));
  folder.write("train-images-idx3-ubyte.gz", {});
  CHECK(contains(message_of<Error>([&] { load_mnist(folder.path); }), "is empty"));
}

TEST_CASE("mnist: pixels become floats by division by 255") {
  const std::vector<std::uint8_t> pixels = {0, 1, 51, 128, 255};
  std::vector<float> out(5);
  data::to_floats(pixels, out);
  CHECK(out == std::vector<float>{0.0f, 1.0f / 255.0f, 0.2f, 128.0f / 255.0f, 1.0f});
  CHECK_THROWS_AS(data::to_floats(pixels, std::span(out).first(4)), std::logic_error);
}

TEST_CASE("mnist: the real files") {
  const std::string folder = data_folder();
  if (folder.empty()) LENET_SKIP("mnist: the real files", "LENET_LAB_DATA is not set");
  if (!std::filesystem::is_directory(folder + "/mnist"))
    LENET_SKIP("mnist: the real files", "no folder mnist in LENET_LAB_DATA");
  const auto set = load_mnist(folder + "/mnist");
  CHECK(set->complete());
  CHECK(set->shape() == data::ImageShape{1, 28, 28});
  CHECK(set->train_available() == 60000);
  CHECK(set->test_available() == 10000);
  std::vector<int> train, test;
  for (int i = 0; i < 5; ++i) train.push_back(set->train_label(i));
  for (int i = 0; i < 5; ++i) test.push_back(set->test_label(i));
  CHECK(train == std::vector<int>{5, 0, 4, 1, 9});
  CHECK(test == std::vector<int>{7, 2, 1, 0, 4});
  CHECK(set->content_hash() == "222be45a3a98687d");
}
