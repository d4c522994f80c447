#include "lab/experiments/evolution.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>

#include "base/error.h"
#include "lab/experiments/experiment.h"
#include "lab/experiments/timeline.h"
#include "lab/norm.h"
#include "lab/recipe.h"

namespace lenet::lab {
namespace {

/// One moment after the other: its winners, from the timeline or by searching the images, then their pictures, and then how far its weights
/// are from those of now.
class Evolution final : public Experiment {
 public:
  Evolution(std::shared_ptr<const Subject> subject, const EvolutionRequest& request, Timeline& timeline)
      : subject_(std::move(subject)), timeline_(timeline), moments_(timeline.moments()) {
    check_range(request.images, nn::kLanes, 20000, "number of images to search");
    const nn::Network<float>& network = subject_->network;
    layer_ = observed(network, {request.layer, std::max(request.unit, 0)});
    if (moments_.empty()) throw Error("No weights of past steps are kept yet. Train at least one step.");
    for (const Moment& moment : moments_) {
      if (moment.values->size() != network.parameter_count()) throw std::logic_error("Evolution: moments of another network");
    }
    const int images = std::min(request.images, subject_->dataset.train_available() - subject_->dataset.held_out());
    if (images <= 0) throw Error("The images that are trained on have not arrived yet. Wait until the first ones are here.");
    search_ = WinnerSearch(network.layer(layer_).output(), 1);
    result_.layer = request.layer;
    result_.rule = request.rule;
    result_.images = images;
    result_.input = network.input();
    result_.window = window_size(network, layer_);
    result_.moments = static_cast<int>(moments_.size());
    result_.first = std::max(request.unit, 0);
    result_.units = request.unit < 0 ? search_.units() : 1;
    check_room(moments_.size() * units(), result_.input, result_.window, request.layer);
    one_ = static_cast<std::size_t>(result_.input.channels * result_.window.height * result_.window.width);
    const std::size_t named = network.find_layer(request.layer);
    if (named == 0 && network.layer(0).spec().kind == nn::LayerKind::kConv) result_.kernel = network.layer(0).spec().kernel;
    last_image_.assign(units(), -1);
    result_.convergence.layers = layers_with_weights(network);
    open_moment();
  }

  bool advance(nn::Workspace<float>& workspace) override {
    if (done_ == moments_.size()) return false;
    if (!winners_) {
      search(workspace);
    } else if (viewed_ < pictures_.size()) {
      view(workspace);
    } else {
      close_moment();
    }
    return done_ < moments_.size();
  }

  double fraction() const override {
    if (done_ == moments_.size()) return 1;
    const double images = result_.images;
    const double blocks = images + static_cast<double>(units()) + nn::kLanes;  // a moment's work, in lanes
    const double pictures = winners_ ? static_cast<double>(units() - (pictures_.size() - viewed_)) : 0;
    const double running = ((winners_ ? images : searched_) + pictures) / blocks;
    return (static_cast<double>(done_) + running) / static_cast<double>(moments_.size());
  }

  Outcome outcome() const override { return result_; }

 private:
  std::size_t units() const { return static_cast<std::size_t>(result_.units); }  // shown
  const Moment& moment() const { return moments_[done_]; }
  Timeline::WinnerKey key() const { return {moment().step, result_.layer + "/" + std::to_string(result_.images)}; }

  /// Whether the timeline still has this very moment: it may have been given up for room, or the run has gone back and been here again with
  /// other weights.
  bool is_kept() const {
    const Moment* kept = timeline_.find(moment().step);
    return kept != nullptr && kept->values == moment().values;
  }

  std::size_t filter_size() const { return static_cast<std::size_t>(result_.input.channels * result_.kernel * result_.kernel); }
  std::size_t first_filter() const { return static_cast<std::size_t>(result_.first) * filter_size(); }

  void open_moment() {
    nn::Weights<float> weights = subject_->network.make_weights();
    weights.values = *moment().values;
    subject_->network.pack(weights);
    then_ = std::make_unique<const Subject>(
        Subject{subject_->network, std::move(weights), subject_->dataset, moment().step, subject_->seed});
    search_.clear();
    searched_ = 0;
    viewed_ = 0;
    pictures_.clear();
    winners_.reset();
    const auto found = timeline_.winners().find(key());
    if (is_kept() && found != timeline_.winners().end() && found->second.size() == static_cast<std::size_t>(search_.units())) take(found->second);
  }

  void search(nn::Workspace<float>& workspace) {
    const nn::Network<float>& network = subject_->network;
    const int lanes = std::min(nn::kLanes, result_.images - searched_), first = subject_->dataset.held_out() + searched_;
    load_train_block(network.input(), subject_->dataset, first, lanes, workspace);
    network.forward(then_->weights, workspace, static_cast<int>(layer_));
    search_.add_block(workspace.activation[layer_ + 1], first, lanes);
    searched_ += lanes;
    if (searched_ < result_.images) return;
    std::vector<Winner> winners(static_cast<std::size_t>(search_.units()));
    for (int unit = 0; unit < search_.units(); ++unit) {
      const std::span<const Winner> best = search_.winners(unit);
      if (!best.empty()) winners[static_cast<std::size_t>(unit)] = best.front();
    }
    if (is_kept()) timeline_.winners()[key()] = winners;
    take(winners);
  }

