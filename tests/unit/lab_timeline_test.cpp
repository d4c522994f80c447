// Tests of src/lab/experiments/timeline.h.
#include "lab/experiments/timeline.h"

#include <algorithm>

#include "nn_support.h"

using namespace lenet;
using namespace lenet::lab;
using namespace lenet::test;

namespace {

using Steps = std::vector<std::uint64_t>;

Steps steps_of(const Timeline& timeline) {
  Steps steps;
  for (const Moment& moment : timeline.moments()) steps.push_back(moment.step);
  return steps;
}

/// Offers every step from `from` to `to`; epochs are `per_epoch` steps long. The first value is the step.
void train(Timeline& timeline, std::uint64_t from, std::uint64_t to, std::uint64_t per_epoch, std::vector<float> values) {
  for (std::uint64_t step = from; step <= to; ++step) {
    values[0] = static_cast<float>(step);
    timeline.offer(step, static_cast<int>(step / per_epoch), step > 0 && step % per_epoch == 0, values);
  }
}

bool has(const Steps& steps, std::uint64_t step) { return std::find(steps.begin(), steps.end(), step) != steps.end(); }

}  // namespace

TEST_CASE("timeline: keeps round steps and the ends of epochs, with the values of then") {
  Timeline timeline;
  train(timeline, 0, 130, 30, {0, 7});
  CHECK(steps_of(timeline) == Steps{0, 1, 2, 5, 10, 20, 30, 50, 60, 90, 100, 120});
  CHECK(timeline.moments()[6].ends_epoch);
  CHECK(timeline.moments()[6].epoch == 1);
  CHECK_FALSE(timeline.moments()[7].ends_epoch);
  for (const Moment& moment : timeline.moments()) CHECK(*moment.values == std::vector<float>{static_cast<float>(moment.step), 7});
  CHECK(timeline.bytes() == 12 * 2 * sizeof(float));
  CHECK(timeline.thinned() == 0);
  CHECK(Timeline::is_moment(5000, false));
  CHECK_FALSE(Timeline::is_moment(3000, false));
  CHECK(Timeline::is_moment(3000, true));
  CHECK_FALSE(Timeline::is_moment(110, false));
}

TEST_CASE("timeline: finds moments by step, and the nearest one") {
  Timeline timeline;
  CHECK(timeline.nearest(3) == nullptr);
  CHECK(timeline.find(0) == nullptr);
  train(timeline, 0, 20, 1000, {0});
  CHECK(timeline.find(5)->step == 5);
  CHECK(timeline.find(6) == nullptr);
  CHECK(timeline.nearest(0)->step == 0);
  CHECK(timeline.nearest(14)->step == 10);
  CHECK(timeline.nearest(15)->step == 10);
  CHECK(timeline.nearest(16)->step == 20);
  CHECK(timeline.nearest(999)->step == 20);
}

TEST_CASE("timeline: sixty-four epochs in room for ten moments leave the start, the newest and the epochs that matter most") {
  const std::vector<float> values(100);
  Timeline timeline(10 * values.size() * sizeof(float));
  for (std::uint64_t epoch = 0; epoch < 64; ++epoch) {
    train(timeline, epoch == 0 ? 0 : epoch * 860 + 1, (epoch + 1) * 860, 860, values);
    const Steps steps = steps_of(timeline);
    REQUIRE(steps.size() <= 10);
    REQUIRE(steps.front() == 0);
    REQUIRE(steps.back() == (epoch + 1) * 860);
    REQUIRE(std::is_sorted(steps.begin(), steps.end()));
    REQUIRE(timeline.bytes() <= 10 * values.size() * sizeof(float));
  }
  const Steps steps = steps_of(timeline);
  CHECK(steps.size() == 10);
  for (const std::uint64_t epoch : {10, 20, 30, 40, 64}) CHECK(has(steps, epoch * 860));
  CHECK(timeline.thinned() > 60);
  for (const Moment& moment : timeline.moments()) CHECK((*moment.values)[0] == static_cast<float>(moment.step));
}

