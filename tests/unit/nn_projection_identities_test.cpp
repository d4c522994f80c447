// Tests of src/nn/projection.h: identities that hold for any weights and images: projections add up where their rule is linear, and
// unpooling undoes pooling where the maxima were. (That a receptive field contains its projections: nn_projection_field_test.cpp.)
#include "nn/projection.h"
#include "nn_support.h"

using namespace lenet;
using namespace lenet::nn;
using namespace lenet::test;

namespace {

constexpr Shape kInput{2, 12, 11};
constexpr const char* kGated = "conv 4 3x3, relu, pool 2, conv 5 2x2 padding 1, relu, pool 3 stride 2, dense 9, relu, dense 10";
constexpr const char* kSmooth =
    "conv 4 3x3 padding same, tanh, average 2, conv 5 3x3 stride 2 padding 1, sigmoid, dense 9, tanh, dense 10";
constexpr const char* kUngated = "conv 4 3x3 stride 2 padding 1, pool 2 stride 1, conv 5 2x2, tanh, average 2, dense 9, dense 10";

/// Takes a whole layer's signal down to the pixels.
std::vector<double> down(Model<double>& model, std::size_t layer, const std::vector<double>& signal, BackwardRule rule) {
  model.workspace.gradient[layer + 1] = signal;
  for (std::size_t i = layer + 1; i-- > 0;) model.network.backward_input(model.weights, model.workspace, i, rule);
  return model.workspace.gradient[0];
}

/// The sum of the projections of all activations of a layer, for eight images. Gradient and guided start from 1, so that theirs are
/// multiplied by the activation; the deconvnet starts from it.
std::vector<double> sum_of_projections(Model<double>& model, std::size_t layer, BackwardRule rule) {
  const Shape shape = model.network.layer(layer).output();
  const std::vector<double> activation = model.workspace.activation[layer + 1];
  std::vector<double> sum(model.workspace.gradient[0].size());
  for (int y = 0; y < shape.height; ++y)
    for (int x = 0; x < shape.width; ++x)
      for (int unit = 0; unit < shape.channels; ++unit) {
        const double* values = activation.data() + ((y * shape.width + x) * shape.channels + unit) * kLanes;
        std::array<ProjectionTarget, kLanes> targets;
        for (std::size_t lane = 0; lane < kLanes; ++lane) targets[lane] = {unit, {values[lane], y, x}};
        project(model.network, model.weights, model.workspace, layer, targets, rule);
        for (std::size_t i = 0; i < sum.size(); ++i) {
          sum[i] += model.workspace.gradient[0][i] * (rule == BackwardRule::kDeconv ? 1 : values[i % kLanes]);
        }
      }
  return sum;
}

/// How far the sum of a layer's projections is from the projection of all of them at once.
double difference(Model<double>& model, std::size_t layer, BackwardRule rule) {
  const std::vector<double> sum = sum_of_projections(model, layer, rule);
  const std::vector<double> at_once = down(model, layer, model.workspace.activation[layer + 1], rule);
  CHECK(*std::max_element(at_once.begin(), at_once.end()) > 0);
  return relative_difference(sum, at_once);
}

}  // namespace

TEST_CASE("projection identities: gradients of all activations of a layer add up to the gradient of all, in any net") {
  for (const char* text : {kGated, kSmooth, kUngated}) {
    CAPTURE(std::string(text));
    Model<double> model(text, kInput, 1);
    model.forward(random_images<double>(kInput, kLanes, 1, 0, 1));
    for (std::size_t layer = 0; layer < model.network.layer_count(); ++layer) {
      CAPTURE(model.network.layer(layer).spec().name);
      CHECK(difference(model, layer, BackwardRule::kGradient) <= 1e-12);
    }
  }
}

TEST_CASE("projection identities: without a ReLU the other rules add up as well; with one they do not") {
  for (const BackwardRule rule : {BackwardRule::kDeconv, BackwardRule::kGuided}) {
    for (const char* text : {kSmooth, kUngated}) {
      CAPTURE(std::string(text));
      Model<double> model(text, kInput, 2);
      model.forward(random_images<double>(kInput, kLanes, 2, 0, 1));
      for (std::size_t layer = 0; layer < model.network.layer_count(); ++layer) {
        CAPTURE(model.network.layer(layer).spec().name);
        CHECK(difference(model, layer, rule) <= 1e-12);
      }
    }
    Model<double> gated(kGated, kInput, 2);
    gated.forward(random_images<double>(kInput, kLanes, 2, 0, 1));
    CHECK(difference(gated, gated.network.find_layer("conv2"), rule) > 0.01);
  }
}

TEST_CASE("projection identities: unpooling what was pooled puts each value back where it came from") {
  for (const char* text : {"pool 2, dense 10", "pool 3, dense 10", "pool 2 stride 3, dense 10"}) {
    CAPTURE(std::string(text));
    Model<double> model(text, kInput, 1);
    model.forward(random_images<double>(kInput, kLanes, 3, 0.1, 1));
    const std::vector<double> pooled = model.workspace.activation[1], image = model.workspace.activation[0];
    for (const BackwardRule rule : {BackwardRule::kDeconv, BackwardRule::kGradient, BackwardRule::kGuided}) {
      const std::vector<double> back = down(model, 0, pooled, rule);
      std::size_t kept = 0;
      bool right = true;
      for (std::size_t i = 0; i < back.size(); ++i) {
        right = right && (back[i] == 0 || back[i] == image[i]);
        kept += back[i] != 0;
      }
      CHECK(right);
      CHECK(kept == pooled.size());
      model.workspace.activation[0] = back;
      model.network.forward(model.weights, model.workspace, 0);
      CHECK(model.workspace.activation[1] == pooled);
      model.workspace.activation[0] = image;
    }
  }
}
