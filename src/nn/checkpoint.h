// A network's weights to and from a safetensors file with PyTorch's names and shapes, so that load_state_dict() takes it.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "nn/network.h"
#include "nn/safetensors.h"

namespace lenet::nn {

/// `metadata` is added to what the network itself says: its description, input shape and the preprocessing. Throws Error as
/// write_safetensors() does.
std::vector<std::byte> save_weights(const Network<float>& network, const Weights<float>& weights,
                                    std::map<std::string, std::string> metadata, TensorType type = TensorType::kF32);

/// Reads all parameters and packs them. Throws Error, and leaves `weights` as it was, when a name is missing or unknown, a
/// shape differs or a value is not finite. `name` stands for the file in messages. Returns the file's metadata.
std::map<std::string, std::string> load_weights(const Network<float>& network, std::span<const std::byte> file, const std::string& name,
                                                Weights<float>& weights);

}  // namespace lenet::nn
