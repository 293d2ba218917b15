// Operators: tagged ints and floats inline, everything else through the generic primitives.
#pragma once

#include "vm/bytecode/instruction.h"
#include "vm/object/number.h"
#include "vm/semantics/flow.h"

namespace pystm::vm::sem {

template <class B>
[[gnu::always_inline]] inline Flow ADD(B& b, Instr i) {
  const auto x = b.reg(i.b), y = b.reg(i.c);
  if (b.both_int(x, y)) {
    const auto r = b.int_add(x, y);
    if (r.ok) return b.set(i.a, r.value);
  } else if (b.both_float(x, y)) {
    return b.set(i.a, b.float_add(x, y));
  }
  return b.binary(i, BinaryOp::kAdd, x, y);
}
template <class B>
[[gnu::always_inline]] inline Flow SUB(B& b, Instr i) {
  const auto x = b.reg(i.b), y = b.reg(i.c);
  if (b.both_int(x, y)) {
    const auto r = b.int_sub(x, y);
    if (r.ok) return b.set(i.a, r.value);
  } else if (b.both_float(x, y)) {
    return b.set(i.a, b.float_sub(x, y));
  }
  return b.binary(i, BinaryOp::kSub, x, y);
}
template <class B>
[[gnu::always_inline]] inline Flow MUL(B& b, Instr i) {
  const auto x = b.reg(i.b), y = b.reg(i.c);
  if (b.both_int(x, y)) {
    const auto r = b.int_mul(x, y);
    if (r.ok) return b.set(i.a, r.value);
  } else if (b.both_float(x, y)) {
    return b.set(i.a, b.float_mul(x, y));
  }
  return b.binary(i, BinaryOp::kMul, x, y);
}
template <class B>
[[gnu::always_inline]] inline Flow TRUEDIV(B& b, Instr i) {
  const auto x = b.reg(i.b), y = b.reg(i.c);
  if (b.both_float(x, y)) {
    const auto r = b.float_div(x, y);
    if (r.ok) return b.set(i.a, r.value);
  }
  return b.binary(i, BinaryOp::kTrueDiv, x, y);
}
template <class B>
[[gnu::always_inline]] inline Flow FLOORDIV(B& b, Instr i) {
  const auto x = b.reg(i.b), y = b.reg(i.c);
  if (b.both_int(x, y)) {
    const auto r = b.int_floordiv(x, y);
    if (r.ok) return b.set(i.a, r.value);
  }
  return b.binary(i, BinaryOp::kFloorDiv, x, y);
}
template <class B>
[[gnu::always_inline]] inline Flow MOD(B& b, Instr i) {
  const auto x = b.reg(i.b), y = b.reg(i.c);
  if (b.both_int(x, y)) {
    const auto r = b.int_mod(x, y);
    if (r.ok) return b.set(i.a, r.value);
  }
  return b.binary(i, BinaryOp::kMod, x, y);
}
template <class B>
[[gnu::always_inline]] inline Flow AND(B& b, Instr i) {
  const auto x = b.reg(i.b), y = b.reg(i.c);
  if (b.both_int(x, y)) return b.set(i.a, b.int_and(x, y));
  return b.binary(i, BinaryOp::kAnd, x, y);
}
template <class B>
[[gnu::always_inline]] inline Flow OR(B& b, Instr i) {
  const auto x = b.reg(i.b), y = b.reg(i.c);
  if (b.both_int(x, y)) return b.set(i.a, b.int_or(x, y));
  return b.binary(i, BinaryOp::kOr, x, y);
}
template <class B>
[[gnu::always_inline]] inline Flow XOR(B& b, Instr i) {
  const auto x = b.reg(i.b), y = b.reg(i.c);
  if (b.both_int(x, y)) return b.set(i.a, b.int_xor(x, y));
  return b.binary(i, BinaryOp::kXor, x, y);
}
template <class B>
[[gnu::always_inline]] inline Flow LSHIFT(B& b, Instr i) {
  const auto x = b.reg(i.b), y = b.reg(i.c);
  if (b.both_int(x, y)) {
    const auto r = b.int_shift_left(x, y);
    if (r.ok) return b.set(i.a, r.value);
  }
  return b.binary(i, BinaryOp::kLShift, x, y);
}
template <class B>
[[gnu::always_inline]] inline Flow RSHIFT(B& b, Instr i) {
  const auto x = b.reg(i.b), y = b.reg(i.c);
  if (b.both_int(x, y)) {
    const auto r = b.int_shift_right(x, y);
    if (r.ok) return b.set(i.a, r.value);
  }
  return b.binary(i, BinaryOp::kRShift, x, y);
}
template <class B>
[[gnu::always_inline]] inline Flow POW(B& b, Instr i) {
  return b.binary(i, BinaryOp::kPow, b.reg(i.b), b.reg(i.c));
}
template <class B>
[[gnu::always_inline]] inline Flow MATMUL(B& b, Instr i) {
  return b.binary(i, BinaryOp::kMatMul, b.reg(i.b), b.reg(i.c));
}
template <class B>
[[gnu::always_inline]] inline Flow NEGATIVE(B& b, Instr i) {
  const auto x = b.reg(i.b);
  if (b.is_int(x)) {
    const auto r = b.int_negative(x);
    if (r.ok) return b.set(i.a, r.value);
  }
  return b.unary(i, x);
}
template <class B>
[[gnu::always_inline]] inline Flow POSITIVE(B& b, Instr i) {
  return b.unary(i, b.reg(i.b));
}
template <class B>
[[gnu::always_inline]] inline Flow INVERT(B& b, Instr i) {
  return b.unary(i, b.reg(i.b));
}

// --- comparisons ---------------------------------------------------------------------------------

template <class B>
[[gnu::always_inline]] inline Flow compare_into(B& b, Instr i, CompareOp op) {
  const auto x = b.reg(i.b), y = b.reg(i.c);
  if (b.both_int(x, y)) return b.set(i.a, b.boolean(b.int_compare(op, x, y)));
  if (b.both_float(x, y)) return b.set(i.a, b.boolean(b.float_compare(op, x, y)));
  return b.compare(i, op, x, y);
}
template <class B>
[[gnu::always_inline]] inline Flow LT(B& b, Instr i) {
  return compare_into(b, i, CompareOp::kLt);
}
template <class B>
[[gnu::always_inline]] inline Flow LE(B& b, Instr i) {
  return compare_into(b, i, CompareOp::kLe);
}
template <class B>
[[gnu::always_inline]] inline Flow EQ(B& b, Instr i) {
  return compare_into(b, i, CompareOp::kEq);
}
template <class B>
[[gnu::always_inline]] inline Flow NE(B& b, Instr i) {
  return compare_into(b, i, CompareOp::kNe);
}
template <class B>
[[gnu::always_inline]] inline Flow GT(B& b, Instr i) {
  return compare_into(b, i, CompareOp::kGt);
}
template <class B>
[[gnu::always_inline]] inline Flow GE(B& b, Instr i) {
  return compare_into(b, i, CompareOp::kGe);
}

template <class B>
[[gnu::always_inline]] inline Flow IS(B& b, Instr i) {
  return b.set(i.a, b.boolean(b.same(b.reg(i.b), b.reg(i.c)) != (i.d == 1)));
}
template <class B>
[[gnu::always_inline]] inline Flow CONTAINS(B& b, Instr i) {
  return b.contains(i, b.reg(i.b), b.reg(i.c));
}
template <class B>
[[gnu::always_inline]] inline Flow NOT(B& b, Instr i) {
  const auto x = b.reg(i.b);
  if (b.is_true(x)) return b.set(i.a, b.boolean(false));
  if (b.is_false(x)) return b.set(i.a, b.boolean(true));
  return b.negate(i, x);
}

// --- jumps ---------------------------------------------------------------------------------------

template <class B>
[[gnu::always_inline]] inline Flow compare_and_jump(B& b, Instr i, CompareOp op) {
  const auto x = b.reg(i.a), y = b.reg(i.b);
  if (b.both_int(x, y))
    return b.int_compare(op, x, y) == (i.d == 1) ? b.jump(i.jump16()) : b.next();
  if (b.both_float(x, y))
    return b.float_compare(op, x, y) == (i.d == 1) ? b.jump(i.jump16()) : b.next();
  return b.compare_jump(i, op, x, y);
}
template <class B>
[[gnu::always_inline]] inline Flow JUMP_LT(B& b, Instr i) {
  return compare_and_jump(b, i, CompareOp::kLt);
}
template <class B>
[[gnu::always_inline]] inline Flow JUMP_LE(B& b, Instr i) {
  return compare_and_jump(b, i, CompareOp::kLe);
}
template <class B>
[[gnu::always_inline]] inline Flow JUMP_EQ(B& b, Instr i) {
  return compare_and_jump(b, i, CompareOp::kEq);
}
template <class B>
[[gnu::always_inline]] inline Flow JUMP_NE(B& b, Instr i) {
  return compare_and_jump(b, i, CompareOp::kNe);
}
template <class B>
[[gnu::always_inline]] inline Flow JUMP_GT(B& b, Instr i) {
  return compare_and_jump(b, i, CompareOp::kGt);
}
template <class B>
[[gnu::always_inline]] inline Flow JUMP_GE(B& b, Instr i) {
  return compare_and_jump(b, i, CompareOp::kGe);
}
template <class B>
[[gnu::always_inline]] inline Flow JUMP_IS(B& b, Instr i) {
  return b.same(b.reg(i.a), b.reg(i.b)) == (i.d == 1) ? b.jump(i.jump16()) : b.next();
}
template <class B>
[[gnu::always_inline]] inline Flow JUMP_IN(B& b, Instr i) {
  return b.contains_jump(i, b.reg(i.a), b.reg(i.b));
}
template <class B>
[[gnu::always_inline]] inline Flow JUMP(B& b, Instr i) {
  return b.jump(i.bc);
}
template <class B>
[[gnu::always_inline]] inline Flow JUMP_BACK(B& b, Instr i) {
  return b.loop_edge(i.bc);
}
template <class B>
[[gnu::always_inline]] inline Flow JUMP_IF_TRUE(B& b, Instr i) {
  const auto x = b.reg(i.a);
  if (b.is_true(x)) return b.jump(i.bc);
  if (b.is_false(x)) return b.next();
  return b.truth_jump(i, x, true);
}
template <class B>
[[gnu::always_inline]] inline Flow JUMP_IF_FALSE(B& b, Instr i) {
  const auto x = b.reg(i.a);
  if (b.is_true(x)) return b.next();
  if (b.is_false(x)) return b.jump(i.bc);
  return b.truth_jump(i, x, false);
}
template <class B>
[[gnu::always_inline]] inline Flow JUMP_IF_NONE(B& b, Instr i) {
  return b.is_none(b.reg(i.a)) ? b.jump(i.bc) : b.next();
}
template <class B>
[[gnu::always_inline]] inline Flow JUMP_IF_NOT_NONE(B& b, Instr i) {
  return b.is_none(b.reg(i.a)) ? b.next() : b.jump(i.bc);
}

}  // namespace pystm::vm::sem
