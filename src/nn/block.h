// Images in and out of the block layout (nn/lanes.h).
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "nn/lanes.h"
#include "nn/shape.h"

namespace lenet::nn {

/// Writes image `lane` of a block; `pixels` is [channel][y][x].
template <class T, class U>
void set_image(const Shape& shape, std::span<const U> pixels, int lane, T* block) {
  const std::size_t area = shape.size() / static_cast<std::size_t>(shape.channels);
  const std::size_t channels = static_cast<std::size_t>(shape.channels);
  for (std::size_t c = 0; c < channels; ++c)
    for (std::size_t p = 0; p < area; ++p) {
      T value;
      if constexpr (std::is_same_v<U, std::uint8_t>) {
        value = static_cast<T>(pixels[c * area + p]) / T(255);  // the recipe: pixel / 255, nothing subtracted
      } else {
        value = static_cast<T>(pixels[c * area + p]);
      }
      block[(p * channels + c) * kLanes + static_cast<std::size_t>(lane)] = value;
    }
}

/// Reads image `lane` of a block as [channel][y][x].
template <class T>
std::vector<T> get_image(const Shape& shape, const T* block, int lane) {
  const std::size_t area = shape.size() / static_cast<std::size_t>(shape.channels);
  const std::size_t channels = static_cast<std::size_t>(shape.channels);
  std::vector<T> pixels(shape.size());
  for (std::size_t c = 0; c < channels; ++c)
    for (std::size_t p = 0; p < area; ++p) pixels[c * area + p] = block[(p * channels + c) * kLanes + static_cast<std::size_t>(lane)];
  return pixels;
}

/// Sets image `lane` to zero.
template <class T>
void clear_image(const Shape& shape, int lane, T* block) {
  for (std::size_t i = 0; i < shape.size(); ++i) block[i * kLanes + static_cast<std::size_t>(lane)] = T(0);
}

}  // namespace lenet::nn
