// set and frozenset: methods and operators. The table is in vm/object/set.cpp. Results are built
// the way CPython builds them (which side is walked, which is looked up), because that shows in the
// order of iteration.
#include "vm/object/shapes_internal.h"
#include "vm/types/define.h"
#include "vm/types/support.h"

namespace pystm::vm::set_methods {
namespace {

Type* base_type(Value s) { return is_frozenset(s) ? types().frozenset : types().set; }

Result<Value> as_type_of(Context& cx, Set* s, Type* type) {
  if (type == types().set) return Value(s);
  if (static_cast<Kind>(type->kind) == Kind::kSet) return set_copy(cx, s, type);
  return frozen_set(cx, s, type);
}

Result<Set*> copy_of(Context& cx, Value s) {
  Set* out = new_set(cx);
  TRY(set_update(cx, out, s));
  return out;
}

void take_table(Context& cx, Set* self, Set* from) {
  stm::Read<Set> r(cx, from);
  stm::Write<Set> w(cx, self);
  w.set(&Set::State::storage, r->storage);
  w.set(&Set::State::used, r->used);
  w.set(&Set::State::fill, r->fill);
}

// f(key, hash) for each; f returns Result<void> or Result<bool> (false stops).
template <class F>
Result<void> each_key(Context& cx, Value s, F f) {
  Word position = 0;
  Value key;
  int64_t hash;
  while (set_next(cx, s, &position, &key, &hash)) {
    if constexpr (std::is_same_v<decltype(f(key, hash)), Result<bool>>) {
      if (!TRY(f(key, hash))) return {};
    } else {
      TRY(f(key, hash));
    }
  }
  return {};
}

// A set used as a key is looked up as the frozenset equal to it.
template <class F>
Result<bool> with_hashable(Context& cx, Value key, F f) {
  auto r = f(key);
  if (!r.is_error() || !is_set(key) || !pending_is(cx, kTypeError)) return r;
  clear_exception(cx);
  const Value frozen = TRY(new_frozenset(cx, types().frozenset, key));
  return f(frozen);
}

// --- operations on any two -----------------------------------------------------------------------

Result<Set*> intersect(Context& cx, Value self, Value other) {
  if (self == other) return copy_of(cx, self);
  Set* out = new_set(cx);
  if (is_any_set(other)) {
    if (set_length(cx, other) > set_length(cx, self)) std::swap(self, other);
    TRY(each_key(cx, other, [&](Value key, int64_t hash) -> Result<void> {
      if (TRY(set_contains_hashed(cx, self, key, hash))) TRY(set_add_absent(cx, out, key, hash));
      return {};
    }));
    return out;
  }
  TRY(for_each(cx, other, [&](Value key) -> Result<void> {
    const int64_t hash = TRY(hash_value(cx, key));
    if (TRY(set_contains_hashed(cx, self, key, hash)))
      (void)TRY(set_add_hashed(cx, out, key, hash));
    return {};
  }));
  return out;
}

Result<void> subtract(Context& cx, Set* self, Value other) {
  if (Value(self) == other) {
    set_clear(cx, self);
    return {};
  }
  if (is_any_set(other)) {
    if ((set_length(cx, other) >> 3) > set_length(cx, self))
      other = TRY(intersect(cx, self, other));
    TRY(each_key(cx, other, [&](Value key, int64_t hash) -> Result<void> {
      (void)TRY(set_discard_hashed(cx, self, key, hash));
      return {};
    }));
  } else {
    TRY(for_each(cx, other, [&](Value key) -> Result<void> {
      (void)TRY(set_discard(cx, self, key));
      return {};
    }));
  }
  return set_drop_removed(cx, self);
}

Result<Set*> difference_of(Context& cx, Value self, Value other) {
  const bool table = is_any_set(other) || is_exact_dict(other);
  const int64_t size = !table              ? 0
                       : is_any_set(other) ? set_length(cx, other)
                                           : dict_length(cx, other.as<Dict>());
  if (!table || (set_length(cx, self) >> 2) > size) {
    Set* out = TRY(copy_of(cx, self));
    TRY(subtract(cx, out, other));
    return out;
  }
  Set* out = new_set(cx);
  TRY(each_key(cx, self, [&](Value key, int64_t hash) -> Result<void> {
    const bool there = is_any_set(other)
                           ? TRY(set_contains_hashed(cx, other, key, hash))
                           : !TRY(dict_get_hashed(cx, other.as<Dict>(), key, hash)).is_unset();
    if (!there) TRY(set_add_absent(cx, out, key, hash));
    return {};
  }));
  return out;
}

Result<void> toggle(Context& cx, Set* self, Value other) {
  if (Value(self) == other) {
    set_clear(cx, self);
    return {};
  }
  const Value keys = is_any_set(other) ? other : Value(TRY(copy_of(cx, other)));
  return each_key(cx, keys, [&](Value key, int64_t hash) -> Result<void> {
    if (!TRY(set_discard_hashed(cx, self, key, hash))) TRY(set_add_absent(cx, self, key, hash));
    return {};
  });
}

Result<bool> subset(Context& cx, Value self, Value other) {
  if (set_length(cx, self) > set_length(cx, other)) return false;
  bool all = true;
  TRY(each_key(cx, self, [&](Value key, int64_t hash) -> Result<bool> {
    all = TRY(set_contains_hashed(cx, other, key, hash));
    return all;
  }));
  return all;
}

// --- rows for both types (S is Set or FrozenSet) -------------------------------------------------

template <class S>
Result<int64_t> len(Context& cx, S* self) {
  return set_length(cx, self);
}
template <class S>
Result<bool> has(Context& cx, S* self, Value key) {
  return with_hashable(cx, key, [&](Value k) { return set_contains(cx, self, k); });
}

template <class S>
Result<Value> repr_of(Context& cx, S* self) {
  const std::string name = type_name(Value(self));
  ReprGuard guard(cx, self);
  if (guard.running()) return Value(TRY(new_str(cx, name + "(...)")));
  if (set_length(cx, self) == 0) return Value(TRY(new_str(cx, name + "()")));
  const bool plain = is_exact_set(self);
  Tuple* keys = TRY(to_tuple(cx, TRY(to_list(cx, self))));
  StrBuilder out;
  if (!plain) {
    out.add(name);
    out.add_ascii("(");
  }
  out.add_ascii("{");
  for (size_t i = 0; i < keys->length; ++i) {
    if (i > 0) out.add_ascii(", ");
    TRY(add_repr(cx, out, (*keys)[i]));
  }
  out.add_ascii(plain ? "}" : "})");
  return Value(TRY(out.finish(cx)));
}

template <class S, CompareOp Op>
Result<Value> rich_compare(Context& cx, S* self, Value other) {
  if (!is_any_set(other)) return kNotImplemented;
  const int64_t n = set_length(cx, self), m = set_length(cx, other);
  switch (Op) {
    case CompareOp::kEq:
      return of_bool(n == m && TRY(subset(cx, self, other)));
    case CompareOp::kNe:
      return of_bool(!(n == m && TRY(subset(cx, self, other))));
    case CompareOp::kLt:
      return of_bool(n < m && TRY(subset(cx, self, other)));
    case CompareOp::kLe:
      return of_bool(TRY(subset(cx, self, other)));
    case CompareOp::kGt:
      return of_bool(n > m && TRY(subset(cx, other, self)));
    case CompareOp::kGe:
      return of_bool(TRY(subset(cx, other, self)));
  }
  return kNotImplemented;
}

template <class S>
Result<Value> copy(Context& cx, S* self) {
  if (type_of(self) == types().frozenset) return Value(self);
  return set_copy(cx, self, base_type(self));
}

template <class S>
Result<Value> union_(Context& cx, S* self, Args others) {
  Set* out = TRY(copy_of(cx, self));
  for (Value other : others)
    if (other != Value(self)) TRY(set_update(cx, out, other));
  return as_type_of(cx, out, base_type(self));
}
template <class S>
Result<Value> intersection(Context& cx, S* self, Args others) {
  if (others.count == 0) return copy(cx, self);
  Set* out = nullptr;
  for (Value other : others)
    out = TRY(intersect(cx, out == nullptr ? Value(self) : Value(out), other));
  return as_type_of(cx, out, base_type(self));
}
template <class S>
Result<Value> difference(Context& cx, S* self, Args others) {
  if (others.count == 0) return copy(cx, self);
  Set* out = TRY(difference_of(cx, self, others[0]));
  for (uint32_t i = 1; i < others.count; ++i) TRY(subtract(cx, out, others[i]));
  return as_type_of(cx, out, base_type(self));
}
template <class S>
Result<Value> symmetric_difference(Context& cx, S* self, Value other) {
  Set* out = TRY(copy_of(cx, other));
  TRY(toggle(cx, out, self));
  return as_type_of(cx, out, base_type(self));
}
template <class S>
Result<bool> isdisjoint(Context& cx, S* self, Value other) {
  bool disjoint = true;
  if (is_any_set(other)) {
    if (Value(self) == other) return set_length(cx, self) == 0;
    Value small = other, large = Value(self);
    if (set_length(cx, other) > set_length(cx, self)) std::swap(small, large);
    TRY(each_key(cx, small, [&](Value key, int64_t hash) -> Result<bool> {
      disjoint = !TRY(set_contains_hashed(cx, large, key, hash));
      return disjoint;
    }));
    return disjoint;
  }
  TRY(for_each(cx, other, [&](Value key) -> Result<bool> {
    disjoint = !TRY(set_contains(cx, self, key));
    return disjoint;
  }));
  return disjoint;
}
template <class S>
Result<bool> issubset(Context& cx, S* self, Value other) {
  return subset(cx, self, is_any_set(other) ? other : Value(TRY(copy_of(cx, other))));
}
template <class S>
Result<bool> issuperset(Context& cx, S* self, Value other) {
  if (is_any_set(other)) return subset(cx, other, self);
  bool all = true;
  TRY(for_each(cx, other, [&](Value key) -> Result<bool> {
    all = TRY(set_contains(cx, self, key));
    return all;
  }));
  return all;
}

enum class SetOp : uint8_t { kOr, kAnd, kSub, kXor };

Result<Value> operate(Context& cx, SetOp op, Value a, Value b) {
  if (!is_any_set(a) || !is_any_set(b)) return kNotImplemented;
  switch (op) {
    case SetOp::kOr: {
      Set* out = TRY(copy_of(cx, a));
      if (a != b) TRY(set_update(cx, out, b));
      return as_type_of(cx, out, base_type(a));
    }
    case SetOp::kAnd:
      return as_type_of(cx, TRY(intersect(cx, a, b)), base_type(a));
    case SetOp::kSub:
      return as_type_of(cx, TRY(difference_of(cx, a, b)), base_type(a));
    case SetOp::kXor: {
      Set* out = TRY(copy_of(cx, b));
      TRY(toggle(cx, out, a));
      return as_type_of(cx, out, base_type(a));
    }
  }
  __builtin_unreachable();
}
template <class S, SetOp Op>
Result<Value> forward(Context& cx, S* self, Value other) {
  return operate(cx, Op, self, other);
}
template <class S, SetOp Op>
Result<Value> reflected(Context& cx, S* self, Value other) {
  return operate(cx, Op, other, self);
}

template <class S>
Result<Value> iter(Context& cx, S* self) {
  const auto used = static_cast<Word>(set_length(cx, self));
  auto* it = alloc<SetIter>(cx, kShapeSetIter);
  auto& state = stm::init_state(cx, it);
  state.container = self;
  state.used = used;
  return Value(it);
}

template <class S>
Result<Value> reduce(Context& cx, S* self) {
  const Value keys = Value(TRY(to_list(cx, self)));
  const Value args = TRY(tuple_of(cx, {keys}));
  Value state = TRY(find_attr(cx, self, names().__dict__));
  if (state.is_unset() || (is_dict(state) && dict_length(cx, state.as<Dict>()) == 0)) state = kNone;
  return tuple_of(cx, {Value(type_of(self)), args, state});
}
template <class S>
Result<Value> size_of(Context& cx, S* self) {
  int64_t slots = 8;
  const int64_t n = set_length(cx, self);
  while (n * 5 >= (slots - 1) * 3) slots *= 4;
  return Value::of_int(200 + (slots > 8 ? slots * 16 : 0));
}

// --- set only ------------------------------------------------------------------------------------

Result<Value> make(Context& cx, Value cls, Args, Kwargs) {
  return Value(alloc_for<Set>(cx, TRY(type_argument(cx, cls, types().set))));
}
Result<void> init(Context& cx, Set* self, Opt iterable) {
  if (set_length(cx, self) > 0) set_clear(cx, self);
  if (iterable.given()) TRY(set_update(cx, self, iterable.value));
  return {};
}
Result<void> add(Context& cx, Set* self, Value key) {
  (void)TRY(set_add(cx, self, key));
  return {};
}
Result<void> discard(Context& cx, Set* self, Value key) {
  (void)TRY(with_hashable(cx, key, [&](Value k) { return set_discard(cx, self, k); }));
  return {};
}
Result<void> remove(Context& cx, Set* self, Value key) {
  if (!TRY(with_hashable(cx, key, [&](Value k) { return set_discard(cx, self, k); })))
    return raise_type_value(cx, kKeyError, key);
  return {};
}
// Goes on where the last pop stopped (the table's spare word), so that emptying a set is linear.
Result<Value> pop(Context& cx, Set* self) {
  stm::Write<Set> w(cx, self);
  if (w->used == 0) return raise(cx, kKeyError, "pop from an empty set");
  DictStorage* s = w->storage;
  Value* keys = dict_storage_entries(s);
  Word i = s->index_log2 & (s->capacity - 1);
  while (keys[i].is_unset() || keys[i] == kDeleted) i = (i + 1) & (s->capacity - 1);
  const Value key = keys[i];
  stm::write_slot(cx, s, s->birth, keys + i, kDeleted);
  stm::write_word(cx, s, s->birth, &s->index_log2, i + 1);
  w.set(&Set::State::used, w->used - 1);
  return key;
}
Result<Value> clear(Context& cx, Set* self) {
  set_clear(cx, self);
  return kNone;
}
Result<void> update(Context& cx, Set* self, Args others) {
  for (Value other : others) TRY(set_update(cx, self, other));
  return {};
}
Result<void> intersection_update(Context& cx, Set* self, Args others) {
  if (others.count == 0) return {};
  Set* out = nullptr;
  for (Value other : others)
    out = TRY(intersect(cx, out == nullptr ? Value(self) : Value(out), other));
  take_table(cx, self, out);
  return {};
}
Result<void> difference_update(Context& cx, Set* self, Args others) {
  for (Value other : others) TRY(subtract(cx, self, other));
  return {};
}
Result<void> symmetric_difference_update(Context& cx, Set* self, Value other) {
  return toggle(cx, self, other);
}

template <SetOp Op>
Result<Value> inplace(Context& cx, Set* self, Value other) {
  if (!is_any_set(other)) return kNotImplemented;
  switch (Op) {
    case SetOp::kOr:
      TRY(set_update(cx, self, other));
      break;
    case SetOp::kAnd:
      take_table(cx, self, TRY(intersect(cx, self, other)));
      break;
    case SetOp::kSub:
      TRY(subtract(cx, self, other));
      break;
    case SetOp::kXor:
      TRY(toggle(cx, self, other));
      break;
  }
  return Value(self);
}

#define SHARED_ROWS(S)                                                                            \
  method<&len<S>>("__len__", "($self, /)", Effects::kReads),                                      \
      method<&has<S>>("__contains__", "($self, key, /)"),                                         \
      method<&repr_of<S>>("__repr__", "($self, /)"),                                              \
      method<&rich_compare<S, CompareOp::kLt>>("__lt__", "($self, value, /)"),                    \
      method<&rich_compare<S, CompareOp::kLe>>("__le__", "($self, value, /)"),                    \
      method<&rich_compare<S, CompareOp::kEq>>("__eq__", "($self, value, /)"),                    \
      method<&rich_compare<S, CompareOp::kNe>>("__ne__", "($self, value, /)"),                    \
      method<&rich_compare<S, CompareOp::kGt>>("__gt__", "($self, value, /)"),                    \
      method<&rich_compare<S, CompareOp::kGe>>("__ge__", "($self, value, /)"),                    \
      method<&forward<S, SetOp::kOr>>("__or__", "($self, value, /)"),                             \
      method<&reflected<S, SetOp::kOr>>("__ror__", "($self, value, /)"),                          \
      method<&forward<S, SetOp::kAnd>>("__and__", "($self, value, /)"),                           \
      method<&reflected<S, SetOp::kAnd>>("__rand__", "($self, value, /)"),                        \
      method<&forward<S, SetOp::kSub>>("__sub__", "($self, value, /)"),                           \
      method<&reflected<S, SetOp::kSub>>("__rsub__", "($self, value, /)"),                        \
      method<&forward<S, SetOp::kXor>>("__xor__", "($self, value, /)"),                           \
      method<&reflected<S, SetOp::kXor>>("__rxor__", "($self, value, /)"),                        \
      method<&iter<S>>("__iter__", "($self, /)", Effects::kReads),                                \
      method<&reduce<S>>("__reduce__", "($self, /)"),                                             \
      method<&size_of<S>>("__sizeof__", "($self, /)"),                                            \
      class_method<&class_getitem>("__class_getitem__", "($type, object, /)"),                    \
      method<&copy<S>>("copy", "($self, /)"), method<&union_<S>>("union", "($self, /, *others)"), \
      method<&intersection<S>>("intersection", "($self, /, *others)"),                            \
      method<&difference<S>>("difference", "($self, /, *others)"),                                \
      method<&symmetric_difference<S>>("symmetric_difference", "($self, other, /)"),              \
      method<&isdisjoint<S>>("isdisjoint", "($self, other, /)"),                                  \
      method<&issubset<S>>("issubset", "($self, other, /)"),                                      \
      method<&issuperset<S>>("issuperset", "($self, other, /)")

constexpr BuiltinDef kSetMethods[] = {
    static_method<&make>("__new__", "($type, *args, **kwargs)"),
    method<&init>("__init__", "($self, iterable=unset, /)"),
    SHARED_ROWS(Set),
    method<&inplace<SetOp::kOr>>("__ior__", "($self, value, /)"),
    method<&inplace<SetOp::kAnd>>("__iand__", "($self, value, /)"),
    method<&inplace<SetOp::kSub>>("__isub__", "($self, value, /)"),
    method<&inplace<SetOp::kXor>>("__ixor__", "($self, value, /)"),
    method<&add>("add", "($self, object, /)"),
    method<&clear>("clear", "($self, /)", Effects::kWritesSelf),
    method<&discard>("discard", "($self, object, /)"),
    method<&remove>("remove", "($self, object, /)"),
    method<&pop>("pop", "($self, /)", Effects::kWritesSelf),
    method<&update>("update", "($self, /, *others)"),
    method<&intersection_update>("intersection_update", "($self, /, *others)"),
    method<&difference_update>("difference_update", "($self, /, *others)"),
    method<&symmetric_difference_update>("symmetric_difference_update", "($self, other, /)"),
};

// --- frozenset only ------------------------------------------------------------------------------

Result<Value> make_frozen(Context& cx, Value cls, Opt iterable) {
  Type* type = TRY(type_argument(cx, cls, types().frozenset));
  if (!iterable.given()) return new_frozenset(cx, type, Value());
  if (type == types().frozenset && type_of(iterable.value) == type) return iterable.value;
  return new_frozenset(cx, type, iterable.value);
}
Result<int64_t> hash_of(Context& cx, FrozenSet* self) { return frozenset_hash(cx, self); }

constexpr BuiltinDef kFrozenSetMethods[] = {
    static_method<&make_frozen>("__new__", "($type, iterable=unset, /)"),
    method<&hash_of>("__hash__", "($self, /)", Effects::kPure),
    SHARED_ROWS(FrozenSet),
};
#undef SHARED_ROWS

// --- iterator ------------------------------------------------------------------------------------

Result<Value> next(Context& cx, Value self) {
  stm::Write<SetIter> w(cx, self.as<SetIter>());
  if (w->container.is_unset()) return Value();
  Word position = w->position;
  Value key;
  if (!set_step(cx, w->container, w->used, &position, &key)) {
    w.set(&SetIter::State::used, ~Word{0});
    return raise(cx, kRuntimeError, "Set changed size during iteration");
  }
  if (key.is_unset()) {
    w.set(&SetIter::State::container, Value());
    return Value();
  }
  w.set(&SetIter::State::position, position);
  return key;
}
Result<List*> rest(Context& cx, SetIter* self) {
  stm::Read<SetIter> r(cx, self);
  List* out = new_list(cx);
  if (r->container.is_unset()) return out;
  Word position = r->position;
  Value key;
  int64_t hash;
  while (set_next(cx, r->container, &position, &key, &hash)) TRY(list_append(cx, out, key));
  return out;
}
Result<int64_t> hint(Context& cx, SetIter* self) {
  stm::Read<SetIter> r(cx, self);
  if (r->container.is_unset() || static_cast<Word>(set_length(cx, r->container)) != r->used)
    return int64_t{0};
  if (r->position == 0) return static_cast<int64_t>(r->used);
  return list_length(cx, TRY(rest(cx, self)));
}
Result<Value> iter_reduce(Context& cx, SetIter* self) {
  const Value f = TRY(builtin_named(cx, "iter"));
  const Value left = Value(TRY(rest(cx, self)));
  const Value args = TRY(tuple_of(cx, {left}));
  return tuple_of(cx, {f, args});
}
constexpr BuiltinDef kIterMethods[] = {
    method<&iter_self<SetIter>>("__iter__", "($self, /)", Effects::kPure),
    method<&next_method<SetIter, &next>>("__next__", "($self, /)"),
    method<&hint>("__length_hint__", "($self, /)", Effects::kReads),
    method<&iter_reduce>("__reduce__", "($self, /)"),
};

}  // namespace
}  // namespace pystm::vm::set_methods

