// The receivers of the number methods, and the parts of define_number_types.
#pragma once

#include "vm/number/bigint.h"
#include "vm/number/float_format.h"
#include "vm/text/format_spec.h"
#include "vm/types/int_limits.h"
#include "vm/types/percent.h"
#include "vm/types/str_methods.h"
#include "vm/types/support.h"

namespace pystm::vm {

// An int, bool or subclass instance: the exact int, and the object itself.
struct IntSelf {
  Value v;
  Value object;
};
template <>
struct Unwrap<IntSelf> {
  static Result<IntSelf> get(Context& cx, Value v, ArgInfo info) {
    if (PYSTM_LIKELY(v.is_int())) return IntSelf{v, v};
    if (!v.is_unset() && is_int(v)) return IntSelf{exact_int(v), v};
    return raise_wrong_self(cx, v, info, "int");
  }
};
struct FloatSelf {
  double d = 0;
  Value object;
};
template <>
struct Unwrap<FloatSelf> {
  static Result<FloatSelf> get(Context& cx, Value v, ArgInfo info) {
    if (!v.is_unset() && is_float(v)) return FloatSelf{float_value(v), v};
    return raise_wrong_self(cx, v, info, "float");
  }
};
struct ComplexSelf {
  number::Complex z{};
  Value object;
};
inline number::Complex complex_value(Value v) {
  auto* c = unwrap_derived(v).as<Complex>();
  return {c->real, c->imag};
}
template <>
struct Unwrap<ComplexSelf> {
  static Result<ComplexSelf> get(Context& cx, Value v, ArgInfo info) {
    if (!v.is_unset() && is_complex(v)) return ComplexSelf{complex_value(v), v};
    return raise_wrong_self(cx, v, info, "complex");
  }
};

// True and *out set when v is an int or float (subclasses included); an int beyond floats is an
// error.
Result<bool> number_as_double(Context& cx, Value v, double* out);
Result<Value> complex_power(Context& cx, number::Complex a, number::Complex b);

namespace int_methods {
void define(Context& cx);
void define_bool(Context& cx);
}  // namespace int_methods
namespace float_methods {
void define(Context& cx);
}
namespace complex_methods {
void define(Context& cx);
}

}  // namespace pystm::vm
