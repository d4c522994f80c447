// Tests of comparisons over seeds, their pool, and the class's question (src/app/core_comparison.cpp, seeds.h, class_question.h).
#include <nlohmann/json.hpp>

#include "app/class_question.h"
#include "app/comparisons.h"
#include "app/results_view.h"
#include "app_session_support.h"

using namespace lenet;
using namespace lenet::app;
using namespace lenet::test;

TEST_CASE("seeds: every arm with every seed, each the run that it would be alone; a stop keeps what is done") {
  Driver driver(small_settings());
  driver.must(frozen_or_not());
  driver.must(command::RepeatSeeds{.first = 3, .count = 2, .steps = 12});
  const auto view = driver.now().seeds.results;
  const lab::Results* const results = &view->results;
  REQUIRE(results->runs.size() == 4);
  CHECK_FALSE(driver.now().seeds.running);
  CHECK(driver.now().seeds.done == 2);
  for (const lab::RunResult& run : results->runs) {
    CHECK(run.curve.back().step == 12);
    CHECK(run.curve.back().test.images == driver.now().test_count);
    CHECK(run.curve.back().layers.size() == 4);
  }
  Settings settings = small_settings();
  settings.seed = 4;
  Driver alone(settings);
  alone.must(command::Step{12});
  const lab::RunResult* const run = lab::find_run(*results, "all trained", 4);
  REQUIRE(run != nullptr);
  CHECK(run->weights_hash == parameters_hash(alone, {"conv1", "conv2", "fc1", "fc2"}));

  SUBCASE("the same question goes on with the seeds that are missing") {
    driver.must(command::RepeatSeeds{.first = 3, .count = 3, .steps = 12});
    CHECK(driver.now().seeds.results->results.runs.size() == 6);
    CHECK(driver.now().seeds.results->results.runs.front().weights_hash == results->runs.front().weights_hash);
  }
  SUBCASE("another length is another question") {
    driver.must(command::RepeatSeeds{.first = 3, .count = 1, .steps = 6});
    CHECK(driver.now().seeds.results->results.runs.size() == 2);
  }
  SUBCASE("whatever changes the run stops it, and keeps what is done") {
    driver.session.post(command::RepeatSeeds{.first = 3, .count = 1000, .steps = 12}, 900);
    for (int i = 0; i < 20000 && driver.now().seeds.done < 3; ++i) driver.session.pump(0.001);
    driver.must(command::Pause{});
    CHECK_FALSE(driver.now().seeds.running);
    CHECK(driver.now().seeds.results->results.runs.size() >= 6);
    driver.must(command::Step{1});
    CHECK(driver.now().seeds.results->results.runs.size() >= 6);
  }
}

TEST_CASE("pool: results files of one question become one; others are refused, saying in what they differ") {
  const auto results_of = [](std::uint64_t first, std::uint64_t steps) {
    Driver driver(small_settings());
    driver.must(frozen_or_not());
    driver.must(command::RepeatSeeds{.first = first, .count = 2, .steps = steps});
    return text_of(driver.ask(command::ExportResults{}));
  };
  const std::string ana = results_of(1, 3), ben = results_of(2, 3), cleo = results_of(1, 4);
  Driver driver(small_settings());
  driver.must(command::PoolResults{"ana.json", bytes_of(ana)});
  driver.must(command::PoolResults{"ben.json", bytes_of(ben)});
  REQUIRE(driver.now().seeds.pooled != nullptr);
  CHECK(lab::seeds_of(driver.now().seeds.pooled->results) == std::vector<std::uint64_t>{1, 2, 3});  // seed 2 counts once
  CHECK(driver.now().seeds.pooled->results.runs.size() == 6);
  CHECK(driver.now().seeds.pooled_files == 2);
  CHECK(lab::find_run(driver.now().seeds.pooled->results, "all trained", 3)->contributor == "ben.json");
  CHECK(driver.ask(command::PoolResults{"cleo.json", bytes_of(cleo)}).error.find("length") != std::string::npos);
  CHECK(driver.now().seeds.pooled_files == 2);
  const std::string csv = text_of(driver.ask(command::ExportResults{.pooled = true, .csv = true}));
  CHECK(csv.find("ben.json") != std::string::npos);
  driver.must(command::ClearPool{});
  CHECK(driver.now().seeds.pooled == nullptr);
}

