// Numeric gradient checks that any author of a layer can call: analytic gradients against central differences in double.
//
//   check_layer(layer)       one layer alone: its input, weights and bias, on blocks of random images
//   check_network("conv 3 3x3, relu, dense 10", shape, 8)   a whole net on eight images, through Trainer<double> and the loss
//
// Both are in training mode: a dropout layer drops the values that draw_of() names, the same ones in every evaluation.
//
// A step must not cross a kink: where a ReLU opens or closes, or a pool takes its maximum from another place, between the
// points of the difference, that number is left out and counted. expect_gradient() wants few of them.
#pragma once

#include <memory>
#include <string>

#include "nn/kernels/dense.h"
#include "nn/layer.h"
#include "nn/loss.h"
#include "nn_support.h"

namespace lenet::test {

/// What one comparison found.
struct GradientReport {
  double worst = 0;    ///< largest relative error; see compare_gradient()
  std::string where;   ///< which number had it
  double largest = 0;  ///< largest analytic gradient
  int compared = 0;
  int left_out = 0;  ///< a step crossed a kink
};

/// A function's value, and a hash of which ReLUs were open and where the maxima were.
struct Probe {
  double value = 0;
  std::uint64_t pattern = 0;
};

/// The random numbers of block `b` of a minibatch.
inline nn::Draw draw_of(std::size_t b) { return {5, 3, static_cast<std::uint32_t>(b * nn::kLanes)}; }

/// Adds what a layer did to the pattern: its switches, and the gates of a ReLU, or of a conv that has one in it (a fused layer).
inline void add_pattern(const nn::Layer<double>& layer, const std::vector<double>& out, const std::vector<std::int32_t>& switches,
                        Hash& hash) {
  hash.add_values(std::span<const std::int32_t>(switches));
  const bool is_fused = layer.spec().kind == nn::LayerKind::kConv && layer.switch_count() > 0;
  if (layer.spec().kind != nn::LayerKind::kRelu && !is_fused) return;
  std::vector<std::uint8_t> gates(out.size());
  for (std::size_t i = 0; i < out.size(); ++i) gates[i] = out[i] > 0;
  hash.add_values(std::span<const std::uint8_t>(gates));
}

/// Compares `analytic` with d evaluate() / d variable for every variable, which it moves and puts back. Five points, so that the
/// error is of order step⁴. The relative error of a number is |analytic − numeric| / max(|numeric|, largest / 1000): numbers
/// near zero are held to the rounding of the sum that they come from.
template <class Evaluate>
void compare_gradient(const std::string& name, std::span<double> variables, std::span<const double> analytic, Evaluate&& evaluate,
                      GradientReport& report, double step = 3e-5) {
  REQUIRE(variables.size() == analytic.size());
  double largest = 0;
  for (const double a : analytic) largest = std::max(largest, std::abs(a));
  report.largest = std::max(report.largest, largest);
  const std::uint64_t pattern = evaluate().pattern;
  for (std::size_t i = 0; i < variables.size(); ++i) {
    const double middle = variables[i];
    double sum = 0;
    bool smooth = true;
    for (const auto& [steps, weight] : {std::pair{-2, 1.0}, {-1, -8.0}, {1, 8.0}, {2, -1.0}}) {
      variables[i] = middle + steps * step;
      const Probe probe = evaluate();
      sum += weight * probe.value;
      smooth = smooth && probe.pattern == pattern;
    }
    variables[i] = middle;
    if (!smooth) {
      ++report.left_out;
      continue;
    }
    ++report.compared;
    const double numeric = sum / (12 * step);
    const double scale = std::max(std::abs(numeric), largest / 1000);
    const double error = scale > 0 ? std::abs(analytic[i] - numeric) / scale : std::abs(analytic[i] - numeric);
    if (error <= report.worst) continue;
    report.worst = std::isnan(error) ? std::numeric_limits<double>::infinity() : error;
    report.where =
        name + "[" + std::to_string(i) + "]: analytic " + std::to_string(analytic[i]) + ", numeric " + std::to_string(numeric);
  }
}

/// Fails the running test when a gradient is wrong, all zero, or too often unchecked.
inline void expect_gradient(const GradientReport& report, double tolerance = 1e-6) {
  CAPTURE(report.where);
  CHECK(report.worst <= tolerance);
  CHECK(report.compared > 0);
  CHECK(report.largest > 0);
  CAPTURE(report.compared);
  CHECK(report.left_out * 20 <= report.compared);
}

/// One layer's numbers for check_layer(): two blocks of eight random images, random weights, and the objective
/// Σ coefficient · output, whose gradient at the output is `coefficient`.
struct LayerProbe {
  explicit LayerProbe(const nn::Layer<double>& layer_, std::uint32_t stream = 1)
      : layer(layer_),
        in(random_values<double>(2 * layer.input().size() * nn::kLanes, 10 * stream)),
        coefficient(random_values<double>(2 * layer.output().size() * nn::kLanes, 10 * stream + 1)),
        out(layer.output().size() * nn::kLanes),
        switches(layer.switch_count() * nn::kLanes),
        forward(layer.packed_size()),
        backward(layer.packed_size()) {
    const std::vector<int> shape = layer.weight_shape();
    if (shape.empty()) return;
    std::size_t count = 1;
    for (const int extent : shape) count *= static_cast<std::size_t>(extent);
    weights = random_values<double>(count, 10 * stream + 2);
    bias = random_values<double>(static_cast<std::size_t>(shape[0]), 10 * stream + 3);
    d_weights.resize(weights.size());
    d_bias.resize(bias.size());
  }

