#include "nn/kernels/dropout.h"

#include <algorithm>
#include <array>

#include "base/random.h"
#include "nn/lanes.h"

namespace lenet::nn::kernels {
namespace {

constexpr int kWords = 4;  // that philox() gives at once: four images' numbers for one value

template <class T>
T enlargement(double drop) {
  return static_cast<T>(1 / (1 - drop));
}

}  // namespace

template <class T>
void dropout_forward(std::size_t n, double drop, int position, const Draw& draw, const T* in, T* out, std::int32_t* switches) {
  const std::uint32_t limit = static_cast<std::uint32_t>(drop * 0x1p32);  // words below it drop
  const T factor = enlargement<T>(drop);
  const std::array<std::uint32_t, 2> key = {static_cast<std::uint32_t>(draw.seed), static_cast<std::uint32_t>(draw.seed >> 32)};
  // The position above the purpose: no other purpose has such a number.
  const std::uint32_t purpose = static_cast<std::uint32_t>(Purpose::kDropout) | static_cast<std::uint32_t>(position) << 16;
  for (std::size_t k = 0; k < n; ++k)
    for (int lane = 0; lane < kLanes; lane += kWords) {
      const std::uint32_t images = (draw.first_image + static_cast<std::uint32_t>(lane)) / kWords;
      const auto words = philox({static_cast<std::uint32_t>(k), images, static_cast<std::uint32_t>(draw.step), purpose}, key);
      for (const std::uint32_t word : words) {
        const bool dropped = word < limit;
        *out++ = dropped ? T(0) : *in * factor;
        *switches++ = dropped ? kDropped : kEnlarged;
        ++in;
      }
    }
}

template <class T>
void dropout_pass(std::size_t n, const T* in, T* out, std::int32_t* switches) {
  std::copy_n(in, n * kLanes, out);
  std::fill_n(switches, n * kLanes, kPassed);
}

template <class T>
void dropout_backward(std::size_t n, double drop, const T* d_out, const std::int32_t* switches, T* d_in) {
  const T factor = enlargement<T>(drop);
  for (std::size_t i = 0; i < n * kLanes; ++i) {
    d_in[i] = switches[i] == kDropped ? T(0) : switches[i] == kEnlarged ? d_out[i] * factor : d_out[i];
  }
}

#define LENET_INSTANTIATE(T)                                                                            \
  template void dropout_forward<T>(std::size_t, double, int, const Draw&, const T*, T*, std::int32_t*); \
  template void dropout_pass<T>(std::size_t, const T*, T*, std::int32_t*);                              \
  template void dropout_backward<T>(std::size_t, double, const T*, const std::int32_t*, T*);
LENET_INSTANTIATE(float)
LENET_INSTANTIATE(double)  // for gradient checks
#undef LENET_INSTANTIATE

}  // namespace lenet::nn::kernels
