// Two-conv networks as the Architecture lab offers them: a few choices, the description they make, and whether it fits the images.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "nn/shape.h"
#include "nn/spec.h"

namespace lenet::app {

/// The first conv's kernel sizes and its largest stride that there are controls for.
inline constexpr std::array<int, 5> kKernels = {3, 5, 7, 9, 11};
inline constexpr int kLargestStride = 4;

/// What is chosen; the rest is WSS17's: pools of 2×2, 5×5 kernels in the second conv, 500 units. The default is WSS17 itself.
struct ArchitectureChoice {
  int kernel = 5;      ///< side of the first conv's kernels
  int stride = 1;      ///< of the first conv
  int first_maps = 20, second_maps = 50;
  bool same = false;   ///< both convs are padded by (kernel - 1) / 2: with stride 1 the maps keep their size. Odd kernels only
  bool average = false;  ///< average pools in place of maxima
  nn::LayerKind nonlinearity = nn::LayerKind::kRelu;  ///< after both convs and the 500 units; nn::is_nonlinearity()
  bool operator==(const ArchitectureChoice&) const = default;
};

/// "conv 20 7x7 stride 2 padding 3, relu, pool 2, conv 50 5x5 padding 2, relu, pool 2, dense 500, relu, dense 10": what
/// nn::parse_network() reads, in the words of nn::to_string(). Throws std::logic_error for 'same' with an even kernel and for a kind that is no
/// nonlinearity.
std::string network_text(const ArchitectureChoice& choice, int classes = 10);

/// The choice that makes this network, if one that can be made with the controls does: of one of kKernels, with a stride of 1 … kLargestStride.
std::optional<ArchitectureChoice> choice_of(const nn::NetworkSpec& network);

/// Why a description makes no network for these images: what nn::parse_network() and nn::resolve() say of it. Empty where it makes one.
std::string fits(const std::string& network, nn::Shape input, int classes = 10);

}  // namespace lenet::app
