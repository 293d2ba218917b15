// What the files that make up type objects share. Not for other layers.
#pragma once

#include "vm/object/type.h"

namespace pystm::vm {

Context* current_context();  // of the calling thread

void init_names(Context& cx);
void visit_types(gc::SlotVisitor& visitor);
void clear_lookup_cache();
void set_exception_type(ExcId id, Type* type);
void new_type_version(Type* type);
// REQUIRES: inside quasi_write. `name`: the attribute that changed, null for the bases.
void type_changed(Type* type, Str* name = nullptr);
void add_subclass(Context& cx, Type* base, Type* sub);
void remove_subclass(Type* base, Type* sub);
Result<void> install_mro(Context& cx, Type* type, bool custom);
// The same for a class whose bases have changed, and all below it. All or nothing.
Result<void> install_mros_below(Context& cx, Type* type);
Result<Tuple*> compute_mro(Context& cx, Type* type);
// A bare Type object (tenured) with its namespace; fields filled by the caller.
Type* alloc_type(Context& cx, Type* metatype);

}  // namespace pystm::vm
