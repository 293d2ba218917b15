// CHECK: an invariant of the VM itself. A failed CHECK is a bug in pystm, never in the Python
// program, so it prints where it happened and aborts. DCHECK costs nothing in release builds.
#pragma once

namespace pystm::base {
[[noreturn]] void check_failed(const char* condition, const char* file, int line);
}  // namespace pystm::base

#define CHECK(condition)                                                                   \
  do {                                                                                     \
    if (__builtin_expect(!(condition), 0))                                                 \
      ::pystm::base::check_failed(#condition, __FILE__, __LINE__);                         \
  } while (0)

#ifdef NDEBUG
#define DCHECK(condition) \
  do {                    \
    if (false) {          \
      (void)(condition);  \
    }                     \
  } while (0)
#else
#define DCHECK(condition) CHECK(condition)
#endif
