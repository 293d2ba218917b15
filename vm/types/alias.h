// Generic aliases and unions from C++.
#pragma once

#include "vm/runtime/native.h"

namespace pystm::vm {

// type[item], for __class_getitem__ of builtin classes.
Result<Value> generic_alias_of(Context& cx, Type* type, Value item);
// a | b of classes, None, aliases and unions; NotImplemented for anything else.
Result<Value> make_union(Context& cx, Value a, Value b);

}  // namespace pystm::vm
