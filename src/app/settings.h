// Everything that decides a run's weights, apart from the data and the step numbers of later changes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nn/initializer.h"
#include "nn/optimizer.h"

namespace lenet::app {

/// Settings of one run. The first group takes effect at the next reset; the second at once, without one.
struct Settings {
  // structural
  std::string dataset = "mnist";  ///< "mnist", "cifar10" or "strokes"
  std::string preset = "wss17";   ///< a preset's name, or "custom" with `network`
  std::string network;            ///< a description for nn::parse_network(); empty for a preset
  std::uint64_t seed = 1;
  nn::Initializer initializer = nn::Initializer::kHe;
  int batch = 64;  ///< images in a minibatch, 1 … kLargestBatch; takes effect at the next step

  // live
  nn::SgdSettings sgd;
  std::vector<nn::GroupSettings> groups;  ///< per layer with parameters, in order: frozen, rate multiplier
  double steps_per_second = 0;            ///< speed limit; 0 is as fast as it goes
  int threads = 1;                        ///< that train, the session's own included; does not change a bit of the result
};

inline constexpr int kLargestBatch = 1024;
inline constexpr int kLargestThreads = 8;

/// What people call a data set: "MNIST" for "mnist". An unknown name stands for itself.
std::string title_of(const std::string& dataset);

/// The page's default: all cores up to three, all but one from four on (so that the page itself keeps one), eight at most.
int default_threads(int cores);

/// Throws Error with the setting's name and its range when a value is impossible. A large rate is allowed.
void check(const Settings& settings);

}  // namespace lenet::app
