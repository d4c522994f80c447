// Conv, ReLU and max pool in one layer, and the choice of where that is done.
#include "nn/kernels/conv.h"
#include "nn/kernels/sparse_conv.h"
#include "nn/layer.h"

namespace lenet::nn {
namespace {

using kernels::ConvPoolGeometry;

/// Behaves as a conv with its parameters whose output is the pool's.
template <class T>
class ConvPoolLayer final : public Layer<T> {
 public:
  ConvPoolLayer(const ResolvedLayer& conv, bool rectify, const ResolvedLayer& pool)
      : Layer<T>({conv.spec, conv.input, pool.output, conv.position}),
        geometry_{{conv.input, conv.output, conv.spec.kernel, conv.spec.stride, conv.spec.padding},
                  pool.output,
                  pool.spec.kernel,
                  pool.spec.stride,
                  rectify} {}

  std::vector<int> weight_shape() const override {
    return {geometry_.conv.output.channels, geometry_.conv.input.channels, geometry_.conv.kernel, geometry_.conv.kernel};
  }
  GradientSum gradient_sum() const override { return GradientSum::kPerShard; }
  std::size_t packed_size() const override { return kernels::packed_rows_size(geometry_); }
  void pack(const T* weights, T* forward, T* backward) const override {
    kernels::pack_conv_forward(geometry_.conv, weights, forward);
    kernels::pack_conv_rows(geometry_, weights, backward);
  }
  std::size_t switch_count() const override { return this->output().size(); }
  void reserve(Scratch<T>& scratch) const override { kernels::reserve(geometry_, scratch); }

  void forward(const LayerWeights<T>& w, const T* in, T* out, std::int32_t* switches) const override {
    kernels::conv_pool_forward(geometry_, in, w.packed_forward, w.bias, out, switches);
  }
  void backward(const LayerWeights<T>& w, const T* in, const T* out, const T* d_out, const std::int32_t* switches, Scratch<T>& scratch,
                T* d_weights, T* d_bias, T* d_in) const override {
    kernels::gather_gradient(geometry_, out, d_out, switches, d_weights != nullptr, d_in != nullptr, scratch);
    if (d_weights != nullptr) kernels::conv_pool_backward_weights(geometry_, in, scratch, d_weights, d_bias);
    if (d_in != nullptr) kernels::conv_pool_backward_input(geometry_, scratch, w.packed_backward, d_in);
  }
  /// Training only, so only the gradient's rule; projections go through the single layers.
  void backward_input(const LayerWeights<T>& w, const T* out, const T* d_out, const std::int32_t* switches, BackwardRule,
                      T* d_in) const override {
    Scratch<T> scratch;
    reserve(scratch);
    backward(w, nullptr, out, d_out, switches, scratch, nullptr, nullptr, d_in);
  }

 private:
  ConvPoolGeometry geometry_;
};

}  // namespace

template <class T>
std::vector<std::unique_ptr<Layer<T>>> make_fused_layers(const std::vector<ResolvedLayer>& resolved) {
  std::vector<std::unique_ptr<Layer<T>>> layers;
  const auto is = [&](std::size_t i, LayerKind kind) { return i < resolved.size() && resolved[i].spec.kind == kind; };
  for (std::size_t i = 0; i < resolved.size(); ++i) {
    const std::size_t pool = is(i + 1, LayerKind::kRelu) ? i + 2 : i + 1;
    if (is(i, LayerKind::kConv) && is(pool, LayerKind::kMaxPool)) {
      layers.push_back(std::make_unique<ConvPoolLayer<T>>(resolved[i], pool == i + 2, resolved[pool]));
      i = pool;
    } else {
      layers.push_back(make_layer<T>(resolved[i]));
    }
  }
  return layers;
}

template std::vector<std::unique_ptr<Layer<float>>> make_fused_layers<float>(const std::vector<ResolvedLayer>&);
template std::vector<std::unique_ptr<Layer<double>>> make_fused_layers<double>(const std::vector<ResolvedLayer>&);

}  // namespace lenet::nn
