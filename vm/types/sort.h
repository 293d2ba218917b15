// Sorting: list.sort and sorted().
#pragma once

#include "vm/runtime/context.h"

namespace pystm::vm {

// Sorts in place, stable. key: a callable, None or unset. While it runs Python code the list looks
// empty; a list changed meanwhile is a ValueError.
Result<void> sort_list(Context& cx, List* list, Value key, bool reverse);

}  // namespace pystm::vm
