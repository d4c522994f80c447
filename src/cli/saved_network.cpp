#include "cli/saved_network.h"

#include <cstdio>

#include "base/error.h"
#include "nn/safetensors.h"

namespace lenet::cli {

std::string entry(const Metadata& metadata, const char* key) {
  const auto found = metadata.find(key);
  return found == metadata.end() ? std::string() : found->second;
}

nn::NetworkSpec saved_network(const Metadata& metadata, nn::Shape input) {
  const auto found = metadata.find("network");
  return found != metadata.end() ? nn::parse_network(found->second, input) : nn::preset("wss17", input);
}

Metadata weights_metadata(std::span<const std::byte> file, const std::string& name) {
  return nn::read_safetensors(file, name).metadata;
}

DataSource open_saved_dataset(const Metadata& metadata, const std::string& name, const std::string& folder) {
  const std::string own = entry(metadata, "dataset");
  const bool fits_folder = folder.empty() || own != "strokes";
  const bool known = own == "mnist" || own == "cifar10" || own == "strokes";
  DataSource source = open_dataset(name == "auto" && fits_folder && known ? own : name, folder);
  if (!source.notice.empty()) std::fprintf(stderr, "%s\n", source.notice.c_str());
  return source;
}

nn::Network<float> make_saved_network(const Metadata& metadata, const std::string& file, const data::Dataset& dataset) {
  const data::ImageShape shape = dataset.shape();
  const std::string input = entry(metadata, "input");
  const std::string here =
      "[" + std::to_string(shape.channels) + ", " + std::to_string(shape.height) + ", " + std::to_string(shape.width) + "]";
  if (!input.empty() && input != here) {
    throw Error(file + " belongs to a network for images of " + input + "; those of " + dataset.name() + " are " + here +
                ". Name its data set with --dataset.");
  }
  return nn::Network<float>(saved_network(metadata, {shape.channels, shape.height, shape.width}), dataset.classes());
}

}  // namespace lenet::cli
