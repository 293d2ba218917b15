// Ordered hash tables: dict, set, frozenset, namespaces.
//
// A Dict's State points to a DictStorage: entries in insertion order (key, value pairs; keys only
// for sets), their hashes, and an open-addressing index of entry numbers. A removed entry is a
// tombstone (kDeleted). Growing makes a new storage.
//
// Cells: in a namespace of a module, and in a dict that met a conflict between threads, each value
// is a Cell (mode bit kStorageCells). Then a key that is present is read and written through its
// cell's own vlock, so threads that touch different keys do not conflict; inserting and removing
// keys still acquires the dict. Everything here looks through the cells; no caller sees them.
// Invariants: a cell stays its key's cell as long as its content is set; a hit on a set cell needs
// no check of the dict itself; a miss does.
#pragma once

#include "vm/object/shape.h"
#include "vm/runtime/context.h"

namespace pystm::vm {

enum StorageMode : Word {
  kStorageKeysOnly = 1,    // a set's table
  kStorageCells = 2,       // values are Cells
  kStorageMixedKeys = 4,   // some key is not an exact str: a miss may need __eq__
  kStorageClassCells = 8,  // a class's namespace: some values are ClassCells (vm/object/class.cpp)
};

// On the Dict of a class: read without a check, so its values never become cells all together.
inline constexpr uint32_t kClassNamespace = kUser0;

// --- keys ----------------------------------------------------------------------------------------
// Scalars of builtin types, singletons, and tuples of such (not too deep): they hash, compare and
// print without running Python code.
inline constexpr int kPlainDepth = 4;  // of tuples in tuples
bool is_plain(Value v);
// The same and objects that are equal to themselves only: they hash and compare without it.
bool is_plain_key(Value v);
// While one lives, the thread's look-ups run no __eq__ of Python's, and no Python function is
// called: what would have to changes nothing and fails.
class OnlyNatives {
 public:
  explicit OnlyNatives(Context& cx) : cx_(cx) {
    cx.only_natives = true;
    cx.met_python = false;
  }
  ~OnlyNatives() { cx_.only_natives = false; }
  bool failed() const { return cx_.met_python; }  // something did
  OnlyNatives(const OnlyNatives&) = delete;
  OnlyNatives& operator=(const OnlyNatives&) = delete;

