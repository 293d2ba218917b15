// Tx: one thread's transactional state, and the life of a transaction (stm.md section 3).
//
// A thread is inside a transaction, or outside any ("away": blocked, in a system call). Versions in
// object headers, writes in place with an undo log, invisible reads with an append-only read log,
// one header check after the loads. Solo mode (at most one thread runs) has no barrier at all:
// then rv lets every header pass, me is 0, and log_step is 0 so that log entries go nowhere.
//
// Invariants (stm.md section 5): (i) header check after loads; (ii) region stamp after the
// acquiring CAS and before the first data store; (iii) an abort takes its clock value after undo;
// (iv) wv is taken after the last acquire, validation after wv; (v) the serial is published after
// the last release; (vi) a log entry for every public read that is not our own; (vii) gate: xchg
// COMMITTING before reading it; (viii) an old word is restored exactly once per slot, newest first.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gc/heap.h"

namespace pystm::stm {

inline constexpr Word kStampBit = Word{1} << 63;
inline constexpr unsigned kSerialBits = 48;

// The one exception that stm raises: unwinds native frames to the interpreter activation that
// began the transaction. Carries nothing; the reason stands in the Tx. Never catch it elsewhere.
struct Abort {};

// Why a transaction ended without committing; one row each (stm/abort_reasons.def).
enum class AbortReason : uint8_t {
#define ABORT_REASON(name, text) name,
#include "stm/abort_reasons.def"
#undef ABORT_REASON
};

inline constexpr unsigned kNotedReads = 8, kSavedSlots = 256;

struct Tx : gc::Mutator {
  // Hot words, at fixed offsets for compiled code.
  Word rv = ~Word{0};         // snapshot time; solo: all ones
  Word me = 0;                // own stamp; solo: 0
  Word* log = nullptr;        // read-log cursor (next free entry)
  Word* log_limit = nullptr;  // above the cursor: there is room for one more entry
  Word log_step = 0;          // bytes per entry: 8 in parallel mode, 0 in solo mode
  // What the read log holds anyway, by address: objects and version words (see noted()).
  const void* noted_reads[kNotedReads] = {};
  Word* saved_slots = nullptr;  // likewise, what the undo log holds (see slot_saved())
  // The undo log's next free word; records at `undo_limit` or above take the slow path, all of them
  // when inevitable (null). On top may be a record that slots of one holder still join, as it has
  // no length yet: the holder's address plus the kind of the record (0: Values), else 0.
  Word* undo_top = nullptr;
  Word* undo_limit = nullptr;
  Word open_holder = 0;

  bool parallel() const { return me != 0; }

