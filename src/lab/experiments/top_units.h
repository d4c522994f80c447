// The nine strongest images of every unit of a layer, and what the unit sees in them (Zeiler & Fergus 2014, Fig. 2).
#pragma once

#include <memory>

#include "lab/experiments/subject.h"

namespace lenet::lab {

inline constexpr int kTop = 9;
inline constexpr int kMostProbeImages = 5000;  ///< as many as are held out (data::kHeldOut)

struct TopRequest {
  std::string layer;
  int images = 1000;  ///< held-out images to search, 9 … 5,000; fewer where the set has fewer
  nn::BackwardRule rule = nn::BackwardRule::kDeconv;
  bool operator==(const TopRequest&) const = default;
};

/// Where a unit answers strongly: an image of the training file, and the place in its map.
struct Winner {
  int image = -1;
  nn::Peak peak;
};

struct TopResult {
  std::uint64_t step = 0;  ///< whose weights were searched with
  std::string layer;
  nn::BackwardRule rule = nn::BackwardRule::kDeconv;
  int images = 0;          ///< searched
  nn::Shape input;         ///< of the network
  Window window;           ///< height and width of what a unit sees
  std::vector<std::vector<Winner>> winners;  ///< by unit, strongest first, at most nine, one per image; none for a unit that is 0 everywhere
  std::vector<float> patches;                ///< [unit][nine][channel][height][width] of the windows; zeros where there is no winner
  std::vector<float> projections;            ///< likewise, signed
};

}  // namespace lenet::lab
