// complex: two doubles.
#include "vm/types/number_types.h"

namespace pystm::vm {

Result<Value> complex_power(Context& cx, number::Complex a, number::Complex b) {
  number::Complex out{};
  switch (number::complex_pow(a, b, &out)) {
    case number::ComplexPowStatus::Ok:
      return make_complex(cx, out.real, out.imag);
    case number::ComplexPowStatus::ZeroDivision:
      return raise(cx, kZeroDivisionError, "0.0 to a negative or complex power");
    case number::ComplexPowStatus::Overflow:
      return raise(cx, kOverflowError, "complex exponentiation");
  }
  __builtin_unreachable();
}

namespace complex_methods {
namespace {

using number::Complex;

Result<Value> finish(Context& cx, Type* type, Complex z) {
  const Value v = make_complex(cx, z.real, z.imag);
  return type == types().complex ? v : new_derived(cx, type, v);
}

// The result of x.__complex__(), or unset.
Result<Value> special_complex(Context& cx, Value v) {
  if (has_shape(v, kShapeComplex)) return v;
  const Value r = TRY(call_special(cx, v, Dunder::kComplex, {}));
  if (r.is_unset()) return r;
  if (!is_complex(r))
    return raise(cx, kTypeError, "__complex__ returned non-complex (type %s)", TYPE_NAME(r));
  return r;
}

bool is_number(Value v) {
  return is_int(v) || is_float(v) || is_complex(v) ||
         !lookup_dunder(v, Dunder::kFloat).is_unset() ||
         !lookup_dunder(v, Dunder::kIndex).is_unset();
}

Result<Value> make(Context& cx, Value cls, Opt real, Opt imag) {
  Type* type = TRY(type_argument(cx, cls, types().complex));
  if (real.given() && !imag.given() && has_shape(real.value, kShapeComplex) &&
      type == types().complex)
    return real.value;
  if (real.given() && is_str(real.value)) {
    if (imag.given())
      return raise(cx, kTypeError, "complex() can't take second arg if first is a string");
    const auto z = number::parse_complex(view_of(TRY(flatten(cx, real.value))));
    if (!z) return raise(cx, kValueError, "complex() arg is a malformed string");
    return finish(cx, type, *z);
  }
  if (imag.given() && is_str(imag.value))
    return raise(cx, kTypeError, "complex() second arg can't be a string");
  Value r = real.given() ? real.value : Value::of_int(0);
  const Value converted = TRY(special_complex(cx, r));
  if (!converted.is_unset()) r = converted;
  if (!is_number(r))
    return raise(cx, kTypeError, "complex() first argument must be a string or a number, not '%s'",
                 TYPE_NAME(r));
  if (imag.given() && !is_number(imag.value))
    return raise(cx, kTypeError, "complex() second argument must be a number, not '%s'",
                 TYPE_NAME(imag.value));
  Complex a = is_complex(r) ? complex_value(r) : Complex{TRY(to_double(cx, r)), 0};
  if (!imag.given()) return finish(cx, type, a);
  // The second argument counts as i times itself, complex or not.
  if (is_complex(imag.value)) {
    const Complex b = complex_value(imag.value);
    return finish(cx, type, {a.real - b.imag, is_complex(r) ? a.imag + b.real : b.real});
  }
  const double i = TRY(to_double(cx, imag.value));
  return finish(cx, type, {a.real, is_complex(r) ? a.imag + i : i});
}

// Anything arithmetic takes: false for other types.
Result<bool> operand(Context& cx, Value v, Complex* out) {
  if (is_complex(v)) {
    *out = complex_value(v);
    return true;
  }
  double d = 0;
  if (!TRY(number_as_double(cx, v, &d))) return false;
  *out = {d, 0};
  return true;
}

Result<Value> operate(Context& cx, BinaryOp op, Complex a, Complex b) {
  switch (op) {
    case BinaryOp::kAdd:
      return make_complex(cx, a.real + b.real, a.imag + b.imag);
    case BinaryOp::kSub:
      return make_complex(cx, a.real - b.real, a.imag - b.imag);
    case BinaryOp::kMul: {
      const Complex z = number::complex_mul(a, b);
      return make_complex(cx, z.real, z.imag);
    }
    case BinaryOp::kTrueDiv: {
      const auto z = number::complex_div(a, b);
      if (!z) return raise(cx, kZeroDivisionError, "complex division by zero");
      return make_complex(cx, z->real, z->imag);
    }
    case BinaryOp::kPow:
      return complex_power(cx, a, b);
    default:
      return kNotImplemented;
  }
}

template <BinaryOp Op>
Result<Value> forward(Context& cx, ComplexSelf self, Value other) {
  Complex b;
  if (!TRY(operand(cx, other, &b))) return kNotImplemented;
  return operate(cx, Op, self.z, b);
}
template <BinaryOp Op>
Result<Value> reflected(Context& cx, ComplexSelf self, Value other) {
  Complex b;
  if (!TRY(operand(cx, other, &b))) return kNotImplemented;
  return operate(cx, Op, b, self.z);
}
Result<Value> power(Context& cx, ComplexSelf self, Value exponent, Value modulus) {
  if (modulus != kNone) return raise(cx, kValueError, "complex modulo");
  return forward<BinaryOp::kPow>(cx, self, exponent);
}
Result<Value> rpower(Context& cx, ComplexSelf self, Value base, Value modulus) {
  if (modulus != kNone) return raise(cx, kValueError, "complex modulo");
  return reflected<BinaryOp::kPow>(cx, self, base);
}

Result<Value> equal(Context&, ComplexSelf self, Value other) {
  if (is_int(other))
    return of_bool(self.z.imag == 0 &&
                   int_float_compare(CompareOp::kEq, exact_int(other), self.z.real));
  if (is_float(other)) return of_bool(self.z.imag == 0 && self.z.real == float_value(other));
  if (!is_complex(other)) return kNotImplemented;
  const Complex b = complex_value(other);
  return of_bool(self.z.real == b.real && self.z.imag == b.imag);
}
Result<Value> not_equal(Context& cx, ComplexSelf self, Value other) {
  const Value r = TRY(equal(cx, self, other));
  return r == kNotImplemented ? r : of_bool(r == kFalse);
}
template <CompareOp Op>
Result<Value> unordered(Context&, ComplexSelf, Value) {
  return kNotImplemented;
}

Result<Value> negative(Context& cx, ComplexSelf self) {
  return make_complex(cx, -self.z.real, -self.z.imag);
}
Result<Value> positive(Context& cx, ComplexSelf self) {
  return make_complex(cx, self.z.real, self.z.imag);
}
Result<Value> absolute(Context& cx, ComplexSelf self) {
  const auto d = number::complex_abs(self.z);
  if (!d) return raise(cx, kOverflowError, "absolute value too large");
  return make_float(cx, *d);
}
Result<bool> is_true(Context&, ComplexSelf self) { return self.z.real != 0 || self.z.imag != 0; }
Result<Value> to_complex(Context& cx, ComplexSelf self) {
  return has_shape(self.object, kShapeComplex) ? self.object
                                               : make_complex(cx, self.z.real, self.z.imag);
}
Result<Value> conjugate(Context& cx, ComplexSelf self) {
  return make_complex(cx, self.z.real, -self.z.imag);
}
Result<Value> to_repr(Context& cx, ComplexSelf self) {
  return Value(TRY(new_str(cx, number::complex_repr(self.z))));
}
Result<int64_t> hash_of(Context&, ComplexSelf self) {
  return number::complex_hash(float_hash(self.z.real, self.object),
                              float_hash(self.z.imag, self.object));
}
Result<Value> getnewargs(Context& cx, ComplexSelf self) {
  return tuple_of(cx, {make_float(cx, self.z.real), make_float(cx, self.z.imag)});
}
Result<Value> dunder_format(Context& cx, ComplexSelf self, Str* spec) {
  if (spec->length == 0) return vm::str(cx, self.object);
  text::TextBuilder out;
  const std::string name = type_name(self.object);
  if (const auto e = text::format_complex(self.z, view_of(spec), out, {}, name))
    return raise_format_error(cx, e);
  return Value(TRY(finish_text(cx, out)));
}
Result<Value> size_of(Context&, ComplexSelf) { return Value::of_int(32); }

constexpr BuiltinDef kMethods[] = {
    static_method<&make>("__new__", "($type, real=unset, imag=unset)"),
    method<&to_repr>("__repr__", "($self, /)", Effects::kPure),
    method<&hash_of>("__hash__", "($self, /)", Effects::kPure),
    method<&equal>("__eq__", "($self, value, /)", Effects::kPure),
    method<&not_equal>("__ne__", "($self, value, /)", Effects::kPure),
    method<&unordered<CompareOp::kLt>>("__lt__", "($self, value, /)", Effects::kPure),
    method<&unordered<CompareOp::kLe>>("__le__", "($self, value, /)", Effects::kPure),
    method<&unordered<CompareOp::kGt>>("__gt__", "($self, value, /)", Effects::kPure),
    method<&unordered<CompareOp::kGe>>("__ge__", "($self, value, /)", Effects::kPure),
    method<&forward<BinaryOp::kAdd>>("__add__", "($self, value, /)", Effects::kPure),
    method<&reflected<BinaryOp::kAdd>>("__radd__", "($self, value, /)", Effects::kPure),
    method<&forward<BinaryOp::kSub>>("__sub__", "($self, value, /)", Effects::kPure),
    method<&reflected<BinaryOp::kSub>>("__rsub__", "($self, value, /)", Effects::kPure),
    method<&forward<BinaryOp::kMul>>("__mul__", "($self, value, /)", Effects::kPure),
    method<&reflected<BinaryOp::kMul>>("__rmul__", "($self, value, /)", Effects::kPure),
    method<&forward<BinaryOp::kTrueDiv>>("__truediv__", "($self, value, /)", Effects::kPure),
    method<&reflected<BinaryOp::kTrueDiv>>("__rtruediv__", "($self, value, /)", Effects::kPure),
    method<&power>("__pow__", "($self, value, mod=None, /)", Effects::kPure),
    method<&rpower>("__rpow__", "($self, value, mod=None, /)", Effects::kPure),
    method<&negative>("__neg__", "($self, /)", Effects::kPure),
    method<&positive>("__pos__", "($self, /)", Effects::kPure),
    method<&absolute>("__abs__", "($self, /)", Effects::kPure),
    method<&is_true>("__bool__", "($self, /)", Effects::kPure),
    method<&to_complex>("__complex__", "($self, /)", Effects::kPure),
    method<&getnewargs>("__getnewargs__", "($self, /)", Effects::kPure),
    method<&dunder_format>("__format__", "($self, format_spec, /)"),
    method<&size_of>("__sizeof__", "($self, /)", Effects::kPure),
    method<&conjugate>("conjugate", "($self, /)", Effects::kPure),
};

Result<Value> get_real(Context& cx, Value self) { return make_float(cx, complex_value(self).real); }
Result<Value> get_imag(Context& cx, Value self) { return make_float(cx, complex_value(self).imag); }
constexpr GetSetDef kGetSets[] = {
    {"real", &get_real, nullptr, "the real part of a complex number"},
    {"imag", &get_imag, nullptr, "the imaginary part of a complex number"}};

}  // namespace

void define(Context& cx) {
  static constexpr TypeDef kComplex = {
      .name = "complex",
      .kind = Kind::kComplex,
      .slot = &Types::complex,
      .flags = kTypeBaseType,
      .methods = kMethods,
      .getsets = kGetSets,
      .doc =
          "Create a complex number from a real part and an optional imaginary part.\n\n"
          "This is equivalent to (real + imag*1j) where imag defaults to 0."};
  define_type(cx, kComplex);
}

}  // namespace complex_methods
}  // namespace pystm::vm
