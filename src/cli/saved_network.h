// The network that a weights file was saved with.
#pragma once

#include <map>
#include <span>
#include <string>

#include "nn/spec.h"

namespace lenet::cli {

/// The layers that a weights file's metadata describe, for such images; wss17 where it says nothing. Throws Error for a description that
/// does not fit the images.
nn::NetworkSpec saved_network(const std::map<std::string, std::string>& metadata, nn::Shape input);

/// The metadata of a weights file whose bytes these are. Throws Error; `name` stands for the file in messages.
std::map<std::string, std::string> weights_metadata(std::span<const std::byte> file, const std::string& name);

}  // namespace lenet::cli
