// Time: the monotonic clock in nanoseconds, and the cheap cycle counter behind adaptive lengths.
#pragma once

#include <ctime>

#include "base/bits.h"

namespace pystm::base {

inline Word now_ns() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<Word>(t.tv_sec) * 1000000000u + static_cast<Word>(t.tv_nsec);
}
inline Word cycles() { return __builtin_ia32_rdtsc(); }
// Cycles of cycles() per microsecond; measured once (takes about a millisecond the first time).
Word cycles_per_us();

}  // namespace pystm::base
