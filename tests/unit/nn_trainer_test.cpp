// Tests of src/nn/trainer.h: the minibatch's gradient, any order of the shards, freezing, a golden run.
#include "nn/trainer.h"

#include <limits>
#include <stdexcept>
#include <thread>

#include "nn/loss.h"
#include "nn/optimizer.h"
#include "nn_support.h"

using namespace lenet;
using namespace lenet::nn;
using namespace lenet::test;

namespace {

constexpr const char* kNet =
    "conv 5 3x3, relu, pool 2, conv 6 2x2 padding 1, relu, pool 2, dense 45, relu, dense 10";  // 45 units: three parts
constexpr Shape kInput{1, 8, 8};
constexpr int kBatchSizes[] = {1, 7, 8, 9, 63, 64, 65, 130};

constexpr Fusing kBoth[] = {Fusing::kOff, Fusing::kOn};

template <class T>
struct Lab {
  Network<T> network;
  Trainer<T> trainer{network};
  Workspace<T> workspace = network.make_workspace();
  std::vector<GroupSettings> groups = all_trainable(network);

  explicit Lab(Fusing fusing = Fusing::kOff) : network(parse_network(kNet, kInput), 10, fusing) {
    randomize(network, trainer.weights(), 1);
    poison(workspace);
  }
  StepResult step(const Minibatch<T>& batch, const SgdSettings& settings = {.rate = 0.05, .momentum = 0.9, .decay = 0.001}) {
    run_minibatch(trainer, batch, groups, workspace);
    return trainer.finish(settings);
  }
  std::vector<T> gradient() const { return {trainer.gradient().begin(), trainer.gradient().end()}; }
  /// The part of a flat array that belongs to one parameter.
  template <class Values>
  std::vector<T> part(const char* parameter, const Values& values) const {
    const std::span<const T> span = network.find_parameter(parameter).of(std::span<const T>(values));
    return {span.begin(), span.end()};
  }
};

}  // namespace

TEST_CASE("trainer: a minibatch's gradient and loss are the means over its images, for every tail") {
  Lab<double> lab;
  for (const int count : kBatchSizes) {
    CAPTURE(count);
    const Minibatch<double> batch(kInput, count, static_cast<std::uint32_t>(count));
    std::vector<double> mean(lab.network.parameter_count());
    double loss = 0;
    int correct = 0;
    for (std::size_t i = 0; i < batch.images.size(); ++i) {
      Minibatch<double> one = batch;
      one.images = {batch.images[i]};
      one.labels = {batch.labels[i]};
      run_minibatch(lab.trainer, one, lab.groups, lab.workspace);
      const StepResult result = lab.trainer.reduce();
      CHECK(result.images == 1);
      loss += result.loss / count;
      correct += result.correct;
      for (std::size_t k = 0; k < mean.size(); ++k) mean[k] += lab.trainer.gradient()[k] / count;
    }
    run_minibatch(lab.trainer, batch, lab.groups, lab.workspace);
    const StepResult result = lab.trainer.reduce();
    CHECK(relative_difference(lab.gradient(), mean) <= 1e-12);
    CHECK(result.loss == doctest::Approx(loss).epsilon(1e-12));
    CHECK(result.correct == correct);
    CHECK(result.images == count);
    CHECK(result.finite);
    CHECK(lab.trainer.shard_count() == std::min((count + 7) / 8, kShards));
  }
}

TEST_CASE("trainer: loss and accuracy are those of the logits") {
  Lab<double> lab;
  const Minibatch<double> batch(kInput, 8, 3);
  lab.workspace.activation[0] = block_of(kInput, batch.images);
  lab.network.forward(lab.trainer.weights(), lab.workspace);
  const BlockLoss expected = cross_entropy<double>(lab.workspace.activation.back(), batch.labels, 1, {});
  double sum = 0;
  int correct = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    sum += expected.loss[i];
    correct += expected.correct[i];
  }
  run_minibatch(lab.trainer, batch, lab.groups, lab.workspace);
  const StepResult result = lab.trainer.reduce();
  CHECK(result.loss == doctest::Approx(sum / 8).epsilon(1e-14));
  CHECK(result.correct == correct);
}

