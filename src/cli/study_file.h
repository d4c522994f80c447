// A study file: a comparison of training recipes over several seeds, as JSON (docs/studies.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lab/results.h"
#include "lab/trial.h"

namespace lenet::cli {

/// A second comparison: at the first measured step where this arm's mean held-out accuracy is at least so large.
struct CompareAt {
  std::string arm;
  double held_out_accuracy = 0;  ///< in (0, 1]
};

struct Study {
  std::string title, claim;
  std::string dataset;   ///< "mnist", "cifar10" or "strokes"
  std::string test_on;   ///< another data set, whose test images are measured; empty: the data set's own
  int train_images = 0;  ///< trained on in an epoch; 0: all that are not held out
  std::vector<std::uint64_t> seeds;
  int epochs = 0;           ///< length of a run; 0: `steps` decides
  std::uint64_t steps = 0;  ///< minibatches; 0: `epochs` decides
  lab::MeasurePlan measure;
  std::vector<lab::Arm> arms;
  std::optional<CompareAt> compare_at;
};

/// Reads a study file; `name` begins every message. Throws Error for what is no JSON, for unknown fields, values of the wrong kind,
/// impossible settings, and arms that cannot be told apart.
Study read_study(std::string_view text, const std::string& name);

/// Throws Error that names the arm whose recipe does not fit images of this shape.
void check_arms(const std::vector<lab::Arm>& arms, data::ImageShape shape, int classes);

/// The name of a run's file: "frozen.3.json". Whatever else than letters, digits, - and _ the arm's name has becomes a -.
std::string run_file_name(const std::string& arm, std::uint64_t seed);

}  // namespace lenet::cli
