// Tests of src/nn/kernels/sparse_conv.h: conv, ReLU and max pool in one, against the three of them in reference.h.
#include "nn/kernels/sparse_conv.h"

#include <limits>

#include "nn/kernels/reference.h"
#include "nn_support.h"

using namespace lenet;
using namespace lenet::nn;
using namespace lenet::test;
using kernels::ConvPoolGeometry;

namespace {

template <class T>
constexpr double kTolerance = sizeof(T) == 4 ? 1e-5 : 1e-12;

struct Pool {
  int kernel = 2, stride = 2;
  bool rectify = true;
};

ConvPoolGeometry geometry(int in, int out, int kernel, int stride, int padding, int height, int width, Pool pool = {}) {
  const auto conv = [&](int side) { return (side + 2 * padding - kernel) / stride + 1; };
  const auto pooled = [&](int side) { return (conv(side) - pool.kernel) / pool.stride + 1; };
  return {{{in, height, width}, {out, conv(height), conv(width)}, kernel, stride, padding},
          {out, pooled(height), pooled(width)},
          pool.kernel,
          pool.stride,
          pool.rectify};
}

/// One image's way through the three reference layers, and back.
struct Expected {
  std::vector<double> out, d_in, d_weights, d_bias;
  std::vector<std::int32_t> switches;
};

Expected expected(const ConvPoolGeometry& g, const std::vector<double>& image, const std::vector<double>& weights,
                  const std::vector<double>& bias, const std::vector<double>& d_out) {
  const reference::Window conv{g.conv.input, g.conv.output, g.conv.kernel, g.conv.stride, g.conv.padding};
  const reference::Window pool{g.conv.output, g.output, g.pool_kernel, g.pool_stride, 0};
  std::vector<double> maps = reference::conv_forward(conv, image, weights, bias);
  if (g.rectify) {
    for (double& v : maps) v = std::max(v, 0.0);
  }
  Expected e;
  e.out = reference::max_pool_forward(pool, maps, e.switches);
  std::vector<double> d_maps = reference::max_unpool(pool, d_out, e.switches);
  for (std::size_t i = 0; i < d_maps.size(); ++i)
    if (g.rectify && maps[i] <= 0) d_maps[i] = 0;
  e.d_in = reference::conv_backward_input(conv, d_maps, weights);
  e.d_weights = reference::conv_backward_weights(conv, image, d_maps);
  e.d_bias.resize(bias.size());
  for (std::size_t i = 0; i < d_maps.size(); ++i) e.d_bias[i / (d_maps.size() / bias.size())] += d_maps[i];
  return e;
}

/// The kernels on one block; the scratch is kept from block to block, as a workspace does.
template <class T>
struct Kernels {
  ConvPoolGeometry g;
  std::vector<T> weights, bias, forward, rows;
  kernels::SparseGradient<T> scratch;
  std::vector<T> out, d_in, d_weights, d_bias;
  std::vector<std::int32_t> switches;

