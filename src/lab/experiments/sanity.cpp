#include "lab/experiments/sanity.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "base/error.h"
#include "lab/experiments/experiment.h"
#include "lab/experiments/responses.h"
#include "lab/statistics.h"
#include "nn/block.h"
#include "nn/initializer.h"

namespace lenet::lab {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

/// The random layers must not be the ones that the run started with: before training, nothing would change. So they are drawn with
/// another seed, of which nothing matters but that it is a function of the run's and never the same.
std::uint64_t other_seed(std::uint64_t seed) { return seed ^ 0x9E3779B97F4A7C15u; }

/// Ranks of a row of numbers, doubled and with their mean subtracted, so that they are whole and every sum of their products is exact.
struct Ranks {
  std::vector<std::int32_t> values;  // rank i has 2i − (n − 1); equal numbers share the mean of theirs
  double squares = 0;                // their sum; 0 for a constant row
  bool defined = false;              // no NaN among the numbers
};

/// `order` is room to sort in.
void rank(std::span<const float> numbers, std::vector<std::uint32_t>& order, Ranks& ranks) {
  ranks.values.assign(numbers.size(), 0);
  ranks.squares = 0;
  ranks.defined = std::none_of(numbers.begin(), numbers.end(), [](float v) { return v != v; });
  if (!ranks.defined) return;  // a NaN has no place in an order
  order.resize(numbers.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return numbers[a] < numbers[b]; });
  const std::int32_t last = static_cast<std::int32_t>(numbers.size()) - 1;
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    while (end < order.size() && numbers[order[end]] == numbers[order[begin]]) ++end;
    const std::int32_t doubled = static_cast<std::int32_t>(begin + end) - 1 - last;  // first + last rank of the tie
    for (std::size_t i = begin; i < end; ++i) ranks.values[order[i]] = doubled;
    ranks.squares += static_cast<double>(end - begin) * doubled * doubled;
  }
}

/// Pearson's correlation of the ranks.
double correlation_of(const Ranks& a, const Ranks& b) {
  if (!a.defined || !b.defined || a.squares == 0 || b.squares == 0) return kUnknown;
  double products = 0;
  for (std::size_t i = 0; i < a.values.size(); ++i) products += static_cast<double>(a.values[i]) * b.values[i];
  return products / std::sqrt(a.squares * b.squares);
}

/// A projection's ranks: of its values and of their sizes.
struct ProjectionRanks {
  Ranks values, sizes;
};

class Sanity final : public Experiment {
 public:
  Sanity(std::shared_ptr<const Subject> subject, const SanityRequest& request);

  bool advance(nn::Workspace<float>& workspace) override;
  double fraction() const override { return static_cast<double>(slice_) / slices(); }
  Outcome outcome() const override;

 private:
  static constexpr int kRuleCount = static_cast<int>(kRules.size());
  int stages() const { return static_cast<int>(result_.stages.size()); }
  int blocks() const { return (1 + result_.images + nn::kLanes - 1) / nn::kLanes; }
  int slices() const { return blocks() * stages() * kRuleCount; }

  std::vector<float> job_pixels(int job) const;
  void load_block(int block);
  std::array<nn::ProjectionTarget, nn::kLanes> targets_of(int stage, const nn::Workspace<float>& workspace);
  void set_stage(int stage);
  void look(int block, int stage, int rule, nn::Workspace<float>& workspace);
  void rank_projection(std::span<const float> projection, ProjectionRanks& ranks);

  std::shared_ptr<const Subject> trained_;
  Subject working_;  // the same with the layers that are random so far
  nn::Weights<float> random_;
  std::size_t layer_;                                              // the observed one
  std::vector<float> shown_;                                       // job 0; the test images follow
  std::vector<std::vector<float>> pixels_;                         // of the block that is being done
  std::array<nn::Peak, nn::kLanes> peaks_{};                       // the trained net's, of that block
  std::array<std::vector<ProjectionRanks>, kRules.size()> plain_;  // of the trained net's projections of that block, [rule][lane]
  ProjectionRanks changed_;                                        // room, as the next two
  std::vector<std::uint32_t> order_;
  std::vector<float> sizes_;
  std::vector<std::vector<double>> correlations_, size_correlations_;  // [stage · rules + rule]: of the images so far
  int slice_ = 0;
  SanityResult result_;
};

Sanity::Sanity(std::shared_ptr<const Subject> subject, const SanityRequest& request)
    : trained_(std::move(subject)),
      working_(*trained_),
      random_(trained_->network.make_weights()),
      layer_(observed(trained_->network, request.unit)) {
  check_between("The number of images", request.images, 1, 500);
  const data::Dataset& dataset = trained_->dataset;
  if (dataset.test_available() == 0) throw Error("No test image has arrived yet. Wait for the data set's test images.");
  shown_ = load_image(dataset, trained_->network.input(), request.image).pixels;
  nn::initialize(trained_->network, nn::Initializer::kHe, other_seed(trained_->seed), random_);

  result_.step = trained_->step;
  result_.unit = request.unit;
  result_.input = trained_->network.input();
  result_.images = std::min(request.images, dataset.test_available());
  result_.stages = layers_with_weights(trained_->network);
  result_.stages.push_back("");
  std::reverse(result_.stages.begin(), result_.stages.end());
  const std::size_t cells = result_.stages.size() * kRules.size();
  result_.pictures.resize(cells * result_.input.size());
  result_.activation.assign(result_.stages.size(), 0);
  correlations_.resize(cells);
  size_correlations_.resize(cells);
  for (std::vector<ProjectionRanks>& ranks : plain_) ranks.resize(nn::kLanes);
}

