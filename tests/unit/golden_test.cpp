// Tests against tests/golden: what PyTorch computes for small cases; make_goldens.py there says how.
#include <array>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>

#include "golden_support.h"
#include "nn/block.h"
#include "nn/projection.h"
#include "nn/safetensors.h"
#include "nn/trainer.h"

using namespace lenet;
using nn::kLanes;
using nn::kernels::BackwardRule;

namespace {

constexpr int kImages = test::kGoldenDigits;
constexpr int kBlank = 2;    // this digit is wiped out: ties everywhere

/// make_goldens.py's hash_values(): numbers in [-0.5, 0.5), exact in float.
template <class T>
std::vector<T> hash_values(std::size_t count, std::uint32_t salt) {
  std::vector<T> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    std::uint32_t x = static_cast<std::uint32_t>(i) * 2654435761u + salt;
    x = (x ^ (x >> 16)) * 0x85EBCA6Bu;
    x = (x ^ (x >> 13)) * 0xC2B2AE35u;
    x ^= x >> 16;
    values[i] = static_cast<T>(x >> 8) / T(1 << 24) - T(0.5);
  }
  return values;
}

/// make_goldens.py's make_weights().
template <class T>
nn::Weights<T> formula_weights(const nn::Network<T>& network, std::uint32_t salt) {
  nn::Weights<T> weights = network.make_weights();
  for (std::size_t k = 0; k < network.parameters().size(); ++k) {
    const nn::ParameterView& view = network.parameters()[k];
    double bound = view.is_bias ? 0.125 : 1;
    const double fan_in = static_cast<double>(view.size) / view.shape[0];
    while (!view.is_bias && bound * bound * fan_in > 12) bound /= 2;
    const std::vector<T> values = hash_values<T>(view.size, salt + static_cast<std::uint32_t>(k));
    for (std::size_t i = 0; i < view.size; ++i) weights.values[view.offset + i] = static_cast<T>(2 * bound) * values[i];
  }
  network.pack(weights);
  return weights;
}

/// make_goldens.py's make_images(): the stored digits, or a formula for other input shapes.
template <class T>
std::vector<T> make_images(const nn::Shape& input) {
  std::vector<T> images;
  if (input == nn::Shape{1, 28, 28}) {
    for (const std::uint8_t byte : test::read_golden_idx(data::IdxKind::kImages, "digits-images-idx3-ubyte")) {
      images.push_back(static_cast<T>(static_cast<float>(byte) / 255.0F));
    }
    std::fill_n(images.begin() + kBlank * static_cast<std::ptrdiff_t>(input.size()), input.size(), T(0));
  } else {
    images = hash_values<T>(kImages * input.size(), 999);
    for (T& value : images) value += T(0.5);
  }
  return images;
}

nn::Shape parse_shape(const std::string& text) {
  nn::Shape shape;
  char comma = 0;
  std::istringstream(text) >> shape.channels >> comma >> shape.height >> comma >> shape.width;
  return shape;
}

/// One golden file and the network that it is about.
template <class T>
struct Golden {
  explicit Golden(const std::string& name)
      : file(nn::read_safetensors(test::read_golden(name + ".safetensors"), name)),
        network(nn::parse_network(file.metadata.at("network"), parse_shape(file.metadata.at("input")))),
        fused(network.spec(), 10, nn::Fusing::kOn),
        weights(formula_weights(network, static_cast<std::uint32_t>(std::stoul(file.metadata.at("salt"))))),
        images(make_images<T>(network.input())),
        labels(test::read_golden_idx(data::IdxKind::kLabels, "digits-labels-idx1-ubyte")),
        workspace(network.make_workspace()) {
    const std::size_t size = network.input().size();
    for (std::size_t i = 0; i < kImages; ++i) views.push_back(std::span<const T>(images).subspan(i * size, size));
  }

  double number(const std::string& key) const { return std::stod(file.metadata.at(key)); }

  int lanes(int first) const { return std::min(kLanes, kImages - first); }

  void load_block(int first) {
    for (int lane = 0; lane < kLanes; ++lane) {
      T* block = workspace.activation[0].data();
      if (lane < lanes(first)) {
        nn::set_image(network.input(), views[static_cast<std::size_t>(first + lane)], lane, block);
      } else {
        nn::clear_image(network.input(), lane, block);
      }
    }
  }

