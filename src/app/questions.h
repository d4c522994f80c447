// Answers to what a script asks of a run: weights, activations, projections, predictions. Nothing here changes the run.
#pragma once

#include "app/command.h"
#include "lab/run.h"

namespace lenet::app {

void answer(const lab::Run& run, const command::GetWeights& question, nn::Workspace<float>& workspace, Reply& reply);
void answer(const lab::Run& run, const command::GetActivations& question, nn::Workspace<float>& workspace, Reply& reply);
void answer(const lab::Run& run, const command::Project& question, nn::Workspace<float>& workspace, Reply& reply);

}  // namespace lenet::app
