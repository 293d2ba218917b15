// list: its methods and its two iterators. Storage and basic operations are in
// vm/object/sequence.cpp. Invariant: nothing read from the list survives a call that may run Python
// code; loops ask again.
#include "vm/runtime/kernels.h"
#include "vm/types/sequence_types.h"
#include "vm/types/sort.h"
#include "vm/types/support.h"

namespace pystm::vm::list_methods {
namespace {

constexpr const char* kIndices = "list indices must be integers or slices";
constexpr int64_t kMaxItems = INT64_MAX / 16;
Type* reverse_iterator_type = nullptr;

Result<Value> make(Context& cx, Value cls, Args, Kwargs) {
  return Value(alloc_for<List>(cx, TRY(type_argument(cx, cls, types().list))));
}

Result<Value> init(Context& cx, List* self, Opt iterable) {
  if (list_length(cx, self) > 0) list_clear(cx, self);
  if (iterable.given()) TRY(list_extend(cx, self, iterable.value));
  return kNone;
}

Result<Value> repr_of(Context& cx, List* self) {
  if (list_length(cx, self) == 0) return Value(intern(cx, "[]"));
  ReprGuard guard(cx, self);
  if (guard.running()) return Value(intern(cx, "[...]"));
  StrBuilder out;
  out.add_ascii("[");
  for (int64_t i = 0;; ++i) {
    const Value item = list_get(cx, self, i);
    if (item.is_unset()) break;
    if (i > 0) out.add_ascii(", ");
    TRY(add_repr(cx, out, item));
  }
  out.add_ascii("]");
  return Value(TRY(out.finish(cx)));
}

Result<int64_t> len(Context& cx, List* self) { return list_length(cx, self); }

Result<Value> getitem(Context& cx, List* self, Value key) {
  if (is_slice(key)) {
    const SliceBounds b = TRY(slice_bounds(cx, key.as<Slice>(), list_length(cx, self)));
    return Value(TRY(list_slice(cx, self, b.start, b.stop, b.step, b.count)));
  }
  // An index from the front does not ask for the size: that would be a conflict with every append.
  const bool plain = key.is_int() && key.as_int() >= 0;
  const int64_t i = plain ? key.as_int() : TRY(subscript(cx, key, list_length(cx, self), kIndices));
  const Value v = list_get(cx, self, i);
  if (v.is_unset()) return raise(cx, kIndexError, "list index out of range");
  return v;
}

// Removes `count` items at start, start + step, ...
Result<void> delete_stepped(Context& cx, List* self, SliceBounds b) {
  if (b.count <= 0) return {};
  if (b.step < 0) {
    b.start += b.step * (b.count - 1);
    b.step = -b.step;
  }
  if (b.step == 1) return list_replace(cx, self, b.start, b.start + b.count, nullptr, 0);
  Tuple* all = TRY(list_to_tuple(cx, self));
  const auto n = static_cast<int64_t>(all->length);
  Tuple* kept = TRY(alloc_tuple(cx, static_cast<size_t>(n - b.count)));
  int64_t next = b.start, removed = 0, at = 0;
  for (int64_t i = 0; i < n; ++i) {
    if (i == next && removed < b.count) {
      next += b.step;
      ++removed;
      continue;
    }
    kept->items()[at] = (*all)[i];
    gc::store_barrier(cx, kept, kept->items() + at++);
  }
  return list_replace(cx, self, 0, n, kept->items(), kept->length);
}

Result<Tuple*> items_to_assign(Context& cx, Value value, bool extended) {
  if (lookup_dunder(value, Dunder::kIter).is_unset() &&
      lookup_dunder(value, Dunder::kGetItem).is_unset())
    return raise(
        cx, kTypeError,
        extended ? "must assign iterable to extended slice" : "can only assign an iterable");
  return to_tuple(cx, value);
}

Result<void> assign_slice(Context& cx, List* self, Slice* slice, Value value) {
  // The bounds count only once the right side is known: making it may change the list.
  SliceBounds b = TRY(slice_bounds(cx, slice, list_length(cx, self)));
  Tuple* items = TRY(items_to_assign(cx, value, b.step != 1));
  b = TRY(slice_bounds(cx, slice, list_length(cx, self)));
  if (b.step == 1)
    return list_replace(cx, self, b.start, std::max(b.start, b.stop), items->items(),
                        items->length);
  if (static_cast<int64_t>(items->length) != b.count)
    return raise(cx, kValueError,
                 "attempt to assign sequence of size %zu to extended slice of size %zd",
                 items->length, static_cast<ssize_t>(b.count));
  for (int64_t k = 0, i = b.start; k < b.count; ++k, i += b.step)
    list_set(cx, self, i, (*items)[k]);
  return {};
}

Result<void> setitem(Context& cx, List* self, Value key, Value value) {
  if (is_slice(key)) return assign_slice(cx, self, key.as<Slice>(), value);
  const bool plain = key.is_int() && key.as_int() >= 0;
  const int64_t i = plain ? key.as_int() : TRY(subscript(cx, key, list_length(cx, self), kIndices));
  if (!list_set(cx, self, i, value))
    return raise(cx, kIndexError, "list assignment index out of range");
  return {};
}

Result<void> delitem(Context& cx, List* self, Value key) {
  if (is_slice(key))
    return delete_stepped(cx, self, TRY(slice_bounds(cx, key.as<Slice>(), list_length(cx, self))));
  const int64_t n = list_length(cx, self);
  const int64_t i = TRY(subscript(cx, key, n, kIndices));
  if (i < 0 || i >= list_length(cx, self))
    return raise(cx, kIndexError, "list assignment index out of range");
  (void)TRY(list_pop(cx, self, i));
  return {};
}

template <CompareOp Op>
Result<Value> rich_compare(Context& cx, List* self, Value other) {
  if (!is_list(other)) return kNotImplemented;
  auto* b = other.as<List>();
  if (Op == CompareOp::kEq || Op == CompareOp::kNe)
    if (list_length(cx, self) != list_length(cx, b)) return of_bool(Op == CompareOp::kNe);
  for (int64_t i = 0;; ++i) {
    const Value x = list_get(cx, self, i), y = list_get(cx, b, i);
    if (x.is_unset() || y.is_unset()) {
      const int64_t n = list_length(cx, self), m = list_length(cx, b);
      return of_bool(holds(Op, static_cast<int>(n < m ? -1 : n > m), 0));
    }
    if (TRY(values_equal(cx, x, y))) continue;
    if (Op == CompareOp::kEq || Op == CompareOp::kNe) return of_bool(Op == CompareOp::kNe);
    return compare(cx, Op, x, y);
  }
}

Result<bool> contains_item(Context& cx, List* self, Value item) {
  for (int64_t i = 0;; ++i) {
    const Value v = list_get(cx, self, i);
    if (v.is_unset()) return false;
    if (TRY(values_equal(cx, v, item))) return true;
  }
}

Result<Value> add(Context& cx, List* self, Value other) {
  if (!is_list(other)) return cannot_concat(cx, self, other, "list");
  Tuple* b = TRY(list_to_tuple(cx, other.as<List>()));
  List* sum = TRY(list_slice(cx, self, 0, 0, 1, list_length(cx, self)));
  TRY(list_extend(cx, sum, b));
  return Value(sum);
}

Result<Value> iadd(Context& cx, List* self, Value other) {
  if (other.is_object() && !is_list(other) && !is_tuple(other) &&
      !lookup_dunder(other, Dunder::kRAdd).is_unset()) {
    const Value r = TRY(call_special(cx, other, Dunder::kRAdd, {Value(self)}));
    if (!r.is_unset() && r != kNotImplemented) return r;
  }
  TRY(list_extend(cx, self, other));
  return Value(self);
}

// self's items `count` times over, in a fresh tuple.
Result<Tuple*> repeated(Context& cx, List* self, int64_t count) {
  Tuple* once = TRY(list_to_tuple(cx, self));
  const auto n = static_cast<int64_t>(once->length);
  if (n == 0 || count == 0) return empty_tuple();
  if (count > kMaxItems / n) return raise_no_memory(cx);
  Tuple* all = TRY(alloc_tuple(cx, static_cast<size_t>(n * count)));
  for (int64_t k = 0; k < n * count; ++k) {
    all->items()[k] = (*once)[k % n];
    gc::store_barrier(cx, all, all->items() + k);
  }
  return all;
}

Result<Value> mul(Context& cx, List* self, Value n) {
  Tuple* all = TRY(repeated(cx, self, TRY(repeat_count(cx, n))));
  List* out = new_list(cx);
  TRY(list_extend(cx, out, all));
  return Value(out);
}
Result<Value> rmul(Context& cx, List* self, Value n) { return mul(cx, self, n); }

Result<Value> imul(Context& cx, List* self, Value n) {
  Tuple* all = TRY(repeated(cx, self, TRY(repeat_count(cx, n))));
  TRY(list_replace(cx, self, 0, list_length(cx, self), all->items(), all->length));
  return Value(self);
}

Result<void> append(Context& cx, List* self, Value object) { return list_append(cx, self, object); }
Result<void> extend(Context& cx, List* self, Value iterable) {
  return list_extend(cx, self, iterable);
}

Result<void> insert(Context& cx, List* self, int64_t index, Value object) {
  const int64_t n = list_length(cx, self);
  return list_insert(cx, self, Index{index}.clamp(n), object);
}

Result<Value> pop(Context& cx, List* self, int64_t index) {
  const int64_t n = list_length(cx, self);
  if (n == 0) return raise(cx, kIndexError, "pop from empty list");
  if (index < 0) index += n;
  if (index < 0 || index >= n) return raise(cx, kIndexError, "pop index out of range");
  return list_pop(cx, self, index);
}

Result<void> remove(Context& cx, List* self, Value value) {
  for (int64_t i = 0;; ++i) {
    const Value v = list_get(cx, self, i);
    if (v.is_unset()) return raise(cx, kValueError, "list.remove(x): x not in list");
    if (!TRY(values_equal(cx, v, value))) continue;
    if (i < list_length(cx, self)) (void)TRY(list_pop(cx, self, i));
    return {};
  }
}

Result<Value> clear(Context& cx, List* self) {
  list_clear(cx, self);
  return kNone;
}

Result<Value> copy(Context& cx, List* self) {
  return Value(TRY(list_slice(cx, self, 0, 0, 1, list_length(cx, self))));
}

Result<Value> index_of(Context& cx, List* self, Value value, Index start, Opt stop) {
  const int64_t given = stop.given() ? TRY(unwrap_index(cx, stop.value, {})).value : INT64_MAX;
  const int64_t n = list_length(cx, self);
  const int64_t to = given < 0 ? std::max<int64_t>(given + n, 0) : given;
  for (int64_t i = start.value < 0 ? std::max<int64_t>(start + n, 0) : start.value; i < to; ++i) {
    const Value v = list_get(cx, self, i);
    if (v.is_unset()) break;
    if (TRY(values_equal(cx, v, value))) return make_int(cx, i);
  }
  const Value text = TRY(repr(cx, value));
  return raise(cx, kValueError, "%s is not in list", to_utf8(cx, text).c_str());
}

Result<int64_t> count(Context& cx, List* self, Value value) {
  int64_t n = 0;
  for (int64_t i = 0;; ++i) {
    const Value v = list_get(cx, self, i);
    if (v.is_unset()) return n;
    if (TRY(values_equal(cx, v, value))) ++n;
  }
}

Result<Value> reverse(Context& cx, List* self) {
  for (int64_t i = 0, k = list_length(cx, self) - 1; i < k; ++i, --k) {
    const Value a = list_get(cx, self, i), b = list_get(cx, self, k);
    list_set(cx, self, i, b);
    list_set(cx, self, k, a);
  }
  return kNone;
}

Result<void> sort(Context& cx, List* self, Value key, bool reverse) {
  return sort_list(cx, self, key, reverse);
}

Result<Value> iter(Context& cx, List* self) { return new_list_iter(cx, self); }

Result<Value> reversed(Context& cx, List* self) {
  const int64_t n = list_length(cx, self);
  auto* it = alloc_for<Reversed>(cx, reverse_iterator_type);
  auto& state = stm::init_state(cx, it);
  state.sequence = self;
  state.index = n - 1;
  return Value(it);
}

Result<Value> size_of(Context& cx, List* self) {
  stm::Read<List> r(cx, self);
  return make_int(cx,
                  40 + 8 * static_cast<int64_t>(r->storage == nullptr ? 0 : r->storage->length));
}

constexpr BuiltinDef kMethods[] = {
    static_method<&make>("__new__", "($type, *args, **kwargs)"),
    method<&init>("__init__", "($self, iterable=(), /)"),
    method<&repr_of>("__repr__", "($self, /)"),
    method<&len>("__len__", "($self, /)", Effects::kReads),
    method<&getitem>("__getitem__", "($self, index, /)"),
    method<&setitem>("__setitem__", "($self, key, value, /)"),
    method<&delitem>("__delitem__", "($self, key, /)"),
    COMPARE_ROWS(rich_compare, Effects::kCallsPython),
    method<&contains_item>("__contains__", "($self, key, /)"),
    method<&add>("__add__", "($self, value, /)"),
    method<&iadd>("__iadd__", "($self, value, /)"),
    method<&mul>("__mul__", "($self, value, /)"),
    method<&rmul>("__rmul__", "($self, value, /)"),
    method<&imul>("__imul__", "($self, value, /)"),
    method<&iter>("__iter__", "($self, /)", Effects::kReads),
    method<&reversed>("__reversed__", "($self, /)", Effects::kReads),
    method<&size_of>("__sizeof__", "($self, /)", Effects::kReads),
    class_method<&class_getitem>("__class_getitem__", "($type, object, /)"),
    method<&append>("append", "($self, object, /)", Effects::kWritesSelf),
    method<&clear>("clear", "($self, /)", Effects::kWritesSelf),
    method<&copy>("copy", "($self, /)", Effects::kReads),
    method<&count>("count", "($self, value, /)"),
    with_kernels(method<&extend>("extend", "($self, iterable, /)")),
    method<&index_of>("index", "($self, value, start=0, stop=sys.maxsize, /)"),
    method<&insert>("insert", "($self, index, object, /)", Effects::kWritesSelf),
    method<&pop>("pop", "($self, index=-1, /)", Effects::kWritesSelf),
    method<&remove>("remove", "($self, value, /)"),
    method<&reverse>("reverse", "($self, /)", Effects::kWritesSelf),
    with_kernels(method<&sort>("sort", "($self, /, *, key=None, reverse=False)")),
};

// --- iterators -----------------------------------------------------------------------------------

Result<Value> next_forward(Context& cx, Value self) {
  stm::Write<ListIter> w(cx, self.as<ListIter>());
  if (w->sequence.is_unset()) return Value();
  const Value v = list_get(cx, w->sequence.as<List>(), w->index);
  if (v.is_unset()) {
    w.set(&ListIter::State::sequence, Value());
  } else {
    w.set(&ListIter::State::index, w->index + 1);
  }
  return v;
}
Result<int64_t> forward_hint(Context& cx, ListIter* self) {
  stm::Read<ListIter> r(cx, self);
  if (r->sequence.is_unset()) return int64_t{0};
  return std::max<int64_t>(list_length(cx, r->sequence.as<List>()) - r->index, 0);
}
Result<Value> forward_reduce(Context& cx, ListIter* self) {
  stm::Read<ListIter> r(cx, self);
  return reduce_iterator(cx, "iter", r->sequence, new_list(cx), r->index);
}
Result<Value> forward_setstate(Context& cx, ListIter* self, int64_t index) {
  stm::Write<ListIter> w(cx, self);
  if (!w->sequence.is_unset())
    w.set(&ListIter::State::index,
          std::clamp<int64_t>(index, 0, list_length(cx, w->sequence.as<List>())));
  return kNone;
}
constexpr BuiltinDef kIterMethods[] = {
    method<&iter_self<ListIter>>("__iter__", "($self, /)", Effects::kPure),
    method<&next_method<ListIter, &next_forward>>("__next__", "($self, /)", Effects::kWritesSelf),
    method<&forward_hint>("__length_hint__", "($self, /)", Effects::kReads),
    method<&forward_reduce>("__reduce__", "($self, /)"),
    method<&forward_setstate>("__setstate__", "($self, state, /)"),
};

Result<int64_t> backward_hint(Context& cx, Reversed* self) {
  stm::Read<Reversed> r(cx, self);
  if (r->sequence.is_unset() || list_length(cx, r->sequence.as<List>()) <= r->index)
    return int64_t{0};
  return r->index + 1;
}
Result<Value> backward_next(Context& cx, Value self) {
  return reversed_list_next(cx, self.as<Reversed>());
}
Result<Value> backward_reduce(Context& cx, Reversed* self) {
  stm::Read<Reversed> r(cx, self);
  return reduce_iterator(cx, r->sequence.is_unset() ? "iter" : "reversed", r->sequence,
                         new_list(cx), r->index);
}
Result<Value> backward_setstate(Context& cx, Reversed* self, int64_t index) {
  stm::Write<Reversed> w(cx, self);
  if (!w->sequence.is_unset())
    w.set(&Reversed::State::index,
          std::clamp<int64_t>(index, -1, list_length(cx, w->sequence.as<List>()) - 1));
  return kNone;
}
constexpr BuiltinDef kReverseIterMethods[] = {
    method<&iter_self<Reversed>>("__iter__", "($self, /)", Effects::kPure),
    method<&next_method<Reversed, &backward_next>>("__next__", "($self, /)", Effects::kWritesSelf),
    method<&backward_hint>("__length_hint__", "($self, /)", Effects::kReads),
    method<&backward_reduce>("__reduce__", "($self, /)"),
    method<&backward_setstate>("__setstate__", "($self, state, /)"),
};

}  // namespace

void define(Context& cx) {
  static constexpr TypeDef kList = {
      .name = "list",
      .kind = Kind::kList,
      .slot = &Types::list,
      .flags = kTypeBaseType | kTypeSequencePattern | kTypeMatchSelf,
      .methods = kMethods,
      .doc =
          "Built-in mutable sequence.\n\nIf no argument is given, the constructor creates a new "
          "empty list.\nThe argument must be an iterable if specified."};
  static constexpr TypeDef kIter = {.name = "list_iterator",
                                    .kind = Kind::kListIter,
                                    .slot = &Types::list_iterator,
                                    .flags = kTypeNoInstantiate,
                                    .methods = kIterMethods};
  static constexpr TypeDef kReverseIter = {.name = "list_reverseiterator",
                                           .kind = Kind::kReversed,
                                           .flags = kTypeNoInstantiate,
                                           .methods = kReverseIterMethods};
  define_type(cx, kList);
  define_type(cx, kIter);
  reverse_iterator_type = define_type(cx, kReverseIter);
  set_native_next(Kind::kListIter, &next_forward);
}

}  // namespace pystm::vm::list_methods

namespace pystm::vm {

bool is_list_reverse_iterator(Value v) { return type_of(v) == list_methods::reverse_iterator_type; }

Result<Value> reversed_list_next(Context& cx, Reversed* self) {
  stm::Write<Reversed> w(cx, self);
  if (w->sequence.is_unset()) return Value();
  const Value v = w->index < 0 ? Value() : list_get(cx, w->sequence.as<List>(), w->index);
  if (v.is_unset()) {
    w.set(&Reversed::State::index, int64_t{-1});
    w.set(&Reversed::State::sequence, Value());
  } else {
    w.set(&Reversed::State::index, w->index - 1);
  }
  return v;
}

}  // namespace pystm::vm
