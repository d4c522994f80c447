// On x86-64 Linux: the plain lenet-lab becomes lenet-lab-avx2, which lies beside it, where the processor has AVX2. The same
// sources, the same bits, about twice as fast.
//
// Two executables, since two instruction sets in one do not mix: the linker keeps one copy of each inline function of the
// standard library, and an older processor would crash in the one that was compiled for the newer.
#pragma once

namespace lenet::cli {

/// Runs lenet-lab-avx2 with these arguments in place of this process, if that is possible; otherwise returns.
/// $LENET_LAB_SIMD, sse2 or avx2, forces one. Throws Error where that cannot be done or is neither.
void use_fastest_build(char** argv);

}  // namespace lenet::cli
