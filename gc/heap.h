// The heap's face to the rest of the VM: allocation, the store barrier, roots, collections.
//
// A Mutator is one thread's view: the bump cursor into the young space and the poll word. All
// objects of all sizes below kMaxBump come from that one cursor. Young collections stop the world;
// native stacks pin what they point at, everything else young moves once into the old space.
//
// Invariants (gc.md 3-5): a reference outside native stacks and registers stands in a slot that a
// SlotVisitor can rewrite. Between two allocations, polls or blocking calls of a thread nothing
// moves under it. A pointer store into a heap object goes through store_barrier().
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <string>

#include "gc/object.h"

namespace pystm::gc {

inline constexpr size_t kMaxBump = 32768;  // bytes; larger objects get spans of their own
inline constexpr size_t kMaxCell = 8192;   // bytes; larger young survivors stay where they are

// What a root provider calls for each slot. Slots hold a Value or Ref, or zero.
class SlotVisitor {
 public:
  virtual void visit(Value& slot) = 0;
  virtual void visit_range(Value* begin, Value* end) = 0;  // zero words and non-pointers allowed
  template <class T>
  void visit(Ref<T>& slot) {
    visit(reinterpret_cast<Value&>(slot));
  }

 protected:
  ~SlotVisitor() = default;
};

struct Mutator {
  // Bump cursor; [cursor, limit) is unused memory of the current young piece.
  char* cursor = nullptr;
  char* limit = nullptr;
  // Boundary check of interpreter and compiled code: `if (--budget < poll) slow path`. Other
  // threads ask for attention by setting poll to INT32_MAX.
  int32_t budget = 0;
  std::atomic<int32_t> poll{0};
  struct Private;
  Private* gc_private = nullptr;    // owned by gc
  bool fresh_finalizables = false;  // settle_finalizables() has something to do
};

struct Options {
  size_t young_bytes = 4u << 20;  // per thread; at most 2 MiB each beyond 32 MiB in all
  size_t heap_max = 0;            // bytes, 0 = none
  uint64_t stress = 0;            // collect at every n-th allocation, poison what was vacated
  bool move = true;               // false: pin everything (mark in place)
};
void initialize(const Options& options);
Options& options();

// --- mutators ------------------------------------------------------------------------------------
// Attach/detach the calling thread. `stack_base`: highest address of its native stack.
void attach(Mutator& m, void* stack_base);
void detach(Mutator& m);

// --- allocation ----------------------------------------------------------------------------------
// `bytes` is rounded up to 16. The memory is not cleared: the caller stores every word before its
// next allocation or poll. Up to kMaxBump it never fails: past --gc-heap-max a small reserve is
// drawn on and the pending MemoryError is raised at the thread's next boundary (see
// take_memory_error). May collect, so may move young objects that are only in slots.
void* allocate_slow(Mutator& m, size_t bytes);
PYSTM_INLINE void* allocate(Mutator& m, size_t bytes) {
  bytes = base::align_up(bytes, 16);
  char* p = m.cursor;
  if (PYSTM_LIKELY(bytes <= static_cast<size_t>(m.limit - p))) {
    m.cursor = p + bytes;
    return p;
  }
  return allocate_slow(m, bytes);
}
// What try_allocate and allocate_old return has its flags half (bytes 4..7) preset (0 when young,
// kOld when born old): the caller stores the shape id only. After plain allocate() the caller
// stores both. Any size; null when the heap would exceed its limit or the machine's memory (nothing
// is pending then: the caller raises MemoryError). Large memory comes zeroed.
void* try_allocate(Mutator& m, size_t bytes);
// Born old and never moves; for code constants, types, shapes' holders, modules.
void* allocate_old(Mutator& m, size_t bytes);
// After storing the map word and length fields of an object from try_allocate/allocate_old whose
// fields will point to young objects, nothing more is needed: old-born objects are born remembered.

// True once after a small allocation overdrew the limit; the caller raises MemoryError.
bool take_memory_error(Mutator& m);

// --- the generational barrier --------------------------------------------------------------------
void remember_slow(Mutator& m, Object* holder, const Value* slot);
// Call after storing a reference into `*slot` of `holder`. Same in solo and parallel mode, for
// acquired and newborn holders alike: the flag is tested at every store, so an object of ours that
// became old in a collection inside the transaction cannot lose an old->young edge, whatever its
// vlock says. (gc.md section 5 remembers in the acquire path instead; this rule replaces it.)
PYSTM_INLINE void store_barrier(Mutator& m, Object* holder, const Value* slot) {
  if (PYSTM_UNLIKELY(holder->flags.load(std::memory_order_relaxed) & kOldClean))
    remember_slow(m, holder, slot);
}
// Likewise after storing `count` values from `first` on.
void remember_range_slow(Mutator& m, Object* holder, const Value* first, size_t count);
PYSTM_INLINE void store_barrier_range(Mutator& m, Object* holder, const Value* first,
                                      size_t count) {
  if (PYSTM_UNLIKELY(holder->flags.load(std::memory_order_relaxed) & kOldClean))
    remember_range_slow(m, holder, first, count);
}

// --- roots ---------------------------------------------------------------------------------------
// A provider is called in every collection, world stopped, on the collecting thread. `young_only`
// allows it to skip slots that it knows hold no young object.
using RootProvider = std::function<void(SlotVisitor&, bool young_only)>;
void add_root_provider(RootProvider provider);

// A root that lives as long as this C++ object: for globals and for C++ containers.
class Root {
 public:
  explicit Root(Value v = Value()) : Root(v, false) {}
  ~Root();
  Root(const Root&) = delete;
  Root& operator=(const Root&) = delete;
  Value value;

