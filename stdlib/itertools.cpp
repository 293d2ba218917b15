// itertools: the module, and the iterators over one iterator or several in a row. Others:
// itertools_combinatoric.cpp, itertools_grouping.cpp.
#include "stdlib/itertools.h"

#include "stdlib/modules.h"

namespace pystm::lib {

namespace itertools {

namespace {

// --- accumulate ----------------------------------------------------------------------------------

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
    next = f == kNone ? TRY(binary_op(cx, BinaryOp::kAdd, total, item))
                      : TRY(call(cx, f, {total, item}));
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

// --- chain ---------------------------------------------------------------------------------------

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
Result<Value> chain_from_iterable(Context& cx, Type* type, Value iterable) {
  return make_chain(cx, type, iterable);
}
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
  const Value state =
      active.is_unset() ? TRY(tuple_of(cx, {source})) : TRY(tuple_of(cx, {source, active}));
  return tuple_of(cx, {Value(type_of(self)), Value(empty_tuple()), state});
}
Result<void> chain_setstate(Context& cx, Value self, Value state) {
  if (!is_tuple(state)) return raise(cx, kTypeError, "state is not a tuple");
  auto* t = state.as<Tuple>();
  if (t->length < 1 || t->length > 2)
    return raise(cx, kTypeError, "function takes at most 2 arguments (%zu given)",
                 static_cast<size_t>(t->length));
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

// --- compress, dropwhile, takewhile, filterfalse, starmap ----------------------------------------

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
  return reduced(cx, self, {slot(cx, self, Pair::kFirst), slot(cx, self, Pair::kIterator)},
                 started);
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

// --- count, repeat, cycle ------------------------------------------------------------------------

Type* count_type;
enum class Count { kNext, kStep, kCount };

bool is_number(Value v) {
  return is_int(v) || is_float(v) || is_complex(v) ||
         !lookup_dunder(v, Dunder::kFloat).is_unset() ||
         !lookup_dunder(v, Dunder::kIndex).is_unset() ||
         !lookup_dunder(v, Dunder::kInt).is_unset() ||
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
  // Acquired before it is read: of two threads the later waits instead of running on with a stale
  // number.
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
  const Value n =
      times.given()
          ? make_int(cx, std::max<int64_t>(TRY(to_index64(cx, times.value, kOverflowError)), 0))
          : Value();
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
    STEPPING_ROWS(repeat_step, Effects::kWritesSelf),
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

// --- module --------------------------------------------------------------------------------------

constexpr BuiltinDef kFunctions[] = {function<&tee_function>("tee", "(iterable, n=2, /)")};

Result<void> define(Context& cx, Module* m, std::span<const IteratorClass> classes) {
  for (const IteratorClass& c : classes) {
    *c.type = keep(define_native_class(cx, c.name, c.slots, c.methods));
    if (c.next != nullptr) set_native_class_next(*c.type, c.next);
    TRY(module_add_type(cx, m, *c.type));
  }
  return {};
}

Result<void> init(Context& cx, Module* m) {
  constexpr auto kPairs = static_cast<unsigned>(Pair::kCount);
  const IteratorClass classes[] = {
      {&accumulate_type, "itertools.accumulate", static_cast<unsigned>(Accumulate::kCount),
       kAccumulate, accumulate_step},
      {&chain_type, "itertools.chain", static_cast<unsigned>(Chain::kCount), kChain, chain_step},
      {&compress_type, "itertools.compress", kPairs, kCompress, compress_step},
      {&dropwhile_type, "itertools.dropwhile", kPairs, kDropwhile, dropwhile_step},
      {&takewhile_type, "itertools.takewhile", kPairs, kTakewhile, takewhile_step},
      {&filterfalse_type, "itertools.filterfalse", kPairs, kFilterfalse, filterfalse_step},
      {&starmap_type, "itertools.starmap", kPairs, kStarmap, starmap_step},
      {&count_type, "itertools.count", static_cast<unsigned>(Count::kCount), kCount, count_step},
      {&repeat_type, "itertools.repeat", static_cast<unsigned>(Repeat::kCount), kRepeat,
       repeat_step},
      {&cycle_type, "itertools.cycle", static_cast<unsigned>(Cycle::kCount), kCycle, cycle_step},
  };
  TRY(define(cx, m, classes));
  TRY(define(cx, m, combinatoric_classes()));
  return define(cx, m, grouping_classes());
}

const ModuleDef kModule = {"itertools", kFunctions, init,
                           "Functional tools for creating and using iterators."};

}  // namespace

}  // namespace itertools

void register_itertools() { register_module(itertools::kModule); }

}  // namespace pystm::lib
