// Sorting: list.sort and sorted().
#pragma once

#include "vm/runtime/context.h"

namespace pystm::vm {

// Sorts in place, stable. key: a callable, None or unset. While it runs Python code the list looks
// empty; a list changed meanwhile is a ValueError.
Result<void> sort_list(Context& cx, List* list, Value key, bool reverse);

// The same in steps, for a caller that makes the keys itself. begin_sort() gives the items and
// empties the list; finish_sort() puts them back: as `keys` say, or as they were if it is null.
Result<Tuple*> begin_sort(Context& cx, List* list);
Result<void> finish_sort(Context& cx, List* list, Tuple* items, Tuple* keys, bool reverse);
// Of a list that nobody else sees.
Result<void> sort_by_keys(Context& cx, List* list, Tuple* keys, bool reverse);

}  // namespace pystm::vm
