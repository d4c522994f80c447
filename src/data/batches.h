// Which training images a step sees: the held-out split and the order of an epoch.
//
// Everything here is a pure function of its arguments, so that a run is the same however fast its data arrives.
#pragma once

#include <cstdint>
#include <vector>

#include "data/dataset.h"

namespace lenet::data {

/// Epoch 0 shuffles inside chunks of this many images in file order, so that training starts with the first chunk.
inline constexpr int kChunk = 5000;

// `held_out` is Dataset::held_out() everywhere: so many images come first in the training file and are never trained on.

/// Images that one epoch trains on: train_count - held_out. Throws Error when nothing is left.
int epoch_size(int train_count, int held_out = kHeldOut);

/// The indices (into the training file) of one epoch's images in the order they are trained on: a permutation of
/// held_out … train_count - 1. Epoch 0 permutes inside each chunk of kChunk (the last may be shorter), later epochs permute
/// all. Throws Error when train_count is not above held_out.
std::vector<std::uint32_t> epoch_order(std::uint64_t seed, std::uint32_t epoch, int train_count, int held_out = kHeldOut);

/// How many training images must be available before places first … first + count - 1 of an epoch's order may be trained
/// on: in epoch 0 up to the end of the last place's chunk, later the whole file. It does not depend on which images of the
/// chunk the step happens to use. `first` and `count` are clipped to the epoch.
int images_needed(std::uint32_t epoch, int first, int count, int train_count, int held_out = kHeldOut);

}  // namespace lenet::data
