#include "nn/trainer.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "nn/block.h"
#include "nn/kernels/dense.h"
#include "nn/loss.h"

namespace lenet::nn {

template <class T>
Trainer<T>::Trainer(const Network<T>& network)
    : network_(network),
      weights_(network.make_weights()),
      gradient_(network.parameter_count()),
      momentum_(network.parameter_count()),
      group_of_layer_(network.layer_count(), -1),
      weight_offset_(network.layer_count()),
      bias_offset_(network.layer_count()),
      groups_(static_cast<std::size_t>(network.group_count())),
      shard_gradients_(kShards, std::vector<T>(network.parameter_count())),
      dense_(network.layer_count()) {
  for (const ParameterView& view : network.parameters()) {
    const std::size_t layer = static_cast<std::size_t>(view.layer_index);
    group_of_layer_[layer] = view.group;
    (view.is_bias ? bias_offset_ : weight_offset_)[layer] = view.offset;
  }
}

template <class T>
void Trainer<T>::clear_momentum(int group) {
  for (const ParameterView& view : network_.parameters()) {
    if (view.group != group) continue;
    const std::span<T> values = view.of(std::span<T>(momentum_));
    std::fill(values.begin(), values.end(), T(0));
  }
}

template <class T>
void Trainer<T>::clear_momentum() {
  std::fill(momentum_.begin(), momentum_.end(), T(0));
}

template <class T>
int Trainer<T>::block_count() const {
  return (static_cast<int>(labels_.size()) + kLanes - 1) / kLanes;
}

template <class T>
int Trainer<T>::shard_count() const {
  return std::min(block_count(), kShards);
}

template <class T>
bool Trainer<T>::trains(std::size_t layer) const {
  const int group = group_of_layer_[layer];
  return group >= 0 && !groups_[static_cast<std::size_t>(group)].frozen;
}

template <class T>
template <class U>
void Trainer<T>::begin(std::span<const std::span<const U>> images, std::span<const std::uint8_t> labels,
                       std::span<const GroupSettings> groups) {
  if (images.size() != labels.size() || images.empty() || groups.size() != groups_.size()) {
    throw std::logic_error("Trainer::begin: sizes differ");
  }
  labels_.assign(labels.begin(), labels.end());
  losses_.assign(labels.size(), 0);
  correct_.assign(labels.size(), 0);
  std::copy(groups.begin(), groups.end(), groups_.begin());

  const Shape shape = network_.input();
  const std::size_t blocks = static_cast<std::size_t>(block_count());
  batch_.resize(blocks * shape.size() * kLanes);
  for (std::size_t i = 0; i < blocks * kLanes; ++i) {
    T* block = batch_.data() + i / kLanes * shape.size() * kLanes;
    const int lane = static_cast<int>(i % kLanes);
    if (i < images.size()) {
      set_image<T, U>(shape, images[i], lane, block);
    } else {
      clear_image(shape, lane, block);
    }
  }

  lowest_trainable_ = network_.layer_count();
  for (std::size_t i = network_.layer_count(); i-- > 0;) {
    if (trains(i)) lowest_trainable_ = i;
    const Layer<T>& layer = network_.layer(i);
    if (layer.gradient_sum() != GradientSum::kPerBatch) continue;
    dense_[i].inputs.resize(blocks * layer.input().size() * kLanes);
    dense_[i].d_outputs.resize(blocks * layer.output().size() * kLanes);
  }
}

template <class T>
void Trainer<T>::run_shard(int shard, Workspace<T>& workspace) {
  std::vector<T>& shard_gradient = shard_gradients_[static_cast<std::size_t>(shard)];
  for (std::size_t i = 0; i < network_.layer_count(); ++i) {
    if (!trains(i) || network_.layer(i).gradient_sum() != GradientSum::kPerShard) continue;
    const std::size_t outputs = static_cast<std::size_t>(network_.layer(i).weight_shape()[0]);
    std::fill(shard_gradient.data() + weight_offset_[i], shard_gradient.data() + bias_offset_[i] + outputs, T(0));
  }
  for (int block = shard; block < block_count(); block += kShards) run_block(block, workspace, shard_gradient);
}

template <class T>
void Trainer<T>::run_block(int block, Workspace<T>& workspace, std::vector<T>& shard_gradient) {
  const std::size_t first = static_cast<std::size_t>(block) * kLanes;
  const std::size_t count = std::min<std::size_t>(kLanes, labels_.size() - first);
  const std::size_t size = network_.input().size() * kLanes;
  std::copy_n(batch_.data() + static_cast<std::size_t>(block) * size, size, workspace.activation[0].data());
  network_.forward(weights_, workspace);

  const BlockLoss loss = cross_entropy<T>(workspace.activation.back(), std::span(labels_).subspan(first, count),
                                          1.0 / static_cast<double>(labels_.size()), workspace.gradient.back());
  for (std::size_t i = 0; i < count; ++i) {
    losses_[first + i] = loss.loss[i];
    correct_[first + i] = loss.correct[i];
  }
  backward_block(block, workspace, shard_gradient);
}

template <class T>
void Trainer<T>::backward_block(int block, Workspace<T>& workspace, std::vector<T>& shard_gradient) {
  for (std::size_t i = network_.layer_count(); i-- > lowest_trainable_;) {
    const Layer<T>& layer = network_.layer(i);
    const T* in = workspace.activation[i].data();
    const T* d_out = workspace.gradient[i + 1].data();
    const bool adds = trains(i) && layer.gradient_sum() == GradientSum::kPerShard;
    if (trains(i) && layer.gradient_sum() == GradientSum::kPerBatch) {
      const std::size_t inputs = layer.input().size() * kLanes, outputs = layer.output().size() * kLanes;
      kernels::transpose_block(static_cast<int>(layer.input().size()), in,
                               dense_[i].inputs.data() + static_cast<std::size_t>(block) * inputs);
      std::copy_n(d_out, outputs, dense_[i].d_outputs.data() + static_cast<std::size_t>(block) * outputs);
    }
    network_.backward(weights_, workspace, i, adds ? shard_gradient.data() + weight_offset_[i] : nullptr,
                      adds ? shard_gradient.data() + bias_offset_[i] : nullptr, i > lowest_trainable_);
  }
}

template <class T>
StepResult Trainer<T>::reduce() {
  for (std::size_t i = 0; i < network_.layer_count(); ++i) {
    if (!trains(i)) continue;
    const Layer<T>& layer = network_.layer(i);
    const std::size_t outputs = layer.output().size();
    T* d_weights = gradient_.data() + weight_offset_[i];
    T* d_bias = gradient_.data() + bias_offset_[i];
    if (layer.gradient_sum() == GradientSum::kPerBatch) {
      layer.backward_weights_rows(block_count(), 0, static_cast<int>(outputs), dense_[i].inputs.data(), dense_[i].d_outputs.data(),
                                  d_weights, d_bias);
    } else {
      const std::size_t begin = weight_offset_[i];
      const std::size_t end = bias_offset_[i] + static_cast<std::size_t>(layer.weight_shape()[0]);
      std::copy(shard_gradients_[0].begin() + static_cast<std::ptrdiff_t>(begin),
                shard_gradients_[0].begin() + static_cast<std::ptrdiff_t>(end), gradient_.begin() + static_cast<std::ptrdiff_t>(begin));
      for (int s = 1; s < shard_count(); ++s) {
        const std::vector<T>& shard = shard_gradients_[static_cast<std::size_t>(s)];
        for (std::size_t k = begin; k < end; ++k) gradient_[k] += shard[k];
      }
    }
  }
  StepResult result;
  result.images = static_cast<int>(labels_.size());
  for (std::size_t i = 0; i < labels_.size(); ++i) {
    result.loss += losses_[i];
    result.correct += correct_[i];
  }
  result.loss /= result.images;
  result.finite = std::isfinite(result.loss);
  return result;
}

template <class T>
StepResult Trainer<T>::finish(const SgdSettings& settings) {
  StepResult result = reduce();
  sgd_update<T>(network_, settings, groups_, gradient_, momentum_, weights_.values);
  network_.pack(weights_);
  result.finite = result.finite && all_finite<T>(weights_.values);
  return result;
}

template class Trainer<float>;
template class Trainer<double>;
template void Trainer<float>::begin<std::uint8_t>(std::span<const std::span<const std::uint8_t>>, std::span<const std::uint8_t>,
                                                  std::span<const GroupSettings>);
template void Trainer<float>::begin<float>(std::span<const std::span<const float>>, std::span<const std::uint8_t>,
                                           std::span<const GroupSettings>);
template void Trainer<double>::begin<double>(std::span<const std::span<const double>>, std::span<const std::uint8_t>,
                                             std::span<const GroupSettings>);

}  // namespace lenet::nn
