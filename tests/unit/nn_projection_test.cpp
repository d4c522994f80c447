// Tests of src/nn/projection.h: deconvnet, gradient and guided backpropagation against the reference and numeric derivatives.
#include "nn/projection.h"

#include <limits>

#include "gradient_check.h"
#include "nn_reference_net.h"

using namespace lenet;
using namespace lenet::nn;
using namespace lenet::test;

namespace {

constexpr const char* kMini = "conv 4 3x3, relu, pool 2, conv 5 2x2, relu, pool 2, dense 9, relu, dense 10";
constexpr Shape kInput{1, 12, 12};
constexpr BackwardRule kRules[] = {BackwardRule::kDeconv, BackwardRule::kGradient, BackwardRule::kGuided};

/// Projects the strongest activation of `unit` in image `lane` only.
template <class T>
std::vector<T> project_one(Model<T>& model, std::size_t layer, int unit, int lane, BackwardRule rule) {
  std::array<ProjectionTarget, kLanes> targets;
  targets[static_cast<std::size_t>(lane)] = {unit, find_peak(model.network, model.workspace, layer, unit, lane)};
  project(model.network, model.weights, model.workspace, layer, targets, rule);
  return get_image(model.network.input(), model.workspace.gradient[0].data(), lane);
}

std::vector<double> zeros(const std::vector<double>& like) { return std::vector<double>(like.size()); }

}  // namespace

TEST_CASE("projection: without ReLU and pooling, deconv is the activation times the vector-Jacobian product") {
  Model<double> model("conv 4 3x3, conv 6 3x3 stride 2 padding 1, conv 3 2x2, dense 8, dense 10", {2, 9, 11}, 1);
  const Images<double> images = random_images<double>(model.network.input(), 2, 1);
  model.forward(images);
  ReferenceNet reference(model.network, model.weights);
  reference.forward(images[1]);
  for (std::size_t layer = 0; layer < model.network.layer_count(); ++layer)
    for (int unit = 0; unit < 3; ++unit) {
      const Peak peak = find_peak(model.network, model.workspace, layer, unit, 1);
      const std::vector<double> deconv = project_one(model, layer, unit, 1, BackwardRule::kDeconv);
      std::vector<double> product = project_one(model, layer, unit, 1, BackwardRule::kGradient);
      for (double& v : product) v *= peak.value;
      CHECK(relative_difference(deconv, product) <= 1e-12);
      CHECK(relative_difference(deconv, reference.project(layer, unit, peak.y, peak.x, peak.value, BackwardRule::kDeconv)) <=
            1e-12);
      CHECK(deconv != zeros(deconv));
      CHECK(project_one(model, layer, unit, 1, BackwardRule::kGuided) ==
            project_one(model, layer, unit, 1, BackwardRule::kGradient));
    }
}

TEST_CASE("projection: all three rules equal the reference at every layer of small nets") {
  for (const char* text :
       {kMini, "conv 4 3x3, pool 2, conv 5 2x2, pool 2, dense 9, relu, dense 10",
        "conv 4 5x5 stride 2 padding 2, relu, conv 6 3x3 padding 1, relu, pool 3 stride 2, dense 10",
        "conv 4 3x3 padding same, tanh, average 2, conv 5 2x2, sigmoid, average 3 stride 2, dense 9, tanh, dense 10"}) {
    Model<double> model(text, kInput, 2);
    const Images<double> images = random_images<double>(kInput, kLanes, 2, 0, 1);
    model.forward(images);
    ReferenceNet reference(model.network, model.weights);
    int not_zero = 0;
    for (int lane = 0; lane < kLanes; lane += 3) {
      reference.forward(images[static_cast<std::size_t>(lane)]);
      for (std::size_t layer = 0; layer < model.network.layer_count(); ++layer)
        for (int unit = 0; unit < 3; ++unit)
          for (const BackwardRule rule : kRules) {
            const Peak peak = find_peak(model.network, model.workspace, layer, unit, lane);
            const std::vector<double> result = project_one(model, layer, unit, lane, rule);
            CHECK(relative_difference(result, reference.project(layer, unit, peak.y, peak.x, peak.value, rule)) <= 1e-12);
            not_zero += result != zeros(result);
          }
    }
    CHECK(not_zero > 100);
  }
}

