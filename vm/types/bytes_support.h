// What bytes, bytearray and memoryview share: receivers, reading and changing bytearray storage,
// and the buffer protocol of native classes (array.array ...).
#pragma once

#include "vm/types/str_methods.h"
#include "vm/types/support.h"

namespace pystm::vm {

// --- buffers of other types ----------------------------------------------------------------------
// Where an object's bytes lie: in a bytes or bytearray. A native class that offers the buffer
// protocol keeps its data so and registers a provider.
struct BufferInfo {
  Value storage;  // bytes or bytearray
  size_t offset = 0, size = 0;
  size_t itemsize = 1;
  std::string format = "B";
  bool readonly = true;
};
using BufferProvider = Result<void> (*)(Context& cx, Value object, BufferInfo* out);
void set_buffer_provider(Type* type, BufferProvider provider);  // for the type and its subclasses
BufferProvider buffer_provider(Type* type);                     // null: none

// --- bytearray -----------------------------------------------------------------------------------
std::string bytearray_copy(Context& cx, ByteArray* b);
int64_t bytearray_length(Context& cx, ByteArray* b);
// Replaces [start, stop) by n bytes (which must not lie in this bytearray); BufferError when views
// forbid resizing.
Result<void> bytearray_replace(Context& cx, ByteArray* b, size_t start, size_t stop,
                               const void* data, size_t n);
// Overwrites in place. REQUIRES: within the size.
void bytearray_store(Context& cx, ByteArray* b, size_t at, const void* data, size_t n);
// From now on `view` forbids resizing, until it is released or dies.
Result<void> bytearray_add_export(Context& cx, ByteArray* b, MemoryView* view);

// --- receivers -----------------------------------------------------------------------------------
// bytes: a view of the object; bytearray: a copy of what it holds now.
struct BytesSelf {
  std::string_view data;
  Value object;
  static constexpr bool kMutable = false;
};
struct ArraySelf {
  std::string data;
  Value object;
  static constexpr bool kMutable = true;
};
template <>
struct Unwrap<BytesSelf> {
  static Result<BytesSelf> get(Context& cx, Value v, ArgInfo info) {
    if (v.is_unset() || !is_bytes(v)) return raise_wrong_self(cx, v, info, "bytes");
    return BytesSelf{bytes_view(unwrap_derived(v).as<Bytes>()), v};
  }
};
template <>
struct Unwrap<ArraySelf> {
  static Result<ArraySelf> get(Context& cx, Value v, ArgInfo info) {
    if (v.is_unset() || !is_bytearray(v)) return raise_wrong_self(cx, v, info, "bytearray");
    return ArraySelf{bytearray_copy(cx, v.as<ByteArray>()), v};
  }
};

// A byte given as an int: "byte must be in range(0, 256)".
Result<uint8_t> byte_value(Context& cx, Value v,
                           const char* text = "byte must be in range(0, 256)");
// The contents for bytes(source): a buffer or ints; "cannot convert 'x' object to bytes".
Result<std::string> bytes_from_object(Context& cx, Value source, const char* type,
                                      const char* range_text);
Result<std::string> bytes_percent(Context& cx, std::string_view format, Value args);

Result<Value> new_memoryview(Context& cx, Value base, const BufferInfo& info);
void define_bytearray(Context& cx);
void define_memoryview(Context& cx);

}  // namespace pystm::vm