namespace pystm::vm {

void define_set_types(Context& cx) {
  static constexpr TypeDef kSet = {.name = "set",
                                   .kind = Kind::kSet,
                                   .slot = &Types::set,
                                   .flags = kTypeBaseType | kTypeMatchSelf | kTypeHasWeakref,
                                   .methods = set_methods::kSetMethods,
                                   .doc =
                                       "set() -> new empty set object\nset(iterable) -> new set "
                                       "object\n\nBuild an unordered collection of "
                                       "unique elements."};
  static constexpr TypeDef kFrozen = {
      .name = "frozenset",
      .kind = Kind::kFrozenSet,
      .slot = &Types::frozenset,
      .flags = kTypeBaseType | kTypeMatchSelf | kTypeHasWeakref,
      .methods = set_methods::kFrozenSetMethods,
      .doc =
          "frozenset() -> empty frozenset object\nfrozenset(iterable) -> frozenset object\n\nBuild "
          "an immutable "
          "unordered collection of unique elements."};
  static constexpr TypeDef kIter = {.name = "set_iterator",
                                    .kind = Kind::kSetIter,
                                    .slot = &Types::set_iterator,
                                    .flags = kTypeNoInstantiate,
                                    .methods = set_methods::kIterMethods};
  define_type(cx, kSet);
  define_type(cx, kFrozen);
  define_type(cx, kIter);
  set_native_next(Kind::kSetIter, &set_methods::next);
}

}  // namespace pystm::vm
