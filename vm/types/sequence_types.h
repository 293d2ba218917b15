// The parts of define_sequence_types, one per file.
#pragma once

#include "vm/runtime/context.h"

namespace pystm::vm {

namespace list_methods {
void define(Context& cx);
}
namespace tuple_methods {
void define(Context& cx);
}
namespace range_methods {
void define(Context& cx);
}
namespace slice_methods {
void define(Context& cx);
}

bool is_list_reverse_iterator(Value v);
Result<Value> reversed_list_next(Context& cx, Reversed* self);

}  // namespace pystm::vm
