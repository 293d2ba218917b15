// _functools: partial, reduce, cmp_to_key, lru_cache.
//
// The bounded cache keeps its entries in a dict in the order of their last use: a hit moves the
// entry to the end. Where threads use one cache at the same time, every hit therefore writes it. An
// unbounded cache's hits only read; its counters are split, a part per thread (modulo), so that
// counting is no conflict either.
#include "stdlib/modules.h"
#include "stdlib/native_class.h"
#include "vm/runtime/kernels.h"

namespace pystm::lib {

namespace {

// --- partial -------------------------------------------------------------------------------------

Type* partial_type;
enum class Partial { kFunction, kArgs, kKeywords, kCount };

Result<Value> partial_new(Context& cx, Type* type, Args args, Kwargs kwargs) {
  if (args.count < 1) return raise(cx, kTypeError, "type 'partial' takes at least one argument");
  if (!is_callable(args[0])) return raise(cx, kTypeError, "the first argument must be callable");
  Value function = args[0];
  Tuple* own = TRY(new_tuple(cx, args.items + 1, args.count - 1));
  Dict* keywords = new_dict(cx);
  // A partial of a partial without attributes of its own is flattened.
  if (type == partial_type && type_of(function) == partial_type) {
    const Value attributes = TRY(instance_dict(cx, function, true));
    if (dict_length(cx, attributes.as<Dict>()) == 0) {
      auto* inner = slot(cx, function, Partial::kArgs).as<Tuple>();
      Tuple* joined = TRY(alloc_tuple(cx, inner->length + own->length));
      for (size_t i = 0; i < inner->length; ++i) joined->items()[i] = (*inner)[i];
      for (size_t i = 0; i < own->length; ++i) joined->items()[inner->length + i] = (*own)[i];
      own = joined;
      keywords = TRY(dict_copy(cx, slot(cx, function, Partial::kKeywords).as<Dict>()));
      function = slot(cx, function, Partial::kFunction);
    }
  }
  for (uint32_t i = 0; i < kwargs.count(); ++i)
    TRY(dict_set(cx, keywords, (*kwargs.names)[i], kwargs.values[i]));
  const Value self = TRY(make_native(cx, type, partial_type));
  set_slot(cx, self, Partial::kFunction, function);
  set_slot(cx, self, Partial::kArgs, own);
  set_slot(cx, self, Partial::kKeywords, keywords);
  return self;
}
Result<Value> partial_call(Context& cx, Value self, Args args, Kwargs kwargs) {
  const Value function = slot(cx, self, Partial::kFunction);
  auto* own = slot(cx, self, Partial::kArgs).as<Tuple>();
  auto* keywords = slot(cx, self, Partial::kKeywords).as<Dict>();
  if (dict_length(cx, keywords) == 0 && kwargs.count() == 0) {
    Tuple* all = TRY(alloc_tuple(cx, own->length + args.count));
    for (size_t i = 0; i < own->length; ++i) all->items()[i] = (*own)[i];
    for (uint32_t i = 0; i < args.count; ++i) all->items()[own->length + i] = args[i];
    return tail_call(cx, function, all->items(), all->length);
  }
  Dict* merged = TRY(dict_copy(cx, keywords));
  for (uint32_t i = 0; i < kwargs.count(); ++i)
    TRY(dict_set(cx, merged, (*kwargs.names)[i], kwargs.values[i]));
  const auto n = static_cast<size_t>(dict_length(cx, merged));
  Tuple* names = TRY(alloc_tuple(cx, n));
  for (size_t i = 0; i < n; ++i) names->items()[i] = kNone;
  Tuple* all = TRY(alloc_tuple(cx, own->length + args.count + n));
  for (size_t i = 0; i < own->length; ++i) all->items()[i] = (*own)[i];
  for (uint32_t i = 0; i < args.count; ++i) all->items()[own->length + i] = args[i];
  for (size_t i = 0; i < n; ++i) all->items()[own->length + args.count + i] = kNone;
  Word position = 0;
  Value key, value;
  for (size_t i = 0; i < n && dict_next(cx, merged, &position, &key, &value); ++i) {
    if (!is_str(key)) return raise(cx, kTypeError, "keywords must be strings");
    Value* at = all->items() + own->length + args.count + i;
    *at = value;
    gc::store_barrier(cx, all, at);
    const Value name = intern(cx, TRY(flatten(cx, key)));
    names->items()[i] = name;
    gc::store_barrier(cx, names, names->items() + i);
  }
  return tail_call(cx, function, all->items(), all->length, names);
}
Result<Value> partial_repr(Context& cx, Value self) {
  ReprGuard guard(cx, self);
  if (guard.running()) return Value(intern(cx, "..."));
  StrBuilder out;
  Type* type = type_of(self);
  if (type == partial_type) {
    out.add_ascii("functools.partial(");
  } else {
    out.add(to_utf8(cx, type->qualname));
    out.add_ascii("(");
  }
  TRY(add_repr(cx, out, slot(cx, self, Partial::kFunction)));
  auto* args = slot(cx, self, Partial::kArgs).as<Tuple>();
  for (size_t i = 0; i < args->length; ++i) {
    out.add_ascii(", ");
    TRY(add_repr(cx, out, (*args)[i]));
  }
  Word position = 0;
  Value key, value;
  while (dict_next(cx, slot(cx, self, Partial::kKeywords).as<Dict>(), &position, &key, &value)) {
    out.add_ascii(", ");
    out.add(TRY(flatten(cx, TRY(str(cx, key)))));
    out.add_ascii("=");
    TRY(add_repr(cx, out, value));
  }
  out.add_ascii(")");
  return Value(TRY(out.finish(cx)));
}
Result<Value> partial_reduce(Context& cx, Value self) {
  const Value d = TRY(instance_dict(cx, self, true));
  const Value attributes = dict_length(cx, d.as<Dict>()) == 0 ? kNone : d;
  const Value f = slot(cx, self, Partial::kFunction);
  const Value args = TRY(tuple_of(cx, {f}));
  const Value state = TRY(tuple_of(
      cx, {f, slot(cx, self, Partial::kArgs), slot(cx, self, Partial::kKeywords), attributes}));
  return tuple_of(cx, {Value(type_of(self)), args, state});
}
Result<void> partial_setstate(Context& cx, Value self, Value state) {
  auto bad = [&] { return raise(cx, kTypeError, "invalid partial state"); };
  if (!is_tuple(state) || state.as<Tuple>()->length != 4) return bad();
  auto* t = state.as<Tuple>();
  const Value f = (*t)[0], args = (*t)[1], keywords = (*t)[2], attributes = (*t)[3];
  if (!is_callable(f) || !is_tuple(args) || (keywords != kNone && !is_dict(keywords))) return bad();
  const Value exact = TRY(to_tuple(cx, args));
  const Value copy =
      keywords == kNone ? Value(new_dict(cx)) : Value(TRY(dict_copy(cx, keywords.as<Dict>())));
  set_slot(cx, self, Partial::kFunction, f);
  set_slot(cx, self, Partial::kArgs, exact);
  set_slot(cx, self, Partial::kKeywords, copy);
  if (attributes == kNone) return {};
  if (!is_dict(attributes)) return bad();
  return set_instance_dict(cx, self, attributes);
}
template <Partial kField>
Result<Value> partial_field(Context& cx, Value self) {
  return slot(cx, self, kField);
}
Result<Value> attributes_of(Context& cx, Value self) { return instance_dict(cx, self, true); }
Result<void> set_attributes(Context& cx, Value self, Value d) {
  if (d.is_unset()) return raise(cx, kTypeError, "cannot delete __dict__");
  if (!is_dict(d))
    return raise(cx, kTypeError, "__dict__ must be set to a dictionary, not a '%s'", TYPE_NAME(d));
  return set_instance_dict(cx, self, d);
}
constexpr BuiltinDef kPartial[] = {
    static_method<&partial_new>("__new__", "($type, /, *args, **kwargs)"),
    method<&partial_call>("__call__", "($self, /, *args, **kwargs)"),
    method<&partial_repr>("__repr__", "($self, /)"),
    method<&partial_reduce>("__reduce__", "($self, /)"),
    method<&partial_setstate>("__setstate__", "($self, state, /)"),
    class_method<&class_getitem>("__class_getitem__", "($type, object, /)"),
};
constexpr GetSetDef kPartialGetSets[] = {
    {"func", partial_field<Partial::kFunction>, nullptr,
     "function object to use in future partial calls"},
    {"args", partial_field<Partial::kArgs>, nullptr, "tuple of arguments to future partial calls"},
    {"keywords", partial_field<Partial::kKeywords>, nullptr,
     "dictionary of keyword arguments to future partial calls"},
    {"__dict__", attributes_of, set_attributes},
};

// --- reduce, cmp_to_key --------------------------------------------------------------------------

Result<Value> reduce(Context& cx, Value function, Value iterable, Opt initial) {
  auto iterator = get_iter(cx, iterable);
  if (iterator.is_error()) {
    if (pending_is(cx, kTypeError)) {
      clear_exception(cx);
      return raise(cx, kTypeError, "reduce() arg 2 must support iteration");
    }
    return Error{};
  }
  Value result = initial.given() ? initial.value : TRY(iter_next(cx, iterator.value()));
  if (result.is_unset())
    return raise(cx, kTypeError, "reduce() of empty iterable with no initial value");
  for (;;) {
    const Value item = TRY(iter_next(cx, iterator.value()));
    if (item.is_unset()) return result;
    result = TRY(call(cx, function, {result, item}));
  }
}

Type* key_type;
enum class Key { kCompare, kObject, kCount };
Result<Value> make_key(Context& cx, Value compare, Value object) {
  const Value self = alloc_object(cx, key_type->shape);
  set_slot(cx, self, Key::kCompare, compare);
  set_slot(cx, self, Key::kObject, object);
  return self;
}
Result<Value> cmp_to_key(Context& cx, Value mycmp) { return make_key(cx, mycmp, Value()); }
Result<Value> key_call(Context& cx, Value self, Value obj) {
  return make_key(cx, slot(cx, self, Key::kCompare), obj);
}
template <CompareOp kOp>
Result<Value> key_compare(Context& cx, Value self, Value other) {
  if (type_of(other) != key_type) return raise(cx, kTypeError, "other argument must be K instance");
  const Value x = slot(cx, self, Key::kObject), y = slot(cx, other, Key::kObject);
  if (x.is_unset() || y.is_unset()) return raise(cx, kAttributeError, "object");
  const Value r = TRY(call(cx, slot(cx, self, Key::kCompare), {x, y}));
  return compare(cx, kOp, r, Value::of_int(0));
}
Result<Value> key_object(Context& cx, Value self) {
  const Value v = slot(cx, self, Key::kObject);
  if (v.is_unset()) return raise(cx, kAttributeError, "object");
  return v;
}
Result<void> set_key_object(Context& cx, Value self, Value v) {
  set_slot(cx, self, Key::kObject, v);
  return {};
}
constexpr BuiltinDef kKey[] = {
    method<&key_call>("__call__", "($self, /, obj)"),
    COMPARE_ROWS(key_compare, Effects::kCallsPython),
};
constexpr GetSetDef kKeyGetSets[] = {
    {"obj", key_object, set_key_object, "Value wrapped by a key function."}};

// --- lru_cache -----------------------------------------------------------------------------------

Type* cache_type;
Value* keyword_mark;  // the object between positional and keyword parts of a key
enum class Cache { kFunction, kMaxsize, kTyped, kEntries, kInfoClass, kCounters, kCount };
// kMaxsize: None or int. kCounters: tuple of Counter instances.
Type* counter_type;
enum class Counter { kHits, kMisses, kCount };
constexpr size_t kShards = 8;

Result<Value> new_counters(Context& cx) {
  Tuple* t = TRY(alloc_tuple(cx, kShards));
  for (size_t i = 0; i < kShards; ++i) t->items()[i] = kNone;
  for (size_t i = 0; i < kShards; ++i) {
    const Value c = alloc_object(cx, counter_type->shape);
    set_slot(cx, c, Counter::kHits, Value::of_int(0));
    set_slot(cx, c, Counter::kMisses, Value::of_int(0));
    t->items()[i] = c;
    gc::store_barrier(cx, t, t->items() + i);
  }
  return Value(t);
}
Result<Value> cache_new(Context& cx, Type* type, Value function, Value maxsize, Value typed,
                        Value info_class) {
  if (!is_callable(function)) return raise(cx, kTypeError, "the first argument must be callable");
  Value limit = kNone;
  if (maxsize != kNone) {
    if (!has_index(maxsize)) return raise(cx, kTypeError, "maxsize should be integer or None");
    limit = Value::of_int(std::max<int64_t>(TRY(to_index64(cx, maxsize, kOverflowError)), 0));
  }
  const bool by_type = TRY(truth(cx, typed));
  const Value self = TRY(make_native(cx, type, cache_type));
  Dict* entries = new_dict(cx);
  set_slot(cx, self, Cache::kFunction, function);
  set_slot(cx, self, Cache::kMaxsize, limit);
  set_slot(cx, self, Cache::kTyped, of_bool(by_type));
  set_slot(cx, self, Cache::kEntries, entries);
  set_slot(cx, self, Cache::kInfoClass, info_class);
  set_slot(cx, self, Cache::kCounters, TRY(new_counters(cx)));
  return self;
}
Result<Value> cache_key(Context& cx, Args args, Kwargs kwargs, bool typed) {
  if (!typed && kwargs.count() == 0 && args.count == 1 &&
      (is_exact_int(args[0]) || is_exact_str(args[0])))
    return args[0];
  const uint32_t k = kwargs.count();
  const size_t n = args.count + (k == 0 ? 0 : 1 + 2 * k) + (typed ? args.count + k : 0);
  Tuple* key = TRY(alloc_tuple(cx, n));
  Value* at = key->items();
  for (uint32_t i = 0; i < args.count; ++i) *at++ = args[i];
  if (k != 0) *at++ = *keyword_mark;
  for (uint32_t i = 0; i < k; ++i) {
    *at++ = (*kwargs.names)[i];
    *at++ = kwargs.values[i];
  }
  if (typed) {
    for (uint32_t i = 0; i < args.count; ++i) *at++ = Value(type_of(args[i]));
    for (uint32_t i = 0; i < k; ++i) *at++ = Value(type_of(kwargs.values[i]));
  }
  return Value(key);
}
void count_up(Context& cx, Value self, Counter which) {
  const Value c = (*slot(cx, self, Cache::kCounters).as<Tuple>())[cx.thread_id % kShards];
  stm::acquire(cx, c.as<Instance>());
  set_slot(cx, c, which, Value::of_int(slot(cx, c, which).as_int() + 1));
}
Value sum_of(Context& cx, Value self, Counter which) {
  auto* counters = slot(cx, self, Cache::kCounters).as<Tuple>();
  int64_t n = 0;
  for (size_t i = 0; i < kShards; ++i) n += slot(cx, (*counters)[i], which).as_int();
  return Value::of_int(n);
}
Result<Value> call_wrapped(Context& cx, Value function, Args args, Kwargs kwargs) {
  const uint32_t k = kwargs.count();
  if (k == 0) return call(cx, function, args.items, args.count);
  Tuple* all = TRY(alloc_tuple(cx, args.count + k));
  for (uint32_t i = 0; i < args.count; ++i) all->items()[i] = args[i];
  for (uint32_t i = 0; i < k; ++i) all->items()[args.count + i] = kwargs.values[i];
  return call_kw(cx, function, all->items(), all->length, kwargs.names);
}
Result<Value> cache_call(Context& cx, Value self, Args args, Kwargs kwargs) {
  const Value function = slot(cx, self, Cache::kFunction),
              maxsize = slot(cx, self, Cache::kMaxsize);
  if (maxsize == Value::of_int(0)) {
    count_up(cx, self, Counter::kMisses);
    return call_wrapped(cx, function, args, kwargs);
  }
  const Value key = TRY(cache_key(cx, args, kwargs, slot(cx, self, Cache::kTyped) == kTrue));
  const int64_t hash = TRY(hash_value(cx, key));
  auto* entries = slot(cx, self, Cache::kEntries).as<Dict>();
  const Value known = TRY(dict_get_hashed(cx, entries, key, hash));
  if (!known.is_unset()) {
    count_up(cx, self, Counter::kHits);
    if (maxsize != kNone) {
      // To the end: it was used last.
      if (TRY(dict_delete(cx, entries, key))) TRY(dict_set_hashed(cx, entries, key, hash, known));
    }
    return known;
  }
  count_up(cx, self, Counter::kMisses);
  const Value made = TRY(call_wrapped(cx, function, args, kwargs));
  entries = slot(cx, self, Cache::kEntries).as<Dict>();
  if (maxsize != kNone) {
    // The call may have filled the place itself.
    const Value meanwhile = TRY(dict_get_hashed(cx, entries, key, hash));
    if (!meanwhile.is_unset()) return made;
    if (dict_length(cx, entries) >= maxsize.as_int()) {
      Word position = 0;
      Value oldest, value;
      if (dict_next(cx, entries, &position, &oldest, &value))
        (void)TRY(dict_delete(cx, entries, oldest));
    }
  }
  TRY(dict_set_hashed(cx, entries, key, hash, made));
  return made;
}
Result<Value> cache_info(Context& cx, Value self) {
  const int64_t size = dict_length(cx, slot(cx, self, Cache::kEntries).as<Dict>());
  return call(cx, slot(cx, self, Cache::kInfoClass),
              {sum_of(cx, self, Counter::kHits), sum_of(cx, self, Counter::kMisses),
               slot(cx, self, Cache::kMaxsize), Value::of_int(size)});
}
Result<void> cache_clear(Context& cx, Value self) {
  set_slot(cx, self, Cache::kCounters, TRY(new_counters(cx)));
  dict_clear(cx, slot(cx, self, Cache::kEntries).as<Dict>());
  return {};
}
Result<Value> cache_get(Context& cx, Value self, Value object, Value) {
  if (object == kNone) return self;
  return new_bound_method(cx, self, object);
}
Result<Value> cache_reduce(Context& cx, Value self) {
  return get_attr(cx, self, names().__qualname__);
}
Value cache_copy(Context&, Value self) { return self; }
Value cache_deepcopy(Context&, Value self, Value) { return self; }
constexpr BuiltinDef kCache[] = {
    static_method<&cache_new>("__new__",
                              "($type, /, user_function, maxsize, typed, cache_info_type)"),
    method<&cache_call>("__call__", "($self, /, *args, **kwargs)"),
    method<&cache_info>("cache_info", "($self, /)"),
    method<&cache_clear>("cache_clear", "($self, /)"),
    method<&cache_get>("__get__", "($self, instance, owner=None, /)"),
    method<&cache_reduce>("__reduce__", "($self, /)"),
    method<&cache_copy>("__copy__", "($self, /)"),
    method<&cache_deepcopy>("__deepcopy__", "($self, memo, /)"),
};
constexpr GetSetDef kCacheGetSets[] = {{"__dict__", attributes_of, set_attributes}};

// --- module --------------------------------------------------------------------------------------

constexpr BuiltinDef kFunctions[] = {
    with_kernels(function<&reduce>("reduce", "(function, iterable, initial=unset, /)")),
    function<&cmp_to_key>("cmp_to_key", "(mycmp)"),
};

Result<void> init(Context& cx, Module* m) {
  constexpr Word kFlags = kTypeBaseType | kTypeHasDict | kTypeHasWeakref;
  partial_type = keep(define_native_class(
      cx, "functools.partial", static_cast<unsigned>(Partial::kCount), kPartial, kPartialGetSets,
      "partial(func, *args, **keywords) - new function with partial application\n    of the "
      "given arguments and keywords.\n",
      nullptr, kFlags));
  key_type =
      keep(define_native_class(cx, "functools.KeyWrapper", static_cast<unsigned>(Key::kCount), kKey,
                               kKeyGetSets, nullptr, nullptr, 0));
  counter_type = keep(
      define_native_class(cx, "functools._counter", static_cast<unsigned>(Counter::kCount), {}));
  cache_type = keep(define_native_class(
      cx, "functools._lru_cache_wrapper", static_cast<unsigned>(Cache::kCount), kCache,
      kCacheGetSets, "Create a cached callable that wraps another function.", nullptr, kFlags));
  auto* mark = new gc::Root(alloc_object(cx, types().object->shape));
  keyword_mark = &mark->value;
  TRY(module_add_type(cx, m, partial_type));
  TRY(module_add_type(cx, m, cache_type));
  return {};
}

const ModuleDef kModule = {"_functools", kFunctions, init, "Tools that operate on functions."};

}  // namespace

void register__functools() { register_module(kModule); }

}  // namespace pystm::lib
