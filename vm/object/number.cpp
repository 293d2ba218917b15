// Numbers: the exact arithmetic of int and float on Values; the limbs work is in vm/number.
#include "vm/object/number.h"

#include <cmath>
#include <iterator>
#include <optional>

#include "vm/hash/mix.h"
#include "vm/number/bigint.h"
#include "vm/number/float_format.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/memory.h"
#include "vm/runtime/native.h"

namespace pystm::vm {

using number::BigBuffer;
using number::BigView;

namespace {

struct Limb {
  uint64_t word = 0;
};

BigView view_of(Value exact, Limb* scratch) {
  const IntView v = int_view(exact, &scratch->word);
  return {v.limbs, static_cast<mp_size_t>(v.size), v.negative};
}

Result<Value> from_buffer(Context& cx, const BigBuffer& b) {
  return make_bigint(cx, b.limbs(), static_cast<size_t>(b.size()), b.negative());
}

Error zero_division(Context& cx, const char* text) {
  return raise(cx, kZeroDivisionError, "%s", text);
}

// --- ints of at most 127 bits, on machine words -------------------------------------------------
// Hashes, checksums, money in cents times rates: one or two limbs, where setting up buffers for
// the multi-precision kernels costs more than the arithmetic.

__extension__ using Int128 = __int128;
__extension__ using UInt128 = unsigned __int128;

UInt128 magnitude_of(Int128 i) {
  return i < 0 ? UInt128{0} - static_cast<UInt128>(i) : static_cast<UInt128>(i);
}

// The value of an exact int whose magnitude is below 2**127, else nothing.
std::optional<Int128> to_int128(Value exact) {
  if (exact.is_int()) return exact.as_int();
  uint64_t scratch;
  const IntView v = int_view(exact, &scratch);
  if (v.size > 2 || (v.size == 2 && v.limbs[1] >> 63)) return {};
  UInt128 magnitude = v.limbs[0];
  if (v.size == 2) magnitude |= static_cast<UInt128>(v.limbs[1]) << 64;
  const Int128 i = static_cast<Int128>(magnitude);
  return v.negative ? -i : i;
}

Result<Value> from_int128(Context& cx, Int128 i) {
  const auto low = static_cast<int64_t>(i);
  if (low == i && Value::fits_int(low)) return Value::of_int(low);
  const UInt128 magnitude = magnitude_of(i);
  const uint64_t limbs[] = {static_cast<uint64_t>(magnitude),
                            static_cast<uint64_t>(magnitude >> 64)};
  return make_bigint(cx, limbs, limbs[1] ? 2 : 1, i < 0);
}

struct Divided {
  Int128 quotient, remainder;
};
// Rounds down. REQUIRES y != 0 and x above the least Int128.
Divided floor_divide(Int128 x, Int128 y) {
  Divided d;
  const auto nx = static_cast<int64_t>(x), ny = static_cast<int64_t>(y);
  if (nx == x && ny == y && ny != -1)
    d = {nx / ny, nx % ny};
  else
    d = {x / y, x % y};
  if (d.remainder != 0 && (d.remainder < 0) != (y < 0)) {
    --d.quotient;
    d.remainder += y;
  }
  return d;
}

// x op y where it has at most 127 bits; nothing for other results, operators and for errors.
std::optional<Int128> word_binary(BinaryOp op, Int128 x, Int128 y) {
  Int128 r;
  switch (op) {
    case BinaryOp::kAdd:
      if (__builtin_add_overflow(x, y, &r)) return {};
      return r;
    case BinaryOp::kSub:
      if (__builtin_sub_overflow(x, y, &r)) return {};
      return r;
    case BinaryOp::kMul:
      if (__builtin_mul_overflow(x, y, &r)) return {};
      return r;
    case BinaryOp::kFloorDiv:
      if (y == 0) return {};
      return floor_divide(x, y).quotient;
    case BinaryOp::kMod:
      if (y == 0) return {};
      return floor_divide(x, y).remainder;
    case BinaryOp::kAnd:
      return x & y;
    case BinaryOp::kOr:
      return x | y;
    case BinaryOp::kXor:
      return x ^ y;
    case BinaryOp::kLShift:
      if (y < 0 || y > 126) return {};
      r = static_cast<Int128>(static_cast<UInt128>(x) << y);
      if ((r >> y) != x) return {};
      return r;
    case BinaryOp::kRShift:
      if (y < 0) return {};
      return x >> (y > 127 ? 127 : static_cast<int>(y));
    default:
      return {};
  }
}

// x ** n by squaring, where it has at most 127 bits.
std::optional<Int128> word_power(Int128 x, uint64_t n) {
  for (Int128 r = 1;;) {
    if ((n & 1) && __builtin_mul_overflow(r, x, &r)) return {};
    n >>= 1;
    if (n == 0) return r;
    if (__builtin_mul_overflow(x, x, &x)) return {};
  }
}

// The two-operand work beyond tagged words.
Result<Value> big_binary(Context& cx, BinaryOp op, Value a, Value b) {
  Limb la, lb;
  const BigView x = view_of(a, &la), y = view_of(b, &lb);
  BigBuffer out;
  switch (op) {
    case BinaryOp::kAdd:
      number::add(x, y, out);
      break;
    case BinaryOp::kSub:
      number::sub(x, y, out);
      break;
    case BinaryOp::kMul:
      number::mul(x, y, out);
      break;
    case BinaryOp::kFloorDiv:
      number::floor_divmod(x, y, &out, nullptr);
      break;
    case BinaryOp::kMod:
      number::floor_divmod(x, y, nullptr, &out);
      break;
    case BinaryOp::kAnd:
      number::bit_and(x, y, out);
      break;
    case BinaryOp::kOr:
      number::bit_or(x, y, out);
      break;
    case BinaryOp::kXor:
      number::bit_xor(x, y, out);
      break;
    default:
      CHECK(false);
  }
  return from_buffer(cx, out);
}

Result<Value> int_divmod(Context& cx, Value a, Value b) {
  const auto wa = to_int128(a), wb = to_int128(b);
  if (wa && wb) {
    const Divided d = floor_divide(*wa, *wb);
    Value quotient = TRY(from_int128(cx, d.quotient));
    Value remainder = TRY(from_int128(cx, d.remainder));
    return Value(TRY(new_tuple(cx, {quotient, remainder})));
  }
  Limb la, lb;
  BigBuffer q, r;
  number::floor_divmod(view_of(a, &la), view_of(b, &lb), &q, &r);
  Value quotient = TRY(from_buffer(cx, q));
  Value remainder = TRY(from_buffer(cx, r));
  return Value(TRY(new_tuple(cx, {quotient, remainder})));
}

Result<Value> int_true_divide(Context& cx, Value a, Value b) {
  if (int_sign(b) == 0) return zero_division(cx, "division by zero");
  constexpr int64_t kExact = int64_t{1} << 53;
  if (Value::both_int(a, b)) {
    const int64_t x = a.as_int(), y = b.as_int();
    if (x > -kExact && x < kExact && y > -kExact && y < kExact)
      return make_float(cx, static_cast<double>(x) / static_cast<double>(y));
  }
  Limb la, lb;
  auto d = number::true_divide(view_of(a, &la), view_of(b, &lb));
  if (!d) return raise(cx, kOverflowError, "integer division result too large for a float");
  return make_float(cx, *d);
}

Result<Value> int_power(Context& cx, Value a, Value b) {
  if (int_sign(b) < 0) {
    if (int_sign(a) == 0) return zero_division(cx, "0.0 cannot be raised to a negative power");
    bool overflow = false;
    const double x = int_to_double(a, &overflow), y = int_to_double(b, &overflow);
    if (overflow) return raise(cx, kOverflowError, "int too large to convert to float");
    return float_binary(cx, BinaryOp::kPow, x, y);
  }
  if (!b.is_int()) {
    if (a.is_int() && a.as_int() >= -1 && a.as_int() <= 1)
      return a.as_int() == -1 && !(b.as<BigInt>()->limbs()[0] & 1) ? Value::of_int(1) : a;
    return raise_no_memory(cx);
  }
  if (const auto x = to_int128(a))
    if (const auto r = word_power(*x, static_cast<uint64_t>(b.as_int())))
      return from_int128(cx, *r);
  Limb la;
  BigBuffer out;
  if (!number::pow(view_of(a, &la), static_cast<uint64_t>(b.as_int()), out))
    return raise_no_memory(cx);
  return from_buffer(cx, out);
}

Result<Value> int_shift(Context& cx, BinaryOp op, Value a, Value b) {
  if (int_sign(b) < 0) return raise(cx, kValueError, "negative shift count");
  if (op == BinaryOp::kLShift) {
    if (int_sign(a) == 0) return Value::of_int(0);
    int64_t n;
    if (!to_int64(b, &n)) return raise(cx, kOverflowError, "too many digits in integer");
    if (a.is_int() && n < 62) {
      const int64_t x = a.as_int();
      const int64_t y = static_cast<int64_t>(static_cast<uint64_t>(x) << n);
      if ((y >> n) == x && Value::fits_int(y)) return Value::of_int(y);
    }
    if (n > int64_t{1} << 37) return raise_no_memory(cx);
    Limb la;
    BigBuffer out;
    number::shift_left(view_of(a, &la), static_cast<uint64_t>(n), out);
    return from_buffer(cx, out);
  }
  if (!b.is_int()) return Value::of_int(int_sign(a) < 0 ? -1 : 0);
  if (a.is_int()) return Value::of_int(a.as_int() >> std::min<int64_t>(b.as_int(), 62));
  Limb la;
  BigBuffer out;
  number::shift_right(view_of(a, &la), static_cast<uint64_t>(b.as_int()), out);
  return from_buffer(cx, out);
}

// Tagged operands of the common operators; unset when the result or an operand needs more.
Value small_binary(BinaryOp op, int64_t x, int64_t y) {
  int64_t r;
  switch (op) {
    case BinaryOp::kAdd:
      r = x + y;
      break;
    case BinaryOp::kSub:
      r = x - y;
      break;
    case BinaryOp::kMul:
      if (__builtin_mul_overflow(x, y, &r)) return Value();
      break;
    case BinaryOp::kFloorDiv:
      if (y == 0) return Value();
      r = x / y;
      if ((x % y != 0) && ((x < 0) != (y < 0))) --r;
      break;
    case BinaryOp::kMod:
      if (y == 0) return Value();
      r = x % y;
      if (r != 0 && ((r < 0) != (y < 0))) r += y;
      break;
    case BinaryOp::kAnd:
      r = x & y;
      break;
    case BinaryOp::kOr:
      r = x | y;
      break;
    case BinaryOp::kXor:
      r = x ^ y;
      break;
    default:
      return Value();
  }
  return Value::fits_int(r) ? Value::of_int(r) : Value();
}

}  // namespace

Value make_bigint_small(Context& cx, uint64_t magnitude, bool negative) {
  auto* big = static_cast<BigInt*>(gc::allocate(cx, sizeof(BigIntBase) + 8));
  big->flags.store(0, std::memory_order_relaxed);
  big->shape_id = kShapeBigInt;  // NOBARRIER: newborn
  big->length = 1;
  big->limbs()[0] = magnitude;
  if (negative) big->set_flag(kUser0);
  return big;
}

Value make_int(Context& cx, int64_t i) {
  if (PYSTM_LIKELY(Value::fits_int(i))) return Value::of_int(i);
  return make_bigint_small(cx, i < 0 ? 0 - static_cast<uint64_t>(i) : static_cast<uint64_t>(i),
                           i < 0);
}
Value make_uint(Context& cx, uint64_t i) {
  if (i < (uint64_t{1} << 62)) return Value::of_int(static_cast<int64_t>(i));
  return make_bigint_small(cx, i, false);
}

namespace {
gc::Root* zero = nullptr;
gc::Root* negative_zero = nullptr;
Value box_float(Context& cx, double d) {
  auto* box = alloc<FloatBox>(cx, kShapeFloatBox);
  box->value = d;
  return box;
}
}  // namespace

void init_numbers(Context& cx) {
  zero = new gc::Root(box_float(cx, 0.0));
  negative_zero = new gc::Root(box_float(cx, -0.0));
}

Value make_float(Context& cx, double d) {
  if (PYSTM_LIKELY(Value::fits_float(d))) return Value::of_float(d);
  if (d == 0) return std::signbit(d) ? negative_zero->value : zero->value;
  return box_float(cx, d);
}

Value make_complex(Context& cx, double real, double imag) {
  auto* c = alloc<Complex>(cx, kShapeComplex);
  c->real = real;
  c->imag = imag;
  return c;
}

Result<Value> make_bigint(Context& cx, const uint64_t* limbs, size_t n, bool negative) {
  while (n > 0 && limbs[n - 1] == 0) --n;
  if (n == 0) return Value::of_int(0);
  if (n == 1) {
    const uint64_t limit = uint64_t{1} << 62;
    if (limbs[0] < limit) {
      const auto i = static_cast<int64_t>(limbs[0]);
      return Value::of_int(negative ? -i : i);
    }
    if (negative && limbs[0] == limit) return Value::of_int(-static_cast<int64_t>(limit));
  }
  void* memory = TRY(alloc_memory(cx, sizeof(BigIntBase) + 8 * n));
  auto* big = init_object<BigInt>(memory, kShapeBigInt);
  big->length = n;
  for (size_t i = 0; i < n; ++i) big->limbs()[i] = limbs[i];
  if (negative) big->set_flag(kUser0);
  return Value(big);
}

Result<Value> int_from_text(Context& cx, std::string_view digits, int base) {
  BigBuffer out;
  (void)number::parse(digits, base, UINT64_MAX, out);
  return from_buffer(cx, out);
}

Result<Value> int_from_double(Context& cx, double d) {
  if (std::isnan(d)) return raise(cx, kValueError, "cannot convert float NaN to integer");
  if (std::isinf(d)) return raise(cx, kOverflowError, "cannot convert float infinity to integer");
  if (d > -4e18 && d < 4e18) return make_int(cx, static_cast<int64_t>(d));
  BigBuffer out;
  number::from_double(d, out);
  return from_buffer(cx, out);
}

double float_value(Value v) {
  if (v.is_float()) return v.as_float();
  v = unwrap_derived(v);
  return v.is_float() ? v.as_float() : v.as<FloatBox>()->value;
}

IntView int_view(Value exact, uint64_t* scratch) {
  if (exact.is_int()) {
    const int64_t i = exact.as_int();
    *scratch = i < 0 ? 0 - static_cast<uint64_t>(i) : static_cast<uint64_t>(i);
    return {scratch, i != 0 ? size_t{1} : size_t{0}, i < 0};
  }
  auto* big = exact.as<BigInt>();
  return {big->limbs(), big->length, big->negative()};
}

bool to_int64(Value v, int64_t* out) {
  v = exact_int(v);
  if (v.is_int()) {
    *out = v.as_int();
    return true;
  }
  Limb l;
  auto r = number::to_int64(view_of(v, &l));
  if (!r) return false;
  *out = *r;
  return true;
}

int int_sign(Value exact) {
  if (exact.is_int()) return exact.as_int() < 0 ? -1 : exact.as_int() > 0;
  return exact.as<BigInt>()->negative() ? -1 : 1;
}

double int_to_double(Value exact, bool* overflow) {
  if (exact.is_int()) return static_cast<double>(exact.as_int());
  Limb l;
  auto d = number::to_double(view_of(exact, &l));
  if (!d) {
    *overflow = true;
    return 0;
  }
  return *d;
}

Result<Value> int_binary(Context& cx, BinaryOp op, Value a, Value b) {
  if (PYSTM_LIKELY(Value::both_int(a, b))) {
    const Value r = small_binary(op, a.as_int(), b.as_int());
    if (!r.is_unset()) return r;
  }
  const auto x = to_int128(a), y = to_int128(b);
  if (x && y) {
    if (const auto r = word_binary(op, *x, *y)) return from_int128(cx, *r);
  }
  switch (op) {
    case BinaryOp::kFloorDiv:
    case BinaryOp::kDivMod:
      if (int_sign(b) == 0) return zero_division(cx, "integer division or modulo by zero");
      return op == BinaryOp::kDivMod ? int_divmod(cx, a, b) : big_binary(cx, op, a, b);
    case BinaryOp::kMod:
      if (int_sign(b) == 0) return zero_division(cx, "integer modulo by zero");
      return big_binary(cx, op, a, b);
    case BinaryOp::kTrueDiv:
      return int_true_divide(cx, a, b);
    case BinaryOp::kPow:
      return int_power(cx, a, b);
    case BinaryOp::kLShift:
    case BinaryOp::kRShift:
      return int_shift(cx, op, a, b);
    case BinaryOp::kMatMul:
      return kNotImplemented;
    default:
      return big_binary(cx, op, a, b);
  }
}

Result<Value> float_binary(Context& cx, BinaryOp op, double a, double b) {
  switch (op) {
    case BinaryOp::kAdd:
      return make_float(cx, a + b);
    case BinaryOp::kSub:
      return make_float(cx, a - b);
    case BinaryOp::kMul:
      return make_float(cx, a * b);
    case BinaryOp::kTrueDiv:
      if (b == 0) return zero_division(cx, "float division by zero");
      return make_float(cx, a / b);
    case BinaryOp::kFloorDiv:
      if (b == 0) return zero_division(cx, "float floor division by zero");
      return make_float(cx, number::float_floordiv(a, b));
    case BinaryOp::kMod:
      if (b == 0) return zero_division(cx, "float modulo");
      return make_float(cx, number::float_mod(a, b));
    case BinaryOp::kDivMod: {
      if (b == 0) return zero_division(cx, "float divmod()");
      double q, r;
      number::float_divmod(a, b, &q, &r);
      const Value quotient = make_float(cx, q), remainder = make_float(cx, r);
      return Value(TRY(new_tuple(cx, {quotient, remainder})));
    }
    case BinaryOp::kPow: {
      double out;
      switch (number::float_pow(a, b, &out)) {
        case number::PowStatus::Ok:
          return make_float(cx, out);
        case number::PowStatus::ZeroToNegative:
          return zero_division(cx, "0.0 cannot be raised to a negative power");
        case number::PowStatus::Overflow:
          return raise(cx, kOverflowError, "(34, 'Numerical result out of range')");
        default:
          return kNotImplemented;  // complex result: the caller continues there
      }
    }
    default:
      return kNotImplemented;
  }
}

int int_compare(Value a, Value b) {
  if (Value::both_int(a, b)) return a.as_int() < b.as_int() ? -1 : a.as_int() > b.as_int();
  Limb la, lb;
  return number::compare(view_of(a, &la), view_of(b, &lb));
}

bool int_float_compare(CompareOp op, Value exact, double d) {
  if (std::isnan(d)) return op == CompareOp::kNe;
  Limb l;
  const int c = std::isinf(d) ? (d > 0 ? -1 : 1) : number::compare_double(view_of(exact, &l), d);
  return holds(op, c, 0);
}

Result<Value> int_to_str(Context& cx, Value exact, int base, bool prefix) {
  if (const auto x = base == 10 ? to_int128(exact) : std::nullopt) {
    char digits[40];
    char* at = std::end(digits);
    UInt128 rest = magnitude_of(*x);
    for (; rest >> 64; rest /= 10) *--at = static_cast<char>('0' + static_cast<int>(rest % 10));
    auto word = static_cast<uint64_t>(rest);
    do *--at = static_cast<char>('0' + word % 10);
    while (word /= 10);
    if (*x < 0) *--at = '-';
    return Value(TRY(new_str(cx, {at, static_cast<size_t>(std::end(digits) - at)})));
  }
  Limb l;
  const BigView v = view_of(exact, &l);
  std::string text = number::to_string(v.abs(), base);
  if (prefix) text = (base == 16 ? "0x" : base == 8 ? "0o" : base == 2 ? "0b" : "") + text;
  if (v.negative) text = "-" + text;
  return Value(TRY(new_str(cx, text)));
}

std::string float_repr(double d) { return number::float_repr(d); }

int64_t int_hash(Value exact) {
  if (exact.is_int()) return hash::hash_int64(exact.as_int());
  Limb l;
  return number::hash(view_of(exact, &l));
}

int64_t float_hash(double d, Value object) {
  if (std::isnan(d))
    return static_cast<int64_t>(object.is_object() ? gc::identity_hash(object.object()) : 0);
  return number::float_hash(d);
}

}  // namespace pystm::vm
