#include "lab/experiments/spectrum.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "base/math.h"

namespace lenet::lab {
namespace {

constexpr double kLowEnd = 1.0 / 6;  // cycles per pixel
constexpr int kSide = 32;  // to which a kernel is filled up with zeros, if it is not larger

/// e^(-2πi k / n) for k = 0 … n - 1.
struct Turns {
  std::vector<double> cosine, sine;
  explicit Turns(int n) {
    for (int k = 0; k < n; ++k) {
      cosine.push_back(cos(2 * kPi * k / n));
      sine.push_back(-sin(2 * kPi * k / n));
    }
  }
};

double frequency(int k, int n) { return static_cast<double>(std::min(k, n - k)) / n; }

/// Of a power spectrum side × side.
std::optional<RadialShares> shares_of(const std::vector<double>& power, int side) {
  RadialShares shares;
  shares.bins.assign(kSpectrumBins, 0);
  double total = 0;
  for (int ky = 0; ky < side; ++ky)
    for (int kx = 0; kx < side; ++kx) {
      const double energy = power[static_cast<std::size_t>(ky * side + kx)];
      const double fy = frequency(ky, side), fx = frequency(kx, side), f = std::sqrt(fy * fy + fx * fx);
      const int bin = std::min(static_cast<int>(f * 2 * kSpectrumBins), kSpectrumBins - 1);
      shares.bins[static_cast<std::size_t>(bin)] += energy;
      (f < kLowEnd ? shares.low : f <= 1.0 / 3 ? shares.middle : shares.high) += energy;
      total += energy;
    }
  if (!std::isfinite(total) || total <= 0) return std::nullopt;
  for (double& share : shares.bins) share /= total;
  shares.low /= total;
  shares.middle /= total;
  shares.high /= total;
  return shares;
}

void require_size(std::span<const float> values, const nn::Shape& shape) {
  if (values.size() != shape.size()) throw std::logic_error("spectrum: sizes differ");
}

}  // namespace

std::vector<double> power_spectrum(std::span<const float> values, int height, int width, int rows, int columns) {
  const auto at = [](int y, int w, int x) { return static_cast<std::size_t>(y * w + x); };
  const Turns along_y(rows), along_x(columns);
  // Rows first, then columns.
  std::vector<double> real(at(height, columns, 0)), imaginary(real.size());
  for (int y = 0; y < height; ++y)
    for (int kx = 0; kx < columns; ++kx) {
      double re = 0, im = 0;
      for (int x = 0; x < width; ++x) {
        const double value = static_cast<double>(values[at(y, width, x)]);
        const std::size_t turn = static_cast<std::size_t>(kx * x % columns);
        re += value * along_x.cosine[turn];
        im += value * along_x.sine[turn];
      }
      real[at(y, columns, kx)] = re;
      imaginary[at(y, columns, kx)] = im;
    }
  std::vector<double> power(at(rows, columns, 0));
  for (int ky = 0; ky < rows; ++ky)
    for (int kx = 0; kx < columns; ++kx) {
      double re = 0, im = 0;
      for (int y = 0; y < height; ++y) {
        const std::size_t turn = static_cast<std::size_t>(ky * y % rows), i = at(y, columns, kx);
        re += real[i] * along_y.cosine[turn] - imaginary[i] * along_y.sine[turn];
        im += real[i] * along_y.sine[turn] + imaginary[i] * along_y.cosine[turn];
      }
      power[at(ky, columns, kx)] = re * re + im * im;
    }
  return power;
}

std::optional<RadialShares> radial_shares(std::span<const float> kernel, const nn::Shape& shape) {
  require_size(kernel, shape);
  const std::size_t area = static_cast<std::size_t>(shape.height * shape.width);
  const int side = std::max({kSide, shape.height, shape.width});
  std::vector<double> power(static_cast<std::size_t>(side * side));
  for (int c = 0; c < shape.channels; ++c) {
    const std::vector<double> one =
        power_spectrum(kernel.subspan(static_cast<std::size_t>(c) * area, area), shape.height, shape.width, side, side);
    for (std::size_t i = 0; i < power.size(); ++i) power[i] += one[i];
  }
  return shares_of(power, side);
}

LowShare::LowShare(int size) : size_(size) {
  const int side = std::max(kSide, size), reach = 2 * size - 1;
  const Turns turns(side);
  disc_.assign(static_cast<std::size_t>(reach * reach), 0);
  for (int ky = 0; ky < side; ++ky)
    for (int kx = 0; kx < side; ++kx) {
      const double fy = frequency(ky, side), fx = frequency(kx, side);
      if (std::sqrt(fy * fy + fx * fx) >= kLowEnd) continue;
      for (int dy = 1 - size; dy < size; ++dy)
        for (int dx = 1 - size; dx < size; ++dx) {
          const int turn = ((ky * dy + kx * dx) % side + side) % side;
          disc_[static_cast<std::size_t>((dy + size - 1) * reach + dx + size - 1)] += turns.cosine[static_cast<std::size_t>(turn)] / (side * side);
        }
    }
}

std::optional<double> LowShare::of(std::span<const float> kernel) const {
  const int area = size_ * size_, reach = 2 * size_ - 1;
  if (kernel.size() != static_cast<std::size_t>(area)) throw std::logic_error("spectrum: sizes differ");
  double low = 0, total = 0;
  for (int i = 0; i < area; ++i) {
    const double w = static_cast<double>(kernel[static_cast<std::size_t>(i)]);
    total += w * w;
    // The disc at (i's place − j's place), for j row by row: from its middle backwards.
    const double* from = disc_.data() + (i / size_ + size_ - 1) * reach + i % size_ + size_ - 1;
    double sum = 0;
    for (int y = 0; y < size_; ++y)
      for (int x = 0; x < size_; ++x) sum += static_cast<double>(kernel[static_cast<std::size_t>(y * size_ + x)]) * from[-y * reach - x];
    low += w * sum;
  }
  if (!std::isfinite(total) || total <= 0) return std::nullopt;
  return std::clamp(low / total, 0.0, 1.0);
}

RadialShares white_shares() { return *shares_of(std::vector<double>(static_cast<std::size_t>(kSide * kSide), 1.0), kSide); }

std::optional<double> share_above(std::span<const float> values, const nn::Shape& shape, double limit) {
  require_size(values, shape);
  const std::size_t area = static_cast<std::size_t>(shape.height * shape.width);
  double above = 0, total = 0;
  for (int c = 0; c < shape.channels; ++c) {
    const std::vector<double> power = power_spectrum(values.subspan(static_cast<std::size_t>(c) * area, area), shape.height, shape.width,
                                                     shape.height, shape.width);
    for (int ky = 0; ky < shape.height; ++ky)
      for (int kx = 0; kx < shape.width; ++kx) {
        if (ky == 0 && kx == 0) continue;  // the mean
        const double energy = power[static_cast<std::size_t>(ky * shape.width + kx)];
        total += energy;
        if (frequency(ky, shape.height) > limit || frequency(kx, shape.width) > limit) above += energy;
      }
  }
  double squares = 0;  // what rounding leaves of a constant picture is not a pattern
  for (const float value : values) squares += static_cast<double>(value) * static_cast<double>(value);
  if (!std::isfinite(total) || !(total > 1e-12 * squares * static_cast<double>(area))) return std::nullopt;
  return above / total;
}

}  // namespace lenet::lab
