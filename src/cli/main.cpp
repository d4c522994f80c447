// The program lenet-lab. Everything but these lines is in the module cli, where the tests can reach it.
#include <cstdio>

#include "base/error.h"
#include "cli/program.h"
#include "cli/simd.h"

int main(int argc, char** argv) {
  try {
    lenet::cli::use_fastest_build(argv);
  } catch (const lenet::Error& error) {
    std::fprintf(stderr, "lenet-lab: %s\n", error.what());
    return lenet::cli::kFailure;
  }
  return lenet::cli::run(argc, argv);
}
