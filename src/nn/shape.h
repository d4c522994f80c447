// Shape of one image or one layer's activation.
#pragma once

#include <cstddef>
#include <string>

namespace lenet::nn {

/// channels × height × width of a single image's activation; a dense layer's output is n × 1 × 1.
struct Shape {
  int channels = 0;
  int height = 1;
  int width = 1;

  std::size_t size() const {
    return static_cast<std::size_t>(channels) * static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
  }
  bool operator==(const Shape&) const = default;
};

/// "20×24×24", or "500" for a vector.
std::string to_string(const Shape& shape);

}  // namespace lenet::nn
