// Dropout, inverted: in training each value is dropped with probability p and the others are multiplied by 1 / (1 − p), so that
// nothing is left to do when the network is measured. Source: Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov,
// "Dropout: a simple way to prevent neural networks from overfitting", JMLR 15 (2014), section 10 for the scaling.
//
// Blocks of eight images (nn/lanes.h). Stateless: a random number is a function of its key, so no order of work changes it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lenet::nn::kernels {

/// Which random numbers the training pass of one block sees.
struct Draw {
  std::uint64_t seed = 0;         ///< the run's
  std::uint64_t step = 0;         ///< of the run; its low 32 bits count
  std::uint32_t first_image = 0;  ///< place of the block's first image in the minibatch; a multiple of four
};

/// What a dropout layer did with a value; kept in its switches.
enum DropoutSwitch : std::int32_t { kPassed, kDropped, kEnlarged };

/// Drops values of n blocks of eight and enlarges the others; `switches` says which. What happens to value k of an image depends on
/// the seed, the layer's position, the step, the image's place in the minibatch and k only. 0 <= drop < 1.
template <class T>
void dropout_forward(std::size_t n, double drop, int position, const Draw& draw, const T* in, T* out, std::int32_t* switches);

/// The same outside training: n blocks of eight pass as they are.
template <class T>
void dropout_pass(std::size_t n, const T* in, T* out, std::int32_t* switches);

/// The gradient of either, as `switches` says.
template <class T>
void dropout_backward(std::size_t n, double drop, const T* d_out, const std::int32_t* switches, T* d_in);

}  // namespace lenet::nn::kernels
