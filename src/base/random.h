// Counter-based random streams: a number is a pure function of (seed, purpose, stream, part, index).
//
// Nothing is shared and nothing advances behind one's back, so twins with different settings see the same batches, a layer's
// weights do not depend on which layers came before it, and any number can be recomputed without replaying a run.
// Generator: Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace lenet {

/// What a stream is for. The values are part of every seeded result: never renumber them, only append.
enum class Purpose : std::uint32_t {
  kWeights = 1,         ///< initial weights; the stream is the layer's index
  kShuffle = 2,         ///< order of the training images; the stream is the epoch
  kStrokes = 3,         ///< the drawn data set; the stream is the image's index
  kTest = 4,            ///< inputs made by tests
  kDropout = 5,         ///< which values a dropout layer drops (nn/kernels/dropout.h)
  kAugmentation = 6,    ///< shifts and mirror images; the stream is the epoch, the part the training image's index
  kCorrespondence = 7,  ///< places of random masks (lab/experiments/correspondence.h); the stream is the draw, the part the image's index
  kMaximisation = 8,    ///< the image that activation maximisation starts from (lab/experiments/maximisation.h)
  kSmoothness = 9,      ///< random kernels to compare with (lab/experiments/randomness.h); the stream is the kernels' size
  kOwnData = 10,        ///< the order of a data set of one's own (data/own.h); the stream says of which part
};

/// Philox4x32 with ten rounds: four random words from a 128-bit counter and a 64-bit key.
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

/// A sequence of random numbers, read in order. Cheap to make and to copy.
class RandomStream {
 public:
  /// `seed` is the run's, `stream` separates the uses within one purpose (layer, epoch, image), and `part` those within one stream;
  /// after 2^34 words a part goes on as the next one.
  RandomStream(std::uint64_t seed, Purpose purpose, std::uint32_t stream = 0, std::uint32_t part = 0);

  std::uint32_t next();
  /// Uniform in the open interval (0, 1), 53 bits; uses two words.
  double uniform();
  /// Uniform in (low, high).
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// Standard normal, by inversion (two words each, so the n-th number is always made of the same words).
  double normal();
  /// Uniform in 0 … n-1 without bias (Lemire 2019). n must be positive.
  std::uint32_t below(std::uint32_t n);

 private:
  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;
  std::array<std::uint32_t, 4> block_{};
  int used_ = 4;
};

/// Fisher–Yates shuffle; std::shuffle is not used because its result differs between standard libraries.
void shuffle(std::span<std::uint32_t> values, RandomStream& random);

}  // namespace lenet
