// Tests of src/lab/run.h.
#include "lab/run.h"

#include "allocations.h"
#include "data/strokes.h"
#include "support.h"

using namespace lenet;
using namespace lenet::test;

#ifdef LENET_COUNTS_ALLOCATIONS
TEST_CASE("run: a training step allocates nothing once its buffers are there") {
  const data::StrokesDataset dataset(1);
  for (const char* network : {"wss17", "caffe"}) {
    lab::RunSettings settings;
    settings.network = nn::preset(network, {1, 28, 28});
    lab::Run run(dataset, settings);
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
