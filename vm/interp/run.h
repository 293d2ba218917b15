// The dispatch loop: one handler per bytecode, made from its single definition in vm/semantics.
// Included by the translation units that instantiate it: solo, parallel, and --dump-primitives.
#pragma once

#include "vm/interp/builder.h"
#include "vm/semantics/arith.h"
#include "vm/semantics/names.h"

namespace pystm::vm {

// Runs from cx.frame until `entry` returns (value in the result), raises out of `entry` (error), or
// the mode changes (cx.switch_mode).
template <class Builder>
Result<Value> run_with(Context& cx, FrameRecord* entry) {
  static const void* const kHandlers[] = {
#define OP(name, operands, traits, meaning) &&op_##name,
#include "vm/bytecode/opcodes.def"
#undef OP
  };
  Builder b{cx, nullptr, nullptr, nullptr};
  b.enter_frame();
  if (!cx.exception.is_unset()) goto raise;  // resumed by throw()

#define DISPATCH() goto* kHandlers[static_cast<int>(b.pc->op)]
  DISPATCH();

#define OP(name, operands, traits, meaning)            \
  op_##name : {                                        \
    const Flow flow = sem::name(b, *b.pc);             \
    if (PYSTM_LIKELY(flow == Flow::kNext)) DISPATCH(); \
    switch (flow) {                                    \
      case Flow::kNext:                                \
      case Flow::kJump:                                \
        DISPATCH();                                    \
      case Flow::kFrame:                               \
        goto frame;                                    \
      case Flow::kRaise:                               \
        goto raise;                                    \
      case Flow::kExit:                                \
        goto exit;                                     \
    }                                                  \
  }
#include "vm/bytecode/opcodes.def"
#undef OP

frame:
  b.enter_frame();
  DISPATCH();

raise:
  if (unwind(cx, entry) == Flow::kExit) return Error{};
  b.enter_frame();
  DISPATCH();

exit:
  return cx.return_value;
#undef DISPATCH
}

template <class Builder>
Flow step_with(Context& cx) {
  Builder b{cx, nullptr, nullptr, nullptr};
  b.enter_frame();
  const Instr i = *b.pc;
  Flow flow = Flow::kNext;
  switch (i.op) {
#define OP(name, operands, traits, meaning) \
  case Op::name:                            \
    flow = sem::name(b, i);                 \
    break;
#include "vm/bytecode/opcodes.def"
#undef OP
  }
  if (flow == Flow::kNext) b.save();
  return flow == Flow::kJump || flow == Flow::kFrame ? Flow::kNext : flow;
}

}  // namespace pystm::vm
