// dict's views and iterators, as dict.cpp and others make them.
#pragma once

#include "vm/types/support.h"

namespace pystm::vm {

enum ViewKind : Word { kViewKeys = 0, kViewValues = 1, kViewItems = 2, kViewReversed = 4 };
Value new_dict_view(Context& cx, Dict* d, Word kind);
Value new_dict_iter(Context& cx, Dict* d, Word kind);  // kind + kViewReversed: backwards
Value new_mapping_proxy(Context& cx, Value mapping);
// d.update(other): a mapping (anything with keys()) or an iterable of pairs.
Result<void> dict_update_from(Context& cx, Dict* d, Value other);
// Adds item `number` of an iterable of pairs.
Result<void> dict_add_pair(Context& cx, Dict* d, Value item, int64_t number);
void define_dict_views(Context& cx);
void define_mapping_proxy(Context& cx);

}  // namespace pystm::vm
