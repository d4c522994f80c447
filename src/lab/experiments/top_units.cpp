#include "lab/experiments/top_units.h"

#include <algorithm>

#include "base/error.h"
#include "lab/experiments/experiment.h"
#include "lab/experiments/responses.h"
#include "lab/recipe.h"

namespace lenet::lab {
namespace {

class TopUnits final : public Experiment {
 public:
  TopUnits(std::shared_ptr<const Subject> subject, const TopRequest& request) : subject_(std::move(subject)) {
    check_range(request.images, kTop, kMostProbeImages, "number of images to search");
    const nn::Network<float>& network = subject_->network;
    layer_ = observed(network, {request.layer, 0});
    const int images = std::min(request.images, held_out_available(subject_->dataset));
    if (images == 0) throw Error("There are no held-out images to search yet. Wait until the first ones have arrived.");
    search_ = WinnerSearch(network.layer(layer_).output(), kTop);
    const std::size_t slots = static_cast<std::size_t>(search_.units()) * kTop;
    result_.step = subject_->step;
    result_.layer = request.layer;
    result_.rule = request.rule;
    result_.images = images;
    result_.input = network.input();
    result_.window = window_size(network, layer_);
    check_room(slots, result_.input, result_.window, request.layer);
    const std::size_t one = static_cast<std::size_t>(result_.input.channels * result_.window.height * result_.window.width);
    result_.winners.resize(static_cast<std::size_t>(search_.units()));
    result_.patches.resize(slots * one);
    result_.projections.resize(slots * one);
  }

  bool advance(nn::Workspace<float>& workspace) override {
    if (searched_ < result_.images) {
      search(workspace);
    } else if (viewed_ < pictures_.size()) {
      const std::size_t count = std::min<std::size_t>(nn::kLanes, pictures_.size() - viewed_);
      view_winners(*subject_, layer_, result_.rule, std::span(pictures_).subspan(viewed_, count), result_.window, workspace,
                   result_.projections, &result_.patches);
      viewed_ += count;
    }
    return searched_ < result_.images || viewed_ < pictures_.size();
  }

  double fraction() const override {
    const bool counted = searched_ == result_.images;  // until then every unit may have all its winners
    const double pictures = counted ? static_cast<double>(pictures_.size()) : static_cast<double>(search_.units() * kTop);
    return (searched_ + static_cast<double>(viewed_)) / (result_.images + pictures);
  }

  Outcome outcome() const override {
    TopResult result = result_;
    for (int unit = 0; unit < search_.units(); ++unit) {
      const std::span<const Winner> winners = search_.winners(unit);
      result.winners[static_cast<std::size_t>(unit)].assign(winners.begin(), winners.end());
    }
    return result;
  }

 private:
  void search(nn::Workspace<float>& workspace) {
    const nn::Network<float>& network = subject_->network;
    const int lanes = std::min(nn::kLanes, result_.images - searched_);
    load_train_block(network.input(), subject_->dataset, searched_, lanes, workspace);
    network.forward(subject_->weights, workspace, static_cast<int>(layer_));
    search_.add_block(workspace.activation[layer_ + 1], searched_, lanes);
    searched_ += lanes;
    if (searched_ < result_.images) return;
    for (int unit = 0; unit < search_.units(); ++unit) {
      std::size_t slot = static_cast<std::size_t>(unit * kTop);
      for (const Winner& winner : search_.winners(unit)) pictures_.push_back({unit, winner, slot++});
    }
  }

  std::shared_ptr<const Subject> subject_;
  std::size_t layer_ = 0;
  WinnerSearch search_;
  int searched_ = 0;
  std::vector<WinnerPicture> pictures_;
  std::size_t viewed_ = 0;
  TopResult result_;  // but for the winners, which are in search_
};

}  // namespace

void TopSearch::restart(std::size_t layer) {
  layer_ = layer;
  next_ = 0;
  complete_ = false;
  found_step_ = 0;
  found_ = running_ = {};
}

void TopSearch::advance(const nn::Network<float>& network, const nn::Weights<float>& weights, const data::Dataset& dataset,
                        std::uint64_t step, nn::Workspace<float>& workspace) {
  const int total = std::min(count_, held_out_available(dataset));
  if (total <= 0) return;
  if (next_ == 0) {
    if (running_.units() == 0) running_ = WinnerSearch(network.layer(layer_).output(), kTop);
    running_.clear();
    running_started_ = step;
    running_mixed_ = false;
  }
  running_mixed_ |= step != running_started_;
  const int lanes = std::min(nn::kLanes, total - next_);
  load_train_block(network.input(), dataset, next_, lanes, workspace);
  network.forward(weights, workspace, static_cast<int>(layer_));
  running_.add_block(workspace.activation[layer_ + 1], next_, lanes);
  next_ += lanes;
  if (!complete_) found_step_ = step;
  if (next_ < total) return;
  std::swap(found_, running_);
  complete_ = true;
  found_step_ = step;
  round_started_ = running_started_;
  round_mixed_ = running_mixed_;
  round_images_ = total;
  next_ = 0;
}

bool TopSearch::up_to_date(std::uint64_t step, const data::Dataset& dataset) const {
  return complete_ && !round_mixed_ && round_started_ == step && round_images_ == std::min(count_, held_out_available(dataset));
}

std::unique_ptr<Experiment> make_top_units(std::shared_ptr<const Subject> subject, const TopRequest& request) {
  return std::make_unique<TopUnits>(std::move(subject), request);
}

}  // namespace lenet::lab
