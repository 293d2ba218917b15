// Allocation of variable-sized objects: the Result form over gc's two entries.
#pragma once

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

// Sets up the header of an object in memory from alloc_memory (which has set the flags).
template <class T>
T* init_object(void* memory, ShapeId shape) {
  T* o = static_cast<T*>(memory);
  o->shape_id = shape;  // NOBARRIER: newborn
  return o;
}

}  // namespace pystm::vm
