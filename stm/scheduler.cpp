// Slots: who may be inside a transaction, and the switches between solo and parallel mode.
//
// A thread keeps its slot over commit and begin; it gives it up when it goes away, when others have
// waited a time slice, and when a switch is pending. Solo mode is one slot without barriers,
// parallel mode is as many as the segment limit; --stm off is solo mode for ever.
//
// Invariant: the mode changes only while no slot is held, so every thread is at a boundary or away.
// What a solo transaction did before is thereby committed.
#include <algorithm>
#include <condition_variable>
#include <thread>

#include "base/assert.h"
#include "stm/private.h"

namespace pystm::stm {

std::atomic<uint32_t> boundary_work{0};
std::atomic<bool> mode_parallel{false};

namespace {

constexpr Word kSliceUs = 5000;      // a slot is held this long before a waiter gets it
constexpr Word kTrialSliceUs = 500;  // likewise, where a few slices are to tell the rate
constexpr Word kPollEveryUs = 30;
constexpr Word kAloneUs = 5000;  // parallel mode ends when a thread was alone this long
enum class Switch { kNone, kSolo, kParallel };

std::mutex mutex;
std::condition_variable changed;
std::deque<Tx*> waiting;
uint32_t slots_held = 0;
std::atomic<uint32_t> active{0};  // threads that are neither away nor detached
Switch pending = Switch::kNone;
std::function<void(bool)> mode_hook;
std::vector<unsigned> free_tids;
unsigned next_tid = 0;
uint64_t switches = 0;
unsigned solo_pins = 0;  // threads with solo code below a native frame
std::atomic<Word> last_flip{0};
std::atomic<uint32_t> parallel_requests{0};  // keep_parallel

uint32_t slot_limit() {
  return mode_parallel.load(std::memory_order_relaxed) ? options().threads : 1;
}

Word slice_us() { return solo_on_trial() ? kTrialSliceUs : kSliceUs; }

void note_work() {
  boundary_work.store((pending != Switch::kNone ? 1 : 0) + (waiting.empty() ? 0 : 2));
}

void poke_everyone() {
  for (unsigned i = 0; i < next_tid; ++i) {
    if (segments[i].tx.load() != nullptr) poke(segments[i]);
  }
}

// REQUIRES mutex.
void perform_switch() {
  if (pending == Switch::kNone || (slots_held != 0 && !MUTANT(kSoloTooEarly))) return;
  const bool parallel = pending == Switch::kParallel;
  pending = Switch::kNone;
  if (parallel != mode_parallel.load()) {
    mode_parallel.store(parallel);
    ++switches;
    if (mode_hook) mode_hook(parallel);
  }
  note_work();
  changed.notify_all();
}

void want(Switch s) {
  if ((s == Switch::kParallel) == mode_parallel.load()) return;
  if (s == Switch::kParallel && solo_pins != 0) return;
  pending = s;
  note_work();
  poke_everyone();
}

}  // namespace

void acquire_slot(Tx& tx) {
  Tx::Private& p = *tx.priv;
  if (p.has_slot) return;
  Away away(tx);
  std::unique_lock lock(mutex);
  waiting.push_back(&tx);
  note_work();
  for (;;) {
    perform_switch();
    if (pending == Switch::kNone && waiting.front() == &tx && slots_held < slot_limit()) break;
    if (pending == Switch::kNone && !mode_parallel.load() && options().enabled &&
        options().solo_flip_ms == 0 && !in_turn.load())
      want(Switch::kParallel);
    perform_switch();
    if (pending == Switch::kNone && waiting.front() == &tx && slots_held < slot_limit()) break;
    changed.wait(lock);
  }
  waiting.pop_front();
  ++slots_held;
  p.has_slot = true;
  p.slot_since = base::cycles();
  note_work();
  if (!waiting.empty()) changed.notify_all();
}

void release_slot(Tx& tx) {
  Tx::Private& p = *tx.priv;
  if (!p.has_slot) return;
  std::lock_guard lock(mutex);
  p.has_slot = false;
  --slots_held;
  perform_switch();
  if (!waiting.empty()) changed.notify_all();
}

// From the commit inside a blocking call to the thread's next boundary, code of solo mode stands on
// its stack: others may run meanwhile, but only one at a time and without barriers too.
void pin_solo(Tx& tx) {
  if (std::exchange(tx.priv->pins_solo, true)) return;
  std::lock_guard lock(mutex);
  ++solo_pins;
  if (pending == Switch::kParallel) pending = Switch::kNone;
  note_work();
}

void unpin_solo(Tx& tx) {
  tx.priv->pins_solo = false;
  std::lock_guard lock(mutex);
  const bool needed = parallel_requests.load() != 0 || (!waiting.empty() && !in_turn.load());
  if (--solo_pins == 0 && needed && options().enabled) want(Switch::kParallel);
}

void prefer_mode(bool parallel) {
  std::lock_guard lock(mutex);
  if (pending != Switch::kNone || parallel_requests.load() != 0) return;
  if (parallel && !waiting.empty()) want(Switch::kParallel);
  if (!parallel) want(Switch::kSolo);
}

unsigned running_threads() { return std::min(active.load(), options().threads); }

// begin()'s slow half: yields the slot where others want it, performs switches.
void boundary_chores(Tx& tx) {
  Tx::Private& p = *tx.priv;
  if (p.wants_solo) {
    std::lock_guard lock(mutex);
    if (active.load() == 1 && slots_held == 1 && pending == Switch::kNone) pending = Switch::kSolo;
    note_work();
    p.wants_solo = false;
  }
  const uint32_t work = boundary_work.load();
  const bool slice_over = base::cycles() - p.slot_since > slice_us() * base::cycles_per_us();
  if (p.has_slot && ((work & 1) || ((work & 2) && slice_over))) release_slot(tx);
  acquire_slot(tx);
}

namespace {

bool flip_due() {
  const Options& o = options();
  if (PYSTM_LIKELY(o.solo_flip_ms == 0) || !o.enabled) return false;
  const Word now = base::now_ns();
  Word last = last_flip.load(std::memory_order_relaxed);
  return now - last > o.solo_flip_ms * Word{1000000} &&
         last_flip.compare_exchange_strong(last, now);
}

}  // namespace

// Asked at polls: should the transaction end for the scheduler's sake?
bool boundary_wanted(Tx& tx, Word now) {
  Tx::Private& p = *tx.priv;
  if (flip_due()) {
    std::lock_guard lock(mutex);
    want(mode_parallel.load() ? Switch::kSolo : Switch::kParallel);
  }
  const uint32_t work = boundary_work.load(std::memory_order_relaxed);
  const Word us = base::cycles_per_us();
  if (work & 1) return true;
  if ((work & 2) && now - p.slot_since > slice_us() * us) return true;
  if (tx.me == 0 || active.load(std::memory_order_relaxed) != 1 || options().chaos != 0 ||
      options().solo_flip_ms != 0 || parallel_requests.load(std::memory_order_relaxed) != 0) {
    p.alone_since = 0;
    return false;
  }
  if (p.alone_since == 0) p.alone_since = now;
  if (now - p.alone_since < kAloneUs * us) return false;
  p.alone_since = 0;
  p.wants_solo = true;
  return true;
}

void leave_active(Tx& tx) {
  release_slot(tx);
  active.fetch_sub(1);
}
void enter_active(Tx& tx) { active.fetch_add(1); }

void initialize(const Options& o) {
  options() = o;
  if (options().threads == 0) options().threads = std::max(1u, std::thread::hardware_concurrency());
  base::cycles_per_us();
  install_gc_hooks();
  mode_parallel.store(o.enabled && o.chaos != 0 && o.solo_flip_ms == 0);
  last_flip.store(base::now_ns());
}

void attach(Tx& tx, void* stack_base) {
  CHECK(tx.priv == nullptr);
  gc::attach(tx, stack_base);
  auto* p = new Tx::Private;
  {
    std::lock_guard lock(mutex);
    if (free_tids.empty()) {
      CHECK(next_tid < kMaxThreads);
      p->tid = next_tid++;
    } else {
      p->tid = free_tids.back();
      free_tids.pop_back();
    }
    p->segment = &segments[p->tid];
    if (p->segment->current.load() == 0)
      p->segment->current.store(kStampBit | Word{p->tid} << kSerialBits | 1);
    p->segment->tx.store(&tx);
  }
  p->length = options().length_us * base::cycles_per_us();
  p->poll_period = kPollEveryUs * base::cycles_per_us();
  p->chaos = base::Rng(options().chaos_seed * 1000003 + p->tid + 1);
  p->slot_since = base::cycles();
  tx.priv = p;
  reserve_logs(tx);
  register_for_reports(tx);
  enter_active(tx);
  begin(tx);
}

void detach(Tx& tx) {
  Tx::Private& p = *tx.priv;
  if (p.in_tx) commit(tx);
  if (p.pins_solo) unpin_solo(tx);
  leave_active(tx);
  if (active.load() <= 1) forget_pace();
  Segment& s = *p.segment;
  s.tx.store(nullptr);
  while (s.pokes.load() != 0) base::cpu_relax();
  unregister_for_reports(tx);
  {
    std::lock_guard lock(mutex);
    free_tids.push_back(p.tid);
  }
  gc::detach(tx);
  release_logs(tx);
  delete tx.priv;
  tx.priv = nullptr;
}

bool parallel_mode() { return mode_parallel.load(std::memory_order_relaxed); }
void set_mode_hook(std::function<void(bool)> hook) {
  std::lock_guard lock(mutex);
  mode_hook = std::move(hook);
  if (mode_hook && mode_parallel.load()) mode_hook(true);
}

void keep_parallel(Tx& tx, bool on) {
  std::lock_guard lock(mutex);
  if (!on) {
    parallel_requests.fetch_sub(1);
    return;
  }
  parallel_requests.fetch_add(1);
  if (options().enabled) want(Switch::kParallel);
}

uint64_t mode_switches() {
  std::lock_guard lock(mutex);
  return switches;
}

void scheduler_after_fork(Tx& survivor) {
  new (&mutex) std::mutex;
  new (&changed) std::condition_variable;
  waiting.clear();
  slots_held = 1;
  solo_pins = 0;
  survivor.priv->pins_solo = false;
  active.store(1);
  pending = Switch::kNone;
  free_tids.clear();
  pace_after_fork();
  for (unsigned i = 0; i < next_tid; ++i) {
    if (&segments[i] == survivor.priv->segment) continue;
    segments[i].tx.store(nullptr);
    segments[i].pokes.store(0);
    segments[i].state.store(kIdle);
    segments[i].inevitable.store(false);
    free_tids.push_back(i);
  }
  if (mode_parallel.exchange(options().chaos != 0 && mode_parallel.load()) && mode_hook)
    mode_hook(mode_parallel.load());
  note_work();
}

}  // namespace pystm::stm
