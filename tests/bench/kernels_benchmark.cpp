// Times the kernels of src/nn/kernels one by one, on one thread, with Google Benchmark: kernel-benchmarks --benchmark_filter=conv2.
// "FLOP" counts the multiplications and additions that the result needs, so in the sparse passes those for the positions that carry
// gradient; "peak" is what multiplying and adding alone would reach.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/random.h"
#include "nn/kernels/conv.h"
#include "nn/kernels/dense.h"
#include "nn/kernels/sparse_conv.h"
#include "nn/lanes.h"

namespace {

using namespace lenet;
using namespace lenet::nn;
using kernels::ConvGeometry;
using kernels::ConvPoolGeometry;

std::vector<float> random_values(std::size_t n, std::uint32_t stream, double low, double high) {
  RandomStream random(1, Purpose::kTest, stream);
  std::vector<float> values(n);
  for (float& v : values) v = static_cast<float>(random.uniform(low, high));
  return values;
}
std::vector<float> block(const Shape& shape, std::uint32_t stream, double low, double high) {
  return random_values(shape.size() * kLanes, stream, low, high);
}

ConvGeometry conv(Shape input, int maps, int kernel, int padding = 0) {
  return {input, {maps, input.height + 2 * padding - kernel + 1, input.width + 2 * padding - kernel + 1}, kernel, 1, padding};
}
ConvPoolGeometry pooled(const ConvGeometry& g) {
  return {g, {g.output.channels, g.output.height / 2, g.output.width / 2}, 2, 2, true};
}

// Those of wss17, and two of the size that CIFAR-10's networks have.
const ConvGeometry kConv1 = conv({1, 28, 28}, 20, 5);
const ConvGeometry kConv2 = conv({20, 12, 12}, 50, 5);
const ConvGeometry kColour = conv({3, 32, 32}, 32, 5, 2);
const ConvGeometry kPadded3x3 = conv({32, 16, 16}, 64, 3, 1);

/// Multiplications and additions of one image; what the padding spares is not counted as spared.
double flop(const ConvGeometry& g) { return 2.0 * static_cast<double>(g.output.size()) * g.kernel * g.kernel * g.input.channels; }

void count(benchmark::State& state, int images, double flop_of_all) {
  state.counters["FLOP"] = benchmark::Counter(flop_of_all, benchmark::Counter::kIsIterationInvariantRate);
  if (images > 0) state.counters["images"] = benchmark::Counter(images, benchmark::Counter::kIsIterationInvariantRate);
}

// --- what multiplying and adding alone would reach ------------------------------------------------------------------------

void peak(benchmark::State& state) {
  constexpr int kVector = kVectorBytes / static_cast<int>(sizeof(float));
  constexpr int kChains = 13, kRepeats = 2000;  // with factor, term and a product, sixteen registers
  using Vector = Pack<float, kVector>::Vector;
  const std::vector<float> start = random_values(2, 1, 0.1, 0.2);
  float sums = 0;
  for (auto _ : state) {
    Vector chain[kChains] = {};
    const Vector factor = Vector{} + start[0], term = Vector{} + start[1];
    for (int i = 0; i < kRepeats; ++i)
      for (Vector& v : chain) v = v * factor + term;
    for (const Vector& v : chain) sums += v[0];
    benchmark::DoNotOptimize(sums);
  }
  count(state, 0, 2.0 * kChains * kVector * kRepeats);
}
BENCHMARK(peak);

// --- convolution under a pool ---------------------------------------------------------------------------------------------

/// A block on its way through conv, ReLU and max pool. The biases are such that the ReLU closes half of each map's maxima, as it
/// does in training.
struct ConvPool {
  explicit ConvPool(const ConvGeometry& conv_geometry)
      : g(pooled(conv_geometry)),
        in(block(g.conv.input, 2, 0, 1)),
        weights(random_values(g.conv.weight_count(), 3, -0.1, 0.1)),
        packed_forward(weights.size()),
        packed_rows(kernels::packed_rows_size(g)),
        bias(static_cast<std::size_t>(g.output.channels)),
        out(g.output.size() * kLanes),
        d_out(block(g.output, 4, -1, 1)),
        switches(out.size()),
        d_weights(weights.size()),
        d_bias(bias.size()),
        d_in(in.size()) {
    kernels::pack_conv_forward(g.conv, weights.data(), packed_forward.data());
    kernels::pack_conv_rows(g, weights.data(), packed_rows.data());
    kernels::reserve(g, sparse);
    g.rectify = false;
    forward();
    const std::size_t maps = bias.size();
    for (std::size_t o = 0; o < maps; ++o) {
      std::vector<float> values;
      for (std::size_t i = 0; i < out.size(); ++i)
        if (i / kLanes % maps == o) values.push_back(out[i]);
      std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
      bias[o] = -values[values.size() / 2];
    }
    g.rectify = true;
    forward();
  }

