#include "nn/initializer.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "base/random.h"

namespace lenet::nn {
namespace {

constexpr std::pair<Initializer, std::string_view> kNames[] = {
    {Initializer::kHe, "he"},
    {Initializer::kGlorot, "glorot"},
    {Initializer::kUniformFanIn, "uniform-fan-in"},
    {Initializer::kUniformSqrt, "uniform-sqrt"},
    {Initializer::kUniformSqrt3, "uniform-sqrt3"},
    {Initializer::kNormal001, "normal-0.01"},
    {Initializer::kZeros, "zeros"},
};

struct Fans {
  double in, out;
};

Fans fans_of(const ParameterView& view) {
  double area = 1;
  for (std::size_t i = 2; i < view.shape.size(); ++i) area *= view.shape[i];
  return {view.shape[1] * area, view.shape[0] * area};
}

/// Half the width of the uniform distribution; 0 for the others.
double uniform_limit(Initializer initializer, const Fans& fans) {
  switch (initializer) {
    case Initializer::kGlorot: return std::sqrt(6 / (fans.in + fans.out));
    case Initializer::kUniformFanIn: return 1 / fans.in;
    case Initializer::kUniformSqrt: return 1 / std::sqrt(fans.in);
    case Initializer::kUniformSqrt3: return std::sqrt(3 / fans.in);
    default: return 0;
  }
}

template <class T>
void fill(Initializer initializer, const Fans& fans, RandomStream random, std::span<T> values) {
  if (initializer == Initializer::kZeros) {
    std::fill(values.begin(), values.end(), T(0));
  } else if (initializer == Initializer::kHe || initializer == Initializer::kNormal001) {
    const double deviation = initializer == Initializer::kHe ? std::sqrt(2 / fans.in) : 0.01;
    for (T& v : values) v = static_cast<T>(deviation * random.normal());
  } else {
    const double limit = uniform_limit(initializer, fans);
    for (T& v : values) v = static_cast<T>(random.uniform(-limit, limit));
  }
}

}  // namespace

std::string_view name_of(Initializer initializer) {
  for (const auto& [value, name] : kNames)
    if (value == initializer) return name;
  return {};
}

Initializer initializer_named(std::string_view wanted) {
  std::string known;
  for (const auto& [value, name] : kNames) {
    if (name == wanted) return value;
    known += (known.empty() ? "" : ", ") + std::string(name);
  }
  throw Error("There is no initialiser “" + std::string(wanted) + "”. Known ones: " + known + ".");
}

const std::vector<Initializer>& all_initializers() {
  static const std::vector<Initializer> kAll = [] {
    std::vector<Initializer> all;
    for (const auto& entry : kNames) all.push_back(entry.first);
    return all;
  }();
  return kAll;
}

template <class T>
void initialize(const Network<T>& network, Initializer initializer, std::uint64_t seed, Weights<T>& weights) {
  for (const ParameterView& view : network.parameters()) {
    const std::span<T> values = view.of(std::span<T>(weights.values));
    if (view.is_bias) {
      std::fill(values.begin(), values.end(), T(0));
    } else {
      fill(initializer, fans_of(view), RandomStream(seed, Purpose::kWeights, static_cast<std::uint32_t>(view.group)), values);
    }
  }
  network.pack(weights);
}

template void initialize<float>(const Network<float>&, Initializer, std::uint64_t, Weights<float>&);
template void initialize<double>(const Network<double>&, Initializer, std::uint64_t, Weights<double>&);

}  // namespace lenet::nn
