// Counts what the tests allocate, for those that must not.
#pragma once

// A sanitizer has its own operator new.
#if defined(__has_feature)
#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
#define LENET_COUNTS_ALLOCATIONS
#endif
#elif !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define LENET_COUNTS_ALLOCATIONS
#endif

namespace lenet::test {

/// Calls of operator new so far, on all threads.
int allocation_count();

}  // namespace lenet::test
