#include "lab/experiments/randomness.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/error.h"
#include "base/random.h"
#include "data/batches.h"
#include "lab/experiments/experiment.h"
#include "lab/experiments/responses.h"
#include "lab/experiments/spectrum.h"
#include "lab/experiments/winners.h"
#include "lab/norm.h"

namespace lenet::lab {
namespace {

using Values = std::span<const float>;

constexpr double kNarrow = 0.1;  // of a range: what counts as constant, and as one of two values

double size_of(Values values) {
  return norm(values.size(), [&](std::size_t i) { return static_cast<double>(values[i]); });
}

double rms_of(Values values) { return size_of(values) / std::sqrt(static_cast<double>(std::max<std::size_t>(1, values.size()))); }

/// Whether a kernel is nearly constant, and whether it has two values only.
std::pair<bool, bool> saturation(Values kernel) {
  const auto [low, high] = std::minmax_element(kernel.begin(), kernel.end());
  const float range = *high - *low, largest = std::max(std::abs(*low), std::abs(*high));
  if (!(range > static_cast<float>(kNarrow) * largest)) return {true, false};
  const float near = static_cast<float>(kNarrow) * range;
  return {false, std::all_of(kernel.begin(), kernel.end(),
                             [&, from = *low, to = *high](float w) { return w - from <= near || to - w <= near; })};
}

/// Shares of the values in `bins` equal parts of [-limit, limit].
std::vector<double> histogram_of(Values values, double limit, int bins) {
  std::vector<double> shares(static_cast<std::size_t>(bins));
  for (const float value : values) {
    const double place = (static_cast<double>(value) / limit + 1) / 2 * bins;
    if (!std::isfinite(place)) continue;
    shares[static_cast<std::size_t>(std::clamp(static_cast<int>(place), 0, bins - 1))] += 1.0 / static_cast<double>(values.size());
  }
  return shares;
}

double largest_of(Values values) {
  double largest = 0;
  for (const float value : values) {
    if (std::isfinite(value)) largest = std::max(largest, std::abs(static_cast<double>(value)));
  }
  return largest;
}

/// What the mean of the numbers is, NaN left out; kUnknown where none is left.
double mean_of(Values values) {
  double sum = 0;
  int count = 0;
  for (const float value : values) {
    if (std::isnan(value)) continue;
    sum += static_cast<double>(value);
    ++count;
  }
  return count > 0 ? sum / count : kUnknown;
}

/// The weights a filter at a time, then the units' answers to the images.
class Randomness final : public Experiment {
 public:
  Randomness(std::shared_ptr<const Subject> subject, const RandomnessRequest& request) : subject_(std::move(subject)) {
    check_between("The number of images", request.images, 1, data::kHeldOut);
    check_between("The number of random kernels", request.kernels, 1000, 10000);
    result_.step = subject_->step;
    result_.kernels = request.kernels;
    result_.initial_known = !subject_->initial.empty();
    result_.initial_loaded = subject_->initial_loaded;
    result_.images = std::min(request.images, held_out_available(subject_->dataset));
    if (result_.images == 0) throw Error("There are no held-out images to look at yet. Wait until the first ones have arrived.");
    for (const nn::ParameterView& view : subject_->network.parameters()) {
      if (!view.is_bias) prepare(view);
    }
  }

  bool advance(nn::Workspace<float>& workspace) override {
    if (layer_ < result_.layers.size()) {
      measure_some();
    } else if (searched_ < result_.images) {
      search(workspace);
    }
    return layer_ < result_.layers.size() || searched_ < result_.images;
  }

  double fraction() const override {
    double done = searched_, all = result_.images;
    for (std::size_t i = 0; i < result_.layers.size(); ++i) {
      const auto filters = static_cast<double>(result_.layers[i].filters.size());
      done += i < layer_ ? filters : i == layer_ ? static_cast<double>(filter_) : 0;
      all += filters;
    }
    return done / all;
  }

  Outcome outcome() const override { return result_; }

 private:
  /// Where a layer's weights are, and what a slice of the work on it is.
  struct Place {
    const nn::ParameterView* view = nullptr;
    std::size_t observed = 0;
    WinnerSearch search = {};
    std::size_t filter = 0, kernel = 0;  // weights of one
    std::size_t slice = 1;               // filters at a time
  };

