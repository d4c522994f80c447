// Answers to what a script asks of a run: weights, activations, projections, predictions. Nothing here changes the run.
#pragma once

#include <vector>

#include "app/command.h"
#include "lab/run.h"

namespace lenet::app {

/// The pixels an image reference stands for, as the network sees them, [channel][y][x]. Throws Error for an index outside the test
/// set, a wrong number of pixels, or a value outside [0, 1].
std::vector<float> pixels_of(const lab::Run& run, const command::ImageRef& image);

/// Throws Error when the layer has no such unit.
void check_unit(const nn::Network<float>& network, std::size_t layer, int unit);

void answer(const lab::Run& run, const command::GetWeights& question, nn::Workspace<float>& workspace, Reply& reply);
void answer(const lab::Run& run, const command::GetActivations& question, nn::Workspace<float>& workspace, Reply& reply);
void answer(const lab::Run& run, const command::Project& question, nn::Workspace<float>& workspace, Reply& reply);

}  // namespace lenet::app
