#include "cli/simd.h"

#if defined(__x86_64__) && defined(__linux__) && !defined(__AVX2__)

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <system_error>

#include "base/error.h"

namespace lenet::cli {
namespace {

/// Where lenet-lab-avx2 would be: beside this program, under its name. Empty where the system does not tell.
std::filesystem::path avx2_program() {
  std::error_code error;
  std::filesystem::path path = std::filesystem::read_symlink("/proc/self/exe", error);
  if (!error) path += "-avx2";
  return path;
}

}  // namespace

void use_fastest_build(char** argv) {
  const char* variable = std::getenv("LENET_LAB_SIMD");
  const std::string wanted = variable ? variable : "";
  if (wanted == "sse2") return;
  if (!wanted.empty() && wanted != "avx2") throw Error("LENET_LAB_SIMD is “" + wanted + "”; it can be sse2 or avx2.");
  const bool forced = !wanted.empty();
  if (!__builtin_cpu_supports("avx2")) {
    if (forced) throw Error("LENET_LAB_SIMD asks for avx2, which this processor does not have.");
    return;
  }
  const std::filesystem::path program = avx2_program();
  if (!program.empty()) execv(program.c_str(), argv);  // comes back only if it fails
  if (forced)
    throw Error("LENET_LAB_SIMD asks for avx2, but " + program.string() + " cannot be run: " + std::strerror(errno) + ".");
}

}  // namespace lenet::cli

#else

namespace lenet::cli {

void use_fastest_build(char**) {}  // there is no other, or this is it

}  // namespace lenet::cli

#endif
