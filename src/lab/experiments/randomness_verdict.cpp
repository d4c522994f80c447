// The measures of lab/experiments/randomness.h in words: what they say, and what they cannot say.
#include <cmath>
#include <cstdarg>
#include <cstdio>

#include "lab/experiments/randomness.h"

namespace lenet::lab {
namespace {

constexpr double kHardly = 0.02;                            // of the initial size
constexpr double kStandardErrors = 3;                       // from where a mean percentile is not that of random kernels
constexpr double kLargeUpdate = 1e-2, kSmallUpdate = 1e-4;  // around the rule of thumb of 1e-3

[[gnu::format(printf, 1, 2)]] std::string print(const char* format, ...) {
  char text[400];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(text, sizeof(text), format, arguments);
  va_end(arguments);
  return text;
}

/// "0.023 %", "4.1 %", "120 %"
std::string percent(double share) {
  const double value = 100 * share;
  return print(value >= 99.5 ? "%.0f %%" : value >= 0.995 ? "%.1f %%" : "%.2g %%", value);
}

/// 1,000
std::string many(int count) { return count < 1000 ? std::to_string(count) : print("%d,%03d", count / 1000, count % 1000); }

const char* is_or_are(int count) { return count == 1 ? "is" : "are"; }

std::string movement_text(const LayerMeasures& layer) {
  const Movement& moved = layer.movement;
  if (std::isnan(moved.changed)) return "Where it began is not known. ";
  if (moved.changed == 0) return "It is where it began: W = W₀. ";
  const std::string size =
      print("‖W − W₀‖ is %s of ‖W₀‖, the cosine between them %.3f. ", percent(moved.changed).c_str(), moved.cosine);
  if (moved.changed < kHardly) return "It has hardly moved: " + size;
  return (moved.cosine > 0.9 ? "It has moved, and most of what it began with is still there: " : "It has moved a long way: ") +
         size;
}

std::string smoothness_text(const LayerMeasures& layer) {
  if (layer.counted == 0) return "";
  const double distance = (layer.mean_percentile - 50) / layer.standard_error;
  const std::string figures =
      print("mean percentile %.0f (random kernels: 50 ± %.1f), %s of them above the 95th (random: 5 %%), n = %s. ",
            layer.mean_percentile, layer.standard_error, percent(layer.above_95).c_str(), many(layer.counted).c_str());
  if (distance > kStandardErrors) return "Its kernels are smoother than random ones: " + figures;
  if (distance < -kStandardErrors) return "Its kernels are rougher than random ones: " + figures;
  const bool moved = layer.movement.changed >= kHardly;
  return "By their smoothness its kernels cannot be told from random ones: " + figures +
         (moved ? "They can have learned all the same: smoothness is one way to see it, and other ways are the feature maps. "
                : "");
}

std::string update_text(const LayerMeasures& layer) {
  const double ratio = layer.movement.update_ratio;
  if (std::isnan(ratio)) return "";
  if (ratio == 0) return "The last step did not change it. ";
  const std::string size = print("The last step changed it by %s of its size", percent(ratio).c_str());
  if (ratio > kLargeUpdate) return size + "; the rule of thumb is 0.1 %, so the learning rate may be too large. ";
  if (ratio < kSmallUpdate)
    return size + "; the rule of thumb is 0.1 %, so the rate may be too small, or little is left to learn. ";
  return size + " (rule of thumb: about 0.1 %). ";
}

std::string trouble_text(const LayerMeasures& layer, int images) {
  const int all = static_cast<int>(layer.filters.size());
  std::string text;
  if (layer.dead > 0)
    text += print("%d of %d units %s dead: 0 on all of %s held-out images. ", layer.dead, all, is_or_are(layer.dead),
                  many(images).c_str());
  if (layer.near_constant > 0)
    text += print("%d of %d filters %s nearly constant. ", layer.near_constant, all, is_or_are(layer.near_constant));
  if (layer.two_valued > 0)
    text += print("%d of %d filters %s only two values. ", layer.two_valued, all, layer.two_valued == 1 ? "has" : "have");
  return text;
}

}  // namespace

std::string verdict_of(const LayerMeasures& layer, int images) {
  if (!std::isfinite(layer.rms)) return "Its weights are not all finite numbers: the run has diverged.";
  std::string text = movement_text(layer) + smoothness_text(layer) + update_text(layer) + trouble_text(layer, images);
  text.pop_back();  // the last space
  return text;
}

std::string verdict_of(const RandomnessResult& result) {
  std::string start =
      result.initial_loaded ? "The run began with loaded weights: W₀ are those, and how they came about is not seen here. " : "";
  if (result.step == 0 && !result.initial_loaded) start = "At step 0 these are the initial weights themselves. ";
  return start +
         "Filters that look like noise can mean too little training, too little weight decay, or a learning rate that is too small "
         "or too "
         "large. They can also be fine: on MNIST a net does well with random conv filters too. So hold the accuracy against that "
         "of a twin with "
         "frozen convs, and look at the feature maps, before you call a filter bad.";
}

}  // namespace lenet::lab
