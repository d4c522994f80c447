# Our own code: one static library a folder of src/, one list of warnings for all of it.

add_library(lenet_warnings INTERFACE)
target_compile_options(lenet_warnings INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough
  $<$<BOOL:${LENET_LAB_WERROR}>:-Werror>)

# The builds of everything, by what their targets' names end in: plain, and "-avx2" where LENET_LAB_AVX2 is on. Each is an executable
# of its own, whole: with two instruction sets in one, the linker would keep one copy of an inline function of the standard library
# for both, perhaps the one that older processors cannot run. Use: foreach(suffix IN ITEMS "" ${lenet_more_suffixes}).
# No fused multiply-add, so both give the same bits.
set(lenet_more_suffixes)
if(LENET_LAB_AVX2)
  list(APPEND lenet_more_suffixes -avx2)
  add_library(lenet_flags-avx2 INTERFACE)
  target_compile_options(lenet_flags-avx2 INTERFACE -mavx2 -mno-fma)
endif()

# lenet_module(<folder> DEPENDS <folder or library>…)
# Makes lenet_<folder><suffix> of src/<folder>/*.cpp (and of its subfolders). DEPENDS names the modules it may use, and libraries;
# both are public, since headers use them. tools/check-structure holds the includes against the same arrows.
# A folder with no sources yet becomes an interface library, so that the tree configures at every stage.
function(lenet_module folder)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "DEPENDS")
  foreach(suffix IN ITEMS "" ${lenet_more_suffixes})
    lenet_module_library("${folder}" "${suffix}" ${arg_DEPENDS})
  endforeach()
endfunction()

function(lenet_module_library folder suffix)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/${folder}/*.cpp")
  list(FILTER sources EXCLUDE REGEX "/src/cli/main\\.cpp$") # the program's own, see program.cmake
  set(dependencies)
  if(suffix)
    list(APPEND dependencies lenet_flags${suffix})
  endif()
  foreach(name IN LISTS ARGN)
    if(TARGET lenet_${name})
      list(APPEND dependencies lenet_${name}${suffix})
    else()
      list(APPEND dependencies ${name})
    endif()
  endforeach()

  if(sources)
    add_library(lenet_${folder}${suffix} STATIC ${sources})
    target_include_directories(lenet_${folder}${suffix} PUBLIC "${PROJECT_SOURCE_DIR}/src")
    target_link_libraries(lenet_${folder}${suffix} PUBLIC ${dependencies} PRIVATE lenet_warnings)
  else()
    add_library(lenet_${folder}${suffix} INTERFACE)
    target_include_directories(lenet_${folder}${suffix} INTERFACE "${PROJECT_SOURCE_DIR}/src")
    target_link_libraries(lenet_${folder}${suffix} INTERFACE ${dependencies})
  endif()
endfunction()
