// Tests of src/lab/run.h.
#include "lab/run.h"

#include "allocations.h"
#include "base/error.h"
#include "data/batches.h"
#include "data/strokes.h"
#include "support.h"

using namespace lenet;
using namespace lenet::test;

namespace {

constexpr const char* kWithDropout = "conv 4 5x5, relu, dropout 0.3, pool 2, dense 30, relu, dropout 0.5, dense 10";

constexpr const char* kSmall = "conv 4 5x5, relu, pool 2, dense 20, relu, dense 10";

lab::Recipe recipe_of(const std::string& network) {
  lab::Recipe recipe;
  recipe.network = network;
  return recipe;
}

/// The weights after `steps` more steps.
std::vector<float> train(lab::Run& run, int threads, int steps) {
  ThreadPool pool(threads);
  lab::Workers workers(run.training_network(), pool);
  for (int step = 0; step < steps; ++step) run.train_step(workers);
  return run.training_weights().values;
}

}  // namespace

TEST_CASE("run: dropout drops the same values on any number of threads, after a rewind, and from a saved state") {
  const data::StrokesDataset dataset(1);
  lab::Run run(dataset, recipe_of(kWithDropout), 1);
  const std::vector<float> weights = train(run, 1, 4);
  for (const int threads : {2, 3}) {
    lab::Run other(dataset, recipe_of(kWithDropout), 1);
    CHECK(train(other, threads, 4) == weights);
  }
  run.rewind();
  train(run, 2, 2);
  const lab::RunState half = run.save();
  CHECK(train(run, 2, 2) == weights);
  run.restore(half);
  CHECK(train(run, 3, 2) == weights);
}

TEST_CASE("run: dropout is there in training, and goes by the run's seed and step") {
  const data::StrokesDataset dataset(1);
  lab::Run run(dataset, recipe_of(kWithDropout), 1);
  lab::Run none(dataset, recipe_of("conv 4 5x5, relu, pool 2, dense 30, relu, dense 10"), 1);
  CHECK(train(run, 1, 1) != train(none, 1, 1));

  // One step by hand: the same images, weights and draw.
  const lab::RunState before = run.save();
  std::vector<std::span<const std::uint8_t>> images;
  std::vector<std::uint8_t> labels;
  const std::vector<std::uint32_t> order = data::epoch_order(run.seed(), 0, dataset.train_count());
  for (int i = run.position(); i < run.position() + run.batch(); ++i) {
    const int index = static_cast<int>(order[static_cast<std::size_t>(i)]);
    images.push_back(dataset.train_image(index));
    labels.push_back(static_cast<std::uint8_t>(dataset.train_label(index)));
  }
  nn::Trainer<float> trainer(run.training_network());
  trainer.weights() = run.training_weights();
  nn::Workspace<float> workspace = run.training_network().make_workspace();
  trainer.begin<std::uint8_t>(images, labels, run.groups(), nn::Draw{run.seed(), before.step});
  for (int shard = 0; shard < trainer.shard_count(); ++shard) trainer.run_shard(shard, workspace);
  const double loss = trainer.reduce().loss;
  train(run, 1, 1);
  CHECK(run.last().loss == loss);
  CHECK(std::equal(run.gradient().begin(), run.gradient().end(), trainer.gradient().begin()));
}

TEST_CASE("run: changes by hand give the same weights when they are replayed") {
  const data::StrokesDataset dataset(1);
  lab::Run run(dataset, recipe_of(kSmall), 1);
  run.change({.layer = "fc2", .multiplier = 0.5});  // at step 0: part of the recipe
  CHECK(run.history().empty());
  train(run, 2, 3);
  run.change({.layer = "conv1", .frozen = true});
  run.change({.rate = 0.1, .batch = 16});
  train(run, 2, 3);
  run.change({.step = 99, .layer = "conv1", .frozen = false});  // it counts from here, whatever it says
  run.change({.momentum = 0.5, .decay = 0.01});
  CHECK(run.history().back().step == 6);
  const std::vector<float> weights = train(run, 2, 3);
  const std::uint64_t images = run.images_seen();
  const lab::Recipe replayed = run.replayed_recipe();
  CHECK(replayed.changes.size() == 4);
  lab::Run elsewhere(dataset, replayed, 1);
  CHECK(train(elsewhere, 1, 9) == weights);

  run.rewind_to_replay();
  CHECK(run.recipe() == replayed);
  CHECK(run.history().empty());
  CHECK(run.recipe().changes.size() == 4);
  CHECK(run.batch() == 64);
  CHECK(train(run, 3, 9) == weights);
  CHECK(run.images_seen() == images);
  run.rewind_to_replay();  // once more: nothing is doubled
  CHECK(train(run, 1, 9) == weights);
  lab::Run other(dataset, run.recipe(), 1);
  CHECK(train(other, 1, 9) == weights);
}

