// Tests of src/lab/experiments/evolution.h.
#include "lab/experiments/evolution.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "data/batches.h"
#include "lab/experiments/timeline.h"
#include "lab_small_set.h"

using namespace lenet;
using namespace lenet::lab;
using namespace lenet::test;

namespace {

constexpr const char* kNet = "conv 4 3x3, relu, pool 2, conv 5 3x3, relu, dense 9, relu, dense 10";
constexpr int kImages = 30;

/// A network, images of which `kImages` are trained on, and three moments of its life.
struct Life {
  SmallSet dataset;
  Looked looked;
  Timeline timeline;

  explicit Life(data::ImageShape shape = {1, 10, 10}, const char* network = kNet)
      : dataset(shape, data::kHeldOut + kImages), looked(network, dataset) {
    for (const std::uint32_t step : {0, 1, 2}) {
      randomize(looked.model.network, looked.model.weights, step + 1);
      timeline.offer(step, 0, false, looked.model.weights.values);
    }
  }
  std::unique_ptr<Experiment> make(const EvolutionRequest& request) { return make_evolution(looked.subject(), request, timeline); }
  EvolutionResult run(const EvolutionRequest& request) { return result_of<EvolutionResult>(make(request), looked.model.workspace); }
  void back_to(std::uint64_t step) {
    looked.model.weights.values = *timeline.find(step)->values;
    looked.model.network.pack(looked.model.weights);
  }
};

/// The strongest of the images that are trained on, one by one.
Winner by_hand(Life& life, std::size_t layer, int unit) {
  Winner best;
  for (int i = data::kHeldOut; i < data::kHeldOut + kImages; ++i) {
    forward_image(life.looked, life.dataset.train_image(i), static_cast<int>(layer));
    const nn::Peak peak = nn::find_peak(life.looked.model.network, life.looked.model.workspace, layer, unit, 0);
    if (peak.value != 0 && (best.image < 0 || peak.value > best.peak.value)) best = {i, peak};
  }
  return best;
}

}  // namespace

TEST_CASE("evolution: winners, projections and patches of every moment are those of its weights") {
  for (const data::ImageShape shape : {data::ImageShape{1, 10, 10}, data::ImageShape{3, 9, 11}}) {
    Life life(shape);
    for (const std::string layer : {"conv1", "conv2", "fc2"}) {
      const EvolutionResult result = life.run({layer, 100, nn::BackwardRule::kGradient});
      const nn::Network<float>& network = life.looked.model.network;
      const std::size_t seen = observed(network, {layer, 0});
      CHECK(result.steps == std::vector<std::uint64_t>{0, 1, 2});
      CHECK(result.moments == 3);
      CHECK(result.images == kImages);
      REQUIRE(result.units == network.layer(seen).output().channels);
      const nn::Shape input = network.input();
      const std::size_t units = static_cast<std::size_t>(result.units);
      const std::size_t one = static_cast<std::size_t>(input.channels * result.window.height * result.window.width);
      REQUIRE(result.winners.size() == 3 * units);
      REQUIRE(result.projections.size() == 3 * units * one);
      REQUIRE(result.patches.size() == 3 * units * one);
      int jumps = 0;
      for (std::size_t i = 0; i < 3 * units; ++i) {
        life.back_to(i / units);
        const int unit = static_cast<int>(i % units);
        const Winner best = by_hand(life, seen, unit);
        CHECK(result.winners[i].image == best.image);
        CHECK(result.winners[i].peak.value == best.peak.value);
        const bool jump = i >= units && best.image >= 0 && result.winners[i - units].image >= 0 &&
                          result.winners[i - units].image != best.image;
        CHECK(result.jumps[i] == jump);
        jumps += jump;
        std::vector<float> part(one), image(input.size());
        if (best.image >= 0) {
          const std::span<const std::uint8_t> pixels = life.dataset.train_image(best.image);
          const Window window = window_of(network, seen, best.peak.y, best.peak.x);
          const std::vector<float> projection =
              project_image(life.looked, pixels, seen, unit, best.peak, nn::BackwardRule::kGradient);
          cut(projection, input, window, part);
          CHECK(same_bits(part, std::span(result.projections).subspan(i * one, one)));
          data::to_floats(pixels, image);
          cut(image, input, window, part);
        }
        CHECK(same_bits(part, std::span(result.patches).subspan(i * one, one)));
      }
      CHECK(jumps > 0);
      if (layer == "conv1") {
        CHECK(result.kernel == 3);
        const nn::ParameterView& filters = network.find_parameter("conv1.weight");
        REQUIRE(result.filters.size() == 3 * filters.size);
        CHECK(same_bits(filters.of(std::span<const float>(*life.timeline.find(1)->values)),
                        std::span(result.filters).subspan(filters.size, filters.size)));
      } else {
        CHECK(result.kernel == 0);
        CHECK(result.filters.empty());
      }
    }
  }
}

