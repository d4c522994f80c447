# kernel-benchmarks: the kernels one by one, with Google Benchmark where it is installed. Release builds only; no test needs it.

if(TARGET third::benchmark AND CMAKE_BUILD_TYPE STREQUAL Release)
  foreach(suffix IN ITEMS "" ${lenet_more_suffixes})
    add_executable(kernel-benchmarks${suffix} "${PROJECT_SOURCE_DIR}/tests/bench/kernels_benchmark.cpp")
    target_link_libraries(kernel-benchmarks${suffix} PRIVATE lenet_nn${suffix} third::benchmark lenet_warnings)
  endforeach()
endif()
