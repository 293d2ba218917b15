// What the parts of a collection share: roots, liveness, accounting.
//
// Order of a young collection (gc.md section 3): close pieces; pin what native stacks point at;
// forward precise roots and the remembered set by slot; copy and scan; weak references, finalizers,
// release hooks, identity numbers; hooks of stm; rebuild the young space. A full collection does
// all that first, then marks from the same roots with no young object left.
#pragma once

#include <functional>
#include <vector>

#include "gc/space.h"

namespace pystm::gc {

Stats& collector_stats();
const Hooks& hooks();

// Raises the region stamp of a block that receives objects whose version words came from elsewhere.
void copy_target(uint32_t block);

// A survivor keeps its stamp while that transaction runs; any other stamp means version 0. (The
// same as clearing all and letting the open undo logs put theirs back, but newborns stay ours too.)
PYSTM_INLINE void settle_stamp(Object* o, bool has_vlock) {
  if (!has_vlock) return;
  auto& vlock = static_cast<MutObject*>(o)->vlock;  // NOBARRIER: the collector, world stopped
  const Word v = vlock.load(std::memory_order_relaxed);
  if (PYSTM_UNLIKELY(v >> 63) && (hooks().stamp_is_open == nullptr || !hooks().stamp_is_open(v)))
    vlock.store(0, std::memory_order_relaxed);
}

// Takes over the remembered sets of a thread that ends.
void adopt_lists_of(Mutator& m);

// Words on native stacks and in saved registers of all threads that may point into the heap.
void ambiguous_words(std::vector<Word>& out);

// Calls every root provider, Root, death queue and the fresh finalizables of open transactions.
void visit_precise_roots(SlotVisitor& v, bool young_only);
void visit_root_list(SlotVisitor& v, bool young_only);

// How the death tables ask about an object, and keep one alive after all.
class Liveness {
 public:
  virtual Object* survivor(Object* o) = 0;  // its address now, or null: dead
  virtual Object* revive(Object* o) = 0;    // marks or copies it and all it reaches

 protected:
  ~Liveness() = default;
};
void process_deaths(Liveness& live, bool full);
void visit_death_queues(SlotVisitor& v);
void update_identities(Liveness& live, bool full);

// The remembered sets, drained by a young collection.
struct Remembered {
  std::vector<Object*> holders, card_holders, born_old;
  std::vector<Value*> slots;
  size_t size() const {
    return holders.size() + card_holders.size() + born_old.size() + slots.size();
  }
};
Remembered take_remembered();

// The two collections; world stopped, registers spilled.
void collect_young(bool poison);
void collect_full();
// Bytes that became old since the last full collection, and those that were live then.
size_t old_growth();
void account_old(size_t bytes);
bool full_collection_due();
void each_marked_object(const std::function<void(Object*)>& f);

}  // namespace pystm::gc
