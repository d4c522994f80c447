// Tests of src/lab/statistics.h.
#include "lab/statistics.h"

#include <stdexcept>

#include "support.h"

using namespace lenet;

TEST_CASE("statistics: Student's t has the quantiles of the tables, also beyond thirty degrees of freedom") {
  CHECK(lab::t_quantile(1) == doctest::Approx(12.7062).epsilon(1e-6));
  CHECK(lab::t_quantile(4) == doctest::Approx(2.77645).epsilon(1e-6));
  CHECK(lab::t_quantile(30) == doctest::Approx(2.04227).epsilon(1e-6));
  CHECK(std::abs(lab::t_quantile(31) - 2.039513) < 1e-5);
  CHECK(std::abs(lab::t_quantile(40) - 2.021075) < 1e-5);
  CHECK(std::abs(lab::t_quantile(60) - 2.000298) < 1e-5);
  CHECK(std::abs(lab::t_quantile(120) - 1.979930) < 1e-5);
  CHECK(std::abs(lab::t_quantile(1'000'000) - 1.959964) < 1e-5);
  for (int freedom = 2; freedom < 200; ++freedom) CHECK(lab::t_quantile(freedom) < lab::t_quantile(freedom - 1));
  CHECK_THROWS_AS(lab::t_quantile(0), std::logic_error);
}

TEST_CASE("statistics: mean, deviation and interval of known numbers") {
  const lab::Summary five = lab::summarize(std::vector<double>{2, 4, 4, 5, 10});
  CHECK(five.n == 5);
  CHECK(five.mean == doctest::Approx(5));
  CHECK(five.deviation == doctest::Approx(3));  // √(36 / 4)
  CHECK(five.half_width == doctest::Approx(2.77645 * 3 / std::sqrt(5.0)));
  const lab::Summary equal = lab::summarize(std::vector<double>{7, 7, 7});
  CHECK(equal.deviation == 0);
  CHECK(equal.half_width == 0);
  const lab::Summary one = lab::summarize(std::vector<double>{3});
  CHECK(one.n == 1);
  CHECK(one.mean == 3);
  CHECK(std::isnan(one.deviation));
  CHECK(std::isnan(one.half_width));
  const lab::Summary none = lab::summarize(std::vector<double>{});
  CHECK(none.n == 0);
  CHECK(std::isnan(none.mean));
}
