# lenet_font(<output>): a rule that makes the page's font out of DejaVu Sans (font.py).

set(LENET_LAB_FONT "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf" CACHE FILEPATH "DejaVuSans.ttf")
# The one that Debian's python3-fonttools installs for.
find_program(LENET_LAB_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)

set(LENET_FONT_SCRIPT "${CMAKE_CURRENT_LIST_DIR}/font.py")

function(lenet_font output)
  if(NOT EXISTS "${LENET_LAB_FONT}" OR NOT LENET_LAB_PYTHON)
    message(FATAL_ERROR "${LENET_LAB_FONT} or python3 not found. Run tools/setup once, or install fonts-dejavu-core and python3-fonttools.")
  endif()
  add_custom_command(
    OUTPUT "${output}"
    COMMAND "${LENET_LAB_PYTHON}" "${LENET_FONT_SCRIPT}" "${LENET_LAB_FONT}" "${output}"
    DEPENDS "${LENET_LAB_FONT}" "${LENET_FONT_SCRIPT}"
    COMMENT "Making the page's font"
    VERBATIM)
endfunction()
