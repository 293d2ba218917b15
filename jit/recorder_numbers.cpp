// Recording arithmetic and comparisons.
#include <cmath>

#include "jit/recorder.h"
#include "jit/residual.h"
#include "jit/runtime.h"
#include "vm/object/dict.h"
#include "vm/object/shape.h"
#include "vm/runtime/operators.h"

namespace pystm::jit {

using namespace vm;

namespace {

Cond cond_of(CompareOp op) {
  switch (op) {
    case CompareOp::kLt:
      return Cond::lt;
    case CompareOp::kLe:
      return Cond::le;
    case CompareOp::kEq:
      return Cond::eq;
    case CompareOp::kNe:
      return Cond::ne;
    case CompareOp::kGt:
      return Cond::gt;
    case CompareOp::kGe:
      return Cond::ge;
  }
  __builtin_unreachable();
}

double number_value(Value v) {
  double d = 0;
  if (v.is_int()) return static_cast<double>(v.as_int());
  float_of(v, &d);
  return d;
}

constexpr int64_t kExact = int64_t{1} << 53;  // ints up to here are doubles

bool is_exact(Value v) { return !v.is_int() || std::abs(v.as_int()) <= kExact; }

}  // namespace

// --- ints ----------------------------------------------------------------------------------------
// A trace computes with 64 bits where tagged ints have 63; what is recorded fits 63, so that the
// next instruction sees an int.

Recorder::Checked Recorder::checked_int(Ir op, V a, V b) {
  int64_t r;
  const int64_t x = a.value.as_int(), y = b.value.as_int();
  const bool overflow = op == Ir::AddOv   ? __builtin_add_overflow(x, y, &r)
                        : op == Ir::SubOv ? __builtin_sub_overflow(x, y, &r)
                                          : __builtin_mul_overflow(x, y, &r);
  if (overflow || !Value::fits_int(r)) return {a, false};
  return {{Value::of_int(r), e_.emit(op, as_int(a), as_int(b))}, true};
}

Recorder::Checked Recorder::int_division(Ir op, V a, V b) {
  const int64_t y = b.value.as_int();
  if (y == 0 || y == -1) return {a, false};
  const IrRef divisor = as_int(b);
  e_.guard_int(Cond::ne, divisor, e_.trace().int_const(0));
  e_.guard_int(Cond::ne, divisor, e_.trace().int_const(-1));
  return {{Value(), e_.emit(op, as_int(a), divisor)}, true};
}

Recorder::V Recorder::plain_int(Ir op, V a, V b) {
  return {Value(), e_.emit(op, as_int(a), as_int(b))};
}

Recorder::Checked Recorder::int_shift_left(V a, V b) {
  const int64_t x = a.value.as_int(), n = b.value.as_int();
  if (n < 0 || n > 61 || (x << n) >> n != x || !Value::fits_int(x << n)) return {a, false};
  const IrRef count = as_int(b);
  e_.guard_int(Cond::ult, count, e_.trace().int_const(64));
  return {{Value(), e_.emit(Ir::ShlOv, as_int(a), count)}, true};
}

Recorder::Checked Recorder::int_shift_right(V a, V b) {
  const int64_t n = b.value.as_int();
  if (n < 0 || n > 63) return {a, false};
  const IrRef count = as_int(b);
  e_.guard_int(Cond::ult, count, e_.trace().int_const(64));
  return {{Value(), e_.emit(Ir::Sar, as_int(a), count)}, true};
}

Recorder::Checked Recorder::int_negative(V a) {
  if (!Value::fits_int(-a.value.as_int())) return {a, false};
  return {{Value(), e_.emit(Ir::SubOv, e_.trace().int_const(0), as_int(a))}, true};
}

bool Recorder::int_compare(CompareOp op, V a, V b) {
  const bool outcome = holds(op, a.value.as_int(), b.value.as_int());
  e_.guard_int(cond_of(op), as_int(a), as_int(b), outcome);
  return outcome;
}

// --- floats --------------------------------------------------------------------------------------

Recorder::V Recorder::float_op(Ir op, V a, V b) {
  return {Value(), e_.emit(op, as_float(a), as_float(b))};
}

Recorder::Checked Recorder::float_div(V a, V b) {
  if (number_value(b.value) == 0) return {a, false};
  const IrRef divisor = as_float(b);
  e_.guard_float(Cond::ne, divisor, e_.trace().float_const(0.0));
  return {{Value(), e_.emit(Ir::DivF, as_float(a), divisor)}, true};
}

bool Recorder::float_compare(CompareOp op, V a, V b) {
  const bool outcome = holds(op, number_value(a.value), number_value(b.value));
  e_.guard_float(cond_of(op), as_float(a), as_float(b), outcome);
  return outcome;
}

// --- mixed and other operands --------------------------------------------------------------------

// A double equal to the number: an int is guarded to be one.
IrRef Recorder::exact_as_float(V v) {
  if (!v.value.is_int()) return e_.check_float(v.ref);
  Trace& t = e_.trace();
  const IrRef i = as_int(v);
  e_.guard_int(Cond::le, i, t.int_const(kExact));
  e_.guard_int(Cond::ge, i, t.int_const(-kExact));
  return e_.emit(Ir::IntToFloat, i);
}

bool Recorder::number_binary(Instr i, BinaryOp op, V a, V b) {
  if (!is_number(a) || !is_number(b)) return false;
  const bool ints = a.value.is_int() && b.value.is_int();
  switch (op) {
    case BinaryOp::kAdd:
    case BinaryOp::kSub:
    case BinaryOp::kMul:
      if (ints) return false;
      set(i.a, float_op(op == BinaryOp::kAdd   ? Ir::AddF
                        : op == BinaryOp::kSub ? Ir::SubF
                                               : Ir::MulF,
                        a, b));
      return true;
    case BinaryOp::kTrueDiv: {
      if (number_value(b.value) == 0) return false;
      if (ints && (!is_exact(a.value) || !is_exact(b.value))) return false;
      const IrRef x = ints ? exact_as_float(a) : as_float(a);
      const IrRef y = ints ? exact_as_float(b) : as_float(b);
      e_.guard_float(Cond::ne, y, e_.trace().float_const(0.0));
      set(i.a, {Value(), e_.emit(Ir::DivF, x, y)});
      return true;
    }
    default:
      return false;
  }
}

// Guards that the value is of a builtin type whose operators run no Python code.
bool Recorder::guard_builtin(V v) {
  if (v.value.is_object()) {
    if (!is_exact_int(v.value) && !is_exact_float(v.value) && !is_exact_str(v.value) &&
        !is_exact_bytes(v.value))
      return false;
  }
  if (v.value.is_unset()) return false;
  guard_type(v);
  return true;
}

namespace {
bool is_container(Value v) {
  return is_exact_list(v) || is_exact_tuple(v) || is_exact_set(v) ||
         has_shape(v, kShapeFrozenSet) || is_exact_bytes(v) || is_bytearray(v);
}
}  // namespace

// An operator method written in Python. Both types decide that it is this one.
Flow Recorder::call_operator(Value function, V a, V b, uint16_t result, OnReturn on_return) {
  guard_type(a);
  guard_type(b);
  return enter_method(function, {a, b}, result, on_return);
}

// list + list, tuple * int, set | set ...
Flow Recorder::sequence_binary(Instr i, BinaryOp op, V a, V b) {
  for (const V& v : {a, b}) {
    if (!is_container(v.value) && !v.value.is_int()) return stop("operator of a class");
    guard_type(v);
  }
  Trace& t = e_.trace();
  return set_after(i.a, call_plainly(kCallSequenceBinary,
                                     {t.int_const(static_cast<int64_t>(op)), t.int_const(i.d == 1),
                                      e_.box(a.ref), e_.box(b.ref)}));
}

Flow Recorder::binary(Instr i, BinaryOp op, V a, V b) {
  if (number_binary(i, op, a, b)) return Flow::kNext;
  if (op == BinaryOp::kMod && is_exact_str(a.value)) {
    guard_type(a);
    return set_after(i.a, call_plainly(kCallPercent, {a.ref, e_.box(b.ref)}));
  }
  if (const OperatorMethod m = operator_method(op, i.d == 1, a.value, b.value);
      !m.function.is_unset())
    return m.which == OperatorMethod::kRight
               ? call_operator(m.function, b, a, i.a, OnReturn::kOperator)
               : call_operator(m.function, a, b, i.a, OnReturn::kOperator);
  if (op != BinaryOp::kMod && (is_container(a.value) || is_container(b.value)))
    return sequence_binary(i, op, a, b);
  if (!guard_builtin(a) || !guard_builtin(b)) return stop("operator of a class");
  const IrRef o = e_.trace().int_const(static_cast<int64_t>(op));
  return set_after(i.a, e_.call(kCallBinary, {o, e_.box(a.ref), e_.box(b.ref)}));
}

Flow Recorder::unary(Instr i, V a) {
  double d;
  if (i.op == Op::NEGATIVE && float_of(a.value, &d))
    return set(i.a, {Value(), e_.emit(Ir::NegF, e_.check_float(a.ref))});
  if (i.op == Op::INVERT && a.value.is_int())
    return set(i.a, {Value(), e_.emit(Ir::Xor, as_int(a), e_.trace().int_const(-1))});
  if (i.op == Op::POSITIVE && a.value.is_int()) return set(i.a, {a.value, as_int(a)});
  return stop(op_name(i.op));
}

bool Recorder::mixed_compare(CompareOp op, V a, V b, bool* outcome) {
  if (!is_number(a) || !is_number(b) || !is_exact(a.value) || !is_exact(b.value)) return false;
  *outcome = holds(op, number_value(a.value), number_value(b.value));
  const IrRef x = exact_as_float(a), y = exact_as_float(b);
  e_.guard_float(cond_of(op), x, y, *outcome);
  return true;
}

// Compares in C++; the result is unset where it will not: an element would have to be asked.
// kNoRef: not here.
IrRef Recorder::native_compare(CompareOp op, V a, V b) {
  const auto asks_elements = [](Value v) {
    return is_exact_tuple(v) || is_exact_list(v) || is_exact_set(v) ||
           has_shape(v, kShapeFrozenSet) || type_of(v) == types().dict_keys;
  };
  const auto kind = [&](Value v) {
    return is_plain(v) || (asks_elements(v) && !is_exact_tuple(v));
  };
  if (!kind(a.value) || !kind(b.value)) return kNoRef;
  guard_type(a);
  guard_type(b);
  if (is_flat_str(a.value) && is_flat_str(b.value) &&
      (op == CompareOp::kEq || op == CompareOp::kNe))
    return e_.call(kCallStrEqual, {a.ref, b.ref, e_.trace().int_const(op == CompareOp::kNe)});
  const IrRef o = e_.trace().int_const(static_cast<int64_t>(op));
  if (!asks_elements(a.value) || !asks_elements(b.value))
    return e_.call(kCallCompare, {o, e_.box(a.ref), e_.box(b.ref)});
  const IrRef r = e_.call(kCallCompareSequences, {o, e_.box(a.ref), e_.box(b.ref)});
  e_.guard_is_not(r, e_.trace().word_const(Value()));
  return r;
}

Flow Recorder::compare(Instr i, CompareOp op, V a, V b) {
  bool outcome;
  if (mixed_compare(op, a, b, &outcome)) return set(i.a, boolean(outcome));
  if (const Value m = compare_method(op, a.value, b.value); !m.is_unset())
    return call_operator(m, a, b, i.a, OnReturn::kOperator);
  const IrRef r = native_compare(op, a, b);
  return r == kNoRef ? stop("comparison of objects") : set_after(i.a, r);
}

Flow Recorder::compare_jump(Instr i, CompareOp op, V a, V b) {
  bool outcome;
  if (mixed_compare(op, a, b, &outcome)) return Flow::kNext;
  if (const Value m = compare_method(op, a.value, b.value); !m.is_unset())
    return call_operator(m, a, b, 0, OnReturn::kCondition);
  const IrRef r = native_compare(op, a, b);
  if (r == kNoRef) return stop("comparison of objects");
  open_ = {Open::kTruth, i, r, f_, pc_index(), i.d == 1};
  return Flow::kNext;
}

}  // namespace pystm::jit
