#include "lab/experiments/look_back.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "base/error.h"
#include "lab/experiments/experiment.h"
#include "lab/experiments/responses.h"
#include "nn/block.h"

namespace lenet::lab {
namespace {

constexpr std::pair<nn::BackwardRule, const char*> kNames[] = {
    {nn::BackwardRule::kDeconv, "deconv"}, {nn::BackwardRule::kGradient, "gradient"}, {nn::BackwardRule::kGuided, "guided"}};

class LookBack final : public Experiment {
 public:
  LookBack(std::shared_ptr<const Subject> subject, const LookBackRequest& request);

  bool advance(nn::Workspace<float>& workspace) override;
  double fraction() const override { return static_cast<double>(slice_) / slices(); }
  Outcome outcome() const override { return result_; }

 private:
  static constexpr int kRuleSlices = static_cast<int>(kRules.size());
  int positions() const { return result_.input.height * result_.input.width; }
  int slices() const { return kRuleSlices + (positions() + nn::kLanes - 1) / nn::kLanes; }

  void project(std::size_t rule, nn::Workspace<float>& workspace);
  void cover_block(int first, nn::Workspace<float>& workspace);

  std::shared_ptr<const Subject> subject_;
  std::size_t layer_;  // the observed one
  int occluder_;
  std::vector<float> fill_;
  int slice_ = 0;
  LookBackResult result_;
};

LookBack::LookBack(std::shared_ptr<const Subject> subject, const LookBackRequest& request)
    : subject_(std::move(subject)), layer_(observed(subject_->network, request.unit)), occluder_(request.occluder) {
  const nn::Shape input = subject_->network.input();
  check_between("The square's side", request.occluder, 1, std::min(input.height, input.width));
  result_.step = subject_->step;
  result_.unit = request.unit;
  result_.input = input;
  result_.image = load_image(subject_->dataset, input, request.image).pixels;
  result_.projections.resize(kRules.size() * input.size());
  result_.drop.resize(static_cast<std::size_t>(positions()));
  fill_ = fill_of(OccluderColor::kGrey, result_.image, input);
}

bool LookBack::advance(nn::Workspace<float>& workspace) {
  if (slice_ < kRuleSlices) {
    project(static_cast<std::size_t>(slice_), workspace);
  } else if (slice_ < slices()) {
    cover_block((slice_ - kRuleSlices) * nn::kLanes, workspace);
  }
  slice_ = std::min(slice_ + 1, slices());
  return slice_ < slices();
}

void LookBack::project(std::size_t rule, nn::Workspace<float>& workspace) {
  const nn::Network<float>& network = subject_->network;
  const std::span<const float> images[] = {result_.image};
  run_block(*subject_, images, static_cast<int>(layer_), workspace);
  result_.peak = nn::find_peak(network, workspace, layer_, result_.unit.unit, 0);
  result_.field = nn::receptive_field(network, layer_, result_.peak.y, result_.peak.x);
  std::array<nn::ProjectionTarget, nn::kLanes> targets{};
  targets[0] = {result_.unit.unit, result_.peak};
  nn::project(network, subject_->weights, workspace, layer_, targets, kRules[rule]);
  const std::vector<float> pixels = nn::get_image(result_.input, workspace.gradient[0].data(), 0);
  std::copy(pixels.begin(), pixels.end(), result_.projections.begin() + static_cast<std::ptrdiff_t>(rule * pixels.size()));
}

void LookBack::cover_block(int first, nn::Workspace<float>& workspace) {
  const int count = std::min(positions() - first, nn::kLanes);
  std::vector<std::vector<float>> pixels(static_cast<std::size_t>(count), result_.image);
  for (int lane = 0; lane < count; ++lane) {
    const int y = (first + lane) / result_.input.width, x = (first + lane) % result_.input.width;
    occlude(pixels[static_cast<std::size_t>(lane)], result_.input, y, x, occluder_, fill_);
  }
  run_block(*subject_, std::vector<std::span<const float>>(pixels.begin(), pixels.end()), static_cast<int>(layer_), workspace);
  const nn::Shape& shape = subject_->network.layer(layer_).output();
  const int place = (result_.peak.y * shape.width + result_.peak.x) * shape.channels + result_.unit.unit;
  for (int lane = 0; lane < count; ++lane) {
    const double left = static_cast<double>(workspace.activation[layer_ + 1][static_cast<std::size_t>(place * nn::kLanes + lane)]);
    result_.drop[static_cast<std::size_t>(first + lane)] = static_cast<float>(result_.peak.value - left);
  }
}

}  // namespace

std::string name_of(nn::BackwardRule rule) {
  for (const auto& [value, name] : kNames)
    if (value == rule) return name;
  throw std::logic_error("name_of: no such rule");
}

nn::BackwardRule rule_named(const std::string& wanted) {
  std::string known;
  for (const auto& [value, name] : kNames) {
    if (wanted == name) return value;
    known += (known.empty() ? "" : ", ") + std::string(name);
  }
  throw Error("There is no way back “" + wanted + "”. Known ones: " + known + ".");
}

std::unique_ptr<Experiment> make_look_back(std::shared_ptr<const Subject> subject, const LookBackRequest& request) {
  return std::make_unique<LookBack>(std::move(subject), request);
}

}  // namespace lenet::lab
