// What is looked at: a run as it stands, or a moment of its past.
#pragma once

#include <cstdint>

#include "lab/experiments/timeline.h"
#include "lab/run.h"

namespace lenet::app {

struct Sight {
  const lab::Run& run;
  lab::Timeline& timeline;                         ///< of that run
  const nn::Weights<float>* past = nullptr;        ///< a moment's weights, packed for run.network(); null: the present
  std::uint64_t step = 0;                          ///< of the weights

  const nn::Weights<float>& weights() const { return past != nullptr ? *past : run.weights(); }
};

}  // namespace lenet::app
