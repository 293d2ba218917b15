// Data cells: words that machine code addresses absolutely (below 2 GiB): jump targets of exits and
// entries, constants. Code is never patched, cells are.
#pragma once

#include <cstddef>

#include "base/bits.h"

namespace pystm::jit::x64 {

// `count` words, zeroed, 16-byte aligned; null when the reserve is exhausted. Thread-safe.
Word* allocate_cells(size_t count);
void free_cells(Word* cells, size_t count);

}  // namespace pystm::jit::x64
