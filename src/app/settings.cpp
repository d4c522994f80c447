#include "app/settings.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/error.h"

namespace lenet::app {
namespace {

void check_range(double value, double low, double high, const char* what) {
  if (std::isfinite(value) && value >= low && value <= high) return;
  const auto text = [](double number) {
    char digits[32];
    std::snprintf(digits, sizeof(digits), "%g", number);
    return std::string(digits);
  };
  throw Error(std::string("The ") + what + " must be a number between " + text(low) + " and " + text(high) + ".");
}

}  // namespace

std::string title_of(const std::string& dataset) {
  return dataset == "mnist" ? "MNIST" : dataset == "cifar10" ? "CIFAR-10" : dataset == "strokes" ? "Strokes set" : dataset;
}

int default_threads(int cores) { return std::clamp(cores <= 3 ? cores : cores - 1, 1, kLargestThreads); }

void check(const Settings& settings) {
  check_range(settings.sgd.rate, 0, 1e30, "learning rate");
  check_range(settings.sgd.momentum, 0, 1, "momentum");
  check_range(settings.sgd.decay, 0, 1e6, "weight decay");
  check_range(settings.batch, 1, kLargestBatch, "batch size");
  check_range(settings.threads, 1, kLargestThreads, "number of threads");
  check_range(settings.steps_per_second, 0, 1e6, "speed");
  for (const nn::GroupSettings& group : settings.groups) check_range(group.multiplier, 0, 1e6, "rate multiplier");
}

}  // namespace lenet::app
