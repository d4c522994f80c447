// Shared by the tests of src/lab/experiments: small sets of images in memory, subjects with random weights, running an experiment.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "data/dataset.h"
#include "lab/experiments/experiment.h"
#include "nn_support.h"

namespace lenet::test {

/// Images of random bytes; image i of either half has the label i mod 10. arrive() sets how many are here, at most as many as at first.
class RandomDataset final : public data::Dataset {
 public:
  RandomDataset(const nn::Shape& shape, int train, int test) : shape_(shape), first_test_(train), train_(train), test_(test) {
    const std::size_t images = static_cast<std::size_t>(train + test);
    for (const double value : random_values<double>(shape.size() * images, 77, 0, 256))
      bytes_.push_back(static_cast<std::uint8_t>(value));
  }
  void arrive(int train, int test) {
    train_ = train;
    test_ = test;
  }

  const std::string& name() const override { return name_; }
  data::ImageShape shape() const override { return {shape_.channels, shape_.height, shape_.width}; }
  int train_count() const override { return 60000; }
  int test_count() const override { return 10000; }
  int train_available() const override { return train_; }
  int test_available() const override { return test_; }
  std::span<const std::uint8_t> train_image(int i) const override { return image(i, i < train_); }
  std::span<const std::uint8_t> test_image(int i) const override { return image(first_test_ + i, i < test_); }
  int train_label(int i) const override { return i % 10; }
  int test_label(int i) const override { return i % 10; }
  std::string content_hash() const override { return "0000000000000000"; }

 private:
  std::span<const std::uint8_t> image(int i, bool here) const {
    if (!here) throw std::logic_error("RandomDataset: no such image");
    return std::span(bytes_).subspan(static_cast<std::size_t>(i) * shape_.size(), shape_.size());
  }

  std::string name_ = "random";
  nn::Shape shape_;
  int first_test_;  // in bytes_
  int train_, test_;
  std::vector<std::uint8_t> bytes_;
};

/// A network with random weights and biases, and images to show it.
struct Bench {
  nn::Network<float> network;
  RandomDataset dataset;
  nn::Workspace<float> workspace;
  std::shared_ptr<lab::Subject> subject;

  Bench(const std::string& description, const nn::Shape& input, int train = 40, int test = 20)
      : network(nn::parse_network(description, input)),
        dataset(input, train, test),
        workspace(network.make_workspace()),
        subject(std::make_shared<lab::Subject>(lab::Subject{network, network.make_weights(), dataset, 7, 3})) {
    randomize(network, subject->weights, 5);
  }

  /// A parameter's values; call pack() after changing them.
  std::span<float> parameter(const std::string& name) {
    return network.find_parameter(name).of(std::span<float>(subject->weights.values));
  }
  void pack() { network.pack(subject->weights); }
  /// As in a run that diverged.
  void spoil() {
    std::fill(subject->weights.values.begin(), subject->weights.values.end(), std::numeric_limits<float>::quiet_NaN());
    pack();
  }

  /// Runs it to its end on a workspace that is spoilt before every slice, and checks that the fraction grows from 0 to 1.
  template <class Result>
  Result run(std::unique_ptr<lab::Experiment> experiment) {
    double fraction = experiment->fraction();
    CHECK(fraction == 0);
    for (int slices = 0; slices < 20000; ++slices) {
      poison(workspace);
      const bool more = experiment->advance(workspace);
      CHECK(experiment->fraction() >= fraction);
      fraction = experiment->fraction();
      if (more) continue;
      CHECK(fraction == 1);
      CHECK_FALSE(experiment->advance(workspace));  // once more does no harm
      return std::get<Result>(experiment->outcome());
    }
    FAIL("the experiment does not end");
    return {};
  }

  /// Output of `layer` for one image, [channel][y][x], by a forward pass of its own.
  std::vector<float> features(const std::vector<float>& pixels, std::size_t layer) {
    const std::span<const float> images[] = {pixels};
    lab::run_block(*subject, images, -1, workspace);
    return nn::get_image(network.layer(layer).output(), workspace.activation[layer + 1].data(), 0);
  }
  std::size_t observed(const std::string& layer) const { return lab::observed(network, {layer, 0}); }
};

inline std::vector<float> pixels_of(std::span<const std::uint8_t> bytes) {
  std::vector<float> pixels(bytes.size());
  data::to_floats(bytes, pixels);
  return pixels;
}

/// Softmax as the textbook writes it.
inline std::vector<double> plain_softmax(const std::vector<float>& logits) {
  std::vector<double> probabilities;
  double sum = 0;
  for (const float logit : logits) {
    probabilities.push_back(std::exp(static_cast<double>(logit)));
    sum += probabilities.back();
  }
  for (double& p : probabilities) p /= sum;
  return probabilities;
}

inline double distance_between(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = static_cast<double>(a[i]) - static_cast<double>(b[i]);
    sum += difference * difference;
  }
  return std::sqrt(sum);
}

inline constexpr const char* kTinyNet = "conv 4 3x3, relu, pool 2, conv 5 3x3, relu, pool 2, dense 12, relu, dense 10";
inline constexpr nn::Shape kTinyInput{1, 12, 12};
inline constexpr const char* kColorNet = "conv 4 5x5 stride 2 padding 2, relu, pool 2, conv 6 3x3 padding 1, relu, dense 10";
inline constexpr nn::Shape kColorInput{3, 32, 32};

}  // namespace lenet::test
