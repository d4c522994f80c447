#include "lab/experiments/occlusion.h"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <utility>

#include "base/error.h"
#include "lab/experiments/experiment.h"
#include "lab/experiments/responses.h"
#include "nn/block.h"

namespace lenet::lab {
namespace {

constexpr std::pair<OccluderColor, const char*> kColors[] = {
    {OccluderColor::kGrey, "grey"}, {OccluderColor::kBlack, "black"}, {OccluderColor::kMean, "mean"}};

/// Sum of a map of `layer`'s output for image `lane`.
double map_sum(const nn::Network<float>& network, const nn::Workspace<float>& workspace, std::size_t layer, int map, int lane) {
  const std::size_t channels = static_cast<std::size_t>(network.layer(layer).output().channels);
  const std::vector<float>& values = workspace.activation[layer + 1];
  double sum = 0;
  for (std::size_t at = static_cast<std::size_t>(map * nn::kLanes + lane); at < values.size(); at += channels * nn::kLanes) {
    sum += static_cast<double>(values[at]);
  }
  return sum;
}

class Occlusion final : public Experiment {
 public:
  Occlusion(std::shared_ptr<const Subject> subject, const OcclusionRequest& request);

  bool advance(nn::Workspace<float>& workspace) override;
  double fraction() const override { return static_cast<double>(done_ + (begun_ ? 1 : 0)) / (positions() + 1); }
  Outcome outcome() const override { return result_; }

 private:
  int positions() const { return result_.rows * result_.columns; }

  void look_at_plain(nn::Workspace<float>& workspace);
  void find_strongest_map(nn::Workspace<float>& workspace);
  void look_at_covered(nn::Workspace<float>& workspace);

