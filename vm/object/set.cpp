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
  void* memory = TRY(alloc_zeroed(cx, sizeof(DictStorage), sizeof(DictStorage) + size * 16));
  auto* s = init_object<DictStorage>(memory, kShapeDictStorage);
  s->capacity = size;
  s->birth = cx.me;
  s->index_log2 = 0;
  s->mode = kStorageKeysOnly;
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

// A Set and a FrozenSet behind one face: their State has the same three words. Read, not validated:
// that does closed().
struct Header {
  Set* owner;  // null: a frozenset, which never changes
  DictStorage* storage;
  Word used, fill;
  explicit Header(Value v) {
    if (!is_exact_set(v) && is_frozenset(v)) {
      auto* f = v.as<FrozenSet>();
      owner = nullptr;
      storage = f->storage;
      used = f->used;
      fill = f->fill;
    } else {
      owner = v.as<Set>();
      const stm::Peek<Set> r(owner);
      storage = r->storage;
      used = r->used;
      fill = r->fill;
    }
  }
  bool closed(Context& cx) const { return owner == nullptr || stm::read_check(cx, owner); }
};
Header read_header(Context& cx, Value v) {
  for (;;) {
    const Header h(v);
    if (h.closed(cx)) return h;
  }
}

// The place of `key`, or -1. May run __eq__.
Result<int64_t> find(Context& cx, Value set, Value key, int64_t hash) {
restart:
  const Header h(set);
  DictStorage* s = h.storage;
  if (s == nullptr) return h.closed(cx) ? Result<int64_t>(int64_t{-1}) : find(cx, set, key, hash);
  const Value* keys = dict_storage_entries(s);
  const Word* hashes = hashes_of(s);
  for (Probe p(s, hash);; p.next()) {
    const Value k = keys[p.place];
    if (k.is_unset()) break;
    int equal = k == key;
    if (!equal) {
      if (hashes[p.place] != static_cast<Word>(hash) || k == kDeleted) continue;
      equal = quick_equal(k, key);
    }
    if (equal < 0) {
      if (!h.closed(cx)) goto restart;
      equal = TRY(keys_equal(cx, k, key));
      const Header again = read_header(cx, set);
      if (again.storage != s || keys[p.place] != k) goto restart;
    }
    if (equal == 0) continue;
    if (!h.closed(cx)) goto restart;
    return static_cast<int64_t>(p.place);
  }
  if (!h.closed(cx)) goto restart;
  return -1;
}

void insert_clean(DictStorage* s, Value key, Word hash, Context& cx) {
  Value* keys = dict_storage_entries(s);
  Probe p(s, static_cast<int64_t>(hash));
  while (!keys[p.place].is_unset()) p.next();
  keys[p.place] = key;
  hashes_of(s)[p.place] = hash;
  gc::store_barrier(cx, s, keys + p.place);
}

Word size_above(Word minimum) {
  Word size = kSmallTable;
  while (size <= minimum) size *= 2;
  return size;
}

// A table with room for more than `minimum` keys, holding those of `old`.
Result<DictStorage*> resized(Context& cx, DictStorage* old, Word minimum) {
  DictStorage* fresh = TRY(new_table(cx, size_above(minimum)));
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

// A table of `capacity` places with the keys of a set, which are *used.
Result<DictStorage*> copied(Context& cx, Value set, Word capacity, Word* used) {
  for (;;) {
    const Header h = read_header(cx, set);
    *used = h.used;
    DictStorage* table = TRY(new_table(cx, capacity));
    Value* keys = dict_storage_entries(table);
    const Value* theirs = dict_storage_entries(h.storage);
    if (h.storage->capacity == capacity && h.fill == h.used) {
      // Same size and nothing removed: every key keeps its place.
      std::memcpy(static_cast<void*>(keys), theirs, capacity * 16);
    } else {
      Word left = h.used;  // who writes to the set meanwhile may add more
      for (Word i = 0; i < h.storage->capacity && left > 0; ++i) {
        if (theirs[i].is_unset() || theirs[i] == kDeleted) continue;
        insert_clean(table, theirs[i], hashes_of(h.storage)[i], cx);
        --left;
      }
    }
    gc::store_barrier_range(cx, table, keys, capacity);
    if (h.closed(cx)) return table;
  }
}

// The capacity that a table has for `theirs` more keys.
Word capacity_with(Word used, Word fill, Word theirs, const DictStorage* table) {
  const Word capacity = table == nullptr ? kSmallTable : table->capacity;
  return must_grow(fill + theirs, capacity) ? size_above((used + theirs) * 2) : capacity;
}

Result<Value> flat_key(Context& cx, Value key) {
  if (PYSTM_UNLIKELY(has_shape(key, kShapeRopeStr))) return Value(TRY(flatten(cx, key)));
  return key;
}

}  // namespace

Set* new_set(Context& cx) { return alloc<Set>(cx, kShapeSet); }

int64_t set_length(Context& cx, Value s) { return static_cast<int64_t>(read_header(cx, s).used); }

Result<bool> set_contains_hashed(Context& cx, Value s, Value key, int64_t hash) {
  return TRY(find(cx, s, key, hash)) >= 0;
}
Result<bool> set_contains(Context& cx, Value s, Value key) {
  key = TRY(flat_key(cx, key));
  return set_contains_hashed(cx, s, key, TRY(hash_value(cx, key)));
}

