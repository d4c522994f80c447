# SDL2: window, input and the WebGL context. Its own CMake spends minutes on configure checks whose answers
# SDL_config_emscripten.h already has, so its sources are compiled directly. No sound and no joysticks: the page has neither.

set(SDL2 "${SOURCES}/SDL2-${SDL2_VERSION}")
if(LENET_LAB_THREADS)
  set(sdl_threads pthread)
else()
  set(sdl_threads generic)
endif()

set(sdl_sources)
foreach(folder IN ITEMS
    . atomic audio audio/disk audio/dummy audio/emscripten cpuinfo dynapi events file filesystem/emscripten
    haptic haptic/dummy joystick joystick/emscripten libm loadso/dlopen locale locale/emscripten main/dummy
    misc misc/emscripten power power/emscripten render render/opengles2 render/software sensor sensor/dummy
    stdlib thread timer timer/unix video video/dummy video/emscripten video/yuv2rgb)
  file(GLOB found "${SDL2}/src/${folder}/*.c")
  list(APPEND sdl_sources ${found})
endforeach()
foreach(part IN ITEMS syscond sysmutex syssem systhread systls)
  list(APPEND sdl_sources "${SDL2}/src/thread/${sdl_threads}/SDL_${part}.c")
endforeach()

add_library(SDL2 STATIC ${sdl_sources})
target_include_directories(SDL2 PUBLIC "${SDL2}/include")
# The page has a window, its events and a GL context of it, and draws by itself: no blitters, no renderer.
target_compile_definitions(SDL2 PRIVATE SDL_LEAN_AND_MEAN=1 SDL_RENDER_DISABLED=1)
target_compile_options(SDL2 PRIVATE -Oz)
