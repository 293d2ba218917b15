#include "base/memory.h"

#include <pthread.h>
#include <sys/mman.h>

#include <cstdint>
#include <cstdio>

#include "base/assert.h"
#include "base/bits.h"

namespace pystm::base {

void* reserve_memory(size_t bytes, size_t alignment, bool huge_pages) {
  const size_t slack = alignment > 4096 ? alignment : 0;
  void* raw = mmap(nullptr, bytes + slack, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  CHECK(raw != MAP_FAILED);
  const uintptr_t start = reinterpret_cast<uintptr_t>(raw);
  const uintptr_t aligned = align_up(start, alignment);
  if (aligned != start) munmap(raw, aligned - start);
  const uintptr_t tail = aligned + bytes;
  if (tail != start + bytes + slack)
    munmap(reinterpret_cast<void*>(tail), start + bytes + slack - tail);
  void* p = reinterpret_cast<void*>(aligned);
  if (huge_pages) madvise(p, bytes, MADV_HUGEPAGE);
  return p;
}

void release_memory(void* p, size_t bytes) { munmap(p, bytes); }

void decommit_memory(void* p, size_t bytes) {
  const uintptr_t begin = align_up(reinterpret_cast<uintptr_t>(p), 4096);
  const uintptr_t end = align_down(reinterpret_cast<uintptr_t>(p) + bytes, 4096);
  if (begin < end) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

size_t available_memory() {
  std::FILE* f = std::fopen("/proc/meminfo", "r");
  if (f == nullptr) return SIZE_MAX;
  char line[128];
  size_t kib = SIZE_MAX >> 10;
  while (std::fgets(line, sizeof line, f)) {
    if (std::sscanf(line, "MemAvailable: %zu", &kib) == 1) break;
  }
  std::fclose(f);
  return kib << 10;
}

void* native_stack_base() {
  pthread_attr_t attributes;
  void* low = nullptr;
  size_t bytes = 0;
  CHECK(pthread_getattr_np(pthread_self(), &attributes) == 0);
  pthread_attr_getstack(&attributes, &low, &bytes);
  pthread_attr_destroy(&attributes);
  return static_cast<char*>(low) + bytes;
}

}  // namespace pystm::base
