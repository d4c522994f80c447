// Tests of src/lab/experiments/top_units.h and winners.h.
#include "lab/experiments/top_units.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "data/batches.h"
#include "lab_small_set.h"

using namespace lenet;
using namespace lenet::lab;
using namespace lenet::test;

namespace {

constexpr const char* kNet = "conv 6 3x3, relu, pool 2, conv 9 3x3 padding 1, relu, pool 2, dense 12, relu, dense 10";
constexpr data::ImageShape kImage{1, 12, 12};

/// The winners of a unit of `layer`'s output among the first `images` training images, one image at a time.
std::vector<Winner> by_hand(Looked& looked, const data::Dataset& dataset, std::size_t layer, int unit, int images) {
  std::vector<Winner> winners;
  for (int i = 0; i < images; ++i) {
    forward_image(looked, dataset.train_image(i), static_cast<int>(layer));
    const nn::Peak peak = nn::find_peak(looked.model.network, looked.model.workspace, layer, unit, 0);
    const std::vector<float> map = looked.model.output(layer, 0);
    const std::size_t area = map.size() / static_cast<std::size_t>(looked.model.network.layer(layer).output().channels);
    const auto begin = map.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(unit) * area);
    if (std::all_of(begin, begin + static_cast<std::ptrdiff_t>(area), [](float v) { return v == 0; })) continue;
    winners.push_back({i, peak});
  }
  std::sort(winners.begin(), winners.end(), [](const Winner& a, const Winner& b) {
    return a.peak.value != b.peak.value ? a.peak.value > b.peak.value : a.image < b.image;
  });
  if (winners.size() > kTop) winners.resize(kTop);
  return winners;
}

void check_equal(std::span<const Winner> a, std::span<const Winner> b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    CHECK(a[i].image == b[i].image);
    CHECK(a[i].peak.value == b[i].peak.value);
    CHECK(a[i].peak.y == b[i].peak.y);
    CHECK(a[i].peak.x == b[i].peak.x);
  }
}

std::span<const float> slot(const std::vector<float>& all, std::size_t index, std::size_t one) {
  return std::span(all).subspan(index * one, one);
}

}  // namespace

TEST_CASE("top units: winners are those found one by one, for every kind of layer") {
  const SmallSet dataset(kImage, 30);
  Looked looked(kNet, dataset);
  for (const std::string layer : {"conv1", "conv2", "fc1", "fc2", "pool1"}) {
    const TopResult result = result_of<TopResult>(make_top_units(looked.subject(), {layer, 100}), looked.model.workspace);
    const std::size_t seen = observed(looked.model.network, {layer, 0});
    CHECK(result.step == 7);
    CHECK(result.images == 30);
    CHECK(result.layer == layer);
    REQUIRE(result.winners.size() == static_cast<std::size_t>(looked.model.network.layer(seen).output().channels));
    for (int unit = 0; unit < static_cast<int>(result.winners.size()); ++unit) {
      check_equal(result.winners[static_cast<std::size_t>(unit)], by_hand(looked, dataset, seen, unit, 30));
    }
  }
}

TEST_CASE("top units: projections and patches are those of the winners, cut to what a unit sees") {
  for (const data::ImageShape shape : {kImage, data::ImageShape{3, 11, 13}}) {
    const SmallSet dataset(shape, 30);
    Looked looked(kNet, dataset);
    for (const nn::BackwardRule rule : {nn::BackwardRule::kDeconv, nn::BackwardRule::kGuided})
      for (const std::string layer : {"conv1", "conv2", "fc2"}) {
        const TopResult result = result_of<TopResult>(make_top_units(looked.subject(), {layer, 30, rule}), looked.model.workspace);
        const nn::Network<float>& network = looked.model.network;
        const std::size_t seen = observed(network, {layer, 0});
        const nn::Shape input = network.input();
        const std::size_t one = static_cast<std::size_t>(input.channels * result.window.height * result.window.width);
        CHECK(result.window.top == 0);
        CHECK(result.window.height == (layer == "conv1" ? 3 : layer == "conv2" ? 8 : shape.height));
        REQUIRE(result.projections.size() == result.winners.size() * kTop * one);
        REQUIRE(result.patches.size() == result.projections.size());
        int not_zero = 0;
        for (std::size_t unit = 0; unit < result.winners.size(); unit += 4)
          for (std::size_t k = 0; k < result.winners[unit].size(); ++k) {
            const Winner& winner = result.winners[unit][k];
            const Window window = window_of(network, seen, winner.peak.y, winner.peak.x);
            const std::span<const std::uint8_t> pixels = dataset.train_image(winner.image);
            std::vector<float> part(one), image(input.size());
            cut(project_image(looked, pixels, seen, static_cast<int>(unit), winner.peak, rule), input, window, part);
            CHECK(same_bits(slot(result.projections, unit * kTop + k, one), std::span<const float>(part)));
            not_zero += std::any_of(part.begin(), part.end(), [](float v) { return v != 0; });
            data::to_floats(pixels, image);
            cut(image, input, window, part);
            CHECK(same_bits(slot(result.patches, unit * kTop + k, one), std::span<const float>(part)));
          }
        CHECK(not_zero > 5);
      }
  }
}

