// What the native classes of this layer share: slots as fields, iterators, allocation.
#pragma once

#include "vm/object/instance.h"
#include "vm/types/support.h"

namespace pystm::lib {

using namespace vm;  // NOLINT: this layer is written in vm's vocabulary

// Types of native classes live for ever and never move: a plain pointer may be kept.
inline Type* keep(Type* type) {
  (void)new gc::Root(type);
  return type;
}

// The class's name without its module, as reprs show it.
inline std::string short_name(Value object) { return to_utf8(type_of(object)->name.as<Str>()); }

// Slots of a native class instance, by the class's own enum.
template <class E>
Value slot(Context& cx, Value self, E e) {
  return native_slot(cx, self, static_cast<unsigned>(e));
}
template <class E>
void set_slot(Context& cx, Value self, E e, Value v) {
  set_native_slot(cx, self, static_cast<unsigned>(e), v);
}

// __next__ of a native iterator whose step gives unset at the end.
template <NextFn F>
Result<Value> native_iter_next(Context& cx, Value self) {
  const Value v = TRY(F(cx, self));
  if (v.is_unset()) return raise_stop_iteration(cx, kNone);
  return v;
}
inline Value native_iter_self(Context&, Value self) { return self; }

#define ITERATOR_ROWS(next) STEPPING_ROWS(next, Effects::kCallsPython)
#define STEPPING_ROWS(next, effects)                                   \
  method<&native_iter_self>("__iter__", "($self, /)", Effects::kPure), \
      method<&native_iter_next<&next>>("__next__", "($self, /)", effects)

// An instance of `cls`, which must be `own` or a subclass; all slots unset.
inline Result<Value> make_native(Context& cx, Type* cls, Type* own) {
  TRY(check_new(cx, cls, own));
  return Value(alloc_object(cx, cls->shape));
}

}  // namespace pystm::lib