TEST_CASE("trainer: shards and parts in any order, and on any number of threads, give the same bits") {
  enum class Order { kForward, kReversed, kInterleaved, kThreads };
  /// Calls work(piece, workspace) for every piece.
  const auto run_pieces = [](Lab<float>& lab, Order order, int count, const auto& work) {
    if (order == Order::kThreads) {
      std::vector<std::thread> threads;
      for (int t = 0; t < 3; ++t) {
        threads.emplace_back([&lab, &work, t, count] {
          Workspace<float> workspace = lab.network.make_workspace();
          poison(workspace);
          for (int piece = count - 1 - t; piece >= 0; piece -= 3) work(piece, workspace);
        });
      }
      for (std::thread& thread : threads) thread.join();
      return;
    }
    for (int k = 0; k < count; ++k) {
      const int odd_first = k < count / 2 ? 2 * k + 1 : 2 * (k - count / 2);
      work(order == Order::kForward ? k : order == Order::kReversed ? count - 1 - k : odd_first, lab.workspace);
    }
  };
  const SgdSettings settings{.rate = 0.05, .momentum = 0.9, .decay = 0.001};
  const auto train = [&](Order order, int count, Fusing fusing) {
    Lab<float> lab(fusing);
    for (std::uint32_t step = 0; step < 4; ++step) {
      const Minibatch<float> batch(kInput, count, 50 + step);
      lab.groups[1].frozen = step == 2;
      lab.trainer.begin<float>(batch.spans(), batch.labels, lab.groups);
      run_pieces(lab, order, lab.trainer.shard_count(),
                 [&](int shard, auto& workspace) { lab.trainer.run_shard(shard, workspace); });
      run_pieces(lab, order, lab.trainer.part_count(), [&](int part, auto&) { lab.trainer.finish_part(part, settings); });
      CHECK(lab.trainer.end().finite);
    }
    return lab.trainer.weights();
  };
  for (const Fusing fusing : kBoth)
    for (const int count : {1, 9, 63, 64, 65, 130}) {
      CAPTURE(count);
      Lab<float> lab(fusing);
      for (std::uint32_t step = 0; step < 4; ++step) {
        lab.groups[1].frozen = step == 2;
        lab.step(Minibatch<float>(kInput, count, 50 + step), settings);
      }
      for (const Order order : {Order::kForward, Order::kReversed, Order::kInterleaved, Order::kThreads}) {
        const Weights<float> weights = train(order, count, fusing);
        CHECK(same_bits(weights.values, lab.trainer.weights().values));
        CHECK(same_bits(weights.packed, lab.trainer.weights().packed));
      }
    }
}

TEST_CASE("trainer: the parts of an update are conv layers, and rows of dense layers; frozen layers have none") {
  Lab<float> lab;
  const Minibatch<float> batch(kInput, 9, 1);
  const auto parts = [&](std::vector<std::size_t> frozen) {
    lab.groups = all_trainable(lab.network);
    for (const std::size_t g : frozen) lab.groups[g].frozen = true;
    lab.trainer.begin<float>(batch.spans(), batch.labels, lab.groups);
    return lab.trainer.part_count();
  };
  const int all = parts({});
  CHECK(all > 4);  // some layer is divided
  CHECK(parts({0}) == all - 1);
  CHECK(parts({0, 1}) == all - 2);
  CHECK(parts({3}) < all);
  CHECK(parts({0, 1, 2, 3}) == 0);
}

