// The iterators that are classes of their own: enumerate, zip, map, filter, reversed,
// iter(callable, sentinel) and the iterator over __getitem__. Invariant: nothing read from an
// iterator's State is used after a call that may run Python code, unless read again.
#include "vm/types/define.h"
#include "vm/types/sequence_types.h"
#include "vm/types/support.h"

namespace pystm::vm {

namespace {

Result<void> no_keywords(Context& cx, Kwargs kwargs, Type* type, Type* own, const char* name) {
  // A subclass with its own __init__ may take keywords.
  if (kwargs.count() == 0 || type != own) return {};
  return raise(cx, kTypeError, "%s() takes no keyword arguments", name);
}

// iter() of each argument from `first` on, in a tuple.
Result<Tuple*> iterators_of(Context& cx, Args args, uint32_t first) {
  Tuple* t = TRY(alloc_tuple(cx, args.count - first));
  for (uint32_t i = first; i < args.count; ++i) {
    const Value it = TRY(get_iter(cx, args[i]));
    t->items()[i - first] = it;
    gc::store_barrier(cx, t, t->items() + (i - first));
  }
  return t;
}

}  // namespace

// --- enumerate -----------------------------------------------------------------------------------

namespace enumerate_methods {
namespace {

Result<Value> make(Context& cx, Value cls, Value iterable, Opt start) {
  Type* type = TRY(type_argument(cx, cls, types().enumerate));
  const Value count = start.given() ? TRY(to_index(cx, start.value)) : Value::of_int(0);
  const Value iterator = TRY(get_iter(cx, iterable));
  auto* e = alloc_for<Enumerate>(cx, type);
  auto& state = stm::init_state(cx, e);
  state.iterator = iterator;
  state.count = count;
  return Value(e);
}

Result<Value> next(Context& cx, Value self) {
  auto* e = self.as<Enumerate>();
  const Value item = TRY(iter_next(cx, stm::Read<Enumerate>(cx, e)->iterator));
  if (item.is_unset()) return Value();
  const Value count = stm::Read<Enumerate>(cx, e)->count;
  const Value following = TRY(int_binary(cx, BinaryOp::kAdd, count, Value::of_int(1)));
  stm::Write<Enumerate>(cx, e).set(&Enumerate::State::count, following);
  return tuple_of(cx, {count, item});
}

Result<Value> reduce(Context& cx, Enumerate* self) {
  stm::Read<Enumerate> r(cx, self);
  const Value args = TRY(tuple_of(cx, {r->iterator, r->count}));
  return tuple_of(cx, {Value(type_of(self)), args});
}

constexpr BuiltinDef kMethods[] = {
    worded(Wording::kNoPosition, static_method<&make>("__new__", "($type, iterable, start=unset)")),
    method<&iter_self<Enumerate>>("__iter__", "($self, /)", Effects::kPure),
    method<&next_method<Enumerate, &next>>("__next__", "($self, /)"),
    method<&reduce>("__reduce__", "($self, /)"),
    class_method<&class_getitem>("__class_getitem__", "($type, object, /)"),
};
}  // namespace
}  // namespace enumerate_methods

// --- zip -----------------------------------------------------------------------------------------

namespace zip_methods {
namespace {

Result<Value> make(Context& cx, Value cls, Args args, Kwargs kwargs) {
  Type* type = TRY(type_argument(cx, cls, types().zip));
  bool strict = false;
  if (type == types().zip) {
    for (uint32_t i = 0; i < kwargs.count(); ++i) {
      Str* name = TRY(flatten(cx, (*kwargs.names)[i]));
      if (!str_equals(name, "strict"))
        return raise(cx, kTypeError, "'%s' is an invalid keyword argument for zip()",
                     to_utf8(name).c_str());
      strict = TRY(truth(cx, kwargs.values[i]));
    }
  }
  for (uint32_t i = 0; i < args.count; ++i)
    if (lookup_dunder(args[i], Dunder::kIter).is_unset() &&
        lookup_dunder(args[i], Dunder::kGetItem).is_unset())
      return raise(cx, kTypeError, "'%s' object is not iterable", TYPE_NAME(args[i]));
  Tuple* iterators = TRY(iterators_of(cx, args, 0));
  auto* z = alloc_for<Zip>(cx, type);
  auto& state = stm::init_state(cx, z);
  state.iterators = iterators;
  state.strict = strict;
  return Value(z);
}

// Iterator i has ended in strict mode: the others must have, too.
Result<Value> check_strict(Context& cx, Tuple* iterators, size_t i) {
  if (i > 0) {
    const char* plural = i == 1 ? " " : "s 1-";
    return raise(cx, kValueError, "zip() argument %zu is shorter than argument%s%zu", i + 1, plural,
                 i);
  }
  for (size_t k = 1; k < iterators->length; ++k) {
    if (TRY(iter_next(cx, (*iterators)[k])).is_unset()) continue;
    const char* plural = k == 1 ? " " : "s 1-";
    return raise(cx, kValueError, "zip() argument %zu is longer than argument%s%zu", k + 1, plural,
                 k);
  }
  return Value();
}

Result<Value> next(Context& cx, Value self) {
  auto* z = self.as<Zip>();
  auto* iterators = stm::Read<Zip>(cx, z)->iterators.as<Tuple>();
  const size_t n = iterators->length;
  if (n == 0) return Value();
  Value first[4];
  Tuple* out = n <= 4 ? nullptr : TRY(alloc_tuple(cx, n));
  for (size_t i = 0; i < n; ++i) {
    const Value item = TRY(iter_next(cx, (*iterators)[i]));
    if (item.is_unset())
      return stm::Read<Zip>(cx, z)->strict ? check_strict(cx, iterators, i)
                                           : Result<Value>(Value());
    if (out == nullptr) {
      first[i] = item;
    } else {
      out->items()[i] = item;
      gc::store_barrier(cx, out, out->items() + i);
    }
  }
  return out != nullptr ? Result<Value>(Value(out))
                        : Result<Value>(Value(TRY(new_tuple(cx, first, n))));
}

Result<Value> reduce(Context& cx, Zip* self) {
  stm::Read<Zip> r(cx, self);
  if (r->strict) return tuple_of(cx, {Value(type_of(self)), r->iterators, kTrue});
  return tuple_of(cx, {Value(type_of(self)), r->iterators});
}
Result<void> setstate(Context& cx, Zip* self, Value state) {
  const bool strict = TRY(truth(cx, state));
  stm::Write<Zip>(cx, self).set(&Zip::State::strict, Word{strict});
  return {};
}

constexpr BuiltinDef kMethods[] = {
    static_method<&make>("__new__", "($type, *args, **kwargs)"),
    method<&iter_self<Zip>>("__iter__", "($self, /)", Effects::kPure),
    method<&next_method<Zip, &next>>("__next__", "($self, /)"),
    method<&reduce>("__reduce__", "($self, /)"),
    method<&setstate>("__setstate__", "($self, state, /)"),
};
}  // namespace
}  // namespace zip_methods

// --- map and filter ------------------------------------------------------------------------------

namespace map_methods {
namespace {

Result<Value> make(Context& cx, Value cls, Args args, Kwargs kwargs) {
  Type* type = TRY(type_argument(cx, cls, types().map));
  TRY(no_keywords(cx, kwargs, type, types().map, "map"));
  if (args.count < 2) return raise(cx, kTypeError, "map() must have at least two arguments.");
  Tuple* iterators = TRY(iterators_of(cx, args, 1));
  auto* m = alloc_for<Map>(cx, type);
  auto& state = stm::init_state(cx, m);
  state.function = args[0];
  state.iterators = iterators;
  return Value(m);
}

Result<Value> next(Context& cx, Value self) {
  stm::Read<Map> r(cx, self.as<Map>());
  auto* iterators = r->iterators.as<Tuple>();
  const Value function = r->function;
  const size_t n = iterators->length;
  Value few[4];
  Tuple* many = n <= 4 ? nullptr : TRY(alloc_tuple(cx, n));
  for (size_t i = 0; i < n; ++i) {
    const Value item = TRY(iter_next(cx, (*iterators)[i]));
    if (item.is_unset()) return Value();
    if (many == nullptr) {
      few[i] = item;
    } else {
      many->items()[i] = item;
      gc::store_barrier(cx, many, many->items() + i);
    }
  }
  return call(cx, function, many == nullptr ? few : many->items(), n);
}

Result<Value> reduce(Context& cx, Map* self) {
  stm::Read<Map> r(cx, self);
  auto* iterators = r->iterators.as<Tuple>();
  Tuple* args = TRY(alloc_tuple(cx, iterators->length + 1));
  args->items()[0] = r->function;
  for (size_t i = 0; i < iterators->length; ++i) args->items()[i + 1] = (*iterators)[i];
  return tuple_of(cx, {Value(type_of(self)), Value(args)});
}

constexpr BuiltinDef kMethods[] = {
    static_method<&make>("__new__", "($type, *args, **kwargs)"),
    method<&iter_self<Map>>("__iter__", "($self, /)", Effects::kPure),
    method<&next_method<Map, &next>>("__next__", "($self, /)"),
    method<&reduce>("__reduce__", "($self, /)"),
};
}  // namespace
}  // namespace map_methods

namespace filter_methods {
namespace {

Result<Value> make(Context& cx, Value cls, Args args, Kwargs kwargs) {
  Type* type = TRY(type_argument(cx, cls, types().filter));
  TRY(no_keywords(cx, kwargs, type, types().filter, "filter"));
  if (args.count != 2)
    return raise(cx, kTypeError, "filter expected 2 arguments, got %u", args.count);
  const Value iterator = TRY(get_iter(cx, args[1]));
  auto* f = alloc_for<Filter>(cx, type);
  auto& state = stm::init_state(cx, f);
  state.function = args[0];
  state.iterators = iterator;
  return Value(f);
}

Result<Value> next(Context& cx, Value self) {
  stm::Read<Filter> r(cx, self.as<Filter>());
  const Value function = r->function, iterator = r->iterators;
  const bool plain = function == kNone || function == Value(types().bool_);
  for (unsigned steps = 1;; ++steps) {
    if (steps % 10000 == 0) TRY(check_signals(cx));
    const Value item = TRY(iter_next(cx, iterator));
    if (item.is_unset()) return Value();
    const Value verdict = plain ? item : TRY(call(cx, function, {item}));
    if (TRY(truth(cx, verdict))) return item;
  }
}

Result<Value> reduce(Context& cx, Filter* self) {
  stm::Read<Filter> r(cx, self);
  const Value args = TRY(tuple_of(cx, {r->function, r->iterators}));
  return tuple_of(cx, {Value(type_of(self)), args});
}

constexpr BuiltinDef kMethods[] = {
    static_method<&make>("__new__", "($type, *args, **kwargs)"),
    method<&iter_self<Filter>>("__iter__", "($self, /)", Effects::kPure),
    method<&next_method<Filter, &next>>("__next__", "($self, /)"),
    method<&reduce>("__reduce__", "($self, /)"),
};
}  // namespace
}  // namespace filter_methods

// --- reversed ------------------------------------------------------------------------------------

namespace reversed_methods {
namespace {

Result<Value> make(Context& cx, Value cls, Args args, Kwargs kwargs) {
  Type* type = TRY(type_argument(cx, cls, types().reversed));
  TRY(no_keywords(cx, kwargs, type, types().reversed, "reversed"));
  if (args.count != 1)
    return raise(cx, kTypeError, "reversed expected 1 argument, got %u", args.count);
  const Value sequence = args[0];
  const Value own = lookup_dunder(sequence, Dunder::kReversed);
  if (own == kNone)
    return raise(cx, kTypeError, "'%s' object is not reversible", TYPE_NAME(sequence));
  if (!own.is_unset()) return call_special(cx, sequence, Dunder::kReversed, {});
  if (lookup_dunder(sequence, Dunder::kGetItem).is_unset() || is_dict(sequence) ||
      is_any_set(sequence))
    return raise(cx, kTypeError, "'%s' object is not reversible", TYPE_NAME(sequence));
  const int64_t n = TRY(length(cx, sequence));
  auto* r = alloc_for<Reversed>(cx, type);
  auto& state = stm::init_state(cx, r);
  state.sequence = sequence;
  state.index = n - 1;
  return Value(r);
}

Result<Value> next(Context& cx, Value self) {
  auto* it = self.as<Reversed>();
  if (is_list_reverse_iterator(self)) return reversed_list_next(cx, it);
  stm::Read<Reversed> r(cx, it);
  if (r->sequence.is_unset()) return Value();
  if (r->index >= 0) {
    const int64_t index = r->index;
    auto item = get_item(cx, r->sequence, make_int(cx, index));
    if (!item.is_error()) {
      stm::Write<Reversed>(cx, it).set(&Reversed::State::index, index - 1);
      return item;
    }
    if (!pending_is(cx, kIndexError) && !pending_is(cx, kStopIteration)) return Error{};
    clear_exception(cx);
  }
  stm::Write<Reversed> w(cx, it);
  w.set(&Reversed::State::index, int64_t{-1});
  w.set(&Reversed::State::sequence, Value());
  return Value();
}

Result<int64_t> hint(Context& cx, Reversed* self) {
  stm::Read<Reversed> r(cx, self);
  if (r->sequence.is_unset()) return int64_t{0};
  const int64_t n = TRY(length(cx, r->sequence));
  return n < r->index + 1 ? int64_t{0} : r->index + 1;
}
Result<Value> reduce(Context& cx, Reversed* self) {
  stm::Read<Reversed> r(cx, self);
  if (r->sequence.is_unset()) {
    const Value args = TRY(tuple_of(cx, {Value(empty_tuple())}));
    return tuple_of(cx, {Value(type_of(self)), args});
  }
  const Value args = TRY(tuple_of(cx, {r->sequence}));
  return tuple_of(cx, {Value(type_of(self)), args, make_int(cx, r->index)});
}
Result<void> setstate(Context& cx, Reversed* self, int64_t index) {
  const Value sequence = stm::Read<Reversed>(cx, self)->sequence;
  if (sequence.is_unset()) return {};
  const int64_t n = TRY(length(cx, sequence));
  stm::Write<Reversed>(cx, self).set(&Reversed::State::index,
                                     std::clamp<int64_t>(index, -1, n - 1));
  return {};
}

constexpr BuiltinDef kMethods[] = {
    static_method<&make>("__new__", "($type, *args, **kwargs)"),
    method<&iter_self<Reversed>>("__iter__", "($self, /)", Effects::kPure),
    method<&next_method<Reversed, &next>>("__next__", "($self, /)"),
    method<&hint>("__length_hint__", "($self, /)"),
    method<&reduce>("__reduce__", "($self, /)"),
    method<&setstate>("__setstate__", "($self, state, /)"),
};
}  // namespace
}  // namespace reversed_methods

// --- iter(callable, sentinel) --------------------------------------------------------------------

namespace call_iter_methods {
namespace {

Result<Value> next(Context& cx, Value self) {
  auto* it = self.as<CallIter>();
  stm::Read<CallIter> r(cx, it);
  if (r->callable.is_unset()) return Value();
  auto v = call(cx, r->callable, {});
  bool ended = false;
  if (v.is_error()) {
    if (!pending_is(cx, kStopIteration)) return Error{};
    clear_exception(cx);
    ended = true;
  } else {
    const Value sentinel = stm::Read<CallIter>(cx, it)->sentinel;
    if (sentinel.is_unset()) return Value();
    ended = TRY(values_equal(cx, sentinel, v.value()));
  }
  if (!ended) return v;
  stm::Write<CallIter> w(cx, it);
  w.set(&CallIter::State::callable, Value());
  w.set(&CallIter::State::sentinel, Value());
  return Value();
}

Result<Value> reduce(Context& cx, CallIter* self) {
  stm::Read<CallIter> r(cx, self);
  const Value f = TRY(builtin_named(cx, "iter"));
  const Value args = r->callable.is_unset() ? TRY(tuple_of(cx, {Value(empty_tuple())}))
                                            : TRY(tuple_of(cx, {r->callable, r->sentinel}));
  return tuple_of(cx, {f, args});
}

constexpr BuiltinDef kMethods[] = {
    method<&iter_self<CallIter>>("__iter__", "($self, /)", Effects::kPure),
    method<&next_method<CallIter, &next>>("__next__", "($self, /)"),
    method<&reduce>("__reduce__", "($self, /)"),
};
}  // namespace
}  // namespace call_iter_methods

// --- the iterator over __getitem__ ---------------------------------------------------------------

namespace seq_iter_methods {
namespace {

Result<Value> next(Context& cx, Value self) {
  auto* it = self.as<SeqIter>();
  stm::Read<SeqIter> r(cx, it);
  if (r->sequence.is_unset()) return Value();
  const int64_t index = r->index;
  if (index == INT64_MAX) return raise(cx, kOverflowError, "iter index too large");
  auto item = get_item(cx, r->sequence, make_int(cx, index));
  if (!item.is_error()) {
    stm::Write<SeqIter>(cx, it).set(&SeqIter::State::index, index + 1);
    return item;
  }
  if (!pending_is(cx, kIndexError) && !pending_is(cx, kStopIteration)) return Error{};
  clear_exception(cx);
  stm::Write<SeqIter>(cx, it).set(&SeqIter::State::sequence, Value());
  return Value();
}

Result<Value> hint(Context& cx, SeqIter* self) {
  stm::Read<SeqIter> r(cx, self);
  if (r->sequence.is_unset()) return Value::of_int(0);
  if (lookup_dunder(r->sequence, Dunder::kLen).is_unset()) return kNotImplemented;
  const int64_t n = TRY(length(cx, r->sequence));
  return make_int(cx, std::max<int64_t>(n - r->index, 0));
}
Result<Value> reduce(Context& cx, SeqIter* self) {
  stm::Read<SeqIter> r(cx, self);
  return reduce_iterator(cx, "iter", r->sequence, empty_tuple(), r->index);
}
Result<void> setstate(Context& cx, SeqIter* self, int64_t index) {
  stm::Write<SeqIter> w(cx, self);
  if (!w->sequence.is_unset()) w.set(&SeqIter::State::index, std::max<int64_t>(index, 0));
  return {};
}

constexpr BuiltinDef kMethods[] = {
    method<&iter_self<SeqIter>>("__iter__", "($self, /)", Effects::kPure),
    method<&next_method<SeqIter, &next>>("__next__", "($self, /)"),
    method<&hint>("__length_hint__", "($self, /)"),
    method<&reduce>("__reduce__", "($self, /)"),
    method<&setstate>("__setstate__", "($self, state, /)"),
};
}  // namespace
}  // namespace seq_iter_methods

void define_iterator_types(Context& cx) {
  static constexpr TypeDef kTypes[] = {
      {.name = "enumerate",
       .kind = Kind::kEnumerate,
       .slot = &Types::enumerate,
       .flags = kTypeBaseType,
       .methods = enumerate_methods::kMethods,
       .doc = "Return an enumerate object.\n\n  iterable\n    an object supporting iteration\n\n"
              "The enumerate object yields pairs containing a count (from start, which\n"
              "defaults to zero) and a value yielded by the iterable argument.\n\n"
              "enumerate is useful for obtaining an indexed list:\n    (0, seq[0]), (1, seq[1]), "
              "(2, seq[2]), ..."},
      {.name = "zip",
       .kind = Kind::kZip,
       .slot = &Types::zip,
       .flags = kTypeBaseType,
       .methods = zip_methods::kMethods,
       .doc = "zip(*iterables, strict=False) --> Yield tuples until an input is exhausted.\n\n"
              "   >>> list(zip('abcdefg', range(3), range(4)))\n   [('a', 0, 0), ('b', 1, 1), "
              "('c', 2, 2)]\n\n"
              "The zip object yields n-length tuples, where n is the number of iterables\n"
              "passed as positional arguments to zip().  The i-th element in every tuple\n"
              "comes from the i-th iterable argument to zip().  This continues until the\n"
              "shortest argument is exhausted.\n\nIf strict is true and one of the arguments is "
              "exhausted before the "
              "others,\nraise a ValueError."},
      {.name = "map",
       .kind = Kind::kMap,
       .slot = &Types::map,
       .flags = kTypeBaseType,
       .methods = map_methods::kMethods,
       .doc = "map(func, *iterables) --> map object\n\nMake an iterator that computes the function "
              "using arguments "
              "from\neach of the iterables.  Stops when the shortest iterable is exhausted."},
      {.name = "filter",
       .kind = Kind::kFilter,
       .slot = &Types::filter,
       .flags = kTypeBaseType,
       .methods = filter_methods::kMethods,
       .doc = "filter(function or None, iterable) --> filter object\n\nReturn an iterator yielding "
              "those items of "
              "iterable for which function(item)\nis true. If function is None, return the items "
              "that are true."},
      {.name = "reversed",
       .kind = Kind::kReversed,
       .slot = &Types::reversed,
       .flags = kTypeBaseType,
       .methods = reversed_methods::kMethods,
       .doc = "Return a reverse iterator over the values of the given sequence."},
      {.name = "callable_iterator",
       .kind = Kind::kCallIter,
       .slot = &Types::callable_iterator,
       .flags = kTypeNoInstantiate,
       .methods = call_iter_methods::kMethods},
      {.name = "iterator",
       .kind = Kind::kSeqIter,
       .slot = &Types::seq_iterator,
       .flags = kTypeNoInstantiate,
       .methods = seq_iter_methods::kMethods},
  };
  for (const TypeDef& def : kTypes) define_type(cx, def);
  set_native_next(Kind::kEnumerate, &enumerate_methods::next);
  set_native_next(Kind::kZip, &zip_methods::next);
  set_native_next(Kind::kMap, &map_methods::next);
  set_native_next(Kind::kFilter, &filter_methods::next);
  set_native_next(Kind::kReversed, &reversed_methods::next);
  set_native_next(Kind::kCallIter, &call_iter_methods::next);
  set_native_next(Kind::kSeqIter, &seq_iter_methods::next);
}

}  // namespace pystm::vm
