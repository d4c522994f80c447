// Groups of controls that a teacher's link may leave out. What they do stays possible for scripts.
#pragma once

#include <array>

namespace lenet::ui {

enum class Control {
  kSpeed,      ///< the speed limit
  kStructure,  ///< data set, network, initial weights, seed
  kLive,       ///< rate, momentum, decay, batch
  kFreeze,     ///< freeze toggles and rate multipliers of the layers
  kSave,       ///< files of weights, curves, pictures and tables
  kCompare,    ///< the way to the Compare lab
  kLabs,       ///< the ways to the labs that look inside
  kTimeline,   ///< the past
  kColors,     ///< palette and scale
  kLessons,    ///< the ways from the labs to their lessons
};

/// For scripts and links, in the order of Control.
inline constexpr std::array<const char*, 10> kControlWords = {"speed",   "structure", "live",     "freeze", "save",
                                                              "compare", "labs",      "timeline", "colors", "lessons"};

}  // namespace lenet::ui
