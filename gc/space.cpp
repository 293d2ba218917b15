#include "gc/space.h"

#include <algorithm>
#include <cstring>

#include "base/assert.h"
#include "base/memory.h"

namespace pystm::gc {

Space space;
std::mutex heap_mutex;
std::atomic<Word>* region_stamps = nullptr;

namespace {

// Free spans below space.top, coalesced by address, findable by length.
std::map<uint32_t, uint32_t> free_by_address;
std::set<std::pair<uint32_t, uint32_t>> free_by_length;
std::atomic<size_t> used_blocks{0};
size_t warm_blocks = 0;  // free, with memory

// A small heap frees and takes about as much as it may grow between two full collections.
size_t warm_reserve() { return 512 + used_blocks / 4; }

void insert_span(uint32_t first, uint32_t count) {
  auto next = free_by_address.lower_bound(first);
  if (next != free_by_address.end() && next->first == first + count) {
    count += next->second;
    free_by_length.erase({next->second, next->first});
    next = free_by_address.erase(next);
  }
  if (next != free_by_address.begin()) {
    auto before = std::prev(next);
    if (before->first + before->second == first) {
      first = before->first;
      count += before->second;
      free_by_length.erase({before->second, before->first});
      free_by_address.erase(before);
    }
  }
  free_by_address[first] = count;
  free_by_length.insert({count, first});
}

}  // namespace

void initialize_space() {
  if (space.base != nullptr) return;
  space.base = static_cast<char*>(base::reserve_memory(kReserveBytes, 2u << 20, true));
  space.marks = static_cast<Word*>(base::reserve_memory(kReserveBytes / 128));
  space.blocks = static_cast<Block*>(base::reserve_memory(kBlockCount * sizeof(Block)));
  space.cards = static_cast<uint8_t*>(base::reserve_memory(kReserveBytes / kCardBytes));
  space.slot_back = static_cast<uint8_t*>(base::reserve_memory(kReserveBytes / kSlotBytes));
  auto* stamps = static_cast<std::atomic<Word>*>(base::reserve_memory(kBlockCount * sizeof(Word)));
  region_stamps = stamps - (reinterpret_cast<Word>(space.base) >> 16);
}

void Space::clear_marks(uint32_t block) {
  std::memset(marks + size_t{block} * kMarkWordsPerBlock, 0, kMarkWordsPerBlock * sizeof(Word));
}

unsigned Space::count_marks(uint32_t block) const {
  const Word* w = marks + size_t{block} * kMarkWordsPerBlock;
  int n = 0;
  for (size_t i = 0; i < kMarkWordsPerBlock; ++i) n += __builtin_popcountll(w[i]);
  return static_cast<unsigned>(n);
}

uint32_t Space::next_mark(uint32_t block, uint32_t from) const {
  const Word* w = marks + size_t{block} * kMarkWordsPerBlock;
  uint32_t bit = from >> 4;
  if (bit >= kBlockBytes / 16) return kBlockBytes;
  size_t i = bit >> 6;
  Word rest = w[i] & (~Word{0} << (bit & 63));
  while (rest == 0) {
    if (++i == kMarkWordsPerBlock) return kBlockBytes;
    rest = w[i];
  }
  return static_cast<uint32_t>((i * 64 + static_cast<size_t>(__builtin_ctzll(rest))) * 16);
}

uint32_t take_blocks(uint32_t count, BlockKind kind) {
  uint32_t first;
  auto fit = count == 1 ? free_by_length.begin() : free_by_length.lower_bound({count, 0});
  if (fit != free_by_length.end()) {
    const auto [length, start] = *fit;
    first = start;
    free_by_length.erase(fit);
    free_by_address.erase(first);
    if (length > count) insert_span(first + count, length - count);
  } else {
    if (count > kBlockCount - space.top) return kNoBlock;
    first = space.top;
    space.top += count;
  }
  used_blocks += count;
  for (uint32_t i = 0; i < count; ++i) {
    Block& b = space.blocks[first + i];
    warm_blocks -= b.dirty;
    b = Block{kind, 0, b.dirty, false, 0, 0, 0};
  }
  return first;
}

void free_blocks(uint32_t first, uint32_t count) {
  const bool give_back = warm_blocks + count > warm_reserve();
  if (!give_back) warm_blocks += count;
  if (give_back) base::decommit_memory(space.block_start(first), size_t{count} * kBlockBytes);
  for (uint32_t i = 0; i < count; ++i) {
    space.blocks[first + i] = Block{BlockKind::kFree, 0, !give_back, false, 0, 0, 0};
    space.clear_marks(first + i);
  }
  used_blocks -= count;
  insert_span(first, count);
}

size_t blocks_in_use() { return used_blocks; }

const uint16_t kClassBytes[kSizeClasses] = {16,   32,   48,   64,   80,   96,   112,  128,  144,
                                            160,  176,  192,  208,  224,  240,  256,  320,  384,
                                            448,  512,  640,  768,  896,  1024, 1280, 1536, 1792,
                                            2048, 2560, 3072, 3584, 4096, 5120, 6144, 7168, 8192};

#define RECIPROCAL(size) static_cast<uint32_t>(((Word{1} << 32) + (size)-1) / (size))
const uint32_t kClassReciprocal[kSizeClasses] = {
    RECIPROCAL(16),   RECIPROCAL(32),   RECIPROCAL(48),   RECIPROCAL(64),   RECIPROCAL(80),
    RECIPROCAL(96),   RECIPROCAL(112),  RECIPROCAL(128),  RECIPROCAL(144),  RECIPROCAL(160),
    RECIPROCAL(176),  RECIPROCAL(192),  RECIPROCAL(208),  RECIPROCAL(224),  RECIPROCAL(240),
    RECIPROCAL(256),  RECIPROCAL(320),  RECIPROCAL(384),  RECIPROCAL(448),  RECIPROCAL(512),
    RECIPROCAL(640),  RECIPROCAL(768),  RECIPROCAL(896),  RECIPROCAL(1024), RECIPROCAL(1280),
    RECIPROCAL(1536), RECIPROCAL(1792), RECIPROCAL(2048), RECIPROCAL(2560), RECIPROCAL(3072),
    RECIPROCAL(3584), RECIPROCAL(4096), RECIPROCAL(5120), RECIPROCAL(6144), RECIPROCAL(7168),
    RECIPROCAL(8192)};
#undef RECIPROCAL

}  // namespace pystm::gc
