// _collections: deque, defaultdict, and what collections.py takes from here for speed.
//
// A deque is a ring: `items` is an ItemArray whose length is a power of two, `head` the place of
// the first item. All of it is guarded by the deque's own vlock. `version` counts changes;
// iterators compare it. A defaultdict keeps its factory in the attribute dict behind its table.
#include "stdlib/modules.h"
#include "stdlib/native_class.h"

namespace pystm::lib {

namespace {

// --- deque: the ring -----------------------------------------------------------------------------

Type* deque_type;
enum class Deque { kItems, kHead, kSize, kVersion, kMaxlen, kCount };  // kMaxlen: None or int

struct Ring {
  ItemArray* items;  // null when never filled
  int64_t head, size, version;
  uint64_t mask() const { return items->length - 1; }
  Value* place(int64_t i) const {
    return items->items() + (static_cast<uint64_t>(head + i) & mask());
  }
};
Ring peek_ring(Instance* o) {
  const Value* s = instance_slots(o);
  const Value items = s[0];
  return {items.is_unset() ? nullptr : items.as<ItemArray>(), s[1].as_int(), s[2].as_int(),
          s[3].as_int()};
}
Ring read_ring(Context& cx, Value self) {
  auto* o = self.as<Instance>();
  for (;;) {
    const Ring ring = peek_ring(o);
    if (stm::read_check(cx, o)) return ring;
  }
}
int64_t deque_size(Context& cx, Value self) { return read_ring(cx, self).size; }
// Item i, unset when out of range.
Value deque_at(Context& cx, Value self, int64_t i) {
  auto* o = self.as<Instance>();
  for (;;) {
    const Ring ring = peek_ring(o);
    const Value v = ring.items != nullptr && i >= 0 && i < ring.size ? *ring.place(i) : Value();
    if (stm::read_check(cx, o)) return v;
  }
}
Ring own_ring(Context& cx, Value self) {
  stm::acquire(cx, self.as<Instance>());
  return peek_ring(self.as<Instance>());
}
void store_ring(Context& cx, Value self, const Ring& ring) {
  set_slot(
      cx, self, Deque::kHead,
      Value::of_int(ring.items == nullptr
                        ? 0
                        : static_cast<int64_t>(static_cast<uint64_t>(ring.head) & ring.mask())));
  set_slot(cx, self, Deque::kSize, Value::of_int(ring.size));
  set_slot(cx, self, Deque::kVersion, Value::of_int(ring.version + 1));
}
void put(Context& cx, const Ring& ring, int64_t i, Value v) {
  stm::write_slot(cx, ring.items, ring.items->birth, ring.place(i), v);
}
// Makes room for one more. The ring may be another one afterwards.
Result<void> make_room(Context& cx, Value self, Ring* ring) {
  if (ring->items != nullptr && ring->size < static_cast<int64_t>(ring->items->length)) return {};
  const size_t n = ring->items == nullptr ? 8 : ring->items->length * 2;
  ItemArray* bigger = TRY(new_item_array(cx, n));
  Ring next{bigger, 0, ring->size, ring->version};
  for (int64_t i = 0; i < ring->size; ++i) {
    *next.place(i) = *ring->place(i);
    gc::store_barrier(cx, bigger, next.place(i));
  }
  set_slot(cx, self, Deque::kItems, bigger);
  *ring = next;
  return {};
}
int64_t limit_of(Context& cx, Value self) {
  const Value n = slot(cx, self, Deque::kMaxlen);
  return n == kNone ? -1 : n.as_int();
}
Value pop_left(Context& cx, Value self) {
  Ring ring = own_ring(cx, self);
  const Value v = *ring.place(0);
  put(cx, ring, 0, Value());
  ++ring.head;
  --ring.size;
  store_ring(cx, self, ring);
  return v;
}
Value pop_right(Context& cx, Value self) {
  Ring ring = own_ring(cx, self);
  const Value v = *ring.place(ring.size - 1);
  put(cx, ring, ring.size - 1, Value());
  --ring.size;
  store_ring(cx, self, ring);
  return v;
}
Result<void> push_right(Context& cx, Value self, Value v) {
  Ring ring = own_ring(cx, self);
  const int64_t limit = limit_of(cx, self);
  if (limit == 0) return {};
  if (limit >= 0 && ring.size >= limit) {
    (void)pop_left(cx, self);
    ring = own_ring(cx, self);
  }
  TRY(make_room(cx, self, &ring));
  put(cx, ring, ring.size, v);
  ++ring.size;
  store_ring(cx, self, ring);
  return {};
}
Result<void> push_left(Context& cx, Value self, Value v) {
  Ring ring = own_ring(cx, self);
  const int64_t limit = limit_of(cx, self);
  if (limit == 0) return {};
  if (limit >= 0 && ring.size >= limit) {
    (void)pop_right(cx, self);
    ring = own_ring(cx, self);
  }
  TRY(make_room(cx, self, &ring));
  --ring.head;
  put(cx, ring, 0, v);
  ++ring.size;
  store_ring(cx, self, ring);
  return {};
}
void clear_deque(Context& cx, Value self) {
  Ring ring = own_ring(cx, self);
  set_slot(cx, self, Deque::kItems, Value());
  store_ring(cx, self, Ring{nullptr, 0, 0, ring.version});
}
Result<Tuple*> items_of(Context& cx, Value self) {
  const int64_t n = deque_size(cx, self);
  Tuple* t = TRY(alloc_tuple(cx, static_cast<size_t>(n)));
  for (int64_t i = 0; i < n; ++i) t->items()[i] = deque_at(cx, self, i);
  return t;
}
bool is_deque(Value v) { return is_subtype(type_of(v), deque_type); }

// --- deque: methods ------------------------------------------------------------------------------

Value blank_deque(Context& cx, Type* type, Value maxlen) {
  const Value self = alloc_object(cx, type->shape);
  set_slot(cx, self, Deque::kHead, Value::of_int(0));
  set_slot(cx, self, Deque::kSize, Value::of_int(0));
  set_slot(cx, self, Deque::kVersion, Value::of_int(0));
  set_slot(cx, self, Deque::kMaxlen, maxlen);
  return self;
}
Result<Value> deque_new(Context& cx, Type* type, Args, Kwargs) {
  TRY(check_new(cx, type, deque_type));
  return blank_deque(cx, type, kNone);
}
Result<void> deque_extend(Context& cx, Value self, Value iterable) {
  if (iterable == self) iterable = TRY(items_of(cx, self));
  return for_each(cx, iterable, [&](Value v) -> Result<void> { return push_right(cx, self, v); });
}
Result<void> deque_extendleft(Context& cx, Value self, Value iterable) {
  if (iterable == self) iterable = TRY(items_of(cx, self));
  return for_each(cx, iterable, [&](Value v) -> Result<void> { return push_left(cx, self, v); });
}
Result<void> deque_init(Context& cx, Value self, Opt iterable, Value maxlen) {
  Value limit = kNone;
  if (maxlen != kNone) {
    if (!is_int(maxlen)) return raise(cx, kTypeError, "an integer is required");
    const int64_t n = TRY(to_index64(cx, maxlen, kOverflowError));
    if (n < 0) return raise(cx, kValueError, "maxlen must be non-negative");
    limit = make_int(cx, n);
  }
  set_slot(cx, self, Deque::kMaxlen, limit);
  if (deque_size(cx, self) > 0) clear_deque(cx, self);
  if (!iterable.given()) return {};
  return deque_extend(cx, self, iterable.value);
}
Result<Value> deque_pop(Context& cx, Value self) {
  if (own_ring(cx, self).size == 0) return raise(cx, kIndexError, "pop from an empty deque");
  return pop_right(cx, self);
}
Result<Value> deque_popleft(Context& cx, Value self) {
  if (own_ring(cx, self).size == 0) return raise(cx, kIndexError, "pop from an empty deque");
  return pop_left(cx, self);
}
Result<void> deque_clear(Context& cx, Value self) {
  clear_deque(cx, self);
  return {};
}
void rotate_by(Context& cx, Value self, int64_t n) {
  Ring ring = own_ring(cx, self);
  if (ring.size <= 1) return;
  n %= ring.size;
  if (n > ring.size / 2) n -= ring.size;
  if (n < -ring.size / 2) n += ring.size;
  for (; n > 0; --n) {
    const Value v = *ring.place(ring.size - 1);
    put(cx, ring, ring.size - 1, Value());
    --ring.head;
    put(cx, ring, 0, v);
  }
  for (; n < 0; ++n) {
    const Value v = *ring.place(0);
    put(cx, ring, 0, Value());
    ++ring.head;
    put(cx, ring, ring.size - 1, v);
  }
  store_ring(cx, self, ring);
}
Result<void> deque_rotate(Context& cx, Value self, int64_t n) {
  rotate_by(cx, self, n);
  return {};
}
Result<void> deque_reverse(Context& cx, Value self) {
  Ring ring = own_ring(cx, self);
  for (int64_t i = 0, j = ring.size - 1; i < j; ++i, --j) {
    const Value a = *ring.place(i), b = *ring.place(j);
    put(cx, ring, i, b);
    put(cx, ring, j, a);
  }
  return {};
}
// Calls f(i, equal) for [start, stop); error when the deque changes meanwhile.
template <class F>
Result<void> scan(Context& cx, Value self, Value value, int64_t start, int64_t stop, ExcId error,
                  const char* text, F&& f) {
  const int64_t version = read_ring(cx, self).version;
  for (int64_t i = start; i < stop; ++i) {
    const Value item = deque_at(cx, self, i);
    if (item.is_unset()) break;
    const bool equal = TRY(values_equal(cx, item, value));
    if (read_ring(cx, self).version != version) return raise(cx, error, "%s", text);
    if (equal && !f(i)) break;
  }
  return {};
}
constexpr const char* kMutated = "deque mutated during iteration";
Result<int64_t> deque_count(Context& cx, Value self, Value value) {
  int64_t n = 0;
  TRY(scan(cx, self, value, 0, INT64_MAX, kRuntimeError, kMutated,
           [&](int64_t) { return ++n, true; }));
  return n;
}
Result<int64_t> find_in(Context& cx, Value self, Value value, int64_t start, int64_t stop,
                        ExcId error, const char* text) {
  int64_t found = -1;
  TRY(scan(cx, self, value, start, stop, error, text, [&](int64_t i) { return found = i, false; }));
  return found;
}
Result<bool> deque_contains(Context& cx, Value self, Value value) {
  return TRY(find_in(cx, self, value, 0, INT64_MAX, kRuntimeError, kMutated)) >= 0;
}
Result<int64_t> deque_index(Context& cx, Value self, Value value, Opt start, Opt stop) {
  const Range64 range = TRY(search_range(cx, start, stop, deque_size(cx, self)));
  const int64_t i = TRY(find_in(cx, self, value, range.start, range.end, kRuntimeError, kMutated));
  if (i < 0) return raise(cx, kValueError, "%s is not in deque", repr_utf8(cx, value).c_str());
  return i;
}
void delete_at(Context& cx, Value self, int64_t i) {
  rotate_by(cx, self, -i);
  (void)pop_left(cx, self);
  rotate_by(cx, self, i);
}
Result<void> deque_remove(Context& cx, Value self, Value value) {
  const int64_t i =
      TRY(find_in(cx, self, value, 0, INT64_MAX, kIndexError, "deque mutated during remove()."));
  if (i < 0) return raise(cx, kValueError, "%s is not in deque", repr_utf8(cx, value).c_str());
  delete_at(cx, self, i);
  return {};
}
Result<void> deque_insert(Context& cx, Value self, Index index, Value value) {
  const int64_t n = deque_size(cx, self), limit = limit_of(cx, self);
  if (limit >= 0 && n >= limit) return raise(cx, kIndexError, "deque already at its maximum size");
  const int64_t i = index.clamp(n);
  if (i >= n) return push_right(cx, self, value);
  rotate_by(cx, self, -i);
  TRY(push_left(cx, self, value));
  rotate_by(cx, self, i);
  return {};
}
Result<Value> deque_copy(Context& cx, Value self) {
  const Value maxlen = slot(cx, self, Deque::kMaxlen);
  Type* type = type_of(self);
  if (type != deque_type) {
    if (maxlen == kNone) return call(cx, type, {self});
    return call(cx, type, {self, maxlen});
  }
  const Value copy = blank_deque(cx, type, maxlen);
  TRY(deque_extend(cx, copy, self));
  return copy;
}
Result<int64_t> deque_position(Context& cx, Value self, Value key) {
  const int64_t n = deque_size(cx, self);
  if (!has_index(key))
    return raise(cx, kTypeError, "sequence index must be integer, not '%s'", TYPE_NAME(key));
  int64_t i = TRY(to_index64(cx, key, kIndexError));
  if (i < 0) i += n;
  if (i < 0 || i >= n) return raise(cx, kIndexError, "deque index out of range");
  return i;
}
Result<Value> deque_getitem(Context& cx, Value self, Value key) {
  return deque_at(cx, self, TRY(deque_position(cx, self, key)));
}
Result<void> deque_setitem(Context& cx, Value self, Value key, Value v) {
  const int64_t i = TRY(deque_position(cx, self, key));
  const Ring ring = own_ring(cx, self);
  if (i < ring.size) put(cx, ring, i, v);
  return {};
}
Result<void> deque_delitem(Context& cx, Value self, Value key) {
  delete_at(cx, self, TRY(deque_position(cx, self, key)));
  return {};
}
Result<Value> deque_repr(Context& cx, Value self) {
  ReprGuard guard(cx, self);
  if (guard.running()) return Value(intern(cx, "[...]"));
  StrBuilder out;
  out.add(short_name(self));
  out.add_ascii("(");
  const Value list = TRY(to_list(cx, TRY(items_of(cx, self))));
  TRY(add_repr(cx, out, list));
  const Value maxlen = slot(cx, self, Deque::kMaxlen);
  if (maxlen != kNone) {
    out.add_ascii(", maxlen=");
    TRY(add_repr(cx, out, maxlen));
  }
  out.add_ascii(")");
  return Value(TRY(out.finish(cx)));
}
template <CompareOp kOp>
Result<Value> deque_compare(Context& cx, Value self, Value other) {
  if (!is_deque(other)) return kNotImplemented;
  const int64_t n = deque_size(cx, self), m = deque_size(cx, other);
  if (n != m && (kOp == CompareOp::kEq || kOp == CompareOp::kNe))
    return of_bool(kOp == CompareOp::kNe);
  for (int64_t i = 0; i < n && i < m; ++i) {
    const Value a = deque_at(cx, self, i), b = deque_at(cx, other, i);
    if (a.is_unset() || b.is_unset()) return raise(cx, kRuntimeError, "%s", kMutated);
    if (!TRY(values_equal(cx, a, b))) {
      if (kOp == CompareOp::kEq) return kFalse;
      if (kOp == CompareOp::kNe) return kTrue;
      return compare(cx, kOp, a, b);
    }
  }
  return of_bool(holds(kOp, n < m ? -1 : n > m ? 1 : 0, 0));
}
Result<Value> deque_add(Context& cx, Value self, Value other) {
  if (!is_deque(other))
    return raise(cx, kTypeError, "can only concatenate deque (not \"%s\") to deque",
                 TYPE_NAME(other));
  const Value copy = TRY(deque_copy(cx, self));
  TRY(deque_extend(cx, copy, other));
  return copy;
}
Result<Value> deque_iadd(Context& cx, Value self, Value other) {
  TRY(deque_extend(cx, self, other));
  return self;
}
Result<Value> deque_imul(Context& cx, Value self, Value n) {
  const int64_t times = TRY(repeat_count(cx, n));
  if (times == 0) {
    clear_deque(cx, self);
    return self;
  }
  Tuple* items = TRY(items_of(cx, self));
  if (items->length == 0) return self;
  const int64_t limit = limit_of(cx, self);
  if (limit < 0 && static_cast<uint64_t>(times) > (uint64_t{1} << 40) / items->length)
    return raise_no_memory(cx);
  int64_t rounds = times - 1;
  if (limit >= 0) rounds = std::min(rounds, limit / static_cast<int64_t>(items->length) + 1);
  for (int64_t i = 0; i < rounds; ++i)
    for (size_t j = 0; j < items->length; ++j) TRY(push_right(cx, self, (*items)[j]));
  return self;
}
Result<Value> deque_mul(Context& cx, Value self, Value n) {
  (void)TRY(repeat_count(cx, n));
  return deque_imul(cx, TRY(deque_copy(cx, self)), n);
}
Result<Value> deque_maxlen(Context& cx, Value self) { return slot(cx, self, Deque::kMaxlen); }

// --- deque: iterators ----------------------------------------------------------------------------

Type* deque_iter_type;
Type* deque_reverse_type;
enum class DequeIter { kDeque, kIndex, kVersion, kCount };

Value make_deque_iter(Context& cx, Type* type, Value deque) {
  const Value self = alloc_object(cx, type->shape);
  set_slot(cx, self, DequeIter::kDeque, deque);
  set_slot(cx, self, DequeIter::kIndex, Value::of_int(0));
  set_slot(cx, self, DequeIter::kVersion, Value::of_int(read_ring(cx, deque).version));
  return self;
}
Value deque_iter(Context& cx, Value self) { return make_deque_iter(cx, deque_iter_type, self); }
Value deque_reversed(Context& cx, Value self) {
  return make_deque_iter(cx, deque_reverse_type, self);
}
template <Type*& kOwn>
Result<Value> deque_iter_new(Context& cx, Type* type, Value deque, int64_t index) {
  if (!is_deque(deque))
    return raise(cx, kTypeError, "argument 1 must be collections.deque, not %s", TYPE_NAME(deque));
  TRY(check_new(cx, type, kOwn));
  const Value self = make_deque_iter(cx, type, deque);
  set_slot(cx, self, DequeIter::kIndex, Value::of_int(index < 0 ? 0 : index));
  return self;
}
template <bool kReverse>
Result<Value> deque_iter_step(Context& cx, Value self) {
  const Value deque = slot(cx, self, DequeIter::kDeque);
  const int64_t index = slot(cx, self, DequeIter::kIndex).as_int();
  const Ring ring = read_ring(cx, deque);
  if (index < 0) return Value();
  if (ring.version != slot(cx, self, DequeIter::kVersion).as_int()) {
    set_slot(cx, self, DequeIter::kIndex, Value::of_int(-1));
    return raise(cx, kRuntimeError, "%s", kMutated);
  }
  if (index >= ring.size) return Value();
  set_slot(cx, self, DequeIter::kIndex, Value::of_int(index + 1));
  return deque_at(cx, deque, kReverse ? ring.size - 1 - index : index);
}
Result<int64_t> deque_iter_hint(Context& cx, Value self) {
  const int64_t index = slot(cx, self, DequeIter::kIndex).as_int();
  if (index < 0) return int64_t{0};
  return std::max<int64_t>(deque_size(cx, slot(cx, self, DequeIter::kDeque)) - index, 0);
}
Result<Value> deque_iter_reduce(Context& cx, Value self) {
  const Value args =
      TRY(tuple_of(cx, {slot(cx, self, DequeIter::kDeque), slot(cx, self, DequeIter::kIndex)}));
  return tuple_of(cx, {Value(type_of(self)), args});
}
Result<Value> deque_reduce(Context& cx, Value self) {
  const Value state = TRY(call_method(cx, self, "__getstate__", {}));
  const Value it = TRY(get_iter(cx, self)), maxlen = slot(cx, self, Deque::kMaxlen);
  Value args = empty_tuple();
  if (maxlen != kNone) args = TRY(tuple_of(cx, {Value(empty_tuple()), maxlen}));
  return tuple_of(cx, {Value(type_of(self)), args, state, it});
}

constexpr BuiltinDef kDeque[] = {
    static_method<&deque_new>("__new__", "($type, /, *args, **kwargs)"),
    method<&deque_init>("__init__", "($self, /, iterable=unset, maxlen=None)"),
    method<&push_right>("append", "($self, item, /)", Effects::kWritesSelf),
    method<&push_left>("appendleft", "($self, item, /)", Effects::kWritesSelf),
    method<&deque_pop>("pop", "($self, /)", Effects::kWritesSelf),
    method<&deque_popleft>("popleft", "($self, /)", Effects::kWritesSelf),
    method<&deque_clear>("clear", "($self, /)", Effects::kWritesSelf),
    method<&deque_extend>("extend", "($self, iterable, /)"),
    method<&deque_extendleft>("extendleft", "($self, iterable, /)"),
    method<&deque_rotate>("rotate", "($self, n=1, /)"),
    method<&deque_reverse>("reverse", "($self, /)", Effects::kWritesSelf),
    method<&deque_count>("count", "($self, value, /)"),
    method<&deque_index>("index", "($self, value, start=unset, stop=unset, /)"),
    method<&deque_remove>("remove", "($self, value, /)"),
    method<&deque_insert>("insert", "($self, index, value, /)"),
    method<&deque_copy>("copy", "($self, /)"),
    method<&deque_copy>("__copy__", "($self, /)"),
    method<&deque_size>("__len__", "($self, /)", Effects::kReads),
    method<&deque_getitem>("__getitem__", "($self, key, /)"),
    method<&deque_setitem>("__setitem__", "($self, key, value, /)"),
    method<&deque_delitem>("__delitem__", "($self, key, /)"),
    method<&deque_contains>("__contains__", "($self, key, /)"),
    method<&deque_iter>("__iter__", "($self, /)", Effects::kReads),
    method<&deque_reversed>("__reversed__", "($self, /)", Effects::kReads),
    method<&deque_repr>("__repr__", "($self, /)"),
    method<&deque_reduce>("__reduce__", "($self, /)"),
    method<&deque_add>("__add__", "($self, value, /)"),
    method<&deque_iadd>("__iadd__", "($self, value, /)"),
    method<&deque_mul>("__mul__", "($self, value, /)"),
    method<&deque_mul>("__rmul__", "($self, value, /)"),
    method<&deque_imul>("__imul__", "($self, value, /)"),
    COMPARE_ROWS(deque_compare, Effects::kCallsPython),
    class_method<&class_getitem>("__class_getitem__", "($type, object, /)"),
};
constexpr GetSetDef kDequeGetSets[] = {
    {"maxlen", deque_maxlen, nullptr, "maximum size of a deque or None if unbounded"}};
constexpr BuiltinDef kDequeIter[] = {
    static_method<&deque_iter_new<deque_iter_type>>("__new__", "($type, deque, index=0, /)"),
    STEPPING_ROWS(deque_iter_step<false>, Effects::kWritesSelf),
    method<&deque_iter_hint>("__length_hint__", "($self, /)"),
    method<&deque_iter_reduce>("__reduce__", "($self, /)"),
};
constexpr BuiltinDef kDequeReverse[] = {
    static_method<&deque_iter_new<deque_reverse_type>>("__new__", "($type, deque, index=0, /)"),
    STEPPING_ROWS(deque_iter_step<true>, Effects::kWritesSelf),
    method<&deque_iter_hint>("__length_hint__", "($self, /)"),
    method<&deque_iter_reduce>("__reduce__", "($self, /)"),
};

// --- defaultdict ---------------------------------------------------------------------------------

Type* defaultdict_type;
constexpr const char* kFactory = "default_factory";

Result<Value> dict_method(Context& cx, const char* name, std::initializer_list<Value> args) {
  return call(cx, type_lookup(types().dict, intern(cx, name)), args);
}
Result<Value> factory_of(Context& cx, Value self) {
  const Value d = TRY(instance_dict(cx, self, false));
  if (d.is_unset()) return kNone;
  const Value f = dict_get_str(cx, d.as<Dict>(), intern(cx, kFactory));
  return f.is_unset() ? kNone : f;
}
Result<void> set_factory(Context& cx, Value self, Value f) {
  const Value d = TRY(instance_dict(cx, self, true));
  return dict_set_str(cx, d.as<Dict>(), intern(cx, kFactory), f.is_unset() ? kNone : f);
}
Result<void> defaultdict_init(Context& cx, Value self, Args args, Kwargs kwargs) {
  const Value factory = args.count == 0 ? kNone : args[0];
  if (factory != kNone && !is_callable(factory))
    return raise(cx, kTypeError, "first argument must be callable or None");
  TRY(set_factory(cx, self, factory));
  List* all = new_list(cx);
  TRY(list_append(cx, all, self));
  for (uint32_t i = 1; i < args.count; ++i) TRY(list_append(cx, all, args[i]));
  for (uint32_t i = 0; i < kwargs.count(); ++i) TRY(list_append(cx, all, kwargs.values[i]));
  Tuple* t = TRY(list_to_tuple(cx, all));
  TRY(call_kw(cx, type_lookup(types().dict, dunder_name(Dunder::kInit)), t->items(), t->length,
              kwargs.names));
  return {};
}
Result<Value> defaultdict_missing(Context& cx, Value self, Value key) {
  const Value factory = TRY(factory_of(cx, self));
  if (factory == kNone) return raise_type_value(cx, kKeyError, key);
  const Value v = TRY(call(cx, factory, {}));
  TRY(set_item(cx, self, key, v));
  return v;
}
Result<Value> defaultdict_repr(Context& cx, Value self) {
  const Value factory = TRY(factory_of(cx, self));
  const Value base = TRY(dict_method(cx, "__repr__", {self}));
  StrBuilder out;
  out.add(short_name(self));
  out.add_ascii("(");
  if (factory == kNone) {
    out.add_ascii("None");
  } else {
    ReprGuard guard(cx, factory);
    if (guard.running()) {
      out.add_ascii("...");
    } else {
      TRY(add_repr(cx, out, factory));
    }
  }
  out.add_ascii(", ");
  out.add(TRY(flatten(cx, base)));
  out.add_ascii(")");
  return Value(TRY(out.finish(cx)));
}
Result<Value> defaultdict_copy(Context& cx, Value self) {
  return call(cx, Value(type_of(self)), {TRY(factory_of(cx, self)), self});
}
Result<Value> defaultdict_reduce(Context& cx, Value self) {
  const Value factory = TRY(factory_of(cx, self));
  const Value args = factory == kNone ? Value(empty_tuple()) : TRY(tuple_of(cx, {factory}));
  const Value items = TRY(get_iter(cx, TRY(call_method(cx, self, "items", {}))));
  return tuple_of(cx, {Value(type_of(self)), args, kNone, kNone, items});
}
Result<Value> defaultdict_or(Context& cx, Value self, Value other) {
  if (!is_dict(other)) return kNotImplemented;
  const Value made = TRY(defaultdict_copy(cx, self));
  TRY(dict_method(cx, "update", {made, other}));
  return made;
}
Result<Value> defaultdict_ror(Context& cx, Value self, Value other) {
  if (!is_dict(other)) return kNotImplemented;
  const Value made = TRY(call(cx, Value(type_of(self)), {TRY(factory_of(cx, self)), other}));
  TRY(dict_method(cx, "update", {made, self}));
  return made;
}
constexpr BuiltinDef kDefaultdict[] = {
    method<&defaultdict_init>("__init__", "($self, /, *args, **kwargs)"),
    method<&defaultdict_missing>("__missing__", "($self, key, /)"),
    method<&defaultdict_repr>("__repr__", "($self, /)"),
    method<&defaultdict_copy>("copy", "($self, /)"),
    method<&defaultdict_copy>("__copy__", "($self, /)"),
    method<&defaultdict_reduce>("__reduce__", "($self, /)"),
    method<&defaultdict_or>("__or__", "($self, value, /)"),
    method<&defaultdict_ror>("__ror__", "($self, value, /)"),
    class_method<&class_getitem>("__class_getitem__", "($type, object, /)"),
};
Result<Value> attributes_of(Context& cx, Value self) { return instance_dict(cx, self, true); }
constexpr GetSetDef kDefaultdictGetSets[] = {
    {"__dict__", attributes_of},
    {kFactory, factory_of, set_factory, "Factory for default value called by __missing__()."}};

// --- _tuplegetter: the fields of a namedtuple ----------------------------------------------------

Type* tuplegetter_type;
enum class Getter { kIndex, kDoc, kCount };

Result<Value> tuplegetter_new(Context& cx, Type* type, int64_t index, Value doc) {
  const Value self = TRY(make_native(cx, type, tuplegetter_type));
  set_slot(cx, self, Getter::kIndex, Value::of_int(index));
  set_slot(cx, self, Getter::kDoc, doc);
  return self;
}
Result<Value> tuplegetter_get(Context& cx, Value self, Value object, Value) {
  if (object == kNone) return self;
  const int64_t index = slot(cx, self, Getter::kIndex).as_int();
  if (!is_tuple(object))
    return raise(cx, kTypeError,
                 "descriptor for index '%lld' for tuple subclasses doesn't apply to '%s' object",
                 static_cast<long long>(index), TYPE_NAME(object));
  auto* t = object.as<Tuple>();
  if (index < 0 || index >= static_cast<int64_t>(t->length))
    return raise(cx, kIndexError, "tuple index out of range");
  return (*t)[static_cast<size_t>(index)];
}
Result<void> tuplegetter_set(Context& cx, Value, Value, Value) {
  return raise(cx, kAttributeError, "can't set attribute");
}
Result<void> tuplegetter_delete(Context& cx, Value, Value) {
  return raise(cx, kAttributeError, "can't delete attribute");
}
Result<Value> tuplegetter_reduce(Context& cx, Value self) {
  const Value args =
      TRY(tuple_of(cx, {slot(cx, self, Getter::kIndex), slot(cx, self, Getter::kDoc)}));
  return tuple_of(cx, {Value(type_of(self)), args});
}
Result<Value> tuplegetter_repr(Context& cx, Value self) {
  StrBuilder out;
  out.add(short_name(self));
  out.add_ascii("(");
  TRY(add_repr(cx, out, slot(cx, self, Getter::kIndex)));
  out.add_ascii(", ");
  TRY(add_repr(cx, out, slot(cx, self, Getter::kDoc)));
  out.add_ascii(")");
  return Value(TRY(out.finish(cx)));
}
Result<Value> tuplegetter_doc(Context& cx, Value self) { return slot(cx, self, Getter::kDoc); }
Result<void> tuplegetter_set_doc(Context& cx, Value self, Value doc) {
  set_slot(cx, self, Getter::kDoc, doc.is_unset() ? kNone : doc);
  return {};
}
constexpr BuiltinDef kTuplegetter[] = {
    static_method<&tuplegetter_new>("__new__", "($type, index, doc, /)"),
    method<&tuplegetter_get>("__get__", "($self, instance, owner=None, /)"),
    method<&tuplegetter_set>("__set__", "($self, instance, value, /)"),
    method<&tuplegetter_delete>("__delete__", "($self, instance, /)"),
    method<&tuplegetter_reduce>("__reduce__", "($self, /)"),
    method<&tuplegetter_repr>("__repr__", "($self, /)"),
};
constexpr GetSetDef kTuplegetterGetSets[] = {{"_doc", tuplegetter_doc, tuplegetter_set_doc}};

// --- functions -----------------------------------------------------------------------------------

// Counter's loop: mapping[elem] = mapping.get(elem, 0) + 1.
Result<void> count_elements(Context& cx, Value mapping, Value iterable) {
  Str* get = intern(cx, "get");
  const bool plain =
      is_dict(mapping) && type_lookup(type_of(mapping), get) == type_lookup(types().dict, get) &&
      type_of(mapping)->dunder(Dunder::kSetItem) == types().dict->dunder(Dunder::kSetItem);
  return for_each(cx, iterable, [&](Value key) -> Result<void> {
    if (plain) {
      auto* d = mapping.as<Dict>();
      const int64_t hash = TRY(hash_value(cx, key));
      const Value old = TRY(dict_get_hashed(cx, d, key, hash));
      const Value n = old.is_unset() ? Value::of_int(1)
                                     : TRY(binary_op(cx, BinaryOp::kAdd, old, Value::of_int(1)));
      return dict_set_hashed(cx, d, key, hash, n);
    }
    const Value old = TRY(call_method(cx, mapping, get, {key, Value::of_int(0)}));
    return set_item(cx, mapping, key, TRY(binary_op(cx, BinaryOp::kAdd, old, Value::of_int(1))));
  });
}

constexpr BuiltinDef kFunctions[] = {
    function<&count_elements>("_count_elements", "(mapping, iterable, /)")};

Result<void> init(Context& cx, Module* m) {
  deque_type = keep(define_native_class(
      cx, "collections.deque", static_cast<unsigned>(Deque::kCount), kDeque, kDequeGetSets,
      "deque([iterable[, maxlen]]) --> deque object\n\nA list-like sequence optimized for "
      "data accesses near its endpoints.",
      nullptr, kTypeBaseType | kTypeHasWeakref | kTypeSequencePattern));
  constexpr auto kIter = static_cast<unsigned>(DequeIter::kCount);
  deque_iter_type =
      keep(define_native_class(cx, "_collections._deque_iterator", kIter, kDequeIter));
  deque_reverse_type =
      keep(define_native_class(cx, "_collections._deque_reverse_iterator", kIter, kDequeReverse));
  set_native_class_next(deque_iter_type, deque_iter_step<false>);
  set_native_class_next(deque_reverse_type, deque_iter_step<true>);
  defaultdict_type = keep(define_native_class(
      cx, "collections.defaultdict", 0, kDefaultdict, kDefaultdictGetSets,
      "defaultdict(default_factory=None, /, [...]) --> dict with default factory\n\nThe default "
      "factory is called without "
      "arguments to produce\na new value when a key is not present, in __getitem__ only.\nA "
      "defaultdict compares equal to a "
      "dict with the same items.\nAll remaining arguments are treated the same as if they "
      "were\npassed to the dict "
      "constructor, including keyword arguments.",
      types().dict,
      kTypeBaseType | kTypeHeap | kTypeHasDict | kTypeHasWeakref | kTypeMappingPattern));
  tuplegetter_type = keep(define_native_class(cx, "_collections._tuplegetter",
                                              static_cast<unsigned>(Getter::kCount), kTuplegetter,
                                              kTuplegetterGetSets));
  TRY(dict_set_str(cx, tuplegetter_type->dict, names().__doc__,
                   dict_peek(tuplegetter_type->dict, intern(cx, "_doc"))));
  for (Type* type :
       {deque_type, deque_iter_type, deque_reverse_type, defaultdict_type, tuplegetter_type})
    TRY(module_add_type(cx, m, type));
  return {};
}

const ModuleDef kModule = {"_collections", kFunctions, init, "High performance data structures."};

}  // namespace

void register__collections() { register_module(kModule); }

}  // namespace pystm::lib
