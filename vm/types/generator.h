// What the generator files share.
#pragma once

#include "vm/runtime/native.h"

namespace pystm::vm {

Result<Value> thrown_exception(Context& cx, Value type, Opt value, Opt tb);
Result<Value> generator_frame(Context& cx, Generator* g);  // Frame or None: frame.cpp
void define_async_generator_types(Context& cx);            // async_generator.cpp

}  // namespace pystm::vm
