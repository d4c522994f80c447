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

Evaluation::BlockResult Evaluation::measure(int first, nn::Workspace<float>& workspace) const {
  const int count = std::min(nn::kLanes, subset_.count - first);
  std::array<std::uint8_t, nn::kLanes> labels{};
  float* block = workspace.activation[0].data();
  for (int lane = 0; lane < nn::kLanes; ++lane) {
    if (lane >= count) {
      nn::clear_image(network_.input(), lane, block);
      continue;
    }
    const int index = (first + lane) * subset_.stride;
    const auto pixels = subset_.held_out ? dataset_.train_image(index) : dataset_.test_image(index);
    nn::set_image(network_.input(), pixels, lane, block);
    labels[static_cast<std::size_t>(lane)] =
        static_cast<std::uint8_t>(subset_.held_out ? dataset_.train_label(index) : dataset_.test_label(index));
  }
  network_.forward(weights_, workspace);
  const nn::BlockLoss loss =
      nn::cross_entropy<float>(workspace.activation.back(), std::span(labels).first(static_cast<std::size_t>(count)), 1.0, {});
  BlockResult result;
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    result.loss += loss.loss[i];
    result.correct += loss.correct[i];
  }
  return result;
}

void Evaluation::advance(Workers& workers, int blocks) {
  const int left = subset_.count - result_.images;
  const int count = std::min(blocks, (left + nn::kLanes - 1) / nn::kLanes);
  blocks_.resize(static_cast<std::size_t>(count));
  // A set that draws its images on demand does so here, on one thread.
  for (int i = 0; i < std::min(left, count * nn::kLanes); ++i) {
    const int index = (result_.images + i) * subset_.stride;
    subset_.held_out ? dataset_.train_image(index) : dataset_.test_image(index);
  }
  workers.run(count, [&](int i, nn::Workspace<float>& workspace) {
    blocks_[static_cast<std::size_t>(i)] = measure(result_.images + i * nn::kLanes, workspace);
  });
  for (const BlockResult& block : blocks_) {  // in order, whoever measured them
    loss_sum_ += block.loss;
    result_.correct += block.correct;
  }
  result_.images += std::min(left, count * nn::kLanes);
  if (result_.images > 0) result_.loss = loss_sum_ / result_.images;
}

EvaluationResult evaluate(const nn::Network<float>& network, const nn::Weights<float>& weights, const data::Dataset& dataset,
                          ImageSubset subset, std::uint64_t step, Workers& workers, const std::function<void(double)>& progress) {
  Evaluation evaluation(network, weights, dataset, subset, step);
  while (!evaluation.done()) {
    evaluation.advance(workers, 8 * workers.threads());
    if (progress) progress(evaluation.fraction());
  }
  return evaluation.result();
}

}  // namespace lenet::lab