 private:
  Context& cx_;
};
// Equality as far as no Python code is needed to tell: identical words, ints, strs, tuples of such.
// 1 equal, 0 different, -1 unknown.
int quick_equal(Value a, Value b);
// For the tables: are the two keys, of one hash, equal?
Result<bool> keys_equal(Context& cx, Value in_table, Value key);

// --- dict ----------------------------------------------------------------------------------------
Dict* new_dict(Context& cx);
Dict* new_module_dict(Context& cx);  // in cell mode from the start
Result<Dict*> new_dict_sized(Context& cx, size_t entries);
int64_t dict_length(Context& cx, Dict* d);
// Unset when absent. The plain forms may run __hash__ and __eq__ of keys.
Result<Value> dict_get(Context& cx, Dict* d, Value key);
Result<Value> dict_get_hashed(Context& cx, Dict* d, Value key, int64_t hash);
Result<void> dict_set(Context& cx, Dict* d, Value key, Value value);
Result<void> dict_set_hashed(Context& cx, Dict* d, Value key, int64_t hash, Value value);
Result<bool> dict_delete(Context& cx, Dict* d, Value key);  // false: was absent
Result<Value> dict_pop(Context& cx, Dict* d, Value key);    // unset when absent
Result<Value> dict_pop_hashed(Context& cx, Dict* d, Value key, int64_t hash);
// The value present before, or unset after storing `value`.
Result<Value> dict_setdefault(Context& cx, Dict* d, Value key, Value value);
void dict_clear(Context& cx, Dict* d);
Result<Dict*> dict_copy(Context& cx, Dict* d);
Result<void> dict_update(Context& cx, Dict* d, Dict* other, bool overwrite = true);
// Keys known to be interned or exact str: never runs Python, never fails but by lack of memory.
Value dict_get_str(Context& cx, Dict* d, Str* key);
Value dict_get_str(Context& cx, Dict* d, const char* key);
Result<void> dict_set_str(Context& cx, Dict* d, Str* key, Value value);
Result<void> dict_set_str(Context& cx, Dict* d, const char* key, Value value);
bool dict_delete_str(Context& cx, Dict* d, Str* key);
// The Cell of a key in a module namespace; made (content unset) when absent. For inline caches.
Cell* dict_cell(Context& cx, Dict* d, Str* key);
// Makes it quasi-immutable: what it holds can be cached until frozen_global_changed(). *version
// rises to the cell's. False: it has been rewritten before, or is being written.
bool freeze_cell(Context& cx, Cell* cell, Word* version);
// Never to be frozen from now on; false: it is. The cell is acquired.
bool thaw_cell(Context& cx, Cell* cell);
// Gives a name, whose cell this was when it was looked up, another value; false: the name has been
// removed since.
bool rebind_cell(Context& cx, Cell* cell, Value content);
// Quasi-immutable namespaces (classes): read without barrier. REQUIRES: changed only by
// quasi_write. A rewritten attribute's ClassCell is returned as it is.
Value dict_peek(Dict* d, Str* key);
// A Cell that is read without a check of what leads to it. Not born with its creator's stamp, which
// would leave it at version 0, but acquired: so it gets the commit's version, and who has an older
// snapshot sees that the cell is news.
Cell* new_public_cell(Context& cx, ShapeId shape, Value content);
// Makes `cell` the entry's value. REQUIRES: inside quasi_write.
void dict_put_class_cell(Context& cx, Dict* d, Str* key, Cell* cell);

// In order; *position starts at 0. False at the end. Sees the table as it is at each call.
bool dict_next(Context& cx, Dict* d, Word* position, Value* key, Value* value);
bool dict_next_hashed(Context& cx, Dict* d, Word* position, Value* key, Value* value,
                      int64_t* hash);
Result<Tuple*> dict_keys(Context& cx, Dict* d);
bool dict_prev(Context& cx, Dict* d, Word* position, Value* key, Value* value);  // from dict_end()
Word dict_end(Context& cx, Dict* d);

// --- set and frozenset ---------------------------------------------------------------------------
Set* new_set(Context& cx);
Result<Value> new_frozenset(Context& cx, Type* type, Value iterable);  // unset: empty
Value frozen_set(Context& cx, Set* s,
                 Type* type);  // takes the table of a set that nobody else sees
int64_t set_length(Context& cx, Value s);
Result<bool> set_contains(Context& cx, Value s, Value key);
Result<bool> set_contains_hashed(Context& cx, Value s, Value key, int64_t hash);
Result<bool> set_add(Context& cx, Set* s, Value key);  // false: was there already
Result<bool> set_add_hashed(Context& cx, Set* s, Value key, int64_t hash);
Result<void> set_add_absent(Context& cx, Set* s, Value key,
                            int64_t hash);  // REQUIRES: it is not in
Result<bool> set_discard(Context& cx, Set* s, Value key);
Result<bool> set_discard_hashed(Context& cx, Set* s, Value key, int64_t hash);
void set_clear(Context& cx, Set* s);
Result<void> set_drop_removed(Context& cx, Set* s);        // after many removals: a fresh table
Result<Value> set_copy(Context& cx, Value s, Type* type);  // a set or frozenset of that type
bool set_next(Context& cx, Value s, Word* position, Value* key, int64_t* hash);
Result<Tuple*> set_keys(Context& cx, Value s);
// The next key of a set of `used` keys; unset at the end; false: it has another number of them.
bool set_step(Context& cx, Value s, Word used, Word* position, Value* key);
Result<void> set_update(Context& cx, Set* s, Value iterable);
int64_t frozenset_hash(Context& cx, FrozenSet* s);
// Adds to a frozenset that nobody else has seen yet.
Result<void> frozenset_build_add(Context& cx, FrozenSet* s, Value key);

}  // namespace pystm::vm
