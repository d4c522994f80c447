// What the rest of the lab sees of a data set: labelled images that become available in file order.
//
// A data set owns its pixels. It is used from one thread at a time (the session's): a set that arrives in pieces grows, and
// the drawn set draws on first access.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace lenet::data {

/// Training images that the published sets hold out; their files begin with them.
inline constexpr int kHeldOut = 5000;

/// Size of one image; its pixels are ordered [channel][y][x].
struct ImageShape {
  int channels = 0;
  int height = 0;
  int width = 0;

  /// Pixels times channels.
  int size() const { return channels * height * width; }
  bool operator==(const ImageShape&) const = default;
};

/// Training and test images with labels. Pixels are bytes, 0 is background, [channel][y][x].
/// Images of a set that is still arriving become available in file order, and never change or move afterwards: the spans
/// stay valid as long as the data set lives.
class Dataset {
 public:
  Dataset() = default;
  Dataset(const Dataset&) = delete;
  Dataset& operator=(const Dataset&) = delete;
  virtual ~Dataset() = default;

  /// What it is called on the page and in files, such as "mnist" or "strokes".
  virtual const std::string& name() const = 0;
  /// The set that the test images are of: itself, where nothing else is said (data/tested_on.h).
  virtual const std::string& test_name() const { return name(); }
  /// Shape of every image; height and width are 0 while unknown.
  virtual ImageShape shape() const = 0;
  virtual int classes() const { return 10; }
  /// What the labels 0 … classes - 1 stand for: the digits "0" … "9" where a set says nothing else.
  virtual const std::vector<std::string>& class_names() const;

  /// Declared number of images, 0 while unknown.
  virtual int train_count() const = 0;
  virtual int test_count() const = 0;
  /// Training images 0 … held_out() - 1 are never trained on: probe images and validation.
  virtual int held_out() const { return kHeldOut; }
  /// Images 0 … available - 1 can be read, with their labels.
  virtual int train_available() const = 0;
  virtual int test_available() const = 0;

  /// Pixels and label (0 … classes - 1) of image i. Throw std::logic_error unless 0 <= i < available.
  virtual std::span<const std::uint8_t> train_image(int i) const = 0;
  virtual int train_label(int i) const = 0;
  virtual std::span<const std::uint8_t> test_image(int i) const = 0;
  virtual int test_label(int i) const = 0;

  /// Sixteen hexadecimal digits that name the content that is loaded so far: equal content, equal hash.
  virtual std::string content_hash() const = 0;
};

/// Pixels as the network sees them: value / 255, nothing subtracted. Both spans have the same length (std::logic_error).
void to_floats(std::span<const std::uint8_t> pixels, std::span<float> out);

}  // namespace lenet::data
