# Our own code: one static library a folder of src/, one list of warnings for all of it.

add_library(lenet_warnings INTERFACE)
target_compile_options(lenet_warnings INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough
  $<$<BOOL:${LENET_LAB_WERROR}>:-Werror>)

# lenet_module(<folder> DEPENDS <folder or library>…)
# Makes lenet_<folder> of src/<folder>/*.cpp (and of its subfolders). DEPENDS names the modules it may use, and libraries;
# both are public, since headers use them. tools/check-structure holds the includes against the same arrows.
# A folder with no sources yet becomes an interface library, so that the tree configures at every stage.
function(lenet_module folder)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "DEPENDS")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/${folder}/*.cpp")
  list(FILTER sources EXCLUDE REGEX "/src/cli/main\\.cpp$") # the program's own, see program.cmake
  set(dependencies)
  foreach(name IN LISTS arg_DEPENDS)
    if(TARGET lenet_${name})
      list(APPEND dependencies lenet_${name})
    else()
      list(APPEND dependencies ${name})
    endif()
  endforeach()

  if(sources)
    add_library(lenet_${folder} STATIC ${sources})
    target_include_directories(lenet_${folder} PUBLIC "${PROJECT_SOURCE_DIR}/src")
    target_link_libraries(lenet_${folder} PUBLIC ${dependencies} PRIVATE lenet_warnings)
  else()
    add_library(lenet_${folder} INTERFACE)
    target_include_directories(lenet_${folder} INTERFACE "${PROJECT_SOURCE_DIR}/src")
    target_link_libraries(lenet_${folder} INTERFACE ${dependencies})
  endif()
endfunction()
