#include "lab/measure.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <numeric>
#include <optional>

#include "base/error.h"
#include "lab/median_seconds.h"
#include "nn/block.h"
#include "nn/kernels/dense.h"
#include "nn/kernels/tile.h"
#include "nn/loss.h"
#include "nn/predictor.h"

namespace lenet::lab {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kLanes = nn::kLanes;

// --- peak -----------------------------------------------------------------------------------------------------------------

using Vector = nn::Pack<float, nn::kVectorBytes / static_cast<int>(sizeof(float))>;
constexpr int kVectorValues = nn::kVectorBytes / static_cast<int>(sizeof(float));
constexpr int kChains = 13;  // with two operands, fifteen registers: V8 keeps one of sixteen to itself
constexpr int kTurns = 2000;

// Volatile, so that the loops are neither known beforehand nor left out.
volatile float g_factor = 0.9f, g_term = 0.1f, g_sink = 0;

[[gnu::noinline]] void run_in_registers() {
  const Vector factor = Vector::splat(g_factor), term = Vector::splat(g_term);
  std::array<Vector, kChains> chain;
  for (std::size_t i = 0; i < chain.size(); ++i) chain[i] = Vector::splat(static_cast<float>(i));
  for (int turn = 0; turn < kTurns; ++turn) {
    for (Vector& c : chain) {
      Vector next = term;
      next.add_product(c, factor);
      c = next;
    }
  }
  Vector sum = Vector::splat(0);
  for (const Vector& c : chain) sum.add(c);
  float values[kVectorValues];
  sum.store(values);
  g_sink = values[0];
}

constexpr int kTileInputs = 600, kTileOutputs = nn::kernels::kTile;

}  // namespace

double measure_peak(double seconds) {
  const double registers = 2.0 * kTurns * kChains * kVectorValues / median_seconds(seconds / 2, run_in_registers);
  std::vector<float> in(kTileInputs * kLanes, 0.5f), weights(kTileInputs * kTileOutputs, 0.25f), bias(kTileOutputs), out(kTileOutputs * kLanes);
  const double tile = median_seconds(seconds / 2, [&] {
    nn::kernels::dense_forward(kTileInputs, kTileOutputs, in.data(), weights.data(), bias.data(), out.data());
    g_sink = out[0];
  });
  return std::max(registers, 2.0 * kTileInputs * kTileOutputs * kLanes / tile) / 1e9;
}

// --- inference ------------------------------------------------------------------------------------------------------------

namespace {

/// A block of eight at a time, the blocks on all threads.
void classify_batch(const nn::Network<float>& network, const nn::Weights<float>& weights, const data::Dataset& dataset, int first, int batch,
                    std::span<double> probabilities, Workers& workers) {
  const std::size_t classes = static_cast<std::size_t>(network.classes());
  workers.run((batch + nn::kLanes - 1) / nn::kLanes, [&](int block, nn::Workspace<float>& workspace) {
    const int begin = block * nn::kLanes, count = std::min(nn::kLanes, batch - begin);
    for (int lane = 0; lane < count; ++lane) {
      nn::set_image<float>(network.input(), dataset.test_image((first + begin + lane) % dataset.test_available()), lane,
                           workspace.activation[0].data());
    }
    network.forward(weights, workspace);
    for (int lane = 0; lane < count; ++lane) {
      nn::softmax<float>(workspace.activation.back(), lane, probabilities.subspan(static_cast<std::size_t>(begin + lane) * classes, classes));
    }
  });
}

}  // namespace

Throughput measure_inference(const nn::Network<float>& network, const nn::Weights<float>& weights, const data::Dataset& dataset, int batch,
                             double seconds, Workers& workers) {
  const int available = dataset.test_available();
  if (available <= 0) throw Error("There is no test image to measure with yet.");
  std::vector<double> probabilities(static_cast<std::size_t>(batch * network.classes()));
  std::optional<nn::Predictor> one;
  if (batch == 1) one.emplace(network).load(weights);
  Throughput result;
  int first = 0;
  const auto start = Clock::now();
  do {
    if (one) {
      nn::softmax<float>(one->predict(dataset.test_image(first)), probabilities);
    } else {
      classify_batch(network, weights, dataset, first, batch, probabilities, workers);
    }
    first = (first + batch) % available;
    result.images += static_cast<std::uint64_t>(batch);
    result.seconds = seconds_since(start);
  } while (result.seconds < seconds);
  return result;
}

// --- layers ---------------------------------------------------------------------------------------------------------------

