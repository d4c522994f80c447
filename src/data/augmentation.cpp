#include "data/augmentation.h"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <vector>

#include "base/error.h"
#include "base/random.h"
#include "base/text.h"

namespace lenet::data {
namespace {

/// Uniform in −shift … shift.
int draw_shift(RandomStream& random, int shift) {
  return static_cast<int>(random.below(static_cast<std::uint32_t>(2 * shift + 1))) - shift;
}

/// Copies one line, moved to the right by dx; 0 where nothing was.
void shift_line(std::span<const std::uint8_t> from, int dx, std::span<std::uint8_t> to) {
  const std::ptrdiff_t width = std::ssize(from);
  const std::ptrdiff_t left = std::clamp<std::ptrdiff_t>(dx, 0, width), right = std::clamp<std::ptrdiff_t>(-dx, 0, width);
  std::fill(to.begin(), to.end(), std::uint8_t{0});
  if (left + right < width) std::copy(from.begin() + right, from.end() - left, to.begin() + left);
}

/// Adds one part, "flip" or "shift 2"; false where it is neither, or is there already.
bool add_part(std::string_view part, Augmentation& augmentation, bool& has_shift) {
  const std::vector<std::string_view> words = split(part, " \t");
  if (words.size() == 1 && words[0] == "flip" && !augmentation.flip) {
    augmentation.flip = true;
    return true;
  }
  const std::optional<int> shift = words.size() == 2 && words[0] == "shift" ? read_whole<int>(words[1]) : std::nullopt;
  if (!shift || has_shift) return false;
  augmentation.shift = *shift;
  has_shift = true;
  return true;
}

}  // namespace

void augment(std::span<const std::uint8_t> image, ImageShape shape, const Augmentation& augmentation, std::uint64_t seed,
             std::uint32_t epoch, std::uint32_t index, std::span<std::uint8_t> out) {
  const std::size_t size = static_cast<std::size_t>(shape.size()), width = static_cast<std::size_t>(shape.width);
  if (image.size() != size || out.size() != size) throw std::logic_error("augment: sizes differ");
  RandomStream random(seed, Purpose::kAugmentation, epoch, index);
  const bool mirrored = random.below(2) == 1 && augmentation.flip;
  const int dx = draw_shift(random, augmentation.shift), dy = draw_shift(random, augmentation.shift);
  for (int c = 0; c < shape.channels; ++c)
    for (int y = 0; y < shape.height; ++y) {
      const std::span<std::uint8_t> to = out.subspan(static_cast<std::size_t>(c * shape.height + y) * width, width);
      const int from = y - dy;
      if (from < 0 || from >= shape.height) {
        std::fill(to.begin(), to.end(), std::uint8_t{0});
        continue;
      }
      shift_line(image.subspan(static_cast<std::size_t>(c * shape.height + from) * width, width), dx, to);
      if (mirrored) std::reverse(to.begin(), to.end());
    }
}

Augmentation parse_augmentation(std::string_view text) {
  Augmentation augmentation;
  if (split(text, " \t") == std::vector<std::string_view>{"none"}) return augmentation;
  const std::vector<std::string_view> parts = split(text, ",");
  bool good = !parts.empty(), has_shift = false;
  for (const std::string_view part : parts) good = good && add_part(part, augmentation, has_shift);
  if (!good) {
    throw Error("Augmentation: cannot read “" + std::string(text) +
                "”. Known forms: none, shift PIXELS, flip, or both, as in “shift 2, flip”.");
  }
  if (augmentation.shift < 0 || augmentation.shift > kLargestShift) {
    throw Error("Augmentation: the shift is " + std::to_string(augmentation.shift) + " pixels, but must lie between 0 and " +
                std::to_string(kLargestShift) + ".");
  }
  return augmentation;
}

std::string to_string(const Augmentation& augmentation) {
  if (augmentation.none()) return "none";
  const std::string shift = augmentation.shift > 0 ? "shift " + std::to_string(augmentation.shift) : "";
  if (!augmentation.flip) return shift;
  return shift.empty() ? "flip" : shift + ", flip";
}

}  // namespace lenet::data
