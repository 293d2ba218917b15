// The recorder's core: registers, questions, jumps, and the one instruction at a time.
#include "jit/recorder.h"

#include "jit/runtime.h"
#include "vm/object/shape.h"
#include "vm/semantics/arith.h"
#include "vm/semantics/names.h"

namespace pystm::jit {

using namespace vm;

Recorder::Recorder(Context& cx, Trace& trace, const OptOptions& options)
    : cx_(cx), e_(trace, options) {}

void Recorder::begin_root(FrameRecord* f) {
  root_ = f_ = f;
  header_code_ = f->code;
  header_pc_ = pc_index();
  find_loop_end();
  e_.begin_root(f->code, header_pc_);
}

void Recorder::begin_side(const Trace& parent, IrRef exit, FrameRecord* root_frame) {
  root_ = root_frame;
  f_ = cx_.frame;
  is_side_ = true;
  moved_ = parent.ins[exit].op == Ir::Exit;  // it would not end there a second time
  e_.begin_side(parent, exit);
}

uint32_t Recorder::pc_index() const {
  return static_cast<uint32_t>(f_->pc - f_->code->data->instrs);
}

CacheWord* Recorder::cache() const {
  return reinterpret_cast<CacheWord*>(const_cast<Instr*>(f_->pc) + f_->code->data->count);
}

Flow Recorder::stop(const char* why) {
  if (why_ == nullptr) why_ = why;
  return Flow::kNext;
}

// The last instruction's outcome shows in where the interpreter is now.
bool Recorder::settle() {
  if (open_.what == Open::kNothing) return true;
  if (open_.frame != f_) return false;
  const uint32_t pc = pc_index();
  const bool jumped = pc != open_.pc + 1;
  if (open_.what == Open::kItem) {
    settle_item(jumped);
  } else {
    e_.guard_is(open_.result, e_.trace().word_const(of_bool(jumped == open_.sense)));
  }
  open_.what = Open::kNothing;
  return true;
}

// Has the bytecode in work changed nothing yet, and is the trace worth ending before it?
bool Recorder::may_leave() const {
  constexpr unsigned kWorthwhile = 8;
  const Trace& t = e_.trace();
  for (IrRef r = noted_from_; r < t.size(); ++r)
    if (effects(t, t.ins[r]) & (kStore | kCall | kAllocates)) return false;
  return e_.depth() == static_cast<unsigned>(f_ - root_) && t.snapshots.size() >= kWorthwhile;
}

Next Recorder::note() {
  f_ = cx_.frame;
  settle_catch();
  if (!settle()) {
    stop("unexpected frame");
    return Next::kGiveUp;
  }
  const uint32_t pc = pc_index();
  e_.at(pc);
  if (!is_side_ && loop_end_ != 0 && f_ == root_ && (pc < header_pc_ || pc > loop_end_)) {
    left_loop_ = true;
    stop("leaves the loop");
    return Next::kGiveUp;
  }
  if (moved_ && is_header(pc)) {  // without progress there is no loop
    const Next next = at_header(pc);
    if (next != Next::kExecute) return jump_or_leave(next);
  }
  if (moved_ && pc == 0 && f_ != root_) {
    const Next next = at_entry();
    if (next != Next::kExecute) return jump_or_leave(next);
  }
  is_first_ = noted_from_ == 0;
  moved_ = true;
  noted_from_ = e_.trace().size();
  const Instr i = *f_->pc;
  switch (i.op) {
#define OP(name, operands, traits, meaning) \
  case Op::name:                            \
    (void)sem::name(*this, i);              \
    break;
#include "vm/bytecode/opcodes.def"
#undef OP
  }
  if (why_ == nullptr && e_.impossible()) why_ = "contradiction";
  if (why_ == nullptr && e_.full()) why_ = "trace too long";
  if (why_ == nullptr)
    return switch_ != nullptr    ? Next::kSwitch
           : returned_ != kNoRef ? Next::kReturn
                                 : Next::kExecute;
  const bool leave = modest_ && !left_loop_ && !e_.impossible() && may_leave();
  return leave ? Next::kLeave : Next::kGiveUp;
}

// --- registers -----------------------------------------------------------------------------------

IrRef Recorder::constant_ref(Value v) {
  Trace& t = e_.trace();
  if (v.is_int()) return t.int_const(v.as_int());
  double d;
  if (float_of(v, &d)) return t.float_const(d);
  return v.is_object() ? t.ref_const(v.object()) : t.word_const(v);
}

Recorder::V Recorder::reg(unsigned r) { return {f_->regs[r], e_.slot(static_cast<int>(r))}; }
Flow Recorder::set(unsigned r, V v) {
  e_.set_slot(static_cast<int>(r), v.ref);
  return Flow::kNext;
}
void Recorder::clear(unsigned r) {
  e_.set_slot(static_cast<int>(r), e_.trace().word_const(Value()));
}
Recorder::V Recorder::constant(int32_t k) {
  const Value v = f_->code->consts->items()[k];
  return {v, constant_ref(v)};
}
Recorder::V Recorder::small_int(int32_t i) { return {Value::of_int(i), e_.trace().int_const(i)}; }
Recorder::V Recorder::boolean(bool b) { return {of_bool(b), e_.trace().word_const(of_bool(b))}; }

// --- questions -----------------------------------------------------------------------------------

// Held unboxed, or boxed by the trace itself: of known type, and none of the singletons.
bool Recorder::is_boxed_in_trace(V v) {
  const Type t = e_.trace().type(v.ref);
  return t == Type::I64 || t == Type::F64;
}

bool Recorder::is_unset(V v) {
  if (v.value.is_unset() && !is_boxed_in_trace(v)) {
    e_.guard_is(v.ref, e_.trace().word_const(Value()));
    return true;
  }
  if (!is_boxed_in_trace(v)) e_.guard_is_not(v.ref, e_.trace().word_const(Value()));
  return false;
}

bool Recorder::both_int(V a, V b) {
  if (!a.value.is_int() || !b.value.is_int()) return false;
  as_int(a);
  as_int(b);
  return true;
}
bool Recorder::is_int(V v) {
  if (!v.value.is_int()) return false;
  as_int(v);
  return true;
}
bool Recorder::both_float(V a, V b) {
  double d;
  if (!float_of(a.value, &d) || !float_of(b.value, &d)) return false;
  e_.check_float(a.ref);
  e_.check_float(b.ref);
  return true;
}

bool Recorder::is_singleton(V v, Value k) {
  if (v.value != k) return false;
  e_.guard_is(v.ref, e_.trace().word_const(k));
  return true;
}
bool Recorder::is_none(V v) {
  if (is_boxed_in_trace(v)) return false;
  if (is_singleton(v, kNone)) return true;
  e_.guard_is_not(v.ref, e_.trace().word_const(kNone));
  return false;
}

bool Recorder::same(V a, V b) {
  const bool one = a.value == b.value;
  const auto number = [](Value v) { return is_exact_float(v) || has_shape(v, kShapeBigInt); };
  if (number(a.value) || number(b.value)) {
    stop("identity of numbers");
  } else if (a.value.is_int() && b.value.is_int()) {
    e_.guard_int(Cond::eq, as_int(a), as_int(b), one);
  } else if (is_boxed_in_trace(a) || is_boxed_in_trace(b)) {
    guard_type(is_boxed_in_trace(a) ? b : a);  // an int is nothing else
  } else if (one) {
    e_.guard_is(a.ref, b.ref);
  } else {
    e_.guard_is_not(a.ref, b.ref);
  }
  return one;
}

IrRef Recorder::guard_object(V v, ShapeId shape) {
  const IrRef o = e_.check_ref(v.ref);
  e_.guard_shape(o, shape);
  return o;
}
IrRef Recorder::guard_instance(V v, ShapeId shape) {
  const IrRef o = guard_object(v, shape);
  if (shape_is_versioned(shape)) e_.read_check(o);
  return o;
}

IrRef Recorder::guard_type(V v) {
  double d;
  if (v.value.is_int()) return as_int(v);
  if (float_of(v.value, &d)) return e_.check_float(v.ref);
  if (v.value.is_object()) return guard_instance(v, v.value.object()->shape_id);
  e_.guard_is(v.ref, e_.trace().word_const(v.value));
  return v.ref;
}

IrRef Recorder::as_float(V v) {
  return v.value.is_int() ? e_.emit(Ir::IntToFloat, as_int(v)) : e_.check_float(v.ref);
}

bool Recorder::is_number(V v) const {
  double d;
  return v.value.is_int() || float_of(v.value, &d);
}

IrRef Recorder::call_plainly(const CallInfo& info, std::span<const IrRef> args) {
  const IrRef r = call_catching(info, args);
  e_.guard_is_not(r, e_.trace().word_const(Value()));
  return r;
}

Flow Recorder::jump_on(IrRef word, bool outcome) {
  e_.guard_is(word, e_.trace().word_const(of_bool(outcome)));
  return Flow::kNext;
}

// --- what ends a recording -----------------------------------------------------------------------

Flow Recorder::raise_unbound(Instr) { return stop("unbound variable"); }

}  // namespace pystm::jit
