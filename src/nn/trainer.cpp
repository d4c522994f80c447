#include "nn/trainer.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <type_traits>

#include "nn/block.h"
#include "nn/kernels/dense.h"
#include "nn/loss.h"

namespace lenet::nn {
namespace {

constexpr int kRowsPerPart = 20;  // of a dense layer: some twenty parts for 500 units, a multiple of the kernels' five or ten rows

}  // namespace

template <class T>
Trainer<T>::Trainer(const Network<T>& network)
    : network_(network),
      weights_(network.make_weights()),
      gradient_(network.parameter_count()),
      momentum_(network.parameter_count()),
      group_of_layer_(network.layer_count(), -1),
      weight_offset_(network.layer_count()),
      bias_offset_(network.layer_count()),
      rows_(network.layer_count()),
      groups_(static_cast<std::size_t>(network.group_count())),
      shard_gradients_(kShards, std::vector<T>(network.parameter_count())),
      dense_(network.layer_count()) {
  for (const ParameterView& view : network.parameters()) {
    const std::size_t layer = static_cast<std::size_t>(view.layer_index);
    group_of_layer_[layer] = view.group;
    (view.is_bias ? bias_offset_ : weight_offset_)[layer] = view.offset;
    if (!view.is_bias) rows_[layer] = view.shape.front();
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
                       std::span<const GroupSettings> groups, const std::optional<Draw>& draw) {
  if (images.size() != labels.size() || images.empty() || groups.size() != groups_.size()) {
    throw std::logic_error("Trainer::begin: sizes differ");
  }
  labels_.assign(labels.begin(), labels.end());
  losses_.assign(labels.size(), 0);
  correct_.assign(labels.size(), 0);
  std::copy(groups.begin(), groups.end(), groups_.begin());
  draw_ = draw;

  if constexpr (std::is_same_v<U, std::uint8_t>) {
    bytes_.assign(images.begin(), images.end());
    reals_.clear();
  } else {
    reals_.assign(images.begin(), images.end());
    bytes_.clear();
  }

  const std::size_t blocks = static_cast<std::size_t>(block_count());
  lowest_trainable_ = network_.layer_count();
  parts_.clear();
  for (std::size_t i = network_.layer_count(); i-- > 0;) {
    if (!trains(i)) continue;
    lowest_trainable_ = i;
    const Layer<T>& layer = network_.layer(i);
    const int rows = rows_[i];
    const int step = layer.gradient_sum() == GradientSum::kPerBatch ? kRowsPerPart : rows;
    for (int first = 0; first < rows; first += step) parts_.push_back({i, first, std::min(first + step, rows)});
    if (layer.gradient_sum() != GradientSum::kPerBatch) continue;
    dense_[i].inputs.resize(kernels::dense_inputs_size(layer.input().size(), blocks));
    dense_[i].d_outputs.resize(blocks * layer.output().size() * kLanes);
  }
  // The conv layers' parts are the longest: first, so that no thread is left with one at the end.
  std::reverse(parts_.begin(), parts_.end());
  part_finite_.assign(parts_.size(), 1);
}

template <class T>
void Trainer<T>::load_block(int block, T* to) const {
  const Shape shape = network_.input();
  for (int lane = 0; lane < kLanes; ++lane) {
    const std::size_t i = static_cast<std::size_t>(block * kLanes + lane);
    if (i >= labels_.size()) {
      clear_image(shape, lane, to);
    } else if (!bytes_.empty()) {
      set_image<T, std::uint8_t>(shape, bytes_[i], lane, to);
    } else {
      set_image<T, T>(shape, reals_[i], lane, to);
    }
  }
}

template <class T>
void Trainer<T>::run_shard(int shard, Workspace<T>& workspace) {
  std::vector<T>& shard_gradient = shard_gradients_[static_cast<std::size_t>(shard)];
  for (std::size_t i = 0; i < network_.layer_count(); ++i) {
    if (!trains(i) || network_.layer(i).gradient_sum() != GradientSum::kPerShard) continue;
    const std::size_t outputs = static_cast<std::size_t>(rows_[i]);
    std::fill(shard_gradient.data() + weight_offset_[i], shard_gradient.data() + bias_offset_[i] + outputs, T(0));
  }
  for (int block = shard; block < block_count(); block += kShards) run_block(block, workspace, shard_gradient);
}

template <class T>
void Trainer<T>::forward_block(int block, Workspace<T>& workspace) const {
  load_block(block, workspace.activation[0].data());
  if (!draw_) {
    network_.forward(weights_, workspace);
    return;
  }
  network_.forward_training(weights_, workspace, {draw_->seed, draw_->step, static_cast<std::uint32_t>(block * kLanes)});
}

template <class T>
void Trainer<T>::run_block(int block, Workspace<T>& workspace, std::vector<T>& shard_gradient) {
  const std::size_t first = static_cast<std::size_t>(block) * kLanes;
  const std::size_t count = std::min<std::size_t>(kLanes, labels_.size() - first);
  forward_block(block, workspace);
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
      const int inputs = static_cast<int>(layer.input().size()), outputs = static_cast<int>(layer.output().size());
      kernels::keep_dense_inputs(inputs, block_count(), block, in, dense_[i].inputs.data());
      kernels::keep_dense_gradient(outputs, block_count(), block, d_out, dense_[i].d_outputs.data());
    }
    network_.backward(weights_, workspace, i, adds ? shard_gradient.data() + weight_offset_[i] : nullptr,
                      adds ? shard_gradient.data() + bias_offset_[i] : nullptr, i > lowest_trainable_);
  }
}

