// Allocation slow paths, the generational barrier's slow path, and when to collect.
#include "gc/heap.h"

#include <algorithm>
#include <climits>
#include <utility>

#include "base/assert.h"
#include "base/clock.h"
#include "base/memory.h"
#include "gc/collector.h"
#include "gc/old_space.h"
#include "gc/young.h"

namespace pystm::gc {

namespace {

Options the_options;
Stats the_stats;
Hooks the_hooks;
Remembered orphaned;  // lists of threads that ended
size_t peak_blocks = 0;

bool over_limit(size_t more = 0) {
  return the_options.heap_max != 0 && heap_bytes() + more > the_options.heap_max;
}

// World stopped. `full`: asked for, or due by growth.
void run_collection(bool full) {
  const Word start = base::now_ns();
  collect_young(the_options.stress != 0);
  const Word middle = base::now_ns();
  the_stats.young_pause_ns += middle - start;
  if (full || full_collection_due()) {
    collect_full();
    the_stats.full_pause_ns += base::now_ns() - middle;
  }
  if (the_hooks.after_collection != nullptr) the_hooks.after_collection();
  the_stats.max_pause_ns = std::max(the_stats.max_pause_ns, base::now_ns() - start);
}

// False if another thread's collection came first.
bool collect_once(Mutator& m, bool full) {
  if (!stop_world(m)) return false;
  with_spilled_registers([&](char* sp) {
    Word* registers = m.gc_private->registers;
    std::fill(registers, registers + 8, 0);
    registers[0] = reinterpret_cast<Word>(sp);
    run_collection(full);
  });
  resume_world();
  return true;
}

void stress_step(Mutator& m) {
  if (++m.gc_private->allocations % the_options.stress == 0) collect_once(m, false);
}

// At the young budget's end. Marks a MemoryError as pending if nothing more can be freed.
void make_room(Mutator& m) {
  collect_once(m, false);
  if (!over_limit()) return;
  if (old_growth() > the_options.heap_max / 16) collect_once(m, true);
  if (!over_limit() || m.gc_private->memory_error) return;
  m.gc_private->memory_error = true;
  m.poll.store(INT_MAX, std::memory_order_relaxed);
}

char* bump(Mutator& m, size_t bytes) {
  char* limit = m.gc_private->hidden_limit;
  if (m.cursor == nullptr || bytes > static_cast<size_t>(limit - m.cursor)) return nullptr;
  char* p = m.cursor;
  m.cursor += bytes;
  if (the_options.stress != 0) m.limit = m.cursor;
  return p;
}

constexpr size_t kMostSlots = 16384;
constexpr size_t kOwnSlots = 2048;  // from here on an object gets slots of its own

void* allocate_young(Mutator& m, size_t bytes) {
  if (the_options.stress != 0) stress_step(m);
  for (int attempt = 0;; ++attempt) {
    safepoint(m);
    if (char* p = bump(m, bytes)) return p;
    if (bytes >= kOwnSlots) {
      if (char* p = take_slots(m, bytes)) return p;
    } else if (take_piece(m, bytes)) {
      continue;
    }
    if (attempt < 2) {
      make_room(m);
    } else {
      take_fresh_block(m);  // only crumbs between pins: go over the budget
    }
  }
}

// Large objects are cheap to let die, and cost a scan each that survives: a multiple of what the
// others may take until the next collection.
constexpr size_t kLargeShare = 4;

void* allocate_span(Mutator& m, size_t bytes) {
  if (the_options.stress != 0) stress_step(m);
  safepoint(m);
  if (bytes > kReserveBytes) return nullptr;
  if (over_limit(bytes)) {
    while (!collect_once(m, true)) {
    }
    if (over_limit(bytes)) return nullptr;
  } else if (young_large_bytes() + bytes > young_budget() * kLargeShare &&
             young_large_bytes() != 0) {
    collect_once(m, false);
  }
  if (bytes > (size_t{64} << 20) && bytes > base::available_memory()) return nullptr;
  std::lock_guard lock(heap_mutex);
  return allocate_large(bytes, BlockKind::kYoungLarge);
}

}  // namespace

void initialize(const Options& o) {
  the_options = o;
  initialize_space();
}
Options& options() { return the_options; }
Stats& collector_stats() { return the_stats; }
const Hooks& hooks() { return the_hooks; }
void set_hooks(const Hooks& h) { the_hooks = h; }

void copy_target(uint32_t block) {
  if (the_hooks.copy_target_stamp == nullptr) return;
  std::atomic<Word>& stamp = region_stamp(space.block_start(block));
  const Word least = the_hooks.copy_target_stamp();
  Word now = stamp.load(std::memory_order_relaxed);
  while (now < least && !stamp.compare_exchange_weak(now, least)) {
  }
}

void* allocate_slow(Mutator& m, size_t bytes) {
  CHECK(bytes <= kMaxBump);
  return allocate_young(m, base::align_up(bytes, 16));
}

void* try_allocate(Mutator& m, size_t bytes) {
  if (bytes > kReserveBytes) return nullptr;
  bytes = base::align_up(bytes, 16);
  if (bytes > kMaxBump) return allocate_span(m, bytes);
  if (the_options.heap_max != 0 && heap_bytes() > the_options.heap_max) {
    while (!collect_once(m, true)) {
    }
    if (over_limit()) return nullptr;
  }
  return allocate(m, bytes);
}

void* allocate_old(Mutator& m, size_t bytes) {
  safepoint(m);
  bytes = base::align_up(bytes, 16);
  std::lock_guard lock(heap_mutex);
  char* p = bytes <= kMaxCell ? allocate_cell(free_runs[0][class_of(bytes)], class_of(bytes))
                              : allocate_large(bytes, BlockKind::kLarge);
  CHECK(p != nullptr);
  account_old(bytes);
  // Remembered from birth: kOld without kOldClean.
  reinterpret_cast<Object*>(p)->flags.store(kOld, std::memory_order_relaxed);
  m.gc_private->born_old.push_back(reinterpret_cast<Object*>(p));
  return p;
}

bool take_memory_error(Mutator& m) { return std::exchange(m.gc_private->memory_error, false); }

namespace {

// The flag of a large array stays: every store to it is remembered, by slot or by card.
bool is_large_array(const Object* holder) {
  return space.block_of(holder).kind == BlockKind::kLarge && info_of(holder)->items_are_values;
}

void mark_cards(Mutator& m, Object* holder, const Value* first, const Value* last) {
  const size_t end = space.offset(last) / kCardBytes;
  for (size_t card = space.offset(first) / kCardBytes; card <= end; ++card)
    __atomic_store_n(&space.cards[card], 1, __ATOMIC_RELAXED);
  Block& b = space.block_of(holder);
  if (!__atomic_load_n(&b.cards, __ATOMIC_RELAXED) &&
      !__atomic_exchange_n(&b.cards, true, __ATOMIC_RELAXED))
    m.gc_private->card_holders.push_back(holder);
}

void remember_holder(Mutator& m, Object* holder) {
  if (holder->flags.fetch_and(~kOldClean, std::memory_order_relaxed) & kOldClean)
    m.gc_private->remembered.push_back(holder);
}

}  // namespace

void remember_slow(Mutator& m, Object* holder, const Value* slot) {
  if (is_large_array(holder)) {
    // A few by slot, many by card: a card costs 128 slots to look at.
    std::vector<Value*>& slots = m.gc_private->slots;
    if (slots.size() < kMostSlots) {
      slots.push_back(const_cast<Value*>(slot));
    } else {
      mark_cards(m, holder, slot, slot);
    }
  } else if (slot->is_object()) {
    remember_holder(m, holder);
  }
}

void remember_range_slow(Mutator& m, Object* holder, const Value* first, size_t count) {
  if (count == 0) return;
  if (is_large_array(holder)) {
    mark_cards(m, holder, first, first + count - 1);
  } else {
    remember_holder(m, holder);
  }
}

namespace {
template <class T>
void append(std::vector<T*>& to, std::vector<T*>& from) {
  to.insert(to.end(), from.begin(), from.end());
  from.clear();
}
}  // namespace

void adopt_lists_of(Mutator& m) {
  append(orphaned.holders, m.gc_private->remembered);
  append(orphaned.slots, m.gc_private->slots);
  append(orphaned.card_holders, m.gc_private->card_holders);
  append(orphaned.born_old, m.gc_private->born_old);
  std::lock_guard lock(heap_mutex);
  the_stats.bytes_allocated += m.gc_private->piece_bytes;
}

Remembered take_remembered() {
  Remembered all;
  std::swap(all, orphaned);
  for (Mutator* m : world.mutators) {
    append(all.holders, m->gc_private->remembered);
    append(all.slots, m->gc_private->slots);
    append(all.card_holders, m->gc_private->card_holders);
    append(all.born_old, m->gc_private->born_old);
  }
  return all;
}

void collect(Mutator& m, Kind kind) {
  while (!collect_once(m, kind == Kind::kFull)) {
  }
}

size_t heap_bytes() { return blocks_in_use() * kBlockBytes; }

Stats stats() {
  std::lock_guard lock(heap_mutex);
  Stats s = the_stats;
  peak_blocks = std::max(peak_blocks, blocks_in_use());
  s.heap_bytes = heap_bytes();
  s.peak_heap_bytes = peak_blocks * kBlockBytes;
  return s;
}

void each_object(Mutator& m, const std::function<void(Object*)>& f) {
  collect(m, Kind::kFull);
  with_world_stopped(m, [&f] { each_marked_object(f); });
}

}  // namespace pystm::gc
