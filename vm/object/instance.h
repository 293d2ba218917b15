// Slots of instances of Python classes, and small object helpers shared by the attribute and class
// code, the interpreter's inline caches and native classes.
#pragma once

#include "vm/object/shape.h"
#include "vm/object/type.h"

namespace pystm::vm {

inline Value* instance_slots(Instance* o) { return reinterpret_cast<Value*>(o + 1); }

// REQUIRES: the caller closes the group with read_check (load) or has acquired `o` (store).
Value load_slot(Context& cx, Instance* o, Shape* shape, unsigned slot);
void store_slot(Context& cx, Instance* o, Shape* shape, unsigned slot, Value v);

Result<Value> member_get(Context& cx, Member* m, Value object);
Result<void> member_set(Context& cx, Member* m, Value object, Value value);
Value new_bound_method(Context& cx, Value function, Value self);
Result<ItemArray*> new_item_array(Context& cx, size_t n);

Error raise_attribute_error(Context& cx, Value object, Str* name);
// A member of a builtin exception class (name, obj, errno, value ...): see exceptions.cpp.
void set_exception_member(Context& cx, Value exception, const char* name, Value value);
Value get_exception_member(Context& cx, Value exception, const char* name);  // unset when never set

}  // namespace pystm::vm
