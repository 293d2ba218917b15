// Weak references from C++: what _weakref exports.
#pragma once

#include "vm/runtime/native.h"

namespace pystm::vm {

Result<Value> make_weakref(Context& cx, Type* type, Value object,
                           Value callback);  // callback: None or callable
Result<Value> make_weak_proxy(Context& cx, Value object, Value callback);
// A weak reference that Python never sees: any object, no callback.
Value make_internal_weakref(Context& cx, Object* object);
Type* weak_proxy_type(bool callable);
// The living weak references to an object, found by a walk over the heap.
Result<Value> weakrefs_of(Context& cx, Value object);

}  // namespace pystm::vm