TEST_CASE("seeds: questions, refusals and the speed leave a repetition alone; a second one answers the first") {
  Driver driver(small_settings());
  driver.must(frozen_or_not());
  driver.session.post(command::RepeatSeeds{.first = 1, .count = 900, .steps = 8}, 901);
  std::vector<Reply> replies;
  const auto wait_for = [&](int done) {
    for (int i = 0; i < 20000 && driver.now().seeds.done < done; ++i) {
      driver.session.pump(0.001);
      for (Reply& reply : driver.session.take_replies()) replies.push_back(std::move(reply));
    }
  };
  wait_for(1);
  driver.must(command::Set{.steps_per_second = 50});
  driver.must(command::ShowArm{1});
  CHECK_FALSE(driver.ask(command::Freeze{"conv9"}).error.empty());
  CHECK_FALSE(driver.ask(command::RepeatSeeds{.count = 0, .steps = 3}).error.empty());
  CHECK(driver.now().seeds.running);
  wait_for(2);
  CHECK(driver.now().seeds.done >= 2);
  driver.session.post(command::RepeatSeeds{.first = 1, .count = 1, .steps = 8}, 902);
  for (int i = 0; i < 2000 && replies.size() < 2; ++i) wait_for(1), driver.session.pump(0.001), driver.now();
  for (Reply& reply : driver.session.take_replies()) replies.push_back(std::move(reply));
  REQUIRE(replies.size() == 2);
  CHECK(replies[0].id == 901);
  CHECK(replies[0].error.find("is kept") != std::string::npos);
  CHECK(replies[1].id == 902);
  CHECK(replies[1].error.empty());
}

TEST_CASE("seeds: over epochs, arms with different batches are refused") {
  Driver driver(small_settings());
  driver.must(command::Compare{{{"a"}, {"b", {.batch = 8}}}});
  CHECK(driver.ask(command::RepeatSeeds{.count = 1, .epochs = 1}).error.find("in steps") != std::string::npos);
  driver.must(command::RepeatSeeds{.count = 1, .steps = 2});
}

TEST_CASE("seeds: an arm that diverges is a result without a hash, and the seed goes on") {
  Driver driver(small_settings());
  driver.must(command::Compare{{{"sane"}, {"mad", {.rate = 1e20}}}});
  driver.must(command::RepeatSeeds{.first = 1, .count = 2, .steps = 15});
  const auto view = driver.now().seeds.results;
  REQUIRE(view->results.runs.size() == 4);
  CHECK(view->results.runs[1].diverged);
  CHECK(view->results.runs[1].weights_hash.empty());
  CHECK(view->arms[0].summary.test.n == 2);
  CHECK(view->arms[1].summary.test.n == 0);
  CHECK(view->arms[1].summary.diverged == 2);
}

TEST_CASE("class question: the chosen comparison by its key, any other arms with their recipes") {
  Driver driver(small_settings());
  const auto question = [&] { return nlohmann::json::parse(app::class_question(driver.now(), "frozen", 1, 0, 300)); };
  CHECK(question().at("compare") == "frozen");
  CHECK(question().at("steps") == 300);
  driver.must(command::Compare{{{"a"}, {"b", {.rate = 0.5, .frozen = Layers{"conv1"}}}}});
  REQUIRE(question().contains("arms"));
  CHECK_FALSE(question().contains("compare"));
  CHECK(question().at("arms")[1].at("learningRate") == 0.5);
  CHECK(question().at("arms")[1].at("freeze") == Layers{"conv1"});
  Settings settings;
  settings.dataset = "strokes";
  Driver plain(settings);
  plain.must(command::Compare{app::comparison("frozen").arms});
  CHECK(nlohmann::json::parse(app::class_question(plain.now(), "frozen", 1, 2, 0)) ==
        nlohmann::json({{"dataset", "strokes"}, {"compare", "frozen"}, {"seeds", 1}, {"epochs", 2}}));
}

TEST_CASE("comparison key: the offered comparison that a replay comes to, none once a hand has changed it") {
  Settings settings;
  settings.dataset = "strokes";
  Driver driver(settings);
  CHECK(app::comparison_key(driver.now()).empty());
  driver.must(command::Compare{app::comparison("frozen").arms});
  CHECK(app::comparison_key(driver.now()) == "frozen");
  driver.must(command::Step{1});
  driver.must(command::Set{.rate = 0.5});
  CHECK(app::comparison_key(driver.now()).empty());
  CHECK(driver.now().arms[0].replay.changes == std::vector<lab::Change>{{.step = 1, .rate = 0.5}});
}