TEST_CASE("top units: a dead unit has no winners, one without a nonlinearity has negative ones, fewer images give fewer winners") {
  const SmallSet dataset(kImage, 5);
  Looked looked("conv 3 3x3, relu, dense 4, dense 10", dataset);
  looked.fill(0);
  looked.values("conv1.bias")[0] = -1;  // dead
  looked.values("conv1.bias")[1] = 1;   // the same everywhere
  looked.values("fc2.bias")[3] = -2;    // a logit that is always negative
  const TopResult maps = result_of<TopResult>(make_top_units(looked.subject(), {"conv1", 9}), looked.model.workspace);
  CHECK(maps.winners[0].empty());
  CHECK(maps.winners[2].empty());  // exactly 0, never more
  REQUIRE(maps.winners[1].size() == 5);
  for (int i = 0; i < 5; ++i) CHECK(maps.winners[1][static_cast<std::size_t>(i)].image == i);  // ties: in file order
  CHECK(std::all_of(maps.projections.begin(), maps.projections.end(), [](float v) { return v == 0; }));
  const TopResult logits = result_of<TopResult>(make_top_units(looked.subject(), {"fc2", 9}), looked.model.workspace);
  CHECK(logits.winners[2].empty());
  REQUIRE(logits.winners[3].size() == 5);
  CHECK(logits.winners[3][0].peak.value == -2);

  // Maxima of 0 with something below: alive without a ReLU.
  Looked plain("conv 1 3x3, dense 10", dataset);
  std::fill(plain.values("conv1.weight").begin(), plain.values("conv1.weight").end(), -1.0f);
  plain.values("conv1.bias")[0] = 0;
  const TopResult negative = result_of<TopResult>(make_top_units(plain.subject(), {"conv1", 9}), plain.model.workspace);
  CHECK(negative.winners[0].size() == 5);

  plain.fill(std::numeric_limits<float>::quiet_NaN());
  const TopResult nan = result_of<TopResult>(make_top_units(plain.subject(), {"conv1", 9}), plain.model.workspace);
  CHECK(nan.winners[0].empty());
}

TEST_CASE("top units: works on networks without convs, and takes held-out images only") {
  const SmallSet dataset(kImage, data::kHeldOut + 20);
  for (const char* network : {"dense 10", "dense 7, relu, dense 10"}) {
    Looked looked(network, dataset);
    const TopResult result = result_of<TopResult>(make_top_units(looked.subject(), {"fc1", 20}), looked.model.workspace);
    CHECK(result.window == Window{0, 0, 12, 12});
    check_equal(result.winners[2], by_hand(looked, dataset, observed(looked.model.network, {"fc1", 0}), 2, 20));
  }
}

TEST_CASE("top units: what does not fit is refused in words") {
  SmallSet dataset(kImage, 20);
  Looked looked(kNet, dataset);
  const auto message = [&](const TopRequest& request) { return message_of<Error>([&] { make_top_units(looked.subject(), request); }); };
  CHECK(message({"conv1", 8}).find("between 9 and 5000") != std::string::npos);
  CHECK(message({"conv1", 5001}).find("between 9 and 5000") != std::string::npos);
  CHECK(message({"conv7"}).find("conv7") != std::string::npos);
  dataset.set_available(0);
  CHECK(message({"conv1"}).find("held-out") != std::string::npos);
  CHECK_THROWS_AS(check_room(100000, {3, 32, 32}, {0, 0, 32, 32}, "fc1"), Error);
  CHECK_NOTHROW(check_room(120 * 80, {1, 28, 28}, {0, 0, 28, 28}, "fc1"));
  CHECK_NOTHROW(check_room(2048, {1, 64, 64}, {0, 0, 64, 64}, "fc1"));  // 2 · 2048 · 64² floats are 64 MB
  const std::string full = message_of<Error>([] { check_room(2049, {1, 64, 64}, {0, 0, 64, 64}, "fc1"); });
  CHECK(full.find("“fc1” see needs 65 MB of pictures, more than 64 MB") != std::string::npos);
}

