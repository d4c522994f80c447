// Tests of what looks into the network in a session: open views, experiments for scripts, moments of the past (src/app/desk.h, core.cpp).
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "app_session_support.h"
#include "lab/experiments/findings.h"

using namespace lenet;
using namespace lenet::app;
using namespace lenet::test;

namespace {

lab::OcclusionRequest occlusion(int stride = 4) {
  return {.image = 0, .size = 7, .stride = stride};
}

/// Lets the session work until every open view has been worked out for what is in sight.
void settle(Driver& driver) {
  for (int turn = 0; turn < 20000; ++turn) {
    const bool more = driver.session.pump(0.002);
    driver.session.latest();
    if (!more) break;
  }
  driver.session.pump(0.001);
}

const LabView& view(Driver& driver, const std::string& word) {
  const auto& labs = driver.now().labs;
  const auto found = std::find_if(labs.begin(), labs.end(), [&](const LabView& v) { return v.word == word; });
  REQUIRE(found != labs.end());
  return *found;
}

/// The snapshot's steps at which weights are kept.
std::vector<std::uint64_t> moments(Driver& driver) {
  std::vector<std::uint64_t> steps;
  for (const auto& moment : driver.now().timeline.moments) steps.push_back(moment.step);
  return steps;
}

const LayerView& conv1(Driver& driver) {
  const auto& layers = driver.now().layers;
  return *std::find_if(layers.begin(), layers.end(), [](const LayerView& layer) { return layer.name == "conv1"; });
}

}  // namespace

TEST_CASE("views: an open view is worked out, and anew when the network has moved on") {
  Driver driver(small_settings());
  driver.must(command::OpenViews{{occlusion(), lab::ClassRequest{.image = 1}}});
  settle(driver);
  REQUIRE(view(driver, "occlusion").outcome);
  CHECK(lab::step_of(*view(driver, "occlusion").outcome) == 0);
  CHECK(view(driver, "classes").outcome);
  CHECK_FALSE(view(driver, "classes").running);
  driver.must(command::Step{3});
  settle(driver);
  CHECK(lab::step_of(*view(driver, "occlusion").outcome) == 3);
  CHECK(lab::step_of(*view(driver, "classes").outcome) == 3);
}

TEST_CASE("views: they are renewed while it trains, and never change what is trained") {
  Driver looked_at(small_settings()), alone(small_settings());
  looked_at.must(command::OpenViews{{occlusion(8), lab::TopRequest{.layer = "conv2", .images = 64}}});
  looked_at.must(command::Step{60});
  alone.must(command::Step{60});
  CHECK(looked_at.hash() == alone.hash());
  const LabView& seen = view(looked_at, "occlusion");
  REQUIRE(seen.outcome);  // though the session never stood still
}

TEST_CASE("views: one outcome stays on show until a changed request has its own; another kind closes it") {
  Driver driver(small_settings());
  driver.must(command::OpenViews{{occlusion(4)}});
  settle(driver);
  const auto before = view(driver, "occlusion").outcome;
  driver.session.post(command::OpenViews{{occlusion(2)}});
  driver.session.pump(0);
  driver.session.latest();
  driver.session.pump(0);
  CHECK(view(driver, "occlusion").outcome == before);
  CHECK(view(driver, "occlusion").outcome_request == lab::Request(occlusion(4)));
  settle(driver);
  CHECK(view(driver, "occlusion").outcome != before);
  CHECK(view(driver, "occlusion").outcome_request == lab::Request(occlusion(2)));
  driver.must(command::OpenViews{{lab::ClassRequest{.image = 0}}});
  CHECK(driver.now().labs.size() == 1);
  driver.must(command::OpenViews{{}});
  CHECK(driver.now().labs.empty());
}

