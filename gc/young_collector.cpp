// The young collection: pins what native stacks point at, copies every other survivor once.
//
// Survivors of the last collection above 60 % switch to marking in place (copying would only cost);
// so does --gc-move=off. Either way a survivor is old afterwards.
#include <algorithm>
#include <cstring>

#include "base/assert.h"
#include "base/clock.h"
#include "gc/collector.h"
#include "gc/old_space.h"
#include "gc/young.h"

namespace pystm::gc {
namespace {

double last_survival = 0;

PYSTM_INLINE void copy_words(void* to, const void* from, size_t bytes) {
  struct Pair {
    Word a, b;
  };
  auto* t = static_cast<Pair*>(to);
  auto* f = static_cast<const Pair*>(from);
  for (size_t i = 0; i < bytes / 16; ++i) t[i] = f[i];
}

class YoungCollector final : public SlotVisitor, public Liveness {
 public:
  explicit YoungCollector(bool in_place) : in_place_(in_place) {
    base_ = reinterpret_cast<Word>(space.base);
  }

  void visit(Value& slot) override { update(slot); }
  void visit_range(Value* begin, Value* end) override {
    for (; begin < end; ++begin) update(*begin);
  }
  Object* survivor(Object* o) override {
    if (!in_young_block(o)) return o;
    const uint32_t flags = o->flags.load(std::memory_order_relaxed);
    if (flags & kForwarded) return forwarding(o);
    return flags & kOld ? o : nullptr;
  }
  Object* revive(Object* o) override {
    Value slot(o);
    update(slot);
    drain();
    return slot.object();
  }

  void pin_stacks();
  void scan_remembered();
  void drain() {
    while (!stack_.empty()) {
      Object* o = stack_.back();
      stack_.pop_back();
      scan(o);
    }
  }
  size_t survived() const { return copied_ + pinned_; }
  size_t copied_ = 0, pinned_ = 0, objects_ = 0, pinned_objects_ = 0;

 private:
  bool in_young_block(const Object* o) const {
    const Word off = reinterpret_cast<Word>(o) - base_;
    return off < kReserveBytes && space.blocks[off >> 16].kind == BlockKind::kYoung;
  }
  static Object* forwarding(Object* o) { return reinterpret_cast<Object**>(o)[1]; }

  PYSTM_INLINE void update(Value& slot) {
    const Word w = slot.bits();
    if ((w & 7) != 0) return;
    auto* o = reinterpret_cast<Object*>(w);
    if (!in_young_block(o)) return;
    const uint32_t flags = o->flags.load(std::memory_order_relaxed);
    if (flags & kForwarded) {
      slot = Value(forwarding(o));
    } else if (!(flags & kOld)) {
      slot = Value(promote(o));
    }
  }

  Object* promote(Object* o) {
    const TypeInfo* info = info_of(o);
    const size_t bytes = size_of(o);
    if (in_place_ || o->has_flag(kStay) || bytes > kMaxCell) {
      pin(o, info, bytes);
      return o;
    }
    auto* copy = reinterpret_cast<Object*>(allocate_cell(class_of(bytes)));
    copy_words(copy, o, bytes);
    const uint32_t flags = o->flags.load(std::memory_order_relaxed);
    copy->flags.store(flags | kOld | kOldClean, std::memory_order_relaxed);
    settle_stamp(copy, info->has_vlock);
    o->flags.store(flags | kForwarded, std::memory_order_relaxed);
    reinterpret_cast<Object**>(o)[1] = copy;
    copied_ += bytes;
    ++objects_;
    stack_.push_back(copy);
    return copy;
  }

  void pin(Object* o, const TypeInfo* info, size_t bytes) {
    space.mark(o);
    const uint32_t flags = o->flags.load(std::memory_order_relaxed);
    o->flags.store((flags & ~kStay) | kOld | kOldClean, std::memory_order_relaxed);
    settle_stamp(o, info->has_vlock);
    pinned_ += bytes;
    ++pinned_objects_;
    stack_.push_back(o);
  }

  static void prefetch_object(Value v) {
    if (v.is_object()) __builtin_prefetch(v.object());
  }
  Object* unmarked_at(Word address);
  void scan(Object* o);
  void scan_cards(Object* o);

