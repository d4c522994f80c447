// Tests of src/nn/layer.h: the gradient of every kind of layer against central differences, and the check itself.
#include "nn/layer.h"

#include <limits>

#include "gradient_check.h"

using namespace lenet;
using namespace lenet::nn;
using namespace lenet::test;

namespace {

/// A dense or conv layer with a mistake, to see that the check would find it.
class Broken final : public Layer<double> {
 public:
  enum class Mistake { kNone, kInput, kNaN, kOneWeight, kBias };

  Broken(const ResolvedLayer& resolved, Mistake mistake)
      : Layer(resolved), layer_(make_layer<double>(resolved)), mistake_(mistake) {}

  std::vector<int> weight_shape() const override { return layer_->weight_shape(); }
  GradientSum gradient_sum() const override { return layer_->gradient_sum(); }
  std::size_t packed_size() const override { return layer_->packed_size(); }
  void pack(const double* weights, double* forward, double* backward) const override { layer_->pack(weights, forward, backward); }
  void forward(const LayerWeights<double>& w, const double* in, double* out, std::int32_t* switches) const override {
    layer_->forward(w, in, out, switches);
  }
  void backward_input(const LayerWeights<double>& w, const double* out, const double* d_out, const std::int32_t* switches,
                      BackwardRule rule, double* d_in) const override {
    layer_->backward_input(w, out, d_out, switches, rule, d_in);
    if (mistake_ == Mistake::kInput) d_in[3] *= 1 + 1e-5;
    if (mistake_ == Mistake::kNaN) d_in[3] = std::numeric_limits<double>::quiet_NaN();
  }
  void backward_weights(const double* in, const double* d_out, double* d_weights, double* d_bias) const override {
    layer_->backward_weights(in, d_out, d_weights, d_bias);
    if (mistake_ == Mistake::kOneWeight) d_weights[1] *= 1 + 1e-5;
    if (mistake_ == Mistake::kBias) d_bias[0] += 1e-4;
  }
  void backward_weights_rows(int images, int first, int last, const double* in, const double* d_out, double* d_weights,
                             double* d_bias) const override {
    layer_->backward_weights_rows(images, first, last, in, d_out, d_weights, d_bias);
    if (mistake_ == Mistake::kOneWeight) d_weights[1] *= 1 + 1e-5;
    if (mistake_ == Mistake::kBias) d_bias[0] += 1e-4;
  }

 private:
  std::unique_ptr<Layer<double>> layer_;
  Mistake mistake_;
};

ResolvedLayer only_layer(const std::string& description, const Shape& input) {
  return resolve(parse_network(description + ", dense 10", input)).front();
}

}  // namespace

TEST_CASE("layer: the gradient check finds a mistake of one part in 100,000 in one number") {
  for (const ResolvedLayer& resolved : {only_layer("conv 2 3x3", {2, 4, 5}), only_layer("dense 4", {6, 1, 1})}) {
    CHECK(check_layer(Broken(resolved, Broken::Mistake::kNone)).worst <= 1e-6);
    CHECK(check_layer(Broken(resolved, Broken::Mistake::kInput)).worst > 2e-6);
    CHECK(check_layer(Broken(resolved, Broken::Mistake::kNaN)).worst > 2e-6);
    CHECK(check_layer(Broken(resolved, Broken::Mistake::kOneWeight)).worst > 2e-6);
    CHECK(check_layer(Broken(resolved, Broken::Mistake::kBias)).worst > 2e-6);
  }
}

TEST_CASE("layer: conv gradients agree with central differences for every kernel, stride and padding") {
  for (const char* layer : {"conv 1 1x1", "conv 3 2x2", "conv 6 3x3", "conv 2 5x5", "conv 3 3x3 stride 2", "conv 2 2x2 stride 3",
                            "conv 2 3x3 padding 1", "conv 7 3x3 stride 2 padding 2", "conv 2 5x5 stride 3 padding 2"}) {
    check_layers(layer, {1, 6, 7});
  }
  check_layers("conv 4 3x3", {3, 5, 4});
  check_layers("conv 3 3x3 stride 2 padding 1", {6, 4, 5});
  check_layers("conv 2 1x1 stride 2", {7, 4, 3});
  check_layers("conv 3 7x7 padding 2", {2, 5, 4});
}

TEST_CASE("layer: max pool gradients agree with central differences, windows overlapping or not") {
  check_layers("pool 2", {3, 6, 4});
  check_layers("pool 3", {2, 7, 8});
  check_layers("pool 3 stride 2", {2, 7, 5});
  check_layers("pool 2 stride 1", {3, 4, 5});
  check_layers("pool 2 stride 3", {2, 8, 5});
  check_layers("pool 1", {2, 3, 3});
}

TEST_CASE("layer: relu gradients agree with central differences") {
  check_layers("relu", {3, 4, 5});
  check_layers("relu", {17, 1, 1});
}

TEST_CASE("layer: average pool gradients agree with central differences, windows overlapping or not") {
  check_layers("average 2", {3, 6, 4});
  check_layers("average 3", {2, 7, 8});
  check_layers("average 3 stride 2", {2, 7, 5});
  check_layers("average 2 stride 1", {3, 4, 5});
  check_layers("average 2 stride 3", {2, 8, 5});
  check_layers("average 1", {2, 3, 3});
}

TEST_CASE("layer: tanh and sigmoid gradients agree with central differences") {
  for (const char* layer : {"tanh", "sigmoid"}) {
    check_layers(layer, {3, 4, 5});
    check_layers(layer, {17, 1, 1});
  }
}

TEST_CASE("layer: dense gradients, and those of flattening, agree with central differences") {
  check_layers("dense 1", {1, 1, 1});
  check_layers("dense 7", {11, 1, 1});
  check_layers("dense 10", {8, 1, 1});
  check_layers("dense 3", {19, 1, 1});
  check_layers("dense 6", {3, 4, 2});  // flattens first
}

TEST_CASE("layer: weight shapes are PyTorch's and only parameters are summed") {
  const auto layer = [](const char* text, const Shape& input) { return make_layer<float>(only_layer(text, input)); };
  CHECK(layer("conv 4 3x3", {2, 6, 6})->weight_shape() == std::vector<int>{4, 2, 3, 3});
  CHECK(layer("dense 5", {7, 1, 1})->weight_shape() == std::vector<int>{5, 7});
  CHECK(layer("conv 4 3x3", {2, 6, 6})->gradient_sum() == GradientSum::kPerShard);
  CHECK(layer("dense 5", {7, 1, 1})->gradient_sum() == GradientSum::kPerBatch);
  for (const char* text : {"relu", "pool 2", "average 2", "tanh", "sigmoid"}) {
    CHECK(layer(text, {2, 6, 6})->weight_shape().empty());
    CHECK(layer(text, {2, 6, 6})->gradient_sum() == GradientSum::kNone);
  }
  CHECK(layer("pool 2", {2, 6, 6})->switch_count() == 2 * 3 * 3);
  for (const char* text : {"relu", "average 2", "tanh", "sigmoid"}) CHECK(layer(text, {2, 6, 6})->switch_count() == 0);
}
