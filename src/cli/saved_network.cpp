#include "cli/saved_network.h"

#include "nn/safetensors.h"

namespace lenet::cli {

nn::NetworkSpec saved_network(const std::map<std::string, std::string>& metadata, nn::Shape input) {
  const auto found = metadata.find("network");
  return found != metadata.end() ? nn::parse_network(found->second, input) : nn::preset("wss17", input);
}

std::map<std::string, std::string> weights_metadata(std::span<const std::byte> file, const std::string& name) {
  return nn::read_safetensors(file, name).metadata;
}

}  // namespace lenet::cli