TEST_CASE("projection: the gradient of an activation agrees with its central difference in every pixel") {
  Model<double> model(kMini, kInput, 1);
  std::vector<double> in = block_of(kInput, random_images<double>(kInput, kLanes, 3, 0, 1));
  GradientReport report;
  for (std::size_t layer = 0; layer < model.network.layer_count(); ++layer) {
    const Shape& shape = model.network.layer(layer).output();
    const int unit = static_cast<int>(layer) % 4, lane = static_cast<int>(layer) % kLanes;
    model.workspace.activation[0] = in;
    model.network.forward(model.weights, model.workspace);
    const Peak peak = find_peak(model.network, model.workspace, layer, unit, lane);
    const std::vector<double> analytic = project_one(model, layer, unit, lane, BackwardRule::kGradient);
    const auto evaluate = [&] {
      set_image<double, double>(kInput, in, lane, model.workspace.activation[0].data());
      model.network.forward(model.weights, model.workspace, static_cast<int>(layer));
      Hash hash;
      for (std::size_t i = 0; i <= layer; ++i)
        add_pattern(model.network.layer(i), model.workspace.activation[i + 1], model.workspace.switches[i], hash);
      const std::size_t place = static_cast<std::size_t>(((peak.y * shape.width + peak.x) * shape.channels + unit) * kLanes + lane);
      return Probe{model.workspace.activation[layer + 1][place], hash.value()};
    };
    std::vector<double> block = in;
    in = get_image(kInput, block.data(), lane);
    compare_gradient(model.network.layer(layer).spec().name, in, analytic, evaluate, report);
    in = block;
  }
  expect_gradient(report);
}

TEST_CASE("projection: each rule closes its gates at every ReLU on the way down") {
  Model<double> model(kMini, kInput, 3);
  const Images<double> images = random_images<double>(kInput, kLanes, 4, 0, 1);
  model.forward(images);
  const std::size_t top = model.network.layer_count() - 1;
  for (const BackwardRule rule : kRules) {
    std::array<ProjectionTarget, kLanes> targets;
    for (std::size_t lane = 0; lane < kLanes; ++lane) targets[lane] = {static_cast<int>(lane), {1.5, 0, 0}};
    project(model.network, model.weights, model.workspace, top, targets, rule);
    int forward_only = 0, signal_only = 0;
    bool right = true;
    for (std::size_t i = 0; i < top; ++i) {
      if (model.network.layer(i).spec().kind != LayerKind::kRelu) continue;
      for (std::size_t k = 0; k < model.workspace.activation[i + 1].size(); ++k) {
        const bool forward = model.workspace.activation[i + 1][k] > 0;
        const double signal = model.workspace.gradient[i + 1][k];
        const bool open = (rule == BackwardRule::kDeconv || forward) && (rule == BackwardRule::kGradient || signal > 0);
        right = right && model.workspace.gradient[i][k] == (open ? signal : 0.0);
        forward_only += forward && signal < 0;
        signal_only += !forward && signal > 0;
      }
    }
    CHECK(right);
    CHECK(forward_only > 0);  // so the three rules do differ here
    if (rule != BackwardRule::kGuided) CHECK(signal_only + (rule == BackwardRule::kGradient) > 0);
  }
}

TEST_CASE("projection: deconv grows with the activation that it starts from, and biases do not matter on the way down") {
  Model<double> model(kMini, kInput, 4);
  model.forward(random_images<double>(kInput, kLanes, 5, 0, 1));
  const std::size_t layer = model.network.find_layer("relu2");
  const auto from = [&](double value, BackwardRule rule) {
    std::array<ProjectionTarget, kLanes> targets;
    targets[2] = {3, find_peak(model.network, model.workspace, layer, 3, 2)};
    targets[2].peak.value = value;
    project(model.network, model.weights, model.workspace, layer, targets, rule);
    return model.workspace.gradient[0];
  };
  const std::vector<double> one = from(1, BackwardRule::kDeconv), four = from(4, BackwardRule::kDeconv);
  CHECK(one != zeros(one));
  for (std::size_t i = 0; i < one.size(); ++i) CHECK_UNARY(four[i] == 4 * one[i]);
  CHECK(from(0, BackwardRule::kDeconv) == zeros(one));
  CHECK(from(-1, BackwardRule::kDeconv) == zeros(one));  // rectified at once
  CHECK(from(1, BackwardRule::kGuided) == from(4, BackwardRule::kGuided));
  CHECK(from(1, BackwardRule::kGradient) == from(4, BackwardRule::kGradient));
  for (const ParameterView& view : model.network.parameters()) {
    if (view.is_bias) std::fill_n(model.weights.values.begin() + static_cast<std::ptrdiff_t>(view.offset), view.size, 100.0);
  }
  CHECK(from(4, BackwardRule::kDeconv) == four);
}

