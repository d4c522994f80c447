// Accuracy measured on a copy of the weights of one step, in slices, so that training goes on meanwhile.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "data/dataset.h"
#include "lab/workers.h"
#include "nn/network.h"

namespace lenet::lab {

/// Which images: `count` of them, every `stride`-th from image 0 on.
struct ImageSubset {
  bool held_out = false;  ///< of the training file's first images instead of the test set
  int count = 0;
  int stride = 1;
};

struct EvaluationResult {
  std::uint64_t step = 0;
  int correct = 0;
  int images = 0;  ///< measured so far
  double loss = 0;  ///< mean of the measured images, nats

  double accuracy() const { return images > 0 ? static_cast<double>(correct) / images : 0; }
};

class Evaluation {
 public:
  /// Copies the weights. `network` and `dataset` must outlive it; the subset's images must be available.
  Evaluation(const nn::Network<float>& network, nn::Weights<float> weights, const data::Dataset& dataset, ImageSubset subset,
             std::uint64_t step);

  bool done() const { return result_.images >= subset_.count; }
  double fraction() const { return subset_.count > 0 ? static_cast<double>(result_.images) / subset_.count : 1; }
  /// Measures the next blocks of eight images, `blocks` at the most, on all threads.
  void advance(Workers& workers, int blocks);
  /// Complete once done().
  const EvaluationResult& result() const { return result_; }
  const nn::Weights<float>& weights() const { return weights_; }

 private:
  struct BlockResult {
    double loss = 0;
    int correct = 0;
  };
  BlockResult measure(int first, nn::Workspace<float>& workspace) const;

  const nn::Network<float>& network_;
  nn::Weights<float> weights_;
  const data::Dataset& dataset_;
  ImageSubset subset_;
  EvaluationResult result_;
  double loss_sum_ = 0;
  std::vector<BlockResult> blocks_;
};

/// The whole measurement at once. `progress` is called with the fraction done, if given.
EvaluationResult evaluate(const nn::Network<float>& network, const nn::Weights<float>& weights, const data::Dataset& dataset,
                          ImageSubset subset, std::uint64_t step, Workers& workers,
                          const std::function<void(double)>& progress = {});

}  // namespace lenet::lab