template <class T>
void Trainer<T>::sum_gradient(const Part& part) {
  const Layer<T>& layer = network_.layer(part.layer);
  const DenseBatch& dense = dense_[part.layer];
  if (layer.gradient_sum() == GradientSum::kPerBatch) {
    layer.backward_weights_rows(block_count() * kLanes, part.first, part.last, dense.inputs.data(), dense.d_outputs.data(),
                                gradient_.data() + weight_offset_[part.layer], gradient_.data() + bias_offset_[part.layer]);
    return;
  }
  const std::size_t begin = weight_offset_[part.layer];
  const std::size_t end = bias_offset_[part.layer] + static_cast<std::size_t>(part.last);
  T* __restrict to = gradient_.data();
  std::copy(shard_gradients_[0].data() + begin, shard_gradients_[0].data() + end, to + begin);
  for (int s = 1; s < shard_count(); ++s) {
    const T* __restrict shard = shard_gradients_[static_cast<std::size_t>(s)].data();
    for (std::size_t k = begin; k < end; ++k) to[k] += shard[k];
  }
}

template <class T>
void Trainer<T>::update(const Part& part, const SgdSettings& settings) {
  const GroupSettings& group = groups_[static_cast<std::size_t>(group_of_layer_[part.layer])];
  const std::size_t row = (bias_offset_[part.layer] - weight_offset_[part.layer]) /
                          static_cast<std::size_t>(rows_[part.layer]);
  const std::size_t first = static_cast<std::size_t>(part.first), count = static_cast<std::size_t>(part.last - part.first);
  bool finite = true;
  const auto stretch = [&](std::size_t offset, std::size_t size, bool is_bias) {
    const std::span<T> values = std::span<T>(weights_.values).subspan(offset, size);
    sgd_update_span<T>(settings, group, is_bias, std::span<const T>(gradient_).subspan(offset, size),
                       std::span<T>(momentum_).subspan(offset, size), values);
    finite = all_finite<T>(values) && finite;
  };
  stretch(weight_offset_[part.layer] + first * row, count * row, false);
  stretch(bias_offset_[part.layer] + first, count, true);
  part_finite_[static_cast<std::size_t>(&part - parts_.data())] = finite;
}

template <class T>
void Trainer<T>::finish_part(int index, const SgdSettings& settings) {
  const Part& part = parts_[static_cast<std::size_t>(index)];
  sum_gradient(part);
  update(part, settings);
  // Only conv layers have a packed copy, and a conv layer is a single part.
  if (network_.layer(part.layer).packed_size() > 0) network_.pack_layer(part.layer, weights_);
}

template <class T>
StepResult Trainer<T>::end() {
  StepResult result;
  result.images = static_cast<int>(labels_.size());
  for (std::size_t i = 0; i < labels_.size(); ++i) {
    result.loss += losses_[i];
    result.correct += correct_[i];
  }
  result.loss /= result.images;
  result.finite = std::isfinite(result.loss) && std::all_of(part_finite_.begin(), part_finite_.end(), [](auto f) { return f != 0; });
  return result;
}

template <class T>
StepResult Trainer<T>::reduce() {
  for (const Part& part : parts_) sum_gradient(part);
  return end();
}

template <class T>
StepResult Trainer<T>::finish(const SgdSettings& settings) {
  for (int part = 0; part < part_count(); ++part) finish_part(part, settings);
  return end();
}

template class Trainer<float>;
template class Trainer<double>;
template void Trainer<float>::begin<std::uint8_t>(std::span<const std::span<const std::uint8_t>>, std::span<const std::uint8_t>,
                                                  std::span<const GroupSettings>, const std::optional<Draw>&);
template void Trainer<float>::begin<float>(std::span<const std::span<const float>>, std::span<const std::uint8_t>,
                                           std::span<const GroupSettings>, const std::optional<Draw>&);
template void Trainer<double>::begin<double>(std::span<const std::span<const double>>, std::span<const std::uint8_t>,
                                             std::span<const GroupSettings>, const std::optional<Draw>&);

}  // namespace lenet::nn
