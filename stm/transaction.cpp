// The life of a transaction: begin, poll, commit, abort.
#include <algorithm>

#include "base/assert.h"
#include "stm/private.h"

namespace pystm::stm {

Options the_options;

namespace {

constexpr Word kShortestNs = 500, kKeepLockUs = 5000;

void start_solo(Tx& tx) {
  tx.rv = ~Word{0};
  tx.me = 0;
  if (tx.log_step != 0) gc::defer_finalizables(tx, false);
  tx.log_step = 0;
}

void start_parallel(Tx& tx) {
  Tx::Private& p = *tx.priv;
  Segment& s = *p.segment;
  tx.me = s.current.load(std::memory_order_relaxed);
  if (PYSTM_UNLIKELY((tx.me & 0xffff) == 0))
    forget_addresses(tx);                  // the serials of saved_slots come round
  if (PYSTM_UNLIKELY(tx.log_step == 0)) {  // was solo, or inevitable: what it read is noted only
    gc::defer_finalizables(tx, true);
    forget_reads(tx);
    tx.log_step = 8;
  }
  if (p.length < p.poll_period) p.tx_start = base::cycles();
  tx.rv = the_clock.now.load(std::memory_order_acquire);
  if (PYSTM_LIKELY(p.aborts == 0)) s.ticket.store(tx.rv, std::memory_order_relaxed);
  s.state.store(kRunning, std::memory_order_relaxed);
}

PYSTM_COLD void begin_slow(Tx& tx) {
  Tx::Private& p = *tx.priv;
  if (p.pins_solo && !p.breaking) unpin_solo(tx);
  if (p.aborts != 0) {
    wait_before_retry(tx);
    const bool counts = p.reason != AbortReason::kLockHeld && p.reason != AbortReason::kRetry;
    if (counts && p.aborts >= the_options.retries) p.wants_token = true;
  }
  boundary_chores(tx);
}

// A wait for another transaction halves the length, a split lets it grow: at this growth there are
// six splits to a wait. A wait costs about as much as six splits (measured), so the two costs are
// equal in the long run, which is the cheapest mixture: the shorter the transactions the less they
// hold, the longer the fewer splits.
PYSTM_NOINLINE void lengthen(Tx::Private& p) {
  const Word longest = the_options.length_us * base::cycles_per_us();
  p.length = std::min(p.length + p.length / 8, longest);
}

// Everything a transaction leaves behind but its logs.
void over(Tx& tx) {
  Tx::Private& p = *tx.priv;
  p.segment->state.store(kIdle, std::memory_order_release);
  p.in_tx = false;
  p.extras = false;
  p.tx_start = 0;
  p.commit_soon = false;
  p.ended_by_length = false;
}

}  // namespace

Options& options() { return the_options; }

void shorten(Tx::Private& p) {
  p.length = std::max(p.length / 2, kShortestNs * base::cycles_per_us() / 1000);
}

namespace {

// May abort while it waits for the token.
void try_begin(Tx& tx) {
  Tx::Private& p = *tx.priv;
  DCHECK(!p.in_tx);
  if (PYSTM_UNLIKELY(!p.has_slot || p.aborts != 0 || p.wants_solo || p.pins_solo ||
                     boundary_work.load(std::memory_order_relaxed) != 0))
    begin_slow(tx);
  reset_logs(tx);
  if (mode_parallel.load(std::memory_order_relaxed)) {
    start_parallel(tx);
  } else {
    start_solo(tx);
  }
  p.in_tx = true;
  tx.restarted = false;
  ++p.stats.begun;
  STM_POINT(tx, kBegin);
  if (PYSTM_UNLIKELY(p.wants_token || tx.in_native_base)) {
    if (tx.me != 0) take_token(tx);
    p.wants_token = false;
  }
}

}  // namespace

void begin(Tx& tx) {
  for (;;) {
    try {
      try_begin(tx);
      return;
    } catch (const Abort&) {
    }
  }
}

namespace {

void refill(Tx& tx, Word now) {
  Tx::Private& p = *tx.priv;
  const Word period = p.poll_period;
  // Ran dry without a wait: then the count tells the rate.
  if (p.last_poll != 0 && tx.budget < 0 && p.stats.waits == p.waits_at_poll) {
    const Word spent = std::max<Word>(now - p.last_poll, 1);
    const double ideal = double(p.budget_given + 1) * double(period) / double(spent);
    const double next = std::clamp(ideal, 0.5 * p.budget_size, 2.0 * p.budget_size);
    p.budget_size = static_cast<int32_t>(std::clamp(next, 16.0, 1e7));
  }
  if (p.budget_given > tx.budget)
    report_work(tx, now, static_cast<Word>(p.budget_given - tx.budget));
  p.last_poll = now;
  p.waits_at_poll = p.stats.waits;
  p.budget_given = p.budget_size;
  if (tx.me != 0 && p.length < period)
    p.budget_given = static_cast<int32_t>(static_cast<Word>(p.budget_size) * p.length / period);
  tx.budget = p.budget_given;
}

// Somebody waits for this transaction: for a word it has written, or for a lock it has freed. A
// section guarded by an elided lock is given a few loop
// edges to end; one that goes on (the lock that every thread holds for its life) makes the lock
// real.
bool can_answer(Tx& tx) {
  Tx::Private& p = *tx.priv;
  if (!p.elided.empty() && ++p.asked_in_section < 3) {
    tx.budget = p.budget_given = 4;
    return false;
  }
  p.asked_in_section = 0;
  if (is_asked(tx)) shorten(p);
  return true;
}

bool length_reached(Tx& tx, Word now) {
  Tx::Private& p = *tx.priv;
  const Word age = now - p.tx_start;
  // Splitting a section guarded by an elided lock would make the lock real.
  if (!p.elided.empty() && age < kKeepLockUs * base::cycles_per_us()) return false;
  if (p.commit_soon) return true;
  if (age < p.length) return false;
  p.ended_by_length = true;
  return true;
}

}  // namespace

PollResult poll(Tx& tx) {
  Tx::Private& p = *tx.priv;
  if (tx.poll.load(std::memory_order_relaxed) != 0) tx.poll.exchange(0);
  p.attention.store(false, std::memory_order_relaxed);
  gc::safepoint(tx);
  const Word now = base::cycles();
  refill(tx, now);
  if (!p.in_tx) return PollResult::kNothing;
  if (p.tx_start == 0) p.tx_start = now;
  if (p.position_wanted.load(std::memory_order_relaxed)) publish_position(tx);
  if (the_options.chaos != 0) chaos_step(tx, true);
  if (tx.me != 0) check_doomed(tx);
  if (tx.no_boundary != 0) return PollResult::kNothing;
  const bool awaited = is_asked(tx) || (p.freed_rooms != 0 && freed_lock_is_awaited(tx));
  const bool wanted = boundary_wanted(tx, now) || (awaited && can_answer(tx));
  if (!wanted && !length_reached(tx, now)) return PollResult::kNothing;
  ++p.stats.splits;
  return PollResult::kBoundary;
}

namespace {

PYSTM_INLINE void finish_commit(Tx& tx) {
  Tx::Private& p = *tx.priv;
  const bool extras = p.extras;
  if (p.ended_by_length) lengthen(p);
  over(tx);
  p.aborts = 0;
  p.reason = AbortReason::kNone;
  ++p.stats.committed;
  if (PYSTM_UNLIKELY(tx.fresh_finalizables)) gc::settle_finalizables(tx, true);
  if (PYSTM_LIKELY(!extras)) return;
  if (p.inevitable) drop_token(tx);
  if (p.freed_rooms != 0) announce_freed_locks(tx);
  if (!p.commit_actions.empty() || !p.abort_actions.empty()) run_actions(tx, true);
}

// True: committed. False: its reads are no longer valid. Invariants (iv), (v), (vii).
bool commit_written(Tx& tx) {
  Tx::Private& p = *tx.priv;
  if (!p.inevitable) pass_gate(tx);
  const bool with_output = p.extras && !p.output.empty();
  if (with_output) lock_output_order(tx);
  if (MUTANT(kSerialEarly)) p.segment->current.store(tx.me + 1, std::memory_order_release);
  const bool early = MUTANT(kClockBeforeValidate) && validate(tx);
  STM_POINT(tx, kBeforeClock);
  const Word wv = the_clock.now.fetch_add(1) + 1;
  STM_POINT(tx, kAfterClock);
  if (!early && !p.inevitable && wv != tx.rv + 1 && !validate(tx)) {
    if (with_output) publish_output(tx, false);
    p.segment->state.store(kRunning, std::memory_order_release);
    return false;
  }
  STM_POINT(tx, kAfterValidate);
  if (with_output) publish_output(tx, true);
  release_written(tx, wv);
  STM_POINT(tx, kReleased);
  if (!MUTANT(kStampReused)) p.segment->current.store(tx.me + 1, std::memory_order_release);
  return true;
}

}  // namespace

void commit_nothing(Tx& tx) {
  tx.priv->segment->current.store(tx.me + 1, std::memory_order_release);
  finish_commit(tx);
}

void commit(Tx& tx) {
  Tx::Private& p = *tx.priv;
  DCHECK(p.in_tx);
  const bool output = p.extras && !p.output.empty();
  if (tx.me == 0) {
    if (output) {
      lock_output_order(tx);
      publish_output(tx, true);
    }
  } else {
    check_doomed(tx);
    if (PYSTM_UNLIKELY(p.extras) && !p.elided.empty()) write_elided_locks(tx);
    if (tx.undo_top == p.undo_base) {
      // Nothing public was written: the snapshot is consistent as it is.
      if (output) {
        lock_output_order(tx);
        publish_output(tx, true);
      }
      p.segment->current.store(tx.me + 1, std::memory_order_release);
      ++p.stats.commits_readonly;
    } else if (!commit_written(tx)) {
      report_conflict(tx, AbortReason::kReadWrite, nullptr, 0, 0);
      abort(tx, AbortReason::kReadWrite);
    }
  }
  finish_commit(tx);
  if (output) write_output_now(tx);
}

void abort(Tx& tx, AbortReason reason) {
  Tx::Private& p = *tx.priv;
  CHECK(tx.me != 0 && !p.inevitable && "only a parallel, not inevitable transaction can abort");
  const Word started = p.tx_start;
  p.reason = reason;
  p.lost_clock = tx.rv;
  if (reason == AbortReason::kLockHeld) p.wants_token = false;
  roll_back(tx);
  tx.undo_top = p.undo_base;
  drop_reads(tx);
  over(tx);
  p.elided.clear();
  p.output.clear();
  p.freed_rooms = 0;
  ++p.aborts;
  ++p.stats.aborted;
  ++p.stats.aborts_by_reason[static_cast<size_t>(reason)];
  if (started != 0) {
    const double cycles = static_cast<double>(base::cycles() - started);
    p.stats.seconds_in_aborted += cycles / static_cast<double>(base::cycles_per_us()) * 1e-6;
  }
  shorten(p);
  if (tx.fresh_finalizables) gc::settle_finalizables(tx, false);
  if (!p.commit_actions.empty() || !p.abort_actions.empty()) run_actions(tx, false);
  throw Abort{};
}

AbortReason last_abort(const Tx& tx) { return tx.priv->reason; }

void enter_atomic(Tx& tx) {
  ++tx.no_boundary;
  ++tx.isolated;
}

void leave_atomic(Tx& tx) {
  --tx.no_boundary;
  --tx.isolated;
  if (tx.no_boundary == 0) answer_soon(tx);
}

void commit_soon(Tx& tx) {
  tx.priv->commit_soon = true;
  tx.poll.store(INT_MAX, std::memory_order_relaxed);
}

void request_attention(Tx& tx) {
  if (tx.priv != nullptr) tx.priv->attention.store(true, std::memory_order_relaxed);
  tx.poll.store(INT_MAX, std::memory_order_relaxed);
}

}  // namespace pystm::stm
