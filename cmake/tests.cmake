# unit-tests: tests/unit/**/*.cpp with doctest, natively or as wasm in Node. Some read the data in $LENET_LAB_DATA.
# unit-tests-avx2 is the same with AVX2: among them are hashes, so both builds have to give the same bits.

option(LENET_LAB_TESTS "Build the unit tests" ON)
enable_testing()
file(GLOB_RECURSE lenet_test_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/tests/unit/*.cpp")

set(lenet_tested_modules lenet_base lenet_nn lenet_data lenet_lab lenet_app lenet_cli)

if(LENET_LAB_TESTS AND lenet_test_sources)
  foreach(suffix IN ITEMS "" ${lenet_more_suffixes})
    add_executable(unit-tests${suffix} ${lenet_test_sources})
    target_include_directories(unit-tests${suffix} PRIVATE "${PROJECT_SOURCE_DIR}/tests/unit")
    list(TRANSFORM lenet_tested_modules APPEND "${suffix}" OUTPUT_VARIABLE modules)
    target_link_libraries(unit-tests${suffix} PRIVATE ${modules} third::doctest lenet_warnings)
    target_compile_definitions(unit-tests${suffix} PRIVATE "LENET_GOLDEN_DIR=\"${PROJECT_SOURCE_DIR}/tests/golden\""
      $<$<BOOL:${LENET_LAB_AVX2}>:LENET_LAB_AVX2>)
    if(EMSCRIPTEN)
      include(node)
      lenet_for_node(unit-tests${suffix})
    elseif(TARGET lenet-lab)
      # The program itself is under test too, for its messages and exit codes.
      target_compile_definitions(unit-tests${suffix} PRIVATE "LENET_LAB_PROGRAM=\"$<TARGET_FILE:lenet-lab>\"")
      add_dependencies(unit-tests${suffix} lenet-lab)
    endif()
  endforeach()
  add_test(NAME unit-tests COMMAND unit-tests)
  if(TARGET unit-tests-avx2)
    # Skipped, with exit code 77, where the processor has no AVX2.
    add_test(NAME unit-tests-avx2 COMMAND sh -c "grep -qw avx2 /proc/cpuinfo || exit 77; exec \"$1\"" sh $<TARGET_FILE:unit-tests-avx2>)
    set_tests_properties(unit-tests-avx2 PROPERTIES SKIP_RETURN_CODE 77)
  endif()
endif()
