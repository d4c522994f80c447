// Tests of src/nn/predictor.h and src/nn/kernels/one_image.h: against the reference, against blocks of eight, over all tail sizes.
#include "nn/predictor.h"

#include <limits>
#include <stdexcept>

#include "allocations.h"
#include "base/error.h"
#include "nn/kernels/reference.h"
#include "nn_reference_net.h"

using namespace lenet;
using namespace lenet::nn;
using namespace lenet::test;
using kernels::ImageLayout;

namespace {

constexpr double kTolerance = 1e-5;
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

const std::pair<std::string, Shape> kNets[] = {
    {to_string(preset("wss17", {1, 28, 28})), {1, 28, 28}},
    {to_string(preset("caffe", {1, 28, 28})), {1, 28, 28}},
    {"conv 3 3x3, relu, pool 2, conv 6 2x2, relu, pool 2, dense 9, relu, dense 10", {1, 13, 11}},  // rows and columns left over
    {"conv 4 5x5 stride 2 padding 2, relu, conv 5 3x3 padding 1, relu, pool 3 stride 2, dense 10", {3, 11, 13}},  // overlapping
    {"conv 7 3x3 padding 1, pool 3, conv 9 2x2 padding 1, relu, pool 2 stride 3, dense 10", {2, 17, 16}},
    {"conv 6 1x1, relu, conv 3 3x3 stride 3 padding 1, dense 10", {2, 7, 8}},  // no pool
    {"pool 2, conv 2 3x3, relu, relu, pool 2, pool 1 stride 2, dense 10", {3, 15, 14}},
    {"relu, pool 3 stride 1, conv 5 2x2, pool 1 stride 2, dense 10", {1, 9, 9}},
    {"conv 10 6x6, relu, dense 10", {1, 6, 6}},  // nothing to flatten
    {"conv 21 5x5, pool 2, dense 10", {5, 6, 6}},
    {"dense 7, relu, conv 5 2x2 padding 1, relu, pool 2, dense 10", {1, 3, 3}},
    {"dense 10", {1, 5, 4}},
    {"dense 10", {11, 1, 1}},
    {"dense 45, relu, dense 11, dense 10", {2, 3, 3}},
    {"conv 5 3x3, tanh, average 2, conv 6 2x2, sigmoid, average 3 stride 2, dense 11, tanh, dense 9, sigmoid, dense 10",
     {1, 13, 12}},
    {"average 2 stride 3, sigmoid, conv 3 3x3 padding 2, relu, average 1, tanh, pool 2, dense 10", {3, 12, 11}},
    {"dropout 0.1, conv 3 3x3, dropout 0.2, relu, dropout 0.3, pool 2, dropout 0.4, dense 9, relu, dropout 0.5, dense 10",
     {1, 9, 8}},
};

/// An image [channel][y][x] in a layout; what fills up the pixels is NaN, the margin zero.
std::vector<float> laid_out(const ImageLayout& layout, const std::vector<float>& image) {
  std::vector<float> buffer(layout.size());
  std::size_t i = 0;
  for (int y = 0; y < layout.shape.height; ++y)
    for (int x = 0; x < layout.shape.width; ++x) std::fill_n(buffer.begin() + layout.offset(y, x), layout.pixel_size, kNan);
  for (int c = 0; c < layout.shape.channels; ++c)
    for (int y = 0; y < layout.shape.height; ++y)
      for (int x = 0; x < layout.shape.width; ++x) buffer[static_cast<std::size_t>(layout.offset(y, x) + c)] = image[i++];
  return buffer;
}

std::vector<float> taken_out(const ImageLayout& layout, const std::vector<float>& buffer) {
  std::vector<float> image(layout.shape.size());
  kernels::one_image_flatten(layout, buffer.data(), image.data());
  return image;
}

struct Pool {
  int kernel, stride;
};

/// One conv kernel against the reference.
void check_conv(const Shape& input, int maps, int kernel, int stride, int padding, Pool pool, bool rectify, bool filled) {
  CAPTURE(to_string(input));
  CAPTURE(maps);
  CAPTURE(kernel);
  CAPTURE(stride);
  CAPTURE(padding);
  CAPTURE(pool.kernel);
  CAPTURE(filled);
  const auto outputs = [](int length, int k, int s) { return (length - k) / s + 1; };
  const Shape conv{maps, outputs(input.height + 2 * padding, kernel, stride), outputs(input.width + 2 * padding, kernel, stride)};
  Shape output = conv;
  if (pool.kernel > 0)
    output = {maps, outputs(conv.height, pool.kernel, pool.stride), outputs(conv.width, pool.kernel, pool.stride)};
  REQUIRE(output.height > 0);
  REQUIRE(output.width > 0);
  const ImageLayout in{input, padding, filled ? kernels::whole_quads(input.channels) : input.channels};
  const ImageLayout out{output, 1, kernels::whole_quads(maps)};
  const std::vector<float> image = random_values<float>(input.size(), 1);
  const std::vector<float> weights = random_values<float>(static_cast<std::size_t>(maps * input.channels * kernel * kernel), 2);
  const std::vector<float> bias = random_values<float>(static_cast<std::size_t>(maps), 3);

  std::vector<float> expected = reference::conv_forward<float>({input, conv, kernel, stride, padding}, image, weights, bias);
  std::vector<std::int32_t> switches;
  if (pool.kernel > 0) expected = reference::max_pool_forward<float>({conv, output, pool.kernel, pool.stride}, expected, switches);
  if (rectify) {
    for (float& v : expected) v = std::max(v, 0.0f);
  }
  const kernels::OneImageConv one({input, conv, kernel, stride, padding}, rectify, pool.kernel, pool.stride, in, out);
  std::vector<float> packed(one.packed_size(), kNan), packed_bias(one.bias_size(), kNan), result(out.size(), 7.0f);
  one.pack(weights.data(), bias.data(), packed.data(), packed_bias.data());
  one.run(laid_out(in, image).data(), packed.data(), packed_bias.data(), result.data());
  CHECK(relative_difference(taken_out(out, result), expected) <= kTolerance);
  for (int c = maps; c < out.pixel_size; ++c) CHECK(result[static_cast<std::size_t>(out.offset(0, 0) + c)] == 0.0f);
  for (int i = 0; i < out.offset(0, 0); ++i) CHECK(result[static_cast<std::size_t>(i)] == 7.0f);  // the margin stays
}

}  // namespace

