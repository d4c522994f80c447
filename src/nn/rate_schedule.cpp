#include "nn/rate_schedule.h"

#include <cmath>
#include <optional>
#include <vector>

#include "base/error.h"
#include "base/math.h"
#include "base/text.h"

namespace lenet::nn {
namespace {

using Kind = RateSchedule::Kind;

/// base ^ exponent in some log2(exponent) squarings: a step count may be large.
double integer_power(double base, std::uint64_t exponent) {
  double result = 1;
  for (; exponent > 0; exponent >>= 1) {
    if (exponent & 1) result *= base;
    base *= base;
  }
  return result;
}

/// base ^ −exponent for base ≥ 1, exponent ≥ 0.
double inverse_power(double base, double exponent) {
  const bool whole = exponent == std::floor(exponent);
  return whole ? 1 / integer_power(base, static_cast<std::uint64_t>(exponent)) : lenet::exp(-exponent * lenet::log(base));
}

void check_count(std::uint64_t count, const char* what) {
  if (count < 1) throw Error(std::string("Rate schedule: the ") + what + " is 0, but must be at least 1.");
}

void check_number(bool good, double value, const char* what, const char* range) {
  if (!good) throw Error(std::string("Rate schedule: the ") + what + " is " + decimal_text(value) + ", but must " + range + ".");
}

/// The schedule, or nothing where the words are not of a known form.
std::optional<RateSchedule> read(const std::vector<std::string_view>& words) {
  RateSchedule schedule;
  const std::string_view kind = words.empty() ? std::string_view{} : words[0];
  if (kind == "constant" && words.size() == 1) return schedule;
  if (kind == "cosine" && words.size() == 2) {
    const auto length = read_whole<std::uint64_t>(words[1]);
    if (!length) return std::nullopt;
    schedule.kind = Kind::kCosine;
    schedule.length = *length;
    return schedule;
  }
  if (words.size() != 3) return std::nullopt;
  const std::optional<double> last = read_decimal(words[2]);
  if (kind == "step") {
    const auto every = read_whole<std::uint64_t>(words[1]);
    if (!every || !last) return std::nullopt;
    schedule.kind = Kind::kStep;
    schedule.every = *every;
    schedule.gamma = *last;
    return schedule;
  }
  const std::optional<double> gamma = read_decimal(words[1]);
  if (kind != "inverse" || !gamma || !last) return std::nullopt;
  schedule.kind = Kind::kInverse;
  schedule.gamma = *gamma;
  schedule.power = *last;
  return schedule;
}

}  // namespace

void check(const RateSchedule& schedule) {
  const double gamma = schedule.gamma, power = schedule.power;
  switch (schedule.kind) {
    case Kind::kConstant: break;
    case Kind::kStep:
      check_count(schedule.every, "number of steps between two changes");
      check_number(gamma > 0 && gamma <= 1, gamma, "factor of a change", "be above 0 and at most 1");
      break;
    case Kind::kInverse:
      check_number(gamma >= 0 && gamma <= 1000, gamma, "gamma", "lie between 0 and 1000");
      check_number(power >= 0 && power <= 100, power, "power", "lie between 0 and 100");
      break;
    case Kind::kCosine: check_count(schedule.length, "length"); break;
  }
}

double factor_at(const RateSchedule& schedule, std::uint64_t step) {
  switch (schedule.kind) {
    case Kind::kConstant: break;
    case Kind::kStep: return integer_power(schedule.gamma, step / schedule.every);
    case Kind::kInverse: return inverse_power(1 + schedule.gamma * static_cast<double>(step), schedule.power);
    case Kind::kCosine:
      if (step >= schedule.length) return 0;
      return (1 + lenet::cos(kPi * static_cast<double>(step) / static_cast<double>(schedule.length))) / 2;
  }
  return 1;
}

RateSchedule parse_rate_schedule(std::string_view text) {
  const std::optional<RateSchedule> schedule = read(split(text, " \t"));
  if (!schedule) {
    throw Error(
        "Rate schedule: cannot read “" + std::string(text) +
        "”. Known forms: constant, step EVERY GAMMA (such as “step 1000 0.1”), inverse GAMMA POWER (such as “inverse 0.0001 "
        "0.75”), cosine LENGTH (such as “cosine 8600”).");
  }
  check(*schedule);
  return *schedule;
}

std::string to_string(const RateSchedule& schedule) {
  switch (schedule.kind) {
    case Kind::kConstant: break;
    case Kind::kStep: return "step " + std::to_string(schedule.every) + " " + decimal_text(schedule.gamma);
    case Kind::kInverse: return "inverse " + decimal_text(schedule.gamma) + " " + decimal_text(schedule.power);
    case Kind::kCosine: return "cosine " + std::to_string(schedule.length);
  }
  return "constant";
}

}  // namespace lenet::nn
