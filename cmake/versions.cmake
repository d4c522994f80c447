# The versions in tools/versions.env as CMake variables, and LENET_LAB_CACHE, the folder that tools/setup fills.

file(STRINGS "${CMAKE_CURRENT_LIST_DIR}/../tools/versions.env" lenet_versions REGEX "^[A-Z0-9_]+=")
foreach(line IN LISTS lenet_versions)
  string(REGEX MATCH "^([A-Z0-9_]+)=(.*)$" matched "${line}")
  set(${CMAKE_MATCH_1} "${CMAKE_MATCH_2}")
endforeach()

if(DEFINED ENV{LENET_LAB_CACHE})
  set(LENET_LAB_CACHE "$ENV{LENET_LAB_CACHE}")
elseif(DEFINED ENV{XDG_CACHE_HOME})
  set(LENET_LAB_CACHE "$ENV{XDG_CACHE_HOME}/lenet-lab")
else()
  set(LENET_LAB_CACHE "$ENV{HOME}/.cache/lenet-lab")
endif()
