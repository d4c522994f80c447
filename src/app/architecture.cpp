#include "app/architecture.h"

#include <algorithm>
#include <stdexcept>

#include "base/error.h"

namespace lenet::app {

namespace {

constexpr int kSecondKernel = 5, kPool = 2, kUnits = 500;

nn::NetworkSpec network_of(const ArchitectureChoice& c, int classes) {
  using nn::LayerKind;
  if (!nn::is_nonlinearity(c.nonlinearity)) throw std::logic_error("network_text: not a nonlinearity");
  if (c.same && c.kernel % 2 == 0) throw std::logic_error("network_text: 'same' needs an odd kernel");
  const nn::LayerSpec pool{.kind = c.average ? LayerKind::kAveragePool : LayerKind::kMaxPool, .kernel = kPool, .stride = kPool};
  const nn::LayerSpec nonlinearity{.kind = c.nonlinearity};
  const auto conv = [&](int maps, int kernel, int stride) {
    return nn::LayerSpec{.kind = LayerKind::kConv, .outputs = maps, .kernel = kernel, .stride = stride, .padding = c.same ? (kernel - 1) / 2 : 0};
  };
  nn::NetworkSpec network;
  network.layers = {conv(c.first_maps, c.kernel, c.stride),         nonlinearity, pool,
                    conv(c.second_maps, kSecondKernel, 1),          nonlinearity, pool,
                    {.kind = LayerKind::kDense, .outputs = kUnits}, nonlinearity, {.kind = LayerKind::kDense, .outputs = classes}};
  return network;
}

}  // namespace

std::string network_text(const ArchitectureChoice& choice, int classes) { return nn::to_string(network_of(choice, classes)); }

std::optional<ArchitectureChoice> choice_of(const nn::NetworkSpec& network) {
  if (network.layers.size() < 4) return std::nullopt;
  const nn::LayerSpec &first = network.layers[0], &pool = network.layers[2], &second = network.layers[3];
  ArchitectureChoice choice{.kernel = first.kernel,
                            .stride = first.stride,
                            .first_maps = first.outputs,
                            .second_maps = second.outputs,
                            .same = first.padding > 0,
                            .average = pool.kind == nn::LayerKind::kAveragePool,
                            .nonlinearity = network.layers[1].kind};
  // An even kernel has no padding that is the same on both sides, and the controls offer none.
  if (!nn::is_nonlinearity(choice.nonlinearity)) return std::nullopt;
  if (std::find(kKernels.begin(), kKernels.end(), choice.kernel) == kKernels.end()) return std::nullopt;
  if (choice.stride < 1 || choice.stride > kLargestStride) return std::nullopt;
  if (network_text(choice, network.layers.back().outputs) != nn::to_string(network)) return std::nullopt;
  return choice;
}

std::string fits(const std::string& network, nn::Shape input, int classes) {
  try {
    nn::resolve(nn::parse_network(network, input), classes);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace lenet::app
