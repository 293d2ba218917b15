// The object header, and TypeInfo: what the heap must know of a kind of object.
//
// Word 0 of every object is its map word: the 32-bit shape id (index of its TypeInfo) below, 32
// flag bits above. Word 1 is the vlock, on mutable types only (stm/access.h says what it means).
// Invariants: TypeInfos live for ever; a shape id never changes its meaning; the size of an object
// never changes while it lives.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "gc/value.h"

namespace pystm {

using ShapeId = uint32_t;

// Flag bits of the map word. Those marked A are changed with atomic operations, because other
// threads may change their neighbours.
enum ObjectFlags : uint32_t {
  kOldClean = 1u << 0,   // A: old, and not in the remembered set: a pointer store must remember it
  kOld = 1u << 1,        // in the old space (or pinned in place)
  kForwarded = 1u << 2,  // young object, moved: word 1 (or word 0's shape half) leads on; gc only
  kHasId = 1u << 3,      // A: id() was asked while young; the number stands in gc's side table
  kHasWeak = 1u << 4,    // A: weak references to it exist
  kFinalized = 1u << 5,  // A: its finalizer has run
  kShared = 1u << 6,     // A: met a conflict between threads (dict: per-entry versions wanted)
  kInterned = 1u << 7,   // str: in the intern table
  kAscii = 1u << 8,      // str: all below 128
  kUser0 = 1u << 9,      // per-type use
  kUser1 = 1u << 10,
  kStay = 1u << 11,  // during a young collection: if it survives, then in place; gc only
  kHashShift = 12,   // identity hash: bits 12..31, 0 = not given yet (A)
};

struct Object {
  uint32_t shape_id;
  std::atomic<uint32_t> flags;

  bool has_flag(uint32_t f) const { return flags.load(std::memory_order_relaxed) & f; }
  void set_flag(uint32_t f) { flags.fetch_or(f, std::memory_order_relaxed); }
  void clear_flag(uint32_t f) { flags.fetch_and(~f, std::memory_order_relaxed); }
};
static_assert(sizeof(Object) == 8);

// An object with a version lock. Version: top bit clear. Stamp: top bit set, see stm/access.h.
struct MutObject : Object {
  std::atomic<Word> vlock;
};
static_assert(sizeof(MutObject) == 16);

namespace gc {

class SlotVisitor;

// How the heap sizes and traces one kind of object. `ref_map` covers the fixed part: bit i set =
// word i holds a Value (or Ref). The variable part, if any, is `*(Word*)(object + length_offset)`
// items of `1 << item_shift` bytes from `fixed_size` on. Hooks override for anything else.
struct TypeInfo {
  const char* name = "";
  uint32_t fixed_size = 0;     // bytes, multiple of 8
  uint16_t length_offset = 0;  // 0: no variable part
  uint8_t item_shift = 0;
  bool items_are_values = false;
  bool has_vlock = false;
  bool is_weakref = false;  // word 2 is a weak slot (cleared, not traced) followed by traced ones
  uint16_t undo_words = 0;  // words from word 2 on that an acquire must save (the mutable state)
  uint64_t ref_map = 0;
  // Extra slots beyond the map above. May be null. Must not allocate.
  void (*trace)(Object*, SlotVisitor&) = nullptr;
  // Total size in bytes, for layouts that the fields above cannot say. May be null.
  size_t (*size)(const Object*) = nullptr;
  // Frees C++ resources once the object is dead. Runs in the collector; no heap access, no Python.
  void (*release)(Object*) = nullptr;
  // True: instances may need a Python-level finalizer (__del__, generator close); vm decides then.
  bool may_finalize = false;
  // Of a dead object: is there nothing to finalize, as it is now? Then it dies without being
  // revived. Null: there always may be. Runs in the collector.
  bool (*nothing_to_finalize)(Object*) = nullptr;
  void* owner = nullptr;  // vm: the Shape that this info belongs to
};

// Registers `info` (not owned, lives for ever) and returns its id. Thread-safe.
ShapeId register_type(const TypeInfo* info);
// The table by id; entries below the newest id are set for ever.
extern const TypeInfo** type_infos;

inline const TypeInfo* info_of(const Object* o) { return type_infos[o->shape_id]; }
size_t size_of(const Object* o);

}  // namespace gc
}  // namespace pystm
