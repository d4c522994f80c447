# zlib: inflate for the gzipped data files, and crc32.

set(ZLIB "${SOURCES}/zlib-${ZLIB_VERSION}")
set(zlib_sources)
foreach(part IN ITEMS adler32 compress crc32 deflate infback inffast inflate inftrees trees uncompr zutil)
  list(APPEND zlib_sources "${ZLIB}/${part}.c")
endforeach()
add_library(z STATIC ${zlib_sources})
target_include_directories(z PUBLIC "${ZLIB}")
