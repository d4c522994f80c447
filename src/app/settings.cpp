#include "app/settings.h"

#include <algorithm>

namespace lenet::app {

std::string title_of(const std::string& dataset) {
  if (dataset == kOwnData) return "Your own data";
  return dataset == "mnist" ? "MNIST" : dataset == "cifar10" ? "CIFAR-10" : dataset == "strokes" ? "Strokes set" : dataset;
}

int default_threads(int cores) { return std::clamp(cores <= 3 ? cores : cores - 1, 1, kLargestThreads); }

void check(const Settings& settings) {
  lab::check(settings.recipe);
  lab::check_range(settings.threads, 1, kLargestThreads, "number of threads");
  lab::check_range(settings.steps_per_second, 0, 1e6, "speed");
}

}  // namespace lenet::app
