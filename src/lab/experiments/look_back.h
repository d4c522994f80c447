// Three ways from one activation back to the pixels, side by side, and one that needs no model at all.
#pragma once

#include <array>

#include "lab/experiments/subject.h"

namespace lenet::lab {

/// In the order in which they are shown.
inline constexpr std::array<nn::BackwardRule, 3> kRules = {nn::BackwardRule::kDeconv, nn::BackwardRule::kGradient, nn::BackwardRule::kGuided};
/// "deconv", "gradient", "guided"; rule_named() throws Error that lists them.
std::string name_of(nn::BackwardRule rule);
nn::BackwardRule rule_named(const std::string& name);

struct LookBackRequest {
  UnitRef unit;
  ImageRef image;
  int occluder = 5;  ///< side of the square of the model-free check, grey, at every pixel; 1 … the image's shorter side
  bool operator==(const LookBackRequest&) const = default;
};

struct LookBackResult {
  std::uint64_t step = 0;
  UnitRef unit;
  nn::Shape input;
  std::vector<float> image;        ///< [channel][y][x]
  nn::Peak peak;                   ///< the unit's strongest activation in it
  nn::ReceptiveField field;        ///< of that activation
  std::vector<float> projections;  ///< [rule][channel][y][x], signed
  std::vector<float> drop;         ///< [y][x]: that activation (at that very place) minus what is left of it with the square at (y, x)
};

}  // namespace lenet::lab
