// A whole network in the plain loops of reference.h: one image, double, forward and back to the pixels. The oracle of the
// tests of network.h and projection.h.
#pragma once

#include <stdexcept>
#include <vector>

#include "nn/kernels/reference.h"
#include "nn_support.h"

namespace lenet::test {

class ReferenceNet {
 public:
  using Values = std::vector<double>;  // [channel][y][x]

  template <class T>
  ReferenceNet(const nn::Network<T>& network, const nn::Weights<T>& weights)
      : layers_(nn::resolve(network.spec(), network.classes())), parameters_(layers_.size()) {
    for (const nn::ParameterView& view : network.parameters()) {
      const std::span<const T> values = view.of(std::span<const T>(weights.values));
      Parameters& p = parameters_[static_cast<std::size_t>(view.layer_index)];
      (view.is_bias ? p.bias : p.weights).assign(values.begin(), values.end());
    }
  }

  /// Outputs of all layers.
  const std::vector<Values>& forward(Values image) {
    input_ = std::move(image);
    outputs_.clear();
    switches_.assign(layers_.size(), {});
    for (std::size_t i = 0; i < layers_.size(); ++i) outputs_.push_back(layer_forward(i, i == 0 ? input_ : outputs_[i - 1]));
    return outputs_;
  }

  /// Takes `signal`, at the output of `layer`, down to the pixels.
  Values down(std::size_t layer, Values signal, nn::BackwardRule rule) const {
    for (std::size_t i = layer + 1; i-- > 0;) signal = layer_down(i, signal, rule);
    return signal;
  }

  /// The projection of one activation, as science.md says it: deconvnet starts from `value`, the others from 1.
  Values project(std::size_t layer, int unit, int y, int x, double value, nn::BackwardRule rule) const {
    Values signal(layers_[layer].output.size());
    signal[nn::reference::at(layers_[layer].output, unit, y, x)] = rule == nn::BackwardRule::kDeconv ? value : 1;
    return down(layer, std::move(signal), rule);
  }

 private:
  struct Parameters {
    Values weights, bias;
  };

  nn::reference::Window window(std::size_t i) const {
    const nn::ResolvedLayer& layer = layers_[i];
    return {layer.input, layer.output, layer.spec.kernel, layer.spec.stride, layer.spec.padding};
  }

  Values layer_forward(std::size_t i, const Values& in) {
    const Parameters& p = parameters_[i];
    switch (layers_[i].spec.kind) {
      case nn::LayerKind::kConv: return nn::reference::conv_forward(window(i), in, p.weights, p.bias);
      case nn::LayerKind::kMaxPool: return nn::reference::max_pool_forward(window(i), in, switches_[i]);
      case nn::LayerKind::kDense: return nn::reference::dense_forward(in, p.weights, p.bias);
      case nn::LayerKind::kFlatten: return in;  // [channel][y][x] already
      case nn::LayerKind::kDropout: return in;  // outside training
      case nn::LayerKind::kAveragePool: return nn::reference::average_pool_forward(window(i), in);
      case nn::LayerKind::kTanh: return each(in, nn::reference::tanh);
      case nn::LayerKind::kSigmoid: return each(in, nn::reference::sigmoid);
      case nn::LayerKind::kRelu: break;
    }
    Values out = in;
    for (double& v : out) v = std::max(v, 0.0);
    return out;
  }

  Values layer_down(std::size_t i, const Values& signal, nn::BackwardRule rule) const {
    const Parameters& p = parameters_[i];
    switch (layers_[i].spec.kind) {
      case nn::LayerKind::kConv: return nn::reference::conv_backward_input(window(i), signal, p.weights);
      case nn::LayerKind::kMaxPool: return nn::reference::max_unpool(window(i), signal, switches_[i]);
      case nn::LayerKind::kDense: return nn::reference::dense_backward_input(layers_[i].input.size(), signal, p.weights);
      case nn::LayerKind::kFlatten: return signal;
      case nn::LayerKind::kDropout: return signal;
      case nn::LayerKind::kAveragePool: return nn::reference::average_pool_backward(window(i), signal);
      case nn::LayerKind::kTanh:
      case nn::LayerKind::kSigmoid: return squashed_down(i, signal, rule);
      case nn::LayerKind::kRelu: break;
    }
    Values result = signal;
    for (std::size_t k = 0; k < result.size(); ++k) {
      const bool forward_gate = outputs_[i][k] > 0, signal_gate = signal[k] > 0;
      const bool open = (rule == nn::BackwardRule::kDeconv || forward_gate) && (rule == nn::BackwardRule::kGradient || signal_gate);
      if (!open) result[k] = 0;
    }
    return result;
  }

  static Values each(Values values, double (*function)(double)) {
    for (double& v : values) v = function(v);
    return values;
  }

  /// tanh' = 1 - tanh², sigmoid' = sigmoid (1 - sigmoid); the deconvnet takes no notice.
  Values squashed_down(std::size_t i, Values signal, nn::BackwardRule rule) const {
    if (rule == nn::BackwardRule::kDeconv) return signal;
    for (std::size_t k = 0; k < signal.size(); ++k) {
      const double y = outputs_[i][k];
      signal[k] *= layers_[i].spec.kind == nn::LayerKind::kTanh ? 1 - y * y : y * (1 - y);
    }
    return signal;
  }

  std::vector<nn::ResolvedLayer> layers_;
  std::vector<Parameters> parameters_;
  Values input_;
  std::vector<Values> outputs_;
  std::vector<std::vector<std::int32_t>> switches_;
};

}  // namespace lenet::test