TEST_CASE("timeline: ends of other epochs go before anything else, those close to their neighbours first") {
  Timeline timeline;
  train(timeline, 0, 700, 100, {0});  // epochs 3 (300), 4 (400), 6 (600) and 7 (700, the newest) are others
  REQUIRE(steps_of(timeline) == Steps{0, 1, 2, 5, 10, 20, 50, 100, 200, 300, 400, 500, 600, 700});
  timeline.set_budget(13 * sizeof(float));
  CHECK_FALSE(has(steps_of(timeline), 300));
  timeline.set_budget(11 * sizeof(float));
  CHECK(steps_of(timeline) == Steps{0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 700});
  timeline.set_budget(10 * sizeof(float));
  CHECK(steps_of(timeline) == Steps{0, 2, 5, 10, 20, 50, 100, 200, 500, 700});
  timeline.set_budget(0);
  CHECK(steps_of(timeline) == Steps{0, 700});
  CHECK(timeline.thinned() == 12);
}

TEST_CASE("timeline: wss17 keeps all moments of sixty-four epochs in its budget") {
  const nn::Network<float> network(nn::preset("wss17", {1, 28, 28}));
  std::size_t moments = 0;
  for (std::uint64_t step = 0; step <= 64 * 860; ++step) moments += Timeline::is_moment(step, step > 0 && step % 860 == 0);
  CHECK(moments == 64 + 16);  // 0 and 1, 2, 5, … 50,000
  CHECK(moments * network.parameter_count() * sizeof(float) < (std::size_t{256} << 20));
  CHECK(Timeline::kBudget == std::size_t{256} << 20);
}

TEST_CASE("timeline: a rewind forgets what came after, and what was found there") {
  Timeline timeline;
  train(timeline, 0, 100, 30, {0});
  for (const std::uint64_t step : {0, 20, 50, 60}) timeline.winners()[{step, "conv1/100"}] = {Winner{3, {}}};
  timeline.offer(51, 1, false, std::vector<float>{51});
  CHECK(steps_of(timeline) == Steps{0, 1, 2, 5, 10, 20, 30, 50});
  CHECK(timeline.winners().size() == 3);
  timeline.offer(50, 1, false, std::vector<float>{50});  // the same again
  CHECK(timeline.winners().size() == 3);
  timeline.offer(50, 1, false, std::vector<float>{-50});  // the same step with other weights
  CHECK(timeline.find(50)->values->front() == -50);
  CHECK(timeline.winners().size() == 2);
  timeline.offer(30, 0, false, std::vector<float>{30});  // now it ends no epoch: with another batch size, say
  CHECK(steps_of(timeline) == Steps{0, 1, 2, 5, 10, 20});
  timeline.cut_after(2);
  CHECK(steps_of(timeline) == Steps{0, 1, 2});
  CHECK(timeline.winners().size() == 1);
  CHECK(timeline.thinned() == 0);
  timeline.clear();
  CHECK(timeline.moments().empty());
  CHECK(timeline.winners().empty());
}

TEST_CASE("timeline: knows which steps it gave up, until they are forgotten or come again") {
  Timeline timeline(6 * sizeof(float));
  CHECK(timeline.budget() == 6 * sizeof(float));
  train(timeline, 0, 50, 1000, {0});
  REQUIRE(steps_of(timeline) == Steps{0, 2, 5, 10, 20, 50});
  CHECK(timeline.was_thinned(1));
  CHECK_FALSE(timeline.was_thinned(2));   // kept
  CHECK_FALSE(timeline.was_thinned(3));   // never a moment
  CHECK_FALSE(timeline.was_thinned(100));
  timeline.set_budget(3 * sizeof(float));
  REQUIRE(steps_of(timeline) == Steps{0, 20, 50});
  CHECK(timeline.thinned() == 4);
  for (const std::uint64_t step : {1, 2, 5, 10}) CHECK(timeline.was_thinned(step));
  timeline.cut_after(9);  // leaves step 0, and of what was given up 1, 2 and 5
  REQUIRE(steps_of(timeline) == Steps{0});
  CHECK(timeline.thinned() == 3);
  CHECK_FALSE(timeline.was_thinned(10));
  timeline.offer(2, 0, false, std::vector<float>{2});  // here again
  CHECK(timeline.was_thinned(1));
  CHECK_FALSE(timeline.was_thinned(2));
  CHECK_FALSE(timeline.was_thinned(5));
  timeline.clear();
  CHECK(timeline.thinned() == 0);
  CHECK_FALSE(timeline.was_thinned(1));
}
