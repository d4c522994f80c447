// lenet-lab strokes: the drawn digits as IDX files, the format that MNIST comes in.
#pragma once

#include <cstdint>
#include <string>

#include "app/data_store.h"
#include "data/strokes.h"

namespace lenet::cli {

struct StrokesOptions {
  std::string folder;  ///< made where it is missing
  std::uint64_t seed = app::kStrokesSeed;
  int train = data::StrokesDataset::kTrainCount;  ///< images of each half; 0 leaves its two files out
  int test = data::StrokesDataset::kTestCount;
};

/// Writes the four files under MNIST's names, uncompressed. Returns an exit code; throws Error.
int write_strokes(const StrokesOptions& options);

}  // namespace lenet::cli
