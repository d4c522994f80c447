// lenet-lab bench: how fast this machine is, for tools/bench and for whoever wants to know.
#pragma once

#include <string>

namespace lenet::cli {

struct BenchOptions {
  std::string what = "train";  ///< "train", "inference", "layers" or "lab"
  std::string data_folder;     ///< with MNIST's files; empty: looked for
  int batch = 64;
  int threads = 1;
  double seconds = 3;
  bool json = false;  ///< one line of JSON (app/measurement.h) instead of text
};

/// Measures wss17 on MNIST where it is found, else on the strokes set, after a short warm-up, and prints the result. Returns an exit code.
/// Throws Error for impossible options.
int bench(const BenchOptions& options);

}  // namespace lenet::cli