TEST_CASE("trainer: nothing of an earlier, larger minibatch is left over") {
  for (const Fusing fusing : kBoth)
    for (const int count : kBatchSizes) {
      Lab<float> used(fusing), fresh(fusing);
      run_minibatch(used.trainer, Minibatch<float>(kInput, 130, 1), used.groups, used.workspace);
      used.trainer.reduce();
      const Minibatch<float> batch(kInput, count, 2);
      run_minibatch(used.trainer, batch, used.groups, used.workspace);
      run_minibatch(fresh.trainer, batch, fresh.groups, fresh.workspace);
      CHECK(used.trainer.reduce().loss == fresh.trainer.reduce().loss);
      CHECK(same_bits(used.trainer.gradient(), fresh.trainer.gradient()));
    }
}

TEST_CASE("trainer: bytes are the same images as pixel / 255") {
  Lab<float> as_bytes, as_floats;
  std::vector<std::vector<std::uint8_t>> bytes;
  Minibatch<float> batch(kInput, 11, 4);
  for (std::vector<float>& image : batch.images) {
    bytes.emplace_back();
    for (float& v : image) {
      bytes.back().push_back(static_cast<std::uint8_t>(v * 255));
      v = static_cast<float>(bytes.back().back()) / 255.0f;
    }
  }
  const std::vector<std::span<const std::uint8_t>> spans(bytes.begin(), bytes.end());
  as_bytes.trainer.begin<std::uint8_t>(spans, batch.labels, as_bytes.groups);
  for (int s = 0; s < as_bytes.trainer.shard_count(); ++s) as_bytes.trainer.run_shard(s, as_bytes.workspace);
  as_bytes.trainer.finish({});
  as_floats.step(batch, {});
  CHECK(same_bits(as_bytes.trainer.weights().values, as_floats.trainer.weights().values));
}

TEST_CASE("trainer: a frozen layer stands still bit by bit, keeps its momentum, and learns again after the thaw") {
  constexpr const char* kFrozen[] = {"conv1.weight", "conv1.bias", "fc1.weight", "fc1.bias"};
  constexpr const char* kFree[] = {"conv2.weight", "conv2.bias", "fc2.weight", "fc2.bias"};
  Fusing fusing = Fusing::kOff;
  SUBCASE("single layers") {}
  SUBCASE("fused layers") { fusing = Fusing::kOn; }
  Lab<float> lab(fusing);
  for (std::uint32_t i = 0; i < 3; ++i) lab.step(Minibatch<float>(kInput, 20, i));
  const std::vector<float> weights = lab.trainer.weights().values,
                           momentum(lab.trainer.momentum().begin(), lab.trainer.momentum().end());
  const std::vector<float> gradient = lab.gradient();
  lab.groups[0].frozen = lab.groups[2].frozen = true;
  for (std::uint32_t i = 3; i < 8; ++i) lab.step(Minibatch<float>(kInput, 20, i), {.rate = 0.05, .momentum = 0.9, .decay = 0.1});
  for (const char* name : kFrozen) {
    CAPTURE(std::string(name));
    CHECK(same_bits(lab.part(name, lab.trainer.weights().values), lab.part(name, weights)));
    CHECK(same_bits(lab.part(name, lab.trainer.momentum()), lab.part(name, momentum)));
    CHECK(same_bits(lab.part(name, lab.gradient()), lab.part(name, gradient)));
    CHECK(lab.part(name, momentum) != std::vector<float>(lab.part(name, momentum).size(), 0.0f));
  }
  for (const char* name : kFree) CHECK_FALSE(same_bits(lab.part(name, lab.trainer.weights().values), lab.part(name, weights)));

  // The thaw clears the momentum: the next update is the plain gradient step.
  lab.trainer.clear_momentum(0);
  lab.trainer.clear_momentum(2);
  for (const char* name : kFrozen) {
    CHECK(lab.part(name, lab.trainer.momentum()) == std::vector<float>(lab.part(name, momentum).size(), 0.0f));
  }
  const std::vector<float> others = lab.part("conv2.weight", lab.trainer.momentum());
  CHECK(others != std::vector<float>(others.size(), 0.0f));
  lab.groups = all_trainable(lab.network);
  lab.step(Minibatch<float>(kInput, 20, 9), {.rate = 0.05, .momentum = 0.9, .decay = 0});
  for (const char* name : kFrozen) {
    CAPTURE(std::string(name));
    const std::vector<float> now = lab.part(name, lab.trainer.weights().values), start = lab.part(name, weights);
    const std::vector<float> g = lab.part(name, lab.gradient());
    CHECK_FALSE(same_bits(now, start));
    bool plain = true;
    for (std::size_t i = 0; i < now.size(); ++i) plain = plain && now[i] == start[i] - 0.05f * g[i];
    CHECK(plain);
  }
  lab.trainer.clear_momentum();
  for (const float v : lab.trainer.momentum()) CHECK_UNARY(v == 0);
}

