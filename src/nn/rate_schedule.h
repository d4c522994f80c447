// How the learning rate changes over a run: a factor that multiplies η, a function of the step alone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lenet::nn {

/// Sources: step and inverse, Caffe's learning rate policies "step" and "inv"; cosine, Loshchilov & Hutter, "SGDR: stochastic
/// gradient descent with warm restarts", ICLR 2017, here without restarts.
struct RateSchedule {
  enum class Kind {
    kConstant,  ///< 1
    kStep,      ///< gamma ^ ⌊step / every⌋
    kInverse,   ///< (1 + gamma · step) ^ −power
    kCosine,    ///< ½ (1 + cos(π · step / length)), and 0 from length on
  };

  Kind kind = Kind::kConstant;
  std::uint64_t every = 1;   ///< kStep: steps between two changes
  double gamma = 1;          ///< kStep: the factor of each change; kInverse: how fast it falls
  double power = 1;          ///< kInverse
  std::uint64_t length = 1;  ///< kCosine: steps

  bool operator==(const RateSchedule&) const = default;
};

/// Throws Error that names the number unless every ≥ 1, length ≥ 1, 0 < gamma ≤ 1 (kStep) or 0 ≤ gamma ≤ 1000 (kInverse), and
/// 0 ≤ power ≤ 100. Only the numbers that the kind uses count.
void check(const RateSchedule& schedule);

/// What η is multiplied by in step `step`, counted from 0; in [0, 1]. The schedule must be one that check() passes. The same bits
/// on every platform (base/math.h).
double factor_at(const RateSchedule& schedule, std::uint64_t step);

/// Reads "constant", "step EVERY GAMMA", "inverse GAMMA POWER" or "cosine LENGTH", such as "step 1000 0.1", "inverse 0.0001 0.75"
/// (Caffe's LeNet) or "cosine 8600". Throws Error that quotes what it cannot read and lists the forms, or check()'s.
RateSchedule parse_rate_schedule(std::string_view text);

/// The text that parse_rate_schedule() reads as this schedule.
std::string to_string(const RateSchedule& schedule);

}  // namespace lenet::nn
