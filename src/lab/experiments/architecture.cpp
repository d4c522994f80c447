#include "lab/experiments/architecture.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/error.h"
#include "lab/experiments/experiment.h"
#include "lab/experiments/responses.h"
#include "lab/experiments/spectrum.h"
#include "lab/experiments/winners.h"
#include "lab/norm.h"
#include "lab/recipe.h"

namespace lenet::lab {
namespace {

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

double share_of(const std::vector<bool>& flags) {
  return flags.empty() ? 0 : static_cast<double>(std::count(flags.begin(), flags.end(), true)) / static_cast<double>(flags.size());
}

/// First the kernels; then the maps' strongest images, both layers' in one forward pass; then the second one's projections.
class Architecture final : public Experiment {
 public:
  Architecture(std::shared_ptr<const Subject> subject, const ArchitectureRequest& request) : subject_(std::move(subject)) {
    check_range(request.images, 1, 1000, "number of images");
    const nn::Network<float>& network = subject_->network;
    result_.step = subject_->step;
    result_.network = nn::to_string(network.spec());
    result_.parameters = network.parameter_count();
    result_.input = network.input();
    std::vector<std::size_t> convs;
    for (std::size_t i = 0; i < network.layer_count(); ++i) {
      if (network.layer(i).spec().kind == nn::LayerKind::kConv) convs.push_back(i);
    }
    if (convs.empty()) return;
    result_.images = std::min(request.images, held_out_available(subject_->dataset));
    if (result_.images == 0) throw Error("There are no held-out images to look at yet. Wait until the first ones have arrived.");
    prepare_first(convs[0]);
    if (convs.size() > 1) prepare_second(convs[1]);
  }

  bool advance(nn::Workspace<float>& workspace) override {
    if (result_.first.empty()) return false;
    if (!weighed_) {
      weigh_kernels();
      weighed_ = true;
    } else if (searched_ < result_.images) {
      search(workspace);
    } else if (viewed_ < pictures_.size()) {
      view(workspace);
    }
    return searched_ < result_.images || viewed_ < pictures_.size();
  }

  double fraction() const override {
    if (result_.first.empty()) return 1;
    const bool counted = searched_ == result_.images;
    const double pictures = static_cast<double>(counted ? pictures_.size() : static_cast<std::size_t>(second_search_.units()));
    return ((weighed_ ? 1 : 0) + searched_ + static_cast<double>(viewed_)) / (1 + result_.images + pictures);
  }

  Outcome outcome() const override { return result_; }

 private:
  void prepare_first(std::size_t layer) {
    const nn::Network<float>& network = subject_->network;
    const nn::Layer<float>& conv = network.layer(layer);
    first_ = last_ = nn::observed_layer(network, layer);
    first_search_ = WinnerSearch(network.layer(first_).output(), 1);
    result_.first = conv.spec().name;
    result_.kernel = conv.spec().kernel;
    result_.stride = conv.spec().stride;
    result_.maps = conv.spec().outputs;
    result_.map_size = conv.output().height;
    result_.grid = conv.spec().stride;
    result_.white_alias_share = 1 - 1 / (result_.grid * result_.grid);
    kernel_shape_ = {conv.input().channels, conv.spec().kernel, conv.spec().kernel};
    const std::span<const float> kernels =
        network.find_parameter(result_.first + ".weight").of(std::span<const float>(subject_->weights.values));
    result_.kernels.assign(kernels.begin(), kernels.end());
    const std::size_t maps = static_cast<std::size_t>(result_.maps);
    result_.spectrum.assign(kSpectrumBins, 0);
    result_.white_spectrum = white_shares().bins;
    result_.energy.resize(maps);
    result_.kernel_high.resize(maps);
    result_.near_dead.resize(maps);
    result_.very_high.resize(maps);
  }

  void prepare_second(std::size_t layer) {
    const nn::Network<float>& network = subject_->network;
    second_ = last_ = nn::observed_layer(network, layer);
    second_search_ = WinnerSearch(network.layer(second_).output(), 1);
    result_.second = network.layer(layer).spec().name;
    result_.window = window_size(network, second_);
    const std::size_t maps = static_cast<std::size_t>(second_search_.units());
    check_room(maps, result_.input, result_.window, result_.second);
    result_.projections.resize(maps * picture_shape().size());
  }

