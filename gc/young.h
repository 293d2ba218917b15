// The young space: blocks bump-allocated in 4 KiB slots, one cursor per thread.
//
// A piece is what a cursor walks: a free slot, several adjacent ones for an object above 4 KiB, or
// a gap between pinned objects in a part-free slot. Invariant: with the world stopped every taken
// slot parses from its piece's head by object sizes alone (gaps hold fillers), so that an ambiguous
// pointer finds its object in at most one slot's headers.
#pragma once

#include "gc/world.h"

namespace pystm::gc {

// A dead cell; shape id 0, so it parses.
inline void write_filler(char* at, size_t bytes) {
  if (bytes == 0) return;
  reinterpret_cast<Word*>(at)[0] = 0;
  reinterpret_cast<Word*>(at)[1] = bytes;
}
inline bool is_filler(const Object* o) { return o->shape_id == 0; }

// Next piece with room for `bytes`; false: the young budget is spent (or the reserve exhausted).
bool take_piece(Mutator& m, size_t bytes);
// Gives the thread an empty block, whatever the budget says.
void take_fresh_block(Mutator& m);
// Memory in slots of its own, leaving the cursor alone. For objects above 2 KiB.
char* take_slots(Mutator& m, size_t bytes);
// Fills up the current piece and forgets it and the block.
void retire_young(Mutator& m);

// World stopped: the object around `address` in a young block (pinned ones too), or null. `hint`
// (may be null) is an object start to go on from if it lies in the same piece, and is moved on.
Object* young_object_at(char* address, char** hint = nullptr);
// World stopped, survivors gone: blocks without pins are free again, others keep their gaps.
// `in_place`: survivors were marked where they lay, so blocks with any leave the young space:
// thousands of scattered small ones would slow down every later allocation. Returns the bytes of
// such blocks beyond their old objects.
size_t rebuild_young_space(bool poison, bool in_place);
// After a full marking: fillers over dead pinned objects; mixed blocks that emptied become young.
void sweep_pinned_blocks();
// Every block that is young or mixed.
void each_pinned_block(const std::function<void(uint32_t)>& f);

// Bytes handed to threads since the last collection, and what is allowed now.
size_t young_bytes_taken();
size_t young_budget();
// Blocks that belong to the young space.
size_t young_block_count();

}  // namespace pystm::gc