  std::shared_ptr<const Subject> subject_;
  std::size_t top_conv_ = 0;  // the observed layer, where result_.layer is not empty
  bool begun_ = false;
  int done_ = 0;  // positions
  OcclusionResult result_;
};

Occlusion::Occlusion(std::shared_ptr<const Subject> subject, const OcclusionRequest& request) : subject_(std::move(subject)) {
  const nn::Network<float>& network = subject_->network;
  const nn::Shape input = network.input();
  check_between("The square's side", request.size, 1, std::min(input.height, input.width));
  check_between("The stride", request.stride, 1, 8);
  LoadedImage image = load_image(subject_->dataset, input, request.image);
  for (std::size_t i = 0; i < network.layer_count(); ++i) {
    if (network.layer(i).spec().kind != nn::LayerKind::kConv) continue;
    result_.layer = network.layer(i).spec().name;
    top_conv_ = nn::observed_layer(network, i);
  }
  result_.step = subject_->step;
  result_.input = input;
  result_.size = request.size;
  result_.stride = request.stride;
  result_.fill = fill_of(request.color, image.pixels, input);
  result_.image = std::move(image.pixels);
  result_.labelled = image.label >= 0;
  result_.class_index = std::max(image.label, 0);  // one's own image gets its class when it was looked at
  result_.rows = (input.height - 1) / request.stride + 1;
  result_.columns = (input.width - 1) / request.stride + 1;
  const std::size_t count = static_cast<std::size_t>(positions());
  result_.probability.resize(count);
  result_.most_probable.resize(count);
  if (!result_.layer.empty()) result_.activity.resize(count);
  result_.projection.resize(input.size());
}

bool Occlusion::advance(nn::Workspace<float>& workspace) {
  if (!begun_) {
    look_at_plain(workspace);
  } else if (done_ < positions()) {
    look_at_covered(workspace);
  }
  begun_ = true;
  return done_ < positions();
}

void Occlusion::look_at_plain(nn::Workspace<float>& workspace) {
  const std::span<const float> images[] = {result_.image};
  run_block(*subject_, images, -1, workspace);
  const std::vector<double> probabilities = probabilities_of(workspace, 0);
  result_.plain_class = most_probable(probabilities);
  if (!result_.labelled) result_.class_index = result_.plain_class;
  result_.plain_probability = probabilities[static_cast<std::size_t>(result_.class_index)];
  if (!result_.layer.empty()) find_strongest_map(workspace);
}

void Occlusion::find_strongest_map(nn::Workspace<float>& workspace) {
  const nn::Network<float>& network = subject_->network;
  double best = -std::numeric_limits<double>::infinity();
  int map = -1;
  bool silent = true;
  for (int i = 0; i < network.layer(top_conv_).output().channels; ++i) {
    const double sum = map_sum(network, workspace, top_conv_, i, 0);
    silent = silent && sum == 0;
    if (!(sum > best)) continue;
    best = sum;
    map = i;
  }
  if (silent || map < 0) return;
  result_.map = map;
  result_.plain_activity = best;
  std::array<nn::ProjectionTarget, nn::kLanes> targets{};
  targets[0] = {map, nn::find_peak(network, workspace, top_conv_, map, 0)};
  nn::project(network, subject_->weights, workspace, top_conv_, targets, nn::BackwardRule::kDeconv);
  result_.projection = nn::get_image(network.input(), workspace.gradient[0].data(), 0);
}

void Occlusion::look_at_covered(nn::Workspace<float>& workspace) {
  const int count = std::min(positions() - done_, nn::kLanes);
  std::vector<std::vector<float>> pixels(static_cast<std::size_t>(count), result_.image);
  for (int lane = 0; lane < count; ++lane) {
    const int row = (done_ + lane) / result_.columns, column = (done_ + lane) % result_.columns;
    occlude(pixels[static_cast<std::size_t>(lane)], result_.input, row * result_.stride, column * result_.stride, result_.size,
            result_.fill);
  }
  run_block(*subject_, std::vector<std::span<const float>>(pixels.begin(), pixels.end()), -1, workspace);
  for (int lane = 0; lane < count; ++lane) {
    const std::size_t at = static_cast<std::size_t>(done_ + lane);
    const std::vector<double> probabilities = probabilities_of(workspace, lane);
    result_.probability[at] = static_cast<float>(probabilities[static_cast<std::size_t>(result_.class_index)]);
    result_.most_probable[at] = most_probable(probabilities);
    if (result_.map >= 0) {
      result_.activity[at] = static_cast<float>(map_sum(subject_->network, workspace, top_conv_, result_.map, lane));
    }
  }
  done_ += count;
}

}  // namespace

void cover(std::span<float> image, const nn::Shape& shape, const Window& window, std::span<const float> fill) {
  if (image.size() != shape.size() || fill.size() != static_cast<std::size_t>(shape.channels)) {
    throw std::logic_error("cover: sizes differ");
  }
  const int top = std::max(window.top, 0), bottom = std::min(window.top + window.height, shape.height);
  const int left = std::max(window.left, 0), right = std::min(window.left + window.width, shape.width);
  for (int c = 0; c < shape.channels; ++c)
    for (int y = top; y < bottom; ++y)
      for (int x = left; x < right; ++x) {
        image[static_cast<std::size_t>((c * shape.height + y) * shape.width + x)] = fill[static_cast<std::size_t>(c)];
      }
}

void occlude(std::span<float> image, const nn::Shape& shape, int y, int x, int size, std::span<const float> fill) {
  cover(image, shape, {y - size / 2, x - size / 2, size, size}, fill);
}

std::vector<float> fill_of(OccluderColor color, std::span<const float> image, const nn::Shape& shape) {
  if (image.size() != shape.size()) throw std::logic_error("fill_of: an image of another size");
  std::vector<float> fill(static_cast<std::size_t>(shape.channels), color == OccluderColor::kGrey ? 0.5f : 0.0f);
  if (color != OccluderColor::kMean) return fill;
  const std::size_t area = image.size() / fill.size();
  for (std::size_t c = 0; c < fill.size(); ++c) {
    double sum = 0;
    for (const float value : image.subspan(c * area, area)) sum += static_cast<double>(value);
    fill[c] = static_cast<float>(sum / static_cast<double>(area));
  }
  return fill;
}

std::string name_of(OccluderColor color) {
  for (const auto& [value, name] : kColors)
    if (value == color) return name;
  throw std::logic_error("name_of: no such colour");
}

OccluderColor color_named(const std::string& wanted) {
  std::string known;
  for (const auto& [value, name] : kColors) {
    if (wanted == name) return value;
    known += (known.empty() ? "" : ", ") + std::string(name);
  }
  throw Error("There is no colour “" + wanted + "” for the square. Known ones: " + known + ".");
}

std::unique_ptr<Experiment> make_occlusion(std::shared_ptr<const Subject> subject, const OcclusionRequest& request) {
  return std::make_unique<Occlusion>(std::move(subject), request);
}

}  // namespace lenet::lab
