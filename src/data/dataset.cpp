#include "data/dataset.h"

#include <stdexcept>

namespace lenet::data {

const std::vector<std::string>& Dataset::class_names() const {
  static const std::vector<std::string> digits = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
  return digits;
}

void to_floats(std::span<const std::uint8_t> pixels, std::span<float> out) {
  if (pixels.size() != out.size()) throw std::logic_error("to_floats: the lengths differ");
  // A division, not a multiplication by 1/255: it is correctly rounded, as in PyTorch's ToTensor.
  for (std::size_t i = 0; i < pixels.size(); ++i) out[i] = static_cast<float>(pixels[i]) / 255.0f;
}

}  // namespace lenet::data
