#include "data/own.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "base/error.h"
#include "base/hash.h"
#include "base/random.h"

namespace lenet::data {
namespace {

constexpr std::size_t kFewestClasses = 10;
constexpr std::uint64_t kOrderSeed = 1;  // one order for everybody: a run's seed is for the run

/// Which part a random order is for.
enum class Part : std::uint32_t { kAll, kHeldOut, kTrained, kTest };

void shuffle_part(std::span<std::uint32_t> order, Part part) {
  RandomStream random(kOrderSeed, Purpose::kOwnData, static_cast<std::uint32_t>(part));
  shuffle(order, random);
}

/// Takes every `stride`-th out of `order`, and gives those.
std::vector<std::uint32_t> take_every(std::size_t stride, std::vector<std::uint32_t>& order) {
  std::vector<std::uint32_t> taken, left;
  for (std::size_t i = 0; i < order.size(); ++i) (i % stride == stride / 2 ? taken : left).push_back(order[i]);
  order = std::move(left);
  return taken;
}

}  // namespace

OwnDataset::OwnDataset(OwnImages images) : images_(std::move(images)) {
  check_numbers();
  name_classes();
  check_labels();
  while (images_.classes.size() < kFewestClasses) images_.classes.push_back("–");
  arrange();
  hash_ = make_hash();
}

std::span<const std::uint8_t> OwnDataset::pixels(std::uint32_t place) const {
  const auto size = static_cast<std::size_t>(images_.shape.size());
  const std::byte* first = images_.bytes.data() + static_cast<std::size_t>(count()) + place * size;
  return {reinterpret_cast<const std::uint8_t*>(first), size};
}

std::uint32_t OwnDataset::at(const Order& order, int i) {
  if (i < 0 || static_cast<std::size_t>(i) >= order.size()) throw std::logic_error("OwnDataset: no such image");
  return order[static_cast<std::size_t>(i)];
}

void OwnDataset::refuse(const std::string& what) const { throw Error("“" + images_.name + "” " + what); }

void OwnDataset::check_numbers() const {
  const OwnImages& i = images_;
  if (i.name.empty() || i.name.size() > kLongestName) {
    throw Error("A data set of one's own needs a name of at most " + std::to_string(kLongestName) + " bytes.");
  }
  if (i.shape.channels != 1 && i.shape.channels != 3) {
    refuse("has images of " + std::to_string(i.shape.channels) + " channels; they need 1 (grey) or 3 (red, green, blue).");
  }
  if (std::min(i.shape.height, i.shape.width) < kShortestSide || std::max(i.shape.height, i.shape.width) > kLongestSide) {
    refuse("has images of " + std::to_string(i.shape.height) + " × " + std::to_string(i.shape.width) + " pixels; each side needs " +
           std::to_string(kShortestSide) + " to " + std::to_string(kLongestSide) + ". Scale them first.");
  }
  if (i.train_count < 0 || i.test_count < 0) refuse("cannot have less than no images.");
  const std::size_t images = static_cast<std::size_t>(i.train_count) + static_cast<std::size_t>(i.test_count);
  const std::size_t size = static_cast<std::size_t>(i.shape.size());
  if (images > kMostBytes / size) {
    refuse("has " + std::to_string(images) + " images, of which " + std::to_string(kMostBytes / size) + " fit into the " +
           std::to_string(kMostBytes >> 20) + " MiB that there is room for. Take fewer or smaller ones.");
  }
  const int spent = i.test_count == 0 ? (i.train_count + kTestOneIn - 1 - kTestOneIn / 2) / kTestOneIn : 0;
  if (i.train_count - spent < kFewestTrained) {
    refuse("has " + std::to_string(i.train_count) + " images to train on" + (i.test_count == 0 ? " and to test with" : "") + "; at least " +
           std::to_string(kFewestTrained + (i.test_count == 0 ? 1 : 0)) + " are needed. Add some.");
  }
  if (i.bytes.size() != images * (1 + size)) {
    refuse("should come with " + std::to_string(images * (1 + size)) + " bytes, a label and " + std::to_string(size) +
           " pixels for each of " + std::to_string(images) + " images; it has " + std::to_string(i.bytes.size()) + ".");
  }
}

void OwnDataset::name_classes() {
  std::vector<std::string>& names = images_.classes;
  if (names.empty()) {
    const std::span labels = std::span(images_.bytes).first(static_cast<std::size_t>(count()));
    const int largest = std::to_integer<int>(*std::max_element(labels.begin(), labels.end()));
    for (int i = 0; i <= largest || names.size() < kFewestClasses; ++i) names.push_back(std::to_string(i));
  }
  if (names.size() > kMostClasses) {
    refuse("has " + std::to_string(names.size()) + " classes; " + std::to_string(kMostClasses) +
           " are the most that this page shows.");
  }
}

void OwnDataset::check_labels() const {
  std::array<bool, 256> trained{};
  for (int i = 0; i < count(); ++i) {
    const int found = label(static_cast<std::uint32_t>(i));
    const bool trains = i < images_.train_count;
    if (found >= classes()) {
      refuse("gives its " + std::string(trains ? "training" : "test") + " image " +
             std::to_string(trains ? i : i - images_.train_count) + " the label " + std::to_string(found) + ", but has " +
             std::to_string(classes()) + " classes, 0 to " + std::to_string(classes() - 1) + ". Correct the label.");
    }
    if (trains) trained[static_cast<std::size_t>(found)] = true;
  }
  if (std::count(trained.begin(), trained.end(), true) < 2) {
    refuse("has training images of the class " + images_.classes[static_cast<std::size_t>(label(0))] +
           " only, and nothing to tell apart. Add images of another class.");
  }
}

void OwnDataset::arrange() {
  Order all(static_cast<std::size_t>(count()));
  std::iota(all.begin(), all.end(), 0u);
  const auto trained = all.begin() + images_.train_count;
  test_.assign(trained, all.end());
  all.erase(trained, all.end());
  shuffle_part(all, Part::kAll);
  std::vector<Order> by_class(static_cast<std::size_t>(classes()));
  for (const std::uint32_t place : all) by_class[static_cast<std::size_t>(label(place))].push_back(place);
  for (const Order& order : by_class) train_.insert(train_.end(), order.begin(), order.end());
  if (test_.empty()) test_ = take_every(kTestOneIn, train_);
  const std::size_t few_enough = (train_.size() + kHeldOut - 1) / kHeldOut;
  Order held_out = take_every(std::max<std::size_t>(kHoldOutOneIn, few_enough), train_);
  shuffle_part(held_out, Part::kHeldOut);
  shuffle_part(train_, Part::kTrained);
  shuffle_part(test_, Part::kTest);
  held_out_ = static_cast<int>(held_out.size());
  train_.insert(train_.begin(), held_out.begin(), held_out.end());
}

std::string OwnDataset::make_hash() const {
  Hash hash;
  const ImageShape& shape = images_.shape;
  const std::array<std::int32_t, 5> numbers = {shape.channels, shape.height, shape.width, images_.train_count, images_.test_count};
  for (const std::int32_t number : numbers) {
    const std::string text = std::to_string(number) + ' ';
    hash.add_values(std::span<const char>(text));
  }
  for (const std::string& name : images_.classes) hash.add_values(std::span<const char>(name.c_str(), name.size() + 1));
  hash.add(images_.bytes);
  return hash.text();
}

}  // namespace lenet::data
