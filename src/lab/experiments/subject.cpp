#include "lab/experiments/subject.h"

#include <algorithm>
#include <stdexcept>

#include "base/error.h"
#include "nn/block.h"

namespace lenet::lab {

LoadedImage load_image(const data::Dataset& dataset, const nn::Shape& input, const ImageRef& image) {
  LoadedImage loaded;
  if (const int* index = std::get_if<int>(&image)) {
    const int available = dataset.test_available();
    if (available == 0) throw Error("No test image has arrived yet. Wait for the data set's test images, or draw one.");
    if (*index < 0 || *index >= available) {
      throw Error("There is no test image " + std::to_string(*index) + "; there are images 0 to " + std::to_string(available - 1) + ".");
    }
    loaded.pixels.resize(input.size());
    data::to_floats(dataset.test_image(*index), loaded.pixels);
    loaded.index = *index;
    loaded.label = dataset.test_label(*index);
    return loaded;
  }
  const std::vector<float>& pixels = std::get<std::vector<float>>(image);
  if (pixels.size() != input.size()) {
    throw Error("An image for this network has " + std::to_string(input.size()) + " pixels (" + nn::to_string(input) + "); this one has " +
                std::to_string(pixels.size()) + ".");
  }
  for (const float value : pixels) {
    if (!(value >= 0 && value <= 1)) throw Error("A pixel must be a number from 0 (background) to 1 (ink).");
  }
  loaded.pixels = pixels;
  return loaded;
}

std::size_t observed(const nn::Network<float>& network, const UnitRef& unit) {
  const std::size_t layer = network.find_layer(unit.layer);
  const int units = network.layer(layer).output().channels;
  if (unit.unit < 0 || unit.unit >= units) {
    throw Error("Layer “" + unit.layer + "” has units 0 to " + std::to_string(units - 1) + "; there is no unit " + std::to_string(unit.unit) +
                ".");
  }
  return nn::observed_layer(network, layer);
}

std::vector<std::string> layers_with_weights(const nn::Network<float>& network) {
  std::vector<std::string> layers;
  for (const nn::ParameterView& view : network.parameters()) {
    if (!view.is_bias) layers.push_back(view.layer);
  }
  return layers;
}

Window window_of(const nn::Network<float>& network, std::size_t layer, int y, int x) {
  const nn::Shape input = network.input();
  Window window{y, x, 1, 1};
  for (std::size_t i = layer + 1; i-- > 0;) {
    const nn::LayerSpec& spec = network.layer(i).spec();
    if (spec.kind == nn::LayerKind::kDense || spec.kind == nn::LayerKind::kFlatten) return {0, 0, input.height, input.width};
    if (spec.kernel == 0) continue;  // no window of its own: it works value by value
    window = {window.top * spec.stride - spec.padding, window.left * spec.stride - spec.padding,
              (window.height - 1) * spec.stride + spec.kernel, (window.width - 1) * spec.stride + spec.kernel};
  }
  if (window.height >= input.height && window.width >= input.width) return {0, 0, input.height, input.width};
  return window;
}

void cut(std::span<const float> image, const nn::Shape& shape, const Window& window, std::span<float> out) {
  const auto index = [](int plane, int height, int y, int width, int x) { return static_cast<std::size_t>((plane * height + y) * width + x); };
  if (image.size() != shape.size() || out.size() != index(shape.channels, window.height, 0, window.width, 0)) {
    throw std::logic_error("cut: sizes differ");
  }
  for (int c = 0; c < shape.channels; ++c)
    for (int y = 0; y < window.height; ++y)
      for (int x = 0; x < window.width; ++x) {
        const int from_y = window.top + y, from_x = window.left + x;
        const bool inside = from_y >= 0 && from_y < shape.height && from_x >= 0 && from_x < shape.width;
        out[index(c, window.height, y, window.width, x)] = inside ? image[index(c, shape.height, from_y, shape.width, from_x)] : 0.0f;
      }
}

void run_block(const Subject& subject, std::span<const std::span<const float>> images, int last, nn::Workspace<float>& workspace) {
  const nn::Shape input = subject.network.input();
  float* block = workspace.activation[0].data();
  for (int lane = 0; lane < nn::kLanes; ++lane) {
    if (static_cast<std::size_t>(lane) < images.size()) {
      nn::set_image<float, float>(input, images[static_cast<std::size_t>(lane)], lane, block);
    } else {
      nn::clear_image(input, lane, block);
    }
  }
  subject.network.forward(subject.weights, workspace, last);
}

}  // namespace lenet::lab
