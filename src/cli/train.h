// lenet-lab train: one training run from the command line, with the batches, the order and the arithmetic of the page.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/settings.h"

namespace lenet::cli {

struct TrainOptions {
  app::Settings settings;  ///< data set, seed, recipe; the recipe's texts below are read into it
  std::string initializer = "he";
  std::string schedule = "constant";
  std::string augmentation = "none";
  std::string test_on;      ///< another data set, on whose test images the run's end is measured; empty: the data set's own
  std::string data_folder;  ///< with the data set's files; empty: looked for
  std::uint64_t steps = 0;  ///< minibatches to train; 0: `epochs` decides
  int epochs = 1;
  std::vector<std::string> multipliers;  ///< "layer=factor"
  std::string start_file;                ///< weights to start from (.safetensors); empty: the initializer's
  std::string weights_file;              ///< where the weights go; empty: nowhere
  bool half = false;                     ///< they are stored as 16-bit floats
  std::string curve_file;                ///< where the CSV goes; empty: nowhere
  std::string timeline_folder;           ///< where the moments go (timeline_folder.h); empty: nowhere
  bool print_hash = false;
  bool quiet = false;  ///< no progress bar
  int threads = 1;     ///< the weights are the same bits with any number
};

/// Trains, reports on the standard output and writes the files asked for. Returns an exit code (program.h): after divergence
/// nothing is written. Throws Error for impossible options and for files that cannot be read or written.
int train(TrainOptions options);

}  // namespace lenet::cli
