// int: conversion from text and bytes, arithmetic with anything that is an int, and the methods.
#include "vm/object/sequence.h"
#include "vm/types/define.h"
#include "vm/types/number_types.h"

namespace pystm::vm {

Result<Value> make_bigint(Context& cx, const number::BigBuffer& b) {
  return make_bigint(cx, b.limbs(), static_cast<size_t>(b.size()), b.negative());
}

Result<void> check_decimal_digits(Context& cx, Value exact) {
  if (PYSTM_LIKELY(exact.is_int())) return {};
  const int64_t limit = runtime().int_max_str_digits.load(std::memory_order_relaxed);
  if (limit <= 0) return {};
  BigScratch scratch;
  const number::BigView v = big_view(exact, &scratch);
  const uint64_t least = number::decimal_digits_at_least(v);
  if (least < static_cast<uint64_t>(limit)) return {};
  if (least == static_cast<uint64_t>(limit) &&
      number::to_string(v.abs()).size() <= static_cast<size_t>(limit))
    return {};
  return raise(cx, kValueError,
               "Exceeds the limit (%lld digits) for integer string conversion; use "
               "sys.set_int_max_str_digits() to "
               "increase the limit",
               static_cast<long long>(limit));
}

Result<Value> percent_integer(Context& cx, Value v, char32_t conversion) {
  Value i;
  if (is_int(v)) {
    i = exact_int(v);
  } else {
    const bool whole = conversion == 'o' || conversion == 'x' || conversion == 'X';
    const bool number = is_float(v) || has_index(v) || !lookup_dunder(v, Dunder::kInt).is_unset() ||
                        !lookup_dunder(v, Dunder::kFloat).is_unset();
    auto r = !number || is_complex(v) || (whole && !has_index(v)) ? Result<Value>(Value())
             : whole                                              ? to_index(cx, v)
                                                                  : to_int(cx, v);
    if (r.is_error()) {
      if (!pending_is(cx, kTypeError)) return Error{};
      clear_exception(cx);
      r = Value();
    }
    if (r.value().is_unset())
      return raise(cx, kTypeError, "%%%c format: %s is required, not %s",
                   static_cast<int>(conversion), whole ? "an integer" : "a real number",
                   TYPE_NAME(v));
    i = r.value();
  }
  if (conversion == 'd' || conversion == 'i' || conversion == 'u') TRY(check_decimal_digits(cx, i));
  return i;
}

namespace int_methods {
namespace {

Result<Value> finish(Context& cx, Type* type, Value exact) {
  return type == types().int_ ? exact : new_derived(cx, type, exact);
}

Error invalid_literal(Context& cx, int base, Value shown) {
  const Value text = shown;
  auto r = repr(cx, text);
  if (r.is_error()) return Error{};
  return raise(cx, kValueError, "invalid literal for int() with base %d: %s", base,
               to_utf8(cx, r.value()).c_str());
}

// `shown` is what the message prints.
Result<Value> parse(Context& cx, std::string_view ascii, int base, Value shown) {
  number::BigBuffer out;
  const int64_t limit = runtime().int_max_str_digits.load(std::memory_order_relaxed);
  const auto r = number::parse(ascii, base, limit <= 0 ? 0 : static_cast<uint64_t>(limit), out);
  switch (r.status) {
    case number::ParseStatus::Ok:
      return make_bigint(cx, out);
    case number::ParseStatus::Invalid:
      return invalid_literal(cx, base, shown);
    case number::ParseStatus::TooManyDigits:
      return raise(cx, kValueError,
                   "Exceeds the limit (%lld digits) for integer string conversion: value has %llu "
                   "digits; use "
                   "sys.set_int_max_str_digits() to increase the limit",
                   static_cast<long long>(limit), static_cast<unsigned long long>(r.digits));
  }
  __builtin_unreachable();
}

// str and bytes-like text; unset for other objects.
Result<Value> from_text(Context& cx, Value v, int base, bool any_buffer) {
  if (is_str(v)) {
    Str* s = TRY(flatten(cx, v));
    if (is_ascii(s))
      return parse(cx, {reinterpret_cast<const char*>(s->latin1()), s->length}, base, s);
    return parse(cx, number::to_ascii_number(view_of(s)), base, s);
  }
  if (is_bytes(v) || is_bytearray(v) || (any_buffer && is_bytes_like(v))) {
    Buffer buffer;
    TRY(get_buffer(cx, v, &buffer));
    const Value shown = TRY(new_bytes(cx, buffer.data, buffer.size));
    return parse(cx, buffer.view(), base, shown);
  }
  return Value();
}

Result<Value> make(Context& cx, Value cls, Opt x, Opt base) {
  Type* type = TRY(type_argument(cx, cls, types().int_));
  if (type == types().bool_)
    return raise(cx, kTypeError, "int.__new__(bool) is not safe, use bool.__new__()");
  if (!x.given()) {
    if (base.given()) return raise(cx, kTypeError, "int() missing string argument");
    return finish(cx, type, Value::of_int(0));
  }
  if (base.given()) {
    const int64_t b = TRY(to_index_clamped(cx, base.value));
    if ((b != 0 && b < 2) || b > 36)
      return raise(cx, kValueError, "int() base must be >= 2 and <= 36, or 0");
    if (!is_str(x.value) && !is_bytes(x.value) && !is_bytearray(x.value))
      return raise(cx, kTypeError, "int() can't convert non-string with explicit base");
    return finish(cx, type, TRY(from_text(cx, x.value, static_cast<int>(b), false)));
  }
  if (x.value.is_int()) return finish(cx, type, x.value);
  const bool number = is_int(x.value) || is_float(x.value) ||
                      !lookup_dunder(x.value, Dunder::kInt).is_unset() ||
                      !lookup_dunder(x.value, Dunder::kIndex).is_unset() ||
                      !lookup_dunder(x.value, Dunder::kTrunc).is_unset();
  if (has_kind(x.value, Kind::kDerived) && is_int(x.value)) {
    // A subclass may say itself what int() of it is.
    const Value r = TRY(call_special(cx, x.value, Dunder::kInt, {}));
    if (!is_int(r))
      return raise(cx, kTypeError, "__int__ returned non-int (type %s)", TYPE_NAME(r));
    return finish(cx, type, exact_int(r));
  }
  if (!number) {
    const Value v = TRY(from_text(cx, x.value, 10, true));
    if (!v.is_unset()) return finish(cx, type, v);
  }
  return finish(cx, type, TRY(to_int(cx, x.value)));
}

// --- arithmetic ----------------------------------------------------------------------------------

template <BinaryOp Op>
Result<Value> forward(Context& cx, IntSelf self, Value other) {
  if (!is_int(other)) return kNotImplemented;
  return int_binary(cx, Op, self.v, exact_int(other));
}
template <BinaryOp Op>
Result<Value> reflected(Context& cx, IntSelf self, Value other) {
  if (!is_int(other)) return kNotImplemented;
  return int_binary(cx, Op, exact_int(other), self.v);
}

Result<Value> power_modulo(Context& cx, Value base, Value exponent, Value modulus) {
  BigScratch a, b, c;
  number::BigBuffer out;
  switch (number::powmod(big_view(base, &a), big_view(exponent, &b), big_view(modulus, &c), out)) {
    case number::PowmodStatus::Ok:
      return make_bigint(cx, out);
    case number::PowmodStatus::ZeroModulus:
      return raise(cx, kValueError, "pow() 3rd argument cannot be 0");
    case number::PowmodStatus::NotInvertible:
      return raise(cx, kValueError, "base is not invertible for the given modulus");
  }
  __builtin_unreachable();
}

Result<Value> power(Context& cx, IntSelf self, Value exponent, Value modulus) {
  if (!is_int(exponent)) {
    if (modulus != kNone && is_float(exponent))
      return raise(cx, kTypeError,
                   "pow() 3rd argument not allowed unless all arguments are integers");
    return kNotImplemented;
  }
  if (modulus == kNone) return int_binary(cx, BinaryOp::kPow, self.v, exact_int(exponent));
  if (is_float(modulus))
    return raise(cx, kTypeError,
                 "pow() 3rd argument not allowed unless all arguments are integers");
  if (!is_int(modulus)) return kNotImplemented;
  return power_modulo(cx, self.v, exact_int(exponent), exact_int(modulus));
}
Result<Value> rpower(Context& cx, IntSelf self, Value base, Value modulus) {
  if (!is_int(base)) return kNotImplemented;
  if (modulus == kNone) return int_binary(cx, BinaryOp::kPow, exact_int(base), self.v);
  if (!is_int(modulus)) return kNotImplemented;
  return power_modulo(cx, exact_int(base), self.v, exact_int(modulus));
}

template <CompareOp Op>
Result<Value> rich_compare(Context&, IntSelf self, Value other) {
  if (!is_int(other)) return kNotImplemented;
  return of_bool(holds(Op, int_compare(self.v, exact_int(other)), 0));
}

Result<Value> negative(Context& cx, IntSelf self) {
  return int_binary(cx, BinaryOp::kSub, Value::of_int(0), self.v);
}
Result<Value> positive(Context&, IntSelf self) { return self.v; }
Result<Value> absolute(Context& cx, IntSelf self) {
  return int_sign(self.v) < 0 ? int_binary(cx, BinaryOp::kSub, Value::of_int(0), self.v)
                              : Result<Value>(self.v);
}
Result<Value> invert(Context& cx, IntSelf self) {
  const Value negated = TRY(negative(cx, self));
  return int_binary(cx, BinaryOp::kSub, negated, Value::of_int(1));
}
Result<bool> is_true(Context&, IntSelf self) { return int_sign(self.v) != 0; }
Result<Value> to_self(Context&, IntSelf self) { return self.v; }
Result<Value> trunc(Context&, IntSelf self) { return self.v; }
Result<Value> floor(Context&, IntSelf self) { return self.v; }
Result<Value> ceil(Context&, IntSelf self) { return self.v; }
Result<Value> index(Context&, IntSelf self) { return self.v; }
Result<Value> conjugate(Context&, IntSelf self) { return self.v; }
Result<double> to_float(Context& cx, IntSelf self) { return to_double(cx, self.v); }
Result<int64_t> hash_of(Context&, IntSelf self) { return int_hash(self.v); }

Result<Value> to_repr(Context& cx, IntSelf self) {
  TRY(check_decimal_digits(cx, self.v));
  return int_to_str(cx, self.v);
}

Result<Value> round(Context& cx, IntSelf self, Opt ndigits) {
  if (!ndigits.given()) return self.v;
  const Value n = TRY(to_index(cx, ndigits.value));
  if (int_sign(n) >= 0) return self.v;
  if (!n.is_int()) return Value::of_int(0);
  const auto digits = static_cast<uint64_t>(-n.as_int());
  BigScratch scratch;
  const number::BigView v = big_view(self.v, &scratch);
  // 10 ** digits far above twice the value: nothing is left.
  if (digits > number::bit_length(v) / 3 + 2) return Value::of_int(0);
  number::BigBuffer out;
  number::round_to_power_of_ten(v, digits, out);
  return make_bigint(cx, out);
}

Result<Value> dunder_format(Context& cx, IntSelf self, Str* spec) {
  if (spec->length == 0) return vm::str(cx, self.object);
  BigScratch scratch;
  text::TextBuilder out;
  const char32_t last = char_at(spec, spec->length - 1);
  if (last != 'x' && last != 'X' && last != 'o' && last != 'b' && last != 'c')
    TRY(check_decimal_digits(cx, self.v));
  const std::string name = type_name(self.object);
  if (const auto e = text::format_int(big_view(self.v, &scratch), view_of(spec), out, {}, name))
    return raise_format_error(cx, e);
  return Value(TRY(finish_text(cx, out)));
}

// --- methods -------------------------------------------------------------------------------------

Result<int64_t> bit_length(Context&, IntSelf self) {
  BigScratch scratch;
  return static_cast<int64_t>(number::bit_length(big_view(self.v, &scratch)));
}
Result<int64_t> bit_count(Context&, IntSelf self) {
  BigScratch scratch;
  return static_cast<int64_t>(number::bit_count(big_view(self.v, &scratch)));
}
Result<Value> as_integer_ratio(Context& cx, IntSelf self) {
  return tuple_of(cx, {self.v, Value::of_int(1)});
}
Result<Value> getnewargs(Context& cx, IntSelf self) { return tuple_of(cx, {self.v}); }

Result<number::ByteOrder> byte_order(Context& cx, Str* name) {
  if (str_equals(name, "little")) return number::ByteOrder::Little;
  if (str_equals(name, "big")) return number::ByteOrder::Big;
  return raise(cx, kValueError, "byteorder must be either 'little' or 'big'");
}

Result<Value> to_bytes(Context& cx, IntSelf self, int64_t length, Str* byteorder, bool is_signed) {
  const number::ByteOrder order = TRY(byte_order(cx, byteorder));
  if (length < 0) return raise(cx, kValueError, "length argument must be non-negative");
  Bytes* out = TRY(alloc_bytes(cx, static_cast<size_t>(length)));
  BigScratch scratch;
  switch (
      number::to_bytes(big_view(self.v, &scratch), {out->data(), out->length}, order, is_signed)) {
    case number::ToBytesStatus::Ok:
      return Value(out);
    case number::ToBytesStatus::TooBig:
      return raise(cx, kOverflowError, "int too big to convert");
    case number::ToBytesStatus::NegativeUnsigned:
      return raise(cx, kOverflowError, "can't convert negative int to unsigned");
  }
  __builtin_unreachable();
}

Result<Value> from_bytes(Context& cx, Type* cls, Value source, Str* byteorder, bool is_signed) {
  const number::ByteOrder order = TRY(byte_order(cx, byteorder));
  Value bytes = source;
  if (!is_bytes_like(source)) {
    if (is_str(source) || is_int(source) ||
        (lookup_dunder(source, Dunder::kBytes).is_unset() &&
         lookup_dunder(source, Dunder::kIter).is_unset() &&
         lookup_dunder(source, Dunder::kGetItem).is_unset()))
      return raise(cx, kTypeError, "cannot convert '%s' object to bytes", TYPE_NAME(source));
    bytes = TRY(call(cx, types().bytes, {source}));
  }
  Buffer buffer;
  TRY(get_buffer(cx, bytes, &buffer));
  number::BigBuffer out;
  number::from_bytes({buffer.data, buffer.size}, order, is_signed, out);
  const Value v = TRY(make_bigint(cx, out));
  return cls == types().int_ ? Result<Value>(v) : call(cx, cls, {v});
}

Result<Value> size_of(Context&, IntSelf self) {
  BigScratch scratch;
  const uint64_t bits = number::bit_length(big_view(self.v, &scratch));
  return Value::of_int(24 + 4 * static_cast<int64_t>(bits == 0 ? 1 : (bits + 29) / 30));
}

constexpr BuiltinDef kMethods[] = {
    static_method<&make>("__new__", "($type, x=unset, /, base=unset)"),
    method<&to_repr>("__repr__", "($self, /)", Effects::kPure),
    method<&hash_of>("__hash__", "($self, /)", Effects::kPure),
    COMPARE_ROWS(rich_compare, Effects::kPure),
    method<&forward<BinaryOp::kAdd>>("__add__", "($self, value, /)", Effects::kPure),
    method<&reflected<BinaryOp::kAdd>>("__radd__", "($self, value, /)", Effects::kPure),
    method<&forward<BinaryOp::kSub>>("__sub__", "($self, value, /)", Effects::kPure),
    method<&reflected<BinaryOp::kSub>>("__rsub__", "($self, value, /)", Effects::kPure),
    method<&forward<BinaryOp::kMul>>("__mul__", "($self, value, /)", Effects::kPure),
    method<&reflected<BinaryOp::kMul>>("__rmul__", "($self, value, /)", Effects::kPure),
    method<&forward<BinaryOp::kMod>>("__mod__", "($self, value, /)", Effects::kPure),
    method<&reflected<BinaryOp::kMod>>("__rmod__", "($self, value, /)", Effects::kPure),
    method<&forward<BinaryOp::kDivMod>>("__divmod__", "($self, value, /)", Effects::kPure),
    method<&reflected<BinaryOp::kDivMod>>("__rdivmod__", "($self, value, /)", Effects::kPure),
    method<&power>("__pow__", "($self, value, mod=None, /)", Effects::kPure),
    method<&rpower>("__rpow__", "($self, value, mod=None, /)", Effects::kPure),
    method<&negative>("__neg__", "($self, /)", Effects::kPure),
    method<&positive>("__pos__", "($self, /)", Effects::kPure),
    method<&absolute>("__abs__", "($self, /)", Effects::kPure),
    method<&is_true>("__bool__", "($self, /)", Effects::kPure),
    method<&invert>("__invert__", "($self, /)", Effects::kPure),
    method<&forward<BinaryOp::kLShift>>("__lshift__", "($self, value, /)", Effects::kPure),
    method<&reflected<BinaryOp::kLShift>>("__rlshift__", "($self, value, /)", Effects::kPure),
    method<&forward<BinaryOp::kRShift>>("__rshift__", "($self, value, /)", Effects::kPure),
    method<&reflected<BinaryOp::kRShift>>("__rrshift__", "($self, value, /)", Effects::kPure),
    method<&forward<BinaryOp::kAnd>>("__and__", "($self, value, /)", Effects::kPure),
    method<&reflected<BinaryOp::kAnd>>("__rand__", "($self, value, /)", Effects::kPure),
    method<&forward<BinaryOp::kXor>>("__xor__", "($self, value, /)", Effects::kPure),
    method<&reflected<BinaryOp::kXor>>("__rxor__", "($self, value, /)", Effects::kPure),
    method<&forward<BinaryOp::kOr>>("__or__", "($self, value, /)", Effects::kPure),
    method<&reflected<BinaryOp::kOr>>("__ror__", "($self, value, /)", Effects::kPure),
    method<&to_self>("__int__", "($self, /)", Effects::kPure),
    method<&to_float>("__float__", "($self, /)", Effects::kPure),
    method<&forward<BinaryOp::kFloorDiv>>("__floordiv__", "($self, value, /)", Effects::kPure),
    method<&reflected<BinaryOp::kFloorDiv>>("__rfloordiv__", "($self, value, /)", Effects::kPure),
    method<&forward<BinaryOp::kTrueDiv>>("__truediv__", "($self, value, /)", Effects::kPure),
    method<&reflected<BinaryOp::kTrueDiv>>("__rtruediv__", "($self, value, /)", Effects::kPure),
    method<&index>("__index__", "($self, /)", Effects::kPure),
    method<&trunc>("__trunc__", "($self, /)", Effects::kPure),
    method<&floor>("__floor__", "($self, /)", Effects::kPure),
    method<&ceil>("__ceil__", "($self, /)", Effects::kPure),
    method<&round>("__round__", "($self, ndigits=unset, /)"),
    method<&getnewargs>("__getnewargs__", "($self, /)", Effects::kPure),
    method<&dunder_format>("__format__", "($self, format_spec, /)"),
    method<&size_of>("__sizeof__", "($self, /)", Effects::kPure),
    method<&conjugate>("conjugate", "($self, /)", Effects::kPure),
    method<&bit_length>("bit_length", "($self, /)", Effects::kPure),
    method<&bit_count>("bit_count", "($self, /)", Effects::kPure),
    method<&to_bytes>("to_bytes", "($self, /, length=1, byteorder='big', *, signed=False)"),
    class_method<&from_bytes>("from_bytes", "($type, /, bytes, byteorder='big', *, signed=False)"),
    method<&as_integer_ratio>("as_integer_ratio", "($self, /)", Effects::kPure),
};

Result<Value> get_self(Context&, Value self) { return exact_int(self); }
Result<Value> get_zero(Context&, Value) { return Value::of_int(0); }
Result<Value> get_one(Context&, Value) { return Value::of_int(1); }
constexpr GetSetDef kGetSets[] = {
    {"real", &get_self, nullptr, "the real part of a complex number"},
    {"imag", &get_zero, nullptr, "the imaginary part of a complex number"},
    {"numerator", &get_self, nullptr, "the numerator of a rational number in lowest terms"},
    {"denominator", &get_one, nullptr, "the denominator of a rational number in lowest terms"}};

// --- bool ----------------------------------------------------------------------------------------

Result<Value> make_bool(Context& cx, Value cls, Opt x) {
  (void)TRY(type_argument(cx, cls, types().bool_));
  return of_bool(x.given() && TRY(truth(cx, x.value)));
}
Result<Value> bool_repr(Context& cx, Value self) {
  return Value(intern(cx, self == kTrue ? "True" : "False"));
}

template <BinaryOp Op>
Result<Value> logic(Context& cx, IntSelf self, Value other) {
  if (!is_int(other)) return kNotImplemented;
  const Value r = TRY(int_binary(cx, Op, self.v, exact_int(other)));
  return is_bool(other) ? of_bool(r != Value::of_int(0)) : r;
}
template <BinaryOp Op>
Result<Value> rlogic(Context& cx, IntSelf self, Value other) {
  return logic<Op>(cx, self, other);
}

constexpr BuiltinDef kBoolMethods[] = {
    static_method<&make_bool>("__new__", "($type, x=unset, /)"),
    method<&bool_repr>("__repr__", "($self, /)", Effects::kPure),
    method<&logic<BinaryOp::kAnd>>("__and__", "($self, value, /)", Effects::kPure),
    method<&rlogic<BinaryOp::kAnd>>("__rand__", "($self, value, /)", Effects::kPure),
    method<&logic<BinaryOp::kXor>>("__xor__", "($self, value, /)", Effects::kPure),
    method<&rlogic<BinaryOp::kXor>>("__rxor__", "($self, value, /)", Effects::kPure),
    method<&logic<BinaryOp::kOr>>("__or__", "($self, value, /)", Effects::kPure),
    method<&rlogic<BinaryOp::kOr>>("__ror__", "($self, value, /)", Effects::kPure),
};

}  // namespace

void define(Context& cx) {
  static constexpr TypeDef kInt = {
      .name = "int",
      .kind = Kind::kBigInt,
      .slot = &Types::int_,
      .flags = kTypeBaseType | kTypeMatchSelf,
      .methods = kMethods,
      .getsets = kGetSets,
      .doc =
          "int([x]) -> integer\nint(x, base=10) -> integer\n\n"
          "Convert a number or string to an integer, or return 0 if no arguments\n"
          "are given.  If x is a number, return x.__int__().  For floating point\n"
          "numbers, this truncates towards zero.\n\n"
          "If x is not a number or if base is given, then x must be a string,\n"
          "bytes, or bytearray instance representing an integer literal in the\n"
          "given base.  The literal can be preceded by '+' or '-' and be surrounded\n"
          "by whitespace.  The base defaults to 10.  Valid bases are 0 and 2-36.\n"
          "Base 0 means to interpret the base from the string as an integer literal.\n"
          ">>> int('0b100', base=0)\n4"};
  define_type(cx, kInt);
}

void define_bool(Context& cx) {
  static constexpr TypeDef kBool = {
      .name = "bool",
      .kind = Kind::kBigInt,
      .slot = &Types::bool_,
      .base = &Types::int_,
      .flags = kTypeMatchSelf,
      .methods = kBoolMethods,
      .doc =
          "bool(x) -> bool\n\nReturns True when the argument x is true, False otherwise.\n"
          "The builtins True and False are the only two instances of the class bool.\n"
          "The class bool is a subclass of the class int, and cannot be subclassed."};
  define_type(cx, kBool);
}

}  // namespace int_methods

void define_number_types(Context& cx) {
  int_methods::define(cx);
  int_methods::define_bool(cx);
  float_methods::define(cx);
  complex_methods::define(cx);
}

}  // namespace pystm::vm