  /// Of all units' winners, those of the units that are shown.
  void take(const std::vector<Winner>& winners) {
    const auto shown = winners.begin() + result_.first;
    winners_.emplace(shown, shown + result_.units);
    for (std::size_t i = 0; i < units(); ++i) {
      if ((*winners_)[i].image >= 0) pictures_.push_back({result_.first + static_cast<int>(i), (*winners_)[i], i});
    }
    patches_.assign(units() * one_, 0);
    projections_.assign(units() * one_, 0);
  }

  void view(nn::Workspace<float>& workspace) {
    const std::size_t count = std::min<std::size_t>(nn::kLanes, pictures_.size() - viewed_);
    view_winners(*then_, layer_, result_.rule, std::span(pictures_).subspan(viewed_, count), result_.window, workspace, projections_,
                 &patches_);
    viewed_ += count;
  }

  void close_moment() {
    for (std::size_t unit = 0; unit < units(); ++unit) {
      const int image = (*winners_)[unit].image;
      int& last = last_image_[unit];
      result_.jumps.push_back(image >= 0 && last >= 0 && image != last);
      if (image >= 0) last = image;
    }
    result_.steps.push_back(moment().step);
    result_.winners.insert(result_.winners.end(), winners_->begin(), winners_->end());
    result_.projections.insert(result_.projections.end(), projections_.begin(), projections_.end());
    result_.patches.insert(result_.patches.end(), patches_.begin(), patches_.end());
    if (result_.kernel > 0) {
      const std::span<const float> all = subject_->network.find_parameter(result_.layer + ".weight").of(std::span<const float>(*moment().values));
      const std::span<const float> filters = all.subspan(first_filter(), units() * filter_size());
      result_.filters.insert(result_.filters.end(), filters.begin(), filters.end());
    }
    if (moment().step <= subject_->step) add_point(moment().step, distances());
    ++done_;
    if (done_ < moments_.size()) {
      open_moment();
    } else if (result_.convergence.steps.empty() || result_.convergence.steps.back() < subject_->step) {
      add_point(subject_->step, std::vector<double>(result_.convergence.layers.size(), 0));
    }
  }

  /// ‖W_t − W_now‖ of the running moment, by layer.
  std::vector<double> distances() const {
    std::vector<double> distances;
    for (const std::string& layer : result_.convergence.layers) {
      double squares = 0;
      for (const nn::ParameterView& view : subject_->network.parameters()) {
        if (view.layer != layer) continue;
        const float* then = moment().values->data() + view.offset;
        const float* now = subject_->weights.values.data() + view.offset;
        const double part = norm(view.size, [=](std::size_t i) { return then[i] - now[i]; });
        squares += part * part;
      }
      distances.push_back(std::sqrt(squares));
    }
    return distances;
  }

  /// The first point is the whole way, which the others are parts of.
  void add_point(std::uint64_t step, const std::vector<double>& distances) {
    Convergence& curves = result_.convergence;
    if (curves.steps.empty()) whole_ = distances;
    curves.steps.push_back(step);
    const std::size_t points = curves.steps.size();
    for (std::size_t layer = 0; layer < distances.size(); ++layer) {
      const double remaining = whole_[layer] == 0 ? 0 : distances[layer] / whole_[layer];
      curves.remaining.insert(curves.remaining.begin() + static_cast<std::ptrdiff_t>((layer + 1) * points - 1), remaining);
    }
  }

  std::shared_ptr<const Subject> subject_;
  Timeline& timeline_;
  std::vector<Moment> moments_;
  std::size_t layer_ = 0;
  std::size_t one_ = 0;          // values of a picture
  std::size_t done_ = 0;         // moments
  std::vector<int> last_image_;  // by unit: of the last moment that had a winner
  std::vector<double> whole_;    // by layer: the distance of the first point

  // Of the running moment:
  std::unique_ptr<const Subject> then_;
  WinnerSearch search_;
  int searched_ = 0;
  std::optional<std::vector<Winner>> winners_;  // by unit, once they are known
  std::vector<WinnerPicture> pictures_;
  std::size_t viewed_ = 0;
  std::vector<float> projections_, patches_;
  EvolutionResult result_;
};

}  // namespace

std::unique_ptr<Experiment> make_evolution(std::shared_ptr<const Subject> subject, const EvolutionRequest& request, Timeline& timeline) {
  return std::make_unique<Evolution>(std::move(subject), request, timeline);
}

}  // namespace lenet::lab