TEST_CASE("top search: one round finds every unit's winners, and its running best before that") {
  const SmallSet dataset(kImage, 30);
  Looked looked(kNet, dataset);
  const nn::Network<float>& network = looked.model.network;
  const std::size_t layer = observed(network, {"conv2", 0});
  TopSearch search(21);
  CHECK(search.best(0).empty());
  search.restart(layer);
  const auto advance = [&](std::uint64_t step) { search.advance(network, looked.model.weights, dataset, step, looked.model.workspace); };
  advance(3);
  CHECK_FALSE(search.complete());
  CHECK(search.found_step() == 3);
  for (int unit = 0; unit < 9; ++unit) {
    const std::vector<Winner> so_far(search.best(unit).begin(), search.best(unit).end());
    check_equal(so_far, by_hand(looked, dataset, layer, unit, 8));
  }
  advance(3);
  CHECK_FALSE(search.up_to_date(3, dataset));
  advance(3);
  CHECK(search.complete());
  CHECK(search.up_to_date(3, dataset));
  CHECK_FALSE(search.up_to_date(4, dataset));
  for (int unit = 0; unit < 9; ++unit) check_equal(search.best(unit), by_hand(looked, dataset, layer, unit, 21));
  CHECK(search.best(9).empty());
  CHECK(search.best(-1).empty());

  // The next round, with other weights, shows only when it is through.
  const std::vector<Winner> before(search.best(1).begin(), search.best(1).end());
  randomize(looked.model.network, looked.model.weights, 2);
  advance(4);
  advance(5);
  check_equal(search.best(1), before);
  CHECK(search.found_step() == 3);
  advance(6);
  check_equal(search.best(1), by_hand(looked, dataset, layer, 1, 21));
  CHECK(search.found_step() == 6);
  CHECK_FALSE(search.up_to_date(6, dataset));  // it began with older weights

  search.restart(observed(network, {"fc1", 0}));
  CHECK_FALSE(search.complete());
  CHECK(search.best(1).empty());
  for (int i = 0; i < 3; ++i) advance(6);
  check_equal(search.best(11), by_hand(looked, dataset, observed(network, {"fc1", 0}), 11, 21));
}

TEST_CASE("top search: a round that other weights had a part in is not up to date, whatever step it began and ended with") {
  const SmallSet dataset(kImage, 24);
  Looked looked(kNet, dataset);
  TopSearch search(24);
  search.restart(1);
  const auto round = [&](const std::array<std::uint64_t, 3>& steps) {
    for (const std::uint64_t step : steps) search.advance(looked.model.network, looked.model.weights, dataset, step, looked.model.workspace);
    CHECK(search.complete());
  };
  round({100, 200, 100});  // the page went back to step 100, returned, and went back again
  CHECK_FALSE(search.up_to_date(100, dataset));
  CHECK_FALSE(search.up_to_date(200, dataset));
  round({100, 100, 100});
  CHECK(search.up_to_date(100, dataset));
  round({200, 100, 100});
  CHECK_FALSE(search.up_to_date(100, dataset));
  CHECK_FALSE(search.up_to_date(200, dataset));
}

TEST_CASE("top search: images that arrive are searched too") {
  SmallSet dataset(kImage, 30);
  Looked looked(kNet, dataset);
  TopSearch search(30);
  search.restart(1);
  dataset.set_available(0);
  const auto advance = [&] { search.advance(looked.model.network, looked.model.weights, dataset, 0, looked.model.workspace); };
  advance();
  CHECK_FALSE(search.complete());
  dataset.set_available(6);
  advance();
  CHECK(search.up_to_date(0, dataset));
  dataset.set_available(30);
  CHECK_FALSE(search.up_to_date(0, dataset));
  for (int i = 0; i < 4; ++i) advance();
  CHECK(search.up_to_date(0, dataset));
  check_equal(search.best(2), by_hand(looked, dataset, 1, 2, 30));
}
