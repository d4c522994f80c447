// A network as data: a list of layer descriptions, checked against its input before anything is built.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "nn/shape.h"

namespace lenet::nn {

enum class LayerKind {
  kConv,         ///< cross-correlation with square kernels, zero padding, a bias per map
  kMaxPool,      ///< maximum of square windows; keeps where it was (the switches)
  kRelu,         ///< max(0, x)
  kDense,        ///< every output reads every input, in the order channel, y, x
  kFlatten,      ///< [y][x][channel] to [channel][y][x]; put in by the network itself before a dense layer
  kDropout,      ///< in training sets some values to zero, by chance, and enlarges the others; passes everything on otherwise
  kAveragePool,  ///< mean of square windows
  kTanh,         ///< tanh(x)
  kSigmoid,      ///< 1 / (1 + e^-x)
};

/// Whether it is a nonlinearity of each value alone: right behind another layer, its output is that layer's activation.
constexpr bool is_nonlinearity(LayerKind kind) {
  return kind == LayerKind::kRelu || kind == LayerKind::kTanh || kind == LayerKind::kSigmoid;
}

/// Whether it slides a square window: it has a kernel and a stride.
constexpr bool has_window(LayerKind kind) {
  return kind == LayerKind::kConv || kind == LayerKind::kMaxPool || kind == LayerKind::kAveragePool;
}

/// One layer. `outputs` is the number of maps or units (conv, dense); `kernel`, `stride`, `padding` are in pixels.
/// `drop` is the fraction that a dropout layer sets to zero, in [0, 1).
struct LayerSpec {
  LayerKind kind = LayerKind::kRelu;
  int outputs = 0;
  int kernel = 0;
  int stride = 1;
  int padding = 0;
  double drop = 0;
  std::string name = {};  ///< conv1, relu1, pool1, fc1, … filled in by resolve()
};

struct NetworkSpec {
  std::string name;  ///< the preset's name, or "custom"
  Shape input;
  std::vector<LayerSpec> layers;
};

/// A layer with its name and shapes settled.
struct ResolvedLayer {
  LayerSpec spec;
  Shape input;
  Shape output;
  int position = 0;  ///< in what resolve() returns: a dropout's random numbers are keyed by it, fused or not
};

/// Names the layers, works out every shape and inserts the flattening before dense layers.
/// Throws Error, naming the layer and the shapes, when a layer does not fit or the last one is not dense with `classes` outputs.
std::vector<ResolvedLayer> resolve(const NetworkSpec& spec, int classes = 10);

/// The presets' names: "wss17" (the default; conv 20@5×5, ReLU, pool, conv 50@5×5, ReLU, pool, 500, ReLU, 10), "caffe" (the
/// same sizes with one ReLU only, after the 500 units, as Caffe's lenet.prototxt), "softmax" (pixels to classes: 10), "mlp"
/// (wss17 without its convs: 500, ReLU, 10), "lenet5" (conv 6@5×5, average pool, conv 16@5×5, average pool, conv 120@5×5, 84, 10;
/// tanh after each conv and after the 84) and "tiny" (conv 4@5×5, ReLU, pool, conv 8@5×5, ReLU, pool, 10).
///
/// "lenet5" has the sizes of LeNet-5 (LeCun et al. 1998), 28×28 padded as if it were 32×32, and is simpler: an average pool for
/// trainable subsampling (factor, bias and nonlinearity), a second conv that reads all maps for a table of connections, tanh(x) for
/// 1.7159·tanh(2x/3), and softmax for an RBF output.
const std::vector<std::string>& preset_names();

/// A preset whose last layer has `classes` outputs. Throws Error that lists the known names for any other name.
NetworkSpec preset(std::string_view name, Shape input, int classes = 10);

/// Reads a description such as "conv 20 5x5, relu, pool 2, conv 50 5x5 stride 1 padding 2, relu, pool 2, dense 500, relu, dense 10".
/// `pool K` (maxima) and `average K` have stride K unless they say otherwise; `tanh` and `sigmoid` stand where `relu` may;
/// `padding same` is (kernel - 1) / 2, which keeps the size under stride 1, and needs an odd kernel; `dropout P` drops the fraction P.
/// Throws Error that quotes the part it cannot read.
NetworkSpec parse_network(std::string_view text, Shape input);

/// The description in the form that parse_network() reads.
std::string to_string(const NetworkSpec& spec);

}  // namespace lenet::nn
