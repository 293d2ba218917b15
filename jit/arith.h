// What arithmetic instructions compute, once, for folding and for the IR interpreter.
#pragma once

#include <cmath>
#include <cstdint>

#include "jit/ir.h"

namespace pystm::jit {

// The integer instructions with two operands. False: it would leave (overflow).
inline bool evaluate_int(Ir op, int64_t a, int64_t b, int64_t* out) {
  const auto ua = static_cast<Word>(a), ub = static_cast<Word>(b);
  const auto wrap = [&](Word w) {
    *out = static_cast<int64_t>(w);
    return true;
  };
  switch (op) {
    case Ir::AddOv:
      return !__builtin_add_overflow(a, b, out);
    case Ir::SubOv:
      return !__builtin_sub_overflow(a, b, out);
    case Ir::MulOv:
      return !__builtin_mul_overflow(a, b, out);
    case Ir::ShlOv:
      wrap(ua << (b & 63));
      return (*out >> (b & 63)) == a;
    case Ir::Add:
      return wrap(ua + ub);
    case Ir::Sub:
      return wrap(ua - ub);
    case Ir::Mul:
      return wrap(ua * ub);
    case Ir::And:
      return wrap(ua & ub);
    case Ir::Or:
      return wrap(ua | ub);
    case Ir::Xor:
      return wrap(ua ^ ub);
    case Ir::Shl:
      return wrap(ua << (b & 63));
    case Ir::Sar:
      *out = a >> (b & 63);
      return true;
    case Ir::FloorDiv:
      *out = a / b - (a % b != 0 && (a < 0) != (b < 0));
      return true;
    case Ir::FloorMod:
      *out = a % b;
      if (*out != 0 && (*out < 0) != (b < 0)) *out += b;
      return true;
    default:
      __builtin_unreachable();
  }
}
constexpr bool is_int_binary(Ir op) { return op >= Ir::AddOv && op <= Ir::FloorMod; }

inline double evaluate_float(Ir op, double a, double b) {
  switch (op) {
    case Ir::AddF:
      return a + b;
    case Ir::SubF:
      return a - b;
    case Ir::MulF:
      return a * b;
    case Ir::DivF:
      return a / b;
    case Ir::NegF:
      return -a;
    case Ir::AbsF:
      return std::fabs(a);
    case Ir::SqrtF:
      return std::sqrt(a);
    default:
      __builtin_unreachable();
  }
}
constexpr bool is_float_arith(Ir op) { return op >= Ir::AddF && op <= Ir::SqrtF; }

// `ua`, `ub`: what the unsigned conditions compare; for doubles the same values again.
template <class T, class U>
bool evaluate_as(Cond c, T a, T b, U ua, U ub) {
  switch (c) {
    case Cond::lt:
      return a < b;
    case Cond::le:
      return a <= b;
    case Cond::eq:
      return a == b;
    case Cond::ne:
      return a != b;
    case Cond::gt:
      return a > b;
    case Cond::ge:
      return a >= b;
    case Cond::ult:
      return ua < ub;
    case Cond::ule:
      return ua <= ub;
    case Cond::ugt:
      return ua > ub;
    case Cond::uge:
      return ua >= ub;
    case Cond::nlt:
      return !(a < b);
    case Cond::nle:
      return !(a <= b);
    case Cond::ngt:
      return !(a > b);
    case Cond::nge:
      return !(a >= b);
  }
  __builtin_unreachable();
}
inline bool evaluate(Cond c, int64_t a, int64_t b) {
  return evaluate_as(c, a, b, static_cast<Word>(a), static_cast<Word>(b));
}
inline bool evaluate(Cond c, double a, double b) { return evaluate_as(c, a, b, a, b); }

// FloatToInt: false when NaN or out of range (-2**63 counts as out: machine code cannot tell it).
inline bool truncate(double d, int64_t* out) {
  if (!(d > -9223372036854775808.0 && d < 9223372036854775808.0)) return false;
  *out = static_cast<int64_t>(d);
  return true;
}

}  // namespace pystm::jit