  // Depth of `with atomic` blocks plus native frames below which no boundary may happen.
  int32_t no_boundary = 0;
  // Of these, `with atomic` blocks: while one is open, a blocking call keeps everybody else out
  // (the transaction is inevitable over it). Without one, what was done before the call is
  // committed, so that a join or a lock wait below a native frame cannot hold up the thread it
  // waits for.
  int32_t isolated = 0;
  // Set by run_outside when a new transaction began inside a native call: until vm has taken a
  // checkpoint there is nothing that an abort could go back to. begin() clears it.
  bool restarted = false;
  // The thread is in native code that nobody can run again (start-up, the ends of a thread): each
  // transaction begun is inevitable from the start.
  bool in_native_base = false;
  // Where this transaction is, for conflict records: vm keeps it current cheaply (see set_locator).
  struct Private;
  Private* priv = nullptr;  // owned by stm
};

struct Options {
  bool enabled = true;  // false: --stm off, one global lock (always solo code, handed over)
  uint64_t chaos = 0;   // --stm-chaos=N: 1 in N polls and barriers is forced to misbehave
  uint64_t chaos_seed = 1;
  uint32_t solo_flip_ms = 0;  // --solo-flip: force solo/parallel switches this often
  uint32_t threads = 0;       // segment limit: threads that may run in parallel; 0 = CPUs
  uint32_t length_us = 1000;  // target length of an automatic transaction
  uint32_t retries = 3;       // aborts after which a transaction takes the token
  // Reserved for the logs, 2 MiB at least; a transaction that needs more becomes inevitable.
  size_t read_log_bytes = size_t{512} << 20, undo_log_bytes = size_t{1} << 30;
};
void initialize(const Options& options);
Options& options();

// --- threads
// --------------------------------------------------------------------------------------- Attach
// the calling thread (also to gc) and begin its first transaction; detach commits.
void attach(Tx& tx, void* stack_base);
void detach(Tx& tx);

// --- boundaries
// ------------------------------------------------------------------------------------ True when
// `--budget < poll` was due to anything that must be handled now. vm calls poll() in that case, at
// places where its state is entirely in the VM stack. Outcomes:
//   kNothing   go on (safepoint served, budget refilled)
//   kBoundary  the transaction should end here: vm calls commit(), saves its frame, calls begin()
enum class PollResult { kNothing, kBoundary };
PollResult poll(Tx& tx);

// Commits; on failure throws Abort (state undone, transaction over; catch, restore, begin again).
void commit(Tx& tx);
// Begins a transaction (after commit or a caught Abort). Waits where contention asks for it, takes
// the token after `retries` aborts in a row. Also performs pending solo/parallel switches. Never
// throws.
void begin(Tx& tx);
// Rolls back and throws Abort.
[[noreturn]] void abort(Tx& tx, AbortReason reason);
// After catching Abort: what happened, for statistics and for vm (e.g. kLockHeld: wait first).
AbortReason last_abort(const Tx& tx);

// From here on the transaction cannot abort (token). May throw Abort itself before that. `what`
// names the operation (static string) in statistics and reports. No-op in solo mode.
void become_inevitable(Tx& tx, const char* what);
bool is_inevitable(const Tx& tx);

// Sets the poll word, from a signal handler or another thread: the thread reaches poll() soon, and
// its lock waits return kInterrupted.
void request_attention(Tx& tx);

// While on (counted), parallel mode stays even for one thread: a transaction that may have to roll
// back (retry) needs its undo log. Takes effect at the next boundary.
void keep_parallel(Tx& tx, bool on);

// Around fork(): the calling thread's transaction becomes inevitable (so before_fork may throw
// Abort); the child undoes the other threads' transactions and goes on alone in solo mode.
void before_fork(Tx& tx);
void after_fork_child(Tx& tx);
void after_fork_parent(Tx& tx);

// An atomic block: no boundary until it is left.
void enter_atomic(Tx& tx);
void leave_atomic(Tx& tx);

// Ask that the current automatic transaction ends at the next boundary.
void commit_soon(Tx& tx);

// Blocking calls (sleep, read, lock waits, joins). `outside` runs with the thread away: it touches
// no heap, its arguments are copied before. `inside` (may be empty) then runs in a transaction of
// its own to put the outcome into the heap; it is run again after an abort, so it has no other
// effect.
//   Boundary allowed (no_boundary == 0): commits, outside(), {begin, inside(), commit}, begin;
//     sets `restarted`, so that vm checkpoints its frame, with the native call's result already in
//     place, as soon as the native returns. vm has no unsaved state besides that result. Until then
//     the transaction is inevitable: the native cannot be run again.
//   Otherwise: becomes inevitable, outside(), inside(), and the transaction goes on. With no atomic
//     block open (`isolated` == 0) what came before is committed first and an inevitable
//     transaction begun after outside(): native frames below hold no Write<> over it. The mode does
//     not become parallel until the thread's next boundary, if it was solo.
// May throw Abort before `outside` has begun, never after.
void run_outside(Tx& tx, const char* what, const std::function<void()>& outside,
                 const std::function<void()>& inside = nullptr);

// --- quasi-immutable data
// ---------------------------------------------------------------------------- Class dicts, frozen
// cells, function defaults: read without any barrier. A change runs `f` with the world stopped
// after dooming every other transaction in flight. Solo: just f().
void quasi_write(Tx& tx, const std::function<void()>& f);
// Called after each such change, with the world stopped or in solo mode: compiled code that took
// the old value for constant is no longer valid.
void set_quasi_hook(void (*hook)());

// --- deferred effects
// --------------------------------------------------------------------------------- Bytes for a
// file descriptor, written at commit, in commit order, whole; dropped by an abort. In solo mode
// (and inevitable transactions) buffered in the same queue and written by flush/commit. Errors of a
// deferred write are reported by the next flush_output() on that descriptor (errno).
void defer_output(Tx& tx, int fd, std::string_view bytes);
int flush_output(Tx& tx, int fd);  // 0 or errno; called where Python asks for flush()
void on_commit(Tx& tx, std::function<void()> f);  // runs after the commit, outside any barrier
void on_abort(Tx& tx, std::function<void()> f);   // releases C++ resources of an aborted attempt

// --- solo and parallel mode ----------------------------------------------------------------------
bool parallel_mode();
// vm's callback on a switch, world stopped: swaps interpreter tables.
void set_mode_hook(std::function<void(bool parallel)> hook);

// --- reports
// ---------------------------------------------------------------------------------------- vm tells
// how to find the running source position: fills a string "file:line:col-col in function".
struct SourcePosition {
  std::string file, function;
  int line = 0, column = 0, end_column = 0;
};
using Locator = SourcePosition (*)(Tx&);
void set_locator(Locator locator);
// vm names an object for reports: type name and, where known, attribute or key.
using Describer = std::string (*)(Object* holder, size_t offset);
void set_describer(Describer describer);

struct Conflict {
  AbortReason reason;
  SourcePosition victim, other;  // both sides; `other` is where the winner last passed a poll
  std::string object;
  double seconds_lost = 0;
};
struct Stats {
  uint64_t begun = 0, committed = 0, commits_readonly = 0, aborted = 0, inevitable = 0,
           extensions = 0, splits = 0, mode_switches = 0, elided_locks = 0, taken_locks = 0,
           waits = 0;
  uint64_t aborts_by_reason[32] = {};
  double seconds_in_aborted = 0, seconds_waiting = 0;
};
Stats stats();
std::vector<Conflict> conflicts();
void reset_stats();
void open_log(const std::string& path);  // --stm-log

}  // namespace pystm::stm
