// Does it pay to run in parallel?
//
// Threads that write the same few objects wait for each other, split their transactions into crumbs
// and pass cache lines to and fro: one after the other, in solo mode and a time slice each, they
// may get more done. Nothing but a measurement tells. What is measured is the work budget used up
// in a unit of time by all threads: loop edges and calls, the same in both modes.
//
// Only where conflicts have made the transactions short, solo mode is tried for a few slices. The
// better mode then stays for a while, twice as long each time that it has been the better one.
//
// Invariant: the pace's mutex is taken before the scheduler's.
#include <algorithm>

#include "stm/private.h"

namespace pystm::stm {

std::atomic<bool> in_turn{false};

namespace {

constexpr Word kReportUs = 100, kWatchUs = 2000, kSettleUs = 1000, kTrialUs = 2000,
               kFirstStayUs = 40000, kLongestStayUs = 640000;
constexpr Word kParallelStays = 3;  // times as long as solo mode: the trial itself costs
constexpr Word kCrumbUs = 10;       // transactions are shorter than that for conflicts' sake only

enum class Phase : uint8_t {
  kWatch,   // as ever; measured again and again
  kSettle,  // solo, but not measured yet
  kTrial,   // solo, to learn how much it does
  kStay,    // solo, because that does more
};

struct Pace {
  std::mutex mutex;
  std::atomic<Word> due{0};       // cycles at which the phase is to be looked at
  std::atomic<Word> work{0};      // done in this phase
  std::atomic<Word> crumbled{0};  // cycles of the threads that went into short transactions
  std::atomic<Phase> phase{Phase::kWatch};
  Word since = 0;
  bool solo_won = false;     // the last time that it was asked
  Word stay = kFirstStayUs;  // of the next answer, if it is the same; microseconds
  Word next_trial = 0;       // not before, cycles
  // Work per cycle when last measured, 0: not known.
  double parallel_rate = 0, solo_rate = 0;
};
Pace pace;

// REQUIRES pace.mutex.
void enter(Phase phase, Word now, Word us) {
  pace.phase = phase;
  pace.since = now;
  pace.work.store(0, std::memory_order_relaxed);
  pace.crumbled.store(0, std::memory_order_relaxed);
  pace.due.store(now + us * base::cycles_per_us(), std::memory_order_relaxed);
  const bool solo = phase != Phase::kWatch;
  if (in_turn.exchange(solo) != solo) prefer_mode(!solo);
}

// The answer, and how long it is to hold.
Word decide(bool solo) {
  if (solo != pace.solo_won) pace.stay = kFirstStayUs;
  pace.solo_won = solo;
  return std::exchange(pace.stay, std::min(2 * pace.stay, kLongestStayUs));
}

void stay_solo(Word now) { enter(Phase::kStay, now, decide(true)); }

void stay_parallel(Word now) {
  pace.next_trial = now + kParallelStays * decide(false) * base::cycles_per_us();
  enter(Phase::kWatch, now, kWatchUs);
}

void look_at_parallel(Word now, Word elapsed, double rate) {
  const bool crumbs =
      pace.crumbled.load(std::memory_order_relaxed) * 2 > elapsed * running_threads();
  if (!crumbs || !parallel_mode()) return enter(Phase::kWatch, now, kWatchUs);
  pace.parallel_rate = rate;
  if (const double solo_rate = std::exchange(pace.solo_rate, 0); solo_rate != 0) {
    return rate < solo_rate ? stay_solo(now) : stay_parallel(now);
  }
  if (now < pace.next_trial) return enter(Phase::kWatch, now, kWatchUs);
  enter(Phase::kSettle, now, kSettleUs);
}

void look(Word now) {
  const Word elapsed = now - pace.since;
  const double rate = double(pace.work.load(std::memory_order_relaxed)) / double(elapsed);
  if (pace.phase != Phase::kWatch && parallel_mode()) return stay_parallel(now);
  switch (pace.phase) {
    case Phase::kWatch:
      return look_at_parallel(now, elapsed, rate);
    case Phase::kSettle:
      return enter(Phase::kTrial, now, kTrialUs);
    case Phase::kTrial:
      return rate < pace.parallel_rate ? stay_parallel(now) : stay_solo(now);
    case Phase::kStay:
      pace.solo_rate = rate;
      return enter(Phase::kWatch, now, kWatchUs);
  }
}

bool applies() {
  const Options& o = options();
  return o.enabled && o.threads > 1 && o.chaos == 0 && o.solo_flip_ms == 0;
}

}  // namespace

// Asked at polls. `work`: done since the last one.
void report_work(Tx& tx, Word now, Word work) {
  constexpr Word kBlockedUs = 10 * kReportUs;  // so long without a report
  Tx::Private& p = *tx.priv;
  p.unreported += work;
  const Word us = base::cycles_per_us(), passed = now - p.last_report_of_work;
  if (passed < kReportUs * us) return;
  p.last_report_of_work = now;
  pace.work.fetch_add(std::exchange(p.unreported, 0), std::memory_order_relaxed);
  if (tx.me != 0 && p.length < kCrumbUs * us && passed < kBlockedUs * us)
    pace.crumbled.fetch_add(passed, std::memory_order_relaxed);
  if (now < pace.due.load(std::memory_order_relaxed) || !applies()) return;
  if (std::unique_lock lock(pace.mutex, std::try_to_lock); lock) look(now);
}

bool solo_on_trial() {
  const Phase phase = pace.phase.load(std::memory_order_relaxed);
  return phase == Phase::kSettle || phase == Phase::kTrial;
}

void forget_pace() {
  std::lock_guard lock(pace.mutex);
  pace.stay = kFirstStayUs;
  pace.next_trial = 0;
  pace.solo_rate = 0;
  enter(Phase::kWatch, base::cycles(), kWatchUs);
}

void pace_after_fork() {
  new (&pace) Pace;
  in_turn.store(false);
}

}  // namespace pystm::stm
