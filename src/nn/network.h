// A network: its layers, where each parameter lies in one flat array, and the forward and backward passes of one block.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nn/lanes.h"
#include "nn/layer.h"

namespace lenet::nn {

/// One parameter tensor inside the flat array of all parameters: saving, freezing, diffing are one loop over these.
struct ParameterView {
  std::string name;        ///< PyTorch's: "conv1.weight", "conv1.bias", …
  std::string layer;       ///< "conv1"
  int layer_index = 0;     ///< into Network::layers()
  int group = 0;           ///< counts the layers that have parameters; weight and bias share it
  bool is_bias = false;
  std::vector<int> shape;  ///< PyTorch's
  std::size_t offset = 0;  ///< in values
  std::size_t size = 0;

  template <class T>
  std::span<T> of(std::span<T> all) const {
    return all.subspan(offset, size);
  }
};

/// All parameters of a network in one array, and the copy that the kernels read. Call Network::pack() after changing values.
template <class T>
struct Weights {
  std::vector<T> values;
  std::vector<T> packed;
};

/// The activations and gradients of one block of eight images. One per thread; made once, used for every block.
template <class T>
struct Workspace {
  std::vector<std::vector<T>> activation;           ///< [0] is the input, [i + 1] the output of layer i
  std::vector<std::vector<T>> gradient;             ///< dL/d activation, the same indices
  std::vector<std::vector<std::int32_t>> switches;  ///< of layer i
  std::vector<Scratch<T>> scratch;                  ///< of layer i
};

/// Whether conv, ReLU and max pool are one layer (make_fused_layers()): for training and measuring, not for looking inside. The
/// parameters are the same in both, in the same places of Weights::values; the packed copies differ.
enum class Fusing { kOff, kOn };

/// Immutable once made; all methods may be called from several threads at once.
template <class T>
class Network {
 public:
  /// Throws Error when the layers do not fit each other or the input.
  explicit Network(NetworkSpec spec, int classes = 10, Fusing fusing = Fusing::kOff);

  const NetworkSpec& spec() const { return spec_; }
  Shape input() const { return spec_.input; }
  int classes() const { return layers_.back()->output().channels; }
  std::size_t layer_count() const { return layers_.size(); }
  const Layer<T>& layer(std::size_t i) const { return *layers_[i]; }
  /// Index of the layer of that name; throws Error that lists the names.
  std::size_t find_layer(std::string_view name) const;

  const std::vector<ParameterView>& parameters() const { return parameters_; }
  std::size_t parameter_count() const { return parameter_count_; }
  /// Number of layers that have parameters.
  int group_count() const { return group_count_; }
  /// The parameter of that name; throws Error that lists the names.
  const ParameterView& find_parameter(std::string_view name) const;

  Workspace<T> make_workspace() const;
  Weights<T> make_weights() const;
  void pack(Weights<T>& weights) const;
  void pack_layer(std::size_t layer, Weights<T>& weights) const;

  /// Runs layers first … last on workspace.activation[first], as for measuring and looking: nothing is left to chance.
  /// last = -1 runs to the end.
  void forward(const Weights<T>& weights, Workspace<T>& workspace, int last = -1, int first = 0) const;
  /// The same as in training, where dropout layers drop the values that `draw` names.
  void forward_training(const Weights<T>& weights, Workspace<T>& workspace, const Draw& draw, int last = -1, int first = 0) const;
  /// workspace.gradient[layer + 1] → workspace.gradient[layer].
  void backward_input(const Weights<T>& weights, Workspace<T>& workspace, std::size_t layer, BackwardRule rule) const;
  /// The same in training: adds the layer's own gradient where d_weights is not null, and goes on to gradient[layer] if `to_input`.
  void backward(const Weights<T>& weights, Workspace<T>& workspace, std::size_t layer, T* d_weights, T* d_bias, bool to_input) const;

 private:
  /// Without `draw`, nothing is left to chance.
  void run_forward(const Weights<T>& weights, Workspace<T>& workspace, const Draw* draw, int last, int first) const;
  LayerWeights<T> layer_weights(const Weights<T>& weights, std::size_t layer) const;
  void add_parameters(std::size_t layer);

  struct Place {  // of a layer's numbers in Weights
    std::size_t weight = 0, bias = 0, packed = 0;
  };

  NetworkSpec spec_;
  std::vector<std::unique_ptr<Layer<T>>> layers_;
  std::vector<Place> places_;
  std::vector<ParameterView> parameters_;
  std::size_t parameter_count_ = 0;
  std::size_t packed_count_ = 0;
  int group_count_ = 0;
};

}  // namespace lenet::nn
