#include "nn/predictor.h"

#include <stdexcept>
#include <type_traits>
#include <utility>

namespace lenet::nn {
namespace {

bool has_parameters(LayerKind kind) { return kind == LayerKind::kConv || kind == LayerKind::kDense; }

/// Whether a pool is worth doing with its conv: that sums positions in fours, and again for each window that overlaps.
bool fuses(const LayerSpec& pool) { return (pool.kernel * pool.kernel + 3) / 4 * 4 <= pool.stride * pool.stride; }

int padding_of(const LayerSpec& layer) { return layer.kind == LayerKind::kConv ? layer.padding : 0; }

std::size_t weight_count(const ResolvedLayer& layer) {
  const std::size_t outputs = static_cast<std::size_t>(layer.spec.outputs);
  if (layer.spec.kind == LayerKind::kDense) return outputs * layer.input.size();
  return outputs * static_cast<std::size_t>(layer.input.channels * layer.spec.kernel * layer.spec.kernel);
}

}  // namespace

Predictor::Predictor(const NetworkSpec& spec, int classes) {
  std::vector<ResolvedLayer> layers = resolve(spec, classes);
  std::erase_if(layers, [](const ResolvedLayer& layer) { return layer.spec.kind == LayerKind::kDropout; });  // passes everything on
  const auto is = [&](std::size_t i, LayerKind kind) { return i < layers.size() && layers[i].spec.kind == kind; };
  for (std::size_t i = 0; i < layers.size(); ++i) {
    Step step{layers[i]};
    const LayerKind kind = step.layer.spec.kind;
    if (has_parameters(kind) && is(i + 1, LayerKind::kRelu)) {
      step.rectify = true;
      ++i;
    }
    if (kind == LayerKind::kConv && is(i + 1, LayerKind::kMaxPool) && fuses(layers[i + 1].spec)) {
      ++i;
      step.pool = layers[i].spec;
      step.layer.output = layers[i].output;
    }
    steps_.push_back(std::move(step));
  }

  kernels::ImageLayout layout{spec.input, padding_of(steps_[0].layer.spec), spec.input.channels};
  activations_.emplace_back(layout.size());
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    Step& step = steps_[i];
    const ResolvedLayer& layer = step.layer;
    step.in = layout;
    layout = {layer.output, i + 1 < steps_.size() ? padding_of(steps_[i + 1].layer.spec) : 0,
              kernels::whole_quads(layer.output.channels)};
    step.out = layout;
    activations_.emplace_back(layout.size());
    if (has_parameters(layer.spec.kind)) parameter_count_ += weight_count(layer) + static_cast<std::size_t>(layer.spec.outputs);
    if (layer.spec.kind == LayerKind::kConv) {
      const kernels::ConvGeometry geometry{
          layer.input, {layer.spec.outputs}, layer.spec.kernel, layer.spec.stride, layer.spec.padding};
      step.conv = kernels::OneImageConv(geometry, step.rectify, step.pool.kernel, step.pool.stride, step.in, step.out);
      step.weights.resize(step.conv.packed_size());
      step.bias.resize(step.conv.bias_size());
    } else if (layer.spec.kind == LayerKind::kDense) {
      step.weights.resize(kernels::one_image_dense_size(layer.input.channels, layer.spec.outputs));
      step.bias.resize(static_cast<std::size_t>(layer.spec.outputs));
    }
  }
}

void Predictor::load(const Weights<float>& weights) {
  if (weights.values.size() != parameter_count_) throw std::logic_error("Predictor::load: weights of another network");
  const float* from = weights.values.data();  // weights, then bias, of each layer that has any
  for (Step& step : steps_) {
    const ResolvedLayer& layer = step.layer;
    if (!has_parameters(layer.spec.kind)) continue;
    const float* bias = from + weight_count(layer);
    if (layer.spec.kind == LayerKind::kConv) {
      step.conv.pack(from, bias, step.weights.data(), step.bias.data());
    } else {
      kernels::one_image_dense_pack(layer.input.channels, layer.spec.outputs, from, step.weights.data());
      step.bias.assign(bias, bias + layer.spec.outputs);
    }
    from = bias + layer.spec.outputs;
  }
}

template <class T>
std::span<const float> Predictor::run(std::span<const T> image) {
  const kernels::ImageLayout& layout = steps_[0].in;
  if (image.size() != layout.shape.size()) throw std::logic_error("Predictor::predict: an image of another size");
  const T* pixel = image.data();
  for (int c = 0; c < layout.shape.channels; ++c)
    for (int y = 0; y < layout.shape.height; ++y) {
      float* to = activations_[0].data() + layout.offset(y, 0) + c;
      for (int x = 0; x < layout.shape.width; ++x, to += layout.pixel_size, ++pixel) {
        *to = std::is_same_v<T, std::uint8_t> ? static_cast<float>(*pixel) / 255.0f : static_cast<float>(*pixel);  // as set_image()
      }
    }
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const Step& step = steps_[i];
    const float* in = activations_[i].data();
    float* out = activations_[i + 1].data();
    switch (step.layer.spec.kind) {
      case LayerKind::kConv: step.conv.run(in, step.weights.data(), step.bias.data(), out); break;
      case LayerKind::kMaxPool:
        kernels::one_image_max_pool(step.layer.spec.kernel, step.layer.spec.stride, step.in, step.out, in, out);
        break;
      case LayerKind::kAveragePool:
        kernels::one_image_average_pool(step.layer.spec.kernel, step.layer.spec.stride, step.in, step.out, in, out);
        break;
      case LayerKind::kRelu: kernels::one_image_relu(step.in, step.out, in, out); break;
      case LayerKind::kTanh: kernels::one_image_tanh(step.in, step.out, in, out); break;
      case LayerKind::kSigmoid: kernels::one_image_sigmoid(step.in, step.out, in, out); break;
      case LayerKind::kDense:
        kernels::one_image_dense(step.layer.input.channels, step.layer.spec.outputs, in, step.weights.data(), step.bias.data(),
                                 step.rectify, out + step.out.offset(0, 0));
        break;
      case LayerKind::kFlatten: kernels::one_image_flatten(step.in, in, out); break;
      case LayerKind::kDropout: break;  // never a step
    }
  }
  return std::span<const float>(activations_.back()).first(static_cast<std::size_t>(steps_.back().layer.spec.outputs));
}

std::span<const float> Predictor::predict(std::span<const std::uint8_t> image) { return run(image); }
std::span<const float> Predictor::predict(std::span<const float> image) { return run(image); }

}  // namespace lenet::nn
