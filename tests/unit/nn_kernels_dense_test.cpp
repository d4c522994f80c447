// Tests of src/nn/kernels/dense.h against the plain loops of reference.h.
#include <limits>

#include "nn/kernels/dense.h"
#include "nn/kernels/reference.h"
#include "nn_support.h"

using namespace lenet;
using namespace lenet::nn;
using namespace lenet::test;

namespace {

template <class T>
constexpr double kTolerance = sizeof(T) == 4 ? 1e-5 : 1e-12;

/// A dense layer and three blocks of images, all different.
template <class T>
struct Case {
  static constexpr int kBlocks = 3;
  int inputs, outputs;
  std::vector<T> weights, bias;
  Images<T> in, d_out;  // of all blocks
  std::vector<T> kept_in, kept_d;  // as the weight gradient reads them

  Case(int inputs_, int outputs_)
      : inputs(inputs_),
        outputs(outputs_),
        weights(random_values<T>(static_cast<std::size_t>(inputs * outputs), 1)),
        bias(random_values<T>(static_cast<std::size_t>(outputs), 2)),
        in(random_images<T>({inputs, 1, 1}, kBlocks * kLanes, 3)),
        d_out(random_images<T>({outputs, 1, 1}, kBlocks * kLanes, 4)) {
    keep(kBlocks);
  }
  /// Lays the first `blocks` blocks out as one minibatch.
  void keep(int blocks) {
    kept_in.assign(kernels::dense_inputs_size(static_cast<std::size_t>(inputs), static_cast<std::size_t>(blocks)),
                   std::numeric_limits<T>::quiet_NaN());
    kept_d.assign(static_cast<std::size_t>(outputs * blocks * kLanes), std::numeric_limits<T>::quiet_NaN());
    for (int b = 0; b < blocks; ++b) {
      kernels::keep_dense_inputs(inputs, blocks, b, block(in, inputs, b).data(), kept_in.data());
      kernels::keep_dense_gradient(outputs, blocks, b, block(d_out, outputs, b).data(), kept_d.data());
    }
  }
  static std::vector<T> block(const Images<T>& images, int units, int b) {
    const auto begin = images.begin() + b * kLanes;
    return block_of<T>({units, 1, 1}, {begin, begin + kLanes});
  }
  std::vector<T> run_forward(const std::vector<T>& x) const {
    std::vector<T> out(static_cast<std::size_t>(outputs * kLanes), std::numeric_limits<T>::quiet_NaN());
    kernels::dense_forward(inputs, outputs, x.data(), weights.data(), bias.data(), out.data());
    return out;
  }
  std::vector<T> run_backward_input(const std::vector<T>& d) const {
    std::vector<T> d_in(static_cast<std::size_t>(inputs * kLanes), std::numeric_limits<T>::quiet_NaN());
    kernels::dense_backward_input(inputs, outputs, d.data(), weights.data(), d_in.data());
    return d_in;
  }
  /// Rows first … last-1; the other rows stay NaN.
  std::pair<std::vector<T>, std::vector<T>> run_backward_weights(int blocks, int first, int last) {
    keep(blocks);
    std::vector<T> d_weights(weights.size(), std::numeric_limits<T>::quiet_NaN()),
        d_bias(bias.size(), std::numeric_limits<T>::quiet_NaN());
    kernels::dense_backward_weights(inputs, blocks * kLanes, first, last, kept_in.data(), kept_d.data(), d_weights.data(), d_bias.data());
    return {d_weights, d_bias};
  }
};

template <class T>
void check_passes(int inputs, int outputs) {
  CAPTURE(inputs);
  CAPTURE(outputs);
  const Case<T> c(inputs, outputs);
  const std::vector<T> out = c.run_forward(c.block(c.in, inputs, 0)), d_in = c.run_backward_input(c.block(c.d_out, outputs, 0));
  double forward = 0, backward = 0;
  for (int lane = 0; lane < kLanes; ++lane) {
    const std::size_t l = static_cast<std::size_t>(lane);
    forward = std::max(forward, relative_difference(get_image<T>({outputs, 1, 1}, out.data(), lane),
                                                    reference::dense_forward(widen(c.in[l]), widen(c.weights), widen(c.bias))));
    backward = std::max(backward, relative_difference(get_image<T>({inputs, 1, 1}, d_in.data(), lane),
                                                      reference::dense_backward_input(static_cast<std::size_t>(inputs),
                                                                                      widen(c.d_out[l]), widen(c.weights))));
  }
  CHECK(forward <= kTolerance<T>);
  CHECK(backward <= kTolerance<T>);
}

template <class T>
void check_weights(int inputs, int outputs, int blocks) {
  CAPTURE(inputs);
  CAPTURE(outputs);
  CAPTURE(blocks);
  Case<T> c(inputs, outputs);
  std::vector<double> weights(c.weights.size()), bias(c.bias.size());
  for (std::size_t image = 0; image < static_cast<std::size_t>(blocks * kLanes); ++image)
    for (std::size_t o = 0; o < bias.size(); ++o) {
      const double d = static_cast<double>(c.d_out[image][o]);
      bias[o] += d;
      for (std::size_t i = 0; i < c.in[image].size(); ++i)
        weights[o * c.in[image].size() + i] += d * static_cast<double>(c.in[image][i]);
    }
  const auto [d_weights, d_bias] = c.run_backward_weights(blocks, 0, outputs);
  CHECK(relative_difference(d_weights, weights) <= kTolerance<T>);
  CHECK(relative_difference(d_bias, bias) <= kTolerance<T>);
}

}  // namespace

