// set and frozenset: a hash table without order of its own. The probe sequence (nine neighbours,
// then a perturbed jump) and the growth rule are those that CPython documents, so that equal
// contents built in the same way iterate in the same order.
//
// The table is a DictStorage in keys-only mode: capacity keys (unset: free, kDeleted: removed),
// then capacity hashes. No index.
#include <cstring>

#include "vm/object/dict.h"
#include "vm/object/sequence.h"
#include "vm/object/shapes_internal.h"
#include "vm/object/str.h"
#include "vm/runtime/memory.h"
#include "vm/runtime/native.h"
#include "vm/runtime/operators.h"

namespace pystm::vm {

namespace {

constexpr Word kNeighbours = 9;
constexpr Word kSmallTable = 8;
constexpr unsigned kPerturbShift = 5;

Word* hashes_of(DictStorage* s) {
  return reinterpret_cast<Word*>(dict_storage_entries(s) + s->capacity);
}

Result<DictStorage*> new_table(Context& cx, Word size) {
  void* memory = TRY(alloc_memory(cx, sizeof(DictStorage) + size * 16));
  auto* s = init_object<DictStorage>(memory, kShapeDictStorage);
  s->capacity = size;
  s->birth = cx.me;
  s->index_log2 = 0;
  s->mode = kStorageKeysOnly;
  std::memset(static_cast<void*>(s + 1), 0, size * 16);
  return s;
}

// The places a hash may be in, in order.
struct Probe {
  Word mask, start, place, perturb, left;
  Probe(const DictStorage* s, int64_t hash)
      : mask(s->capacity - 1),
        start(static_cast<Word>(hash) & mask),
        place(start),
        perturb(static_cast<Word>(hash)),
        left(start + kNeighbours <= mask ? kNeighbours : 0) {}
  void next() {
    if (left > 0) {
      --left;
      ++place;
      return;
    }
    perturb >>= kPerturbShift;
    start = (start * 5 + 1 + perturb) & mask;
    place = start;
    left = start + kNeighbours <= mask ? kNeighbours : 0;
  }
};

// A Set and a FrozenSet behind one face: their State has the same three words.
struct Header {
  DictStorage* storage;
  Word used, fill;
};
Header header_of(Context& cx, Value v, bool validated) {
  if (is_frozenset(v)) {
    auto* f = v.as<FrozenSet>();
    return {f->storage, f->used, f->fill};
  }
  if (validated) {
    stm::Read<Set> r(cx, v.as<Set>());
    return {r->storage, r->used, r->fill};
  }
  stm::Peek<Set> r(v.as<Set>());
  return {r->storage, r->used, r->fill};
}
bool close(Context& cx, Value v) { return is_frozenset(v) || stm::read_check(cx, v.as<Set>()); }

// The place of `key`, or -1. May run __eq__.
Result<int64_t> find(Context& cx, Value set, Value key, int64_t hash) {
restart:
  const Header h = header_of(cx, set, false);
  DictStorage* s = h.storage;
  if (s != nullptr) {
    for (Probe p(s, hash);; p.next()) {
      const Value k = dict_storage_entries(s)[p.place];
      if (k.is_unset()) break;
      if (k == kDeleted || hashes_of(s)[p.place] != static_cast<Word>(hash)) continue;
      bool equal = k == key;
      if (!equal && is_flat_str(k) && is_flat_str(key)) {
        equal = str_equal(k.as<Str>(), key.as<Str>());
      } else if (!equal) {
        if (!close(cx, set)) goto restart;
        equal = TRY(keys_equal(cx, k, key));
        const Header again = header_of(cx, set, true);
        if (again.storage != s || dict_storage_entries(s)[p.place] != k) goto restart;
      }
      if (equal) {
        if (!close(cx, set)) goto restart;
        return static_cast<int64_t>(p.place);
      }
    }
  }
  if (!close(cx, set)) goto restart;
  return -1;
}

void insert_clean(DictStorage* s, Value key, Word hash, Context& cx) {
  Probe p(s, static_cast<int64_t>(hash));
  while (!dict_storage_entries(s)[p.place].is_unset()) p.next();
  dict_storage_entries(s)[p.place] = key;
  hashes_of(s)[p.place] = hash;
  gc::store_barrier(cx, s, dict_storage_entries(s) + p.place);
}

// A table with room for more than `minimum` keys, holding those of `old`.
Result<DictStorage*> resized(Context& cx, DictStorage* old, Word minimum) {
  Word size = kSmallTable;
  while (size <= minimum) size *= 2;
  DictStorage* fresh = TRY(new_table(cx, size));
  if (old != nullptr) {
    for (Word i = 0; i < old->capacity; ++i) {
      const Value k = dict_storage_entries(old)[i];
      if (!k.is_unset() && k != kDeleted) insert_clean(fresh, k, hashes_of(old)[i], cx);
    }
  }
  return fresh;
}

Word grown(Word used) { return used > 50000 ? used * 2 : used * 4; }
bool must_grow(Word fill, Word capacity) { return fill * 5 >= (capacity - 1) * 3; }

Result<Value> flat_key(Context& cx, Value key) {
  if (PYSTM_UNLIKELY(has_shape(key, kShapeRopeStr))) return Value(TRY(flatten(cx, key)));
  return key;
}

}  // namespace

Set* new_set(Context& cx) { return alloc<Set>(cx, kShapeSet); }

int64_t set_length(Context& cx, Value s) {
  return static_cast<int64_t>(header_of(cx, s, true).used);
}

Result<bool> set_contains_hashed(Context& cx, Value s, Value key, int64_t hash) {
  return TRY(find(cx, s, key, hash)) >= 0;
}
Result<bool> set_contains(Context& cx, Value s, Value key) {
  key = TRY(flat_key(cx, key));
  return set_contains_hashed(cx, s, key, TRY(hash_value(cx, key)));
}

Result<bool> set_add_hashed(Context& cx, Set* set, Value key, int64_t hash) {
  if (TRY(find(cx, set, key, hash)) >= 0) return false;
  stm::Write<Set> w(cx, set);
  if (w->storage == nullptr)
    w.set(&Set::State::storage, Ref<DictStorage>(TRY(new_table(cx, kSmallTable))));
  DictStorage* s = w->storage;
  // The last removed key's place on the way to a free one is used again, as in CPython.
  Probe p(s, hash);
  Word place = s->capacity;
  for (; !dict_storage_entries(s)[p.place].is_unset(); p.next())
    if (dict_storage_entries(s)[p.place] == kDeleted) place = p.place;
  const bool again = place != s->capacity;
  if (!again) place = p.place;
  stm::write_word(cx, s, s->birth, hashes_of(s) + place, static_cast<Word>(hash));
  stm::write_slot(cx, s, s->birth, dict_storage_entries(s) + place, key);
  w.set(&Set::State::used, w->used + 1);
  if (again) return true;
  w.set(&Set::State::fill, w->fill + 1);
  if (must_grow(w->fill, s->capacity)) {
    w.set(&Set::State::storage, Ref<DictStorage>(TRY(resized(cx, s, grown(w->used)))));
    w.set(&Set::State::fill, w->used);
  }
  return true;
}
Result<bool> set_add(Context& cx, Set* s, Value key) {
  key = TRY(flat_key(cx, key));
  return set_add_hashed(cx, s, key, TRY(hash_value(cx, key)));
}

Result<bool> set_discard(Context& cx, Set* set, Value key) {
  key = TRY(flat_key(cx, key));
  const int64_t hash = TRY(hash_value(cx, key));
  const int64_t place = TRY(find(cx, set, key, hash));
  if (place < 0) return false;
  stm::Write<Set> w(cx, set);
  DictStorage* s = w->storage;
  stm::write_slot(cx, s, s->birth, dict_storage_entries(s) + place, kDeleted);
  w.set(&Set::State::used, w->used - 1);
  return true;
}

void set_clear(Context& cx, Set* s) {
  stm::Write<Set> w(cx, s);
  w.set(&Set::State::storage, Ref<DictStorage>(nullptr));
  w.set(&Set::State::used, Word{0});
  w.set(&Set::State::fill, Word{0});
}

bool set_next(Context& cx, Value set, Word* position, Value* key, int64_t* hash) {
restart:
  Word i = *position;
  const Header h = header_of(cx, set, false);
  if (h.storage != nullptr) {
    for (; i < h.storage->capacity; ++i) {
      const Value k = dict_storage_entries(h.storage)[i];
      if (k.is_unset() || k == kDeleted) continue;
      *hash = static_cast<int64_t>(hashes_of(h.storage)[i]);
      if (!close(cx, set)) goto restart;
      *key = k;
      *position = i + 1;
      return true;
    }
  }
  if (!close(cx, set)) goto restart;
  return false;
}

Result<void> set_drop_removed(Context& cx, Set* set) {
  stm::Write<Set> w(cx, set);
  DictStorage* s = w->storage;
  if (s == nullptr || w->fill - w->used <= (s->capacity - 1) / 4) return {};
  w.set(&Set::State::storage, Ref<DictStorage>(TRY(resized(cx, s, grown(w->used)))));
  w.set(&Set::State::fill, w->used);
  return {};
}

Result<void> set_update(Context& cx, Set* s, Value iterable) {
  if (is_any_set(iterable)) {
    const auto theirs = static_cast<Word>(set_length(cx, iterable));
    if (theirs == 0 || iterable == Value(s)) return {};
    if (const Header from = header_of(cx, iterable, true); from.fill == from.used) {
      stm::Write<Set> w(cx, s);
      const Word capacity = w->storage == nullptr ? kSmallTable : w->storage->capacity;
      if (w->fill == 0 && !must_grow(theirs, capacity) && from.storage->capacity == capacity) {
        // Same size and nothing removed: every key keeps its place.
        DictStorage* table = TRY(new_table(cx, capacity));
        for (Word i = 0; i < capacity; ++i) {
          dict_storage_entries(table)[i] = dict_storage_entries(from.storage)[i];
          hashes_of(table)[i] = hashes_of(from.storage)[i];
          gc::store_barrier(cx, table, dict_storage_entries(table) + i);
        }
        if (!close(cx, iterable)) return set_update(cx, s, iterable);
        w.set(&Set::State::storage, Ref<DictStorage>(table));
        w.set(&Set::State::used, from.used);
        w.set(&Set::State::fill, from.fill);
        return {};
      }
    }
    {
      stm::Write<Set> w(cx, s);
      const Word capacity = w->storage == nullptr ? kSmallTable : w->storage->capacity;
      if (must_grow(w->fill + theirs, capacity)) {
        w.set(&Set::State::storage,
              Ref<DictStorage>(TRY(resized(cx, w->storage, (w->used + theirs) * 2))));
        w.set(&Set::State::fill, w->used);
      }
    }
    Word position = 0;
    Value key;
    int64_t hash;
    while (set_next(cx, iterable, &position, &key, &hash))
      (void)TRY(set_add_hashed(cx, s, key, hash));
    return {};
  }
  if (is_exact_dict(iterable)) {
    Word position = 0;
    Value key, value;
    int64_t hash;
    while (dict_next_hashed(cx, iterable.as<Dict>(), &position, &key, &value, &hash))
      (void)TRY(set_add_hashed(cx, s, key, hash));
    return {};
  }
  return for_each(cx, iterable, [&](Value item) -> Result<void> {
    (void)TRY(set_add(cx, s, item));
    return {};
  });
}

Result<void> frozenset_build_add(Context& cx, FrozenSet* f, Value key) {
  key = TRY(flat_key(cx, key));
  const int64_t hash = TRY(hash_value(cx, key));
  if (TRY(find(cx, f, key, hash)) >= 0) return {};
  if (f->storage == nullptr) {
    f->storage = TRY(new_table(cx, kSmallTable));
    gc::store_barrier(cx, f, reinterpret_cast<Value*>(&f->storage));
  }
  insert_clean(f->storage, key, static_cast<Word>(hash), cx);
  ++f->used;
  ++f->fill;
  if (must_grow(f->fill, f->storage->capacity)) {
    f->storage = TRY(resized(cx, f->storage, grown(f->used)));
    gc::store_barrier(cx, f, reinterpret_cast<Value*>(&f->storage));
  }
  return {};
}

Value frozen_set(Context& cx, Set* s, Type* type) {
  auto* f = alloc_for<FrozenSet>(cx, type);
  stm::Read<Set> r(cx, s);
  f->storage = r->storage;
  gc::store_barrier(cx, f, reinterpret_cast<Value*>(&f->storage));
  f->used = r->used;
  f->fill = r->fill;
  return f;
}

Result<Value> new_frozenset(Context& cx, Type* type, Value iterable) {
  auto* f = alloc_for<FrozenSet>(cx, type);
  if (iterable.is_unset()) return Value(f);
  if (is_any_set(iterable)) {
    Header h = header_of(cx, iterable, true);
    if (h.storage != nullptr) {
      DictStorage* copy = TRY(resized(cx, nullptr, h.used * 2));
      Word position = 0;
      Value key;
      int64_t hash;
      while (set_next(cx, iterable, &position, &key, &hash))
        insert_clean(copy, key, static_cast<Word>(hash), cx);
      f->storage = copy;
      gc::store_barrier(cx, f, reinterpret_cast<Value*>(&f->storage));
      f->used = f->fill = h.used;
    }
    return Value(f);
  }
  TRY(for_each(cx, iterable, [&](Value item) { return frozenset_build_add(cx, f, item); }));
  return Value(f);
}

Result<Value> set_copy(Context& cx, Value s, Type* type) {
  if (static_cast<Kind>(type->kind) == Kind::kFrozenSet) return new_frozenset(cx, type, s);
  auto* copy = alloc_for<Set>(cx, type);
  TRY(set_update(cx, copy, s));
  return Value(copy);
}

int64_t frozenset_hash(Context& cx, FrozenSet* f) {
  if (f->hash != 0) return static_cast<int64_t>(f->hash);
  // Commutative mixing, dispersed at the end (the scheme that CPython documents for frozenset).
  Word h = 0;
  Word position = 0;
  Value key;
  int64_t item_hash;
  while (set_next(cx, f, &position, &key, &item_hash)) {
    const auto x = static_cast<Word>(item_hash);
    h ^= ((x ^ 89869747u) ^ (x << 16)) * 3644798167u;
  }
  h ^= (f->used + 1) * 1927868237u;
  h ^= (h >> 11) ^ (h >> 25);
  h = h * 69069u + 907133923u;
  if (h == ~Word{0}) h = 590923713u;
  f->hash = h;  // NOBARRIER: idempotent cache
  return static_cast<int64_t>(h);
}

}  // namespace pystm::vm
