# Target site: the static files of web/ and the font go into LENET_LAB_SITE at every build (copied only when they differ).

add_custom_target(site ALL
  COMMAND ${CMAKE_COMMAND} "-DFROM=${PROJECT_SOURCE_DIR}/web" "-DTO=${LENET_LAB_SITE}"
    "-DRECORD=${CMAKE_BINARY_DIR}/site-files.txt" -P "${PROJECT_SOURCE_DIR}/cmake/copy_site.cmake"
  COMMAND ${CMAKE_COMMAND} -E copy_if_different "${lenet_font_file}" "${LENET_LAB_SITE}/font.ttf"
  DEPENDS "${lenet_font_file}"
  COMMENT "Copying web/ to ${LENET_LAB_SITE}"
  VERBATIM)
