// Tests of src/nn/rate_schedule.h: each formula against the library's pow and cos, its ends, the text form, every message.
#include "nn/rate_schedule.h"

#include "base/error.h"
#include "base/hash.h"
#include "support.h"

using namespace lenet;
using namespace lenet::nn;
using namespace lenet::test;

namespace {

double factor(const char* schedule, std::uint64_t step) { return factor_at(parse_rate_schedule(schedule), step); }

constexpr double kPlaces = 1e-14;

}  // namespace

TEST_CASE("rate schedule: constant is 1") {
  for (const std::uint64_t step : {0ull, 1ull, 100000ull}) CHECK(factor("constant", step) == 1);
  CHECK(RateSchedule{} == parse_rate_schedule("constant"));
}

TEST_CASE("rate schedule: step multiplies by gamma once every so many steps") {
  CHECK(factor("step 1000 0.1", 0) == 1);
  CHECK(factor("step 1000 0.1", 999) == 1);
  CHECK(factor("step 1000 0.1", 1000) == 0.1);
  CHECK(factor("step 1000 0.1", 1999) == 0.1);
  CHECK(factor("step 1000 0.5", 3500) == 0.125);
  CHECK(factor("step 7 1", 1000000) == 1);
  for (const int step : {1, 2, 3, 10, 77, 1000}) {
    CHECK(factor("step 1 0.99", static_cast<std::uint64_t>(step)) == doctest::Approx(std::pow(0.99, step)).epsilon(kPlaces * 100));
  }
  CHECK(factor("step 1 0.1", std::numeric_limits<std::uint64_t>::max()) == 0);
}

TEST_CASE("rate schedule: inverse is Caffe's inv") {
  for (const int step : {0, 1, 100, 5000, 10000, 1000000}) {
    CAPTURE(step);
    const std::uint64_t n = static_cast<std::uint64_t>(step);
    CHECK(factor("inverse 0.0001 0.75", n) == doctest::Approx(std::pow(1 + 0.0001 * step, -0.75)).epsilon(kPlaces));
    CHECK(factor("inverse 0.01 2", n) == doctest::Approx(std::pow(1 + 0.01 * step, -2)).epsilon(kPlaces));
    CHECK(factor("inverse 0 0.75", n) == 1);
    CHECK(factor("inverse 3 0", n) == 1);
  }
  CHECK(factor("inverse 1 1", 3) == 0.25);
  CHECK(factor("inverse 1 3", 1) == 0.125);
  CHECK(factor("inverse 1000 100", std::numeric_limits<std::uint64_t>::max()) == 0);
  CHECK(factor("inverse 1000 99.5", std::numeric_limits<std::uint64_t>::max()) == 0);
}

TEST_CASE("rate schedule: cosine falls from 1 to 0 and stays there") {
  CHECK(factor("cosine 8600", 0) == 1);
  CHECK(factor("cosine 8600", 4300) == doctest::Approx(0.5).epsilon(kPlaces));
  CHECK(factor("cosine 8600", 8599) > 0);
  for (const std::uint64_t step : {8600ull, 8601ull, 100000ull}) CHECK(factor("cosine 8600", step) == 0);
  CHECK(factor("cosine 1", 0) == 1);
  CHECK(factor("cosine 1", 1) == 0);
  for (const int step : {1, 50, 333, 777, 999}) {
    const double expected = 0.5 * (1 + std::cos(3.14159265358979323846 * step / 1000));
    CHECK(std::abs(factor("cosine 1000", static_cast<std::uint64_t>(step)) - expected) <= kPlaces);
  }
}

TEST_CASE("rate schedule: no factor grows from one step to the next") {
  for (const char* text : {"step 30 0.7", "inverse 0.001 0.75", "inverse 0.1 2", "cosine 900"}) {
    CAPTURE(std::string(text));
    double before = 1;
    bool falls = true;
    for (std::uint64_t step = 0; step < 1000; ++step) {
      const double now = factor(text, step);
      falls = falls && now <= before && now >= 0;
      before = now;
    }
    CHECK(falls);
    CHECK(before < 1);
  }
}

TEST_CASE("rate schedule: the same bits on every platform") {
  std::vector<double> factors;
  for (const char* text : {"step 30 0.7", "inverse 0.0001 0.75", "inverse 0.1 3", "cosine 900"})
    for (std::uint64_t step = 0; step < 1000; step += 7) factors.push_back(factor(text, step));
  Hash hash;
  hash.add_values(std::span<const double>(factors));
  CHECK(hash.text() == "4c048cb9b54df8eb");
}

TEST_CASE("rate schedule: is written as it is read") {
  for (const char* text : {"constant", "step 1000 0.1", "step 1 1", "inverse 0.0001 0.75", "inverse 0 0", "inverse 1000 100",
                           "cosine 8600", "cosine 18446744073709551615"}) {
    CHECK(to_string(parse_rate_schedule(text)) == text);
  }
  for (const double gamma : random_values<double>(50, 3, 0, 1)) {
    const RateSchedule schedule{.kind = RateSchedule::Kind::kInverse, .gamma = gamma, .power = gamma * 10};
    CHECK(parse_rate_schedule(to_string(schedule)) == schedule);
  }
  CHECK(parse_rate_schedule("  step\t10   0.5 ") == RateSchedule{.kind = RateSchedule::Kind::kStep, .every = 10, .gamma = 0.5});
  CHECK_FALSE(parse_rate_schedule("step 10 0.5") == parse_rate_schedule("step 11 0.5"));
}

TEST_CASE("rate schedule: what cannot be read is quoted beside the known forms") {
  for (const std::string text : {"", "Constant", "constant 1", "step", "step 10", "step ten 0.1", "step 10 0.1 0.2",
                                 "step 10.5 0.1", "step -1 0.1", "step 10 inf", "inverse 0.1", "inverse x 0.1", "inverse 0.1 nan",
                                 "cosine", "cosine 1e3", "cosine 10 10", "linear 10", "linear 10 0.1"}) {
    CAPTURE(text);
    const std::string message = message_of<Error>([&] { parse_rate_schedule(text); });
    for (const std::string& part : {"“" + text + "”", std::string("constant, step EVERY GAMMA"), std::string("inverse GAMMA POWER"),
                                    std::string("cosine LENGTH")}) {
      CHECK(message.find(part) != std::string::npos);
    }
  }
}

TEST_CASE("rate schedule: numbers out of range are named") {
  const std::pair<const char*, const char*> kBad[] = {{"step 0 0.1", "between two changes is 0"},
                                                      {"step 10 0", "factor of a change is 0"},
                                                      {"step 10 1.1", "is 1.1"},
                                                      {"step 10 -0.5", "is -0.5"},
                                                      {"inverse -0.1 0.75", "gamma is -0.1"},
                                                      {"inverse 1001 1", "gamma is 1001"},
                                                      {"inverse 0.1 -1", "power is -1"},
                                                      {"inverse 0.1 101", "power is 101"},
                                                      {"cosine 0", "length is 0"}};
  for (const auto& [text, part] : kBad) {
    const std::string message = message_of<Error>([&] { parse_rate_schedule(text); });
    CAPTURE(message);
    CHECK(message.find(part) != std::string::npos);
    CHECK(message.ends_with('.'));
  }
  CHECK_THROWS_AS(check({.kind = RateSchedule::Kind::kStep, .gamma = std::numeric_limits<double>::quiet_NaN()}), Error);
  CHECK_NOTHROW(check({.kind = RateSchedule::Kind::kCosine, .gamma = 7, .length = 5}));  // cosine has no gamma
}