TEST_CASE("trainer: freezing lower layers leaves the gradients above bit-identical, and freezing all leaves everything") {
  Fusing fusing = Fusing::kOff;
  SUBCASE("single layers") {}
  SUBCASE("fused layers") { fusing = Fusing::kOn; }
  Lab<float> free(fusing);
  const Minibatch<float> batch(kInput, 65, 5);
  run_minibatch(free.trainer, batch, free.groups, free.workspace);
  const StepResult whole = free.trainer.reduce();
  for (std::size_t k = 1; k <= 4; ++k) {
    CAPTURE(k);
    Lab<float> lab(fusing);
    for (std::size_t g = 0; g < k; ++g) lab.groups[g].frozen = true;
    const std::vector<float> before = lab.trainer.weights().values;
    run_minibatch(lab.trainer, batch, lab.groups, lab.workspace);
    const StepResult result = lab.trainer.reduce();
    CHECK(result.loss == whole.loss);
    CHECK(result.correct == whole.correct);
    for (const ParameterView& view : lab.network.parameters()) {
      const bool frozen = static_cast<std::size_t>(view.group) < k;
      const std::vector<float> expected = frozen ? std::vector<float>(view.size) : free.part(view.name.c_str(), free.gradient());
      CHECK(same_bits(lab.part(view.name.c_str(), lab.gradient()), expected));
    }
    if (k < 4) continue;
    lab.trainer.finish({.rate = 1, .momentum = 0.9, .decay = 1});
    CHECK(same_bits(lab.trainer.weights().values, before));
  }
}

TEST_CASE("trainer: freezing lower layers saves their backward work") {
  Fusing fusing = Fusing::kOff;
  SUBCASE("single layers") {}
  SUBCASE("fused layers") { fusing = Fusing::kOn; }
  Lab<float> lab(fusing);
  lab.groups[0].frozen = lab.groups[1].frozen = true;
  poison(lab.workspace);
  run_minibatch(lab.trainer, Minibatch<float>(kInput, 8, 5), lab.groups, lab.workspace);
  const std::size_t fc1 = lab.network.find_layer("fc1");
  for (std::size_t i = 0; i <= fc1; ++i) CHECK_UNARY(std::isnan(lab.workspace.gradient[i][0]));  // never written
  CHECK_FALSE(std::isnan(lab.workspace.gradient[fc1 + 1][0]));
}

TEST_CASE_TEMPLATE("trainer: the update of all parts is the optimizer's, bit by bit, and the kernels' copy is renewed", T, float,
                   double) {
  const SgdSettings settings{.rate = 0.05, .momentum = 0.9, .decay = 0.1};
  for (const Fusing fusing : kBoth)
    for (std::size_t frozen = 0; frozen <= 4; ++frozen) {
      Lab<T> lab(fusing);
      Weights<T> weights = lab.trainer.weights();
      std::vector<T> momentum(weights.values.size());
      lab.groups[0].multiplier = 0.5;
      if (frozen < 4) lab.groups[frozen].frozen = true;
      for (std::uint32_t step = 0; step < 3; ++step) {
        lab.step(Minibatch<T>(kInput, 20, step), settings);
        sgd_update<T>(lab.network, settings, lab.groups, lab.trainer.gradient(), momentum, weights.values);
        CHECK(same_bits(lab.trainer.weights().values, weights.values));
        CHECK(same_bits(lab.trainer.momentum(), momentum));
        lab.network.pack(weights);
        CHECK(same_bits(lab.trainer.weights().packed, weights.packed));
      }
    }
}

