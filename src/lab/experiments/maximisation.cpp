#include "lab/experiments/maximisation.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.h"
#include "base/math.h"
#include "base/random.h"
#include "base/text.h"
#include "lab/experiments/experiment.h"
#include "lab/recipe.h"
#include "nn/block.h"

namespace lenet::lab {
namespace {

/// Weights of a Gaussian at 0, 1, … ⌈3 σ⌉ pixels from its middle.
std::vector<double> gaussian(double deviation) {
  std::vector<double> weights;
  for (int d = 0; d <= static_cast<int>(std::ceil(3 * deviation)); ++d) weights.push_back(exp(-0.5 * d * d / (deviation * deviation)));
  return weights;
}

/// Blurs a row of `count` values that lie `stride` apart. Beyond the edge is nothing: the weights inside are made to sum to 1.
void blur_row(float* values, int count, int stride, const std::vector<double>& weights, std::vector<double>& row) {
  const int reach = static_cast<int>(weights.size()) - 1;
  row.assign(static_cast<std::size_t>(count), 0);
  for (int i = 0; i < count; ++i) {
    double sum = 0, whole = 0;
    for (int j = std::max(0, i - reach); j <= std::min(count - 1, i + reach); ++j) {
      const double weight = weights[static_cast<std::size_t>(std::abs(i - j))];
      sum += weight * static_cast<double>(values[j * stride]);
      whole += weight;
    }
    row[static_cast<std::size_t>(i)] = sum / whole;
  }
  for (int i = 0; i < count; ++i) values[i * stride] = static_cast<float>(row[static_cast<std::size_t>(i)]);
}

/// Gaussian blur of an image [channel][y][x], along x and then along y.
void blur(std::vector<float>& image, const nn::Shape& shape, const std::vector<double>& weights) {
  std::vector<double> row;
  for (int c = 0; c < shape.channels; ++c) {
    float* plane = image.data() + c * shape.height * shape.width;
    for (int y = 0; y < shape.height; ++y) blur_row(plane + y * shape.width, shape.width, 1, weights, row);
    for (int x = 0; x < shape.width; ++x) blur_row(plane + x, shape.height, shape.width, weights, row);
  }
}

class Maximisation final : public Experiment {
 public:
  Maximisation(std::shared_ptr<const Subject> subject, const MaximisationRequest& request)
      : subject_(std::move(subject)), request_(request) {
    check_range(request.iterations, 1, 2000, "number of iterations");
    check_range(request.rate, 0, 10, "rate of the ascent");
    if (request.rate == 0) throw Error("The rate of the ascent must be above 0.");
    check_range(request.decay, 0, 1, "decay of the pixels");
    if (request.decay == 1) throw Error("The decay of the pixels must be below 1: nothing would be left of them.");
    check_range(request.blur, 0, 5, "blur");
    check_range(request.blur_every, 1, 100, "number of iterations between blurs");
    const nn::Network<float>& network = subject_->network;
    observed(network, request.unit);  // checks it
    layer_ = network.find_layer(request.unit.layer);
    if (network.layer(layer_).weight_shape().empty()) {
      throw Error("Layer “" + request.unit.layer + "” has no weights. Choose one of " + join(layers_with_weights(network), ", ") + ".");
    }
    if (request.blur > 0) gaussian_ = gaussian(request.blur);
    result_.step = subject_->step;
    result_.unit = request.unit;
    result_.input = network.input();
    RandomStream random(subject_->seed, Purpose::kMaximisation);
    next_.resize(network.input().size());
    for (float& pixel : next_) pixel = static_cast<float>(random.uniform(0, 0.2));
    result_.image = next_;
  }

  bool advance(nn::Workspace<float>& workspace) override {
    if (done()) return false;
    const nn::Network<float>& network = subject_->network;
    const std::array<std::span<const float>, 1> images = {next_};
    run_block(*subject_, images, static_cast<int>(layer_), workspace);
    const nn::Peak peak = nn::find_peak(network, workspace, layer_, request_.unit.unit, 0);
    result_.image = next_;
    result_.iteration = static_cast<int>(result_.activation.size());
    result_.activation.push_back(peak.value);
    if (done()) return false;
    std::array<nn::ProjectionTarget, nn::kLanes> targets{};
    targets[0] = {request_.unit.unit, peak};
    nn::project(network, subject_->weights, workspace, layer_, targets, nn::BackwardRule::kGradient);
    move(nn::get_image(network.input(), workspace.gradient[0].data(), 0));
    return true;
  }

  double fraction() const override {
    return static_cast<double>(result_.activation.size()) / static_cast<double>(request_.iterations + 1);
  }
  Outcome outcome() const override { return result_; }

 private:
  bool done() const { return result_.activation.size() > static_cast<std::size_t>(request_.iterations); }

  /// The iteration that makes the next image.
  void move(const std::vector<float>& gradient) {
    double squares = 0;
    for (const float g : gradient) squares += static_cast<double>(g) * static_cast<double>(g);
    const double rms = std::sqrt(squares / static_cast<double>(gradient.size()));
    const bool moves = std::isfinite(rms) && rms > 0;
    for (std::size_t i = 0; i < next_.size(); ++i) {
      double pixel = static_cast<double>(next_[i]);
      if (moves) pixel += request_.rate * static_cast<double>(gradient[i]) / rms;
      next_[i] = static_cast<float>(pixel * (1 - request_.decay));
    }
    if (!gaussian_.empty() && (result_.iteration + 1) % request_.blur_every == 0) blur(next_, result_.input, gaussian_);
    for (float& pixel : next_) pixel = std::clamp(pixel, 0.0f, 1.0f);
  }

  std::shared_ptr<const Subject> subject_;
  MaximisationRequest request_;
  std::size_t layer_ = 0;
  std::vector<double> gaussian_;
  std::vector<float> next_;  // the image after result_.image
  MaximisationResult result_;
};

}  // namespace

std::unique_ptr<Experiment> make_maximisation(std::shared_ptr<const Subject> subject, const MaximisationRequest& request) {
  return std::make_unique<Maximisation>(std::move(subject), request);
}

}  // namespace lenet::lab
