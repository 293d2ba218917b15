// Copies arguments from one place to another, which may overlap.
#pragma once

#include <cstring>

#include "gc/value.h"

namespace pystm::vm {

// `from` may be null when n is 0, which memmove does not allow.
inline void copy_values(Value* to, const Value* from, size_t n) {
  if (n != 0) std::memmove(static_cast<void*>(to), from, n * sizeof(Value));
}

}  // namespace pystm::vm
