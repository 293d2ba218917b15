#include "gc/young_worker.h"

#include <algorithm>
#include <thread>

#include "gc/world.h"
#include "gc/young.h"

namespace pystm::gc {
namespace {

PYSTM_INLINE void copy_words(void* to, const void* from, size_t bytes) {
  struct Pair {
    Word a, b;
  };
  auto* t = static_cast<Pair*>(to);
  auto* f = static_cast<const Pair*>(from);
  for (size_t i = 0; i < bytes / 16; ++i) t[i] = f[i];
}

void prefetch_object(const Value* slot) {
  const Word w = __atomic_load_n(reinterpret_cast<const Word*>(slot), __ATOMIC_RELAXED);
  __builtin_prefetch(reinterpret_cast<const void*>(w));
  __builtin_prefetch(reinterpret_cast<const void*>(w + 32));  // small objects straddle lines
}

// f(i) for those of list[begin .. end-1] that exist; then begin and end count from its end.
template <class T, class F>
void part(const std::vector<T>& list, size_t& begin, size_t& end, F f) {
  const size_t n = list.size(), to = std::min(end, n);
  for (size_t i = begin; i < to; ++i) f(i);
  begin = begin > n ? begin - n : 0;
  end = end > n ? end - n : 0;
}

}  // namespace

// --- promotion -----------------------------------------------------------------------------------

char* YoungWorker::cell(unsigned size_class) {
  FreeRun& run = runs_[size_class];
  if (PYSTM_LIKELY(run.cursor != run.end || team_ == nullptr))
    return allocate_cell(run, size_class);
  std::lock_guard lock(heap_mutex);
  return refill_and_allocate(run, size_class);
}

bool YoungWorker::pin(Object* o, uint32_t flags, const TypeInfo* info, size_t bytes) {
  if (!claim(o, flags, (flags & ~kStay) | kOld | kOldClean)) return false;
  team_ == nullptr ? space.mark(o) : space.mark_shared(o);
  settle_stamp(o, info->has_vlock);
  pinned += bytes;
  ++pinned_objects;
  stack_.push_back(o);
  return true;
}

Object* YoungWorker::promote(Object* o, uint32_t flags) {
  // Another worker that has claimed it since may just be overwriting its length with the forwarding
  // pointer: what is decided from the size stands only if the claim succeeds.
  const TypeInfo* info = info_of(o);
  const size_t bytes = size_of(o);
  const bool stays = in_place_ || (flags & kStay) || bytes > kMaxCell;
  if (stays ? !pin(o, flags, info, bytes) : !claim(o, flags, flags | kForwarded | kOld)) {
    const uint32_t theirs = o->flags.load(std::memory_order_acquire);
    return theirs & kForwarded ? forwarding(o, theirs) : o;
  }
  if (stays) return o;
  auto* copy = reinterpret_cast<Object*>(cell(class_of(bytes)));
  copy_words(copy, o, bytes);
  copy->flags.store(flags | kOld | kOldClean, std::memory_order_relaxed);
  settle_stamp(copy, info->has_vlock);
  reinterpret_cast<Object**>(o)[1] = copy;
  o->flags.store(flags | kForwarded, std::memory_order_release);
  copied += bytes;
  ++objects;
  stack_.push_back(copy);
  return copy;
}

// --- scanning ------------------------------------------------------------------------------------

// Called with rising addresses, so that a slot's headers are walked once.
Object* YoungWorker::unmarked_at(Word address) {
  const Word off = address - base_;
  if (off >= kReserveBytes) return nullptr;
  Object* o = space.blocks[off >> 16].kind == BlockKind::kYoung
                  ? young_object_at(reinterpret_cast<char*>(address), &parsed_to_)
                  : young_large_at(off);
  return o == nullptr || space.marked(o) ? nullptr : o;
}

// A word that may be one past an object's end does not keep that object alive (every reference to
// an object would keep its neighbour), but forbids moving it.
void YoungWorker::pin_stacks() {
  std::vector<Word> words;
  ambiguous_words(words);
  for (Word w : words) {
    if ((w & 15) == 0) {
      if (Object* o = unmarked_at(w - 1)) o->set_flag(kStay);
    }
    if (Object* o = unmarked_at(w))
      pin(o, o->flags.load(std::memory_order_relaxed), info_of(o), size_of(o));
  }
}

PYSTM_INLINE void YoungWorker::scan(Object* o) {
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
void YoungWorker::scan_cards(Object* o) {
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

void YoungWorker::scan_remembered(Remembered& r, size_t begin, size_t end) {
  // A slot costs three dependent misses: itself, the object, and where that goes.
  constexpr size_t kAhead = 8;
  const size_t slots = std::min(end, r.slots.size());
  part(r.slots, begin, end, [&](size_t i) {
    if (i + 2 * kAhead < slots) __builtin_prefetch(r.slots[i + 2 * kAhead]);
    if (i + kAhead < slots) prefetch_object(r.slots[i + kAhead]);
    update(*r.slots[i]);
  });
  part(r.holders, begin, end, [&](size_t i) {
    r.holders[i]->flags.fetch_or(kOldClean, std::memory_order_relaxed);
    scan(r.holders[i]);
  });
  part(r.card_holders, begin, end, [&](size_t i) { scan_cards(r.card_holders[i]); });
  part(r.born_old, begin, end, [&](size_t i) {
    r.born_old[i]->flags.fetch_or(kOld | kOldClean, std::memory_order_relaxed);
    scan(r.born_old[i]);
  });
}

void YoungWorker::drain() {
  while (!stack_.empty()) {
    Object* o = stack_.back();
    stack_.pop_back();
    scan(o);
    if (PYSTM_UNLIKELY(team_ != nullptr) && team_->hungry()) team_->donate(stack_);
  }
}

// --- teams ---------------------------------------------------------------------------------------

void YoungWorker::work() {
  do {
    size_t begin, end;
    while (team_->take_entries(begin, end)) {
      scan_remembered(team_->remembered(), begin, end);
      drain();
    }
    drain();
  } while (team_->wait_for_work(stack_));
}

void Team::help() {
  unsigned index;
  if (!enter(index)) return;
  YoungWorker worker(in_place_, index);
  worker.join(this);
  worker.work();
  std::lock_guard lock(mutex_);
  copied += worker.copied;
  pinned += worker.pinned;
  objects += worker.objects;
  pinned_objects += worker.pinned_objects;
  ++helpers;
}

bool Team::enter(unsigned& index) {
  std::lock_guard lock(mutex_);
  if (done_ || members_ == kMaxWorkers) return false;
  index = members_++;
  return true;
}

void Team::donate(std::vector<Object*>& stack) {
  constexpr size_t kLeast = 16, kMost = 256;
  if (stack.size() < kLeast) return;
  const auto from = stack.end() - static_cast<std::ptrdiff_t>(std::min(stack.size() / 2, kMost));
  std::lock_guard lock(mutex_);
  pool_.emplace_back(from, stack.end());
  stack.erase(from, stack.end());
  hungry_.store(idle_ > pool_.size(), std::memory_order_relaxed);
  awaited_.store(false, std::memory_order_relaxed);
}

bool Team::wait_for_work(std::vector<Object*>& stack) {
  std::unique_lock lock(mutex_);
  ++idle_;
  for (;;) {
    if (!pool_.empty()) {
      stack = std::move(pool_.back());
      pool_.pop_back();
      --idle_;
      hungry_.store(idle_ > pool_.size(), std::memory_order_relaxed);
      awaited_.store(pool_.empty(), std::memory_order_relaxed);
      return true;
    }
    // Members take entries until there are none, so with all of them here nothing is left.
    done_ |= idle_ == members_;
    if (done_) {
      awaited_.store(false, std::memory_order_relaxed);
      return false;
    }
    hungry_.store(true, std::memory_order_relaxed);
    lock.unlock();
    for (int i = 0; awaited_.load(std::memory_order_relaxed); ++i)
      i < 2000 ? base::cpu_relax() : std::this_thread::yield();
    lock.lock();
  }
}

}  // namespace pystm::gc