  void prepare(const nn::ParameterView& view) {
    const nn::Layer<float>& layer = subject_->network.layer(static_cast<std::size_t>(view.layer_index));
    LayerMeasures measures;
    measures.layer = view.layer;
    measures.conv = layer.spec().kind == nn::LayerKind::kConv;
    const auto filters = static_cast<std::size_t>(view.shape[0]);
    measures.filters.resize(filters);
    Place place{.view = &view, .observed = nn::observed_layer(subject_->network, static_cast<std::size_t>(view.layer_index))};
    place.search = WinnerSearch(subject_->network.layer(place.observed).output(), 1);
    place.filter = view.size / filters;
    std::size_t work = place.filter;  // multiplications for one filter, about
    if (measures.conv) {
      measures.channels = layer.input().channels;
      measures.kernel = layer.spec().kernel;
      place.kernel = static_cast<std::size_t>(measures.kernel * measures.kernel);
      work *= place.kernel;
      if (measures.kernel > 1) {
        const std::size_t kernels = filters * static_cast<std::size_t>(measures.channels);
        measures.smoothness.resize(kernels);
        measures.percentile.resize(kernels);
      }
    }
    constexpr std::size_t kSliceWork = 1'000'000;
    place.slice = std::max<std::size_t>(1, kSliceWork / std::max<std::size_t>(1, work));
    places_.push_back(std::move(place));
    result_.layers.push_back(std::move(measures));
  }

  Values weights_of(const Place& place) const { return place.view->of(Values(subject_->weights.values)); }
  Values initial_of(const Place& place) const { return result_.initial_known ? place.view->of(subject_->initial) : Values(); }
  Values update_of(const Place& place) const {
    return subject_->update.empty() ? Values() : place.view->of(Values(subject_->update));
  }

  static Movement movement_of(Values weights, Values initial, Values update) {
    Movement movement;
    if (!initial.empty()) {
      const Drift drift = drift_of(weights, initial);
      movement.changed = drift.changed;
      movement.cosine = drift.cosine;
    }
    const double size = size_of(weights);
    if (!update.empty()) movement.update_ratio = size > 0 ? size_of(update) / size : 0;
    return movement;
  }

  void measure_some() {
    LayerMeasures& layer = result_.layers[layer_];
    const Place& place = places_[layer_];
    const std::size_t end = std::min(layer.filters.size(), filter_ + place.slice);
    for (; filter_ < end; ++filter_) measure_filter(layer, place, filter_);
    if (filter_ < layer.filters.size()) return;
    settle(layer, place);
    ++layer_;
    filter_ = 0;
  }

  void measure_filter(LayerMeasures& layer, const Place& place, std::size_t f) {
    const auto part = [&](Values all) { return all.empty() ? all : all.subspan(f * place.filter, place.filter); };
    const Values weights = part(weights_of(place));
    FilterMeasures& measures = layer.filters[f];
    measures.movement = movement_of(weights, part(initial_of(place)), part(update_of(place)));
    measures.rms = rms_of(weights);
    const auto [low, high] = std::minmax_element(weights.begin(), weights.end());
    measures.lowest = static_cast<double>(*low);
    measures.highest = static_cast<double>(*high);
    if (layer.kernel > 1) measure_kernels(layer, place, f, weights);
  }

  void measure_kernels(LayerMeasures& layer, const Place& place, std::size_t f, Values weights) {
    const auto channels = static_cast<std::size_t>(layer.channels);
    const Scale& scale = scale_for(layer.kernel);
    FilterMeasures& measures = layer.filters[f];
    measures.near_constant = measures.two_valued = layer.kernel > 2;
    for (std::size_t c = 0; c < channels; ++c) {
      const Values kernel = weights.subspan(c * place.kernel, place.kernel);
      const auto [constant, two_valued] = saturation(kernel);
      measures.near_constant = measures.near_constant && constant;
      measures.two_valued = measures.two_valued && two_valued;
      const double smoothness = scale.share.of(kernel).value_or(kUnknown);
      layer.smoothness[f * channels + c] = static_cast<float>(smoothness);
      layer.percentile[f * channels + c] =
          static_cast<float>(std::isnan(smoothness) ? kUnknown : percentile_among(scale.random, smoothness));
    }
    measures.smoothness = mean_of(Values(layer.smoothness).subspan(f * channels, channels));
    measures.percentile = mean_of(Values(layer.percentile).subspan(f * channels, channels));
  }

