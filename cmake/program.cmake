# The program lenet-lab: the engine without a page. Everything but its main() is in the module cli, for the tests. lenet-lab-avx2 is
# the same for processors with AVX2; lenet-lab runs it in its place there (src/cli/simd.h).

if(EXISTS "${PROJECT_SOURCE_DIR}/src/cli/main.cpp")
  foreach(suffix IN ITEMS "" ${lenet_more_suffixes})
    target_compile_definitions(lenet_cli${suffix} PRIVATE "LENET_LAB_VERSION=\"${PROJECT_VERSION}\"")
    add_executable(lenet-lab${suffix} "${PROJECT_SOURCE_DIR}/src/cli/main.cpp")
    target_link_libraries(lenet-lab${suffix} PRIVATE lenet_cli${suffix} lenet_warnings)
  endforeach()
  if(LENET_LAB_AVX2)
    add_dependencies(lenet-lab lenet-lab-avx2)
  endif()
  if(EMSCRIPTEN)
    include(node)
    lenet_for_node(lenet-lab)
  endif()
endif()
