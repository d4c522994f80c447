// Linked into the page: views of wasm's memory that are right even after another thread has made it grow.
// (A kept Module.HEAPU8 goes stale then; Emscripten rewrites these two to look anew.)
Module['heapU8'] = () => HEAPU8;
Module['heapF32'] = () => HEAPF32;
