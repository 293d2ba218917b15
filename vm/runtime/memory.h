// Allocation of variable-sized objects: the Result form over gc's two entries.
#pragma once

#include <cstring>

#include "vm/runtime/context.h"

namespace pystm::vm {

// `bytes` of uninitialised (small) or zeroed (large) memory; MemoryError when there is none.
inline Result<void*> alloc_memory(Context& cx, size_t bytes) {
  if (PYSTM_LIKELY(bytes <= gc::kMaxBump)) {
    void* p = gc::allocate(cx, bytes);
    static_cast<Object*>(p)->flags.store(0, std::memory_order_relaxed);
    return p;
  }
  void* p = gc::try_allocate(cx, bytes);
  if (p == nullptr) return raise_no_memory(cx);
  return p;
}

// The same with everything behind the first `header` bytes zeroed. Large memory is zeroed already:
// touching it once more would cost as much as all else that is done with it.
inline Result<void*> alloc_zeroed(Context& cx, size_t header, size_t bytes) {
  void* p = TRY(alloc_memory(cx, bytes));
  if (bytes <= gc::kMaxBump) std::memset(static_cast<char*>(p) + header, 0, bytes - header);
  return p;
}

// Sets up the header of an object in memory from alloc_memory (which has set the flags).
template <class T>
T* init_object(void* memory, ShapeId shape) {
  T* o = static_cast<T*>(memory);
  o->shape_id = shape;  // NOBARRIER: newborn
  return o;
}

}  // namespace pystm::vm