TEST_CASE_TEMPLATE("dense kernels: both directions equal the reference for every number of inputs and outputs", T, float, double) {
  for (int inputs = 1; inputs <= 11; ++inputs)
    for (int outputs = 1; outputs <= 11; ++outputs) check_passes<T>(inputs, outputs);
  check_passes<T>(800, 13);
  check_passes<T>(37, 500);
}

TEST_CASE_TEMPLATE("dense kernels: the weight gradient equals the sum over all images, for every tail", T, float, double) {
  for (const int inputs : {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 16, 17, 23, 24})
    for (int outputs = 1; outputs <= 11; ++outputs) check_weights<T>(inputs, outputs, 1 + (inputs + outputs) % 3);
}

TEST_CASE_TEMPLATE("dense kernels: rows divided among threads have the bits of all rows at once, and only those are written", T,
                   float, double) {
  for (const int inputs : {3, 8, 13})
    for (int outputs = 1; outputs <= 11; ++outputs) {
      Case<T> c(inputs, outputs);
      const auto [all_weights, all_bias] = c.run_backward_weights(3, 0, outputs);
      for (int first = 0; first <= outputs; ++first)
        for (int last = first; last <= outputs; ++last) {
          const auto [weights, bias] = c.run_backward_weights(3, first, last);
          bool right = true;
          for (int o = 0; o < outputs; ++o) {
            const bool inside = o >= first && o < last;
            const std::size_t row = static_cast<std::size_t>(o * inputs);
            right = right && (inside ? std::memcmp(&bias[static_cast<std::size_t>(o)], &all_bias[static_cast<std::size_t>(o)],
                                                   sizeof(T)) == 0
                                     : std::isnan(bias[static_cast<std::size_t>(o)]));
            for (std::size_t i = row; i < row + static_cast<std::size_t>(inputs); ++i)
              right = right && (inside ? std::memcmp(&weights[i], &all_weights[i], sizeof(T)) == 0 : std::isnan(weights[i]));
          }
          CAPTURE(first);
          CAPTURE(last);
          CHECK(right);
        }
    }
}

TEST_CASE_TEMPLATE("dense kernels: one image never reaches another one's results", T, float, double) {
  const Case<T> c(9, 7);
  const std::vector<T> in = c.block(c.in, 9, 0), d = c.block(c.d_out, 7, 0);
  const std::vector<T> out = c.run_forward(in), d_in = c.run_backward_input(d);
  for (int bad = 0; bad < kLanes; ++bad) {
    std::vector<T> bad_in = in, bad_d = d;
    for (std::size_t i = static_cast<std::size_t>(bad); i < bad_in.size(); i += kLanes)
      bad_in[i] = std::numeric_limits<T>::quiet_NaN();
    for (std::size_t i = static_cast<std::size_t>(bad); i < bad_d.size(); i += kLanes)
      bad_d[i] = std::numeric_limits<T>::quiet_NaN();
    const std::vector<T> bad_out = c.run_forward(bad_in), bad_d_in = c.run_backward_input(bad_d);
    for (int lane = 0; lane < kLanes; ++lane) {
      CHECK(same_bits(get_image<T>({7, 1, 1}, bad_out.data(), lane), get_image<T>({7, 1, 1}, out.data(), lane)) == (lane != bad));
      CHECK(same_bits(get_image<T>({9, 1, 1}, bad_d_in.data(), lane), get_image<T>({9, 1, 1}, d_in.data(), lane)) == (lane != bad));
    }
  }
}

TEST_CASE("dense kernels: a block's inputs are kept in tiles of eight units, filled up with zeros") {
  const int units = 11;
  std::vector<float> block(units * kLanes), kept(kernels::dense_inputs_size(units, 2), -1.0f);
  CHECK(kept.size() == 2 * 2 * kLanes * kLanes);
  std::iota(block.begin(), block.end(), 1.0f);
  kernels::keep_dense_inputs(units, 2, 1, block.data(), kept.data());
  for (std::size_t tile = 0; tile < 2; ++tile)
    for (std::size_t image = 0; image < 2 * kLanes; ++image)
      for (std::size_t k = 0; k < kLanes; ++k) {
        const std::size_t unit = tile * kLanes + k;
        const float value = kept[(tile * 2 * kLanes + image) * kLanes + k];
        CHECK(value == (image < kLanes ? -1.0f : unit < units ? block[unit * kLanes + image - kLanes] : 0.0f));
      }
}
