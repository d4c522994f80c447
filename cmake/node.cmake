# lenet_for_node(<target>): a wasm program that runs in Node like a native one, with its files, environment and exit code.

function(lenet_for_node target)
  set(environment "${PROJECT_SOURCE_DIR}/cmake/node_environment.js")
  target_link_options(${target} PRIVATE
    -sNODERAWFS=1 -sEXIT_RUNTIME=1 -sSTACK_SIZE=1MB -sINITIAL_MEMORY=128MB -sALLOW_MEMORY_GROWTH=1 -sMAXIMUM_MEMORY=2GB
    -sEXPORTED_RUNTIME_METHODS=ENV "SHELL:--pre-js ${environment}")
  if(LENET_LAB_THREADS)
    # main() runs in a thread of its own, so that it can start any number of others and wait for them.
    target_link_options(${target} PRIVATE -sENVIRONMENT=node,worker -sPROXY_TO_PTHREAD=1 -sDEFAULT_PTHREAD_STACK_SIZE=1MB
      -Wno-pthreads-mem-growth)
  else()
    target_link_options(${target} PRIVATE -sENVIRONMENT=node)
  endif()
  set_target_properties(${target} PROPERTIES SUFFIX .cjs LINK_DEPENDS "${environment}")
endfunction()
