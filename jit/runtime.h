// What both back ends call: slow paths of boxing, allocation and barriers. All follow the
// convention of calls.h; a barrier gives kPassed, kLeave (go to its exit and do the loads again)
// or kFailed (the transaction was aborted).
#pragma once

#include "jit/calls.h"

namespace pystm::jit {

inline constexpr Word kPassed = 0;
inline constexpr Word kLeave = 1;

extern "C" {
Word pystm_jit_box_int(vm::Context* cx, int64_t i) noexcept;
Word pystm_jit_box_float(vm::Context* cx, double d) noexcept;
// The object's header and vlock are set; the cursor was found short, or is tried.
Word pystm_jit_new(vm::Context* cx, uint32_t shape, uint32_t bytes, bool has_vlock) noexcept;
void pystm_jit_remember(vm::Context* cx, Object* holder, Value* slot) noexcept;

Word pystm_jit_read_check(vm::Context* cx, MutObject* o) noexcept;
Word pystm_jit_acquire(vm::Context* cx, MutObject* o) noexcept;
Word pystm_jit_item_check(vm::Context* cx, Object* list, Object* items, Word k) noexcept;
Word pystm_jit_item_acquire(vm::Context* cx, Object* list, Object* items, Word k) noexcept;
void pystm_jit_undo_item(vm::Context* cx, Object* items, Word k) noexcept;
Word pystm_jit_inevitable(vm::Context* cx, const char* what) noexcept;
}

// CheckFloat: the value of a tagged float or FloatBox; false: neither.
bool float_of(Value v, double* out);

}  // namespace pystm::jit