TEST_CASE("views: a network rebuilt while one runs ends it, and it is worked out for the new network") {
  Driver driver(small_settings());
  driver.must(command::OpenViews{{occlusion(1), lab::TopRequest{.layer = "conv2", .images = 500}}});
  driver.session.pump(0.002);
  driver.must(command::Reset{.recipe = {.network = "dense 10"}});
  settle(driver);
  const LabView& occluded = view(driver, "occlusion");
  REQUIRE(occluded.outcome);
  CHECK(std::get<lab::OcclusionResult>(*occluded.outcome).map == -1);  // no conv layer to be active
  const LabView& top = view(driver, "top");
  CHECK_FALSE(top.outcome);
  CHECK(top.error.find("There is no layer “conv2”") != std::string::npos);
  CHECK(driver.now().error.empty());  // the page says it in the view's place, quietly

  driver.must(command::Reset{.recipe = {.network = small_settings().recipe.network}});
  settle(driver);
  CHECK(view(driver, "top").error.empty());
  CHECK(view(driver, "top").outcome);
}

TEST_CASE("views: one that cannot be worked out does not hold up the one beside it") {
  Driver driver(small_settings());
  driver.must(command::OpenViews{{lab::TopRequest{.layer = "conv9"}, lab::ClassRequest{.image = 0}}});
  driver.must(command::Step{40});
  CHECK(view(driver, "top").error.find("There is no layer “conv9”") != std::string::npos);
  CHECK(view(driver, "classes").outcome);  // worked out while it trained
}

TEST_CASE("views: what one found can be taken away as a table or as arrays") {
  Driver driver(small_settings());
  CHECK(driver.ask(command::ExportView{"occlusion"}).error.find("not open") != std::string::npos);
  driver.must(command::OpenViews{{occlusion(8)}});
  settle(driver);
  const Reply reply = driver.ask(command::ExportView{"occlusion"});
  REQUIRE(reply.error.empty());
  const std::string all = text_of(reply);
  std::map<std::string, std::string> files;
  std::size_t offset = 0;
  for (const auto& [name, size] : reply.files) {
    files[name] = all.substr(offset, size);
    offset += size;
  }
  CHECK(offset == all.size());
  CHECK(nlohmann::json::parse(files["facts.json"])["step"] == 0);
  CHECK(files["table.csv"].starts_with("row,column,"));
  CHECK(std::count(files["table.csv"].begin(), files["table.csv"].end(), '\n') == 1 + 4 * 4);
  CHECK(files["probability.npy"].substr(1, 5) == "NUMPY");
  CHECK(nlohmann::json::parse(text_of(driver.ask(command::GetView{"occlusion"})))["view"] == "occlusion");
}

TEST_CASE("experiments for scripts: an answer with facts, rows and arrays, also while it trains; a change of the run ends them") {
  Driver driver(small_settings());
  driver.session.post(command::Play{});
  const Reply reply = driver.ask(command::Ask{occlusion(8)});
  REQUIRE(reply.error.empty());
  const auto found = nlohmann::json::parse(text_of(reply));
  CHECK(found["view"] == "occlusion");
  CHECK(found["rows"].size() == 16);
  std::size_t size = 0;
  for (const auto& array : found["arrays"]) {
    std::size_t values = 1;
    for (const auto& extent : array["shape"]) values *= extent.get<std::size_t>();
    size += values;
  }
  CHECK(reply.values.size() == size);

  for (std::uint32_t id = 800; id < 820; ++id) driver.session.post(command::Ask{occlusion(1)}, id);
  driver.session.pump(0);
  driver.session.latest();
  driver.session.pump(0);
  driver.session.latest();
  const std::vector<Reply> refused = driver.session.take_replies();  // those for which there is no more room
  REQUIRE(refused.size() == 4);
  CHECK(refused[0].error.find("16 experiments waiting already") != std::string::npos);
  driver.must(command::StopAsked{});
  CHECK(driver.ask(command::Ask{occlusion(0)}).error.find("stride") != std::string::npos);
  driver.must(command::Pause{});
  driver.session.post(command::Ask{occlusion(1)}, 900);
  driver.session.post(command::StopAsked{});
  driver.session.post(command::Ask{occlusion(1)}, 901);
  driver.session.post(command::Rewind{});
  driver.session.pump(0.01);
  driver.session.latest();
  driver.session.pump(0.01);
  driver.session.latest();
  std::vector<std::string> errors;
  for (const Reply& each : driver.session.take_replies()) errors.push_back(each.error);
  REQUIRE(errors.size() == 2);
  CHECK(errors[0].find("stopped") != std::string::npos);
  CHECK(errors[1].find("changed") != std::string::npos);
}

