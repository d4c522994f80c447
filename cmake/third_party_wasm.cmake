# Third-party libraries of a wasm build: static ones that tools/setup compiled into the cache, with or without threads.

if(LENET_LAB_THREADS)
  set(lenet_wasm "${LENET_LAB_CACHE}/third-party/wasm-threads-on")
else()
  set(lenet_wasm "${LENET_LAB_CACHE}/third-party/wasm-threads-off")
endif()
foreach(library IN ITEMS SDL2 imgui z)
  if(NOT EXISTS "${lenet_wasm}/lib/lib${library}.a")
    message(FATAL_ERROR "${lenet_wasm}/lib/lib${library}.a is missing. Run tools/setup once.")
  endif()
endforeach()

lenet_third_party(zlib "${lenet_wasm}/include/zlib")
target_link_libraries(third_zlib INTERFACE "${lenet_wasm}/lib/libz.a")

lenet_third_party(sdl2 "${lenet_wasm}/include/SDL2;${lenet_wasm}/include")
target_link_libraries(third_sdl2 INTERFACE "${lenet_wasm}/lib/libSDL2.a")

lenet_third_party(imgui "${lenet_wasm}/include/imgui;${lenet_wasm}/include/imgui/backends;${lenet_wasm}/include/imgui/misc/cpp")
target_link_libraries(third_imgui INTERFACE "${lenet_wasm}/lib/libimgui.a" third::sdl2)
target_compile_definitions(third_imgui INTERFACE IMGUI_IMPL_OPENGL_ES3 IMGUI_DISABLE_OBSOLETE_FUNCTIONS)

# Threads are a flag of the whole build (flags.cmake).
add_library(third_threads INTERFACE)
add_library(third::threads ALIAS third_threads)
