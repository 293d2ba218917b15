// --jit-check: every entry into machine code is run by the IR interpreter first, rolled back, and
// run again by the machine code; both must leave alike.
//
// A transaction's undo log makes that possible: the entry becomes a boundary, so that whatever the
// trace writes to the heap is logged. Compared are the exit, its values, and what was written, by
// contents: an object made by the trace has another address each time. A difference counts when
// it repeats, from the same boundary.
// Not compared: runs below native frames and in atomic blocks (no boundary), inevitable ones, and
// code for solo mode, which the option keeps from being used.
#pragma once

#include "jit/backend.h"
#include "jit/traces.h"

namespace pystm::jit {

// As code.run(cx, cx.frame->regs, state), where `code` is the root's; ends the process if the two
// differ. Throws Abort when the transaction is aborted meanwhile.
void run_checked(vm::Context& cx, Root* root, const Code& code, ExitState& state);

}  // namespace pystm::jit
