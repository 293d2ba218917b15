// tuple: its methods and iterator. Tuples never change, so nothing here reads twice.
#include <bit>

#include "vm/types/sequence_types.h"
#include "vm/types/support.h"

namespace pystm::vm::tuple_methods {
namespace {

Result<Value> make(Context& cx, Value cls, Opt iterable) {
  Type* type = TRY(type_argument(cx, cls, types().tuple));
  if (!iterable.given()) {
    if (type == types().tuple) return Value(empty_tuple());
    return Value(TRY(new_tuple_of(cx, type, nullptr, 0)));
  }
  Tuple* items = TRY(to_tuple(cx, iterable.value));
  if (type == types().tuple) return Value(items);
  return Value(TRY(new_tuple_of(cx, type, items->items(), items->length)));
}

Result<Value> repr_of(Context& cx, Tuple* self) {
  if (self->length == 0) return Value(intern(cx, "()"));
  ReprGuard guard(cx, self);
  if (guard.running()) return Value(intern(cx, "(...)"));
  StrBuilder out;
  out.add_ascii("(");
  for (size_t i = 0; i < self->length; ++i) {
    if (i > 0) out.add_ascii(", ");
    TRY(add_repr(cx, out, (*self)[i]));
  }
  out.add_ascii(self->length == 1 ? ",)" : ")");
  return Value(TRY(out.finish(cx)));
}

// The xxHash-derived mixing that CPython documents for tuples.
Result<int64_t> hash_of(Context& cx, Tuple* self) {
  constexpr uint64_t kPrime1 = 11400714785074694791u, kPrime2 = 14029467366897019727u,
                     kPrime5 = 2870177450012600261u;
  uint64_t acc = kPrime5;
  for (size_t i = 0; i < self->length; ++i) {
    acc += static_cast<uint64_t>(TRY(hash_value(cx, (*self)[i]))) * kPrime2;
    acc = std::rotl(acc, 31) * kPrime1;
  }
  acc += self->length ^ (kPrime5 ^ 3527539u);
  return acc == ~uint64_t{0} ? int64_t{1546275796} : static_cast<int64_t>(acc);
}

Result<int64_t> len(Context&, Tuple* self) { return static_cast<int64_t>(self->length); }

Result<Value> getitem(Context& cx, Tuple* self, Value key) {
  const auto n = static_cast<int64_t>(self->length);
  if (is_slice(key)) {
    const SliceBounds b = TRY(slice_bounds(cx, key.as<Slice>(), n));
    if (b.count <= 0) return Value(empty_tuple());
    if (b.start == 0 && b.step == 1 && b.count == n && is_exact_tuple(self)) return Value(self);
    if (b.step == 1)
      return Value(TRY(new_tuple(cx, self->items() + b.start, static_cast<size_t>(b.count))));
    Tuple* out = TRY(alloc_tuple(cx, static_cast<size_t>(b.count)));
    for (int64_t k = 0, i = b.start; k < b.count; ++k, i += b.step) {
      out->items()[k] = (*self)[static_cast<size_t>(i)];
      gc::store_barrier(cx, out, out->items() + k);
    }
    return Value(out);
  }
  const int64_t i = TRY(subscript(cx, key, n, "tuple indices must be integers or slices"));
  if (i < 0 || i >= n) return raise(cx, kIndexError, "tuple index out of range");
  return (*self)[static_cast<size_t>(i)];
}

template <CompareOp Op>
Result<Value> rich_compare(Context& cx, Tuple* self, Value other) {
  if (!is_tuple(other)) return kNotImplemented;
  auto* b = other.as<Tuple>();
  const size_t n = std::min(self->length, b->length);
  for (size_t i = 0; i < n; ++i) {
    const Value x = (*self)[i], y = (*b)[i];
    if (TRY(values_equal(cx, x, y))) continue;
    if (Op == CompareOp::kEq || Op == CompareOp::kNe) return of_bool(Op == CompareOp::kNe);
    return compare(cx, Op, x, y);
  }
  return of_bool(
      holds(Op, static_cast<int>(self->length < b->length ? -1 : self->length > b->length), 0));
}

Result<bool> contains_item(Context& cx, Tuple* self, Value item) {
  for (size_t i = 0; i < self->length; ++i)
    if (TRY(values_equal(cx, (*self)[i], item))) return true;
  return false;
}

Result<Value> add(Context& cx, Tuple* self, Value other) {
  if (!is_tuple(other)) return cannot_concat(cx, self, other, "tuple");
  auto* b = other.as<Tuple>();
  if (self->length == 0 && is_exact_tuple(other)) return other;
  if (b->length == 0 && is_exact_tuple(self)) return Value(self);
  Tuple* sum = TRY(alloc_tuple(cx, self->length + b->length));
  for (size_t i = 0; i < sum->length; ++i) {
    sum->items()[i] = i < self->length ? (*self)[i] : (*b)[i - self->length];
    gc::store_barrier(cx, sum, sum->items() + i);
  }
  return Value(sum);
}

Result<Value> mul(Context& cx, Tuple* self, Value n) {
  const int64_t count = TRY(repeat_count(cx, n));
  const auto size = static_cast<int64_t>(self->length);
  if ((count == 1 || size == 0) && is_exact_tuple(self)) return Value(self);
  if (count == 0 || size == 0) return Value(empty_tuple());
  if (count > INT64_MAX / 16 / size) return raise_no_memory(cx);
  Tuple* out = TRY(alloc_tuple(cx, static_cast<size_t>(count * size)));
  for (int64_t k = 0; k < count * size; ++k) {
    out->items()[k] = (*self)[static_cast<size_t>(k % size)];
    gc::store_barrier(cx, out, out->items() + k);
  }
  return Value(out);
}
Result<Value> rmul(Context& cx, Tuple* self, Value n) { return mul(cx, self, n); }

Result<int64_t> count(Context& cx, Tuple* self, Value value) {
  int64_t n = 0;
  for (size_t i = 0; i < self->length; ++i) n += TRY(values_equal(cx, (*self)[i], value));
  return n;
}

Result<Value> index_of(Context& cx, Tuple* self, Value value, Index start, Opt stop) {
  const Index to = stop.given() ? TRY(unwrap_index(cx, stop.value, {})) : Index{INT64_MAX};
  const auto n = static_cast<int64_t>(self->length);
  for (int64_t i = start.clamp(n), end = to.clamp(n); i < end; ++i)
    if (TRY(values_equal(cx, (*self)[static_cast<size_t>(i)], value))) return make_int(cx, i);
  return raise(cx, kValueError, "tuple.index(x): x not in tuple");
}

Result<Value> iter(Context& cx, Tuple* self) {
  auto* it = alloc<TupleIter>(cx, kShapeTupleIter);
  stm::init_state(cx, it).sequence = self;
  return Value(it);
}

Result<Value> getnewargs(Context& cx, Tuple* self) {
  const Value plain = TRY(new_tuple(cx, self->items(), self->length));
  return tuple_of(cx, {plain});
}

Result<Value> size_of(Context& cx, Tuple* self) {
  return make_int(cx, 24 + 8 * static_cast<int64_t>(self->length));
}

constexpr BuiltinDef kMethods[] = {
    static_method<&make>("__new__", "($type, iterable=(), /)"),
    method<&repr_of>("__repr__", "($self, /)"),
    method<&hash_of>("__hash__", "($self, /)"),
    method<&len>("__len__", "($self, /)", Effects::kPure),
    method<&getitem>("__getitem__", "($self, key, /)"),
    COMPARE_ROWS(rich_compare, Effects::kCallsPython),
    method<&contains_item>("__contains__", "($self, key, /)"),
    method<&add>("__add__", "($self, value, /)"),
    method<&mul>("__mul__", "($self, value, /)"),
    method<&rmul>("__rmul__", "($self, value, /)"),
    method<&iter>("__iter__", "($self, /)", Effects::kPure),
    method<&getnewargs>("__getnewargs__", "($self, /)", Effects::kPure),
    method<&size_of>("__sizeof__", "($self, /)", Effects::kPure),
    class_method<&class_getitem>("__class_getitem__", "($type, object, /)"),
    method<&count>("count", "($self, value, /)"),
    method<&index_of>("index", "($self, value, start=0, stop=sys.maxsize, /)"),
};

Result<Value> next(Context& cx, Value self) {
  stm::Write<TupleIter> w(cx, self.as<TupleIter>());
  if (w->sequence.is_unset()) return Value();
  auto* t = w->sequence.as<Tuple>();
  const int64_t i = w->index;
  if (i >= static_cast<int64_t>(t->length)) {
    w.set(&TupleIter::State::sequence, Value());
    return Value();
  }
  w.set(&TupleIter::State::index, i + 1);
  return (*t)[static_cast<size_t>(i)];
}
Result<int64_t> hint(Context& cx, TupleIter* self) {
  stm::Read<TupleIter> r(cx, self);
  if (r->sequence.is_unset()) return int64_t{0};
  return static_cast<int64_t>(r->sequence.as<Tuple>()->length) - r->index;
}
Result<Value> reduce(Context& cx, TupleIter* self) {
  stm::Read<TupleIter> r(cx, self);
  return reduce_iterator(cx, "iter", r->sequence, empty_tuple(), r->index);
}
Result<Value> setstate(Context& cx, TupleIter* self, int64_t index) {
  stm::Write<TupleIter> w(cx, self);
  if (!w->sequence.is_unset())
    w.set(&TupleIter::State::index,
          std::clamp<int64_t>(index, 0, static_cast<int64_t>(w->sequence.as<Tuple>()->length)));
  return kNone;
}
constexpr BuiltinDef kIterMethods[] = {
    method<&iter_self<TupleIter>>("__iter__", "($self, /)", Effects::kPure),
    method<&next_method<TupleIter, &next>>("__next__", "($self, /)", Effects::kWritesSelf),
    method<&hint>("__length_hint__", "($self, /)", Effects::kReads),
    method<&reduce>("__reduce__", "($self, /)"),
    method<&setstate>("__setstate__", "($self, state, /)"),
};

}  // namespace

void define(Context& cx) {
  static constexpr TypeDef kTuple = {
      .name = "tuple",
      .kind = Kind::kTuple,
      .slot = &Types::tuple,
      .flags = kTypeBaseType | kTypeSequencePattern | kTypeMatchSelf,
      .methods = kMethods,
      .doc =
          "Built-in immutable sequence.\n\nIf no argument is given, the constructor returns an "
          "empty tuple.\n"
          "If iterable is specified the tuple is initialized from iterable's items.\n\n"
          "If the argument is a tuple, the return value is the same object."};
  static constexpr TypeDef kIter = {.name = "tuple_iterator",
                                    .kind = Kind::kTupleIter,
                                    .slot = &Types::tuple_iterator,
                                    .flags = kTypeNoInstantiate,
                                    .methods = kIterMethods};
  define_type(cx, kTuple);
  define_type(cx, kIter);
  set_native_next(Kind::kTupleIter, &next);
}

}  // namespace pystm::vm::tuple_methods