TEST_CASE("predictor: logits are those of the reference and of blocks of eight") {
  for (const auto& [text, input] : kNets) {
    CAPTURE(text);
    Model<float> model(text, input, 1);
    ReferenceNet reference(model.network, model.weights);
    Predictor predictor(model.network);
    predictor.load(model.weights);
    const Images<float> images = random_images<float>(input, 3, 2, 0, 1);
    model.forward(images);
    for (std::size_t i = 0; i < images.size(); ++i) {
      const std::span<const float> logits = predictor.predict(images[i]);
      CHECK(relative_difference(logits, reference.forward(widen(images[i])).back()) <= kTolerance);
      CHECK(relative_difference(logits, model.output(model.network.layer_count() - 1, static_cast<int>(i))) <= kTolerance);
    }
  }
}

TEST_CASE("predictor: same bits whatever came before, from bytes as from floats, with weights of a fused network") {
  for (const auto& [text, input] : kNets) {
    CAPTURE(text);
    Model<float> model(text, input, 1), fused(text, input, 1, Fusing::kOn);
    Predictor predictor(model.network), of_fused(parse_network(text, input));
    predictor.load(model.weights);
    of_fused.load(fused.weights);
    std::vector<std::uint8_t> bytes;
    std::vector<float> pixels;
    for (const float v : random_values<float>(input.size(), 3, 0, 255.99)) {
      bytes.push_back(static_cast<std::uint8_t>(v));
      pixels.push_back(static_cast<float>(bytes.back()) / 255.0f);
    }
    const std::span<const float> logits = predictor.predict(bytes);
    const std::vector<float> first(logits.begin(), logits.end());
    predictor.predict(random_images<float>(input, 1, 4)[0]);
    CHECK(same_bits(predictor.predict(pixels), first));
    CHECK(same_bits(of_fused.predict(bytes), first));
  }
}

