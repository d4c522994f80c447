# Run at build time: copies folder FROM into TO, and removes what an earlier run copied and FROM no longer has (RECORD).
# sw.js is left to write_worker.cmake.

cmake_minimum_required(VERSION 3.25)

file(GLOB_RECURSE files RELATIVE "${FROM}" "${FROM}/*")
list(REMOVE_ITEM files sw.js)
foreach(file IN LISTS files)
  get_filename_component(folder "${file}" DIRECTORY)
  file(MAKE_DIRECTORY "${TO}/${folder}")
  file(COPY_FILE "${FROM}/${file}" "${TO}/${file}" ONLY_IF_DIFFERENT)
endforeach()

if(EXISTS "${RECORD}")
  file(STRINGS "${RECORD}" earlier)
  foreach(file IN LISTS earlier)
    if(NOT file IN_LIST files)
      file(REMOVE "${TO}/${file}")
    endif()
  endforeach()
endif()
list(JOIN files "\n" lines)
file(WRITE "${RECORD}" "${lines}\n")
