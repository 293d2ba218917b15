// How iter_next() steps the builtin iterators without making a StopIteration.
#pragma once

#include "vm/object/shape.h"
#include "vm/runtime/result.h"

namespace pystm::vm {

// The next item, or unset at the end.
using NextFn = Result<Value> (*)(Context& cx, Value iterator);
void set_native_next(Kind kind, NextFn next);
NextFn native_next(Kind kind);  // null: none
// The same for a native class of stdlib/; its subclasses made in Python go by their __next__.
void set_native_class_next(struct Type* type, NextFn next);

}  // namespace pystm::vm