  void forward() { kernels::conv_pool_forward(g, in.data(), packed_forward.data(), bias.data(), out.data(), switches.data()); }
  void gather(bool by_map, bool by_position) {
    kernels::gather_gradient(g, out.data(), d_out.data(), switches.data(), by_map, by_position, sparse);
  }
  void backward_weights() { kernels::conv_pool_backward_weights(g, in.data(), sparse, d_weights.data(), d_bias.data()); }
  void backward_input() { kernels::conv_pool_backward_input(g, sparse, packed_rows.data(), d_in.data()); }

  /// Of one of the two backward passes, for the whole block.
  double sparse_flop() const {
    const auto open = std::count_if(out.begin(), out.end(), [](float v) { return v > 0; });
    return 2.0 * static_cast<double>(open) * g.conv.kernel * g.row();
  }

  ConvPoolGeometry g;
  std::vector<float> in, weights, packed_forward, packed_rows, bias, out, d_out;
  std::vector<std::int32_t> switches;
  std::vector<float> d_weights, d_bias, d_in;
  kernels::SparseGradient<float> sparse;
};

void conv_pool_forward(benchmark::State& state, const ConvGeometry& geometry) {
  ConvPool pass(geometry);
  for (auto _ : state) {
    pass.forward();
    benchmark::ClobberMemory();
  }
  count(state, kLanes, kLanes * flop(geometry));
}

/// Gathering the list is part of each pass.
void conv_pool_backward_weights(benchmark::State& state, const ConvGeometry& geometry) {
  ConvPool pass(geometry);
  for (auto _ : state) {
    pass.gather(true, false);
    pass.backward_weights();
    benchmark::ClobberMemory();
  }
  count(state, kLanes, pass.sparse_flop());
}

void conv_pool_backward_input(benchmark::State& state, const ConvGeometry& geometry) {
  ConvPool pass(geometry);
  for (auto _ : state) {
    pass.gather(false, true);
    pass.backward_input();
    benchmark::ClobberMemory();
  }
  count(state, kLanes, pass.sparse_flop());
}

// --- convolution on its own -----------------------------------------------------------------------------------------------

void conv_forward(benchmark::State& state, const ConvGeometry& g) {
  const std::vector<float> in = block(g.input, 2, 0, 1), weights = random_values(g.weight_count(), 3, -0.1, 0.1);
  const std::vector<float> bias(static_cast<std::size_t>(g.output.channels));
  std::vector<float> packed(weights.size()), out(g.output.size() * kLanes);
  kernels::pack_conv_forward(g, weights.data(), packed.data());
  for (auto _ : state) {
    kernels::conv_forward(g, in.data(), packed.data(), bias.data(), out.data());
    benchmark::ClobberMemory();
  }
  count(state, kLanes, kLanes * flop(g));
}

void conv_backward_weights(benchmark::State& state, const ConvGeometry& g) {
  const std::vector<float> in = block(g.input, 2, 0, 1), d_out = block(g.output, 4, -1, 1);
  std::vector<float> d_weights(g.weight_count()), d_bias(static_cast<std::size_t>(g.output.channels));
  for (auto _ : state) {
    kernels::conv_backward_weights(g, in.data(), d_out.data(), d_weights.data(), d_bias.data());
    benchmark::ClobberMemory();
  }
  count(state, kLanes, kLanes * flop(g));
}

void conv_backward_input(benchmark::State& state, const ConvGeometry& g) {
  const std::vector<float> weights = random_values(g.weight_count(), 3, -0.1, 0.1), d_out = block(g.output, 4, -1, 1);
  std::vector<float> packed(weights.size()), d_in(g.input.size() * kLanes);
  kernels::pack_conv_backward(g, weights.data(), packed.data());
  for (auto _ : state) {
    kernels::conv_backward_input(g, d_out.data(), packed.data(), d_in.data());
    benchmark::ClobberMemory();
  }
  count(state, kLanes, kLanes * flop(g));
}

#define LENET_CONV_BENCHMARKS(kernel)                                        \
  BENCHMARK_CAPTURE(kernel, conv1, kConv1)->Unit(benchmark::kMicrosecond);   \
  BENCHMARK_CAPTURE(kernel, conv2, kConv2)->Unit(benchmark::kMicrosecond);   \
  BENCHMARK_CAPTURE(kernel, colour, kColour)->Unit(benchmark::kMicrosecond); \
  BENCHMARK_CAPTURE(kernel, padded_3x3, kPadded3x3)->Unit(benchmark::kMicrosecond)
LENET_CONV_BENCHMARKS(conv_pool_forward);
LENET_CONV_BENCHMARKS(conv_pool_backward_weights);
LENET_CONV_BENCHMARKS(conv_pool_backward_input);
LENET_CONV_BENCHMARKS(conv_forward);
LENET_CONV_BENCHMARKS(conv_backward_weights);
LENET_CONV_BENCHMARKS(conv_backward_input);
#undef LENET_CONV_BENCHMARKS

// --- dense ----------------------------------------------------------------------------------------------------------------

struct DenseSize {
  int inputs, outputs;
  std::size_t weight_count() const { return static_cast<std::size_t>(inputs) * static_cast<std::size_t>(outputs); }
  double flop() const { return 2.0 * inputs * outputs; }
};
constexpr DenseSize kFc1{800, 500};
constexpr int kBatch = 64;

void dense_forward(benchmark::State& state, DenseSize size) {
  const std::vector<float> in = block({size.inputs, 1, 1}, 2, 0, 1), weights = random_values(size.weight_count(), 3, -0.1, 0.1);
  const std::vector<float> bias(static_cast<std::size_t>(size.outputs));
  std::vector<float> out(bias.size() * kLanes);
  for (auto _ : state) {
    kernels::dense_forward(size.inputs, size.outputs, in.data(), weights.data(), bias.data(), out.data());
    benchmark::ClobberMemory();
  }
  count(state, kLanes, kLanes * size.flop());
}
BENCHMARK_CAPTURE(dense_forward, fc1, kFc1)->Unit(benchmark::kMicrosecond);

void dense_backward_input(benchmark::State& state, DenseSize size) {
  const std::vector<float> weights = random_values(size.weight_count(), 3, -0.1, 0.1),
                           d_out = block({size.outputs, 1, 1}, 4, -1, 1);
  std::vector<float> d_in(static_cast<std::size_t>(size.inputs) * kLanes);
  for (auto _ : state) {
    kernels::dense_backward_input(size.inputs, size.outputs, d_out.data(), weights.data(), d_in.data());
    benchmark::ClobberMemory();
  }
  count(state, kLanes, kLanes * size.flop());
}
BENCHMARK_CAPTURE(dense_backward_input, fc1, kFc1)->Unit(benchmark::kMicrosecond);

/// Over a whole minibatch, with the keeping of what it reads, twenty rows at a time as the trainer does it.
void dense_backward_weights(benchmark::State& state, DenseSize size) {
  constexpr int kBlocks = kBatch / kLanes, kRows = 20;
  const std::vector<float> in = block({size.inputs, 1, 1}, 2, 0, 1), d_out = block({size.outputs, 1, 1}, 4, -1, 1);
  std::vector<float> kept_in(kernels::dense_inputs_size(static_cast<std::size_t>(size.inputs), kBlocks)),
      kept_d_out(d_out.size() * kBlocks);
  std::vector<float> d_weights(size.weight_count()), d_bias(static_cast<std::size_t>(size.outputs));
  for (auto _ : state) {
    for (int b = 0; b < kBlocks; ++b) {
      kernels::keep_dense_inputs(size.inputs, kBlocks, b, in.data(), kept_in.data());
      kernels::keep_dense_gradient(size.outputs, kBlocks, b, d_out.data(), kept_d_out.data());
    }
    for (int row = 0; row < size.outputs; row += kRows) {
      kernels::dense_backward_weights(size.inputs, kBatch, row, std::min(row + kRows, size.outputs), kept_in.data(),
                                      kept_d_out.data(), d_weights.data(), d_bias.data());
    }
    benchmark::ClobberMemory();
  }
  count(state, kBatch, kBatch * size.flop());
}
BENCHMARK_CAPTURE(dense_backward_weights, fc1, kFc1)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