 protected:
  Root(Value v, bool old);

 private:
  Root** prev_;
  Root* next_;
  friend void visit_root_list(SlotVisitor&, bool);
};

// A root for objects that were born old (allocate_old). Young collections pass it over.
// REQUIRES: `value` never refers to a young object.
class OldRoot : public Root {
 public:
  OldRoot() : Root(Value(), true) {}
};

// --- collections ---------------------------------------------------------------------------------
enum class Kind { kYoung, kFull };
// Stops the world and collects; any attached thread may call it at a poll. Returns objects freed
// by a full collection as far as known (weak and finalizable ones found dead are queued first).
void collect(Mutator& m, Kind kind);
// A thread that will not touch the heap for a while (blocking call) is "away": collections do not
// wait for it, its native stack is scanned from the registers saved on leaving. come_back() waits
// for a running stop to end. REQUIRES: the frame that calls go_away() stays until come_back().
void go_away(Mutator& m);
void come_back(Mutator& m);
// Called at polls when another thread wants to stop the world: waits until it is over.
void safepoint(Mutator& m);
bool stop_requested();
// Runs `f` with every other attached thread stopped at a safepoint or away.
void with_world_stopped(Mutator& m, const std::function<void()>& f);

// --- weak references and finalizers
// --------------------------------------------------------------- Objects whose TypeInfo says
// is_weakref have their word 2 cleared when the target dies; the weakref objects so cleared are
// handed to vm (for callbacks) after the collection. May-finalize objects found dead the first time
// are revived and handed to vm, once each. Both queues are drained by vm at a boundary.
struct DeathQueue;
// At birth (map word stored) of an object whose TypeInfo has may_finalize or release. The release
// hook of an object that was not registered never runs: the dead of the young space are not
// visited.
void register_finalizable(Mutator& m, Object* o);
// stm: while on, finalizable newborns wait for the end of the transaction. An object born in a
// transaction that aborts has no finalizer to run.
void defer_finalizables(Mutator& m, bool on);
void settle_finalizables(Mutator& m, bool committed);
// Unset when none. What a transaction took is queued again if it aborts.
Value pop_cleared_weakref(Mutator& m);
Value pop_finalizable(Mutator& m);
bool deaths_pending();
void visit_new_weakref(Mutator& m, Object* weakref);  // at birth of a weakref object

// --- identity ------------------------------------------------------------------------------------
// A number unique while the object lives (the old address, or a side-table number kept for life).
Word identity(Mutator& m, Object* o);
// A 20-bit identity hash kept in the header, given at first use.
uint32_t identity_hash(Object* o);

// --- statistics ----------------------------------------------------------------------------------
struct Stats {
  uint64_t young_collections = 0, full_collections = 0;
  uint64_t bytes_allocated = 0, bytes_promoted = 0, objects_promoted = 0, objects_pinned = 0;
  uint64_t old_bytes = 0, heap_bytes = 0, peak_heap_bytes = 0;
  uint64_t helpers = 0;  // threads that took part in another's young collection, summed
  uint64_t young_pause_ns = 0, full_pause_ns = 0, max_pause_ns = 0, stop_ns = 0;
};
Stats stats();
// Visits every live object after a full collection (gc.get_objects and debugging).
void each_object(Mutator& m, const std::function<void(Object*)>& f);
size_t heap_bytes();

}  // namespace pystm::gc
