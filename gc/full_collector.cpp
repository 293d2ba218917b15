// The full collection: mark everything old, count, and leave sweeping to the allocator.
//
// Invariant: it starts with no young object alive that is not marked in place, so only mark bits
// change here, never an address.
#include "base/assert.h"
#include "gc/collector.h"
#include "gc/old_space.h"
#include "gc/young.h"

namespace pystm::gc {
namespace {

class Marker final : public SlotVisitor, public Liveness {
 public:
  void visit(Value& slot) override { reach(slot.bits()); }
  void visit_range(Value* begin, Value* end) override {
    for (; begin < end; ++begin) reach(begin->bits());
  }
  Object* survivor(Object* o) override {
    return !space.contains(o) || space.marked(o) ? o : nullptr;
  }
  Object* revive(Object* o) override {
    reach(reinterpret_cast<Word>(o));
    drain();
    return o;
  }
  void reach_object(Object* o) { reach(reinterpret_cast<Word>(o)); }
  void drain();

 private:
  PYSTM_INLINE void reach(Word w) {
    if ((w & 7) != 0 || w - reinterpret_cast<Word>(space.base) >= kReserveBytes) return;
    stack_.push_back(reinterpret_cast<Object*>(w));
  }
  void scan(Object* o);

  static constexpr unsigned kRing = 16;
  Object* ring_[kRing] = {};
  unsigned at_ = 0, in_ring_ = 0;
  std::vector<Object*> stack_;
};

// A short queue between the stack and the scan gives each prefetch time to arrive.
void Marker::drain() {
  for (;;) {
    Object* next = nullptr;
    if (!stack_.empty()) {
      next = stack_.back();
      stack_.pop_back();
      __builtin_prefetch(next);
      __builtin_prefetch(reinterpret_cast<char*>(next) + 32);  // small objects straddle lines
      __builtin_prefetch(&space.marks[space.offset(next) >> 10]);
      ++in_ring_;
    } else if (in_ring_ == 0) {
      return;
    }
    Object* o = ring_[at_];
    ring_[at_] = next;
    at_ = (at_ + 1) % kRing;
    if (o == nullptr) continue;
    --in_ring_;
    if (space.marked(o)) continue;
    space.mark(o);
    scan(o);
  }
}

void Marker::scan(Object* o) {
  const TypeInfo* info = info_of(o);
  auto* words = reinterpret_cast<Value*>(o);
  Word map = info->ref_map;
  if (PYSTM_UNLIKELY(info->is_weakref)) map &= ~Word{4};
  for (; map != 0; map &= map - 1) reach(words[__builtin_ctzll(map)].bits());
  if (info->items_are_values) {
    const Word length = words[info->length_offset / 8].bits();
    Value* items = words + info->fixed_size / 8;
    visit_range(items, items + length);
  }
  if (PYSTM_UNLIKELY(info->trace != nullptr)) info->trace(o, *this);
}

Object* object_at(Word w) {
  const Word off = w - reinterpret_cast<Word>(space.base);
  if (off >= Word{space.top} * kBlockBytes) return nullptr;
  auto* address = reinterpret_cast<char*>(w);
  const BlockKind kind = space.blocks[off >> 16].kind;
  if (kind == BlockKind::kFree) return nullptr;
  if (kind != BlockKind::kYoung && kind != BlockKind::kMixed) return old_object_at(address);
  Object* o = young_object_at(address);
  return o != nullptr && space.marked(o) ? o : nullptr;
}

std::atomic<size_t> live_after_last{0};
std::atomic<size_t> grown{0};

}  // namespace

size_t old_growth() { return grown.load(std::memory_order_relaxed); }
void account_old(size_t bytes) {
  grown += bytes;
  collector_stats().old_bytes = live_after_last + grown;
}

void collect_full() {
  // Ambiguous words are judged by the old marks: a free cell is no object.
  std::vector<Word> words;
  std::vector<Object*> held;
  ambiguous_words(words);
  for (Word w : words) {
    if (Object* o = object_at(w)) held.push_back(o);
  }
  each_old_block([](uint32_t b) { space.clear_marks(b); });
  each_pinned_block([](uint32_t b) { space.clear_marks(b); });
  Marker marker;
  for (Object* o : held) marker.reach_object(o);
  visit_precise_roots(marker, false);
  marker.drain();
  process_deaths(marker, true);
  update_identities(marker, true);
  size_t live = sweep_old_space();
  sweep_pinned_blocks();
  each_pinned_block([&live](uint32_t b) { live += space.blocks[b].pinned; });
  live_after_last = live;
  grown = 0;
  Stats& s = collector_stats();
  ++s.full_collections;
  s.old_bytes = live;
}

bool full_collection_due() {
  const size_t limit = live_after_last.load(std::memory_order_relaxed) / 4 * 3;
  return old_growth() > (limit < (size_t{32} << 20) ? size_t{32} << 20 : limit);
}

void each_marked_object(const std::function<void(Object*)>& f) {
  auto block = [&f](uint32_t b) {
    for (uint32_t at = space.next_mark(b, 0); at < kBlockBytes; at = space.next_mark(b, at + 16))
      f(reinterpret_cast<Object*>(space.block_start(b) + at));
  };
  each_old_block(block);
  each_pinned_block(block);
}

}  // namespace pystm::gc
