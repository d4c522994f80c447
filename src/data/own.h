// A data set of one's own: images and labels that somebody brings, all at once.
//
// The order in which people's files come is often by class, so the set has one of its own, a function of the images and labels alone.
// By class, every sixth image is a test image where none were given as such; every tenth of the others (of more than 50,000 so few
// that it is 5,000 at the most) is held out and comes first, as in the published sets; each of the three parts is then shuffled.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.h"

namespace lenet::data {

/// What somebody brings, as it comes.
struct OwnImages {
  std::string name = {};                  ///< what people call the set, up to kLongestName bytes
  ImageShape shape = {};                  ///< of every image
  std::vector<std::string> classes = {};  ///< by label; "0", "1", … where it is empty
  int train_count = 0;
  int test_count = 0;                 ///< 0: some of the others are taken
  std::vector<std::byte> bytes = {};  ///< a label for each image, training first; then their pixels, [image][channel][y][x]
};

class OwnDataset final : public Dataset {
 public:
  static constexpr int kShortestSide = 8, kLongestSide = 64;
  static constexpr int kFewestTrained = 8;  ///< training images, the one held out included
  static constexpr int kMostClasses = 100;
  /// Of pixels: all of CIFAR-10, and the page's 1 GiB has room for the set before, this one and a copy on its way.
  static constexpr std::size_t kMostBytes = std::size_t{192} << 20;
  static constexpr std::size_t kLongestName = 200;                   ///< bytes
  static constexpr int kTestOneIn = 6, kHoldOutOneIn = 10;

  /// Takes the images over. Throws Error, with a sentence that begins with the set's name, when there are too few or too many, a side is
  /// out of range, a label has no class, all labels are the same, or the bytes are not as many as the numbers say.
  explicit OwnDataset(OwnImages images);

  const std::string& name() const override { return key_; }
  /// What its owner calls it.
  const std::string& title() const { return images_.name; }
  ImageShape shape() const override { return images_.shape; }
  int classes() const override { return static_cast<int>(images_.classes.size()); }
  /// At least ten, so that the networks of the digits fit: classes that nobody named are "–".
  const std::vector<std::string>& class_names() const override { return images_.classes; }
  int train_count() const override { return static_cast<int>(train_.size()); }
  int test_count() const override { return static_cast<int>(test_.size()); }
  int held_out() const override { return held_out_; }
  int train_available() const override { return train_count(); }
  int test_available() const override { return test_count(); }
  std::span<const std::uint8_t> train_image(int i) const override { return pixels(at(train_, i)); }
  int train_label(int i) const override { return label(at(train_, i)); }
  std::span<const std::uint8_t> test_image(int i) const override { return pixels(at(test_, i)); }
  int test_label(int i) const override { return label(at(test_, i)); }
  /// Of images, labels, class names and how they came apart; not of the set's name.
  std::string content_hash() const override { return hash_; }

 private:
  using Order = std::vector<std::uint32_t>;  ///< places in what was brought

  int count() const { return images_.train_count + images_.test_count; }
  int label(std::uint32_t place) const { return std::to_integer<int>(images_.bytes[place]); }
  std::span<const std::uint8_t> pixels(std::uint32_t place) const;
  /// Throws std::logic_error unless 0 <= i < size.
  static std::uint32_t at(const Order& order, int i);

  [[noreturn]] void refuse(const std::string& what) const;
  void check_numbers() const;
  void name_classes();
  void check_labels() const;
  void arrange();
  std::string make_hash() const;

  std::string key_ = "own";
  OwnImages images_;
  Order train_, test_;
  int held_out_ = 0;
  std::string hash_;
};

}  // namespace lenet::data
