// Initial weights. Each layer draws from a stream of its own, so changing one layer leaves the others' weights alone.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nn/network.h"

namespace lenet::nn {

/// fan-in: values that one output reads (in · k · k, or inputs); fan-out: out · k · k, or outputs. Biases start at 0 always.
enum class Initializer {
  kHe,               ///< normal, variance 2 / fan-in (He et al. 2015); the default
  kGlorot,           ///< uniform ±√(6 / (fan-in + fan-out)) (Glorot & Bengio 2010)
  kUniformFanIn,     ///< uniform ±1 / fan-in, as the Theano LeNet tutorial's text says
  kUniformSqrt,      ///< uniform ±1 / √fan-in
  kUniformSqrt3,     ///< uniform ±√(3 / fan-in), as that tutorial's code does
  kNormal001,        ///< normal, standard deviation 0.01
  kZeros,            ///< shows why symmetry must break
};

/// Name in settings, links and files: "he", "glorot", "uniform-fan-in", "uniform-sqrt", "uniform-sqrt3", "normal-0.01", "zeros".
std::string_view name_of(Initializer initializer);
/// Throws Error that lists the known names.
Initializer initializer_named(std::string_view name);
const std::vector<Initializer>& all_initializers();

/// Fills weights.values from (initializer, seed) and packs them.
template <class T>
void initialize(const Network<T>& network, Initializer initializer, std::uint64_t seed, Weights<T>& weights);

}  // namespace lenet::nn
