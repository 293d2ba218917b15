// Sleeping on a 32-bit word, and short waits that spin first.
#pragma once

#include <atomic>
#include <cstdint>

namespace pystm::base {

inline void cpu_relax() { __builtin_ia32_pause(); }

// Sleeps while *word == expected, at most timeout_ns (< 0: for ever). May return early.
void futex_wait(std::atomic<uint32_t>& word, uint32_t expected, int64_t timeout_ns = -1);
void futex_wake(std::atomic<uint32_t>& word, int count = 1 << 30);

}  // namespace pystm::base
