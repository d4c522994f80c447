# The work of lenet_embed, run at build time: FILES become OUT/embedded/NAME.h and OUT/NAME.cpp.

cmake_minimum_required(VERSION 3.25)

set(header "// Made at build time by cmake/embed_files.cmake.\n#pragma once\n#include <span>\n#include <string_view>\n\nnamespace embedded {\n")
set(source "#include \"embedded/${NAME}.h\"\n\nnamespace embedded {\n")

foreach(file IN LISTS FILES)
  get_filename_component(symbol "${file}" NAME)
  get_filename_component(extension "${file}" LAST_EXT)
  get_filename_component(folder "${file}" DIRECTORY)
  get_filename_component(folder "${folder}" NAME)
  string(MAKE_C_IDENTIFIER "${symbol}" symbol)
  if(folder STREQUAL "shaders")
    set(symbol "shader_${symbol}")
  endif()

  file(READ "${file}" bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  # One line a few thousand characters long compiles as fast as any; editors are not meant to open this.
  if(extension MATCHES "^\\.(ttf|png|gz|bin)$")
    string(APPEND header "extern const std::span<const unsigned char> ${symbol};\n")
    string(APPEND source "static constexpr unsigned char ${symbol}_bytes[] = {${bytes}};\n"
      "const std::span<const unsigned char> ${symbol}{${symbol}_bytes};\n")
  else()
    string(APPEND header "extern const std::string_view ${symbol};\n")
    # A char array cannot be brace-initialised from bytes past 0x7f, so each is a cast away from them.
    string(REGEX REPLACE "0x([89a-f][0-9a-f])," "static_cast<char>(0x\\1)," bytes "${bytes}")
    string(APPEND source "static constexpr char ${symbol}_text[] = {${bytes}0};\n"
      "const std::string_view ${symbol}{${symbol}_text, sizeof ${symbol}_text - 1};\n")
  endif()
endforeach()

file(WRITE "${OUT}/embedded/${NAME}.h" "${header}} // namespace embedded\n")
file(WRITE "${OUT}/${NAME}.cpp" "${source}} // namespace embedded\n")
