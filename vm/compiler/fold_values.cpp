// See fold.h.
#include <cmath>

#include "vm/compiler/codegen.h"
#include "vm/compiler/fold.h"

namespace pystm::vm::compiler {
namespace {

using Value = ConstantValue;

bool integer(int64_t n, Value* out) {
  *out = Value{};
  out->type = Value::kInt;
  out->integer = n;
  return true;
}

bool real(double x, Value* out) {
  *out = Value{};
  out->type = Value::kFloat;
  out->real = x;
  return true;
}

bool fold_int(Operator op, int64_t a, int64_t b, Value* out) {
  int64_t n;
  switch (op) {
    case Operator::Add:
      return !__builtin_add_overflow(a, b, &n) && integer(n, out);
    case Operator::Sub:
      return !__builtin_sub_overflow(a, b, &n) && integer(n, out);
    case Operator::Mult:
      return !__builtin_mul_overflow(a, b, &n) && integer(n, out);
    case Operator::FloorDiv:
    case Operator::Mod: {
      if (b == 0 || (a == INT64_MIN && b == -1)) return false;
      int64_t q = a / b, r = a % b;
      if (r != 0 && (r < 0) != (b < 0)) q--, r += b;
      return integer(op == Operator::Mod ? r : q, out);
    }
    case Operator::Div: {
      constexpr int64_t kExact = int64_t{1} << 53;
      if (b == 0 || std::abs(a) > kExact || std::abs(b) > kExact) return false;
      return real(static_cast<double>(a) / static_cast<double>(b), out);
    }
    case Operator::Pow: {
      if (b < 0 || b > 128) return false;
      n = 1;
      for (int64_t i = 0; i < b; i++)
        if (__builtin_mul_overflow(n, a, &n)) return false;
      return integer(n, out);
    }
    case Operator::LShift:
      if (b < 0 || b > 62 || a < 0 || a > (INT64_MAX >> b)) return false;
      return integer(a << b, out);
    case Operator::RShift:
      return b >= 0 && integer(a >> (b > 63 ? 63 : b), out);
    case Operator::BitAnd:
      return integer(a & b, out);
    case Operator::BitOr:
      return integer(a | b, out);
    case Operator::BitXor:
      return integer(a ^ b, out);
    default:
      return false;
  }
}

bool is_number(const Value& v) {
  return v.type == Value::kInt || v.type == Value::kFloat || v.type == Value::kComplex;
}

// As a float; false if the conversion would round.
bool to_real(const Value& v, double* x) {
  *x = v.type == Value::kInt ? static_cast<double>(v.integer) : v.real;
  return v.type != Value::kInt || std::abs(v.integer) <= (int64_t{1} << 53);
}

bool fold_real(Operator op, double a, double b, Value* out) {
  switch (op) {
    case Operator::Add:
      return real(a + b, out);
    case Operator::Sub:
      return real(a - b, out);
    case Operator::Mult:
      return real(a * b, out);
    case Operator::Div:
      return b != 0 && real(a / b, out);
    default:
      return false;
  }
}

}  // namespace

bool fold_binary_value(Operator op, const Value& a, const Value& b, Value* out) {
  if (!is_number(a) || !is_number(b)) return false;
  if (a.type == Value::kInt && b.type == Value::kInt)
    return fold_int(op, a.integer, b.integer, out);
  double x, y;
  if (!to_real(a, &x) || !to_real(b, &y)) return false;
  if (a.type != Value::kComplex && b.type != Value::kComplex) return fold_real(op, x, y, out);
  if (op != Operator::Add && op != Operator::Sub) return false;
  const double sign = op == Operator::Add ? 1 : -1;
  *out = Value{};
  out->type = Value::kComplex;
  out->real = x + sign * y;
  out->imag = a.imag + sign * b.imag;
  return true;
}

bool fold_unary_value(UnaryOpKind op, const Value& v, Arena& arena, Value* out) {
  if (op == UnaryOpKind::Not) {
    Constant c;
    c.kind = NodeKind::Constant;
    c.value = &v;
    const int truth = constant_truth(c);
    *out = Value{};
    out->type = truth ? Value::kFalse : Value::kTrue;
    return true;
  }
  if (v.type == Value::kBigInt && op == UnaryOpKind::USub) {
    if (v.text == "9223372036854775808" || v.text == "0x8000000000000000")
      return integer(INT64_MIN, out);
    *out = v;
    out->text = v.text.starts_with('-') ? v.text.substr(1) : arena.copy("-" + std::string(v.text));
    return true;
  }
  if (!is_number(v)) return false;
  *out = v;
  switch (op) {
    case UnaryOpKind::UAdd:
      return true;
    case UnaryOpKind::Invert:
      return v.type == Value::kInt && integer(~v.integer, out);
    default:
      if (v.type == Value::kInt) return v.integer != INT64_MIN && integer(-v.integer, out);
      out->real = -v.real;
      out->imag = -v.imag;
      return true;
  }
}

}  // namespace pystm::vm::compiler
