// lenet-lab look: one view of the Zeiler–Fergus lab on saved weights, as facts, a table and arrays.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace lenet::cli {

struct LookOptions {
  std::string weights_file;
  std::string dataset = "auto";       ///< auto: the set that the weights were trained on, where their file says so
  std::string data_folder;            ///< with the data set's files; empty: looked for
  std::string request;                ///< JSON (lab/experiments/request_json.h), or @FILE with it
  std::string folder;                 ///< for the results; made where it is missing
  std::string timeline_folder;        ///< what an evolution reads; may be empty for the others
  std::optional<std::uint64_t> seed;  ///< of what the view leaves to chance; without one the run's own, else 1
  bool quiet = false;                 ///< no progress bar
};

/// Writes facts.json, table.csv and an .npy file for each array. Returns an exit code (program.h); when interrupted nothing is written.
/// Throws Error for a request that does not fit and for files that cannot be read or written.
int look(const LookOptions& options);

}  // namespace lenet::cli