  nn::LayerWeights<double> view() const { return {weights.data(), bias.data(), forward.data(), backward.data()}; }
  std::size_t in_size() const { return in.size() / 2; }

  Probe evaluate() {
    layer.pack(weights.data(), forward.data(), backward.data());
    Probe probe;
    Hash hash;
    for (std::size_t b = 0; b < 2; ++b) {
      layer.forward_training(view(), in.data() + b * in_size(), out.data(), switches.data(), draw_of(b));
      for (std::size_t i = 0; i < out.size(); ++i) probe.value += coefficient[b * out.size() + i] * out[i];
      add_pattern(layer, out, switches, hash);
    }
    probe.pattern = hash.value();
    return probe;
  }

  /// Fills d_in, d_weights and d_bias with the layer's own gradients.
  void differentiate() {
    d_in.assign(in.size(), std::numeric_limits<double>::quiet_NaN());
    layer.pack(weights.data(), forward.data(), backward.data());
    const bool per_batch = layer.gradient_sum() == nn::GradientSum::kPerBatch;
    std::vector<double> kept_in(nn::kernels::dense_inputs_size(layer.input().size(), 2)), kept_d(coefficient.size()), alone(in_size());
    nn::Scratch<double> scratch;
    layer.reserve(scratch);
    const bool per_shard = layer.gradient_sum() == nn::GradientSum::kPerShard;
    for (std::size_t b = 0; b < 2; ++b) {
      const double* x = in.data() + b * in_size();
      const double* d = coefficient.data() + b * out.size();
      layer.forward_training(view(), x, out.data(), switches.data(), draw_of(b));
      layer.backward(view(), x, out.data(), d, switches.data(), scratch, per_shard ? d_weights.data() : nullptr,
                     per_shard ? d_bias.data() : nullptr, d_in.data() + b * in_size());
      layer.backward_input(view(), out.data(), d, switches.data(), nn::BackwardRule::kGradient, alone.data());
      CHECK(same_bits(alone, std::span(d_in).subspan(b * in_size(), in_size())));
      if (!per_batch) continue;
      nn::kernels::keep_dense_inputs(static_cast<int>(layer.input().size()), 2, static_cast<int>(b), x, kept_in.data());
      nn::kernels::keep_dense_gradient(static_cast<int>(bias.size()), 2, static_cast<int>(b), d, kept_d.data());
    }
    if (per_batch) {
      layer.backward_weights_rows(2 * nn::kLanes, 0, static_cast<int>(bias.size()), kept_in.data(), kept_d.data(), d_weights.data(),
                                  d_bias.data());
    }
  }

