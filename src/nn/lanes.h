// Eight images side by side: the layout and the arithmetic of every kernel.
//
// An activation of a block of eight images is stored as [y][x][channel][8]: the innermost index is the image. One weight
// then meets eight images in one multiplication, whatever the layer's sizes, and no shape needs a tail. An image's own sums run
// over (ky, kx, channel) in one fixed order, so its result does not depend on which images share the block. A block
// with fewer than eight images is filled up with zeros, whose loss gradient is zero too.
#pragma once

#include <cstddef>
#include <cstring>

namespace lenet::nn {

inline constexpr int kLanes = 8;

#if defined(__AVX__)
inline constexpr int kVectorBytes = 32;
#else
inline constexpr int kVectorBytes = 16;  // SSE2, NEON, wasm SIMD128
#endif

/// One value for each of the eight images, in compiler vector extensions: the same source is SSE, NEON and wasm SIMD128.
template <class T>
struct Lanes {
  typedef T Vector __attribute__((vector_size(kVectorBytes)));
  static constexpr int kParts = kLanes * static_cast<int>(sizeof(T)) / kVectorBytes;

  Vector part[kParts];

  static Lanes splat(T value) {
    Lanes lanes;
    for (Vector& v : lanes.part) v = Vector{} + value;
    return lanes;
  }
  static Lanes load(const T* from) {
    Lanes lanes;
    std::memcpy(&lanes, from, sizeof(Lanes));
    return lanes;
  }
  void store(T* to) const { std::memcpy(to, this, sizeof(Lanes)); }

  void add(const Lanes& other) {
    for (int i = 0; i < kParts; ++i) part[i] += other.part[i];
  }
  /// this += weight * x
  void add_product(T weight, const Lanes& x) {
    for (int i = 0; i < kParts; ++i) part[i] += weight * x.part[i];
  }
  /// this += a * b, lane by lane
  void add_product(const Lanes& a, const Lanes& b) {
    for (int i = 0; i < kParts; ++i) part[i] += a.part[i] * b.part[i];
  }
  /// The sum over the eight images, always in the same order: ((0+4)+(2+6)) + ((1+5)+(3+7)).
  T sum() const {
    T lane[kLanes];
    store(lane);
    return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
  }
};

}  // namespace lenet::nn