  /// Holds all values of a tensor against the stored ones ("name@stride": every stride-th), relative to the largest.
  void compare(const std::string& name, std::span<const T> values) {
    const std::string prefix = name + "@";
    const auto found = std::find_if(file.tensors.begin(), file.tensors.end(), [&](const nn::NamedTensor& tensor) {
      return tensor.name.compare(0, prefix.size(), prefix) == 0;
    });
    REQUIRE_MESSAGE(found != file.tensors.end(), name);
    compared.insert(found->name);
    const std::size_t stride = std::stoul(found->name.substr(prefix.size()));
    std::vector<T> sample;
    for (std::size_t i = 0; i < values.size(); i += stride) sample.push_back(values[i]);
    const double limit = sizeof(T) == sizeof(float) ? 1e-5 : 2e-7;  // the goldens themselves are stored as float32
    const double difference = test::relative_difference(sample, found->values);
    CHECK_MESSAGE(difference <= limit, name << ": " << difference);
    worst = std::max(worst, difference);
  }

  nn::TensorFile file;
  nn::Network<T> network;  // layer by layer, to look into
  nn::Network<T> fused;    // as it trains
  nn::Weights<T> weights;  // of `network`
  std::vector<T> images;
  std::vector<std::uint8_t> labels;
  std::vector<std::span<const T>> views;
  nn::Workspace<T> workspace;
  std::set<std::string> compared;
  double worst = 0;
};

template <class T>
void check_activations(Golden<T>& golden) {
  for (std::size_t i = 0; i < golden.network.layer_count(); ++i) {
    if (golden.network.layer(i).spec().kind == nn::LayerKind::kFlatten) continue;
    std::vector<T> values;
    for (int first = 0; first < kImages; first += kLanes) {
      golden.load_block(first);
      golden.network.forward(golden.weights, golden.workspace);
      for (int lane = 0; lane < golden.lanes(first); ++lane) {
        const auto image = nn::get_image(golden.network.layer(i).output(), golden.workspace.activation[i + 1].data(), lane);
        values.insert(values.end(), image.begin(), image.end());
      }
    }
    golden.compare("activation." + golden.network.layer(i).spec().name, values);
  }
}

template <class T>
void run_shards(nn::Trainer<T>& trainer, nn::Workspace<T>& workspace) {
  for (int shard = 0; shard < trainer.shard_count(); ++shard) trainer.run_shard(shard, workspace);
}

template <class T>
void start_from(nn::Trainer<T>& trainer, const nn::Weights<T>& weights) {
  trainer.weights().values = weights.values;
  trainer.network().pack(trainer.weights());
}

template <class T>
void check_gradients(Golden<T>& golden, const nn::Network<T>& network) {
  nn::Trainer<T> trainer(network);
  start_from(trainer, golden.weights);
  const std::vector<nn::GroupSettings> groups(static_cast<std::size_t>(network.group_count()));
  trainer.template begin<T>(golden.views, golden.labels, groups);
  nn::Workspace<T> workspace = network.make_workspace();
  run_shards(trainer, workspace);
  const T loss = static_cast<T>(trainer.reduce().loss);
  golden.compare("loss", std::span(&loss, 1));
  for (const nn::ParameterView& view : network.parameters()) golden.compare("gradient." + view.name, view.of(trainer.gradient()));
}

template <class T>
std::vector<T> project_all(Golden<T>& golden, std::size_t layer, int unit, BackwardRule rule) {
  std::vector<T> pixels;
  for (int first = 0; first < kImages; first += kLanes) {
    golden.load_block(first);
    golden.network.forward(golden.weights, golden.workspace, static_cast<int>(layer));
    std::array<nn::ProjectionTarget, kLanes> targets{};
    for (int lane = 0; lane < golden.lanes(first); ++lane) {
      targets[static_cast<std::size_t>(lane)] = {unit, nn::find_peak(golden.network, golden.workspace, layer, unit, lane)};
    }
    nn::project(golden.network, golden.weights, golden.workspace, layer, targets, rule);
    for (int lane = 0; lane < golden.lanes(first); ++lane) {
      const auto image = nn::get_image(golden.network.input(), golden.workspace.gradient[0].data(), lane);
      pixels.insert(pixels.end(), image.begin(), image.end());
    }
  }
  return pixels;
}