TEST_CASE("projection: unpooling puts the activation back where it came from, a tie at the first place") {
  Model<float> model("pool 2, dense 10", {1, 4, 4}, 1);
  model.forward({{0, 0, 5, 1, 0, 3, 2, 5, 7, 7, 0, 0, 7, 7, 0, 0}});
  const auto at = [&](int y, int x) {
    std::array<ProjectionTarget, kLanes> targets;
    targets[0] = {0, {2.5, y, x}};
    project(model.network, model.weights, model.workspace, 0, targets, BackwardRule::kDeconv);
    return get_image(model.network.input(), model.workspace.gradient[0].data(), 0);
  };
  const auto only = [](std::size_t place) {
    std::vector<float> image(16);
    image[place] = 2.5f;
    return image;
  };
  CHECK(at(0, 0) == only(5));
  CHECK(at(0, 1) == only(2));   // 5 at (0, 2) and at (1, 3)
  CHECK(at(1, 0) == only(8));   // four sevens
  CHECK(at(1, 1) == only(10));  // four zeros
}

TEST_CASE_TEMPLATE("projection: eight units of eight images at once equal eight single projections", T, float, double) {
  Model<T> model(kMini, kInput, 5);
  const Images<T> images = random_images<T>(kInput, kLanes, 6, 0, 1);
  model.forward(images);
  for (const char* name : {"conv1", "relu1", "pool1", "relu2", "pool2", "fc1", "relu3", "fc2"})
    for (const BackwardRule rule : kRules) {
      CAPTURE(std::string(name));
      const std::size_t layer = model.network.find_layer(name);
      const int units = model.network.layer(layer).output().channels;
      std::array<ProjectionTarget, kLanes> targets;
      for (int lane = 0; lane < kLanes; ++lane) {
        const int unit = lane == 4 ? -1 : (lane * 3) % units;
        targets[static_cast<std::size_t>(lane)] = {unit, find_peak(model.network, model.workspace, layer, std::max(unit, 0), lane)};
      }
      for (std::vector<T>& g : model.workspace.gradient) std::fill(g.begin(), g.end(), std::numeric_limits<T>::quiet_NaN());
      project(model.network, model.weights, model.workspace, layer, targets, rule);
      const std::vector<T> together = model.workspace.gradient[0];
      CHECK(get_image(kInput, together.data(), 4) == std::vector<T>(144, T(0)));  // left out
      for (int lane = 0; lane < kLanes; ++lane) {
        if (lane == 4) continue;
        Model<T> alone(kMini, kInput, 5);
        alone.forward({images[static_cast<std::size_t>(lane)]});
        CHECK(same_bits(project_one(alone, layer, (lane * 3) % units, 0, rule), get_image(kInput, together.data(), lane)));
      }
    }
}

TEST_CASE("projection: a peak is the strongest activation, the first of equals in row-major order") {
  Model<float> model("conv 2 1x1, dense 10", {1, 2, 3}, 1);
  const auto peak = [&](const std::vector<float>& values) {
    set_image<float, float>({2, 2, 3}, values, 3, model.workspace.activation[1].data());
    return find_peak(model.network, model.workspace, 0, 1, 3);
  };
  Peak p = peak({9, 9, 9, 9, 9, 9, 1, 4, 2, 4, 0, 4});
  CHECK(p.value == 4);
  CHECK(p.y == 0);
  CHECK(p.x == 1);
  p = peak({9, 9, 9, 9, 9, 9, -3, -2, -2, -2, -1, -1});
  CHECK(p.value == -1);
  CHECK(p.y == 1);
  CHECK(p.x == 1);
  p = peak({9, 9, 9, 9, 9, 9, 0, 0, 0, 0, 0, 0});
  CHECK(p.y == 0);
  CHECK(p.x == 0);
}

TEST_CASE("projection: a named layer is looked at after its nonlinearity, where it has one") {
  const Network<float> wss17(preset("wss17", {1, 28, 28})), caffe(preset("caffe", {1, 28, 28}));
  const auto seen = [](const Network<float>& network, const char* name) {
    return network.layer(observed_layer(network, network.find_layer(name))).spec().name;
  };
  CHECK(seen(wss17, "conv1") == "relu1");
  CHECK(seen(wss17, "conv2") == "relu2");
  CHECK(seen(wss17, "fc1") == "relu3");
  CHECK(seen(wss17, "fc2") == "fc2");  // an output unit starts from its logit
  CHECK(seen(wss17, "pool1") == "pool1");
  CHECK(seen(wss17, "relu1") == "relu1");
  const Network<float> lenet5(preset("lenet5", {1, 28, 28})),
      smooth(parse_network("conv 3 3x3, sigmoid, tanh, dense 10", {1, 8, 8}));
  CHECK(seen(lenet5, "conv1") == "tanh1");
  CHECK(seen(lenet5, "fc1") == "tanh4");
  CHECK(seen(lenet5, "average1") == "average1");
  CHECK(seen(smooth, "conv1") == "sigmoid1");
  CHECK(seen(caffe, "conv1") == "conv1");
  CHECK(seen(caffe, "fc1") == "relu1");
}