TEST_CASE("timeline: the page shows a stored moment, on request the present again, and Play goes on from the end") {
  Driver driver(small_settings());
  const std::vector<float> initial = conv1(driver).weights;
  driver.must(command::Step{12});
  CHECK(moments(driver) == std::vector<std::uint64_t>{0, 1, 2, 5, 10});
  const std::vector<float> present = conv1(driver).weights;
  REQUIRE(present != initial);

  driver.must(command::ShowMoment{0});
  CHECK(driver.now().timeline.shows_moment);
  CHECK(driver.now().timeline.shown == 0);
  CHECK(conv1(driver).weights == initial);
  CHECK(conv1(driver).changed == 0);
  CHECK(driver.now().step == 12);
  CHECK(driver.weights("conv1.weight") == present);  // questions are about the run
  driver.must(command::OpenViews{{lab::ClassRequest{.image = 0}}});
  settle(driver);
  CHECK(lab::step_of(*view(driver, "classes").outcome) == 0);  // views are about what is shown

  const Reply missing = driver.ask(command::ShowMoment{7});
  CHECK(missing.error == "Step 7 is not stored. The stored step nearest to it is 5.");
  CHECK(driver.now().timeline.shown == 0);

  driver.must(command::Step{1});
  CHECK_FALSE(driver.now().timeline.shows_moment);
  CHECK(driver.now().step == 13);
  Driver alone(small_settings());
  alone.must(command::Step{13});
  CHECK(driver.weights("conv1.weight") == alone.weights("conv1.weight"));

  driver.must(command::ShowMoment{5});
  driver.must(command::ShowMoment{});
  CHECK(conv1(driver).weights == driver.weights("conv1.weight"));
  driver.must(command::ShowMoment{5});
  driver.must(command::Rewind{});
  CHECK_FALSE(driver.now().timeline.shows_moment);
  CHECK(moments(driver) == std::vector<std::uint64_t>{0});
}

TEST_CASE("timeline: an evolution grows with the moments, and its layers' curves end at the present") {
  Driver driver(small_settings());
  driver.must(command::Step{3});
  driver.must(command::OpenViews{{lab::EvolutionRequest{.layer = "conv1", .images = 40}}});
  settle(driver);
  const auto steps = [&] { return std::get<lab::EvolutionResult>(*view(driver, "evolution").outcome).steps; };
  CHECK(steps() == std::vector<std::uint64_t>{0, 1, 2});
  driver.must(command::Step{7});
  settle(driver);
  CHECK(steps() == std::vector<std::uint64_t>{0, 1, 2, 5, 10});
  const lab::Convergence curves = std::get<lab::EvolutionResult>(*view(driver, "evolution").outcome).convergence;
  CHECK(curves.steps.back() == 10);
  CHECK(curves.layers == std::vector<std::string>{"conv1", "conv2", "fc1", "fc2"});
  const std::size_t points = curves.steps.size();
  for (std::size_t layer = 0; layer < curves.layers.size(); ++layer) {
    CHECK(curves.remaining[layer * points] == doctest::Approx(1));
    CHECK(curves.remaining[layer * points + points - 1] == 0);
  }
}

TEST_CASE("timeline: it belongs to the arm that is shown") {
  Driver driver(small_settings());
  driver.must(frozen_or_not());
  driver.must(command::Step{2});
  driver.must(command::ShowMoment{1});
  driver.must(command::ShowArm{1});
  CHECK_FALSE(driver.now().timeline.shows_moment);
  CHECK(moments(driver) == std::vector<std::uint64_t>{0, 1, 2});
  driver.must(command::ShowMoment{2});
  CHECK(conv1(driver).changed == 0);  // its convs are frozen
}

TEST_CASE("probe: its size is a choice within what is held out") {
  Driver driver(small_settings());
  driver.must(command::SetProbe{64});
  settle(driver);
  const auto& winners = driver.now().winners;
  REQUIRE(winners.size() == lab::kTop);
  for (std::size_t i = 0; i < winners.size(); ++i) {
    CHECK(winners[i].image_index < 64);
    if (i > 0) CHECK(winners[i].activation <= winners[i - 1].activation);
  }
  CHECK(driver.ask(command::SetProbe{8}).error.find("9 to 5000") != std::string::npos);
}
