// From one activation back to the pixels: deconvnet, gradient, guided backpropagation.
//
// All other activations of the layer are set to zero and the signal goes down: unpool with the forward pass's switches, spread what an
// average pool averaged, pass the nonlinearities by the chosen rule (kernels/pointwise.h, kernels/squashing.h), filter with the
// transposed kernels; no bias. Sources: Zeiler & Fergus 2014 (deconvnet); Simonyan et al. 2013 (gradient); Springenberg et al. 2015
// (guided).
#pragma once

#include <array>
#include <vector>

#include "nn/network.h"

namespace lenet::nn {

/// A unit's strongest activation in one image: the first in row-major order of equals.
struct Peak {
  double value = 0;
  int y = 0;
  int x = 0;
};

/// The layer whose output is looked at when someone names `layer`: the ReLU, tanh or sigmoid right after it, else the
/// layer itself.
template <class T>
std::size_t observed_layer(const Network<T>& network, std::size_t layer);

/// Strongest activation of `unit` of `layer`'s output for image `lane` of a block that went forward at least that far.
template <class T>
Peak find_peak(const Network<T>& network, const Workspace<T>& workspace, std::size_t layer, int unit, int lane);

/// What to project for one image of a block; unit -1 leaves that image out.
struct ProjectionTarget {
  int unit = -1;
  Peak peak;
};

/// Projects up to eight activations of `layer`'s output at once, one per image. Deconvnet starts from the activation's value,
/// gradient and guided from 1. The signed result is workspace.gradient[0], [y][x][channel][8]; zero for images left out.
template <class T>
void project(const Network<T>& network, const Weights<T>& weights, Workspace<T>& workspace, std::size_t layer,
             const std::array<ProjectionTarget, kLanes>& targets, BackwardRule rule);

/// The pixels that a unit of `layer`'s output can see, for its position (y, x): [top, bottom) × [left, right), clipped to
/// the image. Everything, for a dense layer.
struct ReceptiveField {
  int top = 0, left = 0, bottom = 0, right = 0;
};
template <class T>
ReceptiveField receptive_field(const Network<T>& network, std::size_t layer, int y, int x);

}  // namespace lenet::nn