TEST_CASE("evolution: what was found at a moment is not searched again, unless its weights are others") {
  Life life;
  const EvolutionRequest request{"conv1", 100};
  nn::Workspace<float>& workspace = life.looked.model.workspace;
  std::unique_ptr<Experiment> first = life.make(request), second;
  const int blocks = (kImages + 7) / 8;
  CHECK(finish(*first, workspace) == 3 * (blocks + 2));
  CHECK(life.timeline.winners().size() == 3);
  second = life.make(request);
  CHECK(finish(*second, workspace) == 3 * 2);  // a block of pictures and the distances each
  const EvolutionResult a = std::get<EvolutionResult>(first->outcome()), b = std::get<EvolutionResult>(second->outcome());
  CHECK(same_bits(a.projections, b.projections));
  CHECK(a.jumps == b.jumps);
  CHECK(finish(*life.make({"conv1", 8}), workspace) == 3 * (1 + 2));  // other images are another search
  CHECK(finish(*life.make({"conv1", 100, nn::BackwardRule::kGuided}), workspace) == 3 * 2);

  // A rewind while it runs: what it finds is of the old weights, and is not kept for the new ones.
  std::unique_ptr<Experiment> running = life.make({"conv2", 100});
  running->advance(workspace);
  life.timeline.offer(1, 0, false, *life.timeline.find(0)->values);
  finish(*running, workspace);
  CHECK(std::get<EvolutionResult>(running->outcome()).steps.size() == 3);
  CHECK(life.timeline.winners().contains({0, "conv2/30"}));
  CHECK_FALSE(life.timeline.winners().contains({1, "conv2/30"}));
  CHECK(finish(*life.make(request), workspace) == 2 + blocks + 2);  // step 0 is known, step 1 new, step 2 gone
}

TEST_CASE("evolution: while it runs, it shows the moments that are done") {
  Life life;
  std::unique_ptr<Experiment> experiment = life.make({"conv2", 16});
  const auto now = [&] { return std::get<EvolutionResult>(experiment->outcome()); };
  CHECK(now().steps.empty());
  for (int i = 0; i < 4; ++i) experiment->advance(life.looked.model.workspace);
  CHECK(now().steps == std::vector<std::uint64_t>{0});
  CHECK(now().moments == 3);
  CHECK(now().winners.size() == 5);
  CHECK(std::ranges::none_of(now().jumps, [](bool jump) { return jump; }));
  experiment->advance(life.looked.model.workspace);
  CHECK(now().steps.size() == 1);
  finish(*experiment, life.looked.model.workspace);
  CHECK(now().steps.size() == 3);
}

