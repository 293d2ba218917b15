// Numbers: making, unwrapping and the fast arithmetic of ints and floats. Integers of any size are
// tagged words or BigInts (normalised: a BigInt never fits 63 bits).
#pragma once

#include <string>
#include <string_view>

#include "vm/object/shape.h"
#include "vm/runtime/context.h"

namespace pystm::vm {

// --- making --------------------------------------------------------------------------------------
Value make_int(Context& cx, int64_t i);
Value make_uint(Context& cx, uint64_t i);
Value make_float(Context& cx, double d);
Value make_complex(Context& cx, double real, double imag);
Result<Value> make_bigint(Context& cx, const uint64_t* limbs, size_t n,
                          bool negative);  // normalises
Result<Value> int_from_text(Context& cx, std::string_view digits,
                            int base);                 // digits only, optional '-'
Result<Value> int_from_double(Context& cx, double d);  // truncates; OverflowError, ValueError

// --- reading -------------------------------------------------------------------------------------
// The exact int (tagged or BigInt) of an int, bool or int subclass instance. REQUIRES is_int(v).
inline Value exact_int(Value v) {
  if (v.is_int()) return v;
  if (is_bool(v)) return Value::of_int(v == kTrue);
  return unwrap_derived(v);
}
double float_value(Value v);  // REQUIRES is_float(v)
// An int's value if it fits, else false. REQUIRES is_int(v).
bool to_int64(Value v, int64_t* out);
// Limbs view of any exact int; `scratch` holds the limb of a small one.
struct IntView {
  const uint64_t* limbs;
  size_t size;
  bool negative;
};
IntView int_view(Value exact, uint64_t* scratch);
int int_sign(Value exact);  // -1, 0, 1
double int_to_double(Value exact, bool* overflow);

// --- arithmetic on exact ints and floats: what int.__add__ and the interpreter's slow path use ---
enum class BinaryOp : uint8_t {
  kAdd,
  kSub,
  kMul,
  kMatMul,
  kTrueDiv,
  kFloorDiv,
  kMod,
  kPow,
  kLShift,
  kRShift,
  kAnd,
  kOr,
  kXor,
  kDivMod,
};
enum class CompareOp : uint8_t { kLt, kLe, kEq, kNe, kGt, kGe };
// x op y, of machine numbers.
template <class T>
PYSTM_INLINE bool holds(CompareOp op, T x, T y) {
  switch (op) {
    case CompareOp::kLt:
      return x < y;
    case CompareOp::kLe:
      return x <= y;
    case CompareOp::kEq:
      return x == y;
    case CompareOp::kNe:
      return x != y;
    case CompareOp::kGt:
      return x > y;
    case CompareOp::kGe:
      return x >= y;
  }
  __builtin_unreachable();
}
Result<Value> int_binary(Context& cx, BinaryOp op, Value a, Value b);  // both exact ints
Result<Value> float_binary(Context& cx, BinaryOp op, double a, double b);
int int_compare(Value a, Value b);                                // exact ints
bool int_float_compare(CompareOp op, Value exact_int, double d);  // mixed, exact
Result<Value> int_to_str(Context& cx, Value exact, int base = 10, bool prefix = false);
std::string float_repr(double d);

// --- hashes --------------------------------------------------------------------------------------
int64_t int_hash(Value exact);
int64_t float_hash(double d, Value object);

}  // namespace pystm::vm
