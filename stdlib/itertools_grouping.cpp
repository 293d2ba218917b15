// The iterators of itertools that group, slice, pair and share what other iterators give.
#include "stdlib/itertools.h"

namespace pystm::lib::itertools {

namespace {

// --- groupby -------------------------------------------------------------------------------------

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
    const Value current = slot(cx, self, Group::kCurrentKey),
                target = slot(cx, self, Group::kTarget);
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
  if (!is_tuple(state) || state.as<Tuple>()->length != 3)
    return raise(cx, kTypeError, "state is not a tuple");
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

// --- islice --------------------------------------------------------------------------------------

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
    return raise(cx, kTypeError,
                 args.count < 1 ? "islice expected at least 2 arguments, got %u"
                                : "islice expected at most 4 arguments, got %u",
                 args.count + 1);
  constexpr const char* kStopText =
      "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
  constexpr const char* kIndexText =
      "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
  int64_t start = 0, step = 1, stop;
  if (args.count == 1) {
    stop = TRY(islice_position(cx, args[0], -1, kStopText));
  } else {
    stop = TRY(islice_position(cx, args[1], -1, kStopText));
    start = TRY(islice_position(cx, args[0], 0, kIndexText));
  }
  if (args.count == 3) {
    step = TRY(
        islice_position(cx, args[2], 1, "Step for islice() must be a positive integer or None."));
    if (step < 1)
      return raise(cx, kValueError, "Step for islice() must be a positive integer or None.");
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
  set_slot(cx, self, Islice::kNext,
           small(std::min(next + slot(cx, self, Islice::kStep).as_int(), top)));
  return item;
}
Result<Value> islice_reduce(Context& cx, Value self) {
  const Value it = slot(cx, self, Islice::kIterator);
  if (it.is_unset()) {
    const Value none = TRY(get_iter(cx, empty_tuple()));
    return reduced(cx, self, {none, small(0)}, small(0));
  }
  const Value stop = slot(cx, self, Islice::kStop);
  return reduced(cx, self,
                 {it, slot(cx, self, Islice::kNext), stop == small(-1) ? kNone : stop,
                  slot(cx, self, Islice::kStep)},
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

// --- pairwise ------------------------------------------------------------------------------------

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

// --- tee -----------------------------------------------------------------------------------------
// A linked list of nodes, the last one empty: an iterator stands at a node; who stands at the last
// one fetches.

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
Value tee_copy(Context& cx, Value self) {
  return make_tee(cx, slot(cx, self, Tee::kSource), slot(cx, self, Tee::kNode));
}
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
    if (!slot(cx, node, Node::kBusy).is_unset())
      return raise(cx, kRuntimeError, "cannot re-enter the tee iterator");
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

constexpr BuiltinDef kTee[] = {
    static_method<&tee_new>("__new__", "($type, iterable, /)"),
    ITERATOR_ROWS(tee_step),
    method<&tee_copy>("__copy__", "($self, /)"),
};

// --- zip_longest ---------------------------------------------------------------------------------

Type* zip_longest_type;
enum class Longest {
  kIterators,
  kFill,
  kActive,
  kCount
};  // kIterators: List; an exhausted one is None
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

}  // namespace

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

std::span<const IteratorClass> grouping_classes() {
  static const IteratorClass kClasses[] = {
      {&groupby_type, "itertools.groupby", static_cast<unsigned>(Group::kCount), kGroupby,
       groupby_step},
      {&grouper_type, "itertools._grouper", static_cast<unsigned>(Grouper::kCount), kGrouper,
       grouper_step},
      {&islice_type, "itertools.islice", static_cast<unsigned>(Islice::kCount), kIslice,
       islice_step},
      {&pairwise_type, "itertools.pairwise", static_cast<unsigned>(Pairwise::kCount), kPairwise,
       pairwise_step},
      {&tee_type, "itertools._tee", static_cast<unsigned>(Tee::kCount), kTee, tee_step},
      {&tee_node_type,
       "itertools._tee_dataobject",
       static_cast<unsigned>(Node::kCount),
       {},
       nullptr},
      {&zip_longest_type, "itertools.zip_longest", static_cast<unsigned>(Longest::kCount),
       kZipLongest, zip_longest_step},
  };
  return kClasses;
}

}  // namespace pystm::lib::itertools
