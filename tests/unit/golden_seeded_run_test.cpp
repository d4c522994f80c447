// Tests against tests/golden: one seeded run pinned to the bit (seeded-run.json), and what PyTorch projects through the network
// that it trains (trained.safetensors; make_trained.py there says how).
#include <algorithm>
#include <array>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>

#include "app/data_store.h"
#include "data/strokes.h"
#include "golden_support.h"
#include "lab/results.h"
#include "lab/run.h"
#include "nn/block.h"
#include "nn/projection.h"
#include "nn/safetensors.h"

using namespace lenet;
using nn::kLanes;
using nn::kernels::BackwardRule;

namespace {

nlohmann::json read_seeded_run() {
  const std::vector<std::byte> file = test::read_golden("seeded-run.json");
  const char* text = reinterpret_cast<const char*>(file.data());
  return nlohmann::json::parse(text, text + file.size());
}

lab::Recipe recipe_of(const nlohmann::json& json) {
  REQUIRE(json.at("dataset") == "strokes");
  lab::Recipe recipe;
  recipe.preset = json.at("preset").get<std::string>();
  recipe.batch = json.at("batch").get<int>();
  recipe.sgd = {json.at("rate").get<double>(), json.at("momentum").get<double>(), json.at("decay").get<double>()};
  return recipe;
}

/// The pinned run. Both test cases use the one that seeded_run() keeps, so that its 200 steps are taken once.
struct SeededRun {
  nlohmann::json json = read_seeded_run();
  data::StrokesDataset dataset{app::kStrokesSeed};
  lab::Run run{dataset, recipe_of(json), json.at("seed").get<std::uint64_t>()};

  std::string hash() const { return lab::hash_weights(run.network(), run.weights()); }
  void train_until(std::uint64_t steps, int threads) {
    ThreadPool pool(threads);
    lab::Workers workers(run.training_network(), pool);
    while (run.step() < steps) run.train_step(workers);
  }
};

SeededRun& seeded_run() {
  static SeededRun seeded;
  return seeded;
}

std::vector<std::string> words(const std::string& text) {
  std::istringstream stream(text);
  return {std::istream_iterator<std::string>(stream), {}};
}

/// trained.safetensors and the network that it is about, with some of the digits as the first lanes of a block.
template <class T>
class TrainedGolden {
 public:
  TrainedGolden(const lab::Run& run, nn::TensorFile file)
      : file_(std::move(file)),
        network_(run.network().spec()),
        weights_(network_.make_weights()),
        workspace_(network_.make_workspace()) {
    weights_.values.assign(run.weights().values.begin(), run.weights().values.end());
    network_.pack(weights_);
    std::vector<float> digits;  // in float for both precisions, as the script has them
    for (const std::uint8_t byte : test::read_golden_idx(data::IdxKind::kImages, "digits-images-idx3-ubyte")) {
      digits.push_back(static_cast<float>(byte) / 255.0F);
    }
    const std::size_t size = network_.input().size();
    for (const std::string& image : words(file_.metadata.at("images"))) {
      nn::set_image(network_.input(), std::span<const float>(digits).subspan(std::stoul(image) * size, size), images_++,
                    workspace_.activation[0].data());
    }
    for (const std::string& text : words(file_.metadata.at("left_out"))) left_out_.insert(text);
    network_.forward(weights_, workspace_);
  }

  int images() const { return images_; }
  std::size_t left_out() const { return left_out_.size(); }
  std::size_t units(const std::string& layer) const { return words(file_.metadata.at("units." + layer)).size(); }

  /// Holds all units of a layer against the file, under one rule. Returns how many projections were not zero.
  int check(const std::string& layer, const std::string& rule_name, BackwardRule rule) {
    const auto& [samples_name, samples] = tensor(rule_name + "." + layer + "@");
    const std::vector<float>& largest = tensor("largest." + rule_name + "." + layer).second;
    const int stride = std::stoi(samples_name.substr(samples_name.find('@') + 1));
    const std::vector<std::string> units = words(file_.metadata.at("units." + layer));
    const std::size_t count = network_.input().size() / static_cast<std::size_t>(stride);
    REQUIRE(samples.size() == static_cast<std::size_t>(images_) * units.size() * count);
    REQUIRE(largest.size() == static_cast<std::size_t>(images_) * units.size());
    int not_zero = 0;
    for (std::size_t u = 0; u < units.size(); ++u) {
      const int unit = std::stoi(units[u]);
      project(layer, unit, rule);
      for (int image = 0; image < images_; ++image) {
        if (left_out_.contains(layer + ":" + units[u] + ":" + std::to_string(image))) continue;
        CAPTURE(rule_name + " of " + layer + ":" + units[u] + ", image " + std::to_string(image));
        const std::size_t row = static_cast<std::size_t>(image) * units.size() + u;
        compare(image, (unit + image) % stride, stride, std::span(samples).subspan(row * count, count), largest[row]);
        not_zero += largest[row] > 0;
      }
    }
    return not_zero;
  }

