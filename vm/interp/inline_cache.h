// Inline caches: what an instruction learnt about the object it met last. One word per instruction,
// outside the STM, replaced as a whole; 0 = nothing learnt.
//
//   attribute access:  shape id << 32 | kind << 24 | number      number: slot or record
//   LOAD_GLOBAL, STORE_GLOBAL, LOAD_NAME and STORE_NAME of a module:  record number, from the
//                      second visit on; kSeenOnce after the first
//   JUMP_BACK:         how hot the loop is (vm/interp/jit_hooks.h)
//
// Records hold what does not fit a word. They live in one table for ever (sites that keep changing
// give up after kMaxMisses), are never rewritten once published, and their references are roots.
// Invariant: (shape id, attribute) decides what the word says as long as no class changes; a class
// that a cache depends on is marked, and its change empties all caches (flush_inline_caches).
#pragma once

#include "vm/bytecode/code.h"
#include "vm/object/shape.h"
#include "vm/runtime/context.h"

namespace pystm::vm {

enum class CacheKind : uint8_t {
  kNone,
  kInlineSlot,    // number: slot inside the object
  kOverflowSlot,  // number: index in the overflow ItemArray
  kClassAttr,     // record.value: class attribute that needs no binding, or its ClassCell;
                  // record.key: the class itself is the object (unset: an instance is)
  kMethod,        // record.value: function to call with the object as self
  kProperty,      // record.value: the getter function; of a store: the setter
  kAddSlot,       // record: shape transition, number of the new inline slot in extra
};

struct IcRecord {
  Value value;     // constant, method, getter; LOAD_GLOBAL: Cell in globals, or the value itself
  Value second;    // LOAD_GLOBAL: Cell in builtins, or unset: the cells are frozen
  Value key;       // LOAD_GLOBAL: the globals Dict; kClassAttr: the class
  Word extra = 0;  // kAddSlot: new shape id << 32 | slot; kClassAttr: 1 = the shape may change;
                   // LOAD_GLOBAL, frozen: version of the newer cell
};

inline constexpr uint32_t kMaxRecords = 1u << 20;
inline constexpr Word kSeenOnce = 1;  // number of a record that is empty for ever
extern IcRecord* ic_records;          // fixed reservation

constexpr Word cache_word(ShapeId shape, CacheKind kind, uint32_t number) {
  return static_cast<Word>(shape) << 32 | static_cast<Word>(kind) << 24 | number;
}
constexpr ShapeId cache_shape(Word w) { return static_cast<ShapeId>(w >> 32); }
constexpr CacheKind cache_kind(Word w) { return static_cast<CacheKind>(w >> 24 & 0xFF); }
constexpr uint32_t cache_number(Word w) { return w & 0xFFFFFF; }

void init_inline_caches();
void visit_inline_caches(gc::SlotVisitor& visitor, bool young_only);
// Number of a new record, or 0 when the table is full.
uint32_t new_ic_record(const IcRecord& record);
void register_code_caches(CodeData* data);
void unregister_code_caches(CodeData* data);
// A class has another `name` (null: anything may be different): if caches depend on that (or
// `always`), all are emptied. REQUIRES: world stopped or solo.
void class_changed_for_caches(Type* type, Str* name, bool always);

// A frozen global was written: the sites that hold its value forget it. REQUIRES: world stopped or
// solo.
void frozen_global_changed();

// Teach the cache what the operation on the object would, without carrying it out.
void learn_attr(Context& cx, Value object, Str* name, CacheWord* cache);
void learn_store(Context& cx, Value object, Str* name, CacheWord* cache);
void learn_method(Value object, Str* name, CacheWord* cache);
void learn_global(Context& cx, FrameRecord* f, Str* name, CacheWord* cache);
void learn_global_store(Context& cx, FrameRecord* f, Str* name, CacheWord* cache);

// May the shape alone say that `name` is no attribute of the instance itself?
bool shape_excludes(Shape* shape, Str* name);

// Full operations that also teach the cache.
Result<Value> load_attr_learn(Context& cx, Value object, Str* name, CacheWord* cache);
Result<Value> load_method_learn(Context& cx, Value object, Str* name, CacheWord* cache,
                                Value* self);
Result<void> store_attr_learn(Context& cx, Value object, Str* name, Value value, CacheWord* cache);
Result<Value> load_global_learn(Context& cx, FrameRecord* f, Str* name, CacheWord* cache);
Result<void> store_global_learn(Context& cx, FrameRecord* f, Str* name, Value value,
                                CacheWord* cache);
// The cell of a global that the cache of its store knows, or null.
inline Cell* cached_global(const FrameRecord* f, const CacheWord* cache) {
  const Word n = cache->load(std::memory_order_relaxed);
  const IcRecord& r = ic_records[n];
  return n != 0 && r.key == Value(f->globals.ptr) ? r.value.as<Cell>() : nullptr;
}

}  // namespace pystm::vm
