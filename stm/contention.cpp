// Who waits for whom (stm.md section 3, "Contention").
//
// Nothing says how long an automatic transaction has to be. So who meets a word that another has
// written asks that one to commit at its next boundary, which is a loop iteration away, waits for
// it and extends its snapshot: no work is lost. Only where that takes too long (an atomic block, a
// long native, two that wait for each other) one of them is given up: the older dooms the younger
// and waits on; the younger aborts. Age is the clock at the first try and is kept over retries, so
// a loser grows old; after `retries` aborts it takes the token and cannot lose.
//
// Invariant: every wait here looks at the waiter's own doom and serves a world stop, so that two
// waiters never hold each other up.
#include "base/assert.h"
#include "stm/private.h"

namespace pystm::stm {

Segment segments[kMaxThreads];

namespace {

constexpr Word kAskedWaitUs = 100, kOlderWaitsUs = 50;

bool older(const Segment& a, Word stamp_a, const Segment& b, Word stamp_b) {
  const Word ta = a.ticket.load(std::memory_order_relaxed);
  const Word tb = b.ticket.load(std::memory_order_relaxed);
  return ta != tb ? ta < tb : tid_of(stamp_a) < tid_of(stamp_b);
}

bool stale(Word stamp) {
  return stamp < segments[tid_of(stamp)].current.load(std::memory_order_acquire);
}

size_t distance(const Object* holder, const void* p) {
  return reinterpret_cast<Word>(p) - reinterpret_cast<Word>(holder);
}

// Keeps the highest stamp, so that somebody who was off the core between looking and storing does
// not wipe out what concerns a later transaction of that thread.
void raise(std::atomic<Word>& mark, Word stamp) {
  Word now = mark.load(std::memory_order_relaxed);
  while (now < stamp && !mark.compare_exchange_weak(now, stamp, std::memory_order_release)) {
  }
}

// Waits until `word` changes or `limit_us` pass (0: for ever); `mutual`: or both wait for each
// other.
bool wait_for_change(Tx& tx, std::atomic<Word>& word, Word seen, Word limit_us, bool mutual) {
  const Word start = base::cycles(), limit = limit_us * base::cycles_per_us();
  ++tx.priv->stats.waits;
  WaitingFor waiting(tx, seen);
  const Segment& other = segments[tid_of(seen)];
  for (unsigned spin = 1;; ++spin) {
    if (word.load(std::memory_order_acquire) != seen || stale(seen)) return true;
    check_doomed(tx);
    if (mutual && other.waits_for.load() == tx.me) return false;
    if (gc::stop_requested()) gc::safepoint(tx);
    STM_POINT(tx, kWaiting);
    base::cpu_relax();
    if (limit_us != 0 && (base::cycles() - start > limit || OUT_OF_STEPS(spin))) return false;
    if (limit_us == 0 && spin % 1024 == 0) {  // the owner may want this core
      std::atomic<uint32_t> never{0};
      base::futex_wait(never, 0, 20000);
    }
  }
}

}  // namespace

void poke(Segment& s) {
  s.pokes.fetch_add(1);
  if (Tx* other = s.tx.load()) other->poll.store(INT_MAX, std::memory_order_relaxed);
  s.pokes.fetch_sub(1);
}

void doom(Tx& tx, Word stamp) {
  Segment& other = segments[tid_of(stamp)];
  other.doomer.store(tx.priv->tid, std::memory_order_relaxed);
  raise(other.doomed, stamp);
  poke(other);
}

void give_way(Tx& tx) {
  if (tx.priv->inevitable || tx.me == 0) return;
  const unsigned by = tx.priv->segment->doomer.load(std::memory_order_relaxed);
  const Word winner = segments[by].current.load(std::memory_order_relaxed);
  const AbortReason reason = segments[by].inevitable.load(std::memory_order_relaxed)
                                 ? AbortReason::kInevitable
                                 : AbortReason::kDoomed;
  tx.priv->lost_to = winner;
  report_conflict(tx, reason, nullptr, 0, winner);
  abort(tx, reason);
}

void settle_foreign_stamp(Tx& tx, Object* holder, std::atomic<Word>& word, Word seen,
                          bool writing) {
  if (stale(seen)) {
    // Left by a finished transaction on an object born in it: public, version 0.
    word.compare_exchange_strong(seen, 0, std::memory_order_acq_rel);
    return;
  }
  check_doomed(tx);
  if (!holder->has_flag(kShared)) holder->set_flag(kShared);  // its cache line is in demand
  Segment& mine = *tx.priv->segment;
  Segment& other = segments[tid_of(seen)];
  raise(other.asked, seen);
  poke(other);
  shorten(*tx.priv);
  if (wait_for_change(tx, word, seen, kAskedWaitUs, true)) return;
  const bool other_stays = other.inevitable.load(std::memory_order_relaxed);
  if (tx.priv->inevitable || (!other_stays && older(mine, tx.me, other, seen))) {
    doom(tx, seen);
    if (wait_for_change(tx, word, seen, tx.priv->inevitable ? 0 : kOlderWaitsUs, false)) return;
  }
  tx.priv->lost_to = seen;
  const AbortReason reason = other_stays ? AbortReason::kInevitable
                             : writing   ? AbortReason::kWriteWrite
                                         : AbortReason::kReadWrite;
  report_conflict(tx, reason, holder, distance(holder, &word), seen);
  abort(tx, reason);
}

namespace {

// Sleeps with growing naps until `done`, at most `limit_us`; the thread is away.
template <class Done>
void nap_until(Tx& tx, Word limit_us, Done done) {
  const Word start = base::now_ns();
  for (int i = 0; i < 200 && !done(); ++i) base::cpu_relax();
  if (done()) return;
  Away away(tx);
  std::atomic<uint32_t> never{0};
  for (int64_t nap = 5000; !done() && base::now_ns() - start < limit_us * 1000; nap += nap / 2) {
    STM_POINT(tx, kWaiting);
    base::futex_wait(never, 0, nap < 200000 ? nap : 200000);
  }
}

}  // namespace

// Not a random back-off: the retry waits for what it lost on to be over.
void wait_before_retry(Tx& tx) {
  Tx::Private& p = *tx.priv;
  const Word start = base::now_ns();
  if (p.reason == AbortReason::kLockHeld) {
    // Bounded, because the lock may be released in a way nobody announces (its holder died).
    nap_until(tx, 10000,
              [&p] { return wait_rooms[p.lost_room].epoch.load() != p.lost_lock_epoch; });
  } else if (p.reason == AbortReason::kRetry) {
    nap_until(tx, 100000, [&p] {
      return the_clock.now.load(std::memory_order_relaxed) != p.lost_clock ||
             p.attention.load(std::memory_order_relaxed);
    });
  } else if (p.lost_to != 0) {
    const Word lost = p.lost_to;
    nap_until(tx, 1000, [lost] { return stale(lost); });
  }
  p.lost_to = 0;
  p.stats.seconds_waiting += static_cast<double>(base::now_ns() - start) * 1e-9;
}

}  // namespace pystm::stm
