// float: conversion, arithmetic with ints and floats, rounding and exact views.
#include "vm/types/number_types.h"

namespace pystm::vm {

Result<bool> number_as_double(Context& cx, Value v, double* out) {
  if (is_float(v)) {
    *out = float_value(v);
    return true;
  }
  if (!is_int(v)) return false;
  bool overflow = false;
  *out = int_to_double(exact_int(v), &overflow);
  if (overflow) return raise(cx, kOverflowError, "int too large to convert to float");
  return true;
}

namespace float_methods {
namespace {

Result<Value> finish(Context& cx, Type* type, double d) {
  const Value v = make_float(cx, d);
  return type == types().float_ ? v : new_derived(cx, type, v);
}

Result<Value> make(Context& cx, Value cls, Opt x) {
  Type* type = TRY(type_argument(cx, cls, types().float_));
  if (!x.given()) return finish(cx, type, 0.0);
  const Value v = x.value;
  if (is_exact_float(v)) return type == types().float_ ? v : new_derived(cx, type, v);
  std::optional<double> d;
  if (is_str(v)) {
    d = number::parse_float(view_of(TRY(flatten(cx, v))));
  } else if (is_bytes_like(v) && lookup_dunder(v, Dunder::kFloat).is_unset()) {
    Buffer buffer;
    TRY(get_buffer(cx, v, &buffer));
    d = number::parse_float(buffer.view());
  } else {
    if (has_kind(v, Kind::kDerived) && is_float(v)) {  // __float__ may be overridden
      const Value r = TRY(call_special(cx, v, Dunder::kFloat, {}));
      if (!is_float(r))
        return raise(cx, kTypeError, "%s.__float__ returned non-float (type %s)", TYPE_NAME(v),
                     TYPE_NAME(r));
      return finish(cx, type, float_value(r));
    }
    if (!is_int(v) && lookup_dunder(v, Dunder::kFloat).is_unset() &&
        lookup_dunder(v, Dunder::kIndex).is_unset())
      return raise(cx, kTypeError, "float() argument must be a string or a real number, not '%s'",
                   TYPE_NAME(v));
    return finish(cx, type, TRY(to_double(cx, v)));
  }
  if (!d) {
    const Value text = TRY(repr(cx, v));
    return raise(cx, kValueError, "could not convert string to float: %s",
                 to_utf8(cx, text).c_str());
  }
  return finish(cx, type, *d);
}

// --- arithmetic ----------------------------------------------------------------------------------

Result<Value> operate(Context& cx, BinaryOp op, double a, double b) {
  const Value r = TRY(float_binary(cx, op, a, b));
  if (r == kNotImplemented && op == BinaryOp::kPow) return complex_power(cx, {a, 0}, {b, 0});
  return r;
}

template <BinaryOp Op>
Result<Value> forward(Context& cx, FloatSelf self, Value other) {
  double d;
  if (!TRY(number_as_double(cx, other, &d))) return kNotImplemented;
  return operate(cx, Op, self.d, d);
}
template <BinaryOp Op>
Result<Value> reflected(Context& cx, FloatSelf self, Value other) {
  double d;
  if (!TRY(number_as_double(cx, other, &d))) return kNotImplemented;
  return operate(cx, Op, d, self.d);
}

Result<Value> power(Context& cx, FloatSelf self, Value exponent, Value modulus) {
  if (modulus != kNone)
    return raise(cx, kTypeError,
                 "pow() 3rd argument not allowed unless all arguments are integers");
  return forward<BinaryOp::kPow>(cx, self, exponent);
}
Result<Value> rpower(Context& cx, FloatSelf self, Value base, Value modulus) {
  if (modulus != kNone)
    return raise(cx, kTypeError,
                 "pow() 3rd argument not allowed unless all arguments are integers");
  return reflected<BinaryOp::kPow>(cx, self, base);
}

constexpr CompareOp kSwapped[] = {CompareOp::kGt, CompareOp::kGe, CompareOp::kEq,
                                  CompareOp::kNe, CompareOp::kLt, CompareOp::kLe};

template <CompareOp Op>
Result<Value> rich_compare(Context&, FloatSelf self, Value other) {
  if (is_int(other))
    return of_bool(int_float_compare(kSwapped[static_cast<int>(Op)], exact_int(other), self.d));
  if (!is_float(other)) return kNotImplemented;
  return of_bool(holds(Op, self.d, float_value(other)));
}

Result<double> negative(Context&, FloatSelf self) { return -self.d; }
Result<Value> positive(Context& cx, FloatSelf self) { return make_float(cx, self.d); }
Result<double> absolute(Context&, FloatSelf self) { return std::fabs(self.d); }
Result<bool> is_true(Context&, FloatSelf self) { return self.d != 0; }
Result<Value> to_float(Context& cx, FloatSelf self) {
  return is_exact_float(self.object) ? self.object : make_float(cx, self.d);
}
Result<Value> to_integer(Context& cx, FloatSelf self) { return int_from_double(cx, self.d); }
Result<Value> trunc(Context& cx, FloatSelf self) { return int_from_double(cx, self.d); }
Result<Value> floor(Context& cx, FloatSelf self) { return int_from_double(cx, std::floor(self.d)); }
Result<Value> ceil(Context& cx, FloatSelf self) { return int_from_double(cx, std::ceil(self.d)); }
Result<Value> conjugate(Context& cx, FloatSelf self) { return to_float(cx, self); }
Result<int64_t> hash_of(Context&, FloatSelf self) { return float_hash(self.d, self.object); }
Result<Value> to_repr(Context& cx, FloatSelf self) {
  return Value(TRY(new_str(cx, float_repr(self.d))));
}

Result<Value> round(Context& cx, FloatSelf self, Value ndigits) {
  if (ndigits == kNone) {
    if (!std::isfinite(self.d)) return int_from_double(cx, self.d);
    number::BigBuffer out;
    number::float_round_to_int(self.d, out);
    return make_bigint(cx, out);
  }
  const int64_t n = TRY(to_index_clamped(cx, ndigits));
  if (!std::isfinite(self.d)) return make_float(cx, self.d);
  const auto r = number::float_round(self.d, n);
  if (!r) return raise(cx, kOverflowError, "rounded value too large to represent");
  return make_float(cx, *r);
}

Result<Value> dunder_format(Context& cx, FloatSelf self, Str* spec) {
  if (spec->length == 0) return vm::str(cx, self.object);
  text::TextBuilder out;
  const std::string name = type_name(self.object);
  if (const auto e = text::format_float(self.d, view_of(spec), out, {}, name))
    return raise_format_error(cx, e);
  return Value(TRY(finish_text(cx, out)));
}

Result<Value> as_integer_ratio(Context& cx, FloatSelf self) {
  if (std::isinf(self.d))
    return raise(cx, kOverflowError, "cannot convert Infinity to integer ratio");
  if (std::isnan(self.d)) return raise(cx, kValueError, "cannot convert NaN to integer ratio");
  number::BigBuffer n, d;
  number::float_as_integer_ratio(self.d, n, d);
  const Value numerator = TRY(make_bigint(cx, n));
  const Value denominator = TRY(make_bigint(cx, d));
  return tuple_of(cx, {numerator, denominator});
}

Result<Value> fromhex(Context& cx, Type* cls, Str* string) {
  double d = 0;
  const std::string text = to_utf8(string);
  switch (number::float_fromhex(text, &d)) {
    case number::FromHexStatus::Ok:
      break;
    case number::FromHexStatus::Invalid:
      return raise(cx, kValueError, "invalid hexadecimal floating-point string");
    case number::FromHexStatus::Overflow:
      return raise(cx, kOverflowError, "hexadecimal value too large to represent as a float");
  }
  const Value v = make_float(cx, d);
  return cls == types().float_ ? Result<Value>(v) : call(cx, cls, {v});
}

Result<Value> hex(Context& cx, FloatSelf self) {
  return Value(TRY(new_str(cx, number::float_hex(self.d))));
}
Result<bool> is_integer(Context&, FloatSelf self) { return number::float_is_integer(self.d); }
Result<Value> getnewargs(Context& cx, FloatSelf self) {
  return tuple_of(cx, {make_float(cx, self.d)});
}
Result<Value> getformat(Context& cx, Type*, Str* typestr) {
  if (str_equals(typestr, "double") || str_equals(typestr, "float"))
    return Value(intern(cx, "IEEE, little-endian"));
  return raise(cx, kValueError, "__getformat__() argument 1 must be 'double' or 'float'");
}
Result<Value> size_of(Context&, FloatSelf) { return Value::of_int(24); }

constexpr BuiltinDef kMethods[] = {
    static_method<&make>("__new__", "($type, x=unset, /)"),
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
    method<&forward<BinaryOp::kFloorDiv>>("__floordiv__", "($self, value, /)", Effects::kPure),
    method<&reflected<BinaryOp::kFloorDiv>>("__rfloordiv__", "($self, value, /)", Effects::kPure),
    method<&forward<BinaryOp::kTrueDiv>>("__truediv__", "($self, value, /)", Effects::kPure),
    method<&reflected<BinaryOp::kTrueDiv>>("__rtruediv__", "($self, value, /)", Effects::kPure),
    method<&power>("__pow__", "($self, value, mod=None, /)", Effects::kPure),
    method<&rpower>("__rpow__", "($self, value, mod=None, /)", Effects::kPure),
    method<&negative>("__neg__", "($self, /)", Effects::kPure),
    method<&positive>("__pos__", "($self, /)", Effects::kPure),
    method<&absolute>("__abs__", "($self, /)", Effects::kPure),
    method<&is_true>("__bool__", "($self, /)", Effects::kPure),
    method<&to_integer>("__int__", "($self, /)", Effects::kPure),
    method<&to_float>("__float__", "($self, /)", Effects::kPure),
    method<&trunc>("__trunc__", "($self, /)", Effects::kPure),
    method<&floor>("__floor__", "($self, /)", Effects::kPure),
    method<&ceil>("__ceil__", "($self, /)", Effects::kPure),
    method<&round>("__round__", "($self, ndigits=None, /)"),
    method<&getnewargs>("__getnewargs__", "($self, /)", Effects::kPure),
    method<&dunder_format>("__format__", "($self, format_spec, /)"),
    method<&size_of>("__sizeof__", "($self, /)", Effects::kPure),
    class_method<&getformat>("__getformat__", "($type, typestr, /)"),
    method<&conjugate>("conjugate", "($self, /)", Effects::kPure),
    method<&as_integer_ratio>("as_integer_ratio", "($self, /)", Effects::kPure),
    class_method<&fromhex>("fromhex", "($type, string, /)"),
    method<&hex>("hex", "($self, /)", Effects::kPure),
    method<&is_integer>("is_integer", "($self, /)", Effects::kPure),
};

Result<Value> get_real(Context& cx, Value self) { return make_float(cx, float_value(self)); }
Result<Value> get_imag(Context& cx, Value) { return make_float(cx, 0.0); }
constexpr GetSetDef kGetSets[] = {
    {"real", &get_real, nullptr, "the real part of a complex number"},
    {"imag", &get_imag, nullptr, "the imaginary part of a complex number"}};

}  // namespace

void define(Context& cx) {
  static constexpr TypeDef kFloat = {
      .name = "float",
      .kind = Kind::kFloatBox,
      .slot = &Types::float_,
      .flags = kTypeBaseType | kTypeMatchSelf,
      .methods = kMethods,
      .getsets = kGetSets,
      .doc = "Convert a string or number to a floating point number, if possible."};
  define_type(cx, kFloat);
}

}  // namespace float_methods
}  // namespace pystm::vm