/// Every projection that the file holds: "project.<rule>.<layer>.<unit>@<stride>".
template <class T>
int check_projections(Golden<T>& golden) {
  const std::map<std::string, BackwardRule> rules = {
      {"deconv", BackwardRule::kDeconv}, {"gradient", BackwardRule::kGradient}, {"guided", BackwardRule::kGuided}};
  int count = 0;
  for (const nn::NamedTensor& tensor : golden.file.tensors) {
    std::istringstream name(tensor.name.substr(0, tensor.name.find('@')));
    std::string kind, rule, layer, unit;
    std::getline(std::getline(std::getline(std::getline(name, kind, '.'), rule, '.'), layer, '.'), unit);
    if (kind != "project") continue;
    const std::size_t observed = nn::observed_layer(golden.network, golden.network.find_layer(layer));
    golden.compare(name.str(), project_all(golden, observed, std::stoi(unit), rules.at(rule)));
    ++count;
  }
  return count;
}

/// The steps that the metadata lists, such as "0-11-all 0-8-frozen": images, and whether one layer is frozen meanwhile.
template <class T>
void check_steps(Golden<T>& golden, const nn::Network<T>& network) {
  nn::Trainer<T> trainer(network);
  start_from(trainer, golden.weights);
  nn::Workspace<T> workspace = network.make_workspace();
  std::vector<nn::GroupSettings> groups(static_cast<std::size_t>(network.group_count()));
  const auto group_of = [&](const std::string& key) {
    return network.find_parameter(golden.file.metadata.at(key) + ".weight").group;
  };
  const int frozen_group = group_of("frozen");
  nn::GroupSettings& frozen = groups[static_cast<std::size_t>(frozen_group)];
  groups[static_cast<std::size_t>(group_of("multiplied"))].multiplier = golden.number("multiplier");
  const nn::SgdSettings sgd{golden.number("rate"), golden.number("momentum"), golden.number("decay")};

  std::istringstream steps(golden.file.metadata.at("steps"));
  std::size_t first = 0, last = 0;
  char dash = 0;
  std::string what;
  while (steps >> first >> dash >> last >> dash >> what) {
    if (frozen.frozen && what != "frozen") trainer.clear_momentum(frozen_group);
    frozen.frozen = what == "frozen";
    trainer.template begin<T>(std::span(golden.views).subspan(first, last - first),
                              std::span(golden.labels).subspan(first, last - first), groups);
    run_shards(trainer, workspace);
    CHECK(trainer.finish(sgd).finite);
  }
  for (const nn::ParameterView& view : network.parameters()) {
    golden.compare("trained." + view.name, view.of(std::span<const T>(trainer.weights().values)));
    golden.compare("momentum." + view.name, view.of(std::as_const(trainer).momentum()));
  }
}

template <class T>
void check_case(const std::string& name) {
  Golden<T> golden(name);
  check_activations(golden);
  CHECK(check_projections(golden) >= 12);
  for (const nn::Network<T>* network : {&golden.network, &golden.fused}) {
    check_gradients(golden, *network);
    check_steps(golden, *network);
  }
  CHECK(golden.compared.size() == golden.file.tensors.size());  // nothing stored is left out
  MESSAGE(name << ", " << 8 * sizeof(T) << " bits: largest relative difference from PyTorch " << golden.worst);
}

}  // namespace

TEST_CASE("golden: wss17 as in PyTorch") {
  check_case<float>("wss17");
  check_case<double>("wss17");
}

TEST_CASE("golden: caffe as in PyTorch") {
  check_case<float>("caffe");
  check_case<double>("caffe");
}

TEST_CASE("golden: a net with three input channels, strides, padding and overlapping pools as in PyTorch") {
  check_case<float>("custom");
  check_case<double>("custom");
}

TEST_CASE("golden: a net with tanh, sigmoid, average pools and padding same as in PyTorch") {
  check_case<float>("smooth");
  check_case<double>("smooth");
}
