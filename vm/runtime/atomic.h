// Atomic blocks: `with pystm.atomic`, interpreted or compiled.
#pragma once

#include "vm/runtime/context.h"

namespace pystm::vm {

inline void enter_atomic_block(Context& cx) {
  ++cx.atomic_depth;
  stm::enter_atomic(cx);
}

// False: none is open.
[[nodiscard]] inline bool leave_atomic_block(Context& cx) {
  if (cx.atomic_depth == 0) return false;
  --cx.atomic_depth;
  stm::leave_atomic(cx);
  return true;
}

}  // namespace pystm::vm