  nn::Shape picture_shape() const { return {result_.input.channels, result_.window.height, result_.window.width}; }

  void weigh_kernels() {
    const std::size_t one = kernel_shape_.size(), maps = static_cast<std::size_t>(result_.maps);
    std::size_t counted = 0;
    for (std::size_t map = 0; map < maps; ++map) {
      const float* w = result_.kernels.data() + map * one;
      result_.energy[map] = norm(one, [w](std::size_t i) { return w[i]; }) / std::sqrt(static_cast<double>(one));
      const std::optional<RadialShares> shares = radial_shares({w, one}, kernel_shape_);
      if (!shares) continue;
      ++counted;
      for (std::size_t bin = 0; bin < result_.spectrum.size(); ++bin) result_.spectrum[bin] += shares->bins[bin];
      result_.low += shares->low;
      result_.middle += shares->middle;
      result_.high += shares->high;
      result_.kernel_high[map] = shares->high;
      result_.very_high[map] = shares->high > ArchitectureResult::kVeryHigh;
    }
    result_.very_high_share = share_of(result_.very_high);
    if (counted == 0) return;
    for (double& share : result_.spectrum) share /= static_cast<double>(counted);
    for (double* share : {&result_.low, &result_.middle, &result_.high}) *share /= static_cast<double>(counted);
  }

  void search(nn::Workspace<float>& workspace) {
    const nn::Network<float>& network = subject_->network;
    const int lanes = std::min(nn::kLanes, result_.images - searched_);
    load_train_block(network.input(), subject_->dataset, searched_, lanes, workspace);
    network.forward(subject_->weights, workspace, static_cast<int>(last_));
    first_search_.add_block(workspace.activation[first_ + 1], searched_, lanes);
    if (!result_.second.empty()) second_search_.add_block(workspace.activation[second_ + 1], searched_, lanes);
    searched_ += lanes;
    if (searched_ == result_.images) settle();
  }

  /// All images are searched.
  void settle() {
    std::vector<double> finite;
    std::copy_if(result_.energy.begin(), result_.energy.end(), std::back_inserter(finite), [](double e) { return std::isfinite(e); });
    const double typical = median(std::move(finite));
    for (int map = 0; map < result_.maps; ++map) {
      const std::size_t m = static_cast<std::size_t>(map);
      result_.near_dead[m] = result_.energy[m] < 0.1 * typical || first_search_.winners(map).empty();
    }
    result_.near_dead_share = share_of(result_.near_dead);
    for (int map = 0; map < second_search_.units(); ++map) {
      const std::span<const Winner> best = second_search_.winners(map);
      if (!best.empty()) pictures_.push_back({map, best.front(), static_cast<std::size_t>(map)});
    }
  }

  void view(nn::Workspace<float>& workspace) {
    const std::size_t count = std::min<std::size_t>(nn::kLanes, pictures_.size() - viewed_);
    const std::span<const WinnerPicture> next = std::span(pictures_).subspan(viewed_, count);
    view_winners(*subject_, second_, nn::BackwardRule::kDeconv, next, result_.window, workspace, result_.projections, nullptr);
    viewed_ += count;
    result_.sampled = static_cast<int>(viewed_);
    if (result_.stride == 1) return;
    const std::size_t one = picture_shape().size();
    for (const WinnerPicture& picture : next) {
      const std::optional<double> share =
          share_above(std::span(result_.projections).subspan(picture.slot * one, one), picture_shape(), 0.5 / result_.grid);
      if (!share) continue;
      alias_sum_ += *share;
      ++result_.alias_counted;
    }
    if (result_.alias_counted > 0) result_.alias_share = alias_sum_ / result_.alias_counted;
  }

  std::shared_ptr<const Subject> subject_;
  nn::Shape kernel_shape_;
  std::size_t first_ = 0, second_ = 0, last_ = 0;  // observed layers
  WinnerSearch first_search_, second_search_;
  bool weighed_ = false;
  int searched_ = 0;
  std::vector<WinnerPicture> pictures_;
  std::size_t viewed_ = 0;
  double alias_sum_ = 0;
  ArchitectureResult result_;
};

}  // namespace

std::unique_ptr<Experiment> make_architecture(std::shared_ptr<const Subject> subject, const ArchitectureRequest& request) {
  return std::make_unique<Architecture>(std::move(subject), request);
}

}  // namespace lenet::lab
