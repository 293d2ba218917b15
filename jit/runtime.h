// What both back ends call: slow paths of boxing, allocation and barriers. All follow the
// convention of calls.h; a barrier gives kPassed, kLeave (go to its exit and do the loads again)
// or kFailed (the transaction was aborted).
#pragma once

#include "jit/ir.h"

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
Word pystm_jit_acquire_closing(vm::Context* cx, MutObject* o) noexcept;  // after loads
Word pystm_jit_item_check(vm::Context* cx, Object* list, Object* items, Word k) noexcept;
Word pystm_jit_item_acquire(vm::Context* cx, Object* list, Object* items, Word k) noexcept;
void pystm_jit_undo_item(vm::Context* cx, Object* items, Word k) noexcept;
Word pystm_jit_inevitable(vm::Context* cx, const char* what) noexcept;

// Return, for the frame's common state: pops it and stores the value. False: left undone.
bool pystm_jit_return(vm::Context* cx, Word value, vm::OnReturn how) noexcept;
}

// --- frames --------------------------------------------------------------------------------------
// Room on the VM stack that no trace exceeds, so that an entry need not ask which one it enters.
inline constexpr uint32_t kMaxExtent = 8192, kMaxDepth = 32;
// Is that much free above a frame `depth` above the running one, whose window begins at `window`?
bool has_room(const vm::Context& cx, const Value* window, uint32_t depth);

// An inlined frame as the back ends hand it over, and how it becomes a record of the VM stack.
struct FrameShape {
  uint32_t offset;     // of its window in the caller's, in registers
  uint32_t parent_pc;  // the caller's instruction
  uint16_t result;
  vm::OnReturn on_return;
  FrameKind kind;

  int64_t packed() const {  // but for parent_pc
    return offset | int64_t{result} << 16 | int64_t(on_return) << 32 | int64_t(kind) << 40;
  }
  static FrameShape of(int64_t packed, int64_t parent_pc) {
    return {static_cast<uint16_t>(packed), static_cast<uint32_t>(parent_pc),
            static_cast<uint16_t>(packed >> 16), static_cast<vm::OnReturn>(packed >> 32 & 0xFF),
            static_cast<FrameKind>(packed >> 40 & 0xFF)};
  }
};
// REQUIRES: has_room(). The registers are left as they are.
void push_inlined(vm::Context& cx, vm::Code* code, vm::Function* function, Value self,
                  const FrameShape& shape);
// For traces: the same.
extern const CallInfo kCallPushFrame;

// A trace's last call, before Switch; the topmost frame, a record of the VM stack, is at the given
// pc. False: nothing has been done.
// Resumes a generator with a value; its OnReturn | the result register << 8.
extern const CallInfo kCallResume;
// The same of an asynchronous generator, whose operation is sent a value.
extern const CallInfo kCallStep;
// The topmost frame, a generator's, yields a value, or returns it.
extern const CallInfo kCallYield, kCallFinish;

// CheckFloat: the value of a tagged float or FloatBox; false: neither.
bool float_of(Value v, double* out);

}  // namespace pystm::jit
