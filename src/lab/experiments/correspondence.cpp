#include "lab/experiments/correspondence.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/error.h"
#include "base/random.h"
#include "lab/experiments/experiment.h"
#include "lab/experiments/responses.h"
#include "lab/statistics.h"

namespace lenet::lab {
namespace {

/// The signs of ε over the images, for every feature of a layer. The Hamming distances of all pairs follow from the counts: of n
/// images, the ordered pairs of one sign are Σ_s n_s², i = j among them, so n² − Σ_s n_s² pairs differ in that feature.
struct SignCounts {
  std::vector<std::uint8_t> negative, positive;  // at most 50 images
  bool undefined = false;                        // an ε was NaN

  void clear(std::size_t features) {
    negative.assign(features, 0);
    positive.assign(features, 0);
    undefined = false;
  }

  double delta(int images) const {
    if (undefined) return std::numeric_limits<double>::quiet_NaN();
    double differing = 0;
    for (std::size_t i = 0; i < negative.size(); ++i) {
      const int zero = images - negative[i] - positive[i];
      differing += images * images - negative[i] * negative[i] - positive[i] * positive[i] - zero * zero;
    }
    return differing / (static_cast<double>(images) * (images - 1) * static_cast<double>(negative.size()));
  }
};

/// One pass over the images: with a region masked, or with a random draw of its size.
struct Setting {
  std::size_t region = 0;
  int draw = -1;  // -1: the region itself
};

bool same_size(const Window& a, const Window& b) { return a.height == b.height && a.width == b.width; }

class Correspondence final : public Experiment {
 public:
  Correspondence(std::shared_ptr<const Subject> subject, const CorrespondenceRequest& request);

  bool advance(nn::Workspace<float>& workspace) override;
  double fraction() const override { return slices() > 0 ? static_cast<double>(slice_) / slices() : 1; }
  Outcome outcome() const override { return result_; }

 private:
  int images() const { return static_cast<int>(pixels_.size()); }
  int blocks() const { return (images() + nn::kLanes - 1) / nn::kLanes; }
  int slices() const { return images() < 2 ? 0 : static_cast<int>(settings_.size()) * blocks(); }

  void check(const CorrespondenceRequest& request) const;
  void choose_images(int count);
  void plan(int draws);
  std::vector<float> masked(int image, const Window& region) const;
  Window region_of(const Setting& setting, int image) const;
  void count_signs(const Setting& setting, int block, nn::Workspace<float>& workspace);
  void finish_setting(const Setting& setting);

