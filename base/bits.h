// Small bit and branch helpers shared by every layer.
#pragma once

#include <cstddef>
#include <cstdint>

namespace pystm {

using Word = uint64_t;

#define PYSTM_LIKELY(x) __builtin_expect(!!(x), 1)
#define PYSTM_UNLIKELY(x) __builtin_expect(!!(x), 0)
#define PYSTM_NOINLINE __attribute__((noinline))
#define PYSTM_COLD __attribute__((noinline, cold))
#define PYSTM_INLINE inline __attribute__((always_inline))

namespace base {

constexpr bool is_aligned(Word x, Word alignment) { return (x & (alignment - 1)) == 0; }
constexpr Word align_up(Word x, Word alignment) { return (x + alignment - 1) & ~(alignment - 1); }
constexpr Word align_down(Word x, Word alignment) { return x & ~(alignment - 1); }

}  // namespace base
}  // namespace pystm
