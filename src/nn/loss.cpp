#include "nn/loss.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/math.h"

namespace lenet::nn {
namespace {

/// Index of the largest logit of an image; the first of equals.
template <class T>
std::size_t largest(std::span<const T> logits, int lane) {
  const std::size_t l = static_cast<std::size_t>(lane);
  std::size_t best = 0;
  for (std::size_t c = 1; c < logits.size() / kLanes; ++c) {
    if (logits[c * kLanes + l] > logits[best * kLanes + l]) best = c;
  }
  return best;
}

/// Fills e^(logit − largest) and returns their sum.
template <class T>
double shifted_exponentials(std::span<const T> logits, int lane, double top, std::span<double> out) {
  double sum = 0;
  for (std::size_t c = 0; c < out.size(); ++c) {
    out[c] = exp(static_cast<double>(logits[c * kLanes + static_cast<std::size_t>(lane)]) - top);
    sum += out[c];
  }
  return sum;
}

}  // namespace

template <class T>
void softmax(std::span<const T> logits, int lane, std::span<double> probabilities) {
  const double top = static_cast<double>(logits[largest(logits, lane) * kLanes + static_cast<std::size_t>(lane)]);
  const double sum = shifted_exponentials(logits, lane, top, probabilities);
  for (double& p : probabilities) p /= sum;
}

template <class T>
void softmax(std::span<const T> logits, std::span<double> probabilities) {
  const double top = static_cast<double>(*std::max_element(logits.begin(), logits.end()));
  double sum = 0;
  for (std::size_t c = 0; c < logits.size(); ++c) sum += probabilities[c] = exp(static_cast<double>(logits[c]) - top);
  for (double& p : probabilities) p /= sum;
}

template <class T>
BlockLoss cross_entropy(std::span<const T> logits, std::span<const std::uint8_t> labels, double scale, std::span<T> d_logits) {
  BlockLoss result;
  std::array<double, 1024> buffer;
  const std::size_t classes = logits.size() / kLanes;
  const std::span<double> e(buffer.data(), std::min(classes, buffer.size()));
  std::fill(d_logits.begin(), d_logits.end(), T(0));
  for (std::size_t l = 0; l < labels.size(); ++l) {
    const int lane = static_cast<int>(l);
    const std::size_t guess = largest(logits, lane);
    const double top = static_cast<double>(logits[guess * kLanes + l]);
    const double sum = shifted_exponentials(logits, lane, top, e);
    const std::size_t label = labels[l];
    result.loss[l] = log(sum) + top - static_cast<double>(logits[label * kLanes + l]);
    result.correct[l] = guess == label;
    if (d_logits.empty()) continue;
    for (std::size_t c = 0; c < classes; ++c) {
      d_logits[c * kLanes + l] = static_cast<T>((e[c] / sum - (c == label ? 1.0 : 0.0)) * scale);
    }
  }
  return result;
}

#define LENET_INSTANTIATE(T)                                                       \
  template void softmax<T>(std::span<const T>, int, std::span<double>);            \
  template void softmax<T>(std::span<const T>, std::span<double>);                 \
  template BlockLoss cross_entropy<T>(std::span<const T>, std::span<const std::uint8_t>, double, std::span<T>);
LENET_INSTANTIATE(float)
LENET_INSTANTIATE(double)
#undef LENET_INSTANTIATE

}  // namespace lenet::nn
