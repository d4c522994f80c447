// Tests of data/own.h: how one's own images are split, ordered and named, and which sets are refused.
#include "data/own.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/error.h"
#include "data/batches.h"
#include "data_support.h"

using namespace lenet;
using namespace lenet::test;
using data::OwnDataset;
using data::OwnImages;

namespace {

constexpr int kSide = 8;

/// Images of 8×8 with these labels. Image i begins with its number in two bytes, so that it is known wherever it goes.
OwnImages own(const std::vector<int>& train, const std::vector<int>& test = {}, data::ImageShape shape = {1, kSide, kSide}) {
  OwnImages images{.name = "mine", .shape = shape};
  images.train_count = static_cast<int>(train.size());
  images.test_count = static_cast<int>(test.size());
  for (const auto* labels : {&train, &test}) {
    for (const int label : *labels) images.bytes.push_back(static_cast<std::byte>(label));
  }
  for (std::size_t i = 0; i < train.size() + test.size(); ++i) {
    for (int k = 0; k < shape.size(); ++k) {
      images.bytes.push_back(static_cast<std::byte>(k == 0 ? i & 0xFF : k == 1 ? i >> 8 : i * 7 + static_cast<std::size_t>(k)));
    }
  }
  return images;
}

/// `each` images of every class, one class after the other, as a folder gives them.
std::vector<int> by_class(int classes, int each) {
  std::vector<int> labels;
  for (int c = 0; c < classes; ++c) labels.insert(labels.end(), static_cast<std::size_t>(each), c);
  return labels;
}

int number(std::span<const std::uint8_t> image) { return image[0] + 256 * image[1]; }

std::string refusal(OwnImages images) {
  const std::string sentence = message_of<Error>([&] { OwnDataset set(std::move(images)); });
  CHECK(contains(sentence, "“mine”"));
  CHECK(sentence.back() == '.');
  return sentence;
}

std::map<int, int> count_labels(const OwnDataset& set, int from, int to) {
  std::map<int, int> counts;
  for (int i = from; i < to; ++i) ++counts[set.train_label(i)];
  return counts;
}

}  // namespace

TEST_CASE("own data: one list is split into training, held-out and test images, each with its share of every class") {
  const std::vector<int> labels = by_class(3, 60);
  const OwnDataset set(own(labels));
  CHECK(set.name() == "own");
  CHECK(set.title() == "mine");
  CHECK(set.test_count() == 30);
  CHECK(set.train_count() == 150);
  CHECK(set.held_out() == 15);
  CHECK(data::epoch_size(set.train_count(), set.held_out()) == 135);

  std::map<int, int> tested;
  std::set<int> seen;
  for (int i = 0; i < set.test_count(); ++i) {
    ++tested[set.test_label(i)];
    seen.insert(number(set.test_image(i)));
    CHECK(labels[static_cast<std::size_t>(number(set.test_image(i)))] == set.test_label(i));
  }
  CHECK(tested == std::map<int, int>{{0, 10}, {1, 10}, {2, 10}});
  CHECK(count_labels(set, 0, 15) == std::map<int, int>{{0, 5}, {1, 5}, {2, 5}});
  CHECK(count_labels(set, 15, 150) == std::map<int, int>{{0, 45}, {1, 45}, {2, 45}});
  for (int i = 0; i < set.train_count(); ++i) {
    seen.insert(number(set.train_image(i)));
    CHECK(labels[static_cast<std::size_t>(number(set.train_image(i)))] == set.train_label(i));
  }
  CHECK(seen.size() == 180);  // every image once
  // No long row of one class is left for the first batches.
  CHECK(count_labels(set, 15, 47).size() == 3);
}

TEST_CASE("own data: given test images stay test images, and only those") {
  const OwnDataset set(own(by_class(2, 20), by_class(2, 3)));
  CHECK(set.train_count() == 40);
  CHECK(set.test_count() == 6);
  CHECK(set.held_out() == 4);
  std::set<int> tested;
  for (int i = 0; i < 6; ++i) tested.insert(number(set.test_image(i)));
  CHECK(tested == std::set<int>{40, 41, 42, 43, 44, 45});
}

TEST_CASE("own data: no more are held out than of the published sets") {
  const OwnDataset set(own(by_class(10, 6000), by_class(10, 1)));
  CHECK(set.held_out() == 5000);
  CHECK(count_labels(set, 0, 5000)[9] == 500);
  CHECK(OwnDataset(own(by_class(10, 4000), by_class(10, 1))).held_out() == 4000);
}

