// How fast this machine is at what the lab does: inference, and each layer's passes against what its multipliers can do at best.
//
// Figures for benchmarks (docs/benchmarks.md), taken where they count: in the page's own build and threads, or in the program's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "lab/workers.h"
#include "nn/network.h"

namespace lenet::lab {

struct Throughput {
  std::uint64_t images = 0;
  double seconds = 0;
};

/// Classifies the test images, `batch` at a time from their bytes to their probabilities, for about `seconds`; one after the other when
/// `batch` is 1, which one thread does. `network` is one for training (nn::Fusing::kOn). Throws Error while there are no test images.
Throughput measure_inference(const nn::Network<float>& network, const nn::Weights<float>& weights, const data::Dataset& dataset, int batch,
                             double seconds, Workers& workers);

/// One pass of one layer over a block of eight images.
struct LayerPass {
  std::string layer;
  const char* pass = "";    ///< "forward", "backward weights", "backward input"
  double microseconds = 0;  ///< median
  double gflops = 0;        ///< of the multiplications and additions that are carried out; 0 where they are not what takes the time
};

struct LayerReport {
  double peak_gflops = 0;  ///< of a bare loop of the same arithmetic, measured in between
  std::vector<LayerPass> passes;
};

/// Times every layer alone on one thread, `seconds` in all, on gradients of the first training images. `network` is one for training.
LayerReport measure_layers(const nn::Network<float>& network, const nn::Weights<float>& weights, const data::Dataset& dataset, double seconds);

/// The most that one thread does, in 10⁹ multiplications and additions a second, as the faster of two loops: one in registers only, and the
/// kernels' tile of outputs × eight images on operands that stay in the L1 cache.
double measure_peak(double seconds);

}  // namespace lenet::lab
