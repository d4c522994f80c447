// What a session is told to do: which data, which run, and how fast.
#pragma once

#include <cstdint>
#include <string>

#include "lab/recipe.h"

namespace lenet::app {

struct Settings {
  std::string dataset = "mnist";  ///< "mnist", "cifar10", "strokes" or kOwnData
  std::uint64_t seed = 1;
  lab::Recipe recipe;           ///< what a rewind starts with
  double steps_per_second = 0;  ///< speed limit; 0 is as fast as it goes
  int threads = 1;              ///< that train, the session's own included; does not change a bit of the result
};

/// The data set that somebody brings (data/own.h).
inline constexpr const char* kOwnData = "own";

inline constexpr int kLargestThreads = 8;

/// What people call a data set: "MNIST" for "mnist". An unknown name stands for itself.
std::string title_of(const std::string& dataset);

/// The page's default: all cores up to three, all but one from four on (so that the page itself keeps one), eight at most.
int default_threads(int cores);

/// Throws Error with the setting's name and its range when a value is impossible. A large rate is allowed.
void check(const Settings& settings);

}  // namespace lenet::app
