#include "nn/spec.h"

#include <map>
#include <optional>

#include "base/error.h"
#include "base/text.h"

namespace lenet::nn {
namespace {

constexpr const char* kWss17 = "conv 20 5x5, relu, pool 2, conv 50 5x5, relu, pool 2, dense 500, relu, dense 10";
constexpr const char* kCaffe = "conv 20 5x5, pool 2, conv 50 5x5, pool 2, dense 500, relu, dense 10";
constexpr const char* kSoftmax = "dense 10";
constexpr const char* kMlp = "dense 500, relu, dense 10";
constexpr const char* kLenet5 =
    "conv 6 5x5 padding 2, tanh, average 2, conv 16 5x5, tanh, average 2, conv 120 5x5, tanh, dense 84, tanh, dense 10";
constexpr const char* kTiny = "conv 4 5x5, relu, pool 2, conv 8 5x5, relu, pool 2, dense 10";

/// A preset's description, or nullptr.
const char* preset_text(std::string_view name) {
  if (name == "wss17") return kWss17;
  if (name == "caffe") return kCaffe;
  if (name == "softmax") return kSoftmax;
  if (name == "mlp") return kMlp;
  if (name == "lenet5") return kLenet5;
  return name == "tiny" ? kTiny : nullptr;
}

constexpr int kLargestCount = 4096;           // maps or units of one layer
constexpr std::size_t kLargestActivation = std::size_t{1} << 20;  // values of one layer and image
constexpr std::size_t kLargestWeights = std::size_t{1} << 24;     // parameters of one layer

std::string describe(const LayerSpec& layer, std::size_t position) {
  return "layer " + std::to_string(position + 1) + (layer.name.empty() ? "" : " (" + layer.name + ")");
}

void check_positive(int value, const char* what, const std::string& where, int largest) {
  if (value < 1 || value > largest) {
    throw Error(where + ": its " + what + " is " + std::to_string(value) + ", but must lie between 1 and " +
                std::to_string(largest) + ".");
  }
}

void check_drop(double drop, const std::string& where) {
  if (drop >= 0 && drop < 1) return;
  throw Error(where + ": it drops the fraction " + decimal_text(drop) + ", but must drop at least 0 and less than 1, such as 0.5.");
}

/// Output length of a window that slides along one side.
int slide(int length, const LayerSpec& layer, const std::string& where, const Shape& input) {
  const int room = length + 2 * layer.padding - layer.kernel;
  if (room < 0) {
    throw Error(where + ": a " + std::to_string(layer.kernel) + "×" + std::to_string(layer.kernel) +
                " window does not fit its input of " + to_string(input) +
                (layer.padding > 0 ? " with padding " + std::to_string(layer.padding) : "") +
                ". Use a smaller window, more padding, or fewer layers before it.");
  }
  return room / layer.stride + 1;
}

Shape output_shape(const LayerSpec& layer, const Shape& input, const std::string& where) {
  switch (layer.kind) {
    case LayerKind::kRelu:
    case LayerKind::kTanh:
    case LayerKind::kSigmoid: return input;
    case LayerKind::kDropout: check_drop(layer.drop, where); return input;
    case LayerKind::kFlatten: return {static_cast<int>(input.size()), 1, 1};
    case LayerKind::kDense: check_positive(layer.outputs, "number of units", where, kLargestCount); return {layer.outputs, 1, 1};
    case LayerKind::kConv: check_positive(layer.outputs, "number of maps", where, kLargestCount); break;
    case LayerKind::kMaxPool:
    case LayerKind::kAveragePool: break;
  }
  check_positive(layer.kernel, "kernel size", where, 255);
  check_positive(layer.stride, "stride", where, 255);
  if (layer.padding < 0 || layer.padding >= layer.kernel) {
    throw Error(where + ": its padding is " + std::to_string(layer.padding) + ", but must lie between 0 and the kernel size less one.");
  }
  if (layer.kind != LayerKind::kConv && layer.padding != 0) throw Error(where + ": pooling has no padding here.");
  const int channels = layer.kind == LayerKind::kConv ? layer.outputs : input.channels;
  return {channels, slide(input.height, layer, where, input), slide(input.width, layer, where, input)};
}

void check_size(const LayerSpec& layer, const Shape& input, const Shape& output, const std::string& where) {
  std::size_t weights = 0;
  if (layer.kind == LayerKind::kDense) weights = input.size() * output.size();
  if (layer.kind == LayerKind::kConv) {
    weights = static_cast<std::size_t>(layer.kernel) * static_cast<std::size_t>(layer.kernel) *
              static_cast<std::size_t>(input.channels) * static_cast<std::size_t>(layer.outputs);
  }
  if (output.size() > kLargestActivation || weights > kLargestWeights) {
    throw Error(where + ": it is too large for this program (" + to_string(output) + " activations, " + std::to_string(weights) +
                " weights). Use fewer maps or units.");
  }
}

std::string base_name(LayerKind kind) {
  switch (kind) {
    case LayerKind::kConv: return "conv";
    case LayerKind::kMaxPool: return "pool";
    case LayerKind::kRelu: return "relu";
    case LayerKind::kDense: return "fc";
    case LayerKind::kFlatten: return "flatten";
    case LayerKind::kDropout: return "dropout";
    case LayerKind::kAveragePool: return "average";
    case LayerKind::kTanh: return "tanh";
    case LayerKind::kSigmoid: return "sigmoid";
  }
  return {};
}

// --- reading a description ------------------------------------------------------------------------------------------------

int read_number(std::string_view text, std::string_view layer) {
  const std::optional<int> value = read_whole<int>(text);
  if (!value) {
    throw Error("Network description: expected a whole number, found “" + std::string(text) + "” in “" + std::string(layer) + "”.");
  }
  return *value;
}

double read_fraction(std::string_view text, std::string_view layer) {
  const std::optional<double> value = read_decimal(text);
  if (!value) {
    throw Error("Network description: expected a fraction such as 0.5, found “" + std::string(text) + "” in “" +
                std::string(layer) + "”.");
  }
  return *value;
}

/// "5x5" or "5".
int read_kernel(std::string_view text, std::string_view layer) {
  const std::size_t cross = text.find('x');
  if (cross == std::string_view::npos) return read_number(text, layer);
  const int height = read_number(text.substr(0, cross), layer);
  if (height != read_number(text.substr(cross + 1), layer)) {
    throw Error("Network description: “" + std::string(layer) + "” has a kernel that is not square; only square kernels are known.");
  }
  return height;
}

/// A number of pixels, or "same": as many as keep the size of the input under a stride of 1.
int read_padding(std::string_view text, int kernel, std::string_view layer) {
  if (text != "same") return read_number(text, layer);
  if (kernel % 2 == 0) {
    throw Error("Network description: padding ‘same’ needs an odd kernel, such as 3x3 or 5x5; “" + std::string(layer) +
                "” has an even one.");
  }
  return (kernel - 1) / 2;
}

LayerSpec parse_layer(std::string_view text) {
  const std::vector<std::string_view> words = split(text, " \t");
  const std::string_view kind = words.empty() ? std::string_view{} : words[0];
  LayerSpec layer;
  std::size_t fixed = 1;  // words before the options
  if (kind == "relu") {
    layer.kind = LayerKind::kRelu;
  } else if (kind == "tanh") {
    layer.kind = LayerKind::kTanh;
  } else if (kind == "sigmoid") {
    layer.kind = LayerKind::kSigmoid;
  } else if (kind == "dense" && words.size() >= 2) {
    layer.kind = LayerKind::kDense;
    layer.outputs = read_number(words[1], text);
    fixed = 2;
  } else if (kind == "conv" && words.size() >= 3) {
    layer.kind = LayerKind::kConv;
    layer.outputs = read_number(words[1], text);
    layer.kernel = read_kernel(words[2], text);
    fixed = 3;
  } else if ((kind == "pool" || kind == "average") && words.size() >= 2) {
    layer.kind = kind == "pool" ? LayerKind::kMaxPool : LayerKind::kAveragePool;
    layer.kernel = read_kernel(words[1], text);
    layer.stride = layer.kernel;
    fixed = 2;
  } else if (kind == "dropout" && words.size() >= 2) {
    layer.kind = LayerKind::kDropout;
    layer.drop = read_fraction(words[1], text);
    fixed = 2;
  } else {
    throw Error(
        "Network description: cannot read “" + std::string(text) +
        "”. Known layers: conv MAPS KxK [stride S] [padding P], pool K [stride S], average K [stride S], relu, tanh, sigmoid, "
        "dropout FRACTION, dense UNITS.");
  }
  const bool windowed = has_window(layer.kind);
  for (std::size_t i = fixed; i < words.size(); i += 2) {
    if (windowed && i + 1 < words.size() && words[i] == "stride") {
      layer.stride = read_number(words[i + 1], text);
    } else if (windowed && i + 1 < words.size() && words[i] == "padding") {
      layer.padding = read_padding(words[i + 1], layer.kernel, text);
    } else {
      throw Error("Network description: “" + std::string(words[i]) + "” is not an option of “" + std::string(kind) + "”.");
    }
  }
  return layer;
}

}  // namespace

std::string to_string(const Shape& shape) {
  if (shape.height == 1 && shape.width == 1) return std::to_string(shape.channels);
  return std::to_string(shape.channels) + "×" + std::to_string(shape.height) + "×" + std::to_string(shape.width);
}

std::vector<ResolvedLayer> resolve(const NetworkSpec& spec, int classes) {
  if (spec.layers.empty()) throw Error("The network has no layers. The smallest one is “dense " + std::to_string(classes) + "”.");
  if (spec.layers.size() > 64) throw Error("The network has more than 64 layers.");
  std::vector<ResolvedLayer> layers;
  std::map<LayerKind, int> counts;
  Shape shape = spec.input;
  const auto append = [&](LayerSpec layer, const std::string& where) {
    const Shape output = output_shape(layer, shape, where);
    check_size(layer, shape, output, where);
    layers.push_back({std::move(layer), shape, output, static_cast<int>(layers.size())});
    shape = output;
  };
  for (std::size_t i = 0; i < spec.layers.size(); ++i) {
    LayerSpec layer = spec.layers[i];
    layer.name = base_name(layer.kind) + std::to_string(++counts[layer.kind]);
    const std::string where = describe(layer, i);
    const bool is_vector = shape.height == 1 && shape.width == 1;
    if (layer.kind == LayerKind::kDense && !is_vector) append({.kind = LayerKind::kFlatten, .name = "flatten"}, where);
    append(std::move(layer), where);
  }
  const LayerSpec& last = layers.back().spec;
  if (last.kind != LayerKind::kDense || last.outputs != classes) {
    throw Error("The last layer must be “dense " + std::to_string(classes) + "”, one output per class; it is " + last.name +
                " with " + to_string(shape) + " outputs.");
  }
  return layers;
}

const std::vector<std::string>& preset_names() {
  static const std::vector<std::string> kNames = {"wss17", "caffe", "softmax", "mlp", "lenet5", "tiny"};
  return kNames;
}

NetworkSpec preset(std::string_view name, Shape input, int classes) {
  const char* text = preset_text(name);
  if (text == nullptr) {
    throw Error("There is no network preset “" + std::string(name) + "”. Known presets: " + join(preset_names(), ", ") + ".");
  }
  NetworkSpec spec = parse_network(text, input);
  spec.name = std::string(name);
  spec.layers.back().outputs = classes;
  return spec;
}

NetworkSpec parse_network(std::string_view text, Shape input) {
  NetworkSpec spec{"custom", input, {}};
  for (const std::string_view part : split(text, ",;\n")) {
    const std::size_t begin = part.find_first_not_of(" \t");
    if (begin == std::string_view::npos) continue;
    spec.layers.push_back(parse_layer(part.substr(begin)));
  }
  return spec;
}

std::string to_string(const NetworkSpec& spec) {
  std::string text;
  for (const LayerSpec& layer : spec.layers) {
    if (!text.empty()) text += ", ";
    const std::string kernel = std::to_string(layer.kernel);
    switch (layer.kind) {
      case LayerKind::kConv: text += "conv " + std::to_string(layer.outputs) + " " + kernel + "x" + kernel; break;
      case LayerKind::kMaxPool: text += "pool " + kernel; break;
      case LayerKind::kRelu: text += "relu"; break;
      case LayerKind::kDense: text += "dense " + std::to_string(layer.outputs); break;
      case LayerKind::kFlatten: break;
      case LayerKind::kDropout: text += "dropout " + decimal_text(layer.drop); break;
      case LayerKind::kAveragePool: text += "average " + kernel; break;
      case LayerKind::kTanh: text += "tanh"; break;
      case LayerKind::kSigmoid: text += "sigmoid"; break;
    }
    const int usual_stride = layer.kind == LayerKind::kConv ? 1 : layer.kernel;
    if (layer.stride != usual_stride && layer.kernel > 0) text += " stride " + std::to_string(layer.stride);
    if (layer.padding != 0) text += " padding " + std::to_string(layer.padding);
  }
  return text;
}

}  // namespace lenet::nn
