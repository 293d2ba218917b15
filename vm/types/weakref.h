// Weak references from C++: what _weakref exports.
#pragma once

#include "vm/runtime/native.h"

namespace pystm::vm {

Result<Value> make_weakref(Context& cx, Type* type, Value object, Value callback);  // callback: None or callable
Result<Value> make_weak_proxy(Context& cx, Value object, Value callback);
Type* weak_proxy_type(bool callable);

}  // namespace pystm::vm
