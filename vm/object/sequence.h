// Lists, tuples, bytes and the helpers that turn iterables into them.
#pragma once

#include <initializer_list>
#include <span>
#include <string_view>

#include "vm/object/shape.h"
#include "vm/runtime/context.h"

namespace pystm::vm {

// --- tuple ---------------------------------------------------------------------------------------
Tuple* empty_tuple();
// n items, all unset: fill before the next allocation. Small n never fails.
Result<Tuple*> alloc_tuple(Context& cx, size_t n);
Result<Tuple*> new_tuple(Context& cx, const Value* items, size_t n);
Result<Tuple*> new_tuple(Context& cx, std::initializer_list<Value> items);
Result<Tuple*> new_tuple_of(Context& cx, Type* type, const Value* items, size_t n);  // subclass

// --- list (vm/object/list_items.h: what guards the items) ----------------------------------------
List* new_list(Context& cx);
Result<List*> new_list(Context& cx, const Value* items, size_t n);
int64_t list_length(Context& cx, List* l);
// Item i, unset when out of range (0 <= i < size).
Value list_get(Context& cx, List* l, int64_t i);
bool list_set(Context& cx, List* l, int64_t i, Value v);  // false: out of range
Result<void> list_append(Context& cx, List* l, Value v);
Result<void> list_insert(Context& cx, List* l, int64_t i, Value v);  // i clamped
Result<void> list_extend(Context& cx, List* l, Value iterable);
Result<Value> list_pop(Context& cx, List* l, int64_t i);  // REQUIRES in range
// Replaces [start, stop) by `n` items (not pointing into this list).
Result<void> list_replace(Context& cx, List* l, int64_t start, int64_t stop, const Value* items,
                          size_t n);
// Its items become items[order[0]], items[order[1]] ... REQUIRES: as many as it has.
void list_reorder(Context& cx, List* l, Tuple* items, const uint32_t* order);
Result<List*> list_slice(Context& cx, List* l, int64_t start, int64_t stop, int64_t step,
                         int64_t count);
// A consistent copy of the items.
Result<Tuple*> list_to_tuple(Context& cx, List* l);
void list_clear(Context& cx, List* l);
ItemArray* list_detach(Context& cx, List* l);  // empties it; its storage, with all chunks acquired

// --- bytes ---------------------------------------------------------------------------------------
Result<Bytes*> new_bytes(Context& cx, const void* data, size_t n);
Result<Bytes*> alloc_bytes(Context& cx, size_t n);  // fill before anything else
inline std::string_view bytes_view(const Bytes* b) {
  return {reinterpret_cast<const char*>(b->data()), b->length};
}
Result<ByteArray*> new_bytearray(Context& cx, const void* data, size_t n);
// A copy of the bytes of any bytes-like object (bytes, bytearray, memoryview, array); TypeError
// "a bytes-like object is required, not 'x'". For immutable bytes no copy is made.
struct Buffer {
  const uint8_t* data = nullptr;
  size_t size = 0;
  std::string copy;  // owns when the source is mutable
  std::string_view view() const { return {reinterpret_cast<const char*>(data), size}; }
};
Result<void> get_buffer(Context& cx, Value object, Buffer* out);
bool is_bytes_like(Value v);

// --- iterables -----------------------------------------------------------------------------------
// All items of any iterable (fast for list, tuple, range, dict, set, str).
Result<Tuple*> to_tuple(Context& cx, Value iterable);
Result<List*> to_list(Context& cx, Value iterable);
// Calls f(item) for each; stops on error. `f` returns Result<void> (or Result<bool>: false stops).
Result<Value> get_iter(Context& cx, Value v);
// Next item; unset at the end (no StopIteration is made for native iterators and generators).
Result<Value> iter_next(Context& cx, Value iterator);
template <class F>
Result<void> for_each(Context& cx, Value iterable, F&& f) {
  Value iterator = TRY(get_iter(cx, iterable));
  for (;;) {
    Value item = TRY(iter_next(cx, iterator));
    if (item.is_unset()) return {};
    if constexpr (std::is_same_v<decltype(f(item)), Result<bool>>) {
      if (!TRY(f(item))) return {};
    } else {
      TRY(f(item));
    }
  }
}
Result<int64_t> length_hint(Context& cx, Value v, int64_t fallback);

// --- ranges and slices ---------------------------------------------------------------------------
Result<Value> new_range(Context& cx, Value start, Value stop, Value step);  // exact ints; step != 0
Value new_slice(Context& cx, Value start, Value stop, Value step);
struct SliceBounds {
  int64_t start, stop, step, count;
};
Result<SliceBounds> slice_bounds(Context& cx, Value start, Value stop, Value step, int64_t length);
Result<SliceBounds> slice_bounds(Context& cx, Slice* s, int64_t length);

}  // namespace pystm::vm
