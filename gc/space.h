// The heap's address space: 64 KiB blocks in one reserve, and linear side tables beside it.
//
// Blocks are free, young (bump-allocated), old (cells of one size class), mixed (a former young
// block full of pinned objects), or part of a large object's span, which is young, too, at first.
// Everything the collector knows of an address stands in tables indexed by its offset, never in
// block headers (gc.md section 4).
//
// Invariants: a mark bit stands at the start of an object exactly if the object is old (allocated
// in an old cell, pinned, or large) and was not found dead by the last full collection. Objects in
// young blocks without a mark bit are young. Block records change only under heap_mutex or with the
// world stopped.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <vector>

#include "gc/heap.h"
#include "gc/regions.h"

namespace pystm::gc {

inline constexpr size_t kBlockBytes = 65536;
inline constexpr size_t kReserveBytes = size_t{64} << 30;
inline constexpr size_t kBlockCount = kReserveBytes / kBlockBytes;
inline constexpr size_t kSlotBytes = 4096;  // young blocks are handed out in these
inline constexpr size_t kSlotsPerBlock = kBlockBytes / kSlotBytes;
inline constexpr size_t kCardBytes = 1024;  // 128 Values
inline constexpr uint8_t kSlotUntaken = 0xff;
inline constexpr size_t kMarkWordsPerBlock = kBlockBytes / 16 / 64;

enum class BlockKind : uint8_t { kFree, kYoung, kYoungLarge, kOld, kMixed, kLarge, kLargeRest };
inline bool holds_young(BlockKind k) {
  return static_cast<uint8_t>(static_cast<uint8_t>(k) - 1) < 2;
}

struct Block {
  BlockKind kind;
  uint8_t size_class;  // kOld
  bool dirty;          // memory is not zero (kept while free)
  bool cards;          // kLarge: stands in the card list
  uint32_t span;       // kLarge, kYoungLarge: blocks; kLargeRest: index of the first block
  uint32_t pinned;     // young, mixed: bytes of old objects in it
  uint32_t usable;     // young: bytes a cursor can have
};
static_assert(sizeof(Block) == 16);

struct Space {
  char* base = nullptr;
  Word* marks = nullptr;         // bit per 16 bytes
  Block* blocks = nullptr;       // by offset >> 16
  uint8_t* cards = nullptr;      // by offset >> 10: 1 = a pointer was stored there
  uint8_t* slot_back = nullptr;  // by offset >> 12, young blocks: slots back to the piece's head
  uint32_t top = 0;              // blocks ever used

  Word offset(const void* p) const {
    return reinterpret_cast<Word>(p) - reinterpret_cast<Word>(base);
  }
  bool contains(const void* p) const { return offset(p) < kReserveBytes; }
  Block& block_of(const void* p) { return blocks[offset(p) >> 16]; }
  char* block_start(uint32_t index) const { return base + size_t{index} * kBlockBytes; }

  bool marked(const void* p) const {
    const Word bit = offset(p) >> 4;
    return marks[bit >> 6] >> (bit & 63) & 1;
  }
  void mark(const void* p) {
    const Word bit = offset(p) >> 4;
    marks[bit >> 6] |= Word{1} << (bit & 63);
  }
  void mark_shared(const void* p) {  // beside other threads that mark
    const Word bit = offset(p) >> 4;
    __atomic_fetch_or(&marks[bit >> 6], Word{1} << (bit & 63), __ATOMIC_RELAXED);
  }
  void unmark(const void* p) {
    const Word bit = offset(p) >> 4;
    marks[bit >> 6] &= ~(Word{1} << (bit & 63));
  }
  void clear_marks(uint32_t block);
  unsigned count_marks(uint32_t block) const;
  // Offset in the block of the first marked 16-byte unit at or after `from`, or kBlockBytes.
  uint32_t next_mark(uint32_t block, uint32_t from) const;

  // True for objects of the young space that neither moved nor were pinned.
  bool is_young(const Object* o) {
    const Word off = offset(o);
    return off < kReserveBytes && holds_young(blocks[off >> 16].kind) && !marked(o);
  }
};
extern Space space;
extern std::mutex heap_mutex;

void initialize_space();

// --- blocks; REQUIRES heap_mutex or a stopped world
// -------------------------------------------------- `count` adjacent blocks of the given kind;
// 0xffffffff if the reserve is exhausted.
inline constexpr uint32_t kNoBlock = 0xffffffff;
uint32_t take_blocks(uint32_t count, BlockKind kind);
// Beyond a reserve of warm blocks their memory goes back to the system.
void free_blocks(uint32_t first, uint32_t count);
size_t blocks_in_use();

// --- size classes of the old space: 16..256 by 16, then four steps per doubling ------------------
inline constexpr unsigned kSizeClasses = 36;
extern const uint16_t kClassBytes[kSizeClasses];
extern const uint32_t kClassReciprocal[kSizeClasses];
PYSTM_INLINE unsigned class_of(size_t bytes) {
  if (PYSTM_LIKELY(bytes <= 256)) return static_cast<unsigned>((bytes + 15) / 16 - 1);
  const unsigned k = 63 - static_cast<unsigned>(__builtin_clzll(bytes - 1));
  return 16 + (k - 8) * 4 + static_cast<unsigned>((bytes - 1) >> (k - 2)) - 4;
}

}  // namespace pystm::gc
