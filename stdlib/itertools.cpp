// itertools: iterators as native classes. The state of each is in its slots; a counter is a tagged int, an
// index vector a List.
// Invariant: what was read from a slot is read again after anything that may run Python code, where it can
// have changed.
#include "stdlib/modules.h"
#include "stdlib/native_class.h"

namespace pystm::lib {

namespace {

Value small(int64_t i) { return Value::of_int(i); }

Result<Tuple*> iterators_of(Context& cx, Args args) {
  Tuple* t = TRY(alloc_tuple(cx, args.count));
  for (uint32_t i = 0; i < args.count; ++i) t->items()[i] = kNone;
  for (uint32_t i = 0; i < args.count; ++i) {
    const Value it = TRY(get_iter(cx, args[i]));
    t->items()[i] = it;
    gc::store_barrier(cx, t, t->items() + i);
  }
  return t;
}
Result<Value> reduced(Context& cx, Value self, std::initializer_list<Value> args, Value state = Value()) {
  const Value t = TRY(tuple_of(cx, args));
  if (state.is_unset()) return tuple_of(cx, {Value(type_of(self)), t});
  return tuple_of(cx, {Value(type_of(self)), t, state});
}
Result<Value> empty_reduced(Context& cx, Value self) {
  const Value args = TRY(tuple_of(cx, {Value(empty_tuple())}));
  return tuple_of(cx, {Value(type_of(self)), args});
}

// --- accumulate -------------------------------------------------------------------------------------------

Type* accumulate_type;
enum class Accumulate { kTotal, kIterator, kFunction, kInitial, kCount };

Result<Value> accumulate_new(Context& cx, Type* type, Value iterable, Value func, Value initial) {
  const Value it = TRY(get_iter(cx, iterable));
  const Value self = TRY(make_native(cx, type, accumulate_type));
  set_slot(cx, self, Accumulate::kIterator, it);
  set_slot(cx, self, Accumulate::kFunction, func);
  set_slot(cx, self, Accumulate::kInitial, initial);
  return self;
}
Result<Value> accumulate_step(Context& cx, Value self) {
  const Value initial = slot(cx, self, Accumulate::kInitial);
  if (initial != kNone) {
    set_slot(cx, self, Accumulate::kInitial, kNone);
    set_slot(cx, self, Accumulate::kTotal, initial);
    return initial;
  }
  const Value item = TRY(iter_next(cx, slot(cx, self, Accumulate::kIterator)));
  if (item.is_unset()) return Value();
  const Value total = slot(cx, self, Accumulate::kTotal), f = slot(cx, self, Accumulate::kFunction);
  Value next = item;
  if (!total.is_unset()) {
    next = f == kNone ? TRY(binary_op(cx, BinaryOp::kAdd, total, item)) : TRY(call(cx, f, {total, item}));
  }
  set_slot(cx, self, Accumulate::kTotal, next);
  return next;
}
Result<Value> accumulate_reduce(Context& cx, Value self) {
  const Value total = slot(cx, self, Accumulate::kTotal);
  const Value initial = slot(cx, self, Accumulate::kInitial);
  const Value it = slot(cx, self, Accumulate::kIterator), f = slot(cx, self, Accumulate::kFunction);
  if (initial != kNone) return reduced(cx, self, {it, f, initial});
  return reduced(cx, self, {it, f}, total.is_unset() ? kNone : total);
}
Result<void> accumulate_setstate(Context& cx, Value self, Value state) {
  if (state != kNone) set_slot(cx, self, Accumulate::kTotal, state);
  return {};
}
constexpr BuiltinDef kAccumulate[] = {
    static_method<&accumulate_new>("__new__", "($type, /, iterable, func=None, *, initial=None)"),
    ITERATOR_ROWS(accumulate_step),
    method<&accumulate_reduce>("__reduce__", "($self, /)"),
    method<&accumulate_setstate>("__setstate__", "($self, state, /)"),
};

// --- chain ------------------------------------------------------------------------------------------------

Type* chain_type;
enum class Chain { kSource, kActive, kCount };

Result<Value> make_chain(Context& cx, Type* type, Value iterable) {
  const Value source = TRY(get_iter(cx, iterable));
  const Value self = TRY(make_native(cx, type, chain_type));
  set_slot(cx, self, Chain::kSource, source);
  return self;
}
Result<Value> chain_new(Context& cx, Type* type, Args args) {
  return make_chain(cx, type, TRY(new_tuple(cx, args.items, args.count)));
}
Result<Value> chain_from_iterable(Context& cx, Type* type, Value iterable) { return make_chain(cx, type, iterable); }
Result<Value> chain_step(Context& cx, Value self) {
  for (unsigned steps = 1;; ++steps) {
    if (steps % 10000 == 0) TRY(check_signals(cx));
    Value active = slot(cx, self, Chain::kActive);
    if (active.is_unset()) {
      const Value source = slot(cx, self, Chain::kSource);
      if (source.is_unset()) return Value();
      auto next = iter_next(cx, source);
      if (next.is_error()) {
        set_slot(cx, self, Chain::kSource, Value());
        return Error{};
      }
      if (next.value().is_unset()) {
        set_slot(cx, self, Chain::kSource, Value());
        return Value();
      }
      auto it = get_iter(cx, next.value());
      if (it.is_error()) {
        set_slot(cx, self, Chain::kSource, Value());
        return Error{};
      }
      active = it.value();
      set_slot(cx, self, Chain::kActive, active);
    }
    const Value item = TRY(iter_next(cx, active));
    if (!item.is_unset()) return item;
    set_slot(cx, self, Chain::kActive, Value());
  }
}
Result<Value> chain_reduce(Context& cx, Value self) {
  const Value source = slot(cx, self, Chain::kSource), active = slot(cx, self, Chain::kActive);
  if (source.is_unset()) return tuple_of(cx, {Value(type_of(self)), Value(empty_tuple())});
  const Value state = active.is_unset() ? TRY(tuple_of(cx, {source})) : TRY(tuple_of(cx, {source, active}));
  return tuple_of(cx, {Value(type_of(self)), Value(empty_tuple()), state});
}
Result<void> chain_setstate(Context& cx, Value self, Value state) {
  if (!is_tuple(state)) return raise(cx, kTypeError, "state is not a tuple");
  auto* t = state.as<Tuple>();
  if (t->length < 1 || t->length > 2)
    return raise(cx, kTypeError, "function takes at most 2 arguments (%zu given)", static_cast<size_t>(t->length));
  set_slot(cx, self, Chain::kSource, (*t)[0]);
  set_slot(cx, self, Chain::kActive, t->length == 2 ? (*t)[1] : Value());
  return {};
}
constexpr BuiltinDef kChain[] = {
    static_method<&chain_new>("__new__", "($type, /, *iterables)"),
    class_method<&chain_from_iterable>("from_iterable", "($type, iterable, /)"),
    ITERATOR_ROWS(chain_step),
    method<&chain_reduce>("__reduce__", "($self, /)"),
    method<&chain_setstate>("__setstate__", "($self, state, /)"),
    class_method<&class_getitem>("__class_getitem__", "($type, object, /)"),
};

// --- combinations, combinations_with_replacement, permutations, product -----------------------------------------
// kIndices: List of positions; unset before the first result. kPool: tuple (product: tuple of tuples).

enum class Pools { kPool, kIndices, kLength, kCycles, kStopped, kCount };

Result<Value> make_pools(Context& cx, Type* type, Type* own, Value pool, int64_t r, bool stopped) {
  const Value self = TRY(make_native(cx, type, own));
  set_slot(cx, self, Pools::kPool, pool);
  set_slot(cx, self, Pools::kLength, small(r));
  set_slot(cx, self, Pools::kStopped, of_bool(stopped));
  return self;
}
Value stop(Context& cx, Value self) {
  set_slot(cx, self, Pools::kStopped, kTrue);
  return Value();
}
int64_t at(Context& cx, List* l, int64_t i) { return list_get(cx, l, i).as_int(); }
void put(Context& cx, List* l, int64_t i, int64_t v) { (void)list_set(cx, l, i, small(v)); }

Result<List*> index_list(Context& cx, int64_t n, bool rising) {
  List* l = new_list(cx);
  for (int64_t i = 0; i < n; ++i) TRY(list_append(cx, l, small(rising ? i : 0)));
  return l;
}
Result<Value> picked(Context& cx, Value self, List* indices) {
  auto* pool = slot(cx, self, Pools::kPool).as<Tuple>();
  const int64_t r = slot(cx, self, Pools::kLength).as_int();
  Tuple* out = TRY(alloc_tuple(cx, static_cast<size_t>(r)));
  for (int64_t i = 0; i < r; ++i) out->items()[i] = (*pool)[static_cast<size_t>(at(cx, indices, i))];
  return Value(out);
}

Type* combinations_type;
Type* replacement_type;
Result<int64_t> checked_r(Context& cx, Value r) {
  const int64_t n = TRY(to_index64(cx, r, kOverflowError));
  if (n < 0) return raise(cx, kValueError, "r must be non-negative");
  return n;
}
Result<Value> combinations_new(Context& cx, Type* type, Value iterable, Value r) {
  Tuple* pool = TRY(to_tuple(cx, iterable));
  const int64_t n = TRY(checked_r(cx, r));
  return make_pools(cx, type, combinations_type, pool, n, n > static_cast<int64_t>(pool->length));
}
Result<Value> combinations_step(Context& cx, Value self) {
  if (slot(cx, self, Pools::kStopped) == kTrue) return Value();
  const int64_t r = slot(cx, self, Pools::kLength).as_int();
  const Value known = slot(cx, self, Pools::kIndices);
  if (known.is_unset()) {
    List* l = TRY(index_list(cx, r, true));
    set_slot(cx, self, Pools::kIndices, l);
    return picked(cx, self, l);
  }
  auto* l = known.as<List>();
  const auto n = static_cast<int64_t>(slot(cx, self, Pools::kPool).as<Tuple>()->length);
  int64_t i = r - 1;
  while (i >= 0 && at(cx, l, i) == i + n - r) --i;
  if (i < 0) return stop(cx, self);
  int64_t v = at(cx, l, i) + 1;
  for (; i < r; ++i) put(cx, l, i, v++);
  return picked(cx, self, l);
}
Result<Value> replacement_new(Context& cx, Type* type, Value iterable, Value r) {
  Tuple* pool = TRY(to_tuple(cx, iterable));
  const int64_t n = TRY(checked_r(cx, r));
  return make_pools(cx, type, replacement_type, pool, n, pool->length == 0 && n > 0);
}
Result<Value> replacement_step(Context& cx, Value self) {
  if (slot(cx, self, Pools::kStopped) == kTrue) return Value();
  const int64_t r = slot(cx, self, Pools::kLength).as_int();
  const Value known = slot(cx, self, Pools::kIndices);
  if (known.is_unset()) {
    List* l = TRY(index_list(cx, r, false));
    set_slot(cx, self, Pools::kIndices, l);
    return picked(cx, self, l);
  }
  auto* l = known.as<List>();
  const auto n = static_cast<int64_t>(slot(cx, self, Pools::kPool).as<Tuple>()->length);
  int64_t i = r - 1;
  while (i >= 0 && at(cx, l, i) == n - 1) --i;
  if (i < 0) return stop(cx, self);
  const int64_t v = at(cx, l, i) + 1;
  for (; i < r; ++i) put(cx, l, i, v);
  return picked(cx, self, l);
}
// Pickling: the state is the tuple of indices.
Result<Value> pools_reduce(Context& cx, Value self) {
  const Value pool = slot(cx, self, Pools::kPool), r = slot(cx, self, Pools::kLength);
  if (slot(cx, self, Pools::kStopped) == kTrue) return reduced(cx, self, {Value(empty_tuple()), r});
  const Value l = slot(cx, self, Pools::kIndices);
  if (l.is_unset()) return reduced(cx, self, {pool, r});
  return reduced(cx, self, {pool, r}, TRY(list_to_tuple(cx, l.as<List>())));
}
Result<List*> state_indices(Context& cx, Value state, int64_t n, int64_t top) {
  if (!is_tuple(state) || static_cast<int64_t>(state.as<Tuple>()->length) != n)
    return raise(cx, kValueError, "invalid arguments");
  auto* t = state.as<Tuple>();
  List* l = new_list(cx);
  for (int64_t i = 0; i < n; ++i) {
    const int64_t v = TRY(to_index64(cx, (*t)[static_cast<size_t>(i)], kOverflowError));
    TRY(list_append(cx, l, small(v < 0 ? 0 : v > top ? top : v)));
  }
  return l;
}
Result<void> pools_setstate(Context& cx, Value self, Value state) {
  const int64_t r = slot(cx, self, Pools::kLength).as_int();
  const auto n = static_cast<int64_t>(slot(cx, self, Pools::kPool).as<Tuple>()->length);
  set_slot(cx, self, Pools::kIndices, TRY(state_indices(cx, state, r, n - 1)));
  return {};
}
constexpr BuiltinDef kCombinations[] = {
    static_method<&combinations_new>("__new__", "($type, /, iterable, r)"),
    ITERATOR_ROWS(combinations_step),
    method<&pools_reduce>("__reduce__", "($self, /)"),
    method<&pools_setstate>("__setstate__", "($self, state, /)"),
};
constexpr BuiltinDef kReplacement[] = {
    static_method<&replacement_new>("__new__", "($type, /, iterable, r)"),
    ITERATOR_ROWS(replacement_step),
    method<&pools_reduce>("__reduce__", "($self, /)"),
    method<&pools_setstate>("__setstate__", "($self, state, /)"),
};

Type* permutations_type;
Result<Value> permutations_new(Context& cx, Type* type, Value iterable, Value r) {
  Tuple* pool = TRY(to_tuple(cx, iterable));
  const auto n = static_cast<int64_t>(pool->length);
  if (r != kNone && !is_int(r)) return raise(cx, kTypeError, "Expected int as r");
  const int64_t k = r == kNone ? n : TRY(checked_r(cx, r));
  return make_pools(cx, type, permutations_type, pool, k, k > n);
}
Result<Value> permutations_step(Context& cx, Value self) {
  if (slot(cx, self, Pools::kStopped) == kTrue) return Value();
  const int64_t r = slot(cx, self, Pools::kLength).as_int();
  const auto n = static_cast<int64_t>(slot(cx, self, Pools::kPool).as<Tuple>()->length);
  const Value known = slot(cx, self, Pools::kIndices);
  if (known.is_unset()) {
    List* l = TRY(index_list(cx, n, true));
    List* cycles = new_list(cx);
    for (int64_t i = 0; i < r; ++i) TRY(list_append(cx, cycles, small(n - i)));
    set_slot(cx, self, Pools::kIndices, l);
    set_slot(cx, self, Pools::kCycles, cycles);
    return picked(cx, self, l);
  }
  auto* l = known.as<List>();
  auto* cycles = slot(cx, self, Pools::kCycles).as<List>();
  for (int64_t i = r - 1; i >= 0; --i) {
    const int64_t c = at(cx, cycles, i) - 1;
    if (c == 0) {
      const int64_t first = at(cx, l, i);
      for (int64_t j = i; j < n - 1; ++j) put(cx, l, j, at(cx, l, j + 1));
      put(cx, l, n - 1, first);
      put(cx, cycles, i, n - i);
      continue;
    }
    put(cx, cycles, i, c);
    const int64_t a = at(cx, l, i), b = at(cx, l, n - c);
    put(cx, l, i, b);
    put(cx, l, n - c, a);
    return picked(cx, self, l);
  }
  return stop(cx, self);
}
Result<Value> permutations_reduce(Context& cx, Value self) {
  const Value pool = slot(cx, self, Pools::kPool), r = slot(cx, self, Pools::kLength);
  if (slot(cx, self, Pools::kStopped) == kTrue) return reduced(cx, self, {Value(empty_tuple()), r});
  const Value l = slot(cx, self, Pools::kIndices);
  if (l.is_unset()) return reduced(cx, self, {pool, r});
  const Value a = TRY(list_to_tuple(cx, l.as<List>()));
  const Value b = TRY(list_to_tuple(cx, slot(cx, self, Pools::kCycles).as<List>()));
  return reduced(cx, self, {pool, r}, TRY(tuple_of(cx, {a, b})));
}
Result<void> permutations_setstate(Context& cx, Value self, Value state) {
  if (!is_tuple(state) || state.as<Tuple>()->length != 2) return raise(cx, kValueError, "invalid arguments");
  const int64_t r = slot(cx, self, Pools::kLength).as_int();
  const auto n = static_cast<int64_t>(slot(cx, self, Pools::kPool).as<Tuple>()->length);
  List* l = TRY(state_indices(cx, (*state.as<Tuple>())[0], n, n - 1));
  List* c = TRY(state_indices(cx, (*state.as<Tuple>())[1], r, n));
  set_slot(cx, self, Pools::kIndices, l);
  set_slot(cx, self, Pools::kCycles, c);
  return {};
}
constexpr BuiltinDef kPermutations[] = {
    static_method<&permutations_new>("__new__", "($type, /, iterable, r=None)"),
    ITERATOR_ROWS(permutations_step),
    method<&permutations_reduce>("__reduce__", "($self, /)"),
    method<&permutations_setstate>("__setstate__", "($self, state, /)"),
};

Type* product_type;
Result<Value> product_new(Context& cx, Type* type, Value repeat, Args args) {
  const int64_t times = TRY(to_index64(cx, repeat, kOverflowError));
  if (times < 0) return raise(cx, kValueError, "repeat argument cannot be negative");
  const size_t n = times == 0 ? 0 : args.count;
  if (n != 0 && static_cast<size_t>(times) > SIZE_MAX / 64 / n)
    return raise(cx, kOverflowError, "repeat argument too large");
  Tuple* pools = TRY(alloc_tuple(cx, n * static_cast<size_t>(times)));
  for (size_t i = 0; i < pools->length; ++i) pools->items()[i] = kNone;
  for (size_t i = 0; i < n; ++i) {
    Tuple* pool = TRY(to_tuple(cx, args[i]));
    for (size_t j = i; j < pools->length; j += n) {
      pools->items()[j] = pool;
      gc::store_barrier(cx, pools, pools->items() + j);
    }
  }
  return make_pools(cx, type, product_type, pools, static_cast<int64_t>(pools->length), false);
}
Result<Value> product_result(Context& cx, Tuple* pools, List* l) {
  Tuple* out = TRY(alloc_tuple(cx, pools->length));
  for (size_t i = 0; i < pools->length; ++i)
    out->items()[i] = (*(*pools)[i].as<Tuple>())[static_cast<size_t>(at(cx, l, static_cast<int64_t>(i)))];
  return Value(out);
}
Result<Value> product_step(Context& cx, Value self) {
  if (slot(cx, self, Pools::kStopped) == kTrue) return Value();
  auto* pools = slot(cx, self, Pools::kPool).as<Tuple>();
  const Value known = slot(cx, self, Pools::kIndices);
  if (known.is_unset()) {
    for (size_t i = 0; i < pools->length; ++i)
      if ((*pools)[i].as<Tuple>()->length == 0) return stop(cx, self);
    List* l = TRY(index_list(cx, static_cast<int64_t>(pools->length), false));
    set_slot(cx, self, Pools::kIndices, l);
    return product_result(cx, pools, l);
  }
  auto* l = known.as<List>();
  int64_t i = static_cast<int64_t>(pools->length) - 1;
  for (; i >= 0; --i) {
    const int64_t v = at(cx, l, i) + 1;
    if (v < static_cast<int64_t>((*pools)[static_cast<size_t>(i)].as<Tuple>()->length)) {
      put(cx, l, i, v);
      break;
    }
    put(cx, l, i, 0);
  }
  if (i < 0) return stop(cx, self);
  return product_result(cx, pools, l);
}
Result<Value> product_reduce(Context& cx, Value self) {
  if (slot(cx, self, Pools::kStopped) == kTrue) return empty_reduced(cx, self);
  const Value pools = slot(cx, self, Pools::kPool), l = slot(cx, self, Pools::kIndices);
  if (l.is_unset()) return tuple_of(cx, {Value(type_of(self)), pools});
  return tuple_of(cx, {Value(type_of(self)), pools, Value(TRY(list_to_tuple(cx, l.as<List>())))});
}
Result<void> product_setstate(Context& cx, Value self, Value state) {
  auto* pools = slot(cx, self, Pools::kPool).as<Tuple>();
  List* l = TRY(state_indices(cx, state, static_cast<int64_t>(pools->length), INT32_MAX));
  for (size_t i = 0; i < pools->length; ++i) {
    const auto n = static_cast<int64_t>((*pools)[i].as<Tuple>()->length);
    if (n == 0) {
      (void)stop(cx, self);
      return {};
    }
    if (at(cx, l, static_cast<int64_t>(i)) >= n) put(cx, l, static_cast<int64_t>(i), n - 1);
  }
  set_slot(cx, self, Pools::kIndices, l);
  return {};
}
constexpr BuiltinDef kProduct[] = {
    static_method<&product_new>("__new__", "($type, /, *iterables, repeat=1)"),
    ITERATOR_ROWS(product_step),
    method<&product_reduce>("__reduce__", "($self, /)"),
    method<&product_setstate>("__setstate__", "($self, state, /)"),
};

// --- compress, dropwhile, takewhile, filterfalse, starmap ---------------------------------------------------------

enum class Pair { kFirst, kIterator, kState, kCount };

Result<Value> make_pair(Context& cx, Type* type, Type* own, Value first, Value iterator) {
  const Value self = TRY(make_native(cx, type, own));
  set_slot(cx, self, Pair::kFirst, first);
  set_slot(cx, self, Pair::kIterator, iterator);
  return self;
}
Result<Value> pair_reduce(Context& cx, Value self) {
  return reduced(cx, self, {slot(cx, self, Pair::kFirst), slot(cx, self, Pair::kIterator)});
}
Result<Value> while_reduce(Context& cx, Value self) {
  const Value started = slot(cx, self, Pair::kState).is_unset() ? small(0) : small(1);
  return reduced(cx, self, {slot(cx, self, Pair::kFirst), slot(cx, self, Pair::kIterator)}, started);
}
Result<void> while_setstate(Context& cx, Value self, Value state) {
  const bool on = TRY(truth(cx, state));
  set_slot(cx, self, Pair::kState, on ? kTrue : Value());
  return {};
}

Type* compress_type;
Result<Value> compress_new(Context& cx, Type* type, Value data, Value selectors) {
  const Value d = TRY(get_iter(cx, data));
  const Value s = TRY(get_iter(cx, selectors));
  return make_pair(cx, type, compress_type, d, s);
}
Result<Value> compress_step(Context& cx, Value self) {
  const Value data = slot(cx, self, Pair::kFirst), selectors = slot(cx, self, Pair::kIterator);
  for (unsigned steps = 1;; ++steps) {
    if (steps % 10000 == 0) TRY(check_signals(cx));
    const Value item = TRY(iter_next(cx, data));
    if (item.is_unset()) return Value();
    const Value selector = TRY(iter_next(cx, selectors));
    if (selector.is_unset()) return Value();
    if (TRY(truth(cx, selector))) return item;
  }
}

Type* dropwhile_type;
template <Type*& kOwn>
Result<Value> predicate_new(Context& cx, Type* type, Value function, Value iterable) {
  return make_pair(cx, type, kOwn, function, TRY(get_iter(cx, iterable)));
}
Result<Value> dropwhile_step(Context& cx, Value self) {
  const Value f = slot(cx, self, Pair::kFirst), it = slot(cx, self, Pair::kIterator);
  for (unsigned steps = 1;; ++steps) {
    if (steps % 10000 == 0) TRY(check_signals(cx));
    const Value item = TRY(iter_next(cx, it));
    if (item.is_unset() || !slot(cx, self, Pair::kState).is_unset()) return item;
    const Value verdict = TRY(call(cx, f, {item}));
    if (TRY(truth(cx, verdict))) continue;
    set_slot(cx, self, Pair::kState, kTrue);
    return item;
  }
}
Type* takewhile_type;
Result<Value> takewhile_step(Context& cx, Value self) {
  if (!slot(cx, self, Pair::kState).is_unset()) return Value();
  const Value item = TRY(iter_next(cx, slot(cx, self, Pair::kIterator)));
  if (item.is_unset()) return Value();
  const Value verdict = TRY(call(cx, slot(cx, self, Pair::kFirst), {item}));
  if (TRY(truth(cx, verdict))) return item;
  set_slot(cx, self, Pair::kState, kTrue);
  return Value();
}
Type* filterfalse_type;
Result<Value> filterfalse_step(Context& cx, Value self) {
  const Value f = slot(cx, self, Pair::kFirst), it = slot(cx, self, Pair::kIterator);
  const bool plain = f == kNone || f == Value(types().bool_);
  for (unsigned steps = 1;; ++steps) {
    if (steps % 10000 == 0) TRY(check_signals(cx));
    const Value item = TRY(iter_next(cx, it));
    if (item.is_unset()) return Value();
    const Value verdict = plain ? item : TRY(call(cx, f, {item}));
    if (!TRY(truth(cx, verdict))) return item;
  }
}
Type* starmap_type;
Result<Value> starmap_step(Context& cx, Value self) {
  const Value args = TRY(iter_next(cx, slot(cx, self, Pair::kIterator)));
  if (args.is_unset()) return Value();
  Tuple* t = TRY(to_tuple(cx, args));
  return call(cx, slot(cx, self, Pair::kFirst), t->items(), t->length);
}
constexpr BuiltinDef kCompress[] = {
    static_method<&compress_new>("__new__", "($type, /, data, selectors)"),
    ITERATOR_ROWS(compress_step),
    method<&pair_reduce>("__reduce__", "($self, /)"),
};
constexpr BuiltinDef kDropwhile[] = {
    static_method<&predicate_new<dropwhile_type>>("__new__", "($type, predicate, iterable, /)"),
    ITERATOR_ROWS(dropwhile_step),
    method<&while_reduce>("__reduce__", "($self, /)"),
    method<&while_setstate>("__setstate__", "($self, state, /)"),
};
constexpr BuiltinDef kTakewhile[] = {
    static_method<&predicate_new<takewhile_type>>("__new__", "($type, predicate, iterable, /)"),
    ITERATOR_ROWS(takewhile_step),
    method<&while_reduce>("__reduce__", "($self, /)"),
    method<&while_setstate>("__setstate__", "($self, state, /)"),
};
constexpr BuiltinDef kFilterfalse[] = {
    static_method<&predicate_new<filterfalse_type>>("__new__", "($type, function, iterable, /)"),
    ITERATOR_ROWS(filterfalse_step),
    method<&pair_reduce>("__reduce__", "($self, /)"),
};
constexpr BuiltinDef kStarmap[] = {
    static_method<&predicate_new<starmap_type>>("__new__", "($type, function, iterable, /)"),
    ITERATOR_ROWS(starmap_step),
    method<&pair_reduce>("__reduce__", "($self, /)"),
};

// --- count, repeat, cycle ---------------------------------------------------------------------------------------------

Type* count_type;
enum class Count { kNext, kStep, kCount };

bool is_number(Value v) {
  return is_int(v) || is_float(v) || is_complex(v) || !lookup_dunder(v, Dunder::kFloat).is_unset() ||
         !lookup_dunder(v, Dunder::kIndex).is_unset() || !lookup_dunder(v, Dunder::kInt).is_unset() ||
         !lookup_dunder(v, Dunder::kComplex).is_unset();
}
Result<Value> count_new(Context& cx, Type* type, Value start, Value step) {
  if (!is_number(start) || !is_number(step)) return raise(cx, kTypeError, "a number is required");
  const Value self = TRY(make_native(cx, type, count_type));
  set_slot(cx, self, Count::kNext, start);
  set_slot(cx, self, Count::kStep, step);
  return self;
}
Result<Value> count_step(Context& cx, Value self) {
  // Acquired before it is read: of two threads the later waits instead of running on with a stale number.
  stm::acquire(cx, self.as<Instance>());
  const Value next = slot(cx, self, Count::kNext), step = slot(cx, self, Count::kStep);
  set_slot(cx, self, Count::kNext, TRY(binary_op(cx, BinaryOp::kAdd, next, step)));
  return next;
}
Result<Value> count_repr(Context& cx, Value self) {
  const Value next = slot(cx, self, Count::kNext), step = slot(cx, self, Count::kStep);
  StrBuilder out;
  out.add(short_name(self));
  out.add_ascii("(");
  TRY(add_repr(cx, out, next));
  if (step != small(1)) {
    out.add_ascii(", ");
    TRY(add_repr(cx, out, step));
  }
  out.add_ascii(")");
  return Value(TRY(out.finish(cx)));
}
Result<Value> count_reduce(Context& cx, Value self) {
  const Value next = slot(cx, self, Count::kNext), step = slot(cx, self, Count::kStep);
  if (step == small(1)) return reduced(cx, self, {next});
  return reduced(cx, self, {next, step});
}
constexpr BuiltinDef kCount[] = {
    static_method<&count_new>("__new__", "($type, /, start=0, step=1)"),
    ITERATOR_ROWS(count_step),
    method<&count_repr>("__repr__", "($self, /)"),
    method<&count_reduce>("__reduce__", "($self, /)"),
};

Type* repeat_type;
enum class Repeat { kObject, kLeft, kCount };  // kLeft: unset is for ever
Result<Value> repeat_new(Context& cx, Type* type, Value object, Opt times) {
  const Value n = times.given() ? make_int(cx, std::max<int64_t>(TRY(to_index64(cx, times.value, kOverflowError)), 0)) : Value();
  const Value self = TRY(make_native(cx, type, repeat_type));
  set_slot(cx, self, Repeat::kObject, object);
  set_slot(cx, self, Repeat::kLeft, n);
  return self;
}
Result<Value> repeat_step(Context& cx, Value self) {
  const Value left = slot(cx, self, Repeat::kLeft);
  if (!left.is_unset()) {
    if (left == small(0)) return Value();
    set_slot(cx, self, Repeat::kLeft, TRY(int_binary(cx, BinaryOp::kSub, left, small(1))));
  }
  return slot(cx, self, Repeat::kObject);
}
Result<Value> repeat_repr(Context& cx, Value self) {
  const Value left = slot(cx, self, Repeat::kLeft);
  StrBuilder out;
  out.add(short_name(self));
  out.add_ascii("(");
  TRY(add_repr(cx, out, slot(cx, self, Repeat::kObject)));
  if (!left.is_unset()) {
    out.add_ascii(", ");
    TRY(add_repr(cx, out, left));
  }
  out.add_ascii(")");
  return Value(TRY(out.finish(cx)));
}
Result<Value> repeat_hint(Context& cx, Value self) {
  const Value left = slot(cx, self, Repeat::kLeft);
  if (left.is_unset()) return raise(cx, kTypeError, "len() of unsized object");
  return left;
}
Result<Value> repeat_reduce(Context& cx, Value self) {
  const Value left = slot(cx, self, Repeat::kLeft), object = slot(cx, self, Repeat::kObject);
  if (left.is_unset()) return reduced(cx, self, {object});
  return reduced(cx, self, {object, left});
}
constexpr BuiltinDef kRepeat[] = {
    static_method<&repeat_new>("__new__", "($type, /, object, times=unset)"),
    ITERATOR_ROWS(repeat_step),
    method<&repeat_repr>("__repr__", "($self, /)"),
    method<&repeat_hint>("__length_hint__", "($self, /)"),
    method<&repeat_reduce>("__reduce__", "($self, /)"),
};

Type* cycle_type;
enum class Cycle { kIterator, kSaved, kIndex, kCount };  // kIterator: unset once exhausted
Result<Value> cycle_new(Context& cx, Type* type, Value iterable) {
  const Value it = TRY(get_iter(cx, iterable));
  const Value self = TRY(make_native(cx, type, cycle_type));
  List* saved = new_list(cx);
  set_slot(cx, self, Cycle::kIterator, it);
  set_slot(cx, self, Cycle::kSaved, saved);
  set_slot(cx, self, Cycle::kIndex, small(0));
  return self;
}
Result<Value> cycle_step(Context& cx, Value self) {
  const Value it = slot(cx, self, Cycle::kIterator);
  auto* saved = slot(cx, self, Cycle::kSaved).as<List>();
  if (!it.is_unset()) {
    const Value item = TRY(iter_next(cx, it));
    if (!item.is_unset()) {
      TRY(list_append(cx, saved, item));
      return item;
    }
    set_slot(cx, self, Cycle::kIterator, Value());
  }
  const int64_t n = list_length(cx, saved);
  if (n == 0) return Value();
  const int64_t i = slot(cx, self, Cycle::kIndex).as_int();
  set_slot(cx, self, Cycle::kIndex, small(i + 1 >= n ? 0 : i + 1));
  return list_get(cx, saved, i);
}
Result<Value> cycle_reduce(Context& cx, Value self) {
  const Value it = slot(cx, self, Cycle::kIterator);
  auto* saved = slot(cx, self, Cycle::kSaved).as<List>();
  if (!it.is_unset()) return reduced(cx, self, {it}, TRY(tuple_of(cx, {Value(saved), kFalse})));
  const Value rest = TRY(get_iter(cx, saved));
  const Value index = slot(cx, self, Cycle::kIndex);
  if (index != small(0)) TRY(call_method(cx, rest, "__setstate__", {index}));
  return reduced(cx, self, {rest}, TRY(tuple_of(cx, {Value(saved), kTrue})));
}
Result<void> cycle_setstate(Context& cx, Value self, Value state) {
  if (!is_tuple(state)) return raise(cx, kTypeError, "state is not a tuple");
  auto* t = state.as<Tuple>();
  if (t->length != 2 || !is_list((*t)[0])) return raise(cx, kTypeError, "invalid state");
  const bool second = TRY(truth(cx, (*t)[1]));
  set_slot(cx, self, Cycle::kSaved, (*t)[0]);
  if (!second) return {};
  // The rest of this round is what the iterator still has.
  const Value it = slot(cx, self, Cycle::kIterator);
  const int64_t left = TRY(length_hint(cx, it, 0));
  const int64_t n = list_length(cx, (*t)[0].as<List>());
  set_slot(cx, self, Cycle::kIndex, small(n == 0 ? 0 : (n - left) % n));
  set_slot(cx, self, Cycle::kIterator, Value());
  return {};
}
constexpr BuiltinDef kCycle[] = {
    static_method<&cycle_new>("__new__", "($type, iterable, /)"),
    ITERATOR_ROWS(cycle_step),
    method<&cycle_reduce>("__reduce__", "($self, /)"),
    method<&cycle_setstate>("__setstate__", "($self, state, /)"),
};

// --- groupby ------------------------------------------------------------------------------------------------------

Type* groupby_type;
Type* grouper_type;
enum class Group { kIterator, kKey, kTarget, kCurrentKey, kCurrentValue, kGrouper, kCount };
enum class Grouper { kParent, kTarget, kCount };

Result<Value> groupby_new(Context& cx, Type* type, Value iterable, Value key) {
  const Value it = TRY(get_iter(cx, iterable));
  const Value self = TRY(make_native(cx, type, groupby_type));
  set_slot(cx, self, Group::kIterator, it);
  set_slot(cx, self, Group::kKey, key);
  return self;
}
// Takes the next item and its key; false at the end.
Result<bool> groupby_advance(Context& cx, Value self) {
  const Value item = TRY(iter_next(cx, slot(cx, self, Group::kIterator)));
  if (item.is_unset()) return false;
  const Value f = slot(cx, self, Group::kKey);
  const Value key = f == kNone ? item : TRY(call(cx, f, {item}));
  set_slot(cx, self, Group::kCurrentValue, item);
  set_slot(cx, self, Group::kCurrentKey, key);
  return true;
}
Result<Value> groupby_step(Context& cx, Value self) {
  set_slot(cx, self, Group::kGrouper, Value());
  for (unsigned steps = 1;; ++steps) {
    if (steps % 10000 == 0) TRY(check_signals(cx));
    const Value current = slot(cx, self, Group::kCurrentKey), target = slot(cx, self, Group::kTarget);
    if (!current.is_unset()) {
      if (target.is_unset()) break;
      if (!TRY(values_equal(cx, target, current))) break;
    }
    if (!TRY(groupby_advance(cx, self))) return Value();
  }
  const Value key = slot(cx, self, Group::kCurrentKey);
  set_slot(cx, self, Group::kTarget, key);
  const Value grouper = alloc_object(cx, grouper_type->shape);
  set_slot(cx, grouper, Grouper::kParent, self);
  set_slot(cx, grouper, Grouper::kTarget, key);
  set_slot(cx, self, Group::kGrouper, grouper);
  return tuple_of(cx, {key, grouper});
}
Result<Value> grouper_new(Context& cx, Type* type, Value parent, Value target) {
  if (!is_subtype(type_of(parent), groupby_type))
    return raise(cx, kTypeError, "incorrect usage of internal _grouper");
  const Value self = TRY(make_native(cx, type, grouper_type));
  set_slot(cx, self, Grouper::kParent, parent);
  set_slot(cx, self, Grouper::kTarget, target);
  set_slot(cx, parent, Group::kGrouper, self);
  return self;
}
Result<Value> grouper_step(Context& cx, Value self) {
  const Value parent = slot(cx, self, Grouper::kParent);
  if (slot(cx, parent, Group::kGrouper) != self) return Value();
  if (slot(cx, parent, Group::kCurrentValue).is_unset()) {
    if (!TRY(groupby_advance(cx, parent))) return Value();
  }
  const Value current = slot(cx, parent, Group::kCurrentKey);
  if (!TRY(values_equal(cx, slot(cx, self, Grouper::kTarget), current))) return Value();
  const Value item = slot(cx, parent, Group::kCurrentValue);
  set_slot(cx, parent, Group::kCurrentValue, Value());
  set_slot(cx, parent, Group::kCurrentKey, Value());
  return item;
}
Result<Value> groupby_reduce(Context& cx, Value self) {
  const Value it = slot(cx, self, Group::kIterator), f = slot(cx, self, Group::kKey);
  const Value target = slot(cx, self, Group::kTarget), key = slot(cx, self, Group::kCurrentKey);
  const Value value = slot(cx, self, Group::kCurrentValue);
  if (target.is_unset() || key.is_unset() || value.is_unset()) return reduced(cx, self, {it, f});
  return reduced(cx, self, {it, f}, TRY(tuple_of(cx, {key, value, target})));
}
Result<void> groupby_setstate(Context& cx, Value self, Value state) {
  if (!is_tuple(state) || state.as<Tuple>()->length != 3) return raise(cx, kTypeError, "state is not a tuple");
  auto* t = state.as<Tuple>();
  set_slot(cx, self, Group::kCurrentKey, (*t)[0]);
  set_slot(cx, self, Group::kCurrentValue, (*t)[1]);
  set_slot(cx, self, Group::kTarget, (*t)[2]);
  return {};
}
constexpr BuiltinDef kGroupby[] = {
    static_method<&groupby_new>("__new__", "($type, /, iterable, key=None)"),
    ITERATOR_ROWS(groupby_step),
    method<&groupby_reduce>("__reduce__", "($self, /)"),
    method<&groupby_setstate>("__setstate__", "($self, state, /)"),
};
constexpr BuiltinDef kGrouper[] = {
    static_method<&grouper_new>("__new__", "($type, parent, tgtkey, /)"),
    ITERATOR_ROWS(grouper_step),
};

// --- islice -----------------------------------------------------------------------------------------------------------

Type* islice_type;
enum class Islice { kIterator, kNext, kStop, kStep, kCount_, kCount };  // kStop -1: no end

Result<int64_t> islice_position(Context& cx, Value v, int64_t missing, const char* text) {
  if (v == kNone) return missing;
  int64_t i = -1;
  auto index = to_index(cx, v);
  if (index.is_error()) {
    clear_exception(cx);
  } else if (!to_int64(index.value(), &i)) {
    i = -1;
  }
  if (i < 0) return raise(cx, kValueError, "%s", text);
  return i;
}
Result<Value> islice_new(Context& cx, Type* type, Value iterable, Args args) {
  if (args.count < 1 || args.count > 3)
    return raise(cx, kTypeError, args.count < 1 ? "islice expected at least 2 arguments, got %u" : "islice expected at most 4 arguments, got %u",
                 args.count + 1);
  constexpr const char* kStopText = "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
  constexpr const char* kIndexText = "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
  int64_t start = 0, step = 1, stop;
  if (args.count == 1) {
    stop = TRY(islice_position(cx, args[0], -1, kStopText));
  } else {
    stop = TRY(islice_position(cx, args[1], -1, kStopText));
    start = TRY(islice_position(cx, args[0], 0, kIndexText));
  }
  if (args.count == 3) {
    step = TRY(islice_position(cx, args[2], 1, "Step for islice() must be a positive integer or None."));
    if (step < 1) return raise(cx, kValueError, "Step for islice() must be a positive integer or None.");
  }
  const Value it = TRY(get_iter(cx, iterable));
  const Value self = TRY(make_native(cx, type, islice_type));
  set_slot(cx, self, Islice::kIterator, it);
  const int64_t top = int64_t{1} << 61;  // positions are tagged ints
  set_slot(cx, self, Islice::kNext, small(std::min(start, top)));
  set_slot(cx, self, Islice::kStop, small(std::min(stop, top)));
  set_slot(cx, self, Islice::kStep, small(std::min(step, top)));
  set_slot(cx, self, Islice::kCount_, small(0));
  return self;
}
Result<Value> islice_step(Context& cx, Value self) {
  const Value it = slot(cx, self, Islice::kIterator);
  if (it.is_unset()) return Value();
  const int64_t stop = slot(cx, self, Islice::kStop).as_int();
  const int64_t next = slot(cx, self, Islice::kNext).as_int();
  int64_t count = slot(cx, self, Islice::kCount_).as_int();
  auto end = [&]() -> Value {
    set_slot(cx, self, Islice::kIterator, Value());
    return Value();
  };
  while (count < next) {
    if (count % 10000 == 9999) TRY(check_signals(cx));
    const Value skipped = TRY(iter_next(cx, it));
    if (skipped.is_unset()) return end();
    set_slot(cx, self, Islice::kCount_, small(++count));
  }
  if (stop != -1 && count >= stop) return end();
  const Value item = TRY(iter_next(cx, it));
  if (item.is_unset()) return end();
  set_slot(cx, self, Islice::kCount_, small(count + 1));
  const int64_t top = stop == -1 ? int64_t{1} << 61 : stop;
  set_slot(cx, self, Islice::kNext, small(std::min(next + slot(cx, self, Islice::kStep).as_int(), top)));
  return item;
}
Result<Value> islice_reduce(Context& cx, Value self) {
  const Value it = slot(cx, self, Islice::kIterator);
  if (it.is_unset()) {
    const Value none = TRY(get_iter(cx, empty_tuple()));
    return reduced(cx, self, {none, small(0)}, small(0));
  }
  const Value stop = slot(cx, self, Islice::kStop);
  return reduced(cx, self, {it, slot(cx, self, Islice::kNext), stop == small(-1) ? kNone : stop, slot(cx, self, Islice::kStep)},
                 slot(cx, self, Islice::kCount_));
}
Result<void> islice_setstate(Context& cx, Value self, int64_t count) {
  set_slot(cx, self, Islice::kCount_, small(count));
  return {};
}
constexpr BuiltinDef kIslice[] = {
    static_method<&islice_new>("__new__", "($type, iterable, /, *args)"),
    ITERATOR_ROWS(islice_step),
    method<&islice_reduce>("__reduce__", "($self, /)"),
    method<&islice_setstate>("__setstate__", "($self, state, /)"),
};

// --- pairwise ---------------------------------------------------------------------------------------------------------

Type* pairwise_type;
enum class Pairwise { kIterator, kOld, kCount };
Result<Value> pairwise_new(Context& cx, Type* type, Value iterable) {
  const Value it = TRY(get_iter(cx, iterable));
  const Value self = TRY(make_native(cx, type, pairwise_type));
  set_slot(cx, self, Pairwise::kIterator, it);
  return self;
}
Result<Value> pairwise_step(Context& cx, Value self) {
  const Value it = slot(cx, self, Pairwise::kIterator);
  if (it.is_unset()) return Value();
  Value old = slot(cx, self, Pairwise::kOld);
  auto end = [&]() -> Value {
    set_slot(cx, self, Pairwise::kIterator, Value());
    set_slot(cx, self, Pairwise::kOld, Value());
    return Value();
  };
  if (old.is_unset()) {
    old = TRY(iter_next(cx, it));
    if (old.is_unset()) return end();
    set_slot(cx, self, Pairwise::kOld, old);
  }
  const Value next = TRY(iter_next(cx, it));
  if (next.is_unset()) return end();
  set_slot(cx, self, Pairwise::kOld, next);
  return tuple_of(cx, {old, next});
}
constexpr BuiltinDef kPairwise[] = {
    static_method<&pairwise_new>("__new__", "($type, iterable, /)"),
    ITERATOR_ROWS(pairwise_step),
};

// --- tee --------------------------------------------------------------------------------------------------------------
// A linked list of nodes, the last one empty: an iterator stands at a node; who stands at the last one fetches.

Type* tee_type;
Type* tee_node_type;
enum class Tee { kNode, kSource, kCount };
enum class Node { kItem, kNext, kBusy, kCount };

Value make_tee(Context& cx, Value source, Value node) {
  const Value self = alloc_object(cx, tee_type->shape);
  set_slot(cx, self, Tee::kSource, source);
  set_slot(cx, self, Tee::kNode, node);
  return self;
}
Value tee_copy(Context& cx, Value self) { return make_tee(cx, slot(cx, self, Tee::kSource), slot(cx, self, Tee::kNode)); }
Result<Value> tee_from(Context& cx, Value iterable) {
  const Value it = TRY(get_iter(cx, iterable));
  if (is_subtype(type_of(it), tee_type)) return tee_copy(cx, it);
  return make_tee(cx, it, alloc_object(cx, tee_node_type->shape));
}
Result<Value> tee_new(Context& cx, Type*, Value iterable) { return tee_from(cx, iterable); }
Result<Value> tee_step(Context& cx, Value self) {
  const Value node = slot(cx, self, Tee::kNode);
  Value next = slot(cx, node, Node::kNext);
  if (next.is_unset()) {
    if (!slot(cx, node, Node::kBusy).is_unset()) return raise(cx, kRuntimeError, "cannot re-enter the tee iterator");
    set_slot(cx, node, Node::kBusy, kTrue);
    auto item = iter_next(cx, slot(cx, self, Tee::kSource));
    set_slot(cx, node, Node::kBusy, Value());
    if (item.is_error() || item.value().is_unset()) return item;
    next = alloc_object(cx, tee_node_type->shape);
    set_slot(cx, node, Node::kItem, item.value());
    set_slot(cx, node, Node::kNext, next);
  }
  set_slot(cx, self, Tee::kNode, next);
  return slot(cx, node, Node::kItem);
}
Result<Value> tee_function(Context& cx, Value iterable, int64_t n) {
  if (n < 0) return raise(cx, kValueError, "n must be >= 0");
  Tuple* out = TRY(alloc_tuple(cx, static_cast<size_t>(n)));
  for (int64_t i = 0; i < n; ++i) out->items()[i] = kNone;
  if (n == 0) return Value(out);
  const Value it = TRY(get_iter(cx, iterable));
  // An iterator that can be copied is its own first branch.
  const Value copy = TRY(find_attr(cx, it, intern(cx, "__copy__")));
  const Value first = copy.is_unset() ? TRY(tee_from(cx, it)) : it;
  for (int64_t i = 0; i < n; ++i) {
    const Value branch = i == 0 ? first : TRY(call_method(cx, first, "__copy__", {}));
    out->items()[i] = branch;
    gc::store_barrier(cx, out, out->items() + i);
  }
  return Value(out);
}
constexpr BuiltinDef kTee[] = {
    static_method<&tee_new>("__new__", "($type, iterable, /)"),
    ITERATOR_ROWS(tee_step),
    method<&tee_copy>("__copy__", "($self, /)"),
};

// --- zip_longest -------------------------------------------------------------------------------------------------------

Type* zip_longest_type;
enum class Longest { kIterators, kFill, kActive, kCount };  // kIterators: List; an exhausted one is None
Result<Value> zip_longest_new(Context& cx, Type* type, Value fill, Args args) {
  Tuple* its = TRY(iterators_of(cx, args));
  const Value self = TRY(make_native(cx, type, zip_longest_type));
  List* l = TRY(new_list(cx, its->items(), its->length));
  set_slot(cx, self, Longest::kIterators, l);
  set_slot(cx, self, Longest::kFill, fill);
  set_slot(cx, self, Longest::kActive, small(args.count));
  return self;
}
Result<Value> zip_longest_step(Context& cx, Value self) {
  auto* its = slot(cx, self, Longest::kIterators).as<List>();
  const Value fill = slot(cx, self, Longest::kFill);
  const int64_t n = list_length(cx, its);
  if (n == 0 || slot(cx, self, Longest::kActive).as_int() == 0) return Value();
  Tuple* out = TRY(alloc_tuple(cx, static_cast<size_t>(n)));
  for (int64_t i = 0; i < n; ++i) out->items()[i] = kNone;
  for (int64_t i = 0; i < n; ++i) {
    const Value it = list_get(cx, its, i);
    Value item = fill;
    if (it != kNone) {
      auto next = iter_next(cx, it);
      if (next.is_error()) {
        set_slot(cx, self, Longest::kActive, small(0));
        return Error{};
      }
      if (next.value().is_unset()) {
        const int64_t active = slot(cx, self, Longest::kActive).as_int() - 1;
        set_slot(cx, self, Longest::kActive, small(active));
        if (active == 0) return Value();
        (void)list_set(cx, its, i, kNone);
      } else {
        item = next.value();
      }
    }
    out->items()[i] = item;
    gc::store_barrier(cx, out, out->items() + i);
  }
  return Value(out);
}
Result<Value> zip_longest_reduce(Context& cx, Value self) {
  Tuple* its = TRY(list_to_tuple(cx, slot(cx, self, Longest::kIterators).as<List>()));
  for (size_t i = 0; i < its->length; ++i) {
    if ((*its)[i] != kNone) continue;
    its->items()[i] = empty_tuple();
    gc::store_barrier(cx, its, its->items() + i);
  }
  return tuple_of(cx, {Value(type_of(self)), Value(its), slot(cx, self, Longest::kFill)});
}
Result<void> zip_longest_setstate(Context& cx, Value self, Value state) {
  set_slot(cx, self, Longest::kFill, state);
  return {};
}
constexpr BuiltinDef kZipLongest[] = {
    static_method<&zip_longest_new>("__new__", "($type, /, *iterables, fillvalue=None)"),
    ITERATOR_ROWS(zip_longest_step),
    method<&zip_longest_reduce>("__reduce__", "($self, /)"),
    method<&zip_longest_setstate>("__setstate__", "($self, state, /)"),
};

// --- module ------------------------------------------------------------------------------------------------------------

constexpr BuiltinDef kFunctions[] = {function<&tee_function>("tee", "(iterable, n=2, /)")};

Result<void> init(Context& cx, Module* m) {
  struct Row {
    Type** type;
    const char* name;
    unsigned slots;
    std::span<const BuiltinDef> methods;
    NextFn next;
  };
  constexpr auto kPools = static_cast<unsigned>(Pools::kCount), kPairs = static_cast<unsigned>(Pair::kCount);
  const Row rows[] = {
      {&accumulate_type, "itertools.accumulate", static_cast<unsigned>(Accumulate::kCount), kAccumulate, accumulate_step},
      {&chain_type, "itertools.chain", static_cast<unsigned>(Chain::kCount), kChain, chain_step},
      {&combinations_type, "itertools.combinations", kPools, kCombinations, combinations_step},
      {&replacement_type, "itertools.combinations_with_replacement", kPools, kReplacement, replacement_step},
      {&permutations_type, "itertools.permutations", kPools, kPermutations, permutations_step},
      {&product_type, "itertools.product", kPools, kProduct, product_step},
      {&compress_type, "itertools.compress", kPairs, kCompress, compress_step},
      {&dropwhile_type, "itertools.dropwhile", kPairs, kDropwhile, dropwhile_step},
      {&takewhile_type, "itertools.takewhile", kPairs, kTakewhile, takewhile_step},
      {&filterfalse_type, "itertools.filterfalse", kPairs, kFilterfalse, filterfalse_step},
      {&starmap_type, "itertools.starmap", kPairs, kStarmap, starmap_step},
      {&count_type, "itertools.count", static_cast<unsigned>(Count::kCount), kCount, count_step},
      {&repeat_type, "itertools.repeat", static_cast<unsigned>(Repeat::kCount), kRepeat, repeat_step},
      {&cycle_type, "itertools.cycle", static_cast<unsigned>(Cycle::kCount), kCycle, cycle_step},
      {&groupby_type, "itertools.groupby", static_cast<unsigned>(Group::kCount), kGroupby, groupby_step},
      {&grouper_type, "itertools._grouper", static_cast<unsigned>(Grouper::kCount), kGrouper, grouper_step},
      {&islice_type, "itertools.islice", static_cast<unsigned>(Islice::kCount), kIslice, islice_step},
      {&pairwise_type, "itertools.pairwise", static_cast<unsigned>(Pairwise::kCount), kPairwise, pairwise_step},
      {&tee_type, "itertools._tee", static_cast<unsigned>(Tee::kCount), kTee, tee_step},
      {&tee_node_type, "itertools._tee_dataobject", static_cast<unsigned>(Node::kCount), {}, nullptr},
      {&zip_longest_type, "itertools.zip_longest", static_cast<unsigned>(Longest::kCount), kZipLongest, zip_longest_step},
  };
  for (const Row& row : rows) {
    *row.type = keep(define_native_class(cx, row.name, row.slots, row.methods));
    if (row.next != nullptr) set_native_class_next(*row.type, row.next);
    TRY(module_add_type(cx, m, *row.type));
  }
  return {};
}

const ModuleDef kModule = {"itertools", kFunctions, init,
                           "Functional tools for creating and using iterators."};

}  // namespace

void register_itertools() { register_module(kModule); }

}  // namespace pystm::lib
