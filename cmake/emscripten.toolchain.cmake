# Toolchain file of the wasm presets: finds Emscripten (EMSDK, then the link that tools/setup leaves in the cache, then
# the PATH) and hands over to Emscripten's own toolchain file.

include("${CMAKE_CURRENT_LIST_DIR}/versions.cmake")

find_program(LENET_LAB_EMXX em++
  HINTS "$ENV{EMSDK}/upstream/emscripten" "${LENET_LAB_CACHE}/emscripten" ENV PATH NO_DEFAULT_PATH)
if(NOT LENET_LAB_EMXX)
  message(FATAL_ERROR "No Emscripten found. Run tools/setup once; or set EMSDK to one from version ${EMSCRIPTEN_MINIMUM} on.")
endif()
get_filename_component(lenet_emxx "${LENET_LAB_EMXX}" REALPATH)
get_filename_component(lenet_emscripten "${lenet_emxx}" DIRECTORY)
if(NOT EXISTS "${lenet_emscripten}/cmake/Modules/Platform/Emscripten.cmake")
  set(lenet_emscripten "/usr/share/emscripten") # Debian's /usr/bin/em++ is only a wrapper
endif()

include("${lenet_emscripten}/cmake/Modules/Platform/Emscripten.cmake")