TEST_CASE("evolution: a unit that was silent for a while jumps when it wakes to another image") {
  Life life({1, 10, 10}, "conv 2 3x3, relu, dense 10");
  life.timeline.clear();  // unit 1 wakes at step 5 only
  const std::span<float> filters = life.looked.values("conv1.weight"), biases = life.looked.values("conv1.bias");
  const auto offer = [&](std::uint64_t step, float bias, std::uint32_t stream) {
    const std::vector<float> weights = random_values<float>(filters.size(), stream);
    std::copy(weights.begin(), weights.end(), filters.begin());
    biases[0] = bias;
    biases[1] = step == 5 ? 0.0f : -1000.0f;
    life.timeline.offer(step, 0, false, life.looked.model.weights.values);
  };
  offer(0, 0, 1);
  offer(1, -1000, 2);  // silent
  offer(2, -1000, 3);
  offer(5, 0, 4);
  offer(10, -1000, 5);
  offer(20, 0, 4);  // the same as at step 5
  const EvolutionResult result = life.run({"conv1", 100});
  REQUIRE(result.steps.size() == 6);
  const auto image = [&](std::size_t moment) { return result.winners[moment * 2].image; };
  REQUIRE(image(0) >= 0);
  REQUIRE(image(1) == -1);
  REQUIRE(image(2) == -1);
  REQUIRE(image(3) >= 0);
  REQUIRE(image(3) != image(0));
  REQUIRE(image(5) == image(3));
  REQUIRE(result.winners[3 * 2 + 1].image >= 0);
  for (std::size_t moment = 0; moment < 6; ++moment) {
    CHECK(result.jumps[moment * 2] == (moment == 3));
    CHECK_FALSE(result.jumps[moment * 2 + 1]);  // it had no image before
  }
}

namespace {

/// Three moments: conv1 is 5 away from where it ends, 1 away, there; fc1 stays.
struct Way {
  SmallSet dataset{{1, 5, 5}, data::kHeldOut + 8};
  Looked looked{"conv 2 3x3, relu, dense 10", dataset};
  Timeline timeline;
  std::vector<float> start, middle, end;

