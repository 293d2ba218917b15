// Pieces shared by the micro benchmarks: thread CPU time, best of several runs, one line a figure.
#pragma once

#include <algorithm>
#include <cstdio>
#include <ctime>

#include "base/clock.h"

namespace pystm::bench {

inline double cpu_ns() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e9 + static_cast<double>(t.tv_nsec);
}

// Best of `runs`, thread-CPU nanoseconds per operation.
template <class F>
double best(int runs, double operations, F f) {
  double least = 1e30;
  for (int i = 0; i < runs; ++i) {
    const double start = cpu_ns();
    f();
    least = std::min(least, cpu_ns() - start);
  }
  return least / operations;
}

inline int misses = 0;

// Our figure beside the target; more than 1.5 times the target is marked. `at_least`: a ratio that
// should not be below the target.
inline void line(const char* what, double ours, double target, const char* unit,
                 bool at_least = false) {
  const double limit = at_least ? target / 1.5 : target * 1.5;
  const bool miss = at_least ? ours < limit : ours > limit;
  misses += miss;
  std::printf("%-58s %9.2f  target %s %7.2f, limit %7.2f %s%s\n", what, ours,
              at_least ? ">=" : "<=", target, limit, unit, miss ? "   MISS" : "");
  std::fflush(stdout);
}

// A figure for which the design sets no target.
inline void info(const char* what, double ours, const char* unit) {
  std::printf("%-58s %9.2f  %s\n", what, ours, unit);
  std::fflush(stdout);
}

template <class T>
void keep(const T& v) {
  asm volatile("" : : "r,m"(v) : "memory");
}

}  // namespace pystm::bench
