#include "nn/checkpoint.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "nn/optimizer.h"

namespace lenet::nn {
namespace {

std::string shape_text(const std::vector<int>& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i > 0 ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}

const ParameterView& view_for(const Network<float>& network, const NamedTensor& tensor, const std::string& file) {
  for (const ParameterView& view : network.parameters()) {
    if (view.name != tensor.name) continue;
    if (view.shape != tensor.shape) {
      throw Error(file + ": “" + tensor.name + "” has the shape " + shape_text(tensor.shape) + ", but this network needs " +
                  shape_text(view.shape) + ". Choose the network that the file was made with.");
    }
    return view;
  }
  std::string known;
  for (const ParameterView& view : network.parameters()) known += (known.empty() ? "" : ", ") + view.name;
  throw Error(file + ": “" + tensor.name + "” is not a parameter of this network (it has " + known + ").");
}

}  // namespace

std::vector<std::byte> save_weights(const Network<float>& network, const Weights<float>& weights,
                                    std::map<std::string, std::string> metadata, TensorType type) {
  TensorFile file{{}, std::move(metadata)};
  file.metadata["format"] = "pt";
  file.metadata["network"] = to_string(network.spec());
  file.metadata["preset"] = network.spec().name;
  file.metadata["input"] = shape_text({network.input().channels, network.input().height, network.input().width});
  file.metadata["preprocessing"] = "pixel / 255, nothing subtracted";
  for (const ParameterView& view : network.parameters()) {
    const std::span<const float> values = view.of(std::span<const float>(weights.values));
    file.tensors.push_back({view.name, view.shape, {values.begin(), values.end()}});
  }
  return write_safetensors(file, type);
}

std::map<std::string, std::string> load_weights(const Network<float>& network, std::span<const std::byte> bytes, const std::string& name,
                                                Weights<float>& weights) {
  TensorFile file = read_safetensors(bytes, name);
  Weights<float> loaded = network.make_weights();
  for (const NamedTensor& tensor : file.tensors) {
    const ParameterView& view = view_for(network, tensor, name);
    if (!all_finite<float>(tensor.values)) {
      throw Error(name + ": “" + tensor.name + "” contains NaN or infinity. The run it was saved from had diverged.");
    }
    std::copy(tensor.values.begin(), tensor.values.end(), view.of(std::span<float>(loaded.values)).begin());
  }
  for (const ParameterView& view : network.parameters()) {
    const bool found = std::any_of(file.tensors.begin(), file.tensors.end(), [&](const NamedTensor& t) { return t.name == view.name; });
    if (!found) throw Error(name + ": “" + view.name + "” is missing.");
  }
  network.pack(loaded);
  weights = std::move(loaded);
  return std::move(file.metadata);
}

}  // namespace lenet::nn
