# The page: wasm with its loader, the files of web/, the font; all put into LENET_LAB_SITE, a folder of static files.
# Built by several presets into one folder: with threads (lenet-lab.js), the same with relaxed SIMD (lenet-lab-relaxed.js), without
# threads (lenet-lab-single.js); and without SIMD (lenet-lab-scalar.js) to compare with. web/api/builds.js chooses among them.

include(embed)
include(font)

set(lenet_font_file "${CMAKE_BINARY_DIR}/font.ttf")
lenet_font("${lenet_font_file}")
lenet_embed(lenet_ui font "${lenet_font_file}")

file(GLOB lenet_shaders CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/shaders/*.vert" "${PROJECT_SOURCE_DIR}/shaders/*.frag"
  "${PROJECT_SOURCE_DIR}/shaders/*.glsl")
lenet_embed(lenet_gfx shaders ${lenet_shaders})

include(site)

# The page is to be small on its way to the browser: what speaks, draws and keeps order is compiled for size. What computes is compiled for
# speed, as everything is elsewhere.
if(CMAKE_BUILD_TYPE STREQUAL Release)
  file(GLOB_RECURSE lenet_for_size CONFIGURE_DEPENDS
    "${PROJECT_SOURCE_DIR}/src/app/*.cpp" "${PROJECT_SOURCE_DIR}/src/gfx/*.cpp" "${PROJECT_SOURCE_DIR}/src/platform/*.cpp"
    "${PROJECT_SOURCE_DIR}/src/ui/*.cpp" "${PROJECT_SOURCE_DIR}/src/lab/*json*.cpp" "${PROJECT_SOURCE_DIR}/src/lab/*results*.cpp"
    "${PROJECT_SOURCE_DIR}/src/lab/*findings*.cpp" "${PROJECT_SOURCE_DIR}/src/lab/*recipe*.cpp" "${PROJECT_SOURCE_DIR}/src/nn/safetensors.cpp"
    "${PROJECT_SOURCE_DIR}/src/nn/spec.cpp")
  list(APPEND lenet_for_size "${PROJECT_SOURCE_DIR}/src/main.cpp")
  set_source_files_properties(${lenet_for_size} PROPERTIES COMPILE_OPTIONS -Oz)
endif()

if(EXISTS "${PROJECT_SOURCE_DIR}/src/main.cpp")
  set(lenet_heap "${PROJECT_SOURCE_DIR}/cmake/page_heap.js")
  add_executable(page "${PROJECT_SOURCE_DIR}/src/main.cpp")
  target_link_libraries(page PRIVATE lenet_platform lenet_ui lenet_warnings)
  target_link_options(page PRIVATE
    -sMODULARIZE=1 -sEXPORT_ES6=1 -sEXPORT_NAME=createLenetLab -sENVIRONMENT=web,worker
    -sMIN_WEBGL_VERSION=2 -sMAX_WEBGL_VERSION=2
    -sSTACK_SIZE=1MB -sINITIAL_MEMORY=128MB -sALLOW_MEMORY_GROWTH=1 -sMAXIMUM_MEMORY=1GB
    -sFILESYSTEM=0 -sGL_ENABLE_GET_PROC_ADDRESS=0 # neither is used, and both are heavy
    -sEXPORTED_FUNCTIONS=_main,_malloc,_free
    -sEXPORTED_RUNTIME_METHODS=UTF8ToString,stringToUTF8,lengthBytesUTF8,stringToNewUTF8,HEAPU8,HEAP32,HEAPU32,HEAPF32
    "SHELL:--post-js ${lenet_heap}"
    $<$<CONFIG:Release>:-sASSERTIONS=0>
    $<$<CONFIG:Release>:-Os>)
  set_target_properties(page PROPERTIES
    SUFFIX .js RUNTIME_OUTPUT_DIRECTORY "${LENET_LAB_SITE}" LINK_DEPENDS "${lenet_heap}")
  if(LENET_LAB_THREADS)
    set(lenet_page_name_simd128 lenet-lab)
    set(lenet_page_name_relaxed lenet-lab-relaxed)
    set(lenet_page_name_scalar lenet-lab-scalar)
    set_target_properties(page PROPERTIES OUTPUT_NAME ${lenet_page_name_${LENET_LAB_WASM_SIMD}})
    # The workers are there before main() runs, since a page cannot wait for one to start: the session's own thread and those that
    # it trains with (app::default_threads()).
    target_link_options(page PRIVATE -sDEFAULT_PTHREAD_STACK_SIZE=1MB "-sPTHREAD_POOL_SIZE=Math.min(navigator.hardwareConcurrency,8)+1"
      -Wno-pthreads-mem-growth)
  else()
    set_target_properties(page PROPERTIES OUTPUT_NAME lenet-lab-single)
  endif()
  add_dependencies(worker page)
endif()
