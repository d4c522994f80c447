#include "cli/dump.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <span>
#include <vector>

#include "base/error.h"
#include "cli/files.h"
#include "cli/program.h"
#include "cli/saved_network.h"
#include "data/npy.h"
#include "nn/block.h"
#include "nn/checkpoint.h"
#include "nn/projection.h"
#include "nn/trainer.h"

namespace lenet::cli {
namespace {

using nn::kLanes;
using nn::kernels::BackwardRule;

constexpr std::array<std::pair<BackwardRule, const char*>, 3> kRules = {
    {{BackwardRule::kDeconv, "deconv"}, {BackwardRule::kGradient, "gradient"}, {BackwardRule::kGuided, "guided"}}};

/// A unit named by --project.
struct Unit {
  std::size_t layer = 0;     ///< as named
  std::size_t observed = 0;  ///< after its nonlinearity
  int unit = 0;
};

/// The images and labels, checked.
struct Batch {
  data::NpyFloats images;
  std::vector<std::uint8_t> labels;
  std::vector<std::span<const float>> views;  // one per image
};

std::string shape_text(const std::vector<int>& shape) {
  std::string text;
  for (const int extent : shape) text += (text.empty() ? "" : ", ") + std::to_string(extent);
  return "[" + text + "]";
}

Batch read_batch(const DumpOptions& options, int classes) {
  Batch batch{data::load_npy_floats(options.images_file), {}, {}};
  const std::vector<int>& shape = batch.images.shape;
  if (shape.size() != 4 || std::find(shape.begin(), shape.end(), 0) != shape.end()) {
    throw Error(options.images_file + ": the images must have the shape [n, channels, height, width], not " + shape_text(shape) +
                ".");
  }
  if (!std::all_of(batch.images.values.begin(), batch.images.values.end(), [](float v) { return v - v == 0; })) {
    throw Error(options.images_file + ": a pixel is infinite or no number.");
  }
  const data::NpyInts labels = data::load_npy_ints(options.labels_file);
  if (labels.shape.size() != 1 || labels.shape[0] != shape[0]) {
    throw Error(options.labels_file + ": there are " + std::to_string(shape[0]) + " images, so the labels must have the shape [" +
                std::to_string(shape[0]) + "], not " + shape_text(labels.shape) + ".");
  }
  for (const std::int64_t label : labels.values) {
    if (label < 0 || label >= classes) {
      throw Error(options.labels_file + ": the label " + std::to_string(label) + " is not between 0 and " +
                  std::to_string(classes - 1) + ".");
    }
    batch.labels.push_back(static_cast<std::uint8_t>(label));
  }
  const std::size_t size = batch.images.values.size() / batch.labels.size();
  for (std::size_t i = 0; i < batch.labels.size(); ++i)
    batch.views.push_back(std::span<const float>(batch.images.values).subspan(i * size, size));
  return batch;
}

/// The network that the options name, else the one that the weights were saved with, else wss17.
nn::NetworkSpec network_spec(const DumpOptions& options, std::span<const std::byte> weights_file, nn::Shape input) {
  if (!options.network.empty()) return nn::parse_network(options.network, input);
  if (!options.preset.empty()) return nn::preset(options.preset, input);
  return saved_network(weights_metadata(weights_file, options.weights_file), input);
}

Unit parse_unit(const nn::Network<float>& network, const std::string& text) {
  const std::size_t colon = text.find(':');
  Unit unit;
  const std::string number = colon == std::string::npos ? "" : text.substr(colon + 1);
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), unit.unit);
  if (error != std::errc() || end != number.data() + number.size()) {
    throw Error("--project: “" + text + "” is not of the form layer:unit, such as conv2:7.");
  }
  unit.layer = network.find_layer(text.substr(0, colon));
  unit.observed = nn::observed_layer(network, unit.layer);
  const int units = network.layer(unit.layer).output().channels;
  if (unit.unit < 0 || unit.unit >= units) {
    throw Error("--project: " + text.substr(0, colon) + " has units 0 to " + std::to_string(units - 1) + "; there is no unit " +
                number + ".");
  }
  return unit;
}

