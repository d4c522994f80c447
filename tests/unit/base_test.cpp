// Tests of src/base: the generator against its published vectors, the elementary functions against libm, the hash, text.
#include <limits>

#include "base/error.h"
#include "base/hash.h"
#include "base/math.h"
#include "base/random.h"
#include "base/text.h"
#include "support.h"

using namespace lenet;

namespace {

using Words = std::array<std::uint32_t, 4>;

/// |a - b| in units of |b|, or of 1 where b is small.
double error(double a, double b) { return std::abs(a - b) / std::max(1.0, std::abs(b)); }

}  // namespace

TEST_CASE("random: Philox4x32-10 gives the published vectors") {
  // kat_vectors of the authors' Random123 library.
  CHECK(philox({0, 0, 0, 0}, {0, 0}) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  constexpr std::uint32_t kOnes = 0xffffffff;
  CHECK(philox({kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes}) == Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("random: a stream reads blocks of its own counter") {
  RandomStream random(0x0000000200000001u, Purpose::kShuffle, 5);
  for (std::uint32_t block = 0; block < 3; ++block) {
    const Words expected = philox({block, 0, 5, 2}, {1, 2});
    for (const std::uint32_t word : expected) CHECK(random.next() == word);
  }
  RandomStream other(0x0000000200000001u, Purpose::kShuffle, 6);
  RandomStream again(0x0000000200000001u, Purpose::kShuffle, 5);
  CHECK(again.next() != other.next());
  RandomStream part(0x0000000200000001u, Purpose::kShuffle, 5, 7);
  for (const std::uint32_t word : philox({0, 7, 5, 2}, {1, 2})) CHECK(part.next() == word);
}

TEST_CASE("random: uniform and normal numbers have their moments") {
  RandomStream random(1, Purpose::kTest);
  constexpr int kCount = 100000;
  double sum = 0, normal_sum = 0, normal_square = 0;
  for (int i = 0; i < kCount; ++i) {
    const double u = random.uniform();
    CHECK_UNARY(u > 0 && u < 1);
    sum += u;
    const double n = random.normal();
    normal_sum += n;
    normal_square += n * n;
  }
  CHECK(std::abs(sum / kCount - 0.5) < 0.004);  // more than four standard errors
  CHECK(std::abs(normal_sum / kCount) < 0.013);
  CHECK(std::abs(normal_square / kCount - 1) < 0.018);
  const double shifted = random.uniform(3, 4);
  CHECK(shifted > 3);
  CHECK(shifted < 4);
}

TEST_CASE("random: below is in range and even") {
  RandomStream random(2, Purpose::kTest);
  std::array<int, 7> seen{};
  for (int i = 0; i < 70000; ++i) {
    const std::uint32_t n = random.below(7);
    REQUIRE(n < 7);
    ++seen[n];
  }
  for (const int count : seen) CHECK(std::abs(count - 10000) < 400);  // more than four standard deviations
  for (int i = 0; i < 100; ++i) {
    CHECK(random.below(1) == 0);
    CHECK(random.below(0xFFFFFFFFu) < 0xFFFFFFFFu);
  }
  // A large n that does not divide 2^32: without the rejection the low third would come up twice as often.
  int low = 0;
  for (int i = 0; i < 30000; ++i) low += random.below(0xC0000000u) < 0x40000000u;
  CHECK(std::abs(low - 10000) < 350);
}

TEST_CASE("random: shuffle is a permutation and every place is as likely") {
  std::array<std::array<int, 4>, 4> seen{};
  for (std::uint32_t stream = 0; stream < 4000; ++stream) {
    RandomStream random(3, Purpose::kTest, stream);
    std::vector<std::uint32_t> values = {0, 1, 2, 3};
    shuffle(values, random);
    for (std::size_t place = 0; place < 4; ++place) ++seen[place][values[place]];
  }
  for (const auto& place : seen) {
    CHECK(place[0] + place[1] + place[2] + place[3] == 4000);
    for (const int count : place) CHECK(std::abs(count - 1000) < 120);
  }
}

TEST_CASE("math: exp, log, sin and cos agree with the library") {
  double worst_exp = 0, worst_log = 0, worst_sin = 0, worst_cos = 0;
  const auto points = test::random_values<double>(20000, 1);
  for (const double p : points) {
    const double x = 700 * p;
    worst_exp = std::max(worst_exp, std::abs(lenet::exp(x) / std::exp(x) - 1));
    worst_exp = std::max(worst_exp, std::abs(lenet::exp(p) / std::exp(p) - 1));
    worst_log = std::max(worst_log, error(lenet::log(std::exp(x)), std::log(std::exp(x))));
    worst_log = std::max(worst_log, error(lenet::log(1 + 0.1 * p), std::log(1 + 0.1 * p)));
    worst_sin = std::max(worst_sin, error(lenet::sin(10 * p), std::sin(10 * p)));
    worst_cos = std::max(worst_cos, error(lenet::cos(10 * p), std::cos(10 * p)));
    worst_sin = std::max(worst_sin, error(lenet::sin(9e4 * p), std::sin(9e4 * p)));
    worst_cos = std::max(worst_cos, error(lenet::cos(9e4 * p), std::cos(9e4 * p)));
  }
  CHECK(worst_exp < 1e-14);
  CHECK(worst_log < 1e-14);
  CHECK(worst_sin < 1e-14);
  CHECK(worst_cos < 1e-14);
}

TEST_CASE("math: the edges") {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(lenet::exp(0) == 1);
  CHECK(lenet::exp(1000) == kInfinity);
  CHECK(lenet::exp(kInfinity) == kInfinity);
  CHECK(lenet::exp(-1000) == 0);
  CHECK(lenet::exp(-kInfinity) == 0);
  CHECK(lenet::exp(709.7) == doctest::Approx(std::exp(709.7)).epsilon(1e-14));
  CHECK(lenet::exp(-740) > 0);  // below the smallest normal number
  CHECK(std::isnan(lenet::exp(nan)));
  CHECK(lenet::log(1) == 0);
  CHECK(lenet::log(0) == -kInfinity);
  CHECK(lenet::log(kInfinity) == kInfinity);
  CHECK(std::isnan(lenet::log(-1)));
  CHECK(std::isnan(lenet::log(nan)));
  CHECK(lenet::sin(0) == 0);
  CHECK(lenet::cos(0) == 1);
}

TEST_CASE("math: inverse_normal undoes the distribution function") {
  CHECK(lenet::inverse_normal(0.5) == 0);
  // Reference values of Wichura's article.
  CHECK(error(lenet::inverse_normal(0.25), -0.6744897501960817) < 1e-15);
  CHECK(error(lenet::inverse_normal(0.001), -3.090232306167814) < 1e-15);
  CHECK(error(lenet::inverse_normal(1e-20), -9.262340089798408) < 1e-15);
  double worst = 0;
  for (const double p : test::random_values<double>(20000, 2, 1e-300, 1.0)) {
    const double x = lenet::inverse_normal(p);
    const double back = 0.5 * std::erfc(-x / std::sqrt(2.0));
    worst = std::max(worst, std::abs(back - p));
  }
  CHECK(worst < 1e-14);
}

TEST_CASE("hash: FNV-1a, 64 bits") {
  const auto hash_of = [](const std::string& text) {
    Hash hash;
    hash.add_values(std::span<const char>(text));
    return hash.text();
  };
  CHECK(hash_of("") == "cbf29ce484222325");
  CHECK(hash_of("a") == "af63dc4c8601ec8c");
  CHECK(hash_of("foobar") == "85944171f73967e8");
  Hash pieces;
  pieces.add_values(std::span<const char>("foo", 3));
  pieces.add_values(std::span<const char>("bar", 3));
  CHECK(pieces.value() == 0x85944171f73967e8u);
}

TEST_CASE("error: is a runtime_error with its message") {
  try {
    throw Error("The file x is empty.");
  } catch (const std::runtime_error& caught) {
    CHECK(std::string(caught.what()) == "The file x is empty.");
  }
}

TEST_CASE("text: split leaves out what is empty") {
  using Parts = std::vector<std::string_view>;
  CHECK(split("a, b;c", ",;") == Parts{"a", " b", "c"});
  CHECK(split("  one\ttwo ", " \t") == Parts{"one", "two"});
  CHECK(split(",,", ",").empty());
  CHECK(split("", ",").empty());
}

TEST_CASE("text: numbers are read whole or not at all") {
  CHECK(read_whole<int>("-12") == -12);
  CHECK(read_whole<std::uint64_t>("18446744073709551615") == std::numeric_limits<std::uint64_t>::max());
  for (const char* text : {"", "+1", " 1", "1 ", "1.0", "1e2", "0x10", "one"}) CHECK_FALSE(read_whole<int>(text));
  CHECK_FALSE(read_whole<int>("2147483648"));
  CHECK_FALSE(read_whole<std::uint64_t>("-1"));
  CHECK(read_decimal("0.75") == 0.75);
  CHECK(read_decimal("1e-4") == 1e-4);
  CHECK(read_decimal("-3") == -3);
  for (const char* text : {"", " 1", "1 ", "1,5", "0x10", "inf", "nan", "1e", "1e999", "--1", "1.2.3", "one"}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(read_decimal(text));
  }
}

TEST_CASE("text: a number's text is short and gives the number back") {
  CHECK(decimal_text(0.5) == "0.5");
  CHECK(decimal_text(0.1) == "0.1");
  CHECK(decimal_text(0.0001) == "0.0001");
  CHECK(decimal_text(-8600) == "-8600");
  CHECK(decimal_text(0) == "0");
  for (const double value : {1e-300, 1.0 / 3 * 1e-6, 1e-6 / 3, 2.0 / 3 * 1e15, 1.7976931348623157e308})
    CHECK(read_decimal(decimal_text(value)) == value);
  for (const double value : test::random_values<double>(100, 9)) CHECK(read_decimal(decimal_text(value)) == value);
}

TEST_CASE("text: a float is written with its own digits") {
  CHECK(float_text(0.1f) == "0.1");
  CHECK(float_text(-0.0001f) == "-0.0001");
  CHECK(float_text(16777216.0f) == "16777216");
  CHECK(float_text(0) == "0");
  for (const float value : test::random_values<float>(100, 9)) CHECK(static_cast<float>(read_decimal(float_text(value)).value()) == value);
  for (const float value : {1e-7f, 3.4e38f, 1e-40f}) CHECK(static_cast<float>(read_decimal(float_text(value)).value()) == value);
}
