// Lists, tuples and bytes. A list's items lie in an ItemArray guarded by the list's vlock.
#include "vm/object/sequence.h"

#include <algorithm>
#include <cstring>

#include "vm/object/dict.h"
#include "vm/object/number.h"
#include "vm/object/str.h"
#include "vm/object/type.h"
#include "vm/runtime/memory.h"
#include "vm/runtime/native.h"
#include "vm/runtime/operators.h"

namespace pystm::vm {

namespace {

gc::Root* the_empty_tuple = nullptr;

Result<ItemArray*> new_items(Context& cx, size_t n) {
  if (n > (size_t{1} << 40)) return raise_no_memory(cx);
  void* memory = TRY(alloc_memory(cx, sizeof(ItemArrayBase) + n * sizeof(Value)));
  auto* items = init_object<ItemArray>(memory, kShapeItemArray);
  items->length = n;
  items->birth = cx.me;
  std::memset(static_cast<void*>(items->items()), 0, n * sizeof(Value));
  return items;
}

// Room for `n` items in an acquired list: over-allocates by an eighth, as lists usually do.
Result<void> reserve(Context& cx, stm::Write<List>& w, size_t n) {
  ItemArray* old = w->storage;
  if (old != nullptr && old->length >= n) return {};
  const size_t room = n <= 4 ? 4 : n + (n >> 3) + 3;
  ItemArray* fresh = TRY(new_items(cx, room));
  for (size_t i = 0; i < w->size; ++i) fresh->items()[i] = old->items()[i];
  gc::store_barrier(cx, fresh, fresh->items());
  if (fresh->has_flag(kOld))
    for (size_t i = 0; i < w->size; ++i) gc::store_barrier(cx, fresh, fresh->items() + i);
  w.set(&List::State::storage, Ref<ItemArray>(fresh));
  return {};
}

void put(Context& cx, ItemArray* items, size_t i, Value v) {
  stm::write_slot(cx, items, items->birth, items->items() + i, v);
}

}  // namespace

Result<ItemArray*> new_item_array(Context& cx, size_t n) { return new_items(cx, n); }

void init_sequences(Context& cx) {
  the_empty_tuple = new gc::Root;
  the_empty_tuple->value = alloc_tuple(cx, 0).value();
}

// --- tuple --------------------------------------------------------------------------------------------

Tuple* empty_tuple() { return the_empty_tuple->value.as<Tuple>(); }

Result<Tuple*> alloc_tuple(Context& cx, size_t n) {
  if (n > (size_t{1} << 40)) return raise_no_memory(cx);
  void* memory = TRY(alloc_memory(cx, sizeof(TupleBase) + n * sizeof(Value)));
  auto* t = init_object<Tuple>(memory, kShapeTuple);
  t->length = n;
  std::memset(static_cast<void*>(t->items()), 0, n * sizeof(Value));
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

// --- list --------------------------------------------------------------------------------------------------

List* new_list(Context& cx) { return alloc<List>(cx, kShapeList); }

Result<List*> new_list(Context& cx, const Value* items, size_t n) {
  List* l = new_list(cx);
  if (n == 0) return l;
  ItemArray* storage = TRY(new_items(cx, n));
  for (size_t i = 0; i < n; ++i) storage->items()[i] = items[i];
  stm::Write<List> w(cx, l);
  w.set(&List::State::storage, Ref<ItemArray>(storage));
  w.set(&List::State::size, n);
  return l;
}

int64_t list_length(Context& cx, List* l) { return static_cast<int64_t>(stm::Read<List>(cx, l)->size); }

Value list_get(Context& cx, List* l, int64_t i) {
  for (;;) {
    stm::Peek<List> r(l);
    Value v;
    if (static_cast<Word>(i) < r->size && static_cast<Word>(i) < r->storage->length) v = r->storage->items()[i];
    if (stm::read_check(cx, l)) return v;
  }
}

bool list_set(Context& cx, List* l, int64_t i, Value v) {
  stm::Write<List> w(cx, l);
  if (static_cast<Word>(i) >= w->size) return false;
  put(cx, w->storage, static_cast<size_t>(i), v);
  return true;
}

Result<void> list_append(Context& cx, List* l, Value v) {
  stm::Write<List> w(cx, l);
  const size_t n = w->size;
  if (PYSTM_UNLIKELY(w->storage == nullptr || n == w->storage->length)) TRY(reserve(cx, w, n + 1));
  put(cx, w->storage, n, v);
  w.set(&List::State::size, n + 1);
  return {};
}

Result<void> list_insert(Context& cx, List* l, int64_t i, Value v) {
  stm::Write<List> w(cx, l);
  const size_t n = w->size;
  const auto at = static_cast<size_t>(std::clamp<int64_t>(i, 0, static_cast<int64_t>(n)));
  TRY(reserve(cx, w, n + 1));
  ItemArray* items = w->storage;
  for (size_t k = n; k > at; --k) put(cx, items, k, items->items()[k - 1]);
  put(cx, items, at, v);
  w.set(&List::State::size, n + 1);
  return {};
}

Result<Value> list_pop(Context& cx, List* l, int64_t i) {
  stm::Write<List> w(cx, l);
  const size_t n = w->size;
  ItemArray* items = w->storage;
  const Value v = items->items()[i];
  for (size_t k = static_cast<size_t>(i); k + 1 < n; ++k) put(cx, items, k, items->items()[k + 1]);
  put(cx, items, n - 1, Value());
  w.set(&List::State::size, n - 1);
  return v;
}

void list_clear(Context& cx, List* l) {
  stm::Write<List> w(cx, l);
  w.set(&List::State::storage, Ref<ItemArray>(nullptr));
  w.set(&List::State::size, Word{0});
}

Result<void> list_replace(Context& cx, List* l, int64_t start, int64_t stop, const Value* items, size_t n) {
  stm::Write<List> w(cx, l);
  const auto size = static_cast<int64_t>(w->size);
  start = std::clamp<int64_t>(start, 0, size);
  stop = std::clamp<int64_t>(stop, start, size);
  const auto from = static_cast<size_t>(start), to = static_cast<size_t>(stop);
  const size_t old_size = w->size, new_size = old_size - (to - from) + n;
  TRY(reserve(cx, w, new_size));
  ItemArray* storage = w->storage;
  if (storage == nullptr) return {};
  Value* slots = storage->items();
  if (from + n > to) {
    for (size_t k = old_size; k > to; --k) put(cx, storage, k - 1 + (from + n - to), slots[k - 1]);
  } else if (from + n < to) {
    for (size_t k = to; k < old_size; ++k) put(cx, storage, k - (to - from - n), slots[k]);
    for (size_t k = new_size; k < old_size; ++k) put(cx, storage, k, Value());
  }
  for (size_t k = 0; k < n; ++k) put(cx, storage, from + k, items[k]);
  w.set(&List::State::size, new_size);
  return {};
}

Result<List*> list_slice(Context& cx, List* l, int64_t start, int64_t stop, int64_t step, int64_t count) {
  List* result = new_list(cx);
  if (count <= 0) return result;
  ItemArray* storage = TRY(new_items(cx, static_cast<size_t>(count)));
  for (;;) {
    stm::Peek<List> r(l);
    int64_t k = start;
    for (int64_t i = 0; i < count; ++i, k += step) {
      if (r->storage == nullptr || static_cast<Word>(k) >= r->storage->length) break;
      storage->items()[i] = r->storage->items()[k];
    }
    if (stm::read_check(cx, l)) break;
  }
  if (storage->has_flag(kOld))
    for (int64_t i = 0; i < count; ++i) gc::store_barrier(cx, storage, storage->items() + i);
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
    stm::Peek<List> r(l);
    if (r->size != n || r->storage == nullptr || r->storage->length < n) continue;
    for (size_t i = 0; i < n; ++i) t->items()[i] = r->storage->items()[i];
    if (!stm::read_check(cx, l)) continue;
    if (t->has_flag(kOld))
      for (size_t i = 0; i < n; ++i) gc::store_barrier(cx, t, t->items() + i);
    return t;
  }
}

Result<void> list_extend(Context& cx, List* l, Value iterable) {
  if (is_exact_list(iterable) || is_exact_tuple(iterable)) {
    Tuple* items = is_exact_list(iterable) ? TRY(list_to_tuple(cx, iterable.as<List>())) : iterable.as<Tuple>();
    stm::Write<List> w(cx, l);
    const size_t n = w->size;
    TRY(reserve(cx, w, n + items->length));
    for (size_t i = 0; i < items->length; ++i) put(cx, w->storage, n + i, (*items)[i]);
    w.set(&List::State::size, n + items->length);
    return {};
  }
  constexpr int64_t kTooMany = int64_t{1} << 40;  // more items than any heap holds
  if (TRY(length_hint(cx, iterable, 0)) > kTooMany) return raise_no_memory(cx);
  return for_each(cx, iterable, [&](Value item) { return list_append(cx, l, item); });
}

// --- bytes -----------------------------------------------------------------------------------------------------

Result<Bytes*> alloc_bytes(Context& cx, size_t n) {
  if (n > (size_t{1} << 60)) return raise_no_memory(cx);
  void* memory = TRY(alloc_memory(cx, sizeof(BytesBase) + n));
  auto* b = init_object<Bytes>(memory, kShapeBytes);
  b->length = n;
  b->hash = 0;
  return b;
}
Result<Bytes*> new_bytes(Context& cx, const void* data, size_t n) {
  // `data` may point into a young object that the allocation moves: only native-stack references pin.
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

// --- iterables ----------------------------------------------------------------------------------------------------

Result<Tuple*> to_tuple(Context& cx, Value iterable) {
  if (is_exact_tuple(iterable)) return iterable.as<Tuple>();
  if (is_exact_list(iterable)) return list_to_tuple(cx, iterable.as<List>());
  List* l = TRY(to_list(cx, iterable));
  return list_to_tuple(cx, l);
}

Result<List*> to_list(Context& cx, Value iterable) {
  List* l = new_list(cx);
  TRY(list_extend(cx, l, iterable));
  return l;
}

// --- slices -----------------------------------------------------------------------------------------------------------

Value new_slice(Context& cx, Value start, Value stop, Value step) {
  auto* s = alloc<Slice>(cx, kShapeSlice);
  s->start = start;
  s->stop = stop;
  s->step = step;
  return s;
}

Result<SliceBounds> slice_bounds(Context& cx, Slice* s, int64_t length) {
  auto index = [&](Value v, int64_t missing) -> Result<int64_t> {
    if (v == kNone) return missing;
    if (!is_int(v) && lookup_dunder(v, Dunder::kIndex).is_unset())
      return raise(cx, kTypeError, "slice indices must be integers or None or have an __index__ method");
    return to_index_clamped(cx, v);
  };
  SliceBounds b;
  b.step = TRY(index(s->step, 1));
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
  const int64_t start = TRY(index(s->start, down ? length - 1 : 0));
  const int64_t stop = TRY(index(s->stop, down ? -1 : length));
  b.start = place(start, s->start != kNone);
  b.stop = place(stop, s->stop != kNone);
  if (down) {
    b.count = b.stop < b.start ? (b.start - b.stop - 1) / -b.step + 1 : 0;
  } else {
    b.count = b.start < b.stop ? (b.stop - b.start - 1) / b.step + 1 : 0;
  }
  return b;
}

}  // namespace pystm::vm
