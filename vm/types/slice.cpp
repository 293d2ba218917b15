// slice: three values and the arithmetic of indices().
#include "vm/types/define.h"
#include "vm/types/sequence_types.h"
#include "vm/types/support.h"

namespace pystm::vm::slice_methods {
namespace {

Result<Value> make(Context& cx, Value cls, Args args) {
  (void)TRY(type_argument(cx, cls, types().slice));
  if (args.count == 0) return raise(cx, kTypeError, "slice expected at least 1 argument, got 0");
  if (args.count > 3)
    return raise(cx, kTypeError, "slice expected at most 3 arguments, got %u", args.count);
  if (args.count == 1) return new_slice(cx, kNone, args[0], kNone);
  return new_slice(cx, args[0], args[1], args.count == 3 ? args[2] : kNone);
}

Result<Value> repr_of(Context& cx, Slice* self) {
  StrBuilder out;
  out.add_ascii("slice(");
  TRY(add_repr(cx, out, self->start));
  out.add_ascii(", ");
  TRY(add_repr(cx, out, self->stop));
  out.add_ascii(", ");
  TRY(add_repr(cx, out, self->step));
  out.add_ascii(")");
  return Value(TRY(out.finish(cx)));
}

template <CompareOp Op>
Result<Value> rich_compare(Context& cx, Slice* self, Value other) {
  if (!has_kind(other, Kind::kSlice)) return kNotImplemented;
  auto* b = other.as<Slice>();
  const Value x = TRY(tuple_of(cx, {self->start, self->stop, self->step}));
  const Value y = TRY(tuple_of(cx, {b->start, b->stop, b->step}));
  return compare(cx, Op, x, y);
}

Result<Value> slice_index(Context& cx, Value v) {
  if (!has_index(v))
    return raise(cx, kTypeError,
                 "slice indices must be integers or None or have an __index__ method");
  return to_index(cx, v);
}

Result<bool> less(Context&, Value a, Value b) { return int_compare(a, b) < 0; }

// One bound brought into [lower, upper], as slice.indices says; any size of integer.
Result<Value> bound(Context& cx, Value v, Value missing, Value length, Value lower, Value upper) {
  if (v == kNone) return missing;
  Value i = TRY(slice_index(cx, v));
  if (int_sign(i) < 0) {
    i = TRY(int_binary(cx, BinaryOp::kAdd, i, length));
    return TRY(less(cx, i, lower)) ? lower : i;
  }
  return TRY(less(cx, upper, i)) ? upper : i;
}

Result<Value> indices(Context& cx, Slice* self, Value length) {
  const Value n = TRY(to_index(cx, length));
  if (int_sign(n) < 0) return raise(cx, kValueError, "length should not be negative");
  const Value step = self->step == kNone ? Value::of_int(1) : TRY(slice_index(cx, self->step));
  if (int_sign(step) == 0) return raise(cx, kValueError, "slice step cannot be zero");
  const bool down = int_sign(step) < 0;
  const Value lower = Value::of_int(down ? -1 : 0);
  const Value upper = down ? TRY(int_binary(cx, BinaryOp::kSub, n, Value::of_int(1))) : n;
  const Value start = TRY(bound(cx, self->start, down ? upper : lower, n, lower, upper));
  const Value stop = TRY(bound(cx, self->stop, down ? lower : upper, n, lower, upper));
  return tuple_of(cx, {start, stop, step});
}

Result<Value> reduce(Context& cx, Slice* self) {
  const Value args = TRY(tuple_of(cx, {self->start, self->stop, self->step}));
  return tuple_of(cx, {Value(types().slice), args});
}

constexpr BuiltinDef kMethods[] = {
    static_method<&make>("__new__", "($type, *args)"),
    method<&repr_of>("__repr__", "($self, /)"),
    COMPARE_ROWS(rich_compare, Effects::kCallsPython),
    method<&indices>("indices", "($self, object, /)"),
    method<&reduce>("__reduce__", "($self, /)"),
};

Result<Value> get_start(Context&, Value self) { return self.as<Slice>()->start; }
Result<Value> get_stop(Context&, Value self) { return self.as<Slice>()->stop; }
Result<Value> get_step(Context&, Value self) { return self.as<Slice>()->step; }
Result<void> read_only(Context& cx, Value, Value) {
  return raise(cx, kAttributeError, "readonly attribute");
}
constexpr GetSetDef kGetSets[] = {{"start", &get_start, &read_only},
                                  {"stop", &get_stop, &read_only},
                                  {"step", &get_step, &read_only}};

}  // namespace

void define(Context& cx) {
  static constexpr TypeDef kSlice = {.name = "slice",
                                     .kind = Kind::kSlice,
                                     .slot = &Types::slice,
                                     .methods = kMethods,
                                     .getsets = kGetSets,
                                     .doc =
                                         "slice(stop)\nslice(start, stop[, step])\n\nCreate a "
                                         "slice object.  This is used for extended slicing "
                                         "(e.g. a[0:10:2])."};
  define_type(cx, kSlice);
}

}  // namespace pystm::vm::slice_methods

namespace pystm::vm {

void define_sequence_types(Context& cx) {
  list_methods::define(cx);
  tuple_methods::define(cx);
  range_methods::define(cx);
  slice_methods::define(cx);
}

}  // namespace pystm::vm
