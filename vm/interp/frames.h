// Frames: pushing and popping records on a thread's VM stack, and the checkpoint that an abort goes
// back to.
//
// Register windows overlap: a callee's first registers are the argument registers of its caller.
// Checkpoint: at a boundary the running frame's record and live registers are copied; an outer
// frame is copied when execution first returns into it (its record is then below `watermark`). An
// abort puts them back, lowest first, so that what a callee had changed in the overlap is right
// again.
#pragma once

#include "vm/bytecode/code.h"
#include "vm/object/dict.h"
#include "vm/runtime/context.h"

namespace pystm::vm {

inline constexpr size_t kMaxRegisters = size_t{1} << 22;  // per thread
inline constexpr size_t kMaxFrames = size_t{1} << 18;
inline constexpr size_t kRegisterSlack = 1024;

void allocate_vm_stack(Context& cx);
void free_vm_stack(Context& cx);
void visit_context(Context& cx, gc::SlotVisitor& visitor);

// Are the names of the code the globals (functions, modules)? Else those of `locals` come first.
inline bool has_no_namespace(const FrameRecord* f) {
  return f->locals.is_unset() || f->locals == Value(f->globals.ptr);
}

Error raise_recursion(Context& cx, const char* where);

// A new record above the running one, its window at `regs`. Arguments are in place; the other
// locals, cells and free variables are unset here. Null: too deep (RecursionError pending).
inline FrameRecord* push_frame(Context& cx, Code* code, Value* regs, Dict* globals, Dict* builtins,
                               Value function, unsigned bound) {
  CodeData* data = code->data;
  FrameRecord* f = cx.frame + 1;
  if (PYSTM_UNLIKELY(regs + data->register_count + kRegisterSlack > cx.regs_limit ||
                     f >= cx.frames_limit || cx.recursion_depth >= cx.recursion_limit)) {
    (void)raise_recursion(cx, "");
    return nullptr;
  }
  ++cx.recursion_depth;
  f->regs = regs;
  f->pc = data->instrs;
  f->code = code;
  f->function = function;
  f->globals = globals;
  f->builtins = builtins;
  f->locals = Value();
  f->generator = Value();
  f->frame_object = Value();
  f->init_self = Value();  // an abort drops frames without tidying them
  f->flags = 0;
  for (unsigned i = bound, n = data->nlocals + data->ncells + data->nfrees; i < n; ++i)
    regs[i] = Value();
  cx.frame = f;
  cx.regs_top = regs + data->register_count;
  return f;
}

// Between its caller's window and the frame's own lie words that a collection looks at, and earlier
// frames have left anything there: makes them unset.
void clear_gap(const FrameRecord* f);

// Saves what a Frame object still needs, then drops the record. regs_top goes back to the caller's.
void detach_frame_object(Context& cx, FrameRecord* f);
inline void pop_frame(Context& cx) {
  FrameRecord* f = cx.frame;
  if (PYSTM_UNLIKELY(!f->frame_object.is_unset())) detach_frame_object(cx, f);
  cx.recursion_depth -= f->on_return != OnReturn::kKernel;
  cx.frame = f - 1;
}

// --- checkpoints ---------------------------------------------------------------------------------
void take_checkpoint(Context& cx);  // parallel mode; the running frame's pc is where to resume
void save_outer_frame(Context& cx, FrameRecord* f);
void restore_checkpoint(Context& cx);
void drop_checkpoint(Context& cx);  // solo mode

// --- frame objects -------------------------------------------------------------------------------
Value frame_object(Context& cx, FrameRecord* f);         // made on demand
Result<Value> locals_dict(Context& cx, FrameRecord* f);  // name -> value of what is bound now
void add_traceback(Context& cx, FrameRecord* f, Value exception);
// The same in pieces, for frames without a record: an object of a frame that runs nowhere, an entry
// for it, and what it keeps of its registers when the frame has ended. back: unset or a Frame.
Frame* new_frame_object(Context& cx, Code* code, Dict* globals, Dict* builtins, Value function);
void add_traceback_entry(Context& cx, Frame* frame, Word pc, Value exception);
void end_frame_object(Context& cx, Frame* frame, const Value* regs, Value back, Word pc);
FrameRecord* live_record(Context& cx, Frame* frame);  // null once ended

// --- generators (vm/interp/generator.cpp) --------------------------------------------------------
enum GeneratorStatus : Word { kGenCreated, kGenSuspended, kGenRunning, kGenFinished };
// May one of that status be sent this value? Its first is None.
inline bool is_resumable(Word status, Value sent) {
  return status == kGenSuspended || (status == kGenCreated && sent == kNone);
}
// Suspended at `resume`, its registers those of a call just entered. Unset: exception pending.
Value new_generator(Context& cx, Function* function, Code* code, const Value* regs,
                    const Instr* resume);
// Pushes the generator's frame so that it goes on with `sent` (unset: an exception is pending and
// is raised there). Null: exception pending (already running, finished with error ...).
FrameRecord* resume_frame(Context& cx, Generator* g, Value sent, OnReturn on_return,
                          uint16_t result);
void suspend_generator(Context& cx, FrameRecord* f, const Instr* resume);  // at YIELD
void finish_generator(Context& cx, Generator* g);
Result<Value> generator_send(Context& cx, Generator* g,
                             Value value);  // nested; StopIteration at the end
// Nested: sets *finished when it returned instead of yielding.
Result<Value> generator_resume(Context& cx, Generator* g, Value value, bool* finished);
Result<Value> generator_throw(Context& cx, Generator* g, Value exception, bool* finished,
                              Value given = Value());
Result<Value> generator_close(Context& cx, Generator* g);
// __anext__ of an asynchronous generator; unset: it would run Python code.
Result<Value> plain_anext(Context& cx, Generator* g);
// A step of an asynchronous generator that needs no native frame: begins an operation's, and gives
// the generator to resume with `*given`; null: not so simple, nothing was done.
Generator* begin_async_step(Context& cx, AsyncGenOp* op, Value sent, Value* given);
// The body has yielded or (`finished`) returned, or raised. *over: the value ends the
// operation; else the body awaits it.
Result<Value> end_async_step(Context& cx, AsyncGenOp* op, Result<Value> r, bool finished,
                             bool* over);
// What the generator is delegating to by yield from or await; unset if nothing.
Value generator_delegate(Context& cx, Generator* g);

// Work due at a poll besides the transaction: signal handlers (main thread), finalizers, weakref
// callbacks, asynchronous exceptions. An error: an exception is pending.
Result<void> pending_calls(Context& cx);

// --- running -------------------------------------------------------------------------------------
// Runs from the topmost frame until the frame `entry` (the topmost) returns.
Result<Value> interpret(Context& cx, FrameRecord* entry);

}  // namespace pystm::vm
