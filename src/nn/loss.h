// Softmax cross-entropy of one block.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "nn/lanes.h"

namespace lenet::nn {

/// What one block contributes to the loss and accuracy. Entries beyond the block's number of images are zero.
struct BlockLoss {
  std::array<double, kLanes> loss{};     ///< −log p(true class), natural logarithm
  std::array<bool, kLanes> correct{};    ///< the largest logit (first of equals) is the true class's
};

/// Softmax probabilities of image `lane` of logits [class][8]. `probabilities` holds one value per class.
template <class T>
void softmax(std::span<const T> logits, int lane, std::span<double> probabilities);

/// The same of one image's logits [class], as nn::Predictor gives them.
template <class T>
void softmax(std::span<const T> logits, std::span<double> probabilities);

/// Softmax cross-entropy over logits [class][8] for the first labels.size() images of the block. Where `d_logits` is not empty it
/// receives scale · (p − onehot), zero for the images beyond; scale is 1 / minibatch size for a mean loss.
template <class T>
BlockLoss cross_entropy(std::span<const T> logits, std::span<const std::uint8_t> labels, double scale, std::span<T> d_logits);

}  // namespace lenet::nn
