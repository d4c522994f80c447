#include "nn/lanes.h"

namespace lenet::nn {

const char* simd_name() {
#if defined(__wasm_relaxed_simd__)
  return "wasm relaxed SIMD";
#elif defined(__wasm_simd128__)
  return "wasm SIMD128";
#elif defined(__wasm__)
  return "wasm without SIMD";
#elif defined(__AVX2__)
  return "AVX2";
#elif defined(__SSE2__)
  return "SSE2";
#elif defined(__ARM_NEON)
  return "NEON";
#else
  return "no SIMD";
#endif
}

}  // namespace lenet::nn