  const nn::Layer<double>& layer;
  std::vector<double> in, coefficient;  // two blocks
  std::vector<double> weights, bias, d_in, d_weights, d_bias;
  std::vector<double> out;  // one block
  std::vector<std::int32_t> switches;
  std::vector<double> forward, backward;  // packed
};

/// Checks one layer alone: d input, d weights and d bias.
inline GradientReport check_layer(const nn::Layer<double>& layer, std::uint32_t stream = 1) {
  LayerProbe probe(layer, stream);
  probe.differentiate();
  GradientReport report;
  const auto evaluate = [&] { return probe.evaluate(); };
  compare_gradient("input", probe.in, probe.d_in, evaluate, report);
  if (!probe.weights.empty()) {
    compare_gradient("weight", probe.weights, probe.d_weights, evaluate, report);
    compare_gradient("bias", probe.bias, probe.d_bias, evaluate, report);
  }
  return report;
}

/// Checks the layers of a description such as "conv 3 3x3 stride 2", each alone.
inline void check_layers(const std::string& description, const nn::Shape& input) {
  CAPTURE(description);
  const std::vector<nn::ResolvedLayer> layers = nn::resolve(nn::parse_network(description + ", dense 10", input));
  for (std::size_t i = 0; i + 1 < layers.size(); ++i) {
    CAPTURE(layers[i].spec.name);
    expect_gradient(check_layer(*nn::make_layer<double>(layers[i])));
  }
}

/// Checks a whole network on a minibatch of `count` random images: weights and biases as Trainer<double> sums them, and the
/// first block's pixels as backward_input() carries them down to gradient[0].
inline GradientReport check_network(const std::string& description, const nn::Shape& input, int count, std::uint32_t stream = 1,
                                    nn::Fusing fusing = nn::Fusing::kOff) {
  Model<double> model(description, input, stream, fusing);
  const Minibatch<double> batch(input, count, stream);
  const std::size_t blocks = static_cast<std::size_t>((count + nn::kLanes - 1) / nn::kLanes);
  // Lanes beyond the minibatch hold images too (zeros would tie in a pool): the loss must not depend on them.
  Images<double> images = random_images<double>(input, static_cast<int>(blocks) * nn::kLanes, stream + 100);
  std::copy(batch.images.begin(), batch.images.end(), images.begin());
  std::vector<std::vector<double>> in;
  for (std::size_t b = 0; b < blocks; ++b) {
    const auto begin = images.begin() + static_cast<std::ptrdiff_t>(b * nn::kLanes);
    in.push_back(block_of(input, Images<double>(begin, begin + nn::kLanes)));
  }
  const auto block_labels = [&](std::size_t b) {
    const std::span<const std::uint8_t> labels(batch.labels);
    return labels.subspan(b * nn::kLanes, std::min<std::size_t>(nn::kLanes, labels.size() - b * nn::kLanes));
  };
  const auto evaluate = [&] {
    model.network.pack(model.weights);
    Probe probe;
    Hash hash;
    for (std::size_t b = 0; b < blocks; ++b) {
      model.workspace.activation[0] = in[b];
      model.network.forward_training(model.weights, model.workspace, draw_of(b));
      const nn::BlockLoss loss = nn::cross_entropy<double>(model.workspace.activation.back(), block_labels(b), 1.0 / count, {});
      for (const double l : loss.loss) probe.value += l / count;
      for (std::size_t i = 0; i < model.network.layer_count(); ++i)
        add_pattern(model.network.layer(i), model.workspace.activation[i + 1], model.workspace.switches[i], hash);
    }
    probe.pattern = hash.value();
    return probe;
  };

  GradientReport report;
  nn::Trainer<double> trainer(model.network);
  trainer.weights() = model.weights;
  run_minibatch(trainer, batch, all_trainable(model.network), model.workspace, draw_of(0));
  CHECK(trainer.reduce().loss == doctest::Approx(evaluate().value).epsilon(1e-12));
  for (const nn::ParameterView& view : model.network.parameters()) {
    compare_gradient(view.name, view.of(std::span<double>(model.weights.values)), view.of(trainer.gradient()), evaluate, report);
  }

  nn::Workspace<double> down = model.network.make_workspace();
  down.activation[0] = in[0];
  model.network.forward_training(model.weights, down, draw_of(0));
  nn::cross_entropy<double>(down.activation.back(), block_labels(0), 1.0 / count, down.gradient.back());
  for (std::size_t i = model.network.layer_count(); i-- > 0;) {
    model.network.backward_input(model.weights, down, i, nn::BackwardRule::kGradient);
  }
  compare_gradient("input", in[0], down.gradient[0], evaluate, report);
  return report;
}

}  // namespace lenet::test
