#include "lab/evaluation.h"

#include <algorithm>
#include <array>
#include <utility>

#include "nn/block.h"
#include "nn/loss.h"

namespace lenet::lab {

Evaluation::Evaluation(const nn::Network<float>& network, nn::Weights<float> weights, const data::Dataset& dataset, ImageSubset subset,
                       std::uint64_t step)
    : network_(network), weights_(std::move(weights)), dataset_(dataset), subset_(subset) {
  result_.step = step;
}

void Evaluation::advance(nn::Workspace<float>& workspace) {
  const int count = std::min(nn::kLanes, subset_.count - result_.images);
  if (count <= 0) return;
  std::array<std::uint8_t, nn::kLanes> labels{};
  float* block = workspace.activation[0].data();
  for (int lane = 0; lane < nn::kLanes; ++lane) {
    if (lane >= count) {
      nn::clear_image(network_.input(), lane, block);
      continue;
    }
    const int index = (result_.images + lane) * subset_.stride;
    const auto pixels = subset_.held_out ? dataset_.train_image(index) : dataset_.test_image(index);
    nn::set_image(network_.input(), pixels, lane, block);
    labels[static_cast<std::size_t>(lane)] =
        static_cast<std::uint8_t>(subset_.held_out ? dataset_.train_label(index) : dataset_.test_label(index));
  }
  network_.forward(weights_, workspace);
  const nn::BlockLoss loss =
      nn::cross_entropy<float>(workspace.activation.back(), std::span(labels).first(static_cast<std::size_t>(count)), 1.0, {});
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    loss_sum_ += loss.loss[i];
    result_.correct += loss.correct[i];
  }
  result_.images += count;
  result_.loss = loss_sum_ / result_.images;
}

EvaluationResult evaluate(const nn::Network<float>& network, const nn::Weights<float>& weights, const data::Dataset& dataset,
                          ImageSubset subset, std::uint64_t step, nn::Workspace<float>& workspace,
                          const std::function<void(double)>& progress) {
  Evaluation evaluation(network, weights, dataset, subset, step);
  while (!evaluation.done()) {
    evaluation.advance(workspace);
    if (progress) progress(evaluation.fraction());
  }
  return evaluation.result();
}

}  // namespace lenet::lab
