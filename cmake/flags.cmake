# Compiler flags that everything in one build shares, third-party code included. Nothing here may depend on the machine:
# the same settings, seed and data give the same bits everywhere.

# No fused multiply-add and no fast-math.
add_compile_options(-ffp-contract=off -fno-fast-math)

if(EMSCRIPTEN)
  add_compile_options(-fwasm-exceptions)
  add_link_options(-fwasm-exceptions)
  # simd128 is the build whose results are the same bits everywhere; relaxed may round a product and its sum once or twice, as the
  # processor likes; scalar is there to compare with (tools/bench).
  set(lenet_simd_flags_simd128 -msimd128)
  set(lenet_simd_flags_relaxed -msimd128 -mrelaxed-simd)
  set(lenet_simd_flags_scalar)
  add_compile_options(${lenet_simd_flags_${LENET_LAB_WASM_SIMD}})
  add_link_options(${lenet_simd_flags_${LENET_LAB_WASM_SIMD}})
  if(LENET_LAB_THREADS)
    add_compile_options(-pthread)
    add_link_options(-pthread)
  endif()
endif()

find_program(LENET_LAB_CCACHE ccache)
if(LENET_LAB_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER "${LENET_LAB_CCACHE}")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${LENET_LAB_CCACHE}")
endif()
