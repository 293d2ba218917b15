// What the interpreter asks of the JIT, which lies above it and fills this in at start-up.
//
// The inline-cache word of a JUMP_BACK counts how often it ran, up to jit_hot_loop; from then on
// the JIT owns it: kNeverHot, or what it likes at or above jit_hot_loop. So does CodeData::calls,
// up to jit_hot_call.
#pragma once

#include <atomic>

#include "vm/bytecode/code.h"
#include "vm/semantics/flow.h"

namespace pystm::vm {

struct JitHooks {
  // A loop edge whose word has reached jit_hot_loop; `f->pc` is the loop's first instruction. Runs
  // compiled code or records. kNext: go on at cx.frame's pc; else as poll_slow().
  Flow (*loop)(Context& cx, FrameRecord* f, CacheWord* edge) = nullptr;
  // The same for a function that was just entered.
  Flow (*call)(Context& cx, FrameRecord* f, CacheWord* calls) = nullptr;
  // Tells the program's hooks what has happened; pending_calls() calls it while jit_events is set.
  void (*tell)(Context& cx) = nullptr;
};
extern JitHooks jit_hooks;
extern std::atomic<bool> jit_events;
extern Word jit_hot_loop, jit_hot_call;  // 0: no JIT
inline constexpr Word kNeverHot = ~Word{0};

// Executes one instruction of cx.frame, whose pc then is up to date. Never kJump.
Flow step(Context& cx);

}  // namespace pystm::vm
