// Address space: reserve a lot, touch a little, give back.
//
// Reserved memory is readable and writable at once and costs nothing until touched (NORESERVE).
// Invariant: memory given back by decommit() reads as zero when it is touched again.
#pragma once

#include <cstddef>

namespace pystm::base {

// Reserves `bytes` at a multiple of `alignment` (a power of two). Never null: CHECKs.
void* reserve_memory(size_t bytes, size_t alignment = 4096, bool huge_pages = false);
void release_memory(void* p, size_t bytes);
// Returns the pages wholly inside [p, p + bytes) to the system.
void decommit_memory(void* p, size_t bytes);
// Bytes that the machine could still give, by its own account.
size_t available_memory();
// Highest address of the calling thread's native stack.
void* native_stack_base();

}  // namespace pystm::base