namespace {

/// Multiplications and additions of one layer's dense pass over a block. A conv counts with its whole map, pooled or not.
double dense_flop(const nn::Layer<float>& layer) {
  const std::vector<int> shape = layer.weight_shape();
  const double weights = std::accumulate(shape.begin(), shape.end(), 1.0, std::multiplies<>());
  if (layer.spec().kind == nn::LayerKind::kDense) return 2 * weights * nn::kLanes;
  if (layer.spec().kind != nn::LayerKind::kConv) return 0;
  const int side = layer.spec().kernel, stride = layer.spec().stride, padding = layer.spec().padding;
  const double height = (layer.input().height + 2 * padding - side) / stride + 1, width = (layer.input().width + 2 * padding - side) / stride + 1;
  return 2 * weights * height * width * nn::kLanes;
}

/// Those of a backward pass: after a pool only where its switches carry gradient (kernels/sparse_conv.h).
double backward_flop(const nn::Layer<float>& layer, const std::vector<float>& out) {
  if (layer.spec().kind != nn::LayerKind::kConv || layer.switch_count() == 0) return dense_flop(layer);
  // Without a ReLU some output is negative, and every one carries gradient.
  const bool rectified = std::none_of(out.begin(), out.end(), [](float value) { return value < 0; });
  const auto open = rectified ? std::count_if(out.begin(), out.end(), [](float value) { return value > 0; }) : std::ssize(out);
  return 2.0 * static_cast<double>(open) * layer.spec().kernel * layer.spec().kernel * layer.input().channels;
}

class LayerTimer {
 public:
  LayerTimer(const nn::Network<float>& network, const nn::Weights<float>& weights, double seconds_each)
      : network_(network), weights_(weights), workspace_(network.make_workspace()), seconds_(seconds_each), d_weights_(network.parameter_count()) {}

  void load(const data::Dataset& dataset) {
    std::vector<std::uint8_t> labels;
    for (int lane = 0; lane < nn::kLanes; ++lane) {
      nn::set_image<float>(network_.input(), dataset.train_image(lane), lane, workspace_.activation[0].data());
      labels.push_back(static_cast<std::uint8_t>(dataset.train_label(lane)));
    }
    network_.forward_training(weights_, workspace_, {});
    nn::cross_entropy<float>(workspace_.activation.back(), labels, 1.0 / nn::kLanes, workspace_.gradient.back());
    for (std::size_t i = network_.layer_count(); i-- > 0;) network_.backward(weights_, workspace_, i, nullptr, nullptr, i > 0);
  }

  void time(std::size_t i, LayerReport& report) {
    const nn::Layer<float>& layer = network_.layer(i);
    const int index = static_cast<int>(i);
    add(report, layer, "forward", dense_flop(layer), [&] { network_.forward_training(weights_, workspace_, {}, index, index); });
    const double flop = backward_flop(layer, workspace_.activation[i + 1]);
    if (layer.gradient_sum() == nn::GradientSum::kPerShard) {
      add(report, layer, "backward weights", flop, [&] { network_.backward(weights_, workspace_, i, d_weights_.data(), d_bias_.data(), false); });
    } else if (layer.gradient_sum() == nn::GradientSum::kPerBatch) {
      time_rows(layer, i, flop, report);
    }
    if (i > 0) add(report, layer, "backward input", flop, [&] { network_.backward(weights_, workspace_, i, nullptr, nullptr, true); });
  }

 private:
  /// A dense layer's weight gradient is summed over a whole minibatch; timed on one of eight blocks, given for one.
  void time_rows(const nn::Layer<float>& layer, std::size_t i, double flop, LayerReport& report) {
    constexpr int kBlocks = 8, kRows = 20;
    const int inputs = static_cast<int>(layer.input().size()), outputs = layer.weight_shape()[0];
    std::vector<float> in(nn::kernels::dense_inputs_size(layer.input().size(), kBlocks)), d_out(static_cast<std::size_t>(outputs) * kBlocks * kLanes);
    for (int block = 0; block < kBlocks; ++block) {
      nn::kernels::keep_dense_inputs(inputs, kBlocks, block, workspace_.activation[i].data(), in.data());
      nn::kernels::keep_dense_gradient(outputs, kBlocks, block, workspace_.gradient[i + 1].data(), d_out.data());
    }
    add(report, layer, "backward weights", flop * kBlocks, [&] {
      for (int row = 0; row < outputs; row += kRows) {
        layer.backward_weights_rows(kBlocks * nn::kLanes, row, std::min(row + kRows, outputs), in.data(), d_out.data(), d_weights_.data(),
                                    d_bias_.data());
      }
    });
    report.passes.back().microseconds /= kBlocks;
  }

  template <class Work>
  void add(LayerReport& report, const nn::Layer<float>& layer, const char* pass, double flop, const Work& work) {
    const double seconds = median_seconds(seconds_, work);
    report.passes.push_back({layer.spec().name, pass, 1e6 * seconds, flop / seconds / 1e9});
  }

  const nn::Network<float>& network_;
  const nn::Weights<float>& weights_;
  nn::Workspace<float> workspace_;
  double seconds_;
  std::vector<float> d_weights_;
  std::vector<float> d_bias_ = std::vector<float>(1 << 16);
};

}  // namespace

LayerReport measure_layers(const nn::Network<float>& network, const nn::Weights<float>& weights, const data::Dataset& dataset,
                           double seconds) {
  if (dataset.train_available() < nn::kLanes) throw Error("There are no training images to measure with yet.");
  const double each = seconds / (3.0 * static_cast<double>(network.layer_count()) + 2);
  LayerTimer timer(network, weights, each);
  timer.load(dataset);
  LayerReport report;
  report.peak_gflops = measure_peak(2 * each);
  for (std::size_t i = 0; i < network.layer_count(); ++i) timer.time(i, report);
  return report;
}

}  // namespace lenet::lab
