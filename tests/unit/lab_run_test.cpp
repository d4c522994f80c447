// Tests of src/lab/run.h.
#include "lab/run.h"

#include "allocations.h"
#include "data/batches.h"
#include "data/strokes.h"
#include "support.h"

using namespace lenet;
using namespace lenet::test;

namespace {

constexpr const char* kWithDropout = "conv 4 5x5, relu, dropout 0.3, pool 2, dense 30, relu, dropout 0.5, dense 10";

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
