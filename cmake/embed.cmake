# lenet_embed(<target> <name> <file>…)
# Puts files into the program: makes embedded/<name>.h and its source at build time and adds them to <target>.
#   text (shaders and the like): extern const std::string_view embedded::<symbol>
#   ttf, png, gz, bin:           extern const std::span<const unsigned char> embedded::<symbol>
# The symbol is the file's name with what C++ does not allow as _, a shader's with shader_ before it:
# shaders/tile.frag is embedded::shader_tile_frag, font.ttf is embedded::font_ttf.
# A file may be one that another rule of the build makes.

set(LENET_EMBED_SCRIPT "${CMAKE_CURRENT_LIST_DIR}/embed_files.cmake")

function(lenet_embed target name)
  get_target_property(type ${target} TYPE)
  if(type STREQUAL "INTERFACE_LIBRARY" OR NOT ARGN)
    return() # nothing there yet
  endif()
  set(out "${CMAKE_CURRENT_BINARY_DIR}/embedded/${target}")
  add_custom_command(
    OUTPUT "${out}/embedded/${name}.h" "${out}/${name}.cpp"
    COMMAND ${CMAKE_COMMAND} "-DNAME=${name}" "-DOUT=${out}" "-DFILES=${ARGN}" -P "${LENET_EMBED_SCRIPT}"
    DEPENDS ${ARGN} "${LENET_EMBED_SCRIPT}"
    COMMENT "Embedding ${name}"
    VERBATIM)
  target_sources(${target} PRIVATE "${out}/embedded/${name}.h" "${out}/${name}.cpp")
  target_include_directories(${target} PUBLIC "${out}")
endfunction()
