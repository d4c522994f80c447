// Eight images side by side: the layout and the arithmetic of every kernel.
//
// An activation of a block of eight images is stored as [y][x][channel][8]: the innermost index is the image. One weight
// then meets eight images in one multiplication, whatever the layer's sizes, and no shape needs a tail. An image's own sums run
// over (ky, kx, channel) in one fixed order, so its result does not depend on which images share the block. A block
// with fewer than eight images is filled up with zeros, whose loss gradient is zero too.
#pragma once

#include <cstddef>
#include <cstring>
#include <type_traits>

namespace lenet::nn {

inline constexpr int kLanes = 8;

#if defined(__AVX__)
inline constexpr int kVectorBytes = 32;
#else
inline constexpr int kVectorBytes = 16;  // SSE2, NEON, wasm SIMD128
#endif

/// Whether this build rounds every product and every sum, as all builds but the one with relaxed SIMD do: the same bits everywhere.
#ifdef __wasm_relaxed_simd__
inline constexpr bool kExact = false;
#else
inline constexpr bool kExact = true;
#endif

/// The vectors that this build computes with: "wasm SIMD128", "SSE2", …
const char* simd_name();

/// N neighbouring values in compiler vector extensions: the same source is SSE, NEON and wasm SIMD128.
template <class T, int N>
struct Pack {
  static constexpr int kPartBytes = N * static_cast<int>(sizeof(T)) < kVectorBytes ? N * static_cast<int>(sizeof(T)) : kVectorBytes;
  static constexpr int kParts = N * static_cast<int>(sizeof(T)) / kPartBytes;
  typedef T Vector __attribute__((vector_size(kPartBytes)));

  Vector part[kParts];

  static Pack splat(T value) {
    Pack pack;
    for (Vector& v : pack.part) v = all(value);
    return pack;
  }
  static Pack load(const T* from) {
    Pack pack;
    std::memcpy(&pack, from, sizeof(Pack));
    return pack;
  }
  void store(T* to) const { std::memcpy(to, this, sizeof(Pack)); }

  void add(const Pack& other) {
    for (int i = 0; i < kParts; ++i) part[i] += other.part[i];
  }
  /// this += weight * x
  void add_product(T weight, const Pack& x) {
    for (int i = 0; i < kParts; ++i) part[i] = multiply_add(all(weight), x.part[i], part[i]);
  }
  /// this += a * b, value by value
  void add_product(const Pack& a, const Pack& b) {
    for (int i = 0; i < kParts; ++i) part[i] = multiply_add(a.part[i], b.part[i], part[i]);
  }

 private:
  /// The value in every place. Minus zero keeps every value's bits and so costs nothing; plus zero would not.
  static Vector all(T value) { return value - Vector{}; }

  static Vector multiply_add(Vector a, Vector b, Vector c) {
#ifdef __wasm_relaxed_simd__
    // One rounding or two, as the processor likes: the page's fast build, whose bits are its own.
    if constexpr (std::is_same_v<T, float> && kPartBytes == 16) return __builtin_wasm_relaxed_madd_f32x4(a, b, c);
#endif
    return a * b + c;
  }
};

/// One value for each of the eight images of a block.
template <class T>
using Lanes = Pack<T, kLanes>;

/// The sum over the eight images, always in the same order: ((0+4)+(2+6)) + ((1+5)+(3+7)).
template <class T>
T sum_of(const Lanes<T>& lanes) {
  T lane[kLanes];
  lanes.store(lane);
  return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

}  // namespace lenet::nn
