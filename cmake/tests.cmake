# unit-tests: tests/unit/**/*.cpp with doctest, natively or as wasm in Node. Some read the data in $LENET_LAB_DATA.

option(LENET_LAB_TESTS "Build the unit tests" ON)
enable_testing()
file(GLOB_RECURSE lenet_test_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/tests/unit/*.cpp")

if(LENET_LAB_TESTS AND lenet_test_sources)
  add_executable(unit-tests ${lenet_test_sources})
  target_include_directories(unit-tests PRIVATE "${PROJECT_SOURCE_DIR}/tests/unit")
  target_link_libraries(unit-tests PRIVATE lenet_base lenet_nn lenet_data lenet_lab lenet_app lenet_cli third::doctest lenet_warnings)
  target_compile_definitions(unit-tests PRIVATE "LENET_GOLDEN_DIR=\"${PROJECT_SOURCE_DIR}/tests/golden\"")
  if(EMSCRIPTEN)
    include(node)
    lenet_for_node(unit-tests)
  elseif(TARGET lenet-lab)
    # The program itself is under test too, for its messages and exit codes.
    target_compile_definitions(unit-tests PRIVATE "LENET_LAB_PROGRAM=\"$<TARGET_FILE:lenet-lab>\"")
    add_dependencies(unit-tests lenet-lab)
  endif()
  add_test(NAME unit-tests COMMAND unit-tests)
endif()
