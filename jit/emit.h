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

#include <span>

#include "jit/ir.h"
#include "jit/knowledge.h"
#include "jit/options.h"

namespace pystm::jit {

class Emitter {
 public:
  Emitter(Trace& trace, const OptOptions& options);

  // --- beginning ---------------------------------------------------------------------------------
  void begin_root(vm::Code* code, uint32_t pc);
  // Goes on where `parent` was left at instruction `exit`: registers, frames and all that the
  // parent knew there are taken over, values as Inherit instructions. Not for TxPoll.
  void begin_side(const Trace& parent, IrRef exit);

  // --- frames and registers ----------------------------------------------------------------------
  // The next guards leave to instruction `pc` of the current frame, with the registers as now. The
  // first one is GuardValid if a call since the last at() may have changed what the trace assumes.
  void at(uint32_t pc);
  IrRef slot(int r);  // register r of the current frame: Word, or unboxed
  IrRef word(int r) { return box(slot(r)); }
  void set_slot(int r, IrRef v);
  // Inlines a call made by the instruction of the last at(): the callee's register 0 is the current
  // frame's register `window`. Then set_slot() binds parameters and unset locals, and at() follows.
  void push_frame(Frame callee, int window);
  void set_frame_object(IrRef object);  // of the current, inlined frame
  void pop_frame();  // the caller is current again, its registers from the window on are dead
  const Frame& frame() const { return trace_.frames[frame_]; }
  const Frame& caller_frame() const { return trace_.frames[frame().parent]; }
  bool has_frame_objects() const;
  unsigned depth() const;  // inlined frames

  // --- instructions ------------------------------------------------------------------------------
  // Any instruction; `aux` of those that leave by a snapshot is filled in.
  IrRef emit(Ir op, IrRef a = 0, IrRef b = 0, IrRef c = 0, uint32_t aux = 0, Type type = Type::None,
             uint16_t flags = 0);

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
  // A fresh object; store() or, by constant index, store_item() of all its words but header and
  // vlock follow at once, values being boxed before.
  IrRef make(ShapeId shape, size_t bytes, bool has_vlock);

  // Barriers.
  void read_check(IrRef o) { emit(Ir::ReadCheck, o); }
  void acquire(IrRef o) { emit(Ir::Acquire, o); }

  // A failing call leaves with ExitKind::kRaise. Unboxed results as CallInfo says.
  IrRef call(const CallInfo& info, std::span<const IrRef> args);
  IrRef call(const CallInfo& info, std::initializer_list<IrRef> args) {
    return call(info, std::span(args.begin(), args.size()));
  }

  // The call in work has given `mark`, which says that it raised: the registers are as before it.
  // If it has not, the interpreter goes on at `next`.
  void guard_raised(IrRef result, IrRef mark, uint32_t next);

  // What is known without being tested here: a guard or barrier that emits nothing.
  void assume(Ir op, IrRef a, IrRef b, IrRef c);

  // --- the end -----------------------------------------------------------------------------------
  // Back at the root's entry, with the root frame current and at() called: TxPoll, then the loop is
  // peeled. False: its variables change type from one iteration to the next, nothing was added but
  // the TxPoll; the recorder ends the trace otherwise.
  bool finish_loop(unsigned poll_weight);
  void finish_exit();  // the interpreter goes on at the last at()
  // At the entry of another root, for the current frame: the inlined ones become real, registers
  // are stored.
  void finish_jump(const Trace& target);
  void finish_jump_self();                        // an unpeeled loop
  void finish_return(IrRef v, vm::OnReturn how);  // the root frame returns v
  // All goes to the VM stack, and the call (runtime.h) makes another frame the topmost one.
  void finish_switch(const CallInfo& info, std::vector<IrRef> args);

  bool impossible() const { return impossible_; }
  bool full() const { return trace_.size() >= limit_; }
  Trace& trace() { return trace_; }
  const Trace& trace() const { return trace_; }
  const OptOptions& options() const { return options_; }

  // Emits all of `in` (as if recorded) into this emitter's trace; see optimize().
  bool replay(const Trace& in);

 private:
  struct Register {
    IrRef ref = 0;
    bool modified = false;
  };
  struct Pending {
    int32_t slot;
    IrRef ref;
  };

