// One thread's part in a young collection: promotes what it reaches, by copying or in place.
//
// A collection has one worker or, with a Team, one per thread that helps. Claiming objects by
// compare-and-swap, allocation buffers of each worker's own and a pool for surplus work are those
// of Flood, Detlefs, Shavit and Zhang, "Parallel Garbage Collection for Shared Memory
// Multiprocessors", JVM 2001; their work-stealing deques are not: survivors are few.
//
// Invariants: the flags of a young object say who has it. kOld alone: marked in place. kForwarded |
// kOld: its claimer is copying it. kForwarded alone: word 1 leads on. Nothing is claimed before
// all native stacks have been scanned. Without a team no atomic operation is made.
#pragma once

#include <atomic>
#include <mutex>
#include <vector>

#include "base/futex.h"
#include "gc/collector.h"
#include "gc/helpers.h"
#include "gc/old_space.h"

namespace pystm::gc {

class Team;

class YoungWorker final : public SlotVisitor, public Liveness {
 public:
  // `index` < kMaxWorkers chooses the free runs to copy into.
  YoungWorker(bool in_place, unsigned index) : in_place_(in_place), runs_(free_runs[index]) {
    base_ = reinterpret_cast<Word>(space.base);
  }

  void visit(Value& slot) override { update(slot); }
  void visit_range(Value* begin, Value* end) override {
    for (; begin < end; ++begin) update(*begin);
  }
  Object* survivor(Object* o) override {
    if (!in_young_block(o)) return o;
    const uint32_t flags = o->flags.load(std::memory_order_relaxed);
    if (flags & kForwarded) return forwarding(o, flags);
    return flags & kOld ? o : nullptr;
  }
  Object* revive(Object* o) override {
    Value slot(o);
    update(slot);
    drain();
    return slot.object();
  }

  void pin_stacks();
  // Entries begin .. end-1 of all lists taken together, and what they lead to.
  void scan_remembered(Remembered& r, size_t begin, size_t end);
  void drain();
  // Claims by compare-and-swap from now on / no longer.
  void join(Team* team) { team_ = team; }
  // Works until the whole team has nothing left.
  void work();

  size_t survived() const { return copied + pinned; }
  size_t copied = 0, pinned = 0;  // bytes
  size_t objects = 0, pinned_objects = 0;

 private:
  bool in_young_block(const Object* o) const {
    const Word off = reinterpret_cast<Word>(o) - base_;
    return off < kReserveBytes && holds_young(space.blocks[off >> 16].kind);
  }
  static Object* forwarding(Object* o, uint32_t flags) {
    while (PYSTM_UNLIKELY(flags & kOld)) {
      base::cpu_relax();
      flags = o->flags.load(std::memory_order_acquire);
    }
    return reinterpret_cast<Object**>(o)[1];
  }
  // Two workers may have the same slot: it was remembered twice.
  PYSTM_INLINE void update(Value& slot) {
    auto& word = reinterpret_cast<Word&>(slot);
    const Word w = __atomic_load_n(&word, __ATOMIC_ACQUIRE);
    if ((w & 7) != 0) return;
    auto* o = reinterpret_cast<Object*>(w);
    if (!in_young_block(o)) return;
    const uint32_t flags = o->flags.load(std::memory_order_acquire);
    Object* now = o;
    if (flags & kForwarded) {
      now = forwarding(o, flags);
    } else if (!(flags & kOld)) {
      now = promote(o, flags);
    }
    if (now != o) __atomic_store_n(&word, reinterpret_cast<Word>(now), __ATOMIC_RELEASE);
  }

  // False (of the next two): another worker was faster, and may have moved it.
  bool claim(Object* o, uint32_t flags, uint32_t claimed) {
    if (PYSTM_LIKELY(team_ == nullptr)) {
      o->flags.store(claimed, std::memory_order_relaxed);
      return true;
    }
    return o->flags.compare_exchange_strong(flags, claimed, std::memory_order_acq_rel);
  }
  bool pin(Object* o, uint32_t flags, const TypeInfo* info, size_t bytes);
  Object* promote(Object* o, uint32_t flags);
  char* cell(unsigned size_class);
  Object* unmarked_at(Word address);
  void scan(Object* o);
  void scan_cards(Object* o);

  Word base_;
  const bool in_place_;
  FreeRun* const runs_;
  Team* team_ = nullptr;
  char* parsed_to_ = nullptr;
  std::vector<Object*> stack_;  // promoted, not yet scanned
};

// What the workers of one collection share.
class Team final : public Job {
 public:
  Team(bool in_place, Remembered& remembered) : in_place_(in_place), remembered_(remembered) {}
  void help() override;

  // False: the work is done, or there are workers enough. Gives each member a number.
  bool enter(unsigned& index);
  // The next entries of the remembered set; false: none are left.
  bool take_entries(size_t& begin, size_t& end) {
    begin = next_.fetch_add(kBatch, std::memory_order_relaxed);
    const size_t all = remembered_.size();
    end = std::min(begin + kBatch, all);
    return begin < all;
  }
  Remembered& remembered() { return remembered_; }
  bool hungry() const { return hungry_.load(std::memory_order_relaxed); }
  // Moves some of `stack` to the pool.
  void donate(std::vector<Object*>& stack);
  // Refills the empty `stack` from the pool; false: every member is idle, all is done.
  bool wait_for_work(std::vector<Object*>& stack);

  // Sums over the helpers; read after withdraw().
  size_t copied = 0, pinned = 0, objects = 0, pinned_objects = 0, helpers = 0;

 private:
  static constexpr size_t kBatch = 64;
  const bool in_place_;
  Remembered& remembered_;
  std::atomic<size_t> next_{0};
  std::atomic<bool> hungry_{false};  // idle members, and nothing in the pool
  std::atomic<bool> awaited_{true};  // the pool is empty and the work not done
  std::mutex mutex_;                 // guards the rest
  std::vector<std::vector<Object*>> pool_;
  unsigned members_ = 0, idle_ = 0;
  bool done_ = false;
};

}  // namespace pystm::gc
