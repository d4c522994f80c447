// A session in a file: what another visit needs to go on with a run to the bit, and to look back at it.
//
// The file is safetensors. Its metadata hold "format", "version" and "session", a JSON text: data set, seed, recipe, the changes made by hand, and
// where the run stands. Its tensors are flat, in the order of the network's parameters: "values", "momentum", "initial" (only where the run started
// from weights from elsewhere), "moment.<step>" for each stored step, and "loss", one value a step.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "app/snapshot.h"
#include "lab/experiments/timeline.h"
#include "lab/run.h"

namespace lenet::app {

struct SessionFile {
  std::string dataset;
  std::string data_hash;        ///< data::Dataset::content_hash() of the whole set; empty where it had not arrived yet
  std::uint64_t seed = 1;
  lab::Recipe recipe;           ///< what the run began with
  std::vector<lab::Change> history;  ///< made by hand since, by step
  lab::RunState state;
  std::vector<float> initial;   ///< empty where the seed gives the initial weights
  LoadedView loaded = {};       ///< what is known of them else
  std::vector<lab::Moment> moments;
  std::uint64_t first_loss_step = 0;
  std::vector<float> losses;    ///< of that step and those after it
  std::vector<CurvePoint> accuracy;
};

std::vector<std::byte> write_session(const SessionFile& file);

/// `name` stands for the file in messages. Throws Error for what is no session file, or a damaged one: broken JSON, tensors that are missing, of different
/// lengths or not finite, steps that are out of order. Whether it fits a network is for the caller to see.
SessionFile read_session(std::span<const std::byte> bytes, const std::string& name);

}  // namespace lenet::app
