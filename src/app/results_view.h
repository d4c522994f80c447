// Results over seeds, ready to be shown: summaries, each seed's curve, and their means.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/snapshot.h"
#include "lab/results.h"

namespace lenet::app {

/// Immutable once made; made once for each change of the results.
struct ResultsView {
  struct Arm {
    lab::ArmSummary summary;
    std::vector<std::vector<CurvePoint>> seeds, gap_seeds;  ///< test accuracy, and its gap to the first arm; n: test images
    std::vector<CurvePoint> mean, gap;                      ///< over the seeds, where all were measured; n: seeds
    std::vector<double> mean_band, gap_band;                ///< half widths of their 95 % intervals; NaN with one seed
  };

  lab::Results results;
  std::vector<Arm> arms;       ///< in the question's order
  int seeds = 0;               ///< different ones
  std::string question;        ///< "mnist, 55,000 training images, 300 steps each"
  std::string contributors;    ///< "ana.json: seeds 1, 2" a line
};

std::shared_ptr<const ResultsView> make_results_view(lab::Results results);

}  // namespace lenet::app