Result<void> set_add_absent(Context& cx, Set* set, Value key, int64_t hash) {
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
  if (again) return {};
  w.set(&Set::State::fill, w->fill + 1);
  if (must_grow(w->fill, s->capacity)) {
    w.set(&Set::State::storage, Ref<DictStorage>(TRY(resized(cx, s, grown(w->used)))));
    w.set(&Set::State::fill, w->used);
  }
  return {};
}
Result<bool> set_add_hashed(Context& cx, Set* set, Value key, int64_t hash) {
  if (TRY(find(cx, set, key, hash)) >= 0) return false;
  TRY(set_add_absent(cx, set, key, hash));
  return true;
}
Result<bool> set_add(Context& cx, Set* s, Value key) {
  key = TRY(flat_key(cx, key));
  return set_add_hashed(cx, s, key, TRY(hash_value(cx, key)));
}

Result<bool> set_discard(Context& cx, Set* set, Value key) {
  key = TRY(flat_key(cx, key));
  return set_discard_hashed(cx, set, key, TRY(hash_value(cx, key)));
}
Result<bool> set_discard_hashed(Context& cx, Set* set, Value key, int64_t hash) {
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

namespace {
// The first key at `from` or behind; the capacity: none. Not validated.
Word place_from(const Header& h, Word from) {
  if (h.storage == nullptr) return from;
  const Value* keys = dict_storage_entries(h.storage);
  const Word end = h.storage->capacity;
  while (from < end && (keys[from].is_unset() || keys[from] == kDeleted)) ++from;
  return from;
}
bool ended(const Header& h, Word place) {
  return h.storage == nullptr || place >= h.storage->capacity;
}
}  // namespace

bool set_next(Context& cx, Value set, Word* position, Value* key, int64_t* hash) {
  for (;;) {
    const Header h(set);
    const Word place = place_from(h, *position);
    const bool end = ended(h, place);
    const Value k = end ? Value() : dict_storage_entries(h.storage)[place];
    if (!end) *hash = static_cast<int64_t>(hashes_of(h.storage)[place]);
    if (!h.closed(cx)) continue;
    *key = k;
    *position = place + 1;
    return !end;
  }
}

bool set_step(Context& cx, Value set, Word used, Word* position, Value* key) {
  for (;;) {
    const Header h(set);
    const Word place = place_from(h, *position);
    const Value k = ended(h, place) ? Value() : dict_storage_entries(h.storage)[place];
    if (!h.closed(cx)) continue;
    *key = k;
    *position = place + 1;
    return h.used == used;
  }
}

Result<Tuple*> set_keys(Context& cx, Value set) {
  for (;;) {
    const Word n = read_header(cx, set).used;
    if (n == 0) return empty_tuple();
    Tuple* keys = TRY(alloc_tuple(cx, n));
    const Header h(set);
    Word found = 0;
    for (Word at = place_from(h, 0); found < n && !ended(h, at); at = place_from(h, at + 1))
      keys->items()[found++] = dict_storage_entries(h.storage)[at];
    gc::store_barrier_range(cx, keys, keys->items(), found);
    if (h.closed(cx) && found == n && h.used == n) return keys;
  }
}

Result<void> set_drop_removed(Context& cx, Set* set) {
  stm::Write<Set> w(cx, set);
  DictStorage* s = w->storage;
  if (s == nullptr || w->fill - w->used <= (s->capacity - 1) / 4) return {};
  w.set(&Set::State::storage, Ref<DictStorage>(TRY(resized(cx, s, grown(w->used)))));
  w.set(&Set::State::fill, w->used);
  return {};
}

namespace {
Result<void> merge(Context& cx, Set* s, Value other) {
  const Word theirs = read_header(cx, other).used;
  if (theirs == 0 || other == Value(s)) return {};
  stm::Write<Set> w(cx, s);
  const Word capacity = capacity_with(w->used, w->fill, theirs, w->storage);
  if (w->fill == 0) {
    Word used;
    w.set(&Set::State::storage, Ref<DictStorage>(TRY(copied(cx, other, capacity, &used))));
    w.set(&Set::State::used, used);
    w.set(&Set::State::fill, used);
    return {};
  }
  if (w->storage->capacity != capacity) {
    const Word wanted = (w->used + theirs) * 2;
    w.set(&Set::State::storage, Ref<DictStorage>(TRY(resized(cx, w->storage, wanted))));
    w.set(&Set::State::fill, w->used);
  }
  Word position = 0;
  Value key;
  int64_t hash;
  while (set_next(cx, other, &position, &key, &hash)) (void)TRY(set_add_hashed(cx, s, key, hash));
  return {};
}
}  // namespace

Result<void> set_update(Context& cx, Set* s, Value iterable) {
  if (is_any_set(iterable)) return merge(cx, s, iterable);
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
    const Word theirs = read_header(cx, iterable).used;
    if (theirs != 0) {
      Word used;
      f->storage = TRY(copied(cx, iterable, capacity_with(0, 0, theirs, nullptr), &used));
      gc::store_barrier(cx, f, reinterpret_cast<Value*>(&f->storage));
      f->used = f->fill = used;
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