  explicit Kernels(const ConvPoolGeometry& geometry_)
      : g(geometry_),
        weights(random_values<T>(g.conv.weight_count(), 3)),
        bias(random_values<T>(static_cast<std::size_t>(g.output.channels), 4)),
        forward(weights.size()),
        rows(kernels::packed_rows_size(g)),
        out(g.output.size() * kLanes),
        d_in(g.conv.input.size() * kLanes),
        d_weights(weights.size()),
        d_bias(bias.size()),
        switches(out.size()) {
    pack();
    kernels::reserve(g, scratch);
  }
  void pack() {
    kernels::pack_conv_forward(g.conv, weights.data(), forward.data());
    kernels::pack_conv_rows(g, weights.data(), rows.data());
  }
  void run(const Images<T>& images, const Images<T>& d_out) {
    const T nan = std::numeric_limits<T>::quiet_NaN();
    std::fill(out.begin(), out.end(), nan);
    std::fill(d_in.begin(), d_in.end(), nan);
    std::fill(switches.begin(), switches.end(), -1);
    const std::vector<T> in = block_of(g.conv.input, images), d = block_of(g.output, d_out);
    kernels::conv_pool_forward(g, in.data(), forward.data(), bias.data(), out.data(), switches.data());
    kernels::gather_gradient(g, out.data(), d.data(), switches.data(), true, true, scratch);
    kernels::conv_pool_backward_weights(g, in.data(), scratch, d_weights.data(), d_bias.data());
    kernels::conv_pool_backward_input(g, scratch, rows.data(), d_in.data());
  }
};

/// `images` and `d_out` against the reference. The weight gradient is added to what is there.
template <class T>
void check(Kernels<T>& k, const Images<T>& images, const Images<T>& d_out) {
  const ConvPoolGeometry& g = k.g;
  k.d_weights = random_values<T>(k.weights.size(), 5);
  k.d_bias = random_values<T>(k.bias.size(), 6);
  std::vector<double> d_weights = widen(k.d_weights), d_bias = widen(k.d_bias);
  k.run(images, d_out);
  double forward = 0, backward = 0;
  for (int lane = 0; lane < kLanes; ++lane) {
    const std::size_t l = static_cast<std::size_t>(lane);
    const Expected e = expected(g, widen(images[l]), widen(k.weights), widen(k.bias), widen(d_out[l]));
    forward = std::max(forward, relative_difference(get_image(g.output, k.out.data(), lane), e.out));
    backward = std::max(backward, relative_difference(get_image(g.conv.input, k.d_in.data(), lane), e.d_in));
    for (std::size_t i = 0; i < d_weights.size(); ++i) d_weights[i] += e.d_weights[i];
    for (std::size_t i = 0; i < d_bias.size(); ++i) d_bias[i] += e.d_bias[i];
    // Where a ReLU closed the whole window the place does not matter.
    const std::vector<std::int32_t> places = get_image(g.output, k.switches.data(), lane);
    bool same = true;
    for (std::size_t i = 0; i < places.size(); ++i) same = same && ((g.rectify && e.out[i] == 0) || places[i] == e.switches[i]);
    CHECK(same);
  }
  CHECK(forward <= kTolerance<T>);
  CHECK(backward <= kTolerance<T>);
  CHECK(relative_difference(k.d_weights, d_weights) <= kTolerance<T>);
  CHECK(relative_difference(k.d_bias, d_bias) <= 10 * kTolerance<T>);  // long sums that cancel
}

template <class T>
void check(const ConvPoolGeometry& g) {
  CAPTURE(to_string(g.conv.input));
  CAPTURE(to_string(g.conv.output));
  CAPTURE(to_string(g.output));
  CAPTURE(g.conv.kernel);
  CAPTURE(g.conv.stride);
  CAPTURE(g.conv.padding);
  CAPTURE(g.rectify);
  Kernels<T> k(g);
  check(k, random_images<T>(g.conv.input, kLanes, 1), random_images<T>(g.output, kLanes, 2));
}

}  // namespace

TEST_CASE_TEMPLATE("sparse conv kernels: equal the reference for every number of channels in and out", T, float, double) {
  for (int in = 1; in <= 11; ++in)
    for (int out = 1; out <= 11; ++out) {
      check<T>(geometry(in, out, 3, 1 + (in + out) % 2, 1, 6, 7, {2, 2, in % 3 != 0}));
      if (in == 1) check<T>(geometry(1, out, 5, 1, 0, 8, 7));
    }
}

TEST_CASE_TEMPLATE("sparse conv kernels: equal the reference for every kernel, stride, padding and pool", T, float, double) {
  constexpr Pool kPools[] = {{2, 2, true}, {2, 2, false}, {3, 2, true}, {2, 1, true}, {2, 3, false}, {1, 1, true}, {1, 2, true}};
  constexpr std::pair<int, int> kChannels[] = {{1, 1}, {2, 5}, {3, 7}};
  std::size_t turn = 0;
  for (const int kernel : {1, 2, 3, 5, 7})
    for (int stride = 1; stride <= 3; ++stride)
      for (int padding = 0; padding <= 2 && padding < kernel; ++padding)
        for (const Pool& pool : kPools) {
          const auto& [in, out] = kChannels[turn++ % std::size(kChannels)];
          const ConvPoolGeometry g = geometry(in, out, kernel, stride, padding, 12, 11, pool);
          if (g.conv.output.width >= pool.kernel) check<T>(g);
        }
}

TEST_CASE_TEMPLATE("sparse conv kernels: equal the reference for rows of one, two and three chunks", T, float, double) {
  for (const int in : {10, 11, 20, 21}) check<T>(geometry(in, 3, 5, 1, 0, 7, 8));  // 13, 14, 25 and 27 vectors
  check<T>(geometry(16, 2, 7, 1, 0, 9, 8));                                        // 28
  check<T>(geometry(16, 2, 7, 1, 3, 3, 4));
}

