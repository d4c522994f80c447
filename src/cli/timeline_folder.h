// The stored moments of a run as a folder of weights files, one a moment: written by lenet-lab train, read by lenet-lab look.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "lab/experiments/timeline.h"

namespace lenet::cli {

/// Makes the folder where it is missing. Throws Error when it has moments already: those of two runs would be one timeline.
void begin_timeline_folder(const std::filesystem::path& folder);

/// Writes step-N.safetensors for every moment, with `metadata` and the moment's own step and epoch.
void write_timeline(const std::filesystem::path& folder, const nn::Network<float>& network, const lab::Timeline& timeline,
                    const std::map<std::string, std::string>& metadata);

/// Reads such a folder, in the order of the steps. Throws Error when there is no moment, and for files that are not of `network` or do not
/// say which step they are of.
lab::Timeline read_timeline(const std::filesystem::path& folder, const nn::Network<float>& network);

}  // namespace lenet::cli