TEST_CASE("trainer: the rate multiplier is the layer's own") {
  Lab<double> plain, scaled;
  scaled.groups[1].multiplier = 0.25;
  scaled.groups[3].multiplier = 0;
  const Minibatch<double> batch(kInput, 9, 6);
  const std::vector<double> before = plain.trainer.weights().values;
  plain.step(batch);
  scaled.step(batch);
  for (const ParameterView& view : plain.network.parameters()) {
    const double factor = view.group == 1 ? 0.25 : view.group == 3 ? 0 : 1;
    for (std::size_t i = view.offset; i < view.offset + view.size; ++i) {
      const double full = plain.trainer.weights().values[i] - before[i];
      CHECK(std::abs(scaled.trainer.weights().values[i] - before[i] - factor * full) <= 1e-15);
    }
  }
}

TEST_CASE("trainer: a run that diverges says so, whether in the loss or in a weight") {
  Lab<float> lab;
  const Minibatch<float> batch(kInput, 9, 6);
  CHECK(lab.step(batch).finite);
  const Weights<float> good = lab.trainer.weights();
  CHECK_FALSE(lab.step(batch, {.rate = 1e38, .momentum = 0, .decay = 1e10}).finite);  // the weights overflow
  CHECK_FALSE(lab.step(batch).finite);
  lab.trainer.weights() = good;  // back to the last good state
  run_minibatch(lab.trainer, batch, lab.groups, lab.workspace);
  CHECK(lab.trainer.reduce().finite);

  Lab<float> bad_pixel;
  Minibatch<float> broken = batch;
  broken.images[8][20] = std::numeric_limits<float>::quiet_NaN();
  run_minibatch(bad_pixel.trainer, broken, bad_pixel.groups, bad_pixel.workspace);
  CHECK_FALSE(bad_pixel.trainer.reduce().finite);
}

TEST_CASE("trainer: sizes that differ are a mistake of the caller") {
  Lab<float> lab;
  const Minibatch<float> batch(kInput, 3, 1);
  const std::vector<std::uint8_t> two = {1, 2};
  CHECK_THROWS_AS(lab.trainer.begin<float>(batch.spans(), two, lab.groups), std::logic_error);
  CHECK_THROWS_AS(lab.trainer.begin<float>({}, {}, lab.groups), std::logic_error);
  CHECK_THROWS_AS(lab.trainer.begin<float>(batch.spans(), batch.labels, std::span(lab.groups).first(2)), std::logic_error);
}

TEST_CASE("trainer: a seeded run ends on the same weights everywhere") {
  // Golden: equal natively and as wasm. A change of summation order in a kernel changes it, and every seeded result with it.
  const std::pair<Fusing, std::string> kGolden[] = {{Fusing::kOff, "3d411ce987799911"}, {Fusing::kOn, "ad400a1dfc9dd2c8"}};
  for (const auto& [fusing, hash] : kGolden) {
    Lab<float> lab(fusing);
    double first = 0, last = 0;
    for (int step = 0; step < 30; ++step) {
      const StepResult result = lab.step(Minibatch<float>(kInput, 20, static_cast<std::uint32_t>(step % 2)));
      (step == 0 ? first : last) = result.loss;
    }
    CHECK(last < 0.75 * first);
    CHECK(hash_of(lab.trainer.weights().values) == hash);
  }
}