TEST_CASE_TEMPLATE("sparse conv kernels: the two layers of LeNet equal the reference", T, float, double) {
  check<T>(geometry(1, 20, 5, 1, 0, 28, 28));
  check<T>(geometry(20, 50, 5, 1, 0, 12, 12));
}

TEST_CASE("sparse conv kernels: a tie goes to the first place") {
  Kernels<float> k(geometry(2, 3, 2, 1, 0, 5, 5, {2, 2, false}));
  for (float& w : k.weights) w = std::floor(3 * w);
  for (float& b : k.bias) b = std::floor(3 * b);
  k.pack();
  Images<float> images = random_images<float>(k.g.conv.input, kLanes, 1);
  for (std::vector<float>& image : images)
    for (float& v : image) v = v > 0.3f ? 1.0f : 0.0f;
  images[0].assign(images[0].size(), 1.0f);
  check(k, images, random_images<float>(k.g.output, kLanes, 2));
}

TEST_CASE_TEMPLATE("sparse conv kernels: few gradients, none at all, and blocks one after the other in one scratch", T, float,
                   double) {
  for (const ConvPoolGeometry& g :
       {geometry(1, 6, 5, 1, 0, 10, 10), geometry(3, 4, 3, 1, 1, 6, 8), geometry(6, 7, 2, 2, 1, 9, 8, {3, 2, true})}) {
    Kernels<T> k(g);
    for (std::uint32_t block = 0; block < 4; ++block) {
      Images<T> d_out = random_images<T>(g.output, kLanes, 10 + block);
      for (std::vector<T>& d : d_out)
        for (T& v : d) v = block == 1 ? T(0) : block == 2 && std::abs(v) < T(0.9) ? T(0) : v;
      check(k, random_images<T>(g.conv.input, kLanes, 20 + block), d_out);
      if (block == 1) CHECK(k.d_in == std::vector<T>(k.d_in.size(), T(0)));
    }
  }
}

TEST_CASE_TEMPLATE("sparse conv kernels: one image never reaches another one's results", T, float, double) {
  for (const ConvPoolGeometry& g : {geometry(1, 6, 5, 1, 0, 10, 10), geometry(3, 7, 3, 1, 2, 5, 6)}) {
    const Images<T> images = random_images<T>(g.conv.input, kLanes, 1), d_out = random_images<T>(g.output, kLanes, 2);
    Kernels<T> k(g), alone(g);
    k.run(images, d_out);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      Images<T> other_images = random_images<T>(g.conv.input, kLanes, 3), other_d = random_images<T>(g.output, kLanes, 4);
      other_images[lane] = images[lane];
      other_d[lane] = d_out[lane];
      alone.run(other_images, other_d);
      for (std::size_t l = 0; l < kLanes; ++l) {
        const int other = static_cast<int>(l);
        CHECK(same_bits(get_image(g.output, alone.out.data(), other), get_image(g.output, k.out.data(), other)) == (l == lane));
        CHECK(same_bits(get_image(g.conv.input, alone.d_in.data(), other), get_image(g.conv.input, k.d_in.data(), other)) ==
              (l == lane));
      }
    }
  }
}

TEST_CASE("sparse conv kernels: rows are packed [out][ky][kx][in] and filled up with zeros") {
  const ConvPoolGeometry g = geometry(3, 2, 2, 1, 0, 4, 4);
  std::vector<float> weights(g.conv.weight_count()), packed(kernels::packed_rows_size(g), -1.0f);
  std::iota(weights.begin(), weights.end(), 1.0f);
  kernels::pack_conv_rows(g, weights.data(), packed.data());
  CHECK(g.row() == 6);
  CHECK(g.padded_row() == 8);
  REQUIRE(packed.size() == 2 * 2 * 8);
  for (std::size_t o = 0; o < 2; ++o)
    for (std::size_t ky = 0; ky < 2; ++ky)
      for (std::size_t i = 0; i < 8; ++i) {
        const std::size_t kx = i / 3, c = i % 3;
        CHECK(packed[(o * 2 + ky) * 8 + i] == (i < 6 ? weights[((o * 3 + c) * 2 + ky) * 2 + kx] : 0.0f));
      }
}
