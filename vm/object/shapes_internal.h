// What shape.cpp needs from its neighbours, and start-up needs from it. Not for other layers.
#pragma once

#include "vm/object/shape.h"

namespace pystm::vm {

inline constexpr uint16_t kDictAfterItems = 0xFFFF;  // Shape::dict_offset of tuple subclasses

void register_builtin_shapes();               // gives the builtin kinds their fixed shape ids
void visit_shapes(gc::SlotVisitor& visitor);  // the classes that shapes belong to

// dict.cpp
size_t dict_storage_bytes(const DictStorage* s);
inline Value* dict_storage_entries(DictStorage* s) { return reinterpret_cast<Value*>(s + 1); }
// code.cpp
void release_code_data(Object* code);
void trace_code_data(Object* code, gc::SlotVisitor& visitor);
// generator.cpp
bool generator_ends_silently(Object* generator);

}  // namespace pystm::vm
