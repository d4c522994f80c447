# Run at build time: the licences of all that the page contains (LICENSES: name=file…), one after the other, into TO.

cmake_minimum_required(VERSION 3.25)

set(text "")
foreach(entry IN LISTS LICENSES)
  string(REGEX MATCH "^([^=]+)=(.*)$" matched "${entry}")
  set(name "${CMAKE_MATCH_1}")
  set(file "${CMAKE_MATCH_2}")
  if(EXISTS "${file}") # an Emscripten has its licence in one of two places
    file(READ "${file}" license)
    string(APPEND text "======== ${name}\n\n${license}\n")
  endif()
endforeach()
file(CONFIGURE OUTPUT "${TO}" CONTENT "@text@" @ONLY)
