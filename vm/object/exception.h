// Exception objects: construction from C++, chaining, groups.
#pragma once

#include "vm/object/layouts.h"
#include "vm/object/type.h"
#include "vm/runtime/context.h"

namespace pystm::vm {

// exception_type(id)(*args), without running Python code.
Value new_exception(Context& cx, Type* type, Tuple* args);
void set_exception_context(Context& cx, Value exception, Value context);
Result<bool> exception_matches(Context& cx, Value exception, Value classes);  // class or tuple
Value exception_args(Context& cx, Value exception);                           // tuple
Value exception_traceback(Context& cx, Value exception);                      // Traceback or None

// except*: ExceptionGroup("", [e]) around a naked exception; and what to raise after the handlers.
Result<Value> wrap_in_group(Context& cx, Value exception);
Result<Value> reraise_star(Context& cx, Value original, List* raised);  // None: nothing

}  // namespace pystm::vm
