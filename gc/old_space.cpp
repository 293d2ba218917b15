#include "gc/old_space.h"

#include <algorithm>
#include <atomic>
#include <cstring>

#include "base/assert.h"
#include "gc/collector.h"

namespace pystm::gc {

FreeRun free_runs[kMaxWorkers][kSizeClasses];

namespace {

std::vector<uint32_t> partial[kSizeClasses];  // swept lazily, used from the back
std::vector<uint32_t> old_blocks;
std::vector<uint32_t> large_heads, young_heads;
std::atomic<size_t> young_large{0};  // bytes of the blocks of young_heads

uint32_t cells_end(unsigned c) { return kBlockBytes / kClassBytes[c] * kClassBytes[c]; }

// The next run of free cells in run.block.
bool next_run(FreeRun& run, unsigned c) {
  const uint32_t size = kClassBytes[c], end = cells_end(c);
  uint32_t at = run.search;
  char* base = space.block_start(run.block);
  while (at + size <= end && space.marked(base + at)) at += size;
  if (at + size > end) return false;
  const uint32_t stop = std::min(space.next_mark(run.block, at), end);
  run.cursor = base + at;
  run.end = base + stop;
  run.search = stop;
  return true;
}

}  // namespace

char* refill_and_allocate(FreeRun& run, unsigned c) {
  for (;;) {
    if (run.block != kNoBlock && next_run(run, c)) break;
    if (!partial[c].empty()) {
      run.block = partial[c].back();
      partial[c].pop_back();
    } else {
      run.block = take_blocks(1, BlockKind::kOld);
      CHECK(run.block != kNoBlock && "the address space of the heap is exhausted");
      space.blocks[run.block].size_class = static_cast<uint8_t>(c);
      old_blocks.push_back(run.block);
    }
    run.search = 0;
    copy_target(run.block);
  }
  char* p = run.cursor;
  run.cursor = p + kClassBytes[c];
  space.mark(p);
  return p;
}

char* allocate_large(size_t bytes, BlockKind kind) {
  const size_t count = (bytes + kBlockBytes - 1) / kBlockBytes;
  if (count > kBlockCount) return nullptr;
  const uint32_t first = take_blocks(static_cast<uint32_t>(count), kind);
  if (first == kNoBlock) return nullptr;
  for (uint32_t i = 0; i < count; ++i) {
    Block& b = space.blocks[first + i];
    const size_t before = size_t{i} * kBlockBytes;
    if (b.dirty)
      std::memset(space.block_start(first + i), 0, std::min(bytes - before, kBlockBytes));
    b.dirty = true;
    if (i != 0) b.kind = BlockKind::kLargeRest;
    b.span = i == 0 ? static_cast<uint32_t>(count) : first;
  }
  char* p = space.block_start(first);
  if (kind == BlockKind::kLarge) {
    space.mark(p);
    large_heads.push_back(first);
  } else {
    young_heads.push_back(first);
    young_large += count * kBlockBytes;
  }
  return p;
}

size_t young_large_bytes() { return young_large.load(std::memory_order_relaxed); }

Object* young_large_at(Word offset) {
  auto index = static_cast<uint32_t>(offset >> 16);
  if (space.blocks[index].kind == BlockKind::kLargeRest) index = space.blocks[index].span;
  if (space.blocks[index].kind != BlockKind::kYoungLarge) return nullptr;
  return reinterpret_cast<Object*>(space.block_start(index));
}

void sweep_young_large(bool poison) {
  for (uint32_t head : young_heads) {
    Block& b = space.blocks[head];
    char* const start = space.block_start(head);
    if (space.marked(start)) {
      b.kind = BlockKind::kLarge;
      large_heads.push_back(head);
      continue;
    }
    if (poison) std::memset(start, 0xdb, size_t{b.span} * kBlockBytes);
    free_blocks(head, b.span);
  }
  young_heads.clear();
  young_large = 0;
}

Object* old_object_at(char* address) {
  const Word off = space.offset(address);
  auto index = static_cast<uint32_t>(off >> 16);
  const Block& b = space.blocks[index];
  char* start;
  if (b.kind == BlockKind::kOld) {
    const auto in_block = static_cast<uint32_t>(off & (kBlockBytes - 1));
    if (in_block >= cells_end(b.size_class)) return nullptr;
    const auto cell = static_cast<uint32_t>(Word{in_block} * kClassReciprocal[b.size_class] >> 32);
    start = space.block_start(index) + cell * kClassBytes[b.size_class];
  } else if (b.kind == BlockKind::kLarge || b.kind == BlockKind::kLargeRest) {
    start = space.block_start(b.kind == BlockKind::kLarge ? index : b.span);
  } else {
    return nullptr;
  }
  return space.marked(start) ? reinterpret_cast<Object*>(start) : nullptr;
}

void reset_runs() {
  for (auto& set : free_runs) std::fill(set, set + kSizeClasses, FreeRun{});
}

size_t sweep_old_space() {
  reset_runs();
  size_t bytes = 0;
  for (auto& list : partial) list.clear();
  std::vector<uint32_t> kept;
  for (uint32_t block : old_blocks) {
    const unsigned c = space.blocks[block].size_class;
    const unsigned live = space.count_marks(block);
    if (live == 0) {
      free_blocks(block, 1);
      continue;
    }
    kept.push_back(block);
    bytes += size_t{live} * kClassBytes[c];
    if (live < kBlockBytes / kClassBytes[c]) partial[c].push_back(block);
  }
  old_blocks.swap(kept);
  kept.clear();
  for (uint32_t head : large_heads) {
    const uint32_t span = space.blocks[head].span;
    if (space.marked(space.block_start(head))) {
      kept.push_back(head);
      bytes += size_t{span} * kBlockBytes;
    } else {
      std::memset(space.cards + size_t{head} * (kBlockBytes / kCardBytes), 0,
                  span * (kBlockBytes / kCardBytes));
      free_blocks(head, span);
    }
  }
  large_heads.swap(kept);
  return bytes;
}

void each_old_block(const std::function<void(uint32_t)>& f) {
  for (uint32_t block : old_blocks) f(block);
  for (uint32_t head : large_heads) f(head);
}

}  // namespace pystm::gc
