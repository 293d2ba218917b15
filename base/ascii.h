// ASCII text eight bytes at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace pystm::base {

inline constexpr uint64_t kEachByte = 0x0101010101010101u;

inline bool ascii_only(const uint8_t* p, size_t n) {
  constexpr uint64_t kHigh = 0x80 * kEachByte;
  const auto at = [p](size_t i, size_t bytes) {
    uint64_t w = 0;
    std::memcpy(&w, p + i, bytes);
    return w;
  };
  if (n < 4) {
    uint8_t all = 0;
    for (size_t i = 0; i < n; ++i) all |= p[i];
    return all < 0x80;
  }
  if (n < 8) return ((at(0, 4) | at(n - 4, 4)) & kHigh) == 0;  // the two overlap
  for (size_t i = 0; i + 8 <= n; i += 8)
    if (at(i, 8) & kHigh) return false;
  return (at(n - 8, 8) & kHigh) == 0;
}

// Of eight ASCII bytes: 0x80 in those from `first` to `last`, which are ASCII, too.
inline constexpr uint64_t bytes_between(uint64_t w, unsigned first, unsigned last) {
  const uint64_t from = w + (0x80 - first) * kEachByte, beyond = w + (0x7F - last) * kEachByte;
  return from & ~beyond & 0x80 * kEachByte;
}

// Copies `n` bytes of ASCII text, its letters from `first` to `last` in the other case.
inline void copy_other_case(uint8_t* to, const uint8_t* from, size_t n, unsigned first,
                            unsigned last) {
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    uint64_t w;
    std::memcpy(&w, from + i, 8);
    w ^= bytes_between(w, first, last) >> 2;
    std::memcpy(to + i, &w, 8);
  }
  for (; i < n; ++i) to[i] = from[i] ^ (from[i] >= first && from[i] <= last ? 0x20 : 0);
}

}  // namespace pystm::base