  Word base_;
  bool in_place_;
  char* parsed_to_ = nullptr;
  std::vector<Object*> stack_;
};

// Called with rising addresses, so that a slot's headers are walked once.
Object* YoungCollector::unmarked_at(Word address) {
  const Word off = address - base_;
  if (off >= kReserveBytes || space.blocks[off >> 16].kind != BlockKind::kYoung) return nullptr;
  Object* o = young_object_at(reinterpret_cast<char*>(address), &parsed_to_);
  return o == nullptr || space.marked(o) ? nullptr : o;
}

// A word that may be one past an object's end does not keep that object alive (every reference to
// an object would keep its neighbour), but forbids moving it.
void YoungCollector::pin_stacks() {
  std::vector<Word> words;
  ambiguous_words(words);
  for (Word w : words) {
    if ((w & 15) == 0) {
      if (Object* o = unmarked_at(w - 1)) o->set_flag(kStay);
    }
    if (Object* o = unmarked_at(w)) pin(o, info_of(o), size_of(o));
  }
}

PYSTM_INLINE void YoungCollector::scan(Object* o) {
  const TypeInfo* info = info_of(o);
  auto* words = reinterpret_cast<Value*>(o);
  Word map = info->ref_map;
  if (PYSTM_UNLIKELY(info->is_weakref)) map &= ~Word{4};
  for (; map != 0; map &= map - 1) update(words[__builtin_ctzll(map)]);
  if (info->items_are_values) {
    const Word length = words[info->length_offset / 8].bits();
    Value* items = words + info->fixed_size / 8;
    for (Word i = 0; i < length; ++i) update(items[i]);
  }
  if (PYSTM_UNLIKELY(info->trace != nullptr)) info->trace(o, *this);
}

// A large array of Values: its fixed part, and the items on cards that were stored to.
void YoungCollector::scan_cards(Object* o) {
  const TypeInfo* info = info_of(o);
  auto* words = reinterpret_cast<Value*>(o);
  for (Word map = info->ref_map; map != 0; map &= map - 1) update(words[__builtin_ctzll(map)]);
  char* begin = reinterpret_cast<char*>(o) + info->fixed_size;
  char* end = begin + (words[info->length_offset / 8].bits() << 3);
  Word card = space.offset(o) / kCardBytes;
  const Word last = (space.offset(end) + kCardBytes - 1) / kCardBytes;
  for (; card < last; ++card) {
    if (space.cards[card] == 0) continue;
    space.cards[card] = 0;
    char* from = std::max(begin, space.base + card * kCardBytes);
    char* to = std::min(end, space.base + (card + 1) * kCardBytes);
    visit_range(reinterpret_cast<Value*>(from), reinterpret_cast<Value*>(to));
  }
  space.block_of(o).cards = false;
}

void YoungCollector::scan_remembered() {
  Remembered r = take_remembered();
  for (Object* o : r.holders) {
    o->flags.fetch_or(kOldClean, std::memory_order_relaxed);
    scan(o);
  }
  // Three dependent misses each: the slot, the object, and where it goes.
  constexpr size_t kAhead = 8;
  const size_t count = r.slots.size();
  for (size_t i = 0; i < count; ++i) {
    if (i + 2 * kAhead < count) __builtin_prefetch(r.slots[i + 2 * kAhead]);
    if (i + kAhead < count) prefetch_object(*r.slots[i + kAhead]);
    update(*r.slots[i]);
  }
  for (Object* o : r.card_holders) scan_cards(o);
  for (Object* o : r.born_old) {
    o->flags.fetch_or(kOld | kOldClean, std::memory_order_relaxed);
    scan(o);
  }
}

}  // namespace

void collect_young(bool poison) {
  size_t used = 0;
  for (Mutator* m : world.mutators) {
    used += m->gc_private->piece_bytes;
    m->gc_private->piece_bytes = 0;
    retire_young(*m);
  }
  for (FreeRun& run : free_runs) {
    if (run.block != kNoBlock) copy_target(run.block);
  }
  const bool in_place = !options().move || last_survival > 0.6;
  YoungCollector c(in_place);
  c.pin_stacks();
  visit_precise_roots(c, true);
  c.scan_remembered();
  c.drain();
  process_deaths(c, false);
  update_identities(c, false);
  const size_t left_over = rebuild_young_space(poison, in_place && options().move);
  last_survival = used < kBlockBytes ? 0 : double(c.survived()) / double(used);
  Stats& s = collector_stats();
  ++s.young_collections;
  s.bytes_allocated += used;
  s.bytes_promoted += c.survived();
  s.objects_promoted += c.objects_ + c.pinned_objects_;
  s.objects_pinned += c.pinned_objects_;
  account_old(c.survived() + left_over);
}

}  // namespace pystm::gc
