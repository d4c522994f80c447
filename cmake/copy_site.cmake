# Run at build time: copies folder FROM into TO, and removes what an earlier run copied and FROM no longer has (RECORD).
# sw.js is left to write_worker.cmake. With ESBUILD, scripts and styles go there without comments and with short names (in SMALL first).

cmake_minimum_required(VERSION 3.25)

file(GLOB_RECURSE files RELATIVE "${FROM}" "${FROM}/*")
list(REMOVE_ITEM files sw.js)
set(small)
if(ESBUILD)
  set(small ${files})
  list(FILTER small INCLUDE REGEX "\\.(js|css)$")
  execute_process(
    COMMAND "${ESBUILD}" ${small} --minify --target=es2022 --charset=utf8 --log-level=warning "--outdir=${SMALL}" --outbase=.
    WORKING_DIRECTORY "${FROM}" COMMAND_ERROR_IS_FATAL ANY)
endif()
foreach(file IN LISTS files)
  get_filename_component(folder "${file}" DIRECTORY)
  file(MAKE_DIRECTORY "${TO}/${folder}")
  set(source "${FROM}")
  if(file IN_LIST small)
    set(source "${SMALL}")
  endif()
  file(COPY_FILE "${source}/${file}" "${TO}/${file}" ONLY_IF_DIFFERENT)
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
