// lenet-lab dump: everything that the engine computes for some images, as .npy files, to hold against another program.
#pragma once

#include <string>

namespace lenet::cli {

struct DumpOptions {
  std::string preset;   ///< empty: what the weights file says, else wss17
  std::string network;  ///< a description; empty for a preset
  std::string weights_file;
  std::string images_file;  ///< float32 [n, channels, height, width], as the network sees them
  std::string labels_file;  ///< int64 [n]
  std::string folder;       ///< made where it is missing
  std::string projections;  ///< "conv1:3,conv2:7,fc1:10"; may be empty
};

/// Writes activation.<layer>.npy of every layer but flatten, loss.npy (batch mean), gradient.<parameter>.npy, and for each
/// unit named project.<deconv|gradient|guided>.<layer>.<unit>.npy. Returns an exit code; throws Error.
int dump(const DumpOptions& options);

}  // namespace lenet::cli
