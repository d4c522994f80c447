# The program lenet-lab: the engine without a page. Everything but its main() is in the module cli, for the tests.

if(EXISTS "${PROJECT_SOURCE_DIR}/src/cli/main.cpp")
  target_compile_definitions(lenet_cli PRIVATE "LENET_LAB_VERSION=\"${PROJECT_VERSION}\"")
  add_executable(lenet-lab "${PROJECT_SOURCE_DIR}/src/cli/main.cpp")
  target_link_libraries(lenet-lab PRIVATE lenet_cli lenet_warnings)
  if(EMSCRIPTEN)
    include(node)
    lenet_for_node(lenet-lab)
  endif()
endif()