  Trace& trace_;
  OptOptions options_;
  std::vector<Fact> facts_;       // by instruction
  IrRef chains_[kIrCount] = {};   // last instruction of each op
  std::vector<Register> regs_;    // by slot: registers from the root window on
  std::vector<Pending> pending_;  // set since the last at()
  IrRef clobbered_[static_cast<unsigned>(Alias::kCount)] = {};  // last call that may have written
  IrRef shapes_changed_ = 0;  // last instruction that may have changed an instance's shape
  IrRef safepoint_ = 0;       // last instruction that may be one
  // Copying a recorded part (loop.cpp): old instruction -> new value, and the snapshot in work.
  std::vector<IrRef> subst_;
  const Trace* source_ = nullptr;
  uint32_t source_snap_ = 0;
  uint32_t pc_ = 0;
  uint16_t frame_ = 0;
  bool impossible_ = false;
  bool snap_fresh_ = false;  // the last snapshot describes the present state
  bool doubtful_ = false;    // the last call may have changed what the trace assumes
  bool in_loop_ = false;
  unsigned limit_ = 6000;

  // emit.cpp
  void leave_window();
  IrRef append(const Ins& i);
  IrRef append_or_find(const Ins& i);
  IrRef find_equal(const Ins& i) const;
  uint32_t snapshot();
  uint32_t copy_snapshot();
  uint16_t copy_frame(uint16_t number);
  void enter_frame(const Frame& f);
  void add_snap_slots(Snapshot& s);
  bool is_live(int slot) const;
  Register& reg(int slot);
  void apply_pending();
  IrRef contradiction();
  IrRef as(Operand kind, IrRef r);  // converts where the type asks for it
  void coerce(Ins& i);
  Fact fact(IrRef r) const;
  Range range(IrRef r) const;
  void narrow(IrRef r, Range range);
  bool is_int_const(IrRef r, int64_t* k) const;
  bool is_float_const(IrRef r, double* d) const;
  const Ins* def(IrRef r) const { return is_const(r) ? nullptr : &trace_.ins[r]; }

  // fold.cpp: kNoRef with *done false: nothing to do. Folding may rewrite `i`.
  IrRef fold(Ins& i, bool* done);
  IrRef fold_check(Ins& i, bool* done);
  IrRef fold_guard(Ins& i, bool* done);
  IrRef fold_guard_int(Ins& i, bool* done);
  IrRef fold_box(Ins& i, bool* done);
  IrRef fold_int(Ins& i, bool* done);
  IrRef fold_int_const(const Ins& i, int64_t a, int64_t b, bool* done);
  IrRef fold_int_algebra(Ins& i, bool* done);
  IrRef fold_int_range(Ins& i, bool* done);
  IrRef fold_float(Ins& i, bool* done);
  IrRef fold_compare(Ins& i, bool* done);
  bool never_is(IrRef r, Value k) const;
  bool implied(const Ins& i) const;
  void learn(const Ins& i, IrRef r);
  void learn_compare(Cond c, IrRef a, IrRef b);
  Range result_range(const Ins& i) const;

  // memory.cpp
  IrRef memory(Ins& i);
  IrRef load_memory(Ins& i);
  IrRef store_memory(Ins& i);
  IrRef barrier(Ins& i);
  IrRef call_memory(Ins& i);
  IrRef forwarded(const Ins& i) const;
  bool may_alias(IrRef a, IrRef b) const;
  bool may_alias_items(const Ins& store, const Ins& load) const;
  void open_group(IrRef owner);
  bool never_a_pointer(IrRef r) const;

  // loop.cpp
  bool peel(IrRef end);
  bool copy_body(IrRef end);
  void box_initial_values(const Trace& from, IrRef object);
  void copy_ins(const Trace& from, IrRef r);
  void add_phis(IrRef end);
  IrRef substituted(IrRef r) const { return is_const(r) || r == 0 ? r : subst_[r]; }
};

// Replays `in` through an emitter into `out` and runs the passes that `options` names: what a
// recorder's trace goes through, for tests and tools. A final Jump #0 in `in` becomes the loop.
// False: contradiction, or the loop could not be closed.
bool optimize(const Trace& in, Trace& out, const OptOptions& options);

}  // namespace pystm::jit
