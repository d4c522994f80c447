#include "lab/probe.h"

#include <algorithm>

#include "nn/block.h"

namespace lenet::lab {

void StrongestSearch::restart(std::size_t layer, int unit) {
  layer_ = layer;
  unit_ = unit;
  next_ = 0;
  complete_ = false;
  winner_ = candidate_ = {};
}

void StrongestSearch::advance(const nn::Network<float>& network, const nn::Weights<float>& weights, const data::Dataset& dataset,
                              std::uint64_t step, nn::Workspace<float>& workspace) {
  const int total = std::min(count_, dataset.train_available());
  if (total <= 0) return;
  if (next_ == 0) {
    candidate_ = {};
    running_started_ = step;
  }
  const int lanes = std::min(nn::kLanes, total - next_);
  for (int lane = 0; lane < lanes; ++lane) {
    nn::set_image(network.input(), dataset.train_image(next_ + lane), lane, workspace.activation[0].data());
  }
  network.forward(weights, workspace, static_cast<int>(layer_));
  for (int lane = 0; lane < lanes; ++lane) {
    const nn::Peak peak = nn::find_peak(network, workspace, layer_, unit_, lane);
    if (candidate_.index < 0 || peak.value > candidate_.peak.value) candidate_ = {next_ + lane, peak, step};
  }
  next_ += lanes;
  if (next_ < total) return;
  winner_ = candidate_;
  round_started_ = running_started_;
  complete_ = true;
  next_ = 0;
}

}  // namespace lenet::lab
