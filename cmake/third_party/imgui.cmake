# Dear ImGui, with its backends for SDL2 and for WebGL 2.

set(IMGUI "${SOURCES}/imgui-${IMGUI_VERSION}")
add_library(imgui STATIC
  "${IMGUI}/imgui.cpp" "${IMGUI}/imgui_demo.cpp" "${IMGUI}/imgui_draw.cpp" "${IMGUI}/imgui_tables.cpp" "${IMGUI}/imgui_widgets.cpp"
  "${IMGUI}/misc/cpp/imgui_stdlib.cpp"
  "${IMGUI}/backends/imgui_impl_sdl2.cpp" "${IMGUI}/backends/imgui_impl_opengl3.cpp")
target_include_directories(imgui PUBLIC "${IMGUI}" "${IMGUI}/backends")
target_compile_definitions(imgui PUBLIC IMGUI_IMPL_OPENGL_ES3 IMGUI_DISABLE_OBSOLETE_FUNCTIONS
  PRIVATE IMGUI_DISABLE_DEMO_WINDOWS IMGUI_DISABLE_DEBUG_TOOLS)
target_compile_options(imgui PRIVATE -Os)
target_link_libraries(imgui PUBLIC SDL2)
