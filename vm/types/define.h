// Start-up: each file under vm/types makes its builtin types here, in the order of start.cpp.
#pragma once

#include "vm/runtime/context.h"

namespace pystm::vm {

// The very first types (object, type) exist when these run; types().x is filled by define_type.
void define_number_types(Context& cx);    // int, bool, float, complex
void define_text_types(Context& cx);      // str and its iterator
void define_bytes_types(Context& cx);     // bytes, bytearray, memoryview and iterators
void define_sequence_types(Context& cx);  // list, tuple, range, slice and iterators
void define_mapping_types(Context& cx);   // dict, views, mappingproxy and iterators
void define_set_types(Context& cx);       // set, frozenset and iterators
void define_iterator_types(
    Context& cx);  // enumerate, zip, map, filter, reversed, callable and sequence iterators
void define_object_type(Context& cx);
void define_type_type(Context& cx);
void define_super_type(Context& cx);
void define_singleton_types(Context& cx);  // NoneType, NotImplementedType, ellipsis, internals
void define_callable_types(
    Context& cx);  // function, method, builtins, descriptors, property, cell, code
void define_module_type(Context& cx);
void define_generator_types(Context& cx);  // generator, coroutine, async generator and helpers
void define_frame_types(Context& cx);      // frame, traceback
void define_exception_types(Context& cx);  // BaseException and everything in exceptions.def
void define_weakref_types(Context& cx);    // weakref.ref, proxies
void define_alias_types(Context& cx);      // types.GenericAlias, types.UnionType

}  // namespace pystm::vm
