#include "nn/network.h"

#include <utility>

#include "base/error.h"

namespace lenet::nn {

template <class T>
Network<T>::Network(NetworkSpec spec, int classes, Fusing fusing) : spec_(std::move(spec)) {
  const std::vector<ResolvedLayer> resolved = resolve(spec_, classes);
  if (fusing == Fusing::kOn) {
    layers_ = make_fused_layers<T>(resolved);
  } else {
    for (const ResolvedLayer& layer : resolved) layers_.push_back(make_layer<T>(layer));
  }
  places_.resize(layers_.size());
  for (std::size_t i = 0; i < layers_.size(); ++i) add_parameters(i);
}

template <class T>
void Network<T>::add_parameters(std::size_t index) {
  const Layer<T>& layer = *layers_[index];
  const std::vector<int> shape = layer.weight_shape();
  if (shape.empty()) return;
  std::size_t count = 1;
  for (const int extent : shape) count *= static_cast<std::size_t>(extent);
  const std::size_t outputs = static_cast<std::size_t>(shape[0]);
  const std::string& name = layer.spec().name;
  const int layer_index = static_cast<int>(index);
  places_[index] = {parameter_count_, parameter_count_ + count, packed_count_};
  parameters_.push_back({name + ".weight", name, layer_index, group_count_, false, shape, parameter_count_, count});
  parameters_.push_back({name + ".bias", name, layer_index, group_count_, true, {shape[0]}, parameter_count_ + count, outputs});
  parameter_count_ += count + outputs;
  packed_count_ += 2 * layer.packed_size();
  ++group_count_;
}

template <class T>
std::size_t Network<T>::find_layer(std::string_view name) const {
  std::string known;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    if (layers_[i]->spec().name == name) return i;
    known += (i > 0 ? ", " : "") + layers_[i]->spec().name;
  }
  throw Error("There is no layer “" + std::string(name) + "” in this network. Its layers: " + known + ".");
}

template <class T>
const ParameterView& Network<T>::find_parameter(std::string_view name) const {
  std::string known;
  for (const ParameterView& view : parameters_) {
    if (view.name == name) return view;
    known += (known.empty() ? "" : ", ") + view.name;
  }
  throw Error("There is no parameter “" + std::string(name) + "” in this network. Its parameters: " + known + ".");
}

template <class T>
Workspace<T> Network<T>::make_workspace() const {
  Workspace<T> workspace;
  workspace.activation.emplace_back(spec_.input.size() * kLanes);
  for (const auto& layer : layers_) {
    workspace.activation.emplace_back(layer->output().size() * kLanes);
    workspace.switches.emplace_back(layer->switch_count() * kLanes);
    layer->reserve(workspace.scratch.emplace_back());
  }
  workspace.gradient = workspace.activation;
  return workspace;
}

template <class T>
Weights<T> Network<T>::make_weights() const {
  Weights<T> weights{std::vector<T>(parameter_count_), std::vector<T>(packed_count_)};
  return weights;
}

template <class T>
void Network<T>::pack_layer(std::size_t layer, Weights<T>& weights) const {
  if (layers_[layer]->packed_size() == 0) return;
  T* packed = weights.packed.data() + places_[layer].packed;
  layers_[layer]->pack(weights.values.data() + places_[layer].weight, packed, packed + layers_[layer]->packed_size());
}

template <class T>
void Network<T>::pack(Weights<T>& weights) const {
  weights.packed.resize(packed_count_);
  for (std::size_t i = 0; i < layers_.size(); ++i) pack_layer(i, weights);
}

template <class T>
LayerWeights<T> Network<T>::layer_weights(const Weights<T>& weights, std::size_t layer) const {
  const Place& place = places_[layer];
  const T* packed = weights.packed.data() + place.packed;
  return {weights.values.data() + place.weight, weights.values.data() + place.bias, packed, packed + layers_[layer]->packed_size()};
}

template <class T>
void Network<T>::forward(const Weights<T>& weights, Workspace<T>& workspace, int last, int first) const {
  run_forward(weights, workspace, nullptr, last, first);
}

template <class T>
void Network<T>::forward_training(const Weights<T>& weights, Workspace<T>& workspace, const Draw& draw, int last, int first) const {
  run_forward(weights, workspace, &draw, last, first);
}

template <class T>
void Network<T>::run_forward(const Weights<T>& weights, Workspace<T>& workspace, const Draw* draw, int last, int first) const {
  const std::size_t end = last < 0 ? layers_.size() : static_cast<std::size_t>(last) + 1;
  for (std::size_t i = static_cast<std::size_t>(first); i < end; ++i) {
    const LayerWeights<T> own = layer_weights(weights, i);
    const T* in = workspace.activation[i].data();
    T* out = workspace.activation[i + 1].data();
    std::int32_t* switches = workspace.switches[i].data();
    if (draw != nullptr) {
      layers_[i]->forward_training(own, in, out, switches, *draw);
    } else {
      layers_[i]->forward(own, in, out, switches);
    }
  }
}

template <class T>
void Network<T>::backward_input(const Weights<T>& weights, Workspace<T>& workspace, std::size_t layer, BackwardRule rule) const {
  layers_[layer]->backward_input(layer_weights(weights, layer), workspace.activation[layer + 1].data(),
                                 workspace.gradient[layer + 1].data(), workspace.switches[layer].data(), rule,
                                 workspace.gradient[layer].data());
}

template <class T>
void Network<T>::backward(const Weights<T>& weights, Workspace<T>& workspace, std::size_t layer, T* d_weights, T* d_bias,
                          bool to_input) const {
  layers_[layer]->backward(layer_weights(weights, layer), workspace.activation[layer].data(), workspace.activation[layer + 1].data(),
                           workspace.gradient[layer + 1].data(), workspace.switches[layer].data(), workspace.scratch[layer], d_weights,
                           d_bias, to_input ? workspace.gradient[layer].data() : nullptr);
}

template class Network<float>;
template class Network<double>;

}  // namespace lenet::nn
