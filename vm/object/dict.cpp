// Dict: look-up, insertion, removal, growth, cells. The set half is in set.cpp.
//
// Entries stay where they were appended until the storage is replaced; the index table holds entry
// numbers (0 = empty, e + 1 otherwise) in 1, 2 or 4 bytes. A tombstone keeps its index place.
//
// Reading a storage before its owner's check is memory-safe: a storage pointer always names an
// initialised object whose capacity never changes, keys and values are single words, and no
// collection can happen in between. What was read counts only after read_check.
#include "vm/object/dict.h"

#include <cstring>

#include "vm/interp/inline_cache.h"
#include "vm/object/sequence.h"
#include "vm/object/shapes_internal.h"
#include "vm/object/str.h"
#include "vm/runtime/memory.h"
#include "vm/runtime/native.h"
#include "vm/runtime/operators.h"

namespace pystm::vm {

namespace {

constexpr unsigned kMinLog2 = 3;
constexpr int64_t kAbsent = -1;
constexpr Word kFewTombstones = 8;

unsigned index_width(Word capacity) { return capacity < 0xFF ? 1 : capacity < 0xFFFF ? 2 : 4; }
Word capacity_for(unsigned log2) { return (Word{1} << log2) * 2 / 3; }
bool has_cells(const DictStorage* s) { return s->mode & kStorageCells; }

Word* hashes_of(DictStorage* s) {
  return reinterpret_cast<Word*>(dict_storage_entries(s) + 2 * s->capacity);
}
void* index_of(DictStorage* s) { return hashes_of(s) + s->capacity; }

// Entry number + 1 at index place i, or 0.
PYSTM_INLINE Word index_get(DictStorage* s, size_t i) {
  switch (index_width(s->capacity)) {
    case 1:
      return static_cast<uint8_t*>(index_of(s))[i];
    case 2:
      return static_cast<uint16_t*>(index_of(s))[i];
    default:
      return static_cast<uint32_t*>(index_of(s))[i];
  }
}

void index_put(DictStorage* s, size_t i, Word entry_plus_1) {
  switch (index_width(s->capacity)) {
    case 1:
      static_cast<uint8_t*>(index_of(s))[i] = static_cast<uint8_t>(entry_plus_1);
      break;
    case 2:
      static_cast<uint16_t*>(index_of(s))[i] = static_cast<uint16_t>(entry_plus_1);
      break;
    default:
      static_cast<uint32_t*>(index_of(s))[i] = static_cast<uint32_t>(entry_plus_1);
      break;
  }
}

// The same with an undo record for the enclosing word.
void index_put_logged(Context& cx, DictStorage* s, size_t i, Word entry_plus_1) {
  if (s->birth != cx.me) {
    const size_t byte = i * index_width(s->capacity);
    Word* word = static_cast<Word*>(index_of(s)) + byte / 8;
    stm::write_word(cx, s, s->birth, word, *word);
  }
  index_put(s, i, entry_plus_1);
}

// Walks the index places a hash may be in.
struct Probe {
  size_t mask, i, perturb;
  Probe(const DictStorage* s, int64_t hash)
      : mask((size_t{1} << s->index_log2) - 1),
        i(static_cast<size_t>(hash) & mask),
        perturb(static_cast<size_t>(hash)) {}
  void next() {
    perturb >>= 5;
    i = (i * 5 + perturb + 1) & mask;
  }
};

Result<DictStorage*> new_storage(Context& cx, unsigned log2, Word mode) {
  const Word capacity = capacity_for(log2);
  const size_t index_bytes = base::align_up((Word{1} << log2) * index_width(capacity), 8);
  const size_t bytes = sizeof(DictStorage) + capacity * 24 + index_bytes;
  void* memory = TRY(alloc_zeroed(cx, sizeof(DictStorage), bytes));
  auto* s = init_object<DictStorage>(memory, kShapeDictStorage);
  s->capacity = capacity;
  s->birth = cx.me;
  s->index_log2 = log2;
  s->mode = mode;
  return s;
}

unsigned log2_for(size_t entries) {
  unsigned log2 = kMinLog2;
  while (capacity_for(log2) < entries) ++log2;
  return log2;
}

// The entry of a str key (flat), or kAbsent. No Python code runs.
int64_t find_str(DictStorage* s, Str* key, int64_t hash) {
  Value* entries = dict_storage_entries(s);
  Word* hashes = hashes_of(s);
  for (Probe p(s, hash);; p.next()) {
    const Word e1 = index_get(s, p.i);
    if (e1 == 0) return kAbsent;
    const Word e = e1 - 1;
    const Value k = entries[2 * e];
    if (k == Value(key)) return static_cast<int64_t>(e);
    if (hashes[e] != static_cast<Word>(hash) || !is_flat_str(k)) continue;
    Str* other = k.as<Str>();
    if (is_interned(other) && is_interned(key)) continue;
    if (str_equal(other, key)) return static_cast<int64_t>(e);
  }
}

int equal_at(Value a, Value b, int depth) {
  if (a == b) return 1;
  if (a.is_int() && b.is_int()) return 0;
  if (is_flat_str(a)) {
    if (is_flat_str(b)) return str_equal(a.as<Str>(), b.as<Str>());
    if (b.is_int()) return 0;
  }
  if (a.is_int() && is_flat_str(b)) return 0;
  if (!is_exact_tuple(a) || !is_exact_tuple(b) || depth == kPlainDepth) return -1;
  auto* x = a.as<Tuple>();
  auto* y = b.as<Tuple>();
  if (x->length != y->length) return 0;
  for (size_t k = 0; k < x->length; ++k)
    if (const int equal = equal_at((*x)[k], (*y)[k], depth + 1); equal != 1) return equal;
  return 1;
}

// The entry of any key as far as quick_equal can tell; kAbsent also where it cannot.
int64_t find_quick(DictStorage* s, Value key, int64_t hash) {
  for (Probe p(s, hash);; p.next()) {
    const Word e1 = index_get(s, p.i);
    if (e1 == 0) return kAbsent;
    const Value k = dict_storage_entries(s)[2 * (e1 - 1)];
    if (k != key && hashes_of(s)[e1 - 1] != static_cast<Word>(hash)) continue;
    if (k == kDeleted) continue;
    const int equal = quick_equal(k, key);
    if (equal != 0) return equal < 0 ? kAbsent : static_cast<int64_t>(e1 - 1);
  }
}

// The entry of the very object that is the key, if it is at the first place to look at and the
// table has no cells; else null. Most look-ups that find something end here. Not validated.
PYSTM_INLINE Value* entry_at_once(DictStorage* s, Value key, int64_t hash) {
  if (s == nullptr || (s->mode & (kStorageCells | kStorageClassCells)) != 0) return nullptr;
  const Word e1 = index_get(s, Probe(s, hash).i);
  Value* const entry = dict_storage_entries(s) + 2 * (e1 - 1);
  return e1 != 0 && entry[0] == key ? entry : nullptr;
}

// What a search found, validated: the storage searched, the entry and what it holds, or kAbsent.
// (Without the dict acquired, a later look into the entry would be one without a check.)
struct Found {
  DictStorage* storage;
  int64_t entry;
  Value held;
};

// Any key. May run __eq__; then the dict is looked at afresh.
Result<Found> find_any(Context& cx, Dict* d, Value key, int64_t hash) {
restart:
  stm::Read<Dict> r(cx, d);
  DictStorage* s = r->storage;
  if (s == nullptr) return Found{nullptr, kAbsent, Value()};
  for (Probe p(s, hash);; p.next()) {
    const Word e1 = index_get(s, p.i);
    if (e1 == 0) break;
    const Word e = e1 - 1;
    const Value k = dict_storage_entries(s)[2 * e];
    Value held = dict_storage_entries(s)[2 * e + 1];
    if (k == key) {
      if (!stm::read_check(cx, d)) goto restart;
      return Found{s, static_cast<int64_t>(e), held};
    }
    if (hashes_of(s)[e] != static_cast<Word>(hash) || k == kDeleted) continue;
    int equal = quick_equal(k, key);
    if (equal < 0) {
      if (!stm::read_check(cx, d)) goto restart;
      equal = TRY(keys_equal(cx, k, key));
      stm::Read<Dict> again(cx, d);
      if (again->storage != s || dict_storage_entries(s)[2 * e] != k) goto restart;
      held = dict_storage_entries(s)[2 * e + 1];
    }
    if (equal) {
      if (!stm::read_check(cx, d)) goto restart;
      return Found{s, static_cast<int64_t>(e), held};
    }
  }
  if (!stm::read_check(cx, d)) goto restart;
  return Found{s, kAbsent, Value()};
}

Result<Found> find(Context& cx, Dict* d, Value key, int64_t hash) {
  if (!is_flat_str(key)) return find_any(cx, d, key, hash);
  for (;;) {
    stm::Peek<Dict> r(d);
    DictStorage* s = r->storage;
    const int64_t e = s == nullptr ? kAbsent : find_str(s, key.as<Str>(), hash);
    const Value held = e == kAbsent ? Value() : dict_storage_entries(s)[2 * e + 1];
    // A table whose keys are not all strs may need __eq__ of the others.
    if (stm::read_check(cx, d)) {
      if (e == kAbsent && s != nullptr && (s->mode & kStorageMixedKeys))
        return find_any(cx, d, key, hash);
      return Found{s, e, held};
    }
  }
}

Value cell_content(Context& cx, Value cell) {
  return stm::Read<Cell>(cx, cell.as<Cell>())->content;
}

// The cell of a key in a table with a cell per entry, and its content; null if there is none, it is
// unset, or only Python code can tell whether the keys are equal. A hit on a set cell stands by
// itself: the cell belongs to its key for good, and removing the key unsets it. So the dict is not
// logged as read, and keys that others add or remove are no conflict.
Cell* cell_in(Context& cx, DictStorage* s, Value key, int64_t hash, Value* content) {
  const int64_t e = is_flat_str(key) ? find_str(s, key.as<Str>(), hash) : find_quick(s, key, hash);
  if (e == kAbsent) return nullptr;
  const Value cell = dict_storage_entries(s)[2 * e + 1];
  if (!is_cell(cell)) return nullptr;
  *content = cell_content(cx, cell);
  return content->is_unset() ? nullptr : cell.as<Cell>();
}

PYSTM_INLINE Cell* set_cell_of(Context& cx, Dict* d, Value key, int64_t hash, Value* content) {
  const stm::Peek<Dict> r(d);
  DictStorage* s = r->storage;
  return s == nullptr || !has_cells(s) ? nullptr : cell_in(cx, s, key, hash, content);
}

// The value that stands in a table, looked for in its cell if it has one.
Value through_cell(Context& cx, DictStorage* s, Value v) {
  if (PYSTM_LIKELY(!(s->mode & (kStorageCells | kStorageClassCells)))) return v;
  return has_cells(s) || is_class_cell(v) ? cell_content(cx, v) : v;
}

Value entry_value(Context& cx, DictStorage* s, int64_t e) {
  return through_cell(cx, s, dict_storage_entries(s)[2 * e + 1]);
}

Cell* new_cell(Context& cx, Value content) { return new_public_cell(cx, kShapeCell, content); }

// A dict that threads met in gets a cell, and so a version, per entry.
bool wants_cells(const Dict* d, const DictStorage* s) {
  return d->has_flag(kShared) && !has_cells(s) && !d->has_flag(kClassNamespace);
}

// The only way to change the cell of an entry. A frozen one is thawed for good: what is written
// once more may be written often.
void set_cell(Context& cx, Cell* cell, Value content) {
  stm::Write<Cell> w(cx, cell);
  if (PYSTM_UNLIKELY(cell->has_flag(kCellFrozen))) {
    stm::quasi_write(cx, [&] {
      cell->clear_flag(kCellFrozen);
      cell->set_flag(kCellThawed);
      frozen_global_changed();
    });
  }
  w.set(&Cell::State::content, content);
}

// Copies the live entries into a new storage of the wanted size and mode. REQUIRES d acquired.
Result<DictStorage*> rebuild(Context& cx, Dict* d, size_t entries, Word mode) {
  // Cells hidden until they are set (dict_cell) take part, though `used` does not count them.
  if (DictStorage* s = stm::Write<Dict>(cx, d)->storage) {
    size_t live = 0;
    for (Word e = 0; e < stm::Write<Dict>(cx, d)->fill; ++e)
      live += dict_storage_entries(s)[2 * e] != kDeleted;
    entries = std::max(entries, live + live / 4 + 1);
  }
  DictStorage* fresh = TRY(new_storage(cx, log2_for(entries), mode));
  stm::Write<Dict> w(cx, d);
  DictStorage* old = w->storage;
  Word n = 0;
  if (old != nullptr) {
    const bool make_cells = has_cells(fresh) && !has_cells(old);
    for (Word e = 0; e < w->fill; ++e) {
      const Value key = dict_storage_entries(old)[2 * e];
      if (key == kDeleted) continue;
      Value value = dict_storage_entries(old)[2 * e + 1];
      if (make_cells) value = new_cell(cx, value);
      dict_storage_entries(fresh)[2 * n] = key;
      gc::store_barrier(cx, fresh, dict_storage_entries(fresh) + 2 * n);
      dict_storage_entries(fresh)[2 * n + 1] = value;
      gc::store_barrier(cx, fresh, dict_storage_entries(fresh) + 2 * n + 1);
      const Word hash = hashes_of(old)[e];
      hashes_of(fresh)[n] = hash;
      Probe p(fresh, static_cast<int64_t>(hash));
      while (index_get(fresh, p.i) != 0) p.next();
      index_put(fresh, p.i, ++n);
    }
  }
  w.set(&Dict::State::storage, Ref<DictStorage>(fresh));
  w.set(&Dict::State::fill, n);
  return fresh;
}

// Appends a new entry. REQUIRES d acquired and the key absent.
Result<void> append_entry(Context& cx, Dict* d, Value key, int64_t hash, Value value) {
  stm::Write<Dict> w(cx, d);
  DictStorage* s = w->storage;
  if (s == nullptr) {
    s = TRY(rebuild(cx, d, 1, 0));
  } else if (wants_cells(d, s)) {
    s = TRY(rebuild(cx, d, w->used + 1 + w->used / 2, s->mode | kStorageCells));
  } else if (w->fill >= s->capacity) {
    const size_t want = w->used < s->capacity / 2 ? w->used + 1 : w->used * 2 + 1;
    s = TRY(rebuild(cx, d, want, s->mode));
  }
  if (has_cells(s)) value = new_cell(cx, value);
  const Word e = w->fill;
  if (!is_flat_str(key) && !(s->mode & kStorageMixedKeys))
    stm::write_word(cx, s, s->birth, &s->mode, s->mode | kStorageMixedKeys);
  stm::write_word(cx, s, s->birth, hashes_of(s) + e, static_cast<Word>(hash));
  stm::write_slot(cx, s, s->birth, dict_storage_entries(s) + 2 * e, key);
  stm::write_slot(cx, s, s->birth, dict_storage_entries(s) + 2 * e + 1, value);
  Probe p(s, hash);
  while (index_get(s, p.i) != 0) p.next();
  index_put_logged(cx, s, p.i, e + 1);
  w.set(&Dict::State::fill, e + 1);
  w.set(&Dict::State::used, w->used + 1);
  return {};
}

// Makes entry e a tombstone. REQUIRES d acquired.
void kill_entry(Context& cx, Dict* d, DictStorage* s, int64_t e) {
  stm::Write<Dict> w(cx, d);
  Value* entry = dict_storage_entries(s) + 2 * e;
  if (has_cells(s)) {
    set_cell(cx, entry[1].as<Cell>(), Value());
  }
  stm::write_slot(cx, s, s->birth, entry, kDeleted);
  stm::write_slot(cx, s, s->birth, entry + 1, Value());
  w.set(&Dict::State::used, w->used - 1);
  // Empty again: start over, so that queues of keys do not crawl. Few tombstones stay: an iterator
  // that stands behind them then meets what is added, and says so.
  if (w->used == 0 && w->fill > kFewTombstones) {
    w.set(&Dict::State::storage, Ref<DictStorage>(nullptr));
    w.set(&Dict::State::fill, Word{0});
    if (has_cells(s)) (void)rebuild(cx, d, 1, s->mode);
  } else if (w->fill - w->used > 64 && w->fill - w->used > w->used) {
    // Mostly tombstones: a queue or stack of keys must not walk over them again and again.
    if (rebuild(cx, d, w->used, s->mode).is_error()) clear_exception(cx);
  }
}

// A key as the table keeps it: ropes flat.
Result<Value> normal_key(Context& cx, Value key) {
  if (PYSTM_UNLIKELY(has_shape(key, kShapeRopeStr))) return Value(TRY(flatten(cx, key)));
  return key;
}

// A module-namespace entry whose cell is unset (made for an inline cache) is removed, so that the
// key can be appended at the end; its cell is kept and returned for use again.
Result<void> set_hidden(Context& cx, Dict* d, DictStorage* s, int64_t e, Value key, int64_t hash,
                        Value value) {
  const Value cell = dict_storage_entries(s)[2 * e + 1];
  stm::Write<Dict> w(cx, d);
  stm::write_slot(cx, s, s->birth, dict_storage_entries(s) + 2 * e, kDeleted);
  TRY(append_entry(cx, d, key, hash, Value()));
  s = w->storage;
  stm::write_slot(cx, s, s->birth, dict_storage_entries(s) + 2 * (w->fill - 1) + 1, cell);
  set_cell(cx, cell.as<Cell>(), value);
  return {};
}

}  // namespace

int quick_equal(Value a, Value b) { return equal_at(a, b, 0); }

Result<bool> keys_equal(Context& cx, Value in_table, Value key) {
  if (PYSTM_UNLIKELY(cx.only_natives) && !(is_plain_key(in_table) && is_plain_key(key)))
    return refuse_python(cx);
  return values_equal(cx, in_table, key);
}

namespace {

bool is_equal_to_itself_only(Value v) {
  const Type* type = type_of(v);
  const Type* object = types().object;
  return type->dunder(Dunder::kEq) == object->dunder(Dunder::kEq) &&
         type->dunder(Dunder::kHash) == object->dunder(Dunder::kHash);
}

bool test_plain(Value v, bool key, int depth) {
  if (!v.is_object()) return !v.is_unset();
  if (is_exact_str(v) || is_exact_int(v) || is_exact_float(v) || is_exact_bytes(v)) return true;
  if (!is_exact_tuple(v)) return key && is_equal_to_itself_only(v);
  if (depth == kPlainDepth) return false;
  auto* t = v.as<Tuple>();
  for (size_t k = 0; k < t->length; ++k)
    if (!(*t)[k].is_int() && !test_plain((*t)[k], key, depth + 1)) return false;
  return true;
}

}  // namespace

bool is_plain(Value v) { return test_plain(v, false, 0); }
bool is_plain_key(Value v) { return test_plain(v, true, 0); }

Cell* new_public_cell(Context& cx, ShapeId shape, Value content) {
  Cell* cell = alloc<Cell>(cx, shape);
  cell->vlock.store(0, std::memory_order_relaxed);  // NOBARRIER: newborn
  stm::Write<Cell>(cx, cell).set(&Cell::State::content, content);
  return cell;
}

size_t dict_storage_bytes(const DictStorage* s) {
  if (s->mode & kStorageKeysOnly) return sizeof(DictStorage) + s->capacity * 16;
  return sizeof(DictStorage) + s->capacity * 24 +
         base::align_up((Word{1} << s->index_log2) * index_width(s->capacity), 8);
}

Dict* new_dict(Context& cx) { return alloc<Dict>(cx, kShapeDict); }

Result<Dict*> new_dict_sized(Context& cx, size_t entries) {
  Dict* d = new_dict(cx);
  if (entries > 0) (void)TRY(rebuild(cx, d, entries, 0));
  return d;
}

Dict* new_module_dict(Context& cx) {
  Dict* d = new_dict(cx);
  (void)rebuild(cx, d, 32, kStorageCells);
  return d;
}

int64_t dict_length(Context& cx, Dict* d) {
  return static_cast<int64_t>(stm::Read<Dict>(cx, d)->used);
}

Result<Value> dict_get_hashed(Context& cx, Dict* d, Value key, int64_t hash) {
  if (const Value* e = entry_at_once(stm::Peek<Dict>(d)->storage, key, hash)) {
    const Value held = e[1];
    if (stm::read_check(cx, d)) return held;
  }
  if (is_flat_str(key)) {
    const Value v = dict_get_str(cx, d, key.as<Str>());
    if (!v.is_unset()) return v;
    const DictStorage* s = stm::Read<Dict>(cx, d)->storage;
    if (s == nullptr || !(s->mode & kStorageMixedKeys)) return v;
  }
  Value content;
  if (set_cell_of(cx, d, key, hash, &content) != nullptr) return content;
  const Found f = TRY(find_any(cx, d, key, hash));
  if (f.entry == kAbsent) return Value();
  return through_cell(cx, f.storage, f.held);
}

Result<Value> dict_get(Context& cx, Dict* d, Value key) {
  key = TRY(normal_key(cx, key));
  return dict_get_hashed(cx, d, key, TRY(hash_value(cx, key)));
}

Value dict_get_str(Context& cx, Dict* d, Str* key) {
  const int64_t hash = str_hash(key);
  for (bool try_cell = true;;) {
    stm::Peek<Dict> r(d);
    DictStorage* s = r->storage;
    const int64_t e = s == nullptr ? kAbsent : find_str(s, key, hash);
    const Value v = e == kAbsent ? Value() : dict_storage_entries(s)[2 * e + 1];
    if (try_cell && is_cell(v) && has_cells(s)) {
      const Value content = cell_content(cx, v);
      if (!content.is_unset()) return content;  // a hit on a set cell stands by itself
      // An unset one does not, and its reading may have moved the snapshot past what was seen of
      // the dict: that is looked at afresh, and closed before the cell is read.
      try_cell = false;
    } else if (stm::read_check(cx, d)) {
      return e == kAbsent ? Value() : through_cell(cx, s, v);
    }
  }
}
Value dict_get_str(Context& cx, Dict* d, const char* key) {
  return dict_get_str(cx, d, intern(cx, key));
}

Value dict_peek(Dict* d, Str* key) {
  // NOBARRIER: quasi-immutable namespace, changed only with the world stopped
  DictStorage* s = stm::Raw::state(d).storage;
  if (s == nullptr) return Value();
  const int64_t e = find_str(s, key, str_hash(key));
  return e == kAbsent ? Value() : dict_storage_entries(s)[2 * e + 1];
}

void dict_put_class_cell(Context& cx, Dict* d, Str* key, Cell* cell) {
  (void)dict_set_str(cx, d, key, cell);
  DictStorage* s = stm::Write<Dict>(cx, d)->storage;
  stm::write_word(cx, s, s->birth, &s->mode, s->mode | kStorageClassCells);
}

namespace {
// Gives the entry that find() has found, or not, its value.
Result<void> set_found(Context& cx, Dict* d, const Found& f, Value key, int64_t hash, Value value) {
  stm::acquire(cx, d);
  if (f.entry != kAbsent && wants_cells(d, f.storage)) {
    (void)TRY(rebuild(cx, d, 1, f.storage->mode | kStorageCells));
    return dict_set_hashed(cx, d, key, hash, value);
  }
  // Acquiring may have moved the snapshot: what was found before still holds, because the read was
  // logged and the extension validated it.
  if (f.entry == kAbsent) return append_entry(cx, d, key, hash, value);
  if (has_cells(f.storage)) return set_hidden(cx, d, f.storage, f.entry, key, hash, value);
  stm::write_slot(cx, f.storage, f.storage->birth,
                  dict_storage_entries(f.storage) + 2 * f.entry + 1, value);
  return {};
}
}  // namespace

Result<void> dict_set_hashed(Context& cx, Dict* d, Value key, int64_t hash, Value value) {
  DictStorage* const s = stm::Peek<Dict>(d)->storage;
  Value* const e = entry_at_once(s, key, hash);
  if (e != nullptr && !d->has_flag(kShared) && stm::read_check(cx, d)) {
    stm::acquire(cx, d);  // what was found holds still, as in set_found()
    stm::write_slot(cx, s, s->birth, e + 1, value);
    return {};
  }
  Value content;
  if (Cell* cell = set_cell_of(cx, d, key, hash, &content)) {
    set_cell(cx, cell, value);
    return {};
  }
  const Found f = TRY(find(cx, d, key, hash));
  if (f.entry != kAbsent && has_cells(f.storage) && !cell_content(cx, f.held).is_unset()) {
    set_cell(cx, f.held.as<Cell>(), value);
    return {};
  }
  return set_found(cx, d, f, key, hash, value);
}

Result<void> dict_set(Context& cx, Dict* d, Value key, Value value) {
  key = TRY(normal_key(cx, key));
  return dict_set_hashed(cx, d, key, TRY(hash_value(cx, key)), value);
}
Result<void> dict_set_str(Context& cx, Dict* d, Str* key, Value value) {
  return dict_set_hashed(cx, d, key, str_hash(key), value);
}
Result<void> dict_set_str(Context& cx, Dict* d, const char* key, Value value) {
  return dict_set_str(cx, d, intern(cx, key), value);
}

Result<Value> dict_pop(Context& cx, Dict* d, Value key) {
  key = TRY(normal_key(cx, key));
  return dict_pop_hashed(cx, d, key, TRY(hash_value(cx, key)));
}
Result<Value> dict_pop_hashed(Context& cx, Dict* d, Value key, int64_t hash) {
  const Found f = TRY(find(cx, d, key, hash));
  if (f.entry == kAbsent) return Value();
  stm::acquire(cx, d);
  const Value v = entry_value(cx, f.storage, f.entry);
  if (v.is_unset()) return Value();  // a hidden entry
  kill_entry(cx, d, f.storage, f.entry);
  return v;
}

Result<bool> dict_delete(Context& cx, Dict* d, Value key) {
  return !TRY(dict_pop(cx, d, key)).is_unset();
}
bool dict_delete_str(Context& cx, Dict* d, Str* key) {
  auto r = dict_pop(cx, d, key);
  return !r.is_error() && !r.value().is_unset();
}

Result<Value> dict_setdefault(Context& cx, Dict* d, Value key, Value value) {
  key = TRY(normal_key(cx, key));
  const int64_t hash = TRY(hash_value(cx, key));
  Value old;
  if (set_cell_of(cx, d, key, hash, &old) != nullptr) return old;
  const Found f = TRY(find(cx, d, key, hash));
  if (f.entry != kAbsent) old = through_cell(cx, f.storage, f.held);
  if (!old.is_unset()) return old;
  TRY(set_found(cx, d, f, key, hash, value));
  return Value();
}

void dict_clear(Context& cx, Dict* d) {
  stm::Write<Dict> w(cx, d);
  DictStorage* s = w->storage;
  if (s != nullptr && has_cells(s)) {  // inline caches hold the cells: unset them one by one
    for (Word e = 0; e < w->fill; ++e)
      if (dict_storage_entries(s)[2 * e] != kDeleted)
        set_cell(cx, dict_storage_entries(s)[2 * e + 1].as<Cell>(), Value());
  }
  w.set(&Dict::State::storage, Ref<DictStorage>(nullptr));
  w.set(&Dict::State::used, Word{0});
  w.set(&Dict::State::fill, Word{0});
  if (s != nullptr && has_cells(s)) (void)rebuild(cx, d, 1, s->mode);
}

Cell* dict_cell(Context& cx, Dict* d, Str* key) {
  for (;;) {
    stm::Read<Dict> r(cx, d);
    DictStorage* s = r->storage;
    if (s == nullptr || !has_cells(s)) {
      stm::acquire(cx, d);
      if (rebuild(cx, d, r->used + 1, (s == nullptr ? 0 : s->mode) | kStorageCells).is_error())
        return nullptr;
      continue;
    }
    const int64_t e = find_str(s, key, str_hash(key));
    if (e != kAbsent) {
      const Value cell = dict_storage_entries(s)[2 * e + 1];
      if (!stm::read_check(cx, d)) continue;
      return cell.as<Cell>();
    }
    stm::acquire(cx, d);
    if (append_entry(cx, d, key, str_hash(key), Value()).is_error()) return nullptr;
    stm::Write<Dict> w(cx, d);
    w.set(&Dict::State::used, w->used - 1);  // hidden until set
  }
}

// Invariant: the flag is set with the cell's version word locked, and looked at by set_cell after
// it has acquired the cell; so nobody is in the middle of a write when it appears.
bool freeze_cell(Context& cx, Cell* cell, Word* version) {
  if (cell->has_flag(kCellThawed)) return false;
  Word v = cell->vlock.load(std::memory_order_acquire);  // NOBARRIER: the version word itself
  if (cx.parallel()) {
    if (v > cx.rv) return false;
    if (!cell->vlock.compare_exchange_strong(v, cx.me)) return false;  // NOBARRIER: as above
    cell->set_flag(kCellFrozen);
    cell->vlock.store(v, std::memory_order_release);  // NOBARRIER: as above
    *version = std::max(*version, v);
  } else {
    cell->set_flag(kCellFrozen);
  }
  return true;
}

bool thaw_cell(Context& cx, Cell* cell) {
  stm::acquire(cx, cell);
  if (cell->has_flag(kCellFrozen)) return false;
  cell->set_flag(kCellThawed);
  return true;
}

bool rebind_cell(Context& cx, Cell* cell, Value content) {
  if (stm::Write<Cell>(cx, cell)->content.is_unset()) return false;
  set_cell(cx, cell, content);
  return true;
}

// --- order ---------------------------------------------------------------------------------------

bool dict_next_hashed(Context& cx, Dict* d, Word* position, Value* key, Value* value,
                      int64_t* hash) {
restart:
  Word e = *position;
  stm::Peek<Dict> r(d);
  DictStorage* s = r->storage;
  const Word fill = s == nullptr ? 0 : std::min<Word>(r->fill, s->capacity);
  for (; e < fill; ++e) {
    const Value k = dict_storage_entries(s)[2 * e];
    if (k == kDeleted || k.is_unset()) continue;
    Value v = dict_storage_entries(s)[2 * e + 1];
    *hash = static_cast<int64_t>(hashes_of(s)[e]);
    if (!stm::read_check(cx, d)) goto restart;
    v = through_cell(cx, s, v);
    if (v.is_unset()) continue;
    *key = k;
    *value = v;
    *position = e + 1;
    return true;
  }
  if (!stm::read_check(cx, d)) goto restart;
  return false;
}
bool dict_next(Context& cx, Dict* d, Word* position, Value* key, Value* value) {
  int64_t hash;
  return dict_next_hashed(cx, d, position, key, value, &hash);
}

Word dict_end(Context& cx, Dict* d) { return stm::Read<Dict>(cx, d)->fill; }

bool dict_prev(Context& cx, Dict* d, Word* position, Value* key, Value* value) {
restart:
  Word e = *position;
  stm::Peek<Dict> r(d);
  DictStorage* s = r->storage;
  if (s == nullptr) e = 0;
  if (s != nullptr) e = std::min<Word>(e, std::min<Word>(r->fill, s->capacity));
  while (e > 0) {
    --e;
    const Value k = dict_storage_entries(s)[2 * e];
    if (k == kDeleted || k.is_unset()) continue;
    Value v = dict_storage_entries(s)[2 * e + 1];
    if (!stm::read_check(cx, d)) goto restart;
    v = through_cell(cx, s, v);
    if (v.is_unset()) continue;
    *key = k;
    *value = v;
    *position = e;
    return true;
  }
  if (!stm::read_check(cx, d)) goto restart;
  return false;
}

namespace {
// The same entries, index and tombstones. REQUIRES no cells.
Result<DictStorage*> clone_storage(Context& cx, DictStorage* s, Word fill) {
  const size_t bytes = dict_storage_bytes(s);
  void* memory = TRY(alloc_memory(cx, bytes));
  auto* fresh = init_object<DictStorage>(memory, kShapeDictStorage);
  fresh->capacity = s->capacity;
  fresh->birth = cx.me;
  fresh->index_log2 = s->index_log2;
  fresh->mode = s->mode;
  std::memcpy(static_cast<void*>(fresh + 1), s + 1, bytes - sizeof(DictStorage));
  gc::store_barrier_range(cx, fresh, dict_storage_entries(fresh), 2 * fill);
  return fresh;
}

// Copies a table as a whole into a dict that has none; false: not such tables.
Result<bool> take_copy(Context& cx, Dict* d, Dict* other) {
  for (;;) {
    const stm::Read<Dict> r(cx, other);
    DictStorage* s = r->storage;
    const bool dense = r->used >= r->fill - r->fill / 3;
    if (s == nullptr || !dense || (s->mode & (kStorageCells | kStorageClassCells)) != 0 ||
        stm::Read<Dict>(cx, d)->storage != nullptr || d->has_flag(kShared))
      return false;
    DictStorage* fresh = TRY(clone_storage(cx, s, r->fill));
    if (!stm::read_check(cx, other)) continue;
    stm::Write<Dict> w(cx, d);
    w.set(&Dict::State::storage, Ref<DictStorage>(fresh));
    w.set(&Dict::State::used, Word{r->used});
    w.set(&Dict::State::fill, Word{r->fill});
    return true;
  }
}
}  // namespace

Result<void> dict_update(Context& cx, Dict* d, Dict* other, bool overwrite) {
  if (TRY(take_copy(cx, d, other))) return {};
  Word position = 0;
  Value key, value;
  int64_t hash;
  const int64_t expected = dict_length(cx, other);
  while (dict_next_hashed(cx, other, &position, &key, &value, &hash)) {
    if (!overwrite && !TRY(dict_get_hashed(cx, d, key, hash)).is_unset()) continue;
    TRY(dict_set_hashed(cx, d, key, hash, value));
    if (dict_length(cx, other) != expected && d != other)
      return raise(cx, kRuntimeError, "dict mutated during update");
  }
  return {};
}

Result<Dict*> dict_copy(Context& cx, Dict* d) {
  Dict* copy = new_dict(cx);
  TRY(dict_update(cx, copy, d));
  return copy;
}

Result<Tuple*> dict_keys(Context& cx, Dict* d) {
  for (;;) {
    const auto n = static_cast<size_t>(dict_length(cx, d));
    if (n == 0) return empty_tuple();
    Tuple* keys = TRY(alloc_tuple(cx, n));
    Word position = 0;
    Value key, value;
    size_t k = 0;
    while (k < n && dict_next(cx, d, &position, &key, &value)) keys->items()[k++] = key;
    gc::store_barrier_range(cx, keys, keys->items(), k);
    if (k == n && static_cast<size_t>(dict_length(cx, d)) == n) return keys;
  }
}

}  // namespace pystm::vm
