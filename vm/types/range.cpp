// range: arithmetic on exact ints of any size; machine words where they do.
#include "vm/types/sequence_types.h"
#include "vm/types/support.h"

namespace pystm::vm {

namespace {

Result<Value> add(Context& cx, Value a, Value b) { return int_binary(cx, BinaryOp::kAdd, a, b); }
Result<Value> sub(Context& cx, Value a, Value b) { return int_binary(cx, BinaryOp::kSub, a, b); }
Result<Value> mul(Context& cx, Value a, Value b) { return int_binary(cx, BinaryOp::kMul, a, b); }

// How many items start, start + step, ... come before stop.
Result<Value> range_length(Context& cx, Value start, Value stop, Value step) {
  if (Value::both_int(start, stop) && step.is_int()) {
    const auto a = static_cast<__int128>(start.as_int()), b = static_cast<__int128>(stop.as_int());
    const auto s = static_cast<__int128>(step.as_int());
    const __int128 span = s > 0 ? b - a : a - b, stride = s > 0 ? s : -s;
    return span <= 0 ? Value::of_int(0)
                     : make_uint(cx, static_cast<uint64_t>((span - 1) / stride + 1));
  }
  const bool up = int_sign(step) > 0;
  const Value low = up ? start : stop, high = up ? stop : start;
  if (int_compare(low, high) >= 0) return Value::of_int(0);
  const Value stride = up ? step : TRY(sub(cx, Value::of_int(0), step));
  Value span = TRY(sub(cx, high, low));
  span = TRY(sub(cx, span, Value::of_int(1)));
  const Value n = TRY(int_binary(cx, BinaryOp::kFloorDiv, span, stride));
  return add(cx, n, Value::of_int(1));
}

}  // namespace

Result<Value> new_range(Context& cx, Value start, Value stop, Value step) {
  const Value n = TRY(range_length(cx, start, stop, step));
  auto* r = alloc<Range>(cx, kShapeRange);
  r->start = start;
  r->stop = stop;
  r->step = step;
  r->length = n;
  return Value(r);
}

namespace range_methods {
namespace {

Type* long_iterator_type = nullptr;

Result<Value> item(Context& cx, Range* r, Value index) {  // no check
  const Value offset = TRY(mul(cx, index, r->step));
  return add(cx, r->start, offset);
}

Result<Value> make(Context& cx, Value cls, Args args) {
  (void)TRY(type_argument(cx, cls, types().range));
  if (args.count == 0) return raise(cx, kTypeError, "range expected at least 1 argument, got 0");
  if (args.count > 3)
    return raise(cx, kTypeError, "range expected at most 3 arguments, got %u", args.count);
  if (args.count == 1) {
    const Value stop = TRY(to_index(cx, args[0]));
    return new_range(cx, Value::of_int(0), stop, Value::of_int(1));
  }
  const Value start = TRY(to_index(cx, args[0]));
  const Value stop = TRY(to_index(cx, args[1]));
  const Value step = args.count == 3 ? TRY(to_index(cx, args[2])) : Value::of_int(1);
  if (int_sign(step) == 0) return raise(cx, kValueError, "range() arg 3 must not be zero");
  return new_range(cx, start, stop, step);
}

Result<Value> repr_of(Context& cx, Range* self) {
  StrBuilder out;
  out.add_ascii("range(");
  TRY(add_repr(cx, out, self->start));
  out.add_ascii(", ");
  TRY(add_repr(cx, out, self->stop));
  if (self->step != Value::of_int(1)) {
    out.add_ascii(", ");
    TRY(add_repr(cx, out, self->step));
  }
  out.add_ascii(")");
  return Value(TRY(out.finish(cx)));
}

Result<int64_t> len(Context& cx, Range* self) {
  int64_t n;
  if (!to_int64(self->length, &n))
    return raise(cx, kOverflowError, "Python int too large to convert to C ssize_t");
  return n;
}
Result<bool> is_true(Context&, Range* self) { return self->length != Value::of_int(0); }

Result<Value> slice_of(Context& cx, Range* self, Slice* slice) {
  const Value triple = TRY(call_method(cx, slice, "indices", {self->length}));
  auto* t = triple.as<Tuple>();
  const Value start = TRY(item(cx, self, (*t)[0]));
  const Value stop = TRY(item(cx, self, (*t)[1]));
  const Value step = TRY(mul(cx, self->step, (*t)[2]));
  return new_range(cx, start, stop, step);
}

Result<Value> getitem(Context& cx, Range* self, Value key) {
  if (is_slice(key)) return slice_of(cx, self, key.as<Slice>());
  if (!has_index(key))
    return raise(cx, kTypeError, "range indices must be integers or slices, not %s",
                 TYPE_NAME(key));
  Value i = TRY(to_index(cx, key));
  if (int_sign(i) < 0) i = TRY(add(cx, i, self->length));
  if (int_sign(i) < 0 || int_compare(i, self->length) >= 0)
    return raise(cx, kIndexError, "range object index out of range");
  return item(cx, self, i);
}

// The position of an exact int, or unset.
Result<Value> find(Context& cx, Range* self, Value v) {
  const bool up = int_sign(self->step) > 0;
  const bool inside = up ? int_compare(self->start, v) <= 0 && int_compare(v, self->stop) < 0
                         : int_compare(v, self->start) <= 0 && int_compare(self->stop, v) < 0;
  if (!inside) return Value();
  const Value distance = TRY(sub(cx, v, self->start));
  const Value rest = TRY(int_binary(cx, BinaryOp::kMod, distance, self->step));
  if (int_sign(rest) != 0) return Value();
  return int_binary(cx, BinaryOp::kFloorDiv, distance, self->step);
}

bool plain_int(Value v) { return is_exact_int(v) || is_bool(v); }

// Items in order, compared with ==: for objects that are no plain ints.
Result<int64_t> search(Context& cx, Range* self, Value v, bool all) {
  int64_t found = all ? 0 : -1;
  const int64_t n = TRY(len(cx, self));
  for (int64_t i = 0; i < n; ++i) {
    if (i % 10000 == 9999) TRY(check_signals(cx));
    const Value x = TRY(item(cx, self, make_int(cx, i)));
    if (!TRY(values_equal(cx, x, v))) continue;
    if (!all) return i;
    ++found;
  }
  return found;
}

Result<bool> contains_item(Context& cx, Range* self, Value v) {
  if (plain_int(v)) return !TRY(find(cx, self, exact_int(v))).is_unset();
  return TRY(search(cx, self, v, false)) >= 0;
}
Result<Value> count(Context& cx, Range* self, Value v) {
  if (plain_int(v)) return Value::of_int(!TRY(find(cx, self, exact_int(v))).is_unset());
  return make_int(cx, TRY(search(cx, self, v, true)));
}
Result<Value> index_of(Context& cx, Range* self, Value v) {
  if (plain_int(v)) {
    const Value i = TRY(find(cx, self, exact_int(v)));
    if (!i.is_unset()) return i;
    const Value text = TRY(repr(cx, v));
    return raise(cx, kValueError, "%s is not in range", to_utf8(cx, text).c_str());
  }
  const int64_t i = TRY(search(cx, self, v, false));
  if (i < 0) return raise(cx, kValueError, "sequence.index(x): x not in sequence");
  return make_int(cx, i);
}

bool same_int(Value a, Value b) { return int_compare(a, b) == 0; }

Result<Value> equal(Context&, Range* a, Value other) {
  if (!has_kind(other, Kind::kRange)) return kNotImplemented;
  auto* b = other.as<Range>();
  if (a == b) return kTrue;
  if (!same_int(a->length, b->length)) return kFalse;
  if (a->length == Value::of_int(0)) return kTrue;
  if (!same_int(a->start, b->start)) return kFalse;
  return of_bool(a->length == Value::of_int(1) || same_int(a->step, b->step));
}
Result<Value> not_equal(Context& cx, Range* a, Value other) {
  const Value r = TRY(equal(cx, a, other));
  return r == kNotImplemented ? r : of_bool(r == kFalse);
}
template <CompareOp Op>
Result<Value> unordered(Context&, Range*, Value) {
  return kNotImplemented;
}

Result<int64_t> hash_of(Context& cx, Range* self) {
  const bool empty = self->length == Value::of_int(0), one = self->length == Value::of_int(1);
  const Value key = TRY(
      tuple_of(cx, {self->length, empty ? kNone : self->start, empty || one ? kNone : self->step}));
  return hash_value(cx, key);
}

Value new_iter(Context& cx, Value start, Value step, Value remaining) {
  const bool small = start.is_int() && step.is_int() && remaining.is_int();
  // The whole walk must stay in tagged ints for the fast path.
  int64_t last;
  const bool fits = small && !__builtin_mul_overflow(step.as_int(), remaining.as_int(), &last) &&
                    !__builtin_add_overflow(last, start.as_int(), &last) && Value::fits_int(last);
  auto* it =
      fits ? alloc<RangeIter>(cx, kShapeRangeIter) : alloc_for<RangeIter>(cx, long_iterator_type);
  auto& state = stm::init_state(cx, it);
  state.next = start;
  state.step = step;
  state.remaining = remaining;
  return it;
}

Result<Value> iter(Context& cx, Range* self) {
  return new_iter(cx, self->start, self->step, self->length);
}

Result<Value> reversed(Context& cx, Range* self) {
  const Value before_last = TRY(sub(cx, self->length, Value::of_int(1)));
  const Value last = TRY(item(cx, self, before_last));
  const Value step = TRY(sub(cx, Value::of_int(0), self->step));
  return new_iter(cx, last, step, self->length);
}

Result<Value> reduce(Context& cx, Range* self) {
  const Value args = TRY(tuple_of(cx, {self->start, self->stop, self->step}));
  return tuple_of(cx, {Value(types().range), args});
}

constexpr BuiltinDef kMethods[] = {
    static_method<&make>("__new__", "($type, *args)"),
    method<&repr_of>("__repr__", "($self, /)"),
    method<&hash_of>("__hash__", "($self, /)", Effects::kPure),
    method<&len>("__len__", "($self, /)", Effects::kPure),
    method<&is_true>("__bool__", "($self, /)", Effects::kPure),
    method<&getitem>("__getitem__", "($self, key, /)"),
    method<&contains_item>("__contains__", "($self, key, /)"),
    method<&equal>("__eq__", "($self, value, /)", Effects::kPure),
    method<&not_equal>("__ne__", "($self, value, /)", Effects::kPure),
    method<&unordered<CompareOp::kLt>>("__lt__", "($self, value, /)", Effects::kPure),
    method<&unordered<CompareOp::kLe>>("__le__", "($self, value, /)", Effects::kPure),
    method<&unordered<CompareOp::kGt>>("__gt__", "($self, value, /)", Effects::kPure),
    method<&unordered<CompareOp::kGe>>("__ge__", "($self, value, /)", Effects::kPure),
    method<&iter>("__iter__", "($self, /)", Effects::kPure),
    method<&reversed>("__reversed__", "($self, /)", Effects::kPure),
    method<&reduce>("__reduce__", "($self, /)"),
    method<&count>("count", "($self, value, /)"),
    method<&index_of>("index", "($self, value, /)"),
};

Result<Value> get_start(Context&, Value self) { return self.as<Range>()->start; }
Result<Value> get_stop(Context&, Value self) { return self.as<Range>()->stop; }
Result<Value> get_step(Context&, Value self) { return self.as<Range>()->step; }
Result<void> read_only(Context& cx, Value, Value) {
  return raise(cx, kAttributeError, "readonly attribute");
}
constexpr GetSetDef kGetSets[] = {{"start", &get_start, &read_only},
                                  {"stop", &get_stop, &read_only},
                                  {"step", &get_step, &read_only}};

// --- iterator ------------------------------------------------------------------------------------

Result<Value> next(Context& cx, Value self) {
  auto* it = self.as<RangeIter>();
  stm::Write<RangeIter> w(cx, it);
  const Value v = w->next, remaining = w->remaining;
  if (int_sign(remaining) <= 0) return Value();
  const Value left = TRY(sub(cx, remaining, Value::of_int(1)));
  const Value following = TRY(add(cx, v, w->step));
  w.set(&RangeIter::State::next, following);
  w.set(&RangeIter::State::remaining, left);
  return v;
}
Result<Value> hint(Context& cx, RangeIter* self) {
  return stm::Read<RangeIter>(cx, self)->remaining;
}

Result<Value> iter_reduce(Context& cx, RangeIter* self) {
  stm::Read<RangeIter> r(cx, self);
  const Value f = TRY(builtin_named(cx, "iter"));
  const Value span = TRY(mul(cx, r->remaining, r->step));
  const Value stop = TRY(add(cx, r->next, span));
  const Value range = TRY(new_range(cx, r->next, stop, r->step));
  const Value args = TRY(tuple_of(cx, {range}));
  return tuple_of(cx, {f, args, kNone});
}
Result<Value> iter_setstate(Context& cx, RangeIter* self, Value state) {
  stm::Read<RangeIter> r(cx, self);
  if (!is_int(state)) return raise(cx, kTypeError, "an integer is required");
  Value n = exact_int(state);
  if (int_sign(n) < 0) n = Value::of_int(0);
  if (int_compare(n, r->remaining) > 0) n = r->remaining;
  const Value skipped = TRY(mul(cx, n, r->step));
  const Value start = TRY(add(cx, r->next, skipped));
  const Value left = TRY(sub(cx, r->remaining, n));
  stm::Write<RangeIter> w(cx, self);
  w.set(&RangeIter::State::next, start);
  w.set(&RangeIter::State::remaining, left);
  return kNone;
}
constexpr BuiltinDef kIterMethods[] = {
    method<&iter_self<RangeIter>>("__iter__", "($self, /)", Effects::kPure),
    method<&next_method<RangeIter, &next>>("__next__", "($self, /)", Effects::kWritesSelf),
    method<&hint>("__length_hint__", "($self, /)", Effects::kReads),
    method<&iter_reduce>("__reduce__", "($self, /)"),
    method<&iter_setstate>("__setstate__", "($self, state, /)"),
};

}  // namespace

void define(Context& cx) {
  static constexpr TypeDef kRange = {
      .name = "range",
      .kind = Kind::kRange,
      .slot = &Types::range,
      .flags = kTypeSequencePattern,
      .methods = kMethods,
      .getsets = kGetSets,
      .doc =
          "range(stop) -> range object\nrange(start, stop[, step]) -> range object\n\n"
          "Return an object that produces a sequence of integers from start (inclusive)\n"
          "to stop (exclusive) by step.  range(i, j) produces i, i+1, i+2, ..., j-1.\n"
          "start defaults to 0, and stop is omitted!  range(4) produces 0, 1, 2, 3.\n"
          "These are exactly the valid indices for a list of 4 elements.\n"
          "When step is given, it specifies the increment (or decrement)."};
  static constexpr TypeDef kIter = {.name = "range_iterator",
                                    .kind = Kind::kRangeIter,
                                    .slot = &Types::range_iterator,
                                    .flags = kTypeNoInstantiate,
                                    .methods = kIterMethods};
  static constexpr TypeDef kLongIter = {.name = "longrange_iterator",
                                        .kind = Kind::kRangeIter,
                                        .flags = kTypeNoInstantiate,
                                        .methods = kIterMethods};
  define_type(cx, kRange);
  define_type(cx, kIter);
  long_iterator_type = define_type(cx, kLongIter);
  set_native_next(Kind::kRangeIter, &next);
}

}  // namespace range_methods
}  // namespace pystm::vm
