// Transactions that must not abort, and the calls that need them.
//
// One token, passed first come by age. Its holder closes the gate: a writing commit of anyone else
// waits there, running transactions go on, read-only ones still commit. As nothing can commit
// beside the holder, any unlocked version belongs to its snapshot: it extends without validating
// and logs no reads. (It must still have a finite rv: loads of data that an aborting transaction
// restores before our check are told by the new version only.) It dooms whoever holds a word it
// needs.
//
// Invariant (vii): a committer announces kCommitting by an exchange before it reads the gate; the
// holder closes the gate by an exchange before it looks for committers.
#include <set>

#include "base/assert.h"
#include "stm/private.h"

namespace pystm::stm {

std::atomic<Word> gate{0};

namespace {

struct Token {
  std::mutex mutex;
  bool taken = false;
  std::set<std::pair<Word, unsigned>> waiting;  // by age
  std::atomic<uint32_t> epoch{0};
};
Token token;

// False: doomed while waiting (then the place in the queue is given up).
bool wait_for_token(Tx& tx) {
  Tx::Private& p = *tx.priv;
  const std::pair<Word, unsigned> place{p.segment->ticket.load(), p.tid};
  WaitingFor waiting(tx, gate.load());
  Away away(tx);
  std::unique_lock lock(token.mutex);
  token.waiting.insert(place);
  while (token.taken || *token.waiting.begin() != place) {
    const uint32_t seen = token.epoch.load();
    lock.unlock();
    STM_POINT(tx, kWaiting);
    base::futex_wait(token.epoch, seen, 100000);
    lock.lock();
    if (is_doomed(tx)) {
      token.waiting.erase(place);
      return false;
    }
  }
  token.waiting.erase(place);
  token.taken = true;
  return true;
}

// Whoever passed the gate before it closed has its whole write set locked, and what we read of it
// we wait for; so this only keeps such a committer from being doomed in vain.
void wait_for_committers(Tx& tx) {
  for (unsigned tid = 0; tid < kMaxThreads; ++tid) {
    const Segment& s = segments[tid];
    if (s.current.load(std::memory_order_relaxed) == 0) break;  // never used, nor any above
    if (tid == tx.priv->tid) continue;
    while (s.state.load() == kCommitting) {
      if (gc::stop_requested()) gc::safepoint(tx);
      STM_POINT(tx, kWaiting);
      base::cpu_relax();
    }
  }
}

}  // namespace

void take_token(Tx& tx) {
  Tx::Private& p = *tx.priv;
  const Word start = base::now_ns();
  if (!wait_for_token(tx)) check_doomed(tx);
  p.inevitable = true;  // from here on nobody dooms us, and drop_token() is owed
  p.extras = true;
  tx.undo_limit = nullptr;
  p.segment->inevitable.store(true, std::memory_order_release);
  gate.exchange(tx.me);
  STM_POINT(tx, kAfterGateSet);
  wait_for_committers(tx);
  p.stats.seconds_waiting += static_cast<double>(base::now_ns() - start) * 1e-9;
  if (!MUTANT(kInevitableUnvalidated) && !validate(tx)) {
    // Started over with the token in hand, it has nothing to validate.
    drop_token(tx);
    p.wants_token = true;
    report_conflict(tx, AbortReason::kReadWrite, nullptr, 0, 0);
    abort(tx, AbortReason::kReadWrite);
  }
  // The snapshot stays where it is: somebody between a load and its check must not find a newer
  // version inside it. The next slow path extends it.
  if (MUTANT(kInevitableReadsAll)) tx.rv = kNewestVersion;
  tx.log_step = 0;
  drop_reads(tx);
  ++p.stats.inevitable;
}

void drop_token(Tx& tx) {
  Tx::Private& p = *tx.priv;
  p.inevitable = false;
  p.segment->inevitable.store(false, std::memory_order_release);
  gate.store(0);
  {
    std::lock_guard lock(token.mutex);
    token.taken = false;
  }
  token.epoch.fetch_add(1);
  base::futex_wake(token.epoch);
}

void pass_gate(Tx& tx) {
  Segment& s = *tx.priv->segment;
  for (;;) {
    s.state.exchange(kCommitting);
    STM_POINT(tx, kBeforeGateRead);
    if (PYSTM_LIKELY(gate.load() == 0) || MUTANT(kGateIgnored)) return;
    s.state.store(kRunning, std::memory_order_release);
    const Word start = base::now_ns();
    {
      WaitingFor waiting(tx, gate.load());
      Away away(tx);
      while (gate.load() != 0 && !is_doomed(tx)) {
        const uint32_t seen = token.epoch.load();
        STM_POINT(tx, kWaiting);
        if (gate.load() != 0) base::futex_wait(token.epoch, seen, 50000);
      }
    }
    tx.priv->stats.seconds_waiting += static_cast<double>(base::now_ns() - start) * 1e-9;
    check_doomed(tx);
  }
}

void become_inevitable(Tx& tx, const char* what) {
  Tx::Private& p = *tx.priv;
  if (tx.me == 0 || p.inevitable) return;
  check_doomed(tx);
  p.inevitable_for = what;
  take_token(tx);
  // Whatever comes now may end the process or be seen outside: what was written before it is due.
  if (!p.output.empty()) write_pending_output(tx);
}

bool is_inevitable(const Tx& tx) { return tx.me == 0 || tx.priv->inevitable; }

void go_outside(Tx& tx, const std::function<void()>& outside) {
  leave_active(tx);
  {
    Away away(tx);
    outside();
  }
  enter_active(tx);
}

void run_outside(Tx& tx, const char* what, const std::function<void()>& outside,
                 const std::function<void()>& inside) {
  if (tx.no_boundary != 0) {
    become_inevitable(tx, what);
    if (tx.isolated == 0) {
      break_transaction(tx, outside);
    } else {
      Away away(tx);
      outside();
    }
    if (inside) inside();
    return;
  }
  commit(tx);
  go_outside(tx, outside);
  if (inside) run_alone(tx, inside);
  begin(tx);
  tx.restarted = true;
  secure_restart(tx);
}

void run_alone(Tx& tx, const std::function<void()>& f) {
  for (;;) {
    begin(tx);
    try {
      f();
      commit(tx);
      return;
    } catch (const Abort&) {
    }
  }
}

void secure_restart(Tx& tx) {
  Tx::Private& p = *tx.priv;
  if (!tx.restarted || tx.me == 0 || p.inevitable) return;
  DCHECK(tx.undo_top == p.undo_base && tx.log == p.log_base);
  commit_nothing(tx);
  p.wants_token = true;
  begin(tx);
  tx.restarted = true;
}

void break_transaction(Tx& tx, const std::function<void()>& outside) {
  DCHECK(is_inevitable(tx));
  Tx::Private& p = *tx.priv;
  const bool solo = tx.me == 0;
  p.breaking = true;
  commit(tx);
  if (solo) pin_solo(tx);
  go_outside(tx, outside);
  p.wants_token = true;
  begin(tx);
  p.breaking = false;
}

namespace {
void (*quasi_hook)() = nullptr;
}

void set_quasi_hook(void (*hook)()) { quasi_hook = hook; }

void quasi_write(Tx& tx, const std::function<void()>& f) {
  become_inevitable(tx, "change of quasi-immutable data");
  if (tx.me == 0) {
    f();
    if (quasi_hook != nullptr) quasi_hook();
    return;
  }
  gc::with_world_stopped(tx, [&] {
    for (unsigned tid = 0; segments[tid].current.load() != 0 && tid + 1 < kMaxThreads; ++tid) {
      Segment& s = segments[tid];
      if (tid != tx.priv->tid && s.state.load() != kIdle) doom(tx, s.current.load());
    }
    f();
    if (quasi_hook != nullptr) quasi_hook();
  });
}

void inevitable_after_fork() { new (&token) Token; }

}  // namespace pystm::stm
