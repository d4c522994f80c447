# Third-party libraries of a native build: the system's.

find_package(ZLIB REQUIRED)
add_library(third::zlib ALIAS ZLIB::ZLIB)

find_package(benchmark QUIET) # optional, see bench.cmake
if(benchmark_FOUND)
  add_library(third::benchmark ALIAS benchmark::benchmark)
endif()

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
add_library(third::threads ALIAS Threads::Threads)
