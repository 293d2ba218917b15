// Lists, tuples and bytes. A list's items lie in an ItemArray (list_items.h says what guards them).
#include "vm/object/sequence.h"

#include <algorithm>
#include <cstring>

#include "vm/object/dict.h"
#include "vm/object/list_items.h"
#include "vm/object/number.h"
#include "vm/object/str.h"
#include "vm/object/type.h"
#include "vm/runtime/memory.h"
#include "vm/runtime/native.h"
#include "vm/runtime/operators.h"

namespace pystm::vm {

namespace {

gc::Root* the_empty_tuple = nullptr;

enum class Slots { kAnything, kUnset };  // anything: to be filled before who allocates or checks

Result<ItemArray*> alloc_items(Context& cx, size_t n, ShapeId shape, size_t versions, Slots slots) {
  if (n > (size_t{1} << 40)) return raise_no_memory(cx);
  const size_t bytes = sizeof(ItemArrayBase) + (n + versions) * sizeof(Value);
  void* memory = TRY(slots == Slots::kUnset ? alloc_zeroed(cx, sizeof(ItemArrayBase), bytes)
                                            : alloc_memory(cx, bytes));
  auto* items = init_object<ItemArray>(memory, shape);
  items->length = n;
  items->birth = cx.me;
  return items;
}

Result<ItemArray*> new_items(Context& cx, size_t n) {
  return alloc_items(cx, n, kShapeItemArray, 0, Slots::kUnset);
}

Result<ItemArray*> alloc_list_items(Context& cx, size_t n, Slots slots = Slots::kAnything) {
  if (PYSTM_LIKELY(!chunked_length(n))) return alloc_items(cx, n, kShapeItemArray, 0, slots);
  const Word versions = list_chunk_count(n);
  ItemArray* items = TRY(alloc_items(cx, n, kShapeChunkedItems, versions, slots));
  for (size_t i = 0; i < versions; ++i) reinterpret_cast<Word*>(items->items() + n)[i] = cx.me;
  return items;
}
Result<ItemArray*> new_list_items(Context& cx, size_t n) {
  return alloc_list_items(cx, n, Slots::kUnset);
}

// Makes the chunks of items [from, to) ours. REQUIRES the list acquired.
void acquire_items(Context& cx, ItemArray* items, size_t from, size_t to) {
  if (items == nullptr || !is_chunked(items) || from >= to) return;
  for (size_t k = from & ~(kListChunk - 1); k < to; k += kListChunk)
    stm::acquire_at(cx, items, list_chunk(items, k));
}

// Gives an acquired list a storage of `room` slots with the same items. All chunks of the old one
// are acquired.
Result<void> replace_storage(Context& cx, stm::Write<List>& w, size_t room) {
  ItemArray* fresh = TRY(new_list_items(cx, room));
  ItemArray* old = w->storage;
  acquire_items(cx, old, 0, w->size);
  if (w->size != 0)
    std::memcpy(static_cast<void*>(fresh->items()), old->items(), w->size * sizeof(Value));
  gc::store_barrier_range(cx, fresh, fresh->items(), w->size);
  w.set(&List::State::storage, Ref<ItemArray>(fresh));
  return {};
}

// Room for `n` items in an acquired list: over-allocates by an eighth, as lists usually do. One
// that grows item by item gets half as much again once it is long: growing copies, and what it
// leaves behind is memory that nobody has for a while.
Result<void> reserve(Context& cx, stm::Write<List>& w, size_t n) {
  constexpr size_t kLong = 512;
  if (w->storage != nullptr && w->storage->length >= n) return {};
  const bool step_by_step = n == w->size + 1 && n > kLong;
  return replace_storage(cx, w, n <= 4 ? 4 : n + (n >> (step_by_step ? 1 : 3)) + 3);
}

// The storage of an acquired list, when the items from `at` on (to `end`, or to the list's end) are
// to move: their chunks are ours. For many items a copy of the storage, born in this transaction,
// is cheaper than an undo record for each.
ItemArray* movable_items(Context& cx, stm::Write<List>& w, size_t at, size_t end = 0) {
  acquire_items(cx, w->storage, at, std::max<size_t>(end, w->size));
  if (cx.me != 0 && w->size > at + kListChunk && w->storage->birth != cx.me &&
      replace_storage(cx, w, w->storage->length).is_error())
    clear_exception(cx);
  return w->storage;
}

void put(Context& cx, ItemArray* items, size_t i, Value v) {
  stm::write_slot(cx, items, items->birth, items->items() + i, v);
}
void put_all(Context& cx, ItemArray* items, size_t i, const Value* values, size_t count) {
  if (count != 0) stm::write_slots(cx, items, items->birth, items->items() + i, values, count);
}

// How many of `count` places from `start` on, `step` apart, lie in [low, high).
int64_t run_length(int64_t start, int64_t step, int64_t count, int64_t low, int64_t high) {
  if (start < low || start >= high) return 0;
  if (PYSTM_LIKELY(step == 1)) return std::min(count, high - start);
  const int64_t room = step > 0 ? (high - 1 - start) / step : (start - low) / -step;
  return std::min(count, room + 1);
}

PYSTM_INLINE void copy_run(const Value* from, int64_t step, int64_t count, Value* to) {
  if (PYSTM_LIKELY(step == 1)) {
    std::memcpy(static_cast<void*>(to), from, static_cast<size_t>(count) * sizeof(Value));
  } else {
    for (int64_t i = 0; i < count; ++i) to[i] = from[i * step];
  }
}

// Copies items start, start + step, ... into `to`. One chunk after the other, so that a conflict
// repeats no more than one. A list shorter than the caller knew: to its end, then unset. All places
// are filled before anything can collect.
void copy_items(Context& cx, List* l, int64_t start, int64_t step, int64_t count, Value* to) {
  for (;;) {
    stm::Peek<List> r(l);
    ItemArray* items = r->storage;
    const int64_t length = items == nullptr ? 0 : static_cast<int64_t>(items->length);
    if (!chunked_length(static_cast<Word>(length))) {
      const int64_t run = run_length(start, step, count, 0, length);
      if (run != 0) copy_run(items->items() + start, step, run, to);
      if (run != count)
        std::memset(static_cast<void*>(to + run), 0,
                    static_cast<size_t>(count - run) * sizeof(Value));
      if (stm::read_check(cx, l)) return;
      continue;
    }
    std::memset(static_cast<void*>(to), 0, static_cast<size_t>(count) * sizeof(Value));
    if (!stm::read_check(cx, l)) continue;  // logged: from here on `items` stays the storage
    for (int64_t done = 0; done < count;) {
      const int64_t first = start + done * step;
      const int64_t chunk = first & ~static_cast<int64_t>(kListChunk - 1);
      const int64_t run = run_length(first, step, count - done, chunk,
                                     std::min(chunk + static_cast<int64_t>(kListChunk), length));
      if (run == 0) return;
      copy_run(items->items() + first, step, run, to + done);
      if (stm::read_check_at(cx, items, list_chunk(items, static_cast<Word>(first)))) done += run;
    }
    return;
  }
}

}  // namespace

size_t chunked_items_size(const Object* o) {
  const Word n = static_cast<const ItemArray*>(o)->length;
  return sizeof(ItemArrayBase) + (n + list_chunk_count(n)) * sizeof(Value);
}

Result<ItemArray*> new_item_array(Context& cx, size_t n) { return new_items(cx, n); }

void init_sequences(Context& cx) {
  the_empty_tuple = new gc::Root;
  // Born old, so that it never moves: the signatures of builtins keep it as a default.
  auto* t = static_cast<Tuple*>(gc::allocate_old(cx, sizeof(TupleBase)));
  t->shape_id = kShapeTuple;  // NOBARRIER: newborn
  t->length = 0;
  the_empty_tuple->value = t;
}

// --- tuple ---------------------------------------------------------------------------------------

Tuple* empty_tuple() { return the_empty_tuple->value.as<Tuple>(); }

Result<Tuple*> alloc_tuple(Context& cx, size_t n) {
  if (n > (size_t{1} << 40)) return raise_no_memory(cx);
  void* memory = TRY(alloc_zeroed(cx, sizeof(TupleBase), sizeof(TupleBase) + n * sizeof(Value)));
  auto* t = init_object<Tuple>(memory, kShapeTuple);
  t->length = n;
  return t;
}

Result<Tuple*> new_tuple(Context& cx, const Value* items, size_t n) {
  if (n == 0) return empty_tuple();
  Tuple* t = TRY(alloc_tuple(cx, n));
  for (size_t i = 0; i < n; ++i) t->items()[i] = items[i];
  return t;
}
Result<Tuple*> new_tuple(Context& cx, std::initializer_list<Value> items) {
  return new_tuple(cx, items.begin(), items.size());
}

Result<Tuple*> new_tuple_of(Context& cx, Type* type, const Value* items, size_t n) {
  if (type == types().tuple) return new_tuple(cx, items, n);
  const bool with_dict = type->shape->dict_offset != 0;
  void* memory = TRY(alloc_memory(cx, sizeof(TupleBase) + (n + with_dict) * sizeof(Value)));
  auto* t = init_object<Tuple>(memory, type->shape->id);
  t->length = n;
  for (size_t i = 0; i < n; ++i) t->items()[i] = items[i];
  if (with_dict) {
    t->items()[n] = Value();
    Dict* dict = new_dict(cx);
    t->items()[n] = dict;
    gc::store_barrier(cx, t, t->items() + n);
  }
  return t;
}

// --- list ----------------------------------------------------------------------------------------

List* new_list(Context& cx) { return alloc<List>(cx, kShapeList); }

Result<List*> new_list(Context& cx, const Value* items, size_t n) {
  List* l = new_list(cx);
  if (n == 0) return l;
  ItemArray* storage = TRY(alloc_list_items(cx, n));
  for (size_t i = 0; i < n; ++i) storage->items()[i] = items[i];
  stm::Write<List> w(cx, l);
  w.set(&List::State::storage, Ref<ItemArray>(storage));
  w.set(&List::State::size, n);
  return l;
}

int64_t list_length(Context& cx, List* l) {
  return static_cast<int64_t>(stm::Read<List>(cx, l)->size);
}

Value list_get(Context& cx, List* l, int64_t i) {
  const auto k = static_cast<Word>(i);
  for (;;) {
    stm::Peek<List> r(l);
    ItemArray* items = r->storage;
    const bool inside = k < r->size && items != nullptr && k < items->length;
    const Value v = inside ? items->items()[k] : Value();
    if (!inside || !is_chunked(items)) {
      if (stm::read_check(cx, l)) return v;
    } else if (PYSTM_LIKELY(list_item_check(cx, l, items, k))) {
      return v;
    } else {
      list_items_settle(cx, l, items, k);
    }
  }
}

bool list_set(Context& cx, List* l, int64_t i, Value v) {
  const auto k = static_cast<Word>(i);
  for (;;) {
    stm::Peek<List> r(l);
    ItemArray* items = r->storage;
    if (k < r->size && items != nullptr && is_chunked(items) && k < items->length) {
      stm::acquire_at(cx, items, list_chunk(items, k));
      stm::Peek<List> now(l);  // nobody takes the storage of a chunk of ours away
      if (now->storage != items || k >= now->size) continue;
      put(cx, items, k, v);
      return true;
    }
    if (k >= r->size) {
      if (stm::read_check(cx, l)) return false;
      continue;
    }
    stm::Write<List> w(cx, l);
    if (k >= w->size || is_chunked(w->storage)) continue;
    put(cx, w->storage, k, v);
    return true;
  }
}

Result<void> list_append(Context& cx, List* l, Value v) {
  stm::Write<List> w(cx, l);
  const size_t n = w->size;
  if (PYSTM_UNLIKELY(w->storage == nullptr || n == w->storage->length)) TRY(reserve(cx, w, n + 1));
  ItemArray* items = w->storage;
  if (is_chunked(items)) stm::acquire_at(cx, items, list_chunk(items, n));
  put(cx, items, n, v);
  w.set(&List::State::size, n + 1);
  return {};
}

Result<void> list_insert(Context& cx, List* l, int64_t i, Value v) {
  stm::Write<List> w(cx, l);
  const size_t n = w->size;
  const auto at = static_cast<size_t>(std::clamp<int64_t>(i, 0, static_cast<int64_t>(n)));
  TRY(reserve(cx, w, n + 1));
  ItemArray* items = movable_items(cx, w, at, n + 1);
  put_all(cx, items, at + 1, items->items() + at, n - at);
  put(cx, items, at, v);
  w.set(&List::State::size, n + 1);
  return {};
}

Result<Value> list_pop(Context& cx, List* l, int64_t i) {
  stm::Write<List> w(cx, l);
  const size_t n = w->size;
  const auto at = static_cast<size_t>(i);
  ItemArray* items = movable_items(cx, w, at);
  const Value v = items->items()[at];
  put_all(cx, items, at, items->items() + at + 1, n - 1 - at);
  put(cx, items, n - 1, Value());
  w.set(&List::State::size, n - 1);
  return v;
}

ItemArray* list_detach(Context& cx, List* l) {
  stm::Write<List> w(cx, l);
  ItemArray* items = w->storage;
  acquire_items(cx, items, 0, w->size);
  w.set(&List::State::size, Word{0});
  w.set(&List::State::storage, Ref<ItemArray>(nullptr));
  return items;
}
void list_clear(Context& cx, List* l) { (void)list_detach(cx, l); }

Result<void> list_replace(Context& cx, List* l, int64_t start, int64_t stop, const Value* items,
                          size_t n) {
  stm::Write<List> w(cx, l);
  const auto size = static_cast<int64_t>(w->size);
  start = std::clamp<int64_t>(start, 0, size);
  stop = std::clamp<int64_t>(stop, start, size);
  const auto from = static_cast<size_t>(start), to = static_cast<size_t>(stop);
  const size_t old_size = w->size, new_size = old_size - (to - from) + n;
  TRY(reserve(cx, w, new_size));
  ItemArray* storage = w->storage;
  if (storage == nullptr) return {};
  if (new_size == old_size) {
    acquire_items(cx, storage, from, to);
  } else {
    storage = movable_items(cx, w, from, new_size);
    put_all(cx, storage, from + n, storage->items() + to, old_size - to);
    for (size_t k = new_size; k < old_size; ++k) put(cx, storage, k, Value());
  }
  put_all(cx, storage, from, items, n);
  w.set(&List::State::size, new_size);
  return {};
}

void list_reorder(Context& cx, List* l, Tuple* items, const uint32_t* order) {
  const size_t n = items->length;
  ItemArray* fresh = nullptr;
  if (n > kListChunk) {  // cheaper than an undo record for every item
    auto r = new_list_items(cx, n);
    if (r.is_error()) {
      clear_exception(cx);
    } else {
      fresh = r.value();
    }
  }
  stm::Write<List> w(cx, l);
  ItemArray* storage = w->storage;
  acquire_items(cx, storage, 0, w->size);
  if (fresh == nullptr) {
    for (size_t i = 0; i < n; ++i) put(cx, storage, i, (*items)[order[i]]);
    return;
  }
  for (size_t i = 0; i < n; ++i) fresh->items()[i] = (*items)[order[i]];
  gc::store_barrier_range(cx, fresh, fresh->items(), n);
  w.set(&List::State::storage, Ref<ItemArray>(fresh));
}

Result<List*> list_slice(Context& cx, List* l, int64_t start, int64_t stop, int64_t step,
                         int64_t count) {
  List* result = new_list(cx);
  if (count <= 0) return result;
  ItemArray* storage = TRY(alloc_list_items(cx, static_cast<size_t>(count)));
  copy_items(cx, l, start, step, count, storage->items());
  gc::store_barrier_range(cx, storage, storage->items(), static_cast<size_t>(count));
  stm::Write<List> w(cx, result);
  w.set(&List::State::storage, Ref<ItemArray>(storage));
  w.set(&List::State::size, static_cast<Word>(count));
  return result;
}

Result<Tuple*> list_to_tuple(Context& cx, List* l) {
  for (;;) {
    const size_t n = stm::Read<List>(cx, l)->size;
    if (n == 0) return empty_tuple();
    Tuple* t = TRY(alloc_tuple(cx, n));
    if (stm::Read<List>(cx, l)->size != n) continue;
    copy_items(cx, l, 0, 1, static_cast<int64_t>(n), t->items());
    gc::store_barrier_range(cx, t, t->items(), n);
    return t;
  }
}

namespace {
// The items of a builtin container of exactly such a class; unset: of another.
Result<Value> items_at_once(Context& cx, Value iterable) {
  if (!iterable.is_object()) return Value();
  switch (iterable.object()->shape_id) {
    case kShapeTuple:
      return iterable;
    case kShapeList:
      return Value(TRY(list_to_tuple(cx, iterable.as<List>())));
    case kShapeDict:
      return Value(TRY(dict_keys(cx, iterable.as<Dict>())));
    case kShapeSet:
    case kShapeFrozenSet:
      return Value(TRY(set_keys(cx, iterable)));
    default:
      return Value();
  }
}
}  // namespace

Result<void> list_extend(Context& cx, List* l, Value iterable) {
  const Value known = TRY(items_at_once(cx, iterable));
  if (!known.is_unset()) {
    const auto* items = known.as<Tuple>();
    stm::Write<List> w(cx, l);
    const size_t n = w->size;
    TRY(reserve(cx, w, n + items->length));
    acquire_items(cx, w->storage, n, n + items->length);
    put_all(cx, w->storage, n, items->items(), items->length);
    w.set(&List::State::size, n + items->length);
    return {};
  }
  constexpr int64_t kTooMany = int64_t{1} << 40;  // more items than any heap holds
  if (TRY(length_hint(cx, iterable, 0)) > kTooMany) return raise_no_memory(cx);
  return for_each(cx, iterable, [&](Value item) { return list_append(cx, l, item); });
}

// --- bytes ---------------------------------------------------------------------------------------

Result<Bytes*> alloc_bytes(Context& cx, size_t n) {
  if (n > (size_t{1} << 60)) return raise_no_memory(cx);
  void* memory = TRY(alloc_memory(cx, sizeof(BytesBase) + n));
  auto* b = init_object<Bytes>(memory, kShapeBytes);
  b->length = n;
  b->hash = 0;
  return b;
}
Result<Bytes*> new_bytes(Context& cx, const void* data, size_t n) {
  // `data` may point into a young object that the allocation moves: only native-stack references
  // pin.
  Bytes* b = TRY(alloc_bytes(cx, n));
  if (n != 0) std::memcpy(b->data(), data, n);
  return b;
}
Result<ByteArray*> new_bytearray(Context& cx, const void* data, size_t n) {
  auto* b = alloc<ByteArray>(cx, kShapeByteArray);
  if (n == 0) return b;
  void* memory = TRY(alloc_memory(cx, sizeof(ByteArrayStorageBase) + n));
  auto* storage = init_object<ByteArrayStorage>(memory, kShapeByteArrayStorage);
  storage->length = n;
  storage->birth = cx.me;
  std::memcpy(storage->data(), data, n);
  stm::Write<ByteArray> w(cx, b);
  w.set(&ByteArray::State::storage, Ref<ByteArrayStorage>(storage));
  w.set(&ByteArray::State::size, n);
  return b;
}

// --- iterables -----------------------------------------------------------------------------------

Result<Tuple*> to_tuple(Context& cx, Value iterable) {
  const Value known = TRY(items_at_once(cx, iterable));
  if (!known.is_unset()) return known.as<Tuple>();
  List* l = TRY(to_list(cx, iterable));
  return list_to_tuple(cx, l);
}

Result<List*> to_list(Context& cx, Value iterable) {
  List* l = new_list(cx);
  TRY(list_extend(cx, l, iterable));
  return l;
}

// --- slices --------------------------------------------------------------------------------------

Value new_slice(Context& cx, Value start, Value stop, Value step) {
  auto* s = alloc<Slice>(cx, kShapeSlice);
  s->start = start;
  s->stop = stop;
  s->step = step;
  return s;
}

Result<SliceBounds> slice_bounds(Context& cx, Slice* s, int64_t length) {
  return slice_bounds(cx, s->start, s->stop, s->step, length);
}
Result<SliceBounds> slice_bounds(Context& cx, Value from, Value to, Value by, int64_t length) {
  auto index = [&](Value v, int64_t missing) -> Result<int64_t> {
    if (v == kNone) return missing;
    if (v.is_int()) return v.as_int();
    if (!is_int(v) && lookup_dunder(v, Dunder::kIndex).is_unset())
      return raise(cx, kTypeError,
                   "slice indices must be integers or None or have an __index__ method");
    return to_index_clamped(cx, v);
  };
  SliceBounds b;
  b.step = TRY(index(by, 1));
  if (b.step == 0) return raise(cx, kValueError, "slice step cannot be zero");
  b.step = std::max<int64_t>(b.step, -INT64_MAX);
  const bool down = b.step < 0;
  auto place = [&](int64_t i, bool given) {
    if (!given) return i;
    if (i < 0) {
      i += length;
      return i < 0 ? (down ? int64_t{-1} : int64_t{0}) : i;
    }
    return i >= length ? (down ? length - 1 : length) : i;
  };
  const int64_t start = TRY(index(from, down ? length - 1 : 0));
  const int64_t stop = TRY(index(to, down ? -1 : length));
  b.start = place(start, from != kNone);
  b.stop = place(stop, to != kNone);
  const int64_t distance = down ? b.start - b.stop : b.stop - b.start;
  const int64_t stride = down ? -b.step : b.step;
  b.count = distance <= 0 ? 0 : stride == 1 ? distance : (distance - 1) / stride + 1;
  return b;
}

}  // namespace pystm::vm
