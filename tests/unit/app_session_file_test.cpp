// Sessions in files: the same bits after a round trip, and clear words for what is no session or a damaged one.
#include "app/session_file.h"

#include <cstring>

#include "app_session_support.h"
#include "nn/safetensors.h"

using namespace lenet;
using namespace lenet::test;

namespace {

std::vector<std::byte> exported(Driver& driver, std::size_t timeline_bytes = lab::Timeline::kBudget) {
  return driver.ask(command::ExportSession{timeline_bytes}).bytes;
}

/// A run with a freeze, a rate change and a thaw made by hand, standing at step 12.
void train(Driver& driver) {
  driver.must(command::Step{5});
  driver.must(command::Freeze{"conv1", true});
  driver.must(command::Step{3});
  driver.must(command::Set{.rate = 0.05});
  driver.must(command::Step{2});
  driver.must(command::Freeze{"conv1", false});
  driver.must(command::Step{2});
}

}  // namespace

TEST_CASE("session file: a run goes on elsewhere to the same bits, with its curves, its timeline and its changes") {
  Driver here(small_settings());
  train(here);
  const std::vector<std::byte> file = exported(here);

  Settings other = small_settings();
  other.seed = 99;
  other.recipe.network = "dense 10";
  Driver there(other);
  there.must(command::Step{1});
  there.must(command::ImportSession{file});
  CHECK(there.now().step == 12);
  CHECK(there.now().images_seen == here.now().images_seen);
  CHECK(there.now().settings.seed == 1);
  CHECK(there.now().history == here.now().history);
  REQUIRE(there.now().loss.size() == here.now().loss.size());
  CHECK(there.now().loss.back().value == doctest::Approx(here.now().loss.back().value));
  CHECK(there.now().timeline.moments.size() == here.now().timeline.moments.size());
  CHECK(there.hash() == here.hash());

  here.must(command::Step{5});
  there.must(command::Step{5});
  CHECK(there.weights("conv1.weight") == here.weights("conv1.weight"));
  CHECK(there.weights("fc2.weight") == here.weights("fc2.weight"));

  // Its past is its own: a replay gives the same weights again.
  there.must(command::Replay{});
  CHECK(there.weights("conv1.weight") == here.weights("conv1.weight"));
}

TEST_CASE("session file: weights from elsewhere stay what a rewind returns to") {
  Driver here(small_settings());
  Settings seeded = small_settings();
  seeded.seed = 7;
  Driver source(seeded);
  here.must(command::ImportWeights{source.ask(command::ExportWeights{}).bytes});
  here.must(command::Step{3});
  Driver there(small_settings());
  there.must(command::ImportSession{exported(here)});
  there.must(command::Rewind{});
  CHECK(there.weights("conv1.weight") == source.weights("conv1.weight"));
}

TEST_CASE("session file: a small budget keeps the first and the newest moments") {
  Driver here(small_settings());
  here.must(command::Step{10});
  Driver there(small_settings());
  there.must(command::ImportSession{exported(here, 0)});
  REQUIRE(there.now().timeline.moments.size() == 2);
  CHECK(there.now().timeline.moments.front().step == 0);
  CHECK(there.now().timeline.moments.back().step == 10);
}

TEST_CASE("session file: what is no session, or a damaged one, is refused and changes nothing") {
  Driver driver(small_settings());
  train(driver);
  const std::string before = driver.hash();
  const std::vector<std::byte> good = exported(driver);
  const auto refused = [&](std::vector<std::byte> file, const char* part) {
    const Reply reply = driver.ask(command::ImportSession{std::move(file)});
    INFO(reply.error);
    CHECK(reply.error.find(part) != std::string::npos);
    CHECK(driver.hash() == before);
    CHECK(driver.now().step == 12);
  };
  /// The good file with one text of its metadata, or one tensor, changed.
  const auto changed = [&](const auto& change) {
    nn::TensorFile file = nn::read_safetensors(good, "good");
    change(file);
    return nn::write_safetensors(file);
  };
  const auto session = [&](const std::string& from, const std::string& to) {
    return changed([&](nn::TensorFile& file) {
      std::string& text = file.metadata["session"];
      const std::size_t at = text.find(from);
      REQUIRE(at != std::string::npos);
      text.replace(at, from.size(), to);
    });
  };
  refused({}, "too short");
  refused({good.begin(), good.begin() + 3000}, "cut short");
  refused(driver.ask(command::ExportWeights{}).bytes, "no session file");
  refused(changed([](nn::TensorFile& f) { f.metadata["version"] = "2"; }), "another version");
  refused(changed([](nn::TensorFile& f) { f.metadata["session"] = "{"; }), "The file");
  refused(changed([](nn::TensorFile& f) { f.tensors.erase(f.tensors.begin()); }), "values");
  refused(changed([](nn::TensorFile& f) { std::memset(f.tensors[1].values.data(), 0xff, 4); }), "NaN");
  refused(changed([](nn::TensorFile& f) {
            f.tensors[1].values.pop_back();
            f.tensors[1].shape[0] -= 1;
          }),
          "another length");
  refused(session("\"dataset\":\"strokes\"", "\"dataset\":\"mnist\""), "not loaded");
  refused(session("conv 4 5x5", "conv 3 5x5"), "another network");
  refused(session("\"step\":12", "\"step\":3"), "order");
  refused(session("\"layer\":\"conv1\"", "\"layer\":\"conv9\""), "conv9");
  refused(session("\"position\":192", "\"position\":1000000"), "An epoch of this data set");
}
