// CHECK: an invariant of the VM itself. A failed CHECK is a bug in pystm, never in the Python
// program, so it prints where it happened and aborts. DCHECK costs nothing in release builds.
#pragma once

namespace pystm::base {
[[noreturn]] void check_failed(const char* condition, const char* file, int line);
}  // namespace pystm::base

#define PYSTM_CHECK(condition)                                     \
  do {                                                             \
    if (__builtin_expect(!(condition), 0))                         \
      ::pystm::base::check_failed(#condition, __FILE__, __LINE__); \
  } while (0)

#ifndef CATCH_VERSION_MAJOR  // a unit test's CHECK is Catch's; include catch.hpp first there
#define CHECK(condition) PYSTM_CHECK(condition)
#endif

#ifdef NDEBUG
#define DCHECK(condition) \
  do {                    \
    if (false) {          \
      (void)(condition);  \
    }                     \
  } while (0)
#else
#define DCHECK(condition) PYSTM_CHECK(condition)
#endif
