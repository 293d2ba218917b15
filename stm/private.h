// What stm keeps per thread and in common. Included by stm/*.cpp and tests only.
//
// Invariants: segments[tid].current is the stamp of the transaction in flight of that thread, or
// the next one it will use; a stamp below it (same tid) is stale. It rises after the last release
// of a commit or abort. A tid that is used again goes on counting.
#pragma once

#include <climits>
#include <deque>
#include <mutex>
#include <utility>

#include "base/clock.h"
#include "base/futex.h"
#include "base/rng.h"
#include "gc/regions.h"
#include "stm/access.h"
#include "stm/locks.h"
#include "stm/test_points.h"

namespace pystm::stm {

inline constexpr unsigned kMaxThreads = 32768;
inline constexpr Word kNewestVersion = kStampBit - 1;

extern Options the_options;

enum State : uint32_t { kIdle, kRunning, kCommitting };

struct alignas(128) Segment {
  std::atomic<Word> current{0};    // see above
  std::atomic<Word> ticket{0};     // age: clock at the first try, kept over retries
  std::atomic<Word> doomed{0};     // the stamp that has to abort
  std::atomic<Word> asked{0};      // the stamp that somebody waits for: commit where possible
  std::atomic<Word> waits_for{0};  // the stamp this one waits for, or 0
  std::atomic<uint32_t> state{kIdle};
  std::atomic<uint32_t> doomer{0};
  std::atomic<Tx*> tx{nullptr};
  std::atomic<uint32_t> pokes{0};  // others that hold `tx` just now
  std::atomic<bool> inevitable{false};
};
extern Segment segments[kMaxThreads];

inline unsigned tid_of(Word stamp) { return stamp >> kSerialBits & (kMaxThreads - 1); }
inline bool is_stamp(Word v) { return v >> 63; }

struct alignas(128) Clock {
  std::atomic<Word> now{2};
  char pad[120];
};
extern Clock the_clock;

// The undo log: records between base and top, each ending with its length: it is walked from the
// newest to the oldest.   [holder] [kind | operand << 8] payload... [words of the record]
enum class Undo : uint8_t {
  kValues,   // payload: pairs of an offset in the holder and the old Value there (a root)
  kWords,    // payload: pairs of an offset and the old bits
  kState,    // operand: words | shape << 24; payload: the State. The holder's vlock is ours
  kVersion,  // operand: offset of a version word of ours inside the holder; no payload
};
inline Undo undo_kind(const Word* r) { return static_cast<Undo>(r[1] & 0xff); }
inline Word state_words(const Word* r) { return r[1] >> 8 & 0xffff; }
inline ShapeId state_shape(const Word* r) { return static_cast<ShapeId>(r[1] >> 32); }
inline Word* undo_address(const Word* r, Word offset) {
  return reinterpret_cast<Word*>(r[0] + offset);
}
// f(record, its end) for those of [from, to), newest first; the end is where the length stands.
template <class F>
PYSTM_INLINE void each_undo(Word* from, Word* to, F f) {
  while (to > from) {
    Word* const end = to - 1;
    to -= *end;
    f(to, end);
  }
}

struct ElidedLock {
  Ref<Lock> lock;
  Word count;
};
struct Output {
  int fd;
  std::string bytes;
};

struct alignas(128) Tx::Private {  // nobody else's cache lines
  unsigned tid = 0;
  Segment* segment = nullptr;

  // Logs. The read log's cursor is Tx::log.
  Word* log_base = nullptr;
  Word* log_end = nullptr;
  bool interior_entries = false;  // the read log holds two-word entries
  Word* undo_base = nullptr;
  Word* undo_end = nullptr;
  Word* open_record = nullptr;         // see Tx::open_holder
  Word saved_slots[kSavedSlots] = {};  // see slot_saved()

  bool in_tx = false;
  // Anything beyond reading and writing: output, actions, elided or freed locks, inevitability.
  bool extras = false;
  bool inevitable = false;
  const char* inevitable_for = "";
  bool wants_token = false;  // begin() takes it: retries exhausted, or become_inevitable failed
  bool commit_soon = false;
  bool wants_solo = false;
  bool pins_solo = false;  // frames of this thread run solo code: no switch until its next boundary
  bool breaking = false;   // in break_transaction()
  std::atomic<bool> attention{false};
  AbortReason reason = AbortReason::kNone;
  uint32_t aborts = 0;  // of this transaction, in a row
  // What the last attempt lost on: the stamp whose end begin() waits for; the wait room and its
  // epoch for kLockHeld; the clock for kRetry.
  Word lost_to = 0;
  unsigned lost_room = 0;
  uint32_t lost_lock_epoch = 0;
  Word lost_clock = 0;