TEST_CASE("run: after a rewind the changes by hand count from the start") {
  const data::StrokesDataset dataset(1);
  lab::Run run(dataset, recipe_of(kSmall), 1);
  train(run, 1, 2);
  run.change({.layer = "conv1", .frozen = true});
  run.change({.rate = 0.05});
  train(run, 1, 2);
  run.rewind();
  CHECK(run.step() == 0);
  CHECK(run.recipe().frozen == std::vector<std::string>{"conv1"});
  lab::Recipe recipe = recipe_of(kSmall);
  recipe.frozen = {"conv1"};
  recipe.sgd.rate = 0.05;
  lab::Run other(dataset, recipe, 1);
  CHECK(train(run, 1, 3) == train(other, 1, 3));
}

TEST_CASE("run: a planned freeze is the one made by hand, also when it is planned on the way") {
  const data::StrokesDataset dataset(1);
  lab::Run by_hand(dataset, recipe_of(kSmall), 1);
  train(by_hand, 1, 3);
  by_hand.change({.layer = "conv1", .frozen = true});
  train(by_hand, 1, 2);
  by_hand.change({.layer = "conv1", .frozen = false});
  const std::vector<float> weights = train(by_hand, 1, 3);

  const std::vector<lab::Change> changes = {{.step = 5, .layer = "conv1", .frozen = false},
                                            {.step = 3, .layer = "conv1", .frozen = true}};
  lab::Recipe recipe = recipe_of(kSmall);
  recipe.changes = changes;
  lab::Run planned(dataset, recipe, 1);
  CHECK(train(planned, 2, 8) == weights);
  planned.rewind();
  CHECK(train(planned, 1, 8) == weights);

  lab::Run on_the_way(dataset, recipe_of(kSmall), 1);
  train(on_the_way, 1, 2);
  on_the_way.plan(changes);
  CHECK(train(on_the_way, 1, 6) == weights);

  lab::Run too_late(dataset, recipe_of(kSmall), 1);
  train(too_late, 1, 4);
  CHECK(message_of<Error>([&] { too_late.plan(changes); }).find("lies behind") != std::string::npos);
  CHECK_FALSE(too_late.groups()[0].frozen);
  too_late.rewind();
  too_late.plan(changes);
  CHECK(train(too_late, 1, 8) == weights);
}

TEST_CASE("run: a state in the middle of a plan leads to the same end") {
  const data::StrokesDataset dataset(1);
  lab::Recipe recipe = recipe_of(kSmall);
  recipe.changes = {
      {.step = 2, .layer = "conv1", .frozen = true}, {.step = 4, .layer = "conv1", .frozen = false}, {.step = 5, .rate = 0.1}};
  lab::Run run(dataset, recipe, 1);
  const std::vector<float> weights = train(run, 1, 7);
  for (const int step : {1, 2, 3, 4, 5, 6}) {
    CAPTURE(step);
    run.rewind();
    train(run, 1, step);
    const lab::RunState state = run.save();
    train(run, 1, 1);
    run.restore(state);
    CHECK(train(run, 2, 7 - step) == weights);
  }
}

