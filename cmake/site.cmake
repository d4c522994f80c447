# Target site: the static files of web/ and assets/, the Markdown parser and the licences go into LENET_LAB_SITE at every build
# (copied only when they differ).
# Target worker, after all that fills the site: its service worker, with the list of the site's files.

set(lenet_marked "${PROJECT_SOURCE_DIR}/node_modules/marked")
find_program(LENET_LAB_NODE NAMES node nodejs REQUIRED)
find_program(LENET_LAB_ESBUILD esbuild) # without it the page's scripts go out as they are, a third heavier
set(lenet_small)
if(LENET_LAB_ESBUILD)
  set(lenet_small "-DESBUILD=${LENET_LAB_ESBUILD}" "-DSMALL=${CMAKE_BINARY_DIR}/small")
endif()

# What the compiled page contains of others' work, and where its licence is found (name=file).
set(lenet_licenses
  "LeNet Lab=${PROJECT_SOURCE_DIR}/LICENSE"
  "SDL2=${lenet_wasm}/licenses/sdl2.txt"
  "Dear ImGui=${lenet_wasm}/licenses/imgui.txt"
  "zlib=${lenet_wasm}/licenses/zlib.txt"
  "Eigen=/usr/share/doc/libeigen3-dev/copyright"
  "JSON for Modern C++=/usr/share/doc/nlohmann-json3-dev/copyright"
  "marked=${lenet_marked}/LICENSE"
  "DejaVu Sans (cut down and renamed LeNet Lab Sans)=/usr/share/doc/fonts-dejavu-core/copyright"
  "Emscripten and its system libraries=${EMSCRIPTEN_ROOT_PATH}/../doc/emscripten/copyright"
  "Emscripten and its system libraries=${EMSCRIPTEN_ROOT_PATH}/LICENSE")

add_custom_target(site ALL
  COMMAND ${CMAKE_COMMAND} "-DFROM=${PROJECT_SOURCE_DIR}/web" "-DTO=${LENET_LAB_SITE}" ${lenet_small}
    "-DRECORD=${CMAKE_BINARY_DIR}/site-files.txt" -P "${PROJECT_SOURCE_DIR}/cmake/copy_site.cmake"
  COMMAND ${CMAKE_COMMAND} "-DFROM=${PROJECT_SOURCE_DIR}/assets" "-DTO=${LENET_LAB_SITE}/assets"
    "-DRECORD=${CMAKE_BINARY_DIR}/site-assets.txt" -P "${PROJECT_SOURCE_DIR}/cmake/copy_site.cmake"
  COMMAND "${LENET_LAB_NODE}" "${PROJECT_SOURCE_DIR}/cmake/lessons.mjs" "${PROJECT_SOURCE_DIR}/assets" "${lenet_marked}" "${LENET_LAB_SITE}"
  COMMAND ${CMAKE_COMMAND} "-DLICENSES=${lenet_licenses}" "-DTO=${LENET_LAB_SITE}/licenses.txt"
    -P "${PROJECT_SOURCE_DIR}/cmake/write_licenses.cmake"
  COMMENT "Copying web/ and assets/ to ${LENET_LAB_SITE}"
  VERBATIM)

add_custom_target(worker ALL
  COMMAND ${CMAKE_COMMAND} "-DFROM=${PROJECT_SOURCE_DIR}/web/sw.js" "-DSITE=${LENET_LAB_SITE}"
    -P "${PROJECT_SOURCE_DIR}/cmake/write_worker.cmake"
  COMMENT "Writing the service worker"
  VERBATIM)
add_dependencies(worker site)
