# Compiler flags that everything in one build shares, third-party code included. Nothing here may depend on the machine:
# the same settings, seed and data give the same bits everywhere.

# No fused multiply-add and no fast-math.
add_compile_options(-ffp-contract=off -fno-fast-math)

if(EMSCRIPTEN)
  add_compile_options(-msimd128 -fwasm-exceptions)
  add_link_options(-msimd128 -fwasm-exceptions)
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
