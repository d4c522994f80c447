#include "nn/layer.h"

#include "nn/kernels/conv.h"
#include "nn/kernels/dense.h"
#include "nn/kernels/squashing.h"

namespace lenet::nn {
namespace {

template <class T>
class ConvLayer final : public Layer<T> {
 public:
  explicit ConvLayer(const ResolvedLayer& r)
      : Layer<T>(r), geometry_{r.input, r.output, r.spec.kernel, r.spec.stride, r.spec.padding} {}

  std::vector<int> weight_shape() const override {
    return {geometry_.output.channels, geometry_.input.channels, geometry_.kernel, geometry_.kernel};
  }
  GradientSum gradient_sum() const override { return GradientSum::kPerShard; }
  std::size_t packed_size() const override { return geometry_.weight_count(); }
  void pack(const T* weights, T* forward, T* backward) const override {
    kernels::pack_conv_forward(geometry_, weights, forward);
    kernels::pack_conv_backward(geometry_, weights, backward);
  }
  void forward(const LayerWeights<T>& w, const T* in, T* out, std::int32_t*) const override {
    kernels::conv_forward(geometry_, in, w.packed_forward, w.bias, out);
  }
  void backward_input(const LayerWeights<T>& w, const T*, const T* d_out, const std::int32_t*, BackwardRule, T* d_in) const override {
    kernels::conv_backward_input(geometry_, d_out, w.packed_backward, d_in);
  }
  void backward_weights(const T* in, const T* d_out, T* d_weights, T* d_bias) const override {
    kernels::conv_backward_weights(geometry_, in, d_out, d_weights, d_bias);
  }

