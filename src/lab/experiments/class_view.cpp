#include "lab/experiments/class_view.h"

#include <algorithm>
#include <array>

#include "lab/experiments/experiment.h"
#include "nn/block.h"
#include "nn/loss.h"

namespace lenet::lab {
namespace {

class ClassView final : public Experiment {
 public:
  ClassView(std::shared_ptr<const Subject> subject, const ClassRequest& request) : subject_(std::move(subject)) {
    const nn::Network<float>& network = subject_->network;
    LoadedImage loaded = load_image(subject_->dataset, network.input(), request.image);
    const std::size_t classes = static_cast<std::size_t>(network.classes());
    result_.step = subject_->step;
    result_.rule = request.rule;
    result_.input = network.input();
    result_.image = std::move(loaded.pixels);
    result_.label = loaded.label;
    result_.logits.resize(classes);
    result_.probabilities.resize(classes);
    result_.projections.resize(classes * network.input().size());
  }

  /// The next eight classes: the image is in every lane, and each lane projects a class of its own.
  bool advance(nn::Workspace<float>& workspace) override {
    const nn::Network<float>& network = subject_->network;
    const int classes = network.classes(), count = std::min(nn::kLanes, classes - next_);
    if (count <= 0) return false;
    std::array<std::span<const float>, nn::kLanes> images;
    images.fill(result_.image);
    run_block(*subject_, images, -1, workspace);
    nn::softmax<float>(workspace.activation.back(), 0, result_.probabilities);

    const std::size_t top = network.layer_count() - 1;
    std::array<nn::ProjectionTarget, nn::kLanes> targets{};
    for (int lane = 0; lane < count; ++lane) {
      const nn::Peak logit = nn::find_peak(network, workspace, top, next_ + lane, lane);
      result_.logits[static_cast<std::size_t>(next_ + lane)] = logit.value;
      targets[static_cast<std::size_t>(lane)] = {next_ + lane, logit};
    }
    nn::project(network, subject_->weights, workspace, top, targets, result_.rule);
    for (int lane = 0; lane < count; ++lane) {
      const std::vector<float> projection = nn::get_image(network.input(), workspace.gradient[0].data(), lane);
      const std::size_t place = static_cast<std::size_t>(next_ + lane) * projection.size();
      std::copy(projection.begin(), projection.end(), result_.projections.begin() + static_cast<std::ptrdiff_t>(place));
    }
    next_ += count;
    return next_ < classes;
  }

  double fraction() const override { return static_cast<double>(next_) / subject_->network.classes(); }
  Outcome outcome() const override { return result_; }

 private:
  std::shared_ptr<const Subject> subject_;
  int next_ = 0;  // class
  ClassResult result_;
};

}  // namespace

std::unique_ptr<Experiment> make_class_view(std::shared_ptr<const Subject> subject, const ClassRequest& request) {
  return std::make_unique<ClassView>(std::move(subject), request);
}

}  // namespace lenet::lab
