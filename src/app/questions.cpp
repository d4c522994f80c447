#include "app/questions.h"

#include "nn/block.h"
#include "nn/projection.h"

namespace lenet::app {
namespace {

std::vector<int> shape_of(const nn::Shape& shape) {
  if (shape.height == 1 && shape.width == 1) return {shape.channels};
  return {shape.channels, shape.height, shape.width};
}

/// Runs the image, in lane 0, through layers 0 … last (-1: all).
void run_image(const lab::Run& run, const lab::ImageRef& image, nn::Workspace<float>& workspace, int last) {
  const std::vector<float> pixels = lab::load_image(run.dataset(), run.network().input(), image).pixels;
  nn::set_image<float, float>(run.network().input(), pixels, 0, workspace.activation[0].data());
  run.network().forward(run.weights(), workspace, last);
}

}  // namespace

void answer(const lab::Run& run, const command::GetWeights& question, nn::Workspace<float>&, Reply& reply) {
  const nn::ParameterView& view = run.network().find_parameter(question.name);
  const auto values = view.of(std::span<const float>(run.weights().values));
  reply.shape = view.shape;
  reply.values.assign(values.begin(), values.end());
}

void answer(const lab::Run& run, const command::GetActivations& question, nn::Workspace<float>& workspace, Reply& reply) {
  const std::size_t layer = run.network().find_layer(question.layer);
  run_image(run, question.image, workspace, static_cast<int>(layer));
  reply.shape = shape_of(run.network().layer(layer).output());
  reply.values = nn::get_image(run.network().layer(layer).output(), workspace.activation[layer + 1].data(), 0);
}

void answer(const lab::Run& run, const command::Project& question, nn::Workspace<float>& workspace, Reply& reply) {
  const nn::Network<float>& network = run.network();
  const std::size_t layer = lab::observed(network, {question.layer, question.unit});
  run_image(run, question.image, workspace, static_cast<int>(layer));
  std::array<nn::ProjectionTarget, nn::kLanes> targets{};
  targets[0] = {question.unit, nn::find_peak(network, workspace, layer, question.unit, 0)};
  nn::project(network, run.weights(), workspace, layer, targets, question.rule);
  const nn::Shape input = network.input();
  reply.shape = {input.channels, input.height, input.width};
  reply.values = nn::get_image(input, workspace.gradient[0].data(), 0);
  reply.activation = targets[0].peak.value;
  reply.y = targets[0].peak.y;
  reply.x = targets[0].peak.x;
}

}  // namespace lenet::app
