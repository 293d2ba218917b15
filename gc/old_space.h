// The old space: blocks of cells of one size class, and spans for large objects. Nothing moves.
//
// Invariant: a cell is in use exactly if its mark bit is set, so sweeping is only the search for
// the next set bit, done when a run of free cells is needed. The bit is set at allocation.
#pragma once

#include "gc/space.h"

namespace pystm::gc {

struct FreeRun {
  char* cursor = nullptr;
  char* end = nullptr;
  uint32_t block = kNoBlock;
  uint32_t search = 0;  // where in the block the next run is sought
};
// Set 0 is for allocation and for collections by one thread, the others are for its helpers. No two
// runs are in the same block.
inline constexpr unsigned kMaxWorkers = 8;
extern FreeRun free_runs[kMaxWorkers][kSizeClasses];

// All of these REQUIRE heap_mutex or a stopped world.
char* refill_and_allocate(FreeRun& run, unsigned size_class);
// With helpers at work the run must be the caller's own and not empty.
PYSTM_INLINE char* allocate_cell(FreeRun& run, unsigned size_class) {
  char* p = run.cursor;
  if (PYSTM_UNLIKELY(p == run.end)) return refill_and_allocate(run, size_class);
  run.cursor = p + kClassBytes[size_class];
  space.mark(p);
  return p;
}
// A zeroed span for an object above kMaxBump, kLarge or kYoungLarge; null if the reserve is
// exhausted.
char* allocate_large(size_t bytes, BlockKind kind);
// Bytes of young spans. They never move: those that a young collection has marked become old.
size_t young_large_bytes();
void sweep_young_large(bool poison);
// The object of the young span that this offset into the space lies in, or null.
Object* young_large_at(Word offset);

// The marked object around `address` in an old or large block, or null.
Object* old_object_at(char* address);

// After a full marking: frees empty blocks and dead large objects, rebuilds the lists of blocks
// with room. Returns the bytes in use.
size_t sweep_old_space();
// Forgets the current runs (their blocks' free cells are found again by searching).
void reset_runs();
// Every block that holds old cells or heads a large object.
void each_old_block(const std::function<void(uint32_t)>& f);

}  // namespace pystm::gc
