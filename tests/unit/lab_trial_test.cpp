// Tests of src/lab/trial.h: what a run measures, and that nothing but question, arm and seed decides it.
#include "lab/trial.h"

#include <set>

#include "base/error.h"
#include "data/batches.h"
#include "data/limited.h"
#include "data/strokes.h"
#include "data_support.h"

using namespace lenet;
using namespace lenet::test;

namespace {

/// 100 images in an epoch.
struct SmallData {
  data::StrokesDataset whole{1};
  data::LimitedDataset dataset{whole, data::kHeldOut + 100};
};

lab::Arm arm_of(const std::string& network, double rate = 0.02) {
  lab::Arm arm{"a", {}};
  arm.recipe.network = network;
  arm.recipe.batch = 30;
  arm.recipe.sgd.rate = rate;
  return arm;
}

std::optional<lab::RunResult> run(
    const SmallData& data, const lab::Question& question, const lab::MeasurePlan& plan, int threads = 1,
    const std::function<bool(int)>& go_on = [](int) { return true; }) {
  ThreadPool pool(threads);
  return lab::run_trial(data.dataset, question, question.arms.front(), 1, plan, pool, go_on);
}

std::vector<std::uint64_t> steps_of(const lab::RunResult& result) {
  std::vector<std::uint64_t> steps;
  for (const lab::Measurement& m : result.curve) steps.push_back(m.step);
  return steps;
}

}  // namespace

TEST_CASE("trial: measured at the steps asked for, at the ends of epochs, and at the end") {
  const SmallData data;
  const lab::Question question = lab::make_question(data.dataset, {arm_of("dense 10")}, 3, 0);
  CHECK(question.dataset == "strokes");
  CHECK(question.test_dataset.empty());
  CHECK(question.train_images == 100);
  CHECK(question.test_images == 10'000);
  CHECK(question.data_hash == data.whole.content_hash());
  int images = 0;
  const auto result = run(data, question, {{1, 5, 99}, 2}, 1, [&](int count) {
    images += count;
    return true;
  });
  REQUIRE(result);
  CHECK(steps_of(*result) == std::vector<std::uint64_t>{1, 5, 8, 12});  // four steps an epoch, the last one smaller
  CHECK(images == 300);
  CHECK(result->curve[2].epoch == 2);
  CHECK(result->curve.back().test.images == 10'000);
  CHECK(result->curve.back().held_out.images == data::kHeldOut);
  CHECK(result->curve.back().test.accuracy() > 0.1);
  CHECK(result->curve.back().layers.size() == 1);
  CHECK(result->seconds > 0);
  CHECK(steps_of(*run(data, question, {{}, 0})) == std::vector<std::uint64_t>{12});
  const lab::Question short_one = lab::make_question(data.dataset, {arm_of("dense 10")}, 0, 5);
  CHECK(steps_of(*run(data, short_one, {{}, 1})) == std::vector<std::uint64_t>{4, 5});
}

TEST_CASE("trial: the same bits with any number of threads and however it is measured") {
  const SmallData data;
  const lab::Question question = lab::make_question(data.dataset, {arm_of("conv 4 5x5, relu, pool 2, dense 10")}, 0, 6);
  const auto one = run(data, question, {{2}, 0}, 1), three = run(data, question, {{2}, 0}, 3),
             plain = run(data, question, {{}, 0}, 2);
  REQUIRE((one && three && plain));
  CHECK(one->curve == three->curve);
  CHECK(one->weights_hash == three->weights_hash);
  CHECK(one->weights_hash == plain->weights_hash);
  CHECK(one->curve.back().test == plain->curve.back().test);
}

TEST_CASE("trial: a run that diverges ends there, and has no hash") {
  const SmallData data;
  const lab::Question question = lab::make_question(data.dataset, {arm_of("dense 20, relu, dense 10", 1e30)}, 50, 0);
  const auto result = run(data, question, {});
  REQUIRE(result);
  CHECK(result->diverged);
  CHECK(result->weights_hash.empty());
  CHECK(result->curve.size() < 50);
}

TEST_CASE("trial: it can be given up, and refuses what does not fit") {
  const SmallData data;
  const lab::Question question = lab::make_question(data.dataset, {arm_of("dense 10")}, 3, 0);
  int steps = 0;
  CHECK_FALSE(run(data, question, {}, 1, [&](int) { return ++steps < 2; }));
  CHECK(steps == 2);
  int measuring = 0;
  CHECK_FALSE(run(data, question, {}, 1, [&](int images) { return images > 0 || ++measuring < 50; }));
  CHECK(measuring == 50);
  const lab::Question wrong = lab::make_question(data.dataset, {arm_of("conv 4 99x99, dense 10")}, 3, 0);
  CHECK_THROWS_AS(run(data, wrong, {}), Error);
}

TEST_CASE("trial: steps of a run, with planned batches too") {
  const SmallData data;
  lab::Arm arm = arm_of("dense 10");
  CHECK(lab::steps_of(lab::make_question(data.dataset, {arm}, 0, 17), arm) == 17);
  CHECK(lab::steps_of(lab::make_question(data.dataset, {arm}, 3, 0), arm) == 12);
  arm.recipe.changes = {{.step = 6, .batch = 100}, {.step = 2, .batch = 20}};
  const lab::Question question = lab::make_question(data.dataset, {arm}, 3, 0);
  // 30, 30, 20, 20 | 20, 20, 100 (60 left) | 100
  CHECK(lab::steps_of(question, arm) == 8);
  const auto result = run(data, question, {});
  REQUIRE(result);
  CHECK(result->curve.back().step == 8);
}