  std::shared_ptr<const Subject> subject_;
  ObservedLayers layers_;
  OccluderColor color_;
  std::vector<Setting> settings_;
  std::vector<std::vector<float>> pixels_;  // by image
  Features plain_;                          // of the unmasked images of plain_block_
  int plain_block_ = -1;
  std::vector<SignCounts> counts_;           // by layer, of the setting that is being done
  std::vector<std::vector<double>> random_;  // [layer][draw], of the region whose draws are being done
  int slice_ = 0;
  CorrespondenceResult result_;
};

Correspondence::Correspondence(std::shared_ptr<const Subject> subject, const CorrespondenceRequest& request)
    : subject_(std::move(subject)),
      layers_(observed_layers(subject_->network)),
      color_(request.color) {
  check(request);
  result_.step = subject_->step;
  result_.input = subject_->network.input();
  result_.class_index = request.class_index;
  result_.layers = layers_.names;
  result_.regions = request.regions;
  choose_images(request.images);
  plan(request.random_regions);
  for (int i = 0; i < images(); ++i) {
    const std::vector<float> image = masked(i, request.regions[0]);
    result_.masked.insert(result_.masked.end(), image.begin(), image.end());
  }
  const std::size_t layers = layers_.names.size();
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  result_.delta.assign(request.regions.size() * layers, unknown);
  result_.random_mean = result_.random_deviation = result_.delta;
  counts_.resize(layers);
  random_.resize(layers);
}

void Correspondence::check(const CorrespondenceRequest& request) const {
  const nn::Shape input = subject_->network.input();
  check_between("The class", request.class_index, 0, subject_->network.classes() - 1);
  check_between("The number of images", request.images, 2, 50);
  check_between("The number of random draws", request.random_regions, 1, 100);
  check_between("The number of regions", static_cast<int>(std::min<std::size_t>(request.regions.size(), 1000)), 1, 6);
  for (const Window& region : request.regions) {
    const bool inside = region.top >= 0 && region.left >= 0 && region.height >= 1 && region.width >= 1 &&
                        region.height <= input.height && region.width <= input.width &&
                        region.top <= input.height - region.height && region.left <= input.width - region.width;
    if (inside) continue;
    throw Error("A region of " + std::to_string(region.height) + "×" + std::to_string(region.width) + " pixels at row " +
                std::to_string(region.top) + ", column " + std::to_string(region.left) + " does not lie inside an image of " +
                std::to_string(input.height) + "×" + std::to_string(input.width) + ".");
  }
}

void Correspondence::choose_images(int count) {
  const data::Dataset& dataset = subject_->dataset;
  const int available = held_out_available(dataset);
  if (available == 0) throw Error("No held-out image has arrived yet. Wait for the data set's first images.");
  for (int i = 0; i < available && images() < count; ++i) {
    if (dataset.train_label(i) != result_.class_index) continue;
    result_.images.push_back(i);
    pixels_.push_back(train_pixels(dataset, i));
  }
}

void Correspondence::plan(int draws) {
  const std::vector<Window>& regions = result_.regions;
  for (std::size_t region = 0; region < regions.size(); ++region) settings_.push_back({region, -1});
  for (std::size_t region = 0; region < regions.size(); ++region) {
    const auto same = [&](const Window& other) { return same_size(other, regions[region]); };
    // A region of the same size has had them.
    if (std::any_of(regions.begin(), regions.begin() + static_cast<std::ptrdiff_t>(region), same)) continue;
    for (int draw = 0; draw < draws; ++draw) settings_.push_back({region, draw});
  }
}

std::vector<float> Correspondence::masked(int image, const Window& region) const {
  std::vector<float> pixels = pixels_[static_cast<std::size_t>(image)];
  cover(pixels, result_.input, region, fill_of(color_, pixels, result_.input));
  return pixels;
}

Window Correspondence::region_of(const Setting& setting, int image) const {
  Window window = result_.regions[setting.region];
  if (setting.draw < 0) return window;
  // Keyed by the image itself, so that one image more leaves the others' places alone.
  const int index = result_.images[static_cast<std::size_t>(image)];
  RandomStream random(subject_->seed, Purpose::kCorrespondence, static_cast<std::uint32_t>(setting.draw),
                      static_cast<std::uint32_t>(index));
  window.top = static_cast<int>(random.below(static_cast<std::uint32_t>(result_.input.height - window.height + 1)));
  window.left = static_cast<int>(random.below(static_cast<std::uint32_t>(result_.input.width - window.width + 1)));
  return window;
}

bool Correspondence::advance(nn::Workspace<float>& workspace) {
  if (slice_ < slices()) {
    // Up to eight images stay in one block, and then their unmasked features are computed once for all settings.
    const Setting& setting = settings_[static_cast<std::size_t>(slice_ / blocks())];
    const int block = slice_ % blocks();
    count_signs(setting, block, workspace);
    if (block == blocks() - 1) finish_setting(setting);
    ++slice_;
  }
  return slice_ < slices();
}

void Correspondence::count_signs(const Setting& setting, int block, nn::Workspace<float>& workspace) {
  const int first = block * nn::kLanes, count = std::min(images() - first, nn::kLanes);
  if (plain_block_ != block) {
    const std::span<const std::vector<float>> plain =
        std::span(pixels_).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count));
    run_block(*subject_, std::vector<std::span<const float>>(plain.begin(), plain.end()), -1, workspace);
    keep_features(workspace, layers_, plain_);
    plain_block_ = block;
  }
  std::vector<std::vector<float>> pixels;
  for (int i = first; i < first + count; ++i) pixels.push_back(masked(i, region_of(setting, i)));
  run_block(*subject_, std::vector<std::span<const float>>(pixels.begin(), pixels.end()), -1, workspace);
  for (std::size_t layer = 0; layer < counts_.size(); ++layer) {
    const std::vector<float>&plain = plain_[layer], &covered = workspace.activation[layers_.indices[layer] + 1];
    SignCounts& counts = counts_[layer];
    if (block == 0) counts.clear(plain.size() / nn::kLanes);
    for (std::size_t at = 0; at < plain.size(); at += nn::kLanes) {
      int negative = 0, positive = 0;
      for (std::size_t lane = 0; lane < static_cast<std::size_t>(count); ++lane) {
        const float epsilon = plain[at + lane] - covered[at + lane];
        negative += epsilon < 0;
        positive += epsilon > 0;
        counts.undefined |= epsilon != epsilon;
      }
      counts.negative[at / nn::kLanes] = static_cast<std::uint8_t>(counts.negative[at / nn::kLanes] + negative);
      counts.positive[at / nn::kLanes] = static_cast<std::uint8_t>(counts.positive[at / nn::kLanes] + positive);
    }
  }
}

void Correspondence::finish_setting(const Setting& setting) {
  const std::size_t layers = counts_.size();
  for (std::size_t layer = 0; layer < layers; ++layer) {
    const double delta = counts_[layer].delta(images());
    if (setting.draw < 0) {
      result_.delta[setting.region * layers + layer] = delta;
      continue;
    }
    if (setting.draw == 0) random_[layer].clear();
    random_[layer].push_back(delta);
    const Summary summary = summarize(random_[layer]);
    for (std::size_t region = 0; region < result_.regions.size(); ++region) {
      if (!same_size(result_.regions[region], result_.regions[setting.region])) continue;
      result_.random_mean[region * layers + layer] = summary.mean;
      result_.random_deviation[region * layers + layer] = summary.deviation;
    }
  }
}

}  // namespace

std::unique_ptr<Experiment> make_correspondence(std::shared_ptr<const Subject> subject, const CorrespondenceRequest& request) {
  return std::make_unique<Correspondence>(std::move(subject), request);
}

}  // namespace lenet::lab
