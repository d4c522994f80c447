// lenet-lab study and lenet-lab merge: comparisons over seeds from a file, and their parts from several processes put together.
#pragma once

#include <string>
#include <vector>

namespace lenet::cli {

struct StudyOptions {
  std::string file;         ///< the study (docs/studies.md)
  std::string folder;       ///< for the results; made where it is missing
  std::string shard;        ///< "2/4": the second of four parts; empty: all
  std::string data_folder;  ///< with the data set's files; empty: looked for
  int jobs = 1;             ///< threads; the results are the same bits with any number
  bool quiet = false;       ///< no progress bar
  bool fresh = false;       ///< removes the runs that are there instead of keeping them
};

/// Does the runs that are missing, and writes what they come to once all are there. Returns an exit code (program.h). Throws Error for
/// a study that is wrong, data that is missing, and files that cannot be read or written; finished runs are kept.
int study(const StudyOptions& options);

struct MergeOptions {
  std::vector<std::string> folders;  ///< that studies have written
  std::string out;                   ///< may be one of them
};

/// Puts the runs of several folders into one, with what they come to. Returns an exit code. Throws Error when they answer different
/// questions, or when a seed has two results.
int merge(const MergeOptions& options);

}  // namespace lenet::cli
