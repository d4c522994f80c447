#include "app/questions.h"

#include "base/error.h"
#include "nn/block.h"
#include "nn/projection.h"

namespace lenet::app {
namespace {

std::vector<int> shape_of(const nn::Shape& shape) {
  if (shape.height == 1 && shape.width == 1) return {shape.channels};
  return {shape.channels, shape.height, shape.width};
}

/// Runs the image, in lane 0, through layers 0 … last (-1: all).
void run_image(const lab::Run& run, const command::ImageRef& image, nn::Workspace<float>& workspace, int last) {
  const std::vector<float> pixels = pixels_of(run, image);
  nn::set_image<float, float>(run.network().input(), pixels, 0, workspace.activation[0].data());
  run.network().forward(run.weights(), workspace, last);
}

}  // namespace

std::vector<float> pixels_of(const lab::Run& run, const command::ImageRef& image) {
  const std::size_t size = run.network().input().size();
  if (const int* index = std::get_if<int>(&image)) {
    const int available = run.dataset().test_available();
    if (*index < 0 || *index >= available) {
      throw Error("There is no test image " + std::to_string(*index) + "; there are images 0 to " + std::to_string(available - 1) + ".");
    }
    std::vector<float> pixels(size);
    data::to_floats(run.dataset().test_image(*index), pixels);
    return pixels;
  }
  const std::vector<float>& pixels = std::get<std::vector<float>>(image);
  if (pixels.size() != size) {
    throw Error("An image for this network has " + std::to_string(size) + " pixels (" + nn::to_string(run.network().input()) +
                "); this one has " + std::to_string(pixels.size()) + ".");
  }
  for (const float value : pixels) {
    if (!(value >= 0 && value <= 1)) throw Error("A pixel must be a number from 0 (background) to 1 (ink).");
  }
  return pixels;
}

void check_unit(const nn::Network<float>& network, std::size_t layer, int unit) {
  const int units = network.layer(layer).output().channels;
  if (unit < 0 || unit >= units) {
    throw Error("Layer “" + network.layer(layer).spec().name + "” has units 0 to " + std::to_string(units - 1) + "; there is no unit " +
                std::to_string(unit) + ".");
  }
}

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
  const std::size_t layer = nn::observed_layer(network, network.find_layer(question.layer));
  check_unit(network, layer, question.unit);
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
