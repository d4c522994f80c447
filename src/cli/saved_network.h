// The network that a weights file was saved with, and its data set.
#pragma once

#include <map>
#include <span>
#include <string>

#include "cli/data_source.h"
#include "nn/network.h"

namespace lenet::cli {

using Metadata = std::map<std::string, std::string>;

/// What a weights file says about `key`; empty where it says nothing.
std::string entry(const Metadata& metadata, const char* key);

/// The layers that a weights file's metadata describe, for such images; wss17 where it says nothing. Throws Error for a description that
/// does not fit the images.
nn::NetworkSpec saved_network(const Metadata& metadata, nn::Shape input);

/// The metadata of a weights file whose bytes these are. Throws Error; `name` stands for the file in messages.
Metadata weights_metadata(std::span<const std::byte> file, const std::string& name);

/// Opens the data set `name` as open_dataset() does; "auto" is the set that the weights were trained on, where their file says so. A notice
/// goes to the standard error.
DataSource open_saved_dataset(const Metadata& metadata, const std::string& name, const std::string& folder);

/// The network for that set. Throws Error when the file says that it belongs to images of another shape.
nn::Network<float> make_saved_network(const Metadata& metadata, const std::string& file, const data::Dataset& dataset);

}  // namespace lenet::cli