  // Scheduling.
  bool has_slot = false;
  Word slot_since = 0;   // cycles
  Word tx_start = 0;     // cycles at the first poll of the transaction, 0: none yet
  Word length = 0;       // cycles an automatic transaction may take
  Word poll_period = 0;  // cycles between two polls, as a rule
  Word last_poll = 0;
  Word alone_since = 0;
  int32_t budget_size = 2000;  // loop edges and calls in the time between two polls
  int32_t budget_given = 0;    // fewer when transactions are shorter than that time
  uint64_t waits_at_poll = 0;
  Word unreported = 0, last_report_of_work = 0;  // see pace.cpp
  bool ended_by_length = false;

  // Effects.
  std::vector<ElidedLock> elided;
  std::vector<Output> output;
  std::vector<std::function<void()>> commit_actions, abort_actions;
  Word freed_rooms = 0;           // of the locks really freed
  uint32_t asked_in_section = 0;  // polls that found this transaction asked with a lock elided

  Stats stats;
  base::Rng chaos{1};
  std::vector<size_t> unplaced;  // conflict records that want this thread's position
  std::atomic<bool> position_wanted{false};
  Word last_report = 0;
};

// --- barriers.cpp --------------------------------------------------------------------------------
bool validate(Tx& tx);
void extend_or_abort(Tx& tx, Object* holder, size_t offset);
// To be called before the undo log is walked, or anything else is put on it.
inline void close_record(Tx& tx) {
  if (tx.open_holder == 0) return;
  *tx.undo_top = static_cast<Word>(tx.undo_top + 1 - tx.priv->open_record);
  ++tx.undo_top;
  tx.open_holder = 0;
}
inline constexpr ptrdiff_t kLogChunk = 65536;    // entries; passing one asks for an early end
inline constexpr ptrdiff_t kUndoChunk = 131072;  // words; likewise
void reserve_logs(Tx& tx);
void release_logs(Tx& tx);      // gives their memory back: the thread ends
void shrink_logs(Tx& tx);       // gives back what became too long
void drop_reads(Tx& tx);        // empties the read log
void forget_reads(Tx& tx);      // nothing is noted
void forget_addresses(Tx& tx);  // they stand for other objects now
inline void reset_logs(Tx& tx) {
  Tx::Private& p = *tx.priv;
  if (PYSTM_UNLIKELY(tx.log_limit > p.log_base + 4 * kLogChunk ||
                     tx.undo_top > p.undo_base + 2 * kUndoChunk))
    shrink_logs(tx);
  if (tx.log != p.log_base) drop_reads(tx);
  tx.log_limit = p.log_base + kLogChunk;
  tx.undo_top = p.undo_base;
  tx.undo_limit = p.undo_base + kUndoChunk;
  tx.open_holder = 0;
}
void roll_back(Tx& tx);  // undo, new versions, serial; the transaction is over
void release_written(Tx& tx, Word version);
void commit_nothing(Tx& tx);  // ends a transaction that has read and written nothing; cannot fail
// --- contention.cpp
// --------------------------------------------------------------------------------- `word` (inside
// `holder`) held `seen`, a stamp that is not ours. Returns when it may have changed.
void settle_foreign_stamp(Tx& tx, Object* holder, std::atomic<Word>& word, Word seen, bool writing);
inline bool is_doomed(const Tx& tx) {
  return tx.priv->segment->doomed.load(std::memory_order_relaxed) == tx.me;
}
// Another transaction waits for what this one has written.
inline bool is_asked(const Tx& tx) {
  return tx.priv->segment->asked.load(std::memory_order_relaxed) == tx.me && tx.me != 0;
}
// Asked while no boundary was allowed: the next poll comes soon.
inline void answer_soon(Tx& tx) {
  if (PYSTM_UNLIKELY(is_asked(tx))) tx.poll.store(INT_MAX, std::memory_order_relaxed);
}
void shorten(Tx::Private& p);  // this thread's automatic transactions, by half
void give_way(Tx& tx);         // doomed: throws unless inevitable
inline void check_doomed(Tx& tx) {
  if (PYSTM_UNLIKELY(is_doomed(tx))) give_way(tx);
}
void doom(Tx& tx, Word stamp);
void poke(Segment& s);  // sets the poll word of its thread, if there is one
void wait_before_retry(Tx& tx);
// --- scheduler.cpp -------------------------------------------------------------------------------
extern std::atomic<uint32_t> boundary_work;  // begin() has more to do than to begin
extern std::atomic<bool> mode_parallel;
void acquire_slot(Tx& tx);
void release_slot(Tx& tx);
void boundary_chores(Tx& tx);
bool boundary_wanted(Tx& tx, Word now);
void pin_solo(Tx& tx);
void unpin_solo(Tx& tx);
void prefer_mode(bool parallel);  // switch to it, unless somebody else has other wishes
unsigned running_threads();       // in parallel, at most
void leave_active(Tx& tx);
void enter_active(Tx& tx);
// --- pace.cpp ------------------------------------------------------------------------------------
extern std::atomic<bool> in_turn;  // solo mode is wanted for all threads, one after the other
void report_work(Tx& tx, Word now, Word work);
bool solo_on_trial();
void forget_pace();  // other threads, other answers
void pace_after_fork();
// --- inevitable.cpp ------------------------------------------------------------------------------
extern std::atomic<Word> gate;  // 0, or the stamp of the inevitable transaction
void take_token(Tx& tx);        // may throw
void drop_token(Tx& tx);
void begin_retrying(Tx& tx);  // begin(), again if it aborts while it waits for the token
void pass_gate(Tx& tx);       // state becomes kCommitting with the gate open; may throw
// Ends the transaction for good (it cannot abort), runs `outside` with the thread away, and goes on
// in an inevitable one. For waits below native frames, where no boundary may happen.
void break_transaction(Tx& tx, const std::function<void()>& outside);
void go_outside(Tx& tx, const std::function<void()>& outside);  // not in a transaction
// Not in a transaction: runs `f` in one of its own, again after an abort.
void run_alone(Tx& tx, const std::function<void()>& f);
// In a transaction that `restarted` and has not touched the heap: makes it inevitable, without
// fail.
void secure_restart(Tx& tx);
// --- effects.cpp
// ------------------------------------------------------------------------------------ Between
// these two no other transaction with output can commit; publish moves ours to the queues.
void lock_output_order(Tx& tx);
void publish_output(Tx& tx, bool keep);
void write_output_now(Tx& tx);
void write_pending_output(Tx& tx);  // of a transaction that cannot be rolled back
void run_actions(Tx& tx, bool committed);
// --- locks.cpp -----------------------------------------------------------------------------------
// Where threads wait for locks, by the lock's address: it stays while one of them, whose stack
// names it, waits.
class Waiting;
struct alignas(64) WaitRoom {
  std::atomic<uint32_t> epoch{0};    // counts releases, but not those in solo mode without waiters
  std::atomic<uint32_t> waiters{0};  // threads that sleep until it changes
  std::mutex mutex;
  Waiting* first = nullptr;  // of the waiters: what each waits for
};
inline constexpr unsigned kWaitRooms = 64;  // a Word has a bit for each
extern WaitRoom wait_rooms[kWaitRooms];
unsigned room_number(const Lock* lock);
void write_elided_locks(Tx& tx);
void announce_freed_locks(Tx& tx);
bool freed_lock_is_awaited(const Tx& tx);
void forget_lock_waiters();  // in a forked child
// --- reports.cpp ---------------------------------------------------------------------------------
void report_conflict(Tx& tx, AbortReason reason, Object* holder, size_t offset, Word other);
void publish_position(Tx& tx);
void register_for_reports(Tx& tx);
void unregister_for_reports(Tx& tx);
void stats_for_each(const std::function<void(Tx&)>& f);
// --- gc_roots.cpp --------------------------------------------------------------------------------
void install_gc_hooks();
// --- chaos.cpp -----------------------------------------------------------------------------------
void chaos_step(Tx& tx, bool at_poll);
PYSTM_INLINE void chaos_at_barrier(Tx& tx) {
  if (PYSTM_UNLIKELY(the_options.chaos != 0)) chaos_step(tx, false);
}

// While it lives, others can see whom this transaction waits for.
class WaitingFor {
 public:
  WaitingFor(Tx& tx, Word stamp) : mine_(tx.priv->segment->waits_for) { mine_.store(stamp); }
  ~WaitingFor() { mine_.store(0, std::memory_order_relaxed); }

 private:
  std::atomic<Word>& mine_;
};

// The calling frame must stay until come_back(); always inlined for that reason.
class Away {
 public:
  PYSTM_INLINE explicit Away(Tx& tx) : tx_(tx) { gc::go_away(tx); }
  PYSTM_INLINE ~Away() { gc::come_back(tx_); }

 private:
  Tx& tx_;
};

}  // namespace pystm::stm
