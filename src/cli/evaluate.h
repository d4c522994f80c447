// lenet-lab evaluate: how well saved weights do, measured as everywhere in the lab.
#pragma once

#include <string>

namespace lenet::cli {

struct EvaluateOptions {
  std::string weights_file;
  std::string dataset = "auto";  ///< auto: the set that the weights were trained on, where their file says so
  std::string data_folder;       ///< with the data set's files; empty: looked for
  int threads = 1;               ///< the result is the same with any number
  bool json = false;             ///< one JSON object instead of a sentence
};

/// Measures all test images and the held-out ones, and prints what the file says of its run beside it. Returns an exit code (program.h).
/// Throws Error for files that cannot be read or do not fit.
int evaluate(const EvaluateOptions& options);

}  // namespace lenet::cli