TEST_CASE("predictor: load() takes new weights; before it all are zero") {
  Model<float> a("conv 5 3x3, relu, pool 2, dense 10", {1, 8, 8}, 1), b("conv 5 3x3, relu, pool 2, dense 10", {1, 8, 8}, 2);
  const std::vector<float> image = random_images<float>({1, 8, 8}, 1, 1)[0];
  Predictor predictor(a.network), fresh(a.network);
  for (const float logit : predictor.predict(image)) CHECK(logit == 0.0f);
  predictor.load(a.weights);
  predictor.predict(image);
  predictor.load(b.weights);
  fresh.load(b.weights);
  CHECK(same_bits(predictor.predict(image), fresh.predict(image)));
}

TEST_CASE("predictor: refuses what does not fit") {
  Model<float> model("dense 10", {1, 4, 4}, 1);
  Predictor predictor(model.network);
  CHECK_THROWS_AS(predictor.load(Weights<float>{std::vector<float>(169), {}}), std::logic_error);
  CHECK_THROWS_AS(predictor.predict(std::vector<float>(15)), std::logic_error);
  CHECK_THROWS_AS(Predictor(parse_network("dense 9", {1, 4, 4})), Error);
  CHECK(Predictor(parse_network("dense 9", {1, 4, 4}), 9).predict(std::vector<float>(16)).size() == 9);
}

#ifdef LENET_COUNTS_ALLOCATIONS
TEST_CASE("predictor: neither load() nor predict() allocates") {
  for (const auto& [text, input] : kNets) {
    CAPTURE(text);
    Model<float> model(text, input, 1);
    Predictor predictor(model.network);
    const std::vector<float> image = random_images<float>(input, 1, 1)[0];
    const int before = allocation_count();
    predictor.load(model.weights);
    predictor.predict(image);
    CHECK(allocation_count() == before);
  }
}
#endif

TEST_CASE("predictor: conv of one image, every number of maps and channels") {
  for (int maps = 1; maps <= 17; ++maps)
    for (int channels = 1; channels <= 9; ++channels)
      for (const bool filled : {false, true}) {
        check_conv({channels, 6, 7}, maps, 3, 1, 0, {2, 2}, true, filled);
        check_conv({channels, 4, 5}, maps, 2, 1, 1, {0, 0}, false, filled);
      }
}

TEST_CASE("predictor: conv of one image, every kernel, stride, padding, pool and number of outputs") {
  for (const Pool pool : {Pool{0, 0}, {1, 1}, {1, 2}, {2, 2}, {2, 1}, {2, 3}, {3, 3}, {3, 2}, {4, 4}})
    for (int kernel = 1; kernel <= 5; ++kernel)
      for (int stride = 1; stride <= 3; ++stride)
        for (int padding = 0; padding < 3; ++padding)
          for (int width = 0; width <= 5; ++width) {
            const int least = (std::max(pool.kernel, 1) - 1) * stride + kernel;
            check_conv({2, least + width % 2, least + width}, 6, kernel, stride, padding, pool, width % 2 == 0, stride == 2);
          }
}

TEST_CASE("predictor: dense layer of one image, every number of inputs and outputs") {
  for (int inputs = 1; inputs <= 34; ++inputs)
    for (int outputs = 1; outputs <= 12; ++outputs)
      for (const bool rectify : {false, true}) {
        CAPTURE(inputs);
        CAPTURE(outputs);
        const std::vector<float> weights = random_values<float>(static_cast<std::size_t>(inputs * outputs), 1);
        const std::vector<float> bias = random_values<float>(static_cast<std::size_t>(outputs), 2);
        std::vector<float> in = random_values<float>(static_cast<std::size_t>(inputs), 3);
        std::vector<float> expected = reference::dense_forward(in, weights, bias);
        if (rectify) {
          for (float& v : expected) v = std::max(v, 0.0f);
        }
        in.resize(static_cast<std::size_t>((inputs + 7) / 8 * 8));
        std::vector<float> packed(kernels::one_image_dense_size(inputs, outputs), kNan),
            out(static_cast<std::size_t>(outputs), kNan);
        kernels::one_image_dense_pack(inputs, outputs, weights.data(), packed.data());
        kernels::one_image_dense(inputs, outputs, in.data(), packed.data(), bias.data(), rectify, out.data());
        CHECK(relative_difference(out, expected) <= kTolerance);
      }
}