 private:
  kernels::ConvGeometry geometry_;
};

template <class T>
class MaxPoolLayer final : public Layer<T> {
 public:
  using Layer<T>::Layer;
  std::size_t switch_count() const override { return this->output().size(); }
  void forward(const LayerWeights<T>&, const T* in, T* out, std::int32_t* switches) const override {
    kernels::max_pool_forward(this->input(), this->output(), this->spec().kernel, this->spec().stride, in, out, switches);
  }
  void backward_input(const LayerWeights<T>&, const T*, const T* d_out, const std::int32_t* switches, BackwardRule,
                      T* d_in) const override {
    kernels::max_unpool(this->input(), this->output(), this->spec().kernel, this->spec().stride, d_out, switches, d_in);
  }
};

template <class T>
class ReluLayer final : public Layer<T> {
 public:
  using Layer<T>::Layer;
  void forward(const LayerWeights<T>&, const T* in, T* out, std::int32_t*) const override {
    kernels::relu_forward(this->input().size(), in, out);
  }
  void backward_input(const LayerWeights<T>&, const T* out, const T* d_out, const std::int32_t*, BackwardRule rule,
                      T* d_in) const override {
    kernels::relu_backward(this->input().size(), out, d_out, rule, d_in);
  }
};

template <class T>
class AveragePoolLayer final : public Layer<T> {
 public:
  using Layer<T>::Layer;
  void forward(const LayerWeights<T>&, const T* in, T* out, std::int32_t*) const override {
    kernels::average_pool_forward(this->input(), this->output(), this->spec().kernel, this->spec().stride, in, out);
  }
  void backward_input(const LayerWeights<T>&, const T*, const T* d_out, const std::int32_t*, BackwardRule, T* d_in) const override {
    kernels::average_pool_backward(this->input(), this->output(), this->spec().kernel, this->spec().stride, d_out, d_in);
  }
};

template <class T>
class TanhLayer final : public Layer<T> {
 public:
  using Layer<T>::Layer;
  void forward(const LayerWeights<T>&, const T* in, T* out, std::int32_t*) const override {
    kernels::tanh_forward(this->input().size(), in, out);
  }
  void backward_input(const LayerWeights<T>&, const T* out, const T* d_out, const std::int32_t*, BackwardRule rule,
                      T* d_in) const override {
    kernels::tanh_backward(this->input().size(), out, d_out, rule, d_in);
  }
};

template <class T>
class SigmoidLayer final : public Layer<T> {
 public:
  using Layer<T>::Layer;
  void forward(const LayerWeights<T>&, const T* in, T* out, std::int32_t*) const override {
    kernels::sigmoid_forward(this->input().size(), in, out);
  }
  void backward_input(const LayerWeights<T>&, const T* out, const T* d_out, const std::int32_t*, BackwardRule rule,
                      T* d_in) const override {
    kernels::sigmoid_backward(this->input().size(), out, d_out, rule, d_in);
  }
};

template <class T>
class DropoutLayer final : public Layer<T> {
 public:
  using Layer<T>::Layer;
  std::size_t switch_count() const override { return this->output().size(); }
  void forward(const LayerWeights<T>&, const T* in, T* out, std::int32_t* switches) const override {
    kernels::dropout_pass(this->input().size(), in, out, switches);
  }
  void forward_training(const LayerWeights<T>&, const T* in, T* out, std::int32_t* switches, const Draw& draw) const override {
    kernels::dropout_forward(this->input().size(), this->spec().drop, this->position(), draw, in, out, switches);
  }
  void backward_input(const LayerWeights<T>&, const T*, const T* d_out, const std::int32_t* switches, BackwardRule,
                      T* d_in) const override {
    kernels::dropout_backward(this->input().size(), this->spec().drop, d_out, switches, d_in);
  }
};

template <class T>
class FlattenLayer final : public Layer<T> {
 public:
  using Layer<T>::Layer;
  void forward(const LayerWeights<T>&, const T* in, T* out, std::int32_t*) const override {
    kernels::to_channel_major(this->input(), in, out);
  }
  void backward_input(const LayerWeights<T>&, const T*, const T* d_out, const std::int32_t*, BackwardRule, T* d_in) const override {
    kernels::from_channel_major(this->input(), d_out, d_in);
  }
};

template <class T>
class DenseLayer final : public Layer<T> {
 public:
  using Layer<T>::Layer;
  std::vector<int> weight_shape() const override { return {outputs(), inputs()}; }
  GradientSum gradient_sum() const override { return GradientSum::kPerBatch; }
  void forward(const LayerWeights<T>& w, const T* in, T* out, std::int32_t*) const override {
    kernels::dense_forward(inputs(), outputs(), in, w.weights, w.bias, out);
  }
  void backward_input(const LayerWeights<T>& w, const T*, const T* d_out, const std::int32_t*, BackwardRule, T* d_in) const override {
    kernels::dense_backward_input(inputs(), outputs(), d_out, w.weights, d_in);
  }
  void backward_weights_rows(int images, int first, int last, const T* in, const T* d_out, T* d_weights, T* d_bias) const override {
    kernels::dense_backward_weights(inputs(), images, first, last, in, d_out, d_weights, d_bias);
  }

 private:
  int inputs() const { return static_cast<int>(this->input().size()); }
  int outputs() const { return this->output().channels; }
};

}  // namespace

template <class T>
std::unique_ptr<Layer<T>> make_layer(const ResolvedLayer& resolved) {
  switch (resolved.spec.kind) {
    case LayerKind::kConv: return std::make_unique<ConvLayer<T>>(resolved);
    case LayerKind::kMaxPool: return std::make_unique<MaxPoolLayer<T>>(resolved);
    case LayerKind::kRelu: return std::make_unique<ReluLayer<T>>(resolved);
    case LayerKind::kDense: return std::make_unique<DenseLayer<T>>(resolved);
    case LayerKind::kFlatten: return std::make_unique<FlattenLayer<T>>(resolved);
    case LayerKind::kDropout: return std::make_unique<DropoutLayer<T>>(resolved);
    case LayerKind::kAveragePool: return std::make_unique<AveragePoolLayer<T>>(resolved);
    case LayerKind::kTanh: return std::make_unique<TanhLayer<T>>(resolved);
    case LayerKind::kSigmoid: return std::make_unique<SigmoidLayer<T>>(resolved);
  }
  return nullptr;
}

template std::unique_ptr<Layer<float>> make_layer<float>(const ResolvedLayer&);
template std::unique_ptr<Layer<double>> make_layer<double>(const ResolvedLayer&);

}  // namespace lenet::nn
