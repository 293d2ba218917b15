// Machine code that exists once: the way in, the common way out, and the calls of slow paths, which
// save every register that a C++ function may clobber.
#pragma once

#include "jit/x64/assembler.h"

namespace pystm::jit::x64 {

// Slow paths, by number: THUNK(name, function, takes xmm15). Arguments after the context: rax, rcx,
// ExitState::scratch; or xmm15. Result in rax.
#define X64_THUNKS(THUNK)                                  \
  THUNK(box_int, pystm_jit_box_int, false)                 \
  THUNK(box_float, pystm_jit_box_float, true)              \
  THUNK(make, pystm_jit_new, false)                        \
  THUNK(remember, pystm_jit_remember, false)               \
  THUNK(read_check, pystm_jit_read_check, false)           \
  THUNK(acquire, pystm_jit_acquire, false)                 \
  THUNK(acquire_closing, pystm_jit_acquire_closing, false) \
  THUNK(item_check, pystm_jit_item_check, false)           \
  THUNK(item_acquire, pystm_jit_item_acquire, false)       \
  THUNK(undo_item, pystm_jit_undo_item, false)             \
  THUNK(inevitable, pystm_jit_inevitable, false)

enum class Thunk : uint8_t {
#define THUNK(name, function, takes_xmm) name,
  X64_THUNKS(THUNK)
#undef THUNK
      kCount
};

struct Thunks {
  // Runs machine code at `entry`; returns when an exit without a side trace is taken.
  void (*enter)(vm::Context* cx, Value* window, ExitState* state, const void* entry);
  // Cells: addresses for indirect jumps and calls.
  Word* leave;  // rcx: Code*, eax: the instruction
  // Pops the frame (rax) that returns rsi and goes on in its caller, if that is compiled for the
  // mode; else leaves. rcx: Code*, edi: the instruction.
  Word* returned[kModes];
  // Goes on in the topmost frame likewise.
  Word* go_on[kModes];
  Word* slow[static_cast<unsigned>(Thunk::kCount)];
  Word* slow_integers[static_cast<unsigned>(Thunk::kCount)];  // where no float is in a register
};

// Executable memory, writable only through its second mapping, unless the first call asks for
// anonymous memory.
asmjit::JitAllocator& code_memory(bool anonymous = false);
// Copies finished code; null when memory is short.
void* install(asmjit::CodeHolder& code, size_t* bytes);
// Made at the first use.
const Thunks& thunks();

}  // namespace pystm::jit::x64
