// Results as a table for spreadsheets and notebooks.
#pragma once

#include <string>

#include "lab/results.h"

namespace lenet::lab {

/// A row a run and measurement: arm, seed, contributor, step, epoch, train_loss, held_out_accuracy, held_out_images, test_accuracy,
/// test_images, diverged, weights_hash, then changed_<layer> and cosine_<layer> for each layer that any run has. Values that were not
/// measured are left empty; texts are quoted where they must be (RFC 4180).
std::string results_csv(const Results& results);

}  // namespace lenet::lab
