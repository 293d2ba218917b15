// What the files of itertools share. The state of each iterator is in its slots; a counter is a
// tagged int, an index vector a List. Invariant: what was read from a slot is read again after
// anything that may run Python code, where it can have changed.
#pragma once

#include <span>

#include "stdlib/native_class.h"

namespace pystm::lib::itertools {

// A class of the module, and its step for calls from C++.
struct IteratorClass {
  Type** type;
  const char* name;
  unsigned slots;
  std::span<const BuiltinDef> methods;
  NextFn next;
};
std::span<const IteratorClass> combinatoric_classes();  // itertools_combinatoric.cpp
std::span<const IteratorClass> grouping_classes();      // itertools_grouping.cpp
Result<Value> tee_function(Context& cx, Value iterable, int64_t n);

inline Value small(int64_t i) { return Value::of_int(i); }

inline Result<Tuple*> iterators_of(Context& cx, Args args) {
  Tuple* t = TRY(alloc_tuple(cx, args.count));
  for (uint32_t i = 0; i < args.count; ++i) t->items()[i] = kNone;
  for (uint32_t i = 0; i < args.count; ++i) {
    const Value it = TRY(get_iter(cx, args[i]));
    t->items()[i] = it;
    gc::store_barrier(cx, t, t->items() + i);
  }
  return t;
}
inline Result<Value> reduced(Context& cx, Value self, std::initializer_list<Value> args,
                             Value state = Value()) {
  const Value t = TRY(tuple_of(cx, args));
  if (state.is_unset()) return tuple_of(cx, {Value(type_of(self)), t});
  return tuple_of(cx, {Value(type_of(self)), t, state});
}
inline Result<Value> empty_reduced(Context& cx, Value self) {
  const Value args = TRY(tuple_of(cx, {Value(empty_tuple())}));
  return tuple_of(cx, {Value(type_of(self)), args});
}

}  // namespace pystm::lib::itertools