  Way() {
    start.assign(looked.model.network.parameter_count(), 0.0f);
    end = start;
    const std::size_t weight = looked.model.network.find_parameter("conv1.weight").offset;
    end[weight] = 3;
    end[looked.model.network.find_parameter("conv1.bias").offset] = 4;
    middle = end;
    middle[weight] = 2;
    timeline.offer(0, 0, false, start);
    timeline.offer(1, 0, false, middle);
    timeline.offer(2, 0, false, end);
  }
  std::unique_ptr<Experiment> make(std::uint64_t step, const std::vector<float>& now) {
    looked.model.weights.values = now;
    return make_evolution(looked.subject(step), {"conv1", 8}, timeline);
  }
  Convergence run(std::uint64_t step, const std::vector<float>& now) {
    return result_of<EvolutionResult>(make(step, now), looked.model.workspace).convergence;
  }
};

using Steps = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("evolution: convergence is the distance that is left, by layer") {
  Way way;
  const Convergence at_two = way.run(2, way.end);
  CHECK(at_two.steps == Steps{0, 1, 2});
  CHECK(at_two.layers == std::vector<std::string>{"conv1", "fc1"});
  CHECK(relative_difference(at_two.remaining, std::vector<double>{1, 0.2, 0, 0, 0, 0}) < 1e-7);
  const Convergence at_seven = way.run(7, way.end);
  CHECK(at_seven.steps == Steps{0, 1, 2, 7});
  CHECK(relative_difference(at_seven.remaining, std::vector<double>{1, 0.2, 0, 0, 0, 0, 0, 0}) < 1e-7);
  // Of a past moment: what came after it is no way to it.
  CHECK(way.run(1, way.middle).steps == Steps{0, 1});
  CHECK(way.run(0, way.start).remaining == std::vector<double>{0, 0});
  std::vector<float> broken = way.end;
  broken[way.looked.model.network.find_parameter("conv1.weight").offset] = std::numeric_limits<float>::quiet_NaN();
  const Convergence diverged = way.run(7, broken);
  CHECK(std::isnan(diverged.remaining[0]));
  CHECK(std::isnan(diverged.remaining[3]));
  CHECK(diverged.remaining[4] == 0);  // fc1
  way.timeline.cut_after(1);
  const Convergence without = way.run(7, way.end);
  CHECK(without.steps == Steps{0, 1, 7});
  CHECK(relative_difference(without.remaining, std::vector<double>{1, 0.2, 0, 0, 0, 0}) < 1e-7);
}

TEST_CASE("evolution: convergence grows with the moments that are done, a slice each") {
  Way way;
  const std::unique_ptr<Experiment> experiment = way.make(7, way.end);
  const auto now = [&] { return std::get<EvolutionResult>(experiment->outcome()); };
  CHECK(now().convergence.steps.empty());
  CHECK(now().convergence.remaining.empty());
  std::size_t done = 0;
  for (bool more = true; more;) {
    more = experiment->advance(way.looked.model.workspace);
    const EvolutionResult result = now();
    CHECK(result.steps.size() <= done + 1);
    done = result.steps.size();
    CHECK(result.convergence.steps.size() == (more ? done : 4));
    REQUIRE(result.convergence.remaining.size() == 2 * result.convergence.steps.size());
    if (done == 2) CHECK(relative_difference(result.convergence.remaining, std::vector<double>{1, 0.2, 0, 0}) < 1e-7);
  }
  CHECK(done == 3);
  CHECK(now().convergence.steps == Steps{0, 1, 2, 7});
}

TEST_CASE("evolution: one unit alone is as it is among all of its layer") {
  Life life({1, 10, 10});
  const EvolutionResult all = life.run({"conv1", 100}), one = life.run({.layer = "conv1", .images = 100, .unit = 2});
  CHECK(one.first == 2);
  REQUIRE(one.units == 1);
  REQUIRE(one.projections.size() * static_cast<std::size_t>(all.units) == all.projections.size());
  const std::size_t size = one.projections.size() / one.steps.size(), filter = one.filters.size() / one.steps.size();
  for (std::size_t moment = 0; moment < one.steps.size(); ++moment) {
    const std::size_t at = moment * static_cast<std::size_t>(all.units) + 2;
    CHECK(one.winners[moment].image == all.winners[at].image);
    CHECK(std::equal(one.projections.begin() + static_cast<long>(moment * size), one.projections.begin() + static_cast<long>((moment + 1) * size),
                     all.projections.begin() + static_cast<long>(at * size)));
    CHECK(std::equal(one.filters.begin() + static_cast<long>(moment * filter), one.filters.begin() + static_cast<long>((moment + 1) * filter),
                     all.filters.begin() + static_cast<long>(at * filter)));
  }
  CHECK_THROWS_AS(life.run({.layer = "conv1", .images = 100, .unit = 99}), Error);
}

TEST_CASE("evolution: dead units, NaN weights, networks without convs") {
  Life life;
  std::vector<float> values(life.looked.model.network.parameter_count(), 0.0f);
  life.timeline.offer(5, 0, false, values);
  std::fill(values.begin(), values.end(), std::numeric_limits<float>::quiet_NaN());
  life.timeline.offer(10, 0, false, values);
  const EvolutionResult result = life.run({"conv2", 30});
  REQUIRE(result.steps.size() == 5);
  for (std::size_t i = 3 * 5; i < 5 * 5; ++i) {
    CHECK(result.winners[i].image == -1);
    CHECK_FALSE(result.jumps[i]);
  }
  for (const char* network : {"dense 10", "dense 6, relu, dense 10"}) {
    Life flat({1, 10, 10}, network);
    const EvolutionResult found = flat.run({"fc1", 30});
    CHECK(found.window == Window{0, 0, 10, 10});
    flat.back_to(2);
    const std::size_t seen = observed(flat.looked.model.network, {"fc1", 0});
    CHECK(found.winners[static_cast<std::size_t>(2 * found.units)].image == by_hand(flat, seen, 0).image);
  }
}

TEST_CASE("evolution: what does not fit is refused in words") {
  Life life;
  const auto message = [&](const EvolutionRequest& request) { return message_of<Error>([&] { life.make(request); }); };
  CHECK(message({"conv1", 7}).find("between 8 and 20000") != std::string::npos);
  CHECK(message({"conv1", 20001}).find("between 8 and 20000") != std::string::npos);
  CHECK(message({"conv9"}).find("conv9") != std::string::npos);
  life.dataset.set_available(data::kHeldOut);
  CHECK(message({"conv1"}).find("arrived") != std::string::npos);
  life.dataset.set_available(data::kHeldOut + 3);
  CHECK(life.run({"conv1"}).images == 3);
  life.timeline.clear();
  CHECK(message({"conv1"}).find("past steps") != std::string::npos);
}
