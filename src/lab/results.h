// What a comparison asked and what came out: the common language of studies, of the page's seeds and of a class that pools its runs.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lab/recipe.h"
#include "lab/statistics.h"

namespace lenet::lab {

struct Arm {
  std::string name;
  Recipe recipe;
  bool operator==(const Arm&) const = default;
};

/// Two results belong together when their questions are equal. The first arm is what the others are compared with.
struct Question {
  std::string dataset;    ///< "mnist"
  std::string data_hash;  ///< data::Dataset::content_hash()
  int train_images = 0;   ///< in an epoch
  int test_images = 0;    ///< that the last measurement takes
  std::vector<Arm> arms;
  int epochs = 0;            ///< length of each run; 0: `steps` decides
  std::uint64_t steps = 0;   ///< minibatches; 0: `epochs` decides
  std::string test_dataset;  ///< another data set that the test images are of; empty: `dataset`
  bool operator==(const Question&) const = default;
};

struct Score {
  int correct = 0, images = 0;
  double accuracy() const { return images > 0 ? static_cast<double>(correct) / images : 0; }
  bool operator==(const Score&) const = default;
};

/// How far a layer's weights have gone from where they began.
struct LayerDrift {
  std::string layer;
  double changed = 0;  ///< ‖W − W₀‖ / ‖W₀‖
  double cosine = 1;   ///< of the angle between W and W₀
  bool operator==(const LayerDrift&) const = default;
};

struct Measurement {
  std::uint64_t step = 0;
  int epoch = 0;
  double train_loss = 0;  ///< mean over the steps since the measurement before, nats
  Score held_out;         ///< images 0 when it was not measured
  Score test;
  std::vector<LayerDrift> layers;
  bool operator==(const Measurement&) const = default;
};

/// One arm with one seed. A function of question, arm and seed, but for `seconds` and `contributor`.
struct RunResult {
  std::string arm;
  std::uint64_t seed = 1;
  std::vector<Measurement> curve;  ///< the last one is the run's result
  std::string weights_hash;        ///< hash_weights() at the end; empty when it diverged: a NaN has many bit patterns
  bool diverged = false;           ///< then the curve ends early and means nothing
  double seconds = 0;              ///< spent training; 0 where it was not measured alone
  std::string contributor;         ///< who ran it, in a pool
};

struct Results {
  Question question;
  std::vector<RunResult> runs;
};

/// What differs between two questions, in words: "the learning rate of “frozen” (0.02 and 0.01)". Empty when they are equal.
std::vector<std::string> differences(const Question& a, const Question& b);

/// The runs of several results in one, in their order. A seed that several have counts once. Throws Error that says in what the questions
/// differ, and when two claim the same run with different weights.
Results pool(std::span<const Results> all);

/// The run of an arm with a seed, or nullptr.
const RunResult* find_run(const Results& results, const std::string& arm, std::uint64_t seed);
/// Seeds of which any run is there, each once, ascending.
std::vector<std::uint64_t> seeds_of(const Results& results);

/// An arm over the seeds. Runs that diverged are left out of all but their count.
struct ArmSummary {
  std::string arm;
  std::uint64_t step = 0;  ///< where it was measured; of a length in epochs, the first run's
  Summary held_out, test;  ///< accuracy
  Summary difference;      ///< of test accuracy: this arm − the first, over the seeds that both have
  Summary seconds;
  int diverged = 0;
};
/// At the measurement of that step, or at each run's end.
std::vector<ArmSummary> summarize(const Results& results, std::optional<std::uint64_t> step = {});

/// The first step at which the mean held-out accuracy of an arm's finished runs is at least `accuracy`; nothing when it never is.
std::optional<std::uint64_t> step_reaching(const Results& results, const std::string& arm, double accuracy);

/// Steps at which an arm's finished runs were all measured on equally many images, ascending.
std::vector<std::uint64_t> common_steps(const Results& results, const std::string& arm);
/// Test (or held-out) accuracy of an arm's finished runs at a step, in the order of their seeds.
std::vector<double> accuracies(const Results& results, const std::string& arm, std::uint64_t step, bool held_out = false);

/// Sixteen hexadecimal digits over all parameters in their order: equal bits, equal hash.
std::string hash_weights(const nn::Network<float>& network, const nn::Weights<float>& weights);

/// ‖W − W₀‖ / ‖W₀‖ and the cosine for the weights (not the biases) of every layer. Both are 0 and 1 where W₀ is zero and W too.
std::vector<LayerDrift> drift(const nn::Network<float>& network, std::span<const float> values, std::span<const float> initial);

}  // namespace lenet::lab
