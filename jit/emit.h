// Emitter: what a recorder calls. Folds, removes common subexpressions, forwards memory and drops
// redundant guards and barriers while instructions arrive, and keeps the state that snapshots
// describe: the registers of the frames running in the trace.
//
//   Emitter e(trace, options);
//   e.begin_root(code, pc);
//   for each bytecode:  e.at(pc);
//                       IrRef x = e.slot(b), y = e.slot(c);
//                       IrRef s = e.add_ov(e.check_int(x), e.check_int(y));
//                       e.set_slot(a, s);               // unboxed: exits box
//   e.finish_loop();      or  e.finish_exit(), e.finish_jump(...)
//
// Invariants: every guard leaves by the state of the last at(): the interpreter executes that
// bytecode again. So a bytecode's guards come before its effects; after an effect, at() once more
// with the pc to go on at. set_slot() shows in slot() at once and in snapshots from the next at().
// An emitting call may return a constant, an older instruction, or kNoRef where nothing is left to
// do. A guard known to fail is a contradiction with what the recorder saw: impossible() tells.
#pragma once

#include "jit/ir.h"
#include "jit/options.h"

namespace pystm::jit {

class Emitter {
 public:
  Emitter(Trace& trace, const OptOptions& options);

  // --- beginning ---------------------------------------------------------------------------------
  void begin_root(vm::Code* code, uint32_t pc);
  // Goes on where `parent` was left at instruction `exit`: registers, frames and all that the
  // parent knew there are taken over, values as Inherit instructions.
  void begin_side(const Trace& parent, IrRef exit);

  // --- frames and registers ----------------------------------------------------------------------
  // The next guards leave to instruction `pc` of the current frame, with the registers as now.
  void at(uint32_t pc);
  IrRef slot(int r);  // register r of the current frame: Word, or unboxed
  IrRef word(int r) { return box(slot(r)); }
  void set_slot(int r, IrRef v);
  // Inlines a call made by the instruction of the last at(): the callee's register 0 is the current
  // frame's register `window`. Then set_slot() binds parameters and unset locals, and at() follows.
  void push_frame(Frame callee, int window);
  void pop_frame();  // the caller is current again, its registers from the window on are dead
  const Frame& frame() const { return trace_.frames[frame_]; }
  unsigned depth() const;  // inlined frames

  // --- instructions ------------------------------------------------------------------------------
  // Any instruction; `aux` of those that leave by a snapshot is filled in.
  IrRef emit(Ir op, IrRef a = 0, IrRef b = 0, IrRef c = 0, uint32_t aux = 0,
             Type type = Type::None);

  // Guards.
  IrRef check_int(IrRef w) { return emit(Ir::CheckInt, w); }
  IrRef check_float(IrRef w) { return emit(Ir::CheckFloat, w); }
  IrRef check_ref(IrRef w) { return emit(Ir::CheckRef, w); }
  void guard_shape(IrRef o, ShapeId s) { emit(Ir::GuardShape, o, trace_.int_const(s)); }
  void guard_is(IrRef a, IrRef b) { emit(Ir::GuardIs, a, b); }
  void guard_is_not(IrRef a, IrRef b) { emit(Ir::GuardIsNot, a, b); }
  // The guard of the outcome seen: c if `taken`, else its negation.
  void guard_int(Cond c, IrRef a, IrRef b, bool taken = true);
  void guard_float(Cond c, IrRef a, IrRef b, bool taken = true);
  void guard_bool(IrRef b, bool taken) { emit(taken ? Ir::GuardTrue : Ir::GuardFalse, b); }
  // 0 <= i < n.
  void guard_index(IrRef i, IrRef n) { guard_int(Cond::ult, i, n); }
  // Word of any value: boxes I64, F64, Bool.
  IrRef box(IrRef v);

  // Memory. `owner`: for Guarded::kOwner.
  IrRef load(IrRef base, Field f, IrRef owner = 0) {
    return emit(Ir::LoadField, base, 0, owner, f.id, loaded_type(f.memory()));
  }
  IrRef load_item(IrRef base, IrRef index, Array a, IrRef owner = 0) {
    return emit(Ir::LoadItem, base, index, owner, a.id, loaded_type(a.memory()));
  }
  void store(IrRef base, Field f, IrRef v) { emit(Ir::StoreField, base, v, 0, f.id); }
  void store_item(IrRef base, IrRef index, Array a, IrRef v) {
    emit(Ir::StoreItem, base, index, v, a.id);
  }
  // A fresh object; store() of all its words follows at once, values being boxed before.
  IrRef make(ShapeId shape, size_t bytes) {
    return emit(Ir::New, trace_.int_const(shape), 0, 0, static_cast<uint32_t>(bytes));
  }

  // Barriers.
  void read_check(IrRef o) { emit(Ir::ReadCheck, o); }
  void acquire(IrRef o) { emit(Ir::Acquire, o); }

  // A failing call leaves with ExitKind::kRaise. Unboxed results as CallInfo says.
  IrRef call(const CallInfo& info, std::initializer_list<IrRef> args);

  // --- the end -----------------------------------------------------------------------------------
  // Back at the root's entry, with the root frame current: TxPoll, then the loop is peeled, or, if
  // its variables change type, the trace stores its registers and jumps to its own entry.
  void finish_loop(uint32_t poll_weight);
  void finish_exit();                     // the interpreter goes on at the last at()
  void finish_jump(const Trace& target);  // at the entry of another root: registers are stored

  bool impossible() const { return impossible_; }
  bool full() const { return trace_.size() >= limit_; }
  Trace& trace() { return trace_; }

 private:
  Trace& trace_;
  OptOptions options_;
  bool impossible_ = false;
  unsigned limit_ = 6000;
  uint16_t frame_ = 0;
};

}  // namespace pystm::jit
