// The interpreter's out-of-line half: what the builder's primitives fall back to. `f->pc` names the
// running instruction on entry; on Flow::kJump it names the one to go on with.
#pragma once

#include "vm/interp/frames.h"
#include "vm/interp/inline_cache.h"
#include "vm/object/number.h"
#include "vm/semantics/flow.h"

namespace pystm::vm {

using OutlineFn = Flow (*)(Context& cx, FrameRecord* f, Instr i);
extern const OutlineFn kOutlined[kOpCount];

// Generic forms of the builder's primitives.
Flow outline_binary(Context& cx, FrameRecord* f, Instr i, BinaryOp op);
Flow outline_unary(Context& cx, FrameRecord* f, Instr i);
Flow outline_compare(Context& cx, FrameRecord* f, Instr i, CompareOp op);
Flow outline_compare_jump(Context& cx, FrameRecord* f, Instr i, CompareOp op);
Flow outline_truth_jump(Context& cx, FrameRecord* f, Instr i, bool sense);
Flow outline_not(Context& cx, FrameRecord* f, Instr i);
Flow outline_contains(Context& cx, FrameRecord* f, Instr i);
Flow outline_contains_jump(Context& cx, FrameRecord* f, Instr i);
Flow outline_load_attr(Context& cx, FrameRecord* f, Instr i);
Flow outline_store_attr(Context& cx, FrameRecord* f, Instr i);
Flow outline_load_method(Context& cx, FrameRecord* f, Instr i);
Flow outline_get_item(Context& cx, FrameRecord* f, Instr i);
Flow outline_set_item(Context& cx, FrameRecord* f, Instr i);
Flow outline_load_global(Context& cx, FrameRecord* f, Instr i);
Flow outline_call(Context& cx, FrameRecord* f, Instr i);
Flow outline_for_iter(Context& cx, FrameRecord* f, Instr i);
Flow outline_unbound(Context& cx, FrameRecord* f, Instr i);

// Of no fixed layout, so perhaps of a class written in Python.
inline bool may_be_instance(ShapeId shape) { return shape > static_cast<ShapeId>(Kind::kInstance); }

// Calls `callable` with `n` arguments lying at `args` (inside the frame's window, with one free
// register before them): pushes a frame (kFrame) or finishes into register `result` (kNext).
Flow call_value(Context& cx, FrameRecord* f, Value callable, Value* args, size_t n, Tuple* names,
                uint16_t result);

// A method written in Python that an instruction calls runs as a frame: no native one in between.
// The operands stay where they are until it returns, in such a way into register `result`.
Flow call_method(Context& cx, FrameRecord* f, Value function, std::initializer_list<Value> given,
                 uint16_t result, OnReturn on_return);

// What a special method of an asynchronous protocol has returned, as its OnReturn says. TypeError.
Result<Value> taken_from(Context& cx, OnReturn how, Value v);

// The frame returned by RETURN or left by YIELD delivers `v` to its caller. kExit: to a native
// caller; the value is in cx.return_value.
Flow deliver(Context& cx, FrameRecord* done, Value v);
Flow return_from_frame(Context& cx, Value v);

// A pending exception: finds a handler, popping frames down to `entry`. kJump: cx.frame and its pc
// are where to go on. kExit: left the activation with the exception pending.
Flow unwind(Context& cx, FrameRecord* entry);

// After an instruction that began a new transaction in a native call (cx.restarted) and ended with
// `flow`: takes the checkpoint. kJump, kRaise, or kExit to change the interpreter's instance.
Flow after_restart(Context& cx, Flow flow);

// Poll slow path: `f->pc` is where execution goes on. kNext, kRaise, or kExit with cx.switch_mode
// set when the other instance of the interpreter must take over.
Flow poll_slow(Context& cx, FrameRecord* f);

}  // namespace pystm::vm
