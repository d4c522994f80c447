// Shared by the tests of src/lab/experiments: a small data set of random images, and a subject of a random network.
#pragma once

#include <array>
#include <memory>

#include "data/dataset.h"
#include "lab/experiments/experiment.h"
#include "nn_support.h"

namespace lenet::test {

/// Images of random bytes, a fifth of them ink, all different; as many are here as `available` says.
class SmallSet final : public data::Dataset {
 public:
  explicit SmallSet(data::ImageShape shape, int train = 40, int test = 12) : shape_(shape), train_(train), test_(test), available_(train) {
    const std::size_t size = static_cast<std::size_t>(shape.size());
    pixels_.resize(size * static_cast<std::size_t>(train + test));
    std::uint32_t state = 1;
    for (std::uint8_t& pixel : pixels_) {
      state = state * 1664525u + 1013904223u;
      pixel = (state >> 16) % 5 == 0 ? static_cast<std::uint8_t>(state >> 24) : std::uint8_t{0};
    }
  }
  void set_available(int train) { available_ = train; }

  const std::string& name() const override { return name_; }
  data::ImageShape shape() const override { return shape_; }
  int train_count() const override { return train_; }
  int test_count() const override { return test_; }
  int train_available() const override { return available_; }
  int test_available() const override { return test_; }
  std::span<const std::uint8_t> train_image(int i) const override { return image(i, available_, 0); }
  int train_label(int i) const override { return i % 10; }
  std::span<const std::uint8_t> test_image(int i) const override { return image(i, test_, train_); }
  int test_label(int i) const override { return i % 10; }
  std::string content_hash() const override { return "0123456789abcdef"; }

 private:
  std::span<const std::uint8_t> image(int i, int available, int before) const {
    if (i < 0 || i >= available) throw std::logic_error("SmallSet: no such image");
    const std::size_t size = static_cast<std::size_t>(shape_.size());
    return std::span(pixels_).subspan(static_cast<std::size_t>(before + i) * size, size);
  }

  std::string name_ = "small";
  data::ImageShape shape_;
  int train_, test_, available_;
  std::vector<std::uint8_t> pixels_;
};

/// A network with random weights, its workspace, and the subject made of them.
struct Looked {
  Model<float> model;
  Looked(const std::string& network, const data::Dataset& dataset, std::uint32_t stream = 1)
      : model(network, {dataset.shape().channels, dataset.shape().height, dataset.shape().width}, stream), dataset_(dataset) {}

  /// Of the weights as they are now.
  std::shared_ptr<const lab::Subject> subject(std::uint64_t step = 7) {
    model.network.pack(model.weights);
    return std::make_shared<const lab::Subject>(lab::Subject{model.network, model.weights, dataset_, step, 5});
  }
  std::span<float> values(const std::string& parameter) {
    return model.network.find_parameter(parameter).of(std::span<float>(model.weights.values));
  }
  void fill(float value) { std::fill(model.weights.values.begin(), model.weights.values.end(), value); }

 private:
  const data::Dataset& dataset_;
};

/// Runs an experiment to its end in a workspace full of NaN; the slices it took.
inline int finish(lab::Experiment& experiment, nn::Workspace<float>& workspace) {
  double before = 0;
  for (int slices = 1;; ++slices) {
    poison(workspace);
    const bool more = experiment.advance(workspace);
    const double fraction = experiment.fraction();
    REQUIRE(fraction >= before);
    REQUIRE(fraction <= 1);
    before = fraction;
    if (!more) {
      REQUIRE(fraction == 1);
      return slices;
    }
    REQUIRE(slices < 100000);
  }
}

template <class Result>
Result result_of(std::unique_ptr<lab::Experiment> experiment, nn::Workspace<float>& workspace) {
  finish(*experiment, workspace);
  return std::get<Result>(experiment->outcome());
}

/// What one image of the training file does, alone in a block that went forward through `last`.
inline void forward_image(Looked& looked, std::span<const std::uint8_t> pixels, int last) {
  nn::Workspace<float>& workspace = looked.model.workspace;
  std::fill(workspace.activation[0].begin(), workspace.activation[0].end(), 0.0f);
  nn::set_image(looked.model.network.input(), pixels, 0, workspace.activation[0].data());
  looked.model.network.forward(looked.model.weights, workspace, last);
}

/// The projection of a place of a unit of `layer`'s output, [channel][y][x], of that image.
inline std::vector<float> project_image(Looked& looked, std::span<const std::uint8_t> pixels, std::size_t layer, int unit,
                                        const nn::Peak& peak, nn::BackwardRule rule) {
  forward_image(looked, pixels, static_cast<int>(layer));
  std::array<nn::ProjectionTarget, nn::kLanes> targets;
  targets[0] = {unit, peak};
  nn::project(looked.model.network, looked.model.weights, looked.model.workspace, layer, targets, rule);
  return nn::get_image(looked.model.network.input(), looked.model.workspace.gradient[0].data(), 0);
}

}  // namespace lenet::test
