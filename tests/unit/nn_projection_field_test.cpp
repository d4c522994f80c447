// Tests of receptive_field() in src/nn/projection.h, against changing every pixel and looking.
#include <algorithm>

#include "nn/projection.h"
#include "nn_support.h"

using namespace lenet;
using namespace lenet::nn;
using namespace lenet::test;

namespace {

constexpr const char* kNets[] = {
    "conv 2 3x3, relu, pool 2, conv 2 2x2, relu, pool 2, dense 3, relu, dense 10",
    "conv 1 5x5 padding 2, pool 2, conv 1 3x3 padding 1, conv 1 3x3 padding 2, dense 10",
    "conv 1 3x3 stride 2, conv 1 3x3 padding 1, dense 10",  // the stride leaves pixels out that padding must not bring back
    "conv 1 4x4 stride 3 padding 1, pool 3 stride 1, conv 1 2x2 padding 1, dense 10",
    "pool 2 stride 3, conv 1 3x3 padding 2, dense 10",
    "conv 1 1x1 stride 3, dense 10",
    "conv 2 3x3 padding same, relu, average 2, conv 2 3x3 padding 1, average 3 stride 1, dense 3, relu, dense 10",
    "average 2 stride 3, conv 1 3x3 padding 2, pool 2 stride 1, dense 10",
};

/// The smallest rectangle that holds all pixels that matter to one unit at one position.
struct Box {
  int top = 1000, left = 1000, bottom = -1, right = -1;
  void add(int y, int x) {
    top = std::min(top, y);
    left = std::min(left, x);
    bottom = std::max(bottom, y + 1);
    right = std::max(right, x + 1);
  }
};

/// For every layer and position of channel 0: the pixels whose change by a lot changes the activation. With positive weights
/// everything is monotonic, so a bright pixel opens every ReLU above it and wins every pool.
std::vector<std::vector<Box>> seen_by(Model<double>& model) {
  for (double& w : model.weights.values) w = 0.1 + std::abs(w);
  model.network.pack(model.weights);
  const Shape image = model.network.input();
  const Images<double> base = random_images<double>(image, 1, 1, 0, 1);
  model.forward(base);
  const std::vector<std::vector<double>> before = model.workspace.activation;
  std::vector<std::vector<Box>> boxes;
  for (std::size_t i = 0; i < model.network.layer_count(); ++i) {
    const Shape& shape = model.network.layer(i).output();
    boxes.emplace_back(static_cast<std::size_t>(shape.height * shape.width));
  }
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x) {
      Images<double> changed = base;
      changed[0][static_cast<std::size_t>(y * image.width + x)] += 1e6;
      model.forward(changed);
      for (std::size_t i = 0; i < boxes.size(); ++i)
        for (std::size_t p = 0; p < boxes[i].size(); ++p) {
          const std::size_t place = p * static_cast<std::size_t>(model.network.layer(i).output().channels) * kLanes;
          if (model.workspace.activation[i + 1][place] != before[i + 1][place]) boxes[i][p].add(y, x);
        }
    }
  return boxes;
}

}  // namespace

TEST_CASE("receptive field: is exactly the rectangle of pixels that change the activation") {
  for (const char* text : kNets)
    for (const Shape input : {Shape{1, 12, 12}, Shape{1, 14, 11}}) {
      Model<double> model(text, input, 1);
      const std::vector<std::vector<Box>> boxes = seen_by(model);
      for (std::size_t i = 0; i < boxes.size(); ++i) {
        if (model.network.layer(i).spec().kind == LayerKind::kFlatten) continue;  // one position, but each unit sees its own pixels
        const Shape& shape = model.network.layer(i).output();
        for (int y = 0; y < shape.height; ++y)
          for (int x = 0; x < shape.width; ++x) {
            CAPTURE(std::string(text));
            CAPTURE(to_string(input));
            CAPTURE(model.network.layer(i).spec().name);
            CAPTURE(y);
            CAPTURE(x);
            const ReceptiveField field = receptive_field(model.network, i, y, x);
            const Box& box = boxes[i][static_cast<std::size_t>(y * shape.width + x)];
            CHECK(field.top == box.top);
            CHECK(field.left == box.left);
            CHECK(field.bottom == box.bottom);
            CHECK(field.right == box.right);
          }
      }
    }
}

TEST_CASE("receptive field: the sizes of LeNet's layers") {
  const Network<float> network(preset("wss17", {1, 28, 28}));
  const auto expect = [&](const char* name, int y, int x, int top, int left, int side) {
    CAPTURE(std::string(name));
    const ReceptiveField f = receptive_field(network, network.find_layer(name), y, x);
    CHECK(f.top == top);
    CHECK(f.left == left);
    CHECK(f.bottom == top + side);
    CHECK(f.right == left + side);
  };
  expect("conv1", 0, 0, 0, 0, 5);
  expect("relu1", 23, 7, 23, 7, 5);
  expect("pool1", 3, 11, 6, 22, 6);
  expect("conv2", 2, 1, 4, 2, 14);
  expect("pool2", 3, 0, 12, 0, 16);
  expect("fc1", 0, 0, 0, 0, 28);
  expect("fc2", 0, 0, 0, 0, 28);
}

TEST_CASE("receptive field: every projection is zero outside it") {
  for (const char* text : kNets) {
    Model<double> model(text, {1, 14, 11}, 2);
    model.forward(random_images<double>({1, 14, 11}, kLanes, 2, 0.1, 1));
    for (std::size_t layer = 0; layer < model.network.layer_count(); ++layer)
      for (const BackwardRule rule : {BackwardRule::kDeconv, BackwardRule::kGradient, BackwardRule::kGuided}) {
        const Shape& shape = model.network.layer(layer).output();
        for (int y = 0; y < shape.height; y += 2)
          for (int x = 0; x < shape.width; ++x) {
            std::array<ProjectionTarget, kLanes> targets;
            for (ProjectionTarget& t : targets) t = {0, {1, y, x}};
            project(model.network, model.weights, model.workspace, layer, targets, rule);
            const ReceptiveField f = receptive_field(model.network, layer, y, x);
            bool outside = false;
            for (int py = 0; py < 14; ++py)
              for (int px = 0; px < 11; ++px) {
                if (py >= f.top && py < f.bottom && px >= f.left && px < f.right) continue;
                for (std::size_t lane = 0; lane < kLanes; ++lane)
                  outside = outside || model.workspace.gradient[0][static_cast<std::size_t>(py * 11 + px) * kLanes + lane] != 0;
              }
            CHECK_FALSE(outside);
          }
      }
  }
}