  /// All filters of the layer are measured.
  void settle(LayerMeasures& layer, const Place& place) {
    const Values weights = weights_of(place), initial = initial_of(place);
    layer.movement = movement_of(weights, initial, update_of(place));
    layer.rms = rms_of(weights);
    if (!initial.empty()) layer.initial_rms = rms_of(initial);
    for (const FilterMeasures& filter : layer.filters) {
      layer.near_constant += filter.near_constant;
      layer.two_valued += filter.two_valued;
    }
    layer.limit = std::max(largest_of(weights), largest_of(initial));
    const double limit = layer.limit > 0 ? layer.limit : 1;
    layer.histogram = histogram_of(weights, limit, LayerMeasures::kBins);
    if (!initial.empty()) layer.initial_histogram = histogram_of(initial, limit, LayerMeasures::kBins);
    if (layer.conv) layer.kernels.assign(weights.begin(), weights.end());
    summarise(layer);
  }

  static void summarise(LayerMeasures& layer) {
    int above = 0, below = 0;
    for (const float percentile : layer.percentile) {
      if (std::isnan(percentile)) continue;
      ++layer.counted;
      above += percentile > 95;
      below += percentile < 5;
    }
    if (layer.counted == 0) return;
    layer.mean_percentile = mean_of(layer.percentile);
    layer.standard_error = 100 / std::sqrt(12.0 * layer.counted);
    layer.above_95 = static_cast<double>(above) / layer.counted;
    layer.below_5 = static_cast<double>(below) / layer.counted;
  }

  void search(nn::Workspace<float>& workspace) {
    const nn::Network<float>& network = subject_->network;
    const int lanes = std::min(nn::kLanes, result_.images - searched_);
    load_train_block(network.input(), subject_->dataset, searched_, lanes, workspace);
    network.forward(subject_->weights, workspace, -1);
    for (Place& place : places_) place.search.add_block(workspace.activation[place.observed + 1], searched_, lanes);
    searched_ += lanes;
    if (searched_ < result_.images) return;
    for (std::size_t i = 0; i < places_.size(); ++i) {
      LayerMeasures& layer = result_.layers[i];
      for (std::size_t f = 0; f < layer.filters.size(); ++f) {
        layer.filters[f].dead = places_[i].search.winners(static_cast<int>(f)).empty();
        layer.dead += layer.filters[f].dead;
      }
      layer.verdict = verdict_of(layer, result_.images);
    }
    result_.verdict = verdict_of(result_);
  }

  /// What kernels of one size are held against.
  struct Scale {
    LowShare share;
    std::vector<double> random;
  };
  const Scale& scale_for(int size) {
    const auto found = scales_.find(size);
    if (found != scales_.end()) return found->second;
    return scales_.emplace(size, Scale{LowShare(size), random_smoothness(size, result_.kernels)}).first->second;
  }

  std::shared_ptr<const Subject> subject_;
  std::vector<Place> places_;           // of result_.layers
  std::map<int, Scale> scales_;         // by kernel size
  std::size_t layer_ = 0, filter_ = 0;  // to be measured next
  int searched_ = 0;
  RandomnessResult result_;
};

}  // namespace

std::vector<double> random_smoothness(int size, int count) {
  const LowShare share(size);
  std::vector<float> kernel(static_cast<std::size_t>(size * size));
  std::vector<double> scores;
  scores.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    RandomStream random(1, Purpose::kSmoothness, static_cast<std::uint32_t>(size), static_cast<std::uint32_t>(i));
    for (float& weight : kernel) weight = static_cast<float>(random.normal());
    scores.push_back(share.of(kernel).value_or(0));
  }
  std::sort(scores.begin(), scores.end());
  return scores;
}

double percentile_among(std::span<const double> sorted, double value) {
  const auto [low, high] = std::equal_range(sorted.begin(), sorted.end(), value);
  const auto below = static_cast<double>(low - sorted.begin()), equal = static_cast<double>(high - low);
  return 100 * (below + equal / 2) / static_cast<double>(std::max<std::size_t>(1, sorted.size()));
}

std::unique_ptr<Experiment> make_randomness(std::shared_ptr<const Subject> subject, const RandomnessRequest& request) {
  return std::make_unique<Randomness>(std::move(subject), request);
}

}  // namespace lenet::lab