std::vector<Unit> parse_units(const nn::Network<float>& network, const std::string& text) {
  std::vector<Unit> units;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    units.push_back(parse_unit(network, text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return units;
}

class Dumper {
 public:
  Dumper(const nn::Network<float>& network, nn::Weights<float> weights, const Batch& batch, std::filesystem::path folder)
      : network_(network),
        weights_(std::move(weights)),
        batch_(batch),
        folder_(std::move(folder)),
        workspace_(network.make_workspace()) {}

  void write_activations();
  void write_gradients();
  void write_projections(const Unit& unit);
  int files() const { return files_; }

 private:
  int images() const { return static_cast<int>(batch_.labels.size()); }
  void load_block(int first);
  int lanes(int first) const { return std::min(kLanes, images() - first); }
  void write(const std::string& name, const std::vector<int>& shape, std::span<const float> values);

  const nn::Network<float>& network_;
  nn::Weights<float> weights_;
  const Batch& batch_;
  std::filesystem::path folder_;
  nn::Workspace<float> workspace_;
  int files_ = 0;
};

void Dumper::write(const std::string& name, const std::vector<int>& shape, std::span<const float> values) {
  write_file(folder_ / (name + ".npy"), data::format_npy(shape, values));
  ++files_;
}

void Dumper::load_block(int first) {
  for (int lane = 0; lane < kLanes; ++lane) {
    float* block = workspace_.activation[0].data();
    if (lane < lanes(first)) {
      nn::set_image(network_.input(), batch_.views[static_cast<std::size_t>(first + lane)], lane, block);
    } else {
      nn::clear_image(network_.input(), lane, block);
    }
  }
}

/// A layer at a time over all images, so that the largest file, not their sum, has to fit into memory.
void Dumper::write_activations() {
  bool flat = false;  // behind a dense layer there are units, no maps
  for (std::size_t i = 0; i < network_.layer_count(); ++i) {
    const nn::LayerSpec& spec = network_.layer(i).spec();
    flat = flat || spec.kind == nn::LayerKind::kDense;
    if (spec.kind == nn::LayerKind::kFlatten) continue;
    const nn::Shape shape = network_.layer(i).output();
    std::vector<float> values;
    values.reserve(shape.size() * batch_.labels.size());
    for (int first = 0; first < images(); first += kLanes) {
      load_block(first);
      network_.forward(weights_, workspace_, static_cast<int>(i));
      for (int lane = 0; lane < lanes(first); ++lane) {
        const std::vector<float> image = nn::get_image(shape, workspace_.activation[i + 1].data(), lane);
        values.insert(values.end(), image.begin(), image.end());
      }
    }
    write("activation." + spec.name,
          flat ? std::vector<int>{images(), shape.channels} : std::vector<int>{images(), shape.channels, shape.height, shape.width},
          values);
  }
}

/// The gradient that training computes, fast paths included: all images are one minibatch. Nothing
/// is dropped, so that the loss is that of the activations.
void Dumper::write_gradients() {
  const nn::Network<float> network(network_.spec(), network_.classes(), nn::Fusing::kOn);
  nn::Trainer<float> trainer(network);
  trainer.weights().values = weights_.values;
  network.pack(trainer.weights());
  nn::Workspace<float> workspace = network.make_workspace();
  const std::vector<nn::GroupSettings> groups(static_cast<std::size_t>(network_.group_count()));
  trainer.begin<float>(batch_.views, batch_.labels, groups);
  for (int shard = 0; shard < trainer.shard_count(); ++shard) trainer.run_shard(shard, workspace);
  const float loss = static_cast<float>(trainer.reduce().loss);
  write("loss", {}, std::span(&loss, 1));
  for (const nn::ParameterView& view : network_.parameters())
    write("gradient." + view.name, view.shape, view.of(trainer.gradient()));
}

void Dumper::write_projections(const Unit& unit) {
  const nn::Shape input = network_.input();
  std::array<std::vector<float>, kRules.size()> pixels;
  for (int first = 0; first < images(); first += kLanes) {
    load_block(first);
    network_.forward(weights_, workspace_, static_cast<int>(unit.observed));
    std::array<nn::ProjectionTarget, kLanes> targets{};
    for (int lane = 0; lane < lanes(first); ++lane) {
      targets[static_cast<std::size_t>(lane)] = {unit.unit, nn::find_peak(network_, workspace_, unit.observed, unit.unit, lane)};
    }
    for (std::size_t r = 0; r < kRules.size(); ++r) {
      nn::project(network_, weights_, workspace_, unit.observed, targets, kRules[r].first);
      for (int lane = 0; lane < lanes(first); ++lane) {
        const std::vector<float> image = nn::get_image(input, workspace_.gradient[0].data(), lane);
        pixels[r].insert(pixels[r].end(), image.begin(), image.end());
      }
    }
  }
  const std::string name = network_.layer(unit.layer).spec().name + "." + std::to_string(unit.unit);
  for (std::size_t r = 0; r < kRules.size(); ++r) {
    write(std::string("project.") + kRules[r].second + "." + name, {images(), input.channels, input.height, input.width},
          pixels[r]);
  }
}

}  // namespace

int dump(const DumpOptions& options) {
  constexpr int kClasses = 10;
  const Batch batch = read_batch(options, kClasses);
  const std::vector<int>& shape = batch.images.shape;
  const std::vector<std::byte> file = read_file(options.weights_file);
  const nn::Network<float> network(network_spec(options, file, {shape[1], shape[2], shape[3]}), kClasses);
  nn::Weights<float> weights = network.make_weights();
  nn::load_weights(network, file, options.weights_file, weights);
  const std::vector<Unit> units = parse_units(network, options.projections);

  make_folder(options.folder);
  Dumper dumper(network, std::move(weights), batch, options.folder);
  dumper.write_activations();
  dumper.write_gradients();
  for (const Unit& unit : units) dumper.write_projections(unit);
  std::printf("%d files for %d images in %s\n", dumper.files(), shape[0], options.folder.c_str());
  return kSuccess;
}

}  // namespace lenet::cli
