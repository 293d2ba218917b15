// The iterators of itertools that pick from pools.
#include "stdlib/itertools.h"

namespace pystm::lib::itertools {

namespace {

// --- combinations, combinations_with_replacement, permutations, product --------------------------
// kIndices: List of positions; unset before the first result. kPool: tuple (product: tuple of
// tuples).

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
  for (int64_t i = 0; i < r; ++i)
    out->items()[i] = (*pool)[static_cast<size_t>(at(cx, indices, i))];
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
    STEPPING_ROWS(combinations_step, Effects::kWritesSelf),
    method<&pools_reduce>("__reduce__", "($self, /)"),
    method<&pools_setstate>("__setstate__", "($self, state, /)"),
};
constexpr BuiltinDef kReplacement[] = {
    static_method<&replacement_new>("__new__", "($type, /, iterable, r)"),
    STEPPING_ROWS(replacement_step, Effects::kWritesSelf),
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
  if (!is_tuple(state) || state.as<Tuple>()->length != 2)
    return raise(cx, kValueError, "invalid arguments");
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
    STEPPING_ROWS(permutations_step, Effects::kWritesSelf),
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
    out->items()[i] =
        (*(*pools)[i].as<Tuple>())[static_cast<size_t>(at(cx, l, static_cast<int64_t>(i)))];
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
    STEPPING_ROWS(product_step, Effects::kWritesSelf),
    method<&product_reduce>("__reduce__", "($self, /)"),
    method<&product_setstate>("__setstate__", "($self, state, /)"),
};

}  // namespace

std::span<const IteratorClass> combinatoric_classes() {
  constexpr auto kPools = static_cast<unsigned>(Pools::kCount);
  static const IteratorClass kClasses[] = {
      {&combinations_type, "itertools.combinations", kPools, kCombinations, combinations_step},
      {&replacement_type, "itertools.combinations_with_replacement", kPools, kReplacement,
       replacement_step},
      {&permutations_type, "itertools.permutations", kPools, kPermutations, permutations_step},
      {&product_type, "itertools.product", kPools, kProduct, product_step},
  };
  return kClasses;
}

}  // namespace pystm::lib::itertools
