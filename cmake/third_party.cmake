# Third-party targets under one set of names for every build:
#   third::eigen third::json third::cli11 third::doctest third::zlib third::threads, and for the page third::sdl2 third::imgui.
# Natively they are the system's packages; for wasm what tools/setup left in the cache. Nothing third-party is in the tree.

function(lenet_third_party name include_dir)
  add_library(third_${name} INTERFACE)
  add_library(third::${name} ALIAS third_${name})
  target_include_directories(third_${name} SYSTEM INTERFACE ${include_dir})
endfunction()

# lenet_find_headers(<variable> <header> <Debian package> <folder>…)
function(lenet_find_headers variable header package)
  find_path(${variable} ${header} PATHS ${ARGN} NO_CMAKE_FIND_ROOT_PATH ${lenet_only_there})
  if(NOT ${variable})
    message(FATAL_ERROR "${header} not found. Run tools/setup once, or install ${package}.")
  endif()
endfunction()

if(EMSCRIPTEN)
  set(lenet_only_there NO_DEFAULT_PATH)
  set(lenet_headers "${LENET_LAB_CACHE}/third-party/headers")
else()
  set(lenet_only_there "")
  set(lenet_headers "")
endif()

lenet_find_headers(LENET_LAB_EIGEN_DIR Eigen/Core libeigen3-dev ${lenet_headers} /usr/include/eigen3)
lenet_find_headers(LENET_LAB_JSON_DIR nlohmann/json.hpp nlohmann-json3-dev ${lenet_headers})
lenet_find_headers(LENET_LAB_CLI11_DIR CLI/CLI.hpp libcli11-dev ${lenet_headers})
lenet_find_headers(LENET_LAB_DOCTEST_DIR doctest/doctest.h doctest-dev ${lenet_headers})
lenet_third_party(eigen "${LENET_LAB_EIGEN_DIR}")
lenet_third_party(json "${LENET_LAB_JSON_DIR}")
lenet_third_party(cli11 "${LENET_LAB_CLI11_DIR}")
lenet_third_party(doctest "${LENET_LAB_DOCTEST_DIR}")
# Eigen must neither start threads of its own nor choose instructions that the project did not ask for.
target_compile_definitions(third_eigen INTERFACE EIGEN_DONT_PARALLELIZE)

if(EMSCRIPTEN)
  include("${CMAKE_CURRENT_LIST_DIR}/third_party_wasm.cmake")
else()
  include("${CMAKE_CURRENT_LIST_DIR}/third_party_native.cmake")
endif()