  double worst() const { return worst_; }

 private:
  /// A tensor's name and values.
  std::pair<std::string, std::vector<float>> tensor(const std::string& prefix) const {
    const auto found = std::find_if(file_.tensors.begin(), file_.tensors.end(),
                                    [&](const nn::NamedTensor& t) { return t.name.starts_with(prefix); });
    REQUIRE_MESSAGE(found != file_.tensors.end(), prefix);
    return {found->name, {found->values.begin(), found->values.end()}};
  }

  void project(const std::string& layer, int unit, BackwardRule rule) {
    const std::size_t observed = nn::observed_layer(network_, network_.find_layer(layer));
    std::array<nn::ProjectionTarget, kLanes> targets;
    for (int lane = 0; lane < images_; ++lane) {
      targets[static_cast<std::size_t>(lane)] = {unit, nn::find_peak(network_, workspace_, observed, unit, lane)};
    }
    nn::project(network_, weights_, workspace_, observed, targets, rule);
  }

  /// max |a - b| <= limit · max |b|, with the maxima over all pixels: those of which a sample is stored, and the largest of all.
  void compare(int lane, int first, int stride, std::span<const float> samples, double largest) {
    const std::vector<T> pixels = nn::get_image(network_.input(), workspace_.gradient[0].data(), lane);
    double our_largest = 0;
    for (const T pixel : pixels) our_largest = std::max(our_largest, std::abs(static_cast<double>(pixel)));
    double difference = std::abs(our_largest - largest);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const T pixel = pixels[static_cast<std::size_t>(first) + i * static_cast<std::size_t>(stride)];
      const double here = std::abs(static_cast<double>(pixel) - static_cast<double>(samples[i]));
      difference = here <= difference ? difference : here;  // so that NaN counts
    }
    const double limit = sizeof(T) == sizeof(float) ? 1e-5 : 2e-7;  // the goldens themselves are stored as float32
    CHECK(difference <= limit * largest);
    if (largest > 0) worst_ = std::max(worst_, difference / largest);
  }

  nn::TensorFile file_;
  nn::Network<T> network_;
  nn::Weights<T> weights_;
  nn::Workspace<T> workspace_;
  int images_ = 0;
  std::set<std::string> left_out_;  // "conv2:7:1": layer, unit and image whose peak is as good as tied
  double worst_ = 0;
};

template <class T>
void check_trained(const lab::Run& run, const nn::TensorFile& file) {
  TrainedGolden<T> golden(run, file);
  CHECK(golden.images() >= 2);
  CHECK(golden.units("conv1") == 20);
  CHECK(golden.units("conv2") == 50);
  CHECK(golden.units("fc1") + golden.units("fc2") >= 12);
  CHECK(golden.left_out() == std::stoul(file.metadata.at("left_out_count")));
  const std::pair<const char*, BackwardRule> rules[] = {
      {"deconv", BackwardRule::kDeconv}, {"gradient", BackwardRule::kGradient}, {"guided", BackwardRule::kGuided}};
  for (const char* layer : {"conv1", "conv2", "fc1", "fc2"})
    for (const auto& [name, rule] : rules) {
      // Most units answer to most digits; the projection of one that does not is zero in both.
      CHECK(golden.check(layer, name, rule) * 3 >= golden.images() * static_cast<int>(golden.units(layer)) * 2);
    }
  MESSAGE("trained, " << 8 * sizeof(T) << " bits: largest relative difference from PyTorch " << golden.worst());
}

}  // namespace

TEST_CASE("golden: a seeded run gives the same bits here as everywhere") {
  SeededRun& seeded = seeded_run();
  for (const int threads : {1, 3}) {
    seeded.run.rewind();
    seeded.train_until(seeded.json.at("steps").get<std::uint64_t>(), threads);
    CHECK(seeded.hash() == seeded.json.at("hash").get<std::string>());
  }
  seeded.train_until(seeded.json.at("long").at("steps").get<std::uint64_t>(), 2);  // goes on
  CHECK(seeded.hash() == seeded.json.at("long").at("hash").get<std::string>());
}

TEST_CASE("golden: projections of all units through the trained network of the seeded run as in PyTorch") {
  const nn::TensorFile file = nn::read_safetensors(test::read_golden("trained.safetensors"), "trained.safetensors");
  SeededRun& seeded = seeded_run();
  seeded.train_until(std::stoul(file.metadata.at("steps")), 2);  // nothing, after the case above
  REQUIRE_MESSAGE(
      seeded.hash() == file.metadata.at("hash"),
      "the run drifted from the one that PyTorch projected through: see seeded-run.json, then run make_trained.py again");
  check_trained<float>(seeded.run, file);
  check_trained<double>(seeded.run, file);
}
