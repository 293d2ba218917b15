#include "gc/young.h"

#include <algorithm>
#include <cstring>

#include "base/assert.h"
#include "gc/collector.h"

namespace pystm::gc {
namespace {

constexpr size_t kSmallestGap = 256;
constexpr size_t kMostYoung = size_t{32} << 20;
constexpr unsigned kFewPins =
    2 * kSlotsPerBlock;  // a former mixed block with more is not used again

std::vector<uint32_t> ready;  // blocks with room, used from the back
std::vector<uint32_t> taken;  // handed to threads since the last collection
std::vector<uint32_t> mixed;
size_t taken_bytes = 0;

// REQUIRES heap_mutex.
uint32_t empty_block() {
  const uint32_t block = take_blocks(1, BlockKind::kYoung);
  if (block == kNoBlock) return block;
  std::memset(space.slot_back + size_t{block} * kSlotsPerBlock, kSlotUntaken, kSlotsPerBlock);
  space.blocks[block].usable = kBlockBytes;
  return block;
}

uint32_t next_block() {
  std::lock_guard lock(heap_mutex);
  if (taken_bytes >= young_budget()) return kNoBlock;
  uint32_t block;
  if (!ready.empty()) {
    block = ready.back();
    ready.pop_back();
  } else {
    block = empty_block();
    if (block == kNoBlock) return block;
  }
  taken.push_back(block);
  taken_bytes += space.blocks[block].usable;
  return block;
}

// What the young space has use for until the next collection.
size_t blocks_wanted() { return std::max(taken_bytes, young_budget()) / kBlockBytes + 16; }

uint8_t& slot_back(uint32_t block, uint32_t slot) {
  return space.slot_back[size_t{block} * kSlotsPerBlock + slot];
}

void set_piece(Mutator& m, char* start, char* limit) {
  m.cursor = start;
  m.gc_private->hidden_limit = limit;
  m.limit = options().stress != 0 ? start : limit;
}

// A gap of at least `bytes` in the part-free slot that p->walk stands in.
bool take_gap(Mutator& m, size_t bytes, char* slot_end) {
  char*& at = m.gc_private->walk;
  while (at < slot_end) {
    Object* o = reinterpret_cast<Object*>(at);
    const size_t size = size_of(o);
    char* start = at;
    at += size;
    if (is_filler(o) && size >= std::max(bytes, kSmallestGap)) {
      set_piece(m, start, at);
      return true;
    }
  }
  at = nullptr;
  return false;
}

void close_piece(Mutator& m) {
  if (m.cursor == nullptr) return;
  write_filler(m.cursor, static_cast<size_t>(m.gc_private->hidden_limit - m.cursor));
  m.cursor = m.limit = m.gc_private->hidden_limit = nullptr;
}

bool next_piece_in_block(Mutator& m, size_t bytes) {
  Mutator::Private& p = *m.gc_private;
  while (p.slot < kSlotsPerBlock) {
    char* start = space.block_start(p.block) + p.slot * kSlotBytes;
    uint8_t& back = slot_back(p.block, p.slot);
    if (back == kSlotUntaken) {
      back = 0;
      ++p.slot;
      set_piece(m, start, start + kSlotBytes);
      return true;
    }
    // Slots joined by an object above 4 KiB have no gaps to offer.
    const bool joined =
        back != 0 || (p.slot + 1 < kSlotsPerBlock && slot_back(p.block, p.slot + 1) == 1);
    if (!joined) {
      if (p.walk == nullptr) p.walk = start;
      if (take_gap(m, bytes, start + kSlotBytes)) return true;
    }
    ++p.slot;
  }
  return false;
}

}  // namespace

size_t young_budget() {
  const size_t threads = std::max<size_t>(world.running.load(std::memory_order_relaxed), 1);
  const Options& o = options();
  // As many stops per byte as with one thread, until the whole no longer fits the last-level cache.
  const size_t most = std::max(kMostYoung, threads * std::min(o.young_bytes, size_t{2} << 20));
  size_t bytes = std::min(threads * o.young_bytes, most);
  if (o.heap_max != 0) bytes = std::min(bytes, std::max<size_t>(o.heap_max / 4, 4 * kBlockBytes));
  return std::max(bytes, kBlockBytes);
}

size_t young_bytes_taken() { return taken_bytes; }
size_t young_block_count() { return ready.size() + taken.size(); }

bool take_piece(Mutator& m, size_t bytes) {
  close_piece(m);
  Mutator::Private& p = *m.gc_private;
  for (;;) {
    if (p.block != kNoBlock && next_piece_in_block(m, bytes)) {
      p.piece_bytes += static_cast<size_t>(p.hidden_limit - m.cursor);
      return true;
    }
    p.walk = nullptr;
    p.slot = 0;
    p.block = next_block();
    if (p.block == kNoBlock) return false;
  }
}

void take_fresh_block(Mutator& m) {
  close_piece(m);
  Mutator::Private& p = *m.gc_private;
  std::lock_guard lock(heap_mutex);
  p.walk = nullptr;
  p.slot = 0;
  p.block = empty_block();
  CHECK(p.block != kNoBlock && "the address space of the heap is exhausted");
  taken.push_back(p.block);
  taken_bytes += kBlockBytes;
}

char* take_slots(Mutator& m, size_t bytes) {
  Mutator::Private& p = *m.gc_private;
  const uint32_t need = static_cast<uint32_t>((bytes + kSlotBytes - 1) / kSlotBytes);
  for (;;) {
    if (p.block != kNoBlock) {
      // From the block's end downwards, so that the cursor's way is not cut.
      for (uint32_t end = kSlotsPerBlock; end >= p.slot + need; --end) {
        const uint32_t first = end - need;
        bool free = true;
        for (uint32_t i = first; i < end; ++i) free &= slot_back(p.block, i) == kSlotUntaken;
        if (!free) continue;
        for (uint32_t i = 0; i < need; ++i) slot_back(p.block, first + i) = static_cast<uint8_t>(i);
        char* start = space.block_start(p.block) + first * kSlotBytes;
        write_filler(start + bytes, need * kSlotBytes - bytes);
        p.piece_bytes += need * kSlotBytes;
        return start;
      }
    }
    close_piece(m);
    p.walk = nullptr;
    p.slot = 0;
    p.block = next_block();
    if (p.block == kNoBlock) return nullptr;
  }
}

void retire_young(Mutator& m) {
  close_piece(m);
  m.gc_private->block = kNoBlock;
  m.gc_private->walk = nullptr;
}

Object* young_object_at(char* address, char** hint) {
  const Word off = space.offset(address);
  const uint8_t back = space.slot_back[off >> 12];
  if (back == kSlotUntaken) return nullptr;
  char* at = space.base + (((off >> 12) - back) << 12);
  if (hint != nullptr && *hint > at && *hint <= address) at = *hint;
  for (;;) {
    Object* o = reinterpret_cast<Object*>(at);
    char* const start = at;
    at += size_of(o);
    if (address >= at) continue;
    if (hint != nullptr) *hint = start;
    return is_filler(o) ? nullptr : o;
  }
}

namespace {

struct Room {
  uint32_t kept = 0;    // bytes of marked objects
  uint32_t usable = 0;  // bytes that a cursor can have
};

// Fillers over everything unmarked in the piece of `slots` slots from `first` on; without marked
// objects the slots are untaken again.
Room rebuild_piece(uint32_t block, uint32_t first, uint32_t slots, bool poison) {
  const uint32_t begin = first * kSlotBytes, end = begin + slots * kSlotBytes;
  char* base = space.block_start(block);
  Room room;
  uint32_t at = begin;
  while (at < end) {
    const uint32_t pin = std::min<uint32_t>(space.next_mark(block, at), end);
    if (poison && pin > at) std::memset(base + at, 0xdb, pin - at);
    if (room.kept != 0 || pin != end) write_filler(base + at, pin - at);
    if (pin - at >= kSmallestGap && slots == 1) room.usable += pin - at;
    if (pin == end) break;
    const auto size = static_cast<uint32_t>(size_of(reinterpret_cast<Object*>(base + pin)));
    room.kept += size;
    at = pin + size;
  }
  if (room.kept == 0) {
    std::memset(&slot_back(block, first), kSlotUntaken, slots);
    room.usable = slots * kSlotBytes;
  }
  return room;
}

bool slot_marked(uint32_t block, uint32_t slot) {
  constexpr size_t kWords = kMarkWordsPerBlock / kSlotsPerBlock;
  const Word* w = space.marks + size_t{block} * kMarkWordsPerBlock + slot * kWords;
  return (w[0] | w[1] | w[2] | w[3]) != 0;
  static_assert(kWords == 4);
}

// Slots of the piece that begins at `slot`.
uint32_t slots_of_piece(uint32_t block, uint32_t slot) {
  uint32_t slots = 1;
  while (slot + slots < kSlotsPerBlock && slot_back(block, slot + slots) == slots) ++slots;
  return slots;
}

Room rebuild_block(uint32_t block, bool poison) {
  Room room;
  if (space.next_mark(block, 0) == kBlockBytes && !poison) {
    std::memset(&slot_back(block, 0), kSlotUntaken, kSlotsPerBlock);
    space.blocks[block].pinned = 0;
    space.blocks[block].usable = room.usable = kBlockBytes;
    return room;
  }
  for (uint32_t slot = 0; slot < kSlotsPerBlock;) {
    if (slot_back(block, slot) == kSlotUntaken) {
      room.usable += kSlotBytes;
      ++slot;
      continue;
    }
    const uint32_t slots = slots_of_piece(block, slot);
    if (!poison &&
        !slot_marked(block, slot)) {  // the one object of a longer piece begins there too
      std::memset(&slot_back(block, slot), kSlotUntaken, slots);
      room.usable += slots * kSlotBytes;
    } else {
      const Room piece = rebuild_piece(block, slot, slots, poison);
      room.kept += piece.kept;
      room.usable += piece.usable;
    }
    slot += slots;
  }
  space.blocks[block].pinned = room.kept;
  space.blocks[block].usable = room.usable;
  return room;
}

// A block that lost more than a quarter to old objects and the crumbs between them leaves the young
// space, so that pins cannot starve it.
bool too_full(Room room) { return room.usable < kBlockBytes / 4 * 3; }

}  // namespace

size_t rebuild_young_space(bool poison, bool in_place) {
  size_t left_over = 0;
  for (uint32_t block : taken) {
    const Room room = rebuild_block(block, poison);
    if (too_full(room) || (in_place && room.kept != 0)) {
      space.blocks[block].kind = BlockKind::kMixed;
      mixed.push_back(block);
      left_over += kBlockBytes - room.kept;
    } else {
      ready.push_back(block);
    }
  }
  // A space that shrank (fewer threads) or gathered swept blocks gives the excess back.
  const size_t keep = blocks_wanted();
  taken.clear();
  taken_bytes = 0;
  while (ready.size() > keep) {
    auto empty = std::find_if(ready.begin(), ready.end(),
                              [](uint32_t b) { return space.blocks[b].pinned == 0; });
    if (empty == ready.end()) break;
    free_blocks(*empty, 1);
    ready.erase(empty);
  }
  return left_over;
}

void sweep_pinned_blocks() {
  std::vector<uint32_t> still_mixed;
  for (uint32_t block : ready) rebuild_block(block, false);
  for (uint32_t block : mixed) {
    const Room room = rebuild_block(block, false);
    if (too_full(room)) {
      still_mixed.push_back(block);
    } else if (room.kept == 0) {
      free_blocks(block, 1);
    } else if (ready.size() < blocks_wanted() && space.count_marks(block) <= kFewPins) {
      space.blocks[block].kind = BlockKind::kYoung;
      ready.insert(ready.begin(), block);  // used last: the warm ones first
    } else {
      still_mixed.push_back(block);
    }
  }
  mixed.swap(still_mixed);
}

void each_pinned_block(const std::function<void(uint32_t)>& f) {
  for (uint32_t block : ready) f(block);
  for (uint32_t block : taken) f(block);
  for (uint32_t block : mixed) f(block);
}

}  // namespace pystm::gc
