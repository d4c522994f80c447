#include "lab/experiments/confusion.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>

#include "base/error.h"
#include "lab/experiments/experiment.h"
#include "lab/experiments/responses.h"
#include "nn/block.h"
#include "nn/loss.h"

namespace lenet::lab {
namespace {

class Confusion final : public Experiment {
 public:
  Confusion(std::shared_ptr<const Subject> subject, const ConfusionRequest& request) : subject_(std::move(subject)) {
    const int available = subject_->dataset.test_available();
    if (available == 0) throw Error("No test image has arrived yet. Wait for the data set's test images.");
    check_between("The stride", request.stride, 1, available);
    result_.step = subject_->step;
    result_.classes = subject_->network.classes();
    result_.stride = request.stride;
    result_.images = (available + request.stride - 1) / request.stride;
    result_.counts.assign(static_cast<std::size_t>(result_.classes) * static_cast<std::size_t>(result_.classes), 0);
  }

  /// The next eight images.
  bool advance(nn::Workspace<float>& workspace) override {
    const int first = result_.done(), count = std::min(nn::kLanes, result_.images - first);
    if (count <= 0) return false;
    std::array<std::uint8_t, nn::kLanes> labels{};
    for (int lane = 0; lane < nn::kLanes; ++lane) {
      float* const block = workspace.activation[0].data();
      if (lane >= count) {
        nn::clear_image(subject_->network.input(), lane, block);
        continue;
      }
      const int index = (first + lane) * result_.stride;
      nn::set_image(subject_->network.input(), subject_->dataset.test_image(index), lane, block);
      labels[static_cast<std::size_t>(lane)] = static_cast<std::uint8_t>(subject_->dataset.test_label(index));
    }
    subject_->network.forward(subject_->weights, workspace);
    const auto used = std::span(labels).first(static_cast<std::size_t>(count));
    const nn::BlockLoss loss = nn::cross_entropy<float>(workspace.activation.back(), used, 1.0, {});
    for (int lane = 0; lane < count; ++lane)
      add(probabilities_of(workspace, lane), used[static_cast<std::size_t>(lane)], loss.loss[static_cast<std::size_t>(lane)]);
    return result_.done() < result_.images;
  }

  double fraction() const override { return static_cast<double>(result_.done()) / result_.images; }

  Outcome outcome() const override {
    ConfusionResult result = result_;
    if (result.done() > 0) result.loss = loss_sum_ / result.done();
    return result;
  }

 private:
  void add(const std::vector<double>& probabilities, int label, double loss) {
    const int guess = most_probable(probabilities);
    result_.labels.push_back(label);
    result_.predicted.push_back(guess);
    result_.probability.push_back(static_cast<float>(probabilities[static_cast<std::size_t>(guess)]));
    result_.true_probability.push_back(static_cast<float>(probabilities[static_cast<std::size_t>(label)]));
    ++result_.counts[static_cast<std::size_t>(label) * static_cast<std::size_t>(result_.classes) + static_cast<std::size_t>(guess)];
    result_.correct += guess == label;
    loss_sum_ += loss;
  }

  std::shared_ptr<const Subject> subject_;
  double loss_sum_ = 0;
  ConfusionResult result_;
};

}  // namespace

std::vector<int> images_behind(const ConfusionResult& result, int truth, int guess) {
  std::vector<int> places;
  for (int i = 0; i < result.done(); ++i) {
    if (result.labels[static_cast<std::size_t>(i)] == truth && result.predicted[static_cast<std::size_t>(i)] == guess)
      places.push_back(i);
  }
  // What is no number comes first: a comparison with it would be no order.
  const auto p = [&](int i) {
    const float value = result.true_probability[static_cast<std::size_t>(i)];
    return std::isnan(value) ? -1.0f : value;
  };
  std::sort(places.begin(), places.end(), [&](int a, int b) { return p(a) != p(b) ? p(a) < p(b) : a < b; });
  for (int& place : places) place *= result.stride;
  return places;
}

int class_total(const ConfusionResult& result, int truth) {
  int total = 0;
  for (int guess = 0; guess < result.classes; ++guess) total += result.count(truth, guess);
  return total;
}

std::unique_ptr<Experiment> make_confusion(std::shared_ptr<const Subject> subject, const ConfusionRequest& request) {
  return std::make_unique<Confusion>(std::move(subject), request);
}

}  // namespace lenet::lab