TEST_CASE("run: a frozen layer stands still, and starts with cleared momentum when it thaws") {
  const data::StrokesDataset dataset(1);
  lab::Run run(dataset, recipe_of(kSmall), 1);
  const nn::ParameterView conv = run.network().parameters()[0];
  const auto weights = [&] {
    const std::span<const float> values = conv.of(std::span<const float>(run.training_weights().values));
    return std::vector<float>(values.begin(), values.end());
  };
  train(run, 1, 3);
  const auto is_zero = [](float value) { return value == 0; };
  const auto momentum = [&] { return conv.of(run.momentum()); };
  CHECK_FALSE(std::all_of(momentum().begin(), momentum().end(), is_zero));
  run.change({.layer = "conv1", .frozen = true});
  const std::vector<float> before = weights();
  train(run, 1, 2);
  CHECK(weights() == before);
  run.change({.layer = "conv1", .frozen = false});
  CHECK(std::all_of(momentum().begin(), momentum().end(), is_zero));
  train(run, 1, 1);
  CHECK(weights() != before);
}

TEST_CASE("run: impossible changes and plans are refused and change nothing") {
  const data::StrokesDataset dataset(1);
  lab::Run run(dataset, recipe_of(kSmall), 1), other(dataset, recipe_of(kSmall), 1);
  train(run, 1, 1);
  CHECK_THROWS_AS(run.change({.layer = "conv9", .frozen = true}), Error);
  CHECK_THROWS_AS(run.change({.rate = -1}), Error);
  CHECK_THROWS_AS(run.change({.batch = 0}), Error);
  CHECK_THROWS_AS(run.plan({{.step = 2, .rate = 0.1}, {.step = 3, .layer = "relu1", .frozen = true}}), Error);
  CHECK(run.history().empty());
  CHECK(run.recipe() == other.recipe());
  train(other, 1, 1);
  CHECK(train(run, 1, 2) == train(other, 1, 2));
}

TEST_CASE("run: augmentation changes what is trained on, and gives the same with one thread and with three") {
  const data::StrokesDataset dataset(1);
  lab::Recipe recipe = recipe_of(kSmall);
  lab::Run plain(dataset, recipe, 1);
  recipe.augmentation = data::parse_augmentation("shift 2, flip");
  lab::Run one(dataset, recipe, 1), three(dataset, recipe, 1);
  const std::vector<float> weights = train(one, 1, 4);
  CHECK(train(three, 3, 4) == weights);
  CHECK(train(plain, 1, 4) != weights);
  one.rewind();
  CHECK(train(one, 2, 4) == weights);
}

TEST_CASE("run: the schedule's rate is in force, on top of changes of the rate") {
  const data::StrokesDataset dataset(1);
  lab::Recipe recipe = recipe_of(kSmall);
  recipe.sgd.rate = 0.08;
  recipe.schedule = nn::parse_rate_schedule("step 2 0.5");
  lab::Run run(dataset, recipe, 1);
  CHECK(run.sgd().rate == 0.08);
  train(run, 1, 2);
  CHECK(run.sgd().rate == 0.04);
  train(run, 1, 2);
  run.change({.rate = 0.4});
  CHECK(run.sgd().rate == 0.1);
  const std::vector<float> weights = train(run, 1, 1);

  lab::Run by_hand(dataset, recipe_of(kSmall), 1);
  by_hand.change({.rate = 0.08});
  train(by_hand, 1, 2);
  by_hand.change({.rate = 0.04});
  train(by_hand, 1, 2);
  by_hand.change({.rate = 0.1});
  CHECK(train(by_hand, 1, 1) == weights);
}

#ifdef LENET_COUNTS_ALLOCATIONS
TEST_CASE("run: a training step allocates nothing once its buffers are there") {
  const data::StrokesDataset dataset(1);
  const nn::Shape input{1, 28, 28};
  for (const std::string& network :
       {to_string(nn::preset("wss17", input)), to_string(nn::preset("caffe", input)), std::string(kWithDropout)}) {
    CAPTURE(network);
    lab::Run run(dataset, recipe_of(network), 1);
    for (const int threads : {1, 3}) {
      ThreadPool pool(threads);
      lab::Workers workers(run.training_network(), pool);
      run.rewind();
      for (int step = 0; step < 4; ++step) run.train_step(workers);  // the images are drawn here, too
      run.rewind();
      const int before = allocation_count();
      for (int step = 0; step < 4; ++step) run.train_step(workers);
      CHECK(allocation_count() == before);
    }
  }
}
#endif
