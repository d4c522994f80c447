# Run at build time: writes the service worker (FROM) into the SITE with the list of the site's files in it, path → the first 16
# digits of the SHA-256. Data sets are no part of the page, and the worker is not in its own list.

cmake_minimum_required(VERSION 3.25)

file(GLOB_RECURSE paths RELATIVE "${SITE}" "${SITE}/*")
list(FILTER paths EXCLUDE REGEX "^(data/.*|sw\\.js)$")
list(SORT paths)
set(entries "")
foreach(path IN LISTS paths)
  file(SHA256 "${SITE}/${path}" hash)
  string(SUBSTRING "${hash}" 0 16 hash)
  list(APPEND entries "\"${path}\":\"${hash}\"")
endforeach()
list(JOIN entries "," lenet_files)
set(lenet_files "{${lenet_files}}")
configure_file("${FROM}" "${SITE}/sw.js" @ONLY)