TEST_CASE("own data: equal files make the same set in the same order; anything else another hash") {
  const OwnImages images = own(by_class(4, 12));
  const OwnDataset a(images), b(images);
  CHECK(a.content_hash() == b.content_hash());
  CHECK(a.content_hash().size() == 16);
  for (int i = 0; i < a.train_count(); ++i) CHECK(number(a.train_image(i)) == number(b.train_image(i)));

  std::set<std::string> hashes = {a.content_hash()};
  OwnImages other = images;
  other.bytes.back() ^= std::byte{1};
  hashes.insert(OwnDataset(other).content_hash());
  other = images;
  other.bytes[0] = std::byte{1};  // a label
  hashes.insert(OwnDataset(other).content_hash());
  other = images;
  other.classes = {"a", "b", "c", "d"};
  hashes.insert(OwnDataset(other).content_hash());
  other = images;
  other.train_count -= 8;
  other.test_count = 8;
  hashes.insert(OwnDataset(other).content_hash());
  CHECK(hashes.size() == 5);
  other = images;
  other.name = "another name";
  CHECK(OwnDataset(other).content_hash() == a.content_hash());
}

TEST_CASE("own data: classes have the names that were given, numbers otherwise, and are ten at least") {
  OwnImages images = own(by_class(3, 6));
  CHECK(OwnDataset(images).class_names() == std::vector<std::string>{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"});
  images.classes = {"ant", "bee", "cat"};
  const OwnDataset named(images);
  CHECK(named.classes() == 10);
  CHECK(named.class_names() == std::vector<std::string>{"ant", "bee", "cat", "–", "–", "–", "–", "–", "–", "–"});
  images.classes.push_back("a class without images");
  CHECK(OwnDataset(images).class_names()[3] == "a class without images");

  const OwnDataset letters(own(by_class(26, 4)));
  CHECK(letters.classes() == 26);
  CHECK(letters.class_names().back() == "25");
}

TEST_CASE("own data: colour, other sizes, and sides that differ") {
  const OwnDataset colour(own(by_class(2, 9), {}, {3, 32, 32}));
  CHECK(colour.shape() == data::ImageShape{3, 32, 32});
  CHECK(colour.train_image(0).size() == 3072);
  const OwnDataset wide(own(by_class(2, 9), {}, {1, 8, 64}));
  CHECK(wide.shape() == data::ImageShape{1, 8, 64});
  CHECK(contains(refusal(own(by_class(2, 9), {}, {1, 7, 28})), "7 × 28 pixels"));
  CHECK(contains(refusal(own(by_class(2, 9), {}, {1, 28, 65})), "28 × 65 pixels"));
  CHECK(contains(refusal(own(by_class(2, 9), {}, {2, 28, 28})), "2 channels"));
}

TEST_CASE("own data: the smallest set trains; a smaller one is refused") {
  const OwnDataset nine(own({0, 1, 0, 1, 0, 1, 0, 1, 0}));
  CHECK(nine.test_count() == 1);
  CHECK(nine.train_count() == 8);
  CHECK(nine.held_out() == 1);
  CHECK(contains(refusal(own({0, 1, 0, 1, 0, 1, 0, 1})), "at least 9 are needed"));
  CHECK(contains(refusal(own({0, 1, 0, 1, 0, 1, 0}, {0, 1})), "has 7 images to train on; at least 8"));
  CHECK(contains(refusal(own({})), "has 0 images to train on and to test with"));
}

TEST_CASE("own data: labels that fit no class, and a single class, are refused by number and name") {
  OwnImages images = own(by_class(3, 9));
  images.classes = {"a", "b"};
  CHECK(contains(refusal(images), "its training image 18 the label 2, but has 2 classes, 0 to 1"));
  images = own(by_class(2, 9), {0, 5});
  images.classes = {"a", "b"};
  CHECK(contains(refusal(images), "its test image 1 the label 5"));
  images = own(by_class(1, 20), {0, 1});
  images.classes = {"only this", "none of these"};
  CHECK(contains(refusal(images), "of the class only this only"));
  images = own({0, 100, 0, 1, 0, 1, 0, 1, 0});
  CHECK(contains(refusal(images), "101 classes; 100 are the most"));
}

TEST_CASE("own data: what is too large is refused before anybody counts its bytes, and wrong sizes are") {
  OwnImages images = own(by_class(2, 9));
  images.train_count = 5'000'000;
  CHECK(contains(refusal(images), "of which 3145728 fit into the 192 MiB"));
  images.train_count = 2147483647;
  images.test_count = 2147483647;
  CHECK(contains(refusal(images), "MiB"));
  images.train_count = -1;
  CHECK(contains(refusal(images), "less than no images"));
  images = own(by_class(2, 9));
  images.bytes.pop_back();
  CHECK(contains(refusal(images), "should come with 1170 bytes"));
  images.name.clear();
  CHECK(contains(message_of<Error>([&] { OwnDataset set(images); }), "needs a name"));
}
