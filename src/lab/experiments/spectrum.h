// Spatial frequencies of small pictures, by the direct two-dimensional Fourier transform.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "nn/shape.h"

namespace lenet::lab {

/// |F|² of a picture of height × width, filled up with zeros to rows × columns: [ky][kx], at ky / rows and kx / columns cycles per pixel
/// (above half of it: the negative frequencies).
std::vector<double> power_spectrum(std::span<const float> values, int height, int width, int rows, int columns);

/// Shares of a picture's energy by radial frequency |f| = √(fy² + fx²); they sum to 1.
struct RadialShares {
  std::vector<double> bins;              ///< bin b: |f| in [b, b + 1) · 0.5 / bins cycles per pixel, the last one all above
  double low = 0, middle = 0, high = 0;  ///< |f| below 1/6, up to 1/3, above
};

inline constexpr int kSpectrumBins = 16;

/// Of a kernel [channel][ky][kx], all channels together, filled up with zeros to 32×32 (where it is not larger). Nothing for one that is all zero or not finite.
std::optional<RadialShares> radial_shares(std::span<const float> kernel, const nn::Shape& shape);

/// RadialShares::low of kernels of one size, one channel, much faster: the energy below 1/6 cycles per pixel is a quadratic form of the weights,
/// Σ w(i) w(j) · (the transform of the low frequencies' disc at i − j), and all of the energy is Σ w² (Parseval).
class LowShare {
 public:
  explicit LowShare(int size);
  /// Of a kernel [ky][kx], size × size. Nothing for one that is all zero or not finite.
  std::optional<double> of(std::span<const float> kernel) const;

 private:
  int size_;
  std::vector<double> disc_;  // [dy + size - 1][dx + size - 1]
};

/// What the shares of independent random weights are on average: their energy is spread evenly over all frequencies.
RadialShares white_shares();

/// The share of the energy of a picture [channel][y][x], each channel's mean taken off, that lies above `limit` cycles per pixel along
/// either axis. Nothing for a picture that is constant or not finite.
std::optional<double> share_above(std::span<const float> values, const nn::Shape& shape, double limit);

}  // namespace lenet::lab
