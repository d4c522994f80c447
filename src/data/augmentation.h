// Changing training images a little, so that a network sees each one in many places: whole-pixel shifts and mirror images.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "data/dataset.h"

namespace lenet::data {

/// The largest shift, in pixels.
inline constexpr int kLargestShift = 16;

/// What may happen to a training image.
struct Augmentation {
  int shift = 0;      ///< pixels: up to so many, in x and in y; 0 … kLargestShift
  bool flip = false;  ///< left and right change places, with probability ½

  bool none() const { return shift == 0 && !flip; }
  bool operator==(const Augmentation&) const = default;
};

/// Writes a changed copy of `image`: moved by a whole number of pixels in x and in y, each uniform in −shift … shift, with 0 where
/// nothing was, then mirrored or not; all channels alike. What happens is a function of seed, epoch, `index` (the training image's)
/// and the settings only, and whether it is mirrored does not depend on the shift. `image` and `out` hold shape.size() bytes
/// (std::logic_error) and must not overlap. Allocates nothing.
void augment(std::span<const std::uint8_t> image, ImageShape shape, const Augmentation& augmentation, std::uint64_t seed,
             std::uint32_t epoch, std::uint32_t index, std::span<std::uint8_t> out);

/// Reads "none", "shift 2", "flip", or "shift 4, flip" in either order. Throws Error that quotes what it cannot read and lists the
/// forms, or that names a shift that is too large.
Augmentation parse_augmentation(std::string_view text);

/// The text that parse_augmentation() reads as this one.
std::string to_string(const Augmentation& augmentation);

}  // namespace lenet::data
