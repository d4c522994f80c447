// The comparisons that the sources suggest, ready to run.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lab/recipe.h"

namespace lenet::app {

struct Comparison {
  std::string key;    ///< in links and scripts: "frozen"
  std::string title;  ///< "WSS17: frozen or not"
  std::string question;  ///< a sentence or two: what it asks, and who found what
  std::vector<lab::ArmPatch> arms;  ///< the first is what the others are compared with
};

/// In the order in which they are offered.
const std::vector<Comparison>& comparisons();

/// Throws Error that lists the known keys.
const Comparison& comparison(std::string_view key);

}  // namespace lenet::app
