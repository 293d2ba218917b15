// The recorder: the builder (architecture.md section 7) that notes down what each bytecode does.
//
// It looks at the instruction before the interpreter executes it: its primitives read the running
// frame's registers, answer the definition's questions from them, and emit a guard for every answer
// and IR for every effect; they change nothing themselves. Then vm::step() executes the
// instruction.
//
// Invariant: what a primitive answers from concrete values is guarded by what it emits, so that the
// trace stands for all runs that pass its guards.
#pragma once

#include "jit/emit.h"
#include "vm/interp/inline_cache.h"
#include "vm/object/number.h"
#include "vm/semantics/flow.h"

namespace pystm::jit {

using vm::BinaryOp;
using vm::CompareOp;
using vm::Flow;
using vm::FrameRecord;
using vm::Instr;

// A loop with compiled code, or one that is being recorded.
struct Root;
// The root whose trace starts there, or null.
Root* find_root(const vm::Code* code, uint32_t pc);

class Recorder {
 public:
  // What an instruction sees in a register, and the trace's value for it.
  struct V {
    Value value;
    IrRef ref = 0;
  };
  struct Checked {
    V value;
    bool ok;
  };

  Recorder(vm::Context& cx, Trace& trace, const OptOptions& options);

  // At the loop header `f->pc`; `depth`: inlined frames that a parent's exit has on top.
  void begin_root(FrameRecord* f);
  void begin_side(const Trace& parent, IrRef exit, FrameRecord* root_frame);
  // Notes the instruction that cx.frame is about to execute. False: stop here, see why().
  bool note();
  // The last note() reached code that is compiled, or the header the recording began at.
  Root* reached() const { return reached_; }
  const char* why() const { return why_; }
  Emitter& emitter() { return e_; }

  // --- the builder -------------------------------------------------------------------------------
  V reg(unsigned r);
  Flow set(unsigned r, V v);
  void clear(unsigned r);
  Flow next() { return Flow::kNext; }
  Flow jump(int32_t) { return Flow::kNext; }
  V constant(int32_t k);
  V small_int(int32_t i);

  bool is_unset(V v);
  bool both_int(V a, V b);
  bool both_float(V a, V b);
  bool is_int(V v);
  bool is_true(V v) { return is_singleton(v, kTrue); }
  bool is_false(V v) { return is_singleton(v, kFalse); }
  bool is_none(V v);
  bool same(V a, V b);
  V boolean(bool b);

  Checked int_add(V a, V b) { return checked_int(Ir::AddOv, a, b); }
  Checked int_sub(V a, V b) { return checked_int(Ir::SubOv, a, b); }
  Checked int_mul(V a, V b) { return checked_int(Ir::MulOv, a, b); }
  Checked int_floordiv(V a, V b) { return int_division(Ir::FloorDiv, a, b); }
  Checked int_mod(V a, V b) { return int_division(Ir::FloorMod, a, b); }
  V int_and(V a, V b) { return plain_int(Ir::And, a, b); }
  V int_or(V a, V b) { return plain_int(Ir::Or, a, b); }
  V int_xor(V a, V b) { return plain_int(Ir::Xor, a, b); }
  Checked int_shift_left(V a, V b);
  Checked int_shift_right(V a, V b);
  Checked int_negative(V a);
  bool int_compare(CompareOp op, V a, V b);
  V float_add(V a, V b) { return float_op(Ir::AddF, a, b); }
  V float_sub(V a, V b) { return float_op(Ir::SubF, a, b); }
  V float_mul(V a, V b) { return float_op(Ir::MulF, a, b); }
  Checked float_div(V a, V b);
  bool float_compare(CompareOp op, V a, V b);

  Flow binary(Instr i, BinaryOp op, V a, V b);
  Flow unary(Instr i, V a);
  Flow compare(Instr i, CompareOp op, V a, V b);
  Flow compare_jump(Instr i, CompareOp op, V a, V b);
  Flow truth_jump(Instr i, V x, bool sense);
  Flow negate(Instr i, V x);
  Flow contains(Instr i, V item, V container);
  Flow contains_jump(Instr i, V item, V container);
  Flow raise_unbound(Instr i);
  Flow outline(Instr i);

  V load_cell(V cell);
  void store_cell(V cell, V v);
  Flow load_global(Instr i);
  Flow load_attr(Instr i, V object);
  Flow store_attr(Instr i, V object, V v);
  Flow load_method(Instr i, V object);
  Flow get_item(Instr i, V container, V key);
  Flow set_item(Instr i, V container, V key, V v);

  Flow call(Instr i);
  Flow return_value(V v);
  Flow loop_edge(int32_t offset);
  Flow for_iter(Instr i, V iterator);

 private:
  vm::Context& cx_;
  Emitter e_;
  FrameRecord* f_ = nullptr;     // running
  FrameRecord* root_ = nullptr;  // of the trace's entry
  const vm::Code* header_code_ = nullptr;
  uint32_t header_pc_ = 0;
  bool moved_ = false;  // at least one instruction was noted
  Root* reached_ = nullptr;
  const char* why_ = nullptr;

  Flow stop(const char* why);
  uint32_t pc_index() const;
  vm::CacheWord* cache() const;
  IrRef constant_ref(Value v);
  bool is_singleton(V v, Value k);
  IrRef as_int(V v) { return e_.check_int(v.ref); }
  IrRef as_float(V v);  // an int becomes a float
  // Guards the value's exact type; its reference, typed.
  IrRef guard_type(V v);
  IrRef guard_object(V v, ShapeId shape);  // CheckRef and GuardShape, of a shape that never changes
  IrRef guard_instance(V v, ShapeId shape);
  bool is_boxed_in_trace(V v);
  bool is_number(V v) const;

  Checked checked_int(Ir op, V a, V b);
  Checked int_division(Ir op, V a, V b);
  V plain_int(Ir op, V a, V b);
  V float_op(Ir op, V a, V b);
  bool number_binary(Instr i, BinaryOp op, V a, V b);
  bool mixed_compare(CompareOp op, V a, V b, bool* outcome);
  IrRef exact_as_float(V v);
  bool guard_builtin(V v);  // false: may run Python code
  Flow set_after(unsigned r, IrRef ref) { return set(r, {Value(), ref}); }
  Flow jump_on(IrRef word, bool outcome);

  Flow enter(Value function, int window, unsigned bound, uint16_t result, vm::OnReturn on_return,
             IrRef init_self);
  Flow call_class(Instr i, V callable, int window, unsigned n);
  Flow call_native(Instr i, V callable, int window, unsigned n);
  IrRef make_instance(vm::Shape* shape);
  Flow range_next(Instr i, V iterator);
  Flow list_next(Instr i, V iterator);
  Flow list_item(Instr i, V container, V key);
  void guard_chunked(IrRef storage, bool chunked);
  // The item at `index` of a list whose size and storage have been loaded and checked.
  IrRef load_list_item(IrRef list, IrRef size, IrRef storage, IrRef index, bool chunked);
  Flow unpack(Instr i);
  Flow build_tuple(Instr i);
  Flow list_append(Instr i);
};

}  // namespace pystm::jit