bool Sanity::advance(nn::Workspace<float>& workspace) {
  if (slice_ == slices()) return false;
  // Block by block, so that the trained net's projections are kept of eight images only, whatever number is asked for.
  const int block = slice_ / (stages() * kRuleCount), stage = slice_ / kRuleCount % stages(), rule = slice_ % kRuleCount;
  if (stage == 0 && rule == 0) load_block(block);
  if (rule == 0) set_stage(stage);
  look(block, stage, rule, workspace);
  ++slice_;
  return slice_ < slices();
}

std::vector<float> Sanity::job_pixels(int job) const {
  return job == 0 ? shown_ : load_image(trained_->dataset, result_.input, job - 1).pixels;
}

void Sanity::load_block(int block) {
  pixels_.clear();
  for (int job = block * nn::kLanes; job < std::min((block + 1) * nn::kLanes, 1 + result_.images); ++job) {
    pixels_.push_back(job_pixels(job));
  }
}

void Sanity::set_stage(int stage) {
  if (stage == 0) {
    working_.weights = trained_->weights;
    return;
  }
  std::size_t changed = 0;
  for (const nn::ParameterView& view : working_.network.parameters()) {
    if (view.layer != result_.stages[static_cast<std::size_t>(stage)]) continue;
    const std::span<const float> from = view.of(std::span<const float>(random_.values));
    std::copy(from.begin(), from.end(), view.of(std::span<float>(working_.weights.values)).begin());
    changed = static_cast<std::size_t>(view.layer_index);
  }
  working_.network.pack_layer(changed, working_.weights);
}

/// At the places of the trained net's peaks, which stage 0 finds, with this stage's activations.
std::array<nn::ProjectionTarget, nn::kLanes> Sanity::targets_of(int stage, const nn::Workspace<float>& workspace) {
  const nn::Shape& shape = working_.network.layer(layer_).output();
  std::array<nn::ProjectionTarget, nn::kLanes> targets{};
  for (std::size_t lane = 0; lane < pixels_.size(); ++lane) {
    if (stage == 0) {
      peaks_[lane] = nn::find_peak(working_.network, workspace, layer_, result_.unit.unit, static_cast<int>(lane));
    }
    const nn::Peak& peak = peaks_[lane];
    const std::size_t place =
        static_cast<std::size_t>((peak.y * shape.width + peak.x) * shape.channels + result_.unit.unit) * nn::kLanes + lane;
    targets[lane] = {result_.unit.unit, {static_cast<double>(workspace.activation[layer_ + 1][place]), peak.y, peak.x}};
  }
  return targets;
}

void Sanity::look(int block, int stage, int rule, nn::Workspace<float>& workspace) {
  const nn::Network<float>& network = working_.network;
  const int count = static_cast<int>(pixels_.size());
  run_block(working_, std::vector<std::span<const float>>(pixels_.begin(), pixels_.end()), static_cast<int>(layer_), workspace);
  const std::array<nn::ProjectionTarget, nn::kLanes> aimed = targets_of(stage, workspace);
  nn::project(network, working_.weights, workspace, layer_, aimed, kRules[static_cast<std::size_t>(rule)]);

  const std::size_t cell = static_cast<std::size_t>(stage * kRuleCount + rule);
  for (int lane = 0; lane < count; ++lane) {
    const std::vector<float> projection = nn::get_image(result_.input, workspace.gradient[0].data(), lane);
    if (block == 0 && lane == 0) {
      result_.activation[static_cast<std::size_t>(stage)] = aimed[0].peak.value;
      std::copy(projection.begin(), projection.end(),
                result_.pictures.begin() + static_cast<std::ptrdiff_t>(cell * projection.size()));
      continue;
    }
    ProjectionRanks& plain = plain_[static_cast<std::size_t>(rule)][static_cast<std::size_t>(lane)];
    if (stage == 0) rank_projection(projection, plain);
    if (stage > 0) rank_projection(projection, changed_);
    const ProjectionRanks& here = stage == 0 ? plain : changed_;
    const double correlation = correlation_of(plain.values, here.values), of_sizes = correlation_of(plain.sizes, here.sizes);
    if (std::isnan(correlation) || std::isnan(of_sizes)) continue;
    correlations_[cell].push_back(correlation);
    size_correlations_[cell].push_back(of_sizes);
  }
}

void Sanity::rank_projection(std::span<const float> projection, ProjectionRanks& ranks) {
  rank(projection, order_, ranks.values);
  sizes_.assign(projection.begin(), projection.end());
  for (float& value : sizes_) value = std::abs(value);
  rank(sizes_, order_, ranks.sizes);
}

Outcome Sanity::outcome() const {
  SanityResult result = result_;
  for (std::size_t cell = 0; cell < correlations_.size(); ++cell) {
    const Summary summary = summarize(correlations_[cell]);
    result.correlation.push_back(summary.mean);
    result.correlation_deviation.push_back(summary.deviation);
    result.size_correlation.push_back(summarize(size_correlations_[cell]).mean);
    result.counted.push_back(summary.n);
  }
  return result;
}

}  // namespace

double rank_correlation(std::span<const float> a, std::span<const float> b) {
  if (a.size() != b.size()) throw std::logic_error("rank_correlation: rows of different lengths");
  std::vector<std::uint32_t> order;
  Ranks ranks_a, ranks_b;
  rank(a, order, ranks_a);
  rank(b, order, ranks_b);
  return correlation_of(ranks_a, ranks_b);
}

std::unique_ptr<Experiment> make_sanity(std::shared_ptr<const Subject> subject, const SanityRequest& request) {
  return std::make_unique<Sanity>(std::move(subject), request);
}

}  // namespace lenet::lab
