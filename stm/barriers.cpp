// The slow halves of the barriers, the logs, and what commit and abort do with them.
#include <algorithm>
#include <cstring>

#include "base/assert.h"
#include "base/memory.h"
#include "stm/private.h"

namespace pystm::stm {

Clock the_clock;

namespace {

constexpr ptrdiff_t kLongLog = 2048;  // entries: their validation costs as much as a split
constexpr ptrdiff_t kLookAhead = 12;  // words of the log that validation reads ahead
constexpr ptrdiff_t kUndoPiece = 1024, kUndoAhead = 64;  // words

// Raised this far ahead, a stamp is left alone by the acquisitions of the next commits; where
// threads write side by side its cache line would otherwise travel with each of them. Too high is
// safe: until the clock has caught up, validation looks at the versions themselves.
// Tests do without: the lead would hide what goes wrong at the very edge.
#ifdef PYSTM_STM_TEST
constexpr Word kStampLead = 0;
#else
constexpr Word kStampLead = 16;
#endif

// Invariant (ii): after the acquiring CAS, before the undo record and the first store. The clock is
// read again after the store: had it moved in between, a snapshot extended to the new time without
// seeing our stamp could later take the region for clean.
void raise_region(Tx& tx, const void* p) {
  std::atomic<Word>& stamp = gc::region_stamp(p);
  Word now = stamp.load(std::memory_order_relaxed);
  for (;;) {
    const Word least = the_clock.now.load(std::memory_order_relaxed) + 1;
    if (PYSTM_LIKELY(now >= least)) return;
    STM_POINT(tx, kRaisingStamp);
    if (stamp.compare_exchange_weak(now, least + kStampLead)) {
      if (MUTANT(kRegionStampOnce)) return;
      now = least + kStampLead;
    }
  }
}

constexpr size_t kUndoSlack = 70000;  // words; the largest record fits

void enlarge_undo_log(Tx& tx) {
  Tx::Private& p = *tx.priv;
  close_record(tx);
  const auto reserved = static_cast<size_t>(p.undo_end - p.undo_base);
  const auto used = static_cast<size_t>(tx.undo_top - p.undo_base);
  auto* base = static_cast<Word*>(base::reserve_memory(2 * reserved * sizeof(Word)));
  std::copy(p.undo_base, tx.undo_top, base);
  base::release_memory(p.undo_base, reserved * sizeof(Word));
  p.undo_base = base;
  tx.undo_top = base + used;
  p.undo_end = base + 2 * reserved;
}

// At the soft limit, and for every record of an inevitable transaction. False: it cannot abort, so
// no old content need be kept; what it acquires has to be recorded all the same, to be released,
// and for that there is room. May abort.
PYSTM_COLD bool undo_slow(Tx& tx) {
  Tx::Private& p = *tx.priv;
  if (!p.inevitable) {
    commit_soon(tx);
    tx.undo_limit += kUndoChunk;
    if (tx.undo_limit + kUndoSlack < p.undo_end) return true;
    become_inevitable(tx, "undo log full");
  }
  if (tx.undo_top + kUndoSlack >= p.undo_end) enlarge_undo_log(tx);
  return false;
}

void save_state(Tx& tx, MutObject* o) {
  close_record(tx);
  const gc::TypeInfo* info = gc::info_of(o);
  const size_t n = info->undo_words;
  Word* r = tx.undo_top;
  r[0] = reinterpret_cast<Word>(o);
  r[1] = static_cast<Word>(Undo::kState) | n << 8 | Word{o->shape_id} << 32;
  const Word* from = reinterpret_cast<const Word*>(o) + 2;  // NOBARRIER: acquired
  for (size_t i = 0; i < n; ++i) r[2 + i] = from[i];
  r[2 + n] = n + 3;
  tx.undo_top = r + n + 3;
}

void save_version(Tx& tx, Object* holder, const std::atomic<Word>& version) {
  close_record(tx);
  Word* r = tx.undo_top;
  r[0] = reinterpret_cast<Word>(holder);
  r[1] = static_cast<Word>(Undo::kVersion) | (reinterpret_cast<Word>(&version) - r[0]) << 8;
  r[2] = 3;
  tx.undo_top = r + 3;
}

// The common loop of both acquires. True: taken just now, and there is room for its undo record:
// what is taken must have one, or an abort would not give it back, so room is made before.
bool take(Tx& tx, Object* holder, std::atomic<Word>& word) {
  if (PYSTM_UNLIKELY(tx.undo_top >= tx.undo_limit)) undo_slow(tx);
  if (MUTANT(kRegionStampBeforeCas)) {
    raise_region(tx, &word);
    STM_POINT(tx, kAfterRegionStamp);
  }
  for (;;) {
    Word v = word.load(std::memory_order_acquire);
    if (v == tx.me) return false;
    if (PYSTM_LIKELY(v <= tx.rv)) {
      if (word.compare_exchange_weak(v, tx.me, std::memory_order_acq_rel)) break;
    } else if (is_stamp(v)) {
      settle_foreign_stamp(tx, holder, word, v, true);
    } else {
      extend_or_abort(
          tx, holder,
          static_cast<size_t>(reinterpret_cast<char*>(&word) - reinterpret_cast<char*>(holder)));
    }
  }
  STM_POINT(tx, kAfterCas);
  if (!MUTANT(kRegionStampAtCommit) && !MUTANT(kRegionStampBeforeCas)) raise_region(tx, &word);
  STM_POINT(tx, kAfterRegionStamp);
  return true;
}

PYSTM_NOINLINE void open_slots(Tx& tx, Object* holder, Word* address, Undo kind) {
  Tx::Private& p = *tx.priv;
  if (tx.undo_top >= tx.undo_limit && !undo_slow(tx)) return;
  close_record(tx);
  tx.open_holder = reinterpret_cast<Word>(holder) + static_cast<Word>(kind);
  p.open_record = tx.undo_top;
  saved_slot(tx, address) = saved_slot_tag(tx, address);
  Word* r = tx.undo_top;
  r[0] = reinterpret_cast<Word>(holder);
  r[1] = static_cast<Word>(kind);
  r[2] = reinterpret_cast<Word>(address) - r[0];
  r[3] = *address;
  tx.undo_top = r + 4;
}

// Logs one slot; slots of one holder in a row share a record, which stays open.
template <Undo kKind>
PYSTM_INLINE void save_slot(Tx& tx, Object* holder, Word* address) {
  const Word base = reinterpret_cast<Word>(holder);
  Word* const top = tx.undo_top;
  if (PYSTM_UNLIKELY(tx.open_holder != base + static_cast<Word>(kKind) || top >= tx.undo_limit))
    return open_slots(tx, holder, address, kKind);
  saved_slot(tx, address) = saved_slot_tag(tx, address);
  top[0] = reinterpret_cast<Word>(address) - base;
  top[1] = *address;
  tx.undo_top = top + 2;
}

}  // namespace

void read_slow(Tx& tx, MutObject* o) {
  chaos_at_barrier(tx);
  const Word v = o->vlock.load(std::memory_order_acquire);
  if (v <= tx.rv || v == tx.me) return;
  if (is_stamp(v)) {
    settle_foreign_stamp(tx, o, o->vlock, v, false);
  } else {
    extend_or_abort(tx, o, 8);
  }
}

void acquire_slow(Tx& tx, MutObject* o) {
  if (tx.me == 0) {  // solo: nobody to exclude, nothing to undo
    o->vlock.store(0, std::memory_order_relaxed);
    return;
  }
  chaos_at_barrier(tx);
  if (!take(tx, o, o->vlock)) return;
  if (PYSTM_LIKELY(!tx.priv->inevitable)) {
    save_state(tx, o);
  } else {
    save_version(tx, o, o->vlock);
  }
}

void read_slow_at(Tx& tx, Object* holder, std::atomic<Word>* version) {
  chaos_at_barrier(tx);
  const Word v = version->load(std::memory_order_acquire);
  if (v <= tx.rv || v == tx.me) return;
  if (is_stamp(v)) {
    settle_foreign_stamp(tx, holder, *version, v, false);
  } else {
    extend_or_abort(
        tx, holder,
        static_cast<size_t>(reinterpret_cast<char*>(version) - reinterpret_cast<char*>(holder)));
  }
}

void acquire_slow_at(Tx& tx, Object* holder, std::atomic<Word>* version) {
  if (tx.me == 0) {
    version->store(0, std::memory_order_relaxed);
    return;
  }
  chaos_at_barrier(tx);
  if (take(tx, holder, *version)) save_version(tx, holder, *version);
}

void log_read_at(Tx& tx, Object* holder, std::atomic<Word>* version) {
  if (tx.log_step == 0) return;
  tx.log[0] = reinterpret_cast<Word>(holder) | 1;
  tx.log[1] = reinterpret_cast<Word>(version) - reinterpret_cast<Word>(holder);
  tx.log += 2;
  tx.priv->interior_entries = true;
  if (PYSTM_UNLIKELY(tx.log >= tx.log_limit)) grow_log(tx);
}

void undo_value_slow(Tx& tx, Object* holder, Value* address) {
  save_slot<Undo::kValues>(tx, holder, reinterpret_cast<Word*>(address));
}
void undo_values_slow(Tx& tx, Object* holder, Value* first, size_t count) {
  if (tx.priv->inevitable) return;
  for (size_t i = 0; i < count; ++i)
    if (needs_undo(tx, 0, first + i))
      save_slot<Undo::kValues>(tx, holder, reinterpret_cast<Word*>(first + i));
}
void undo_word_slow(Tx& tx, Object* holder, Word* address) {
  save_slot<Undo::kWords>(tx, holder, address);
}

void grow_log(Tx& tx) {
  Tx::Private& p = *tx.priv;
  commit_soon(tx);
  // An entry is one or two words, and there is room for one above the limit.
  tx.log_limit = std::min(tx.log_limit + kLogChunk, p.log_end - 2);
  if (tx.log < tx.log_limit) return;
  // The reserve is used up: from here on the transaction cannot abort, so it need not log.
  become_inevitable(tx, "read log full");
}

namespace {
void give_back(Word* from, Word* to) {
  base::decommit_memory(from, static_cast<size_t>(to - from) * sizeof(Word));
}
}  // namespace

void reserve_logs(Tx& tx) {
  Tx::Private& p = *tx.priv;
  const size_t log_bytes = the_options.read_log_bytes, undo_bytes = the_options.undo_log_bytes;
  tx.log = p.log_base = static_cast<Word*>(base::reserve_memory(log_bytes));
  p.log_end = p.log_base + log_bytes / 8 - kLookAhead;
  tx.undo_top = p.undo_base = static_cast<Word*>(base::reserve_memory(undo_bytes));
  p.undo_end = p.undo_base + undo_bytes / 8;
  tx.saved_slots = p.saved_slots;
}

void shrink_logs(Tx& tx) {
  Tx::Private& p = *tx.priv;
  if (tx.log_limit > p.log_base + 4 * kLogChunk) give_back(p.log_base + kLogChunk, p.log_end);
  if (tx.undo_top > p.undo_base + 2 * kUndoChunk) give_back(p.undo_base + kUndoChunk, p.undo_end);
}

void drop_reads(Tx& tx) {
  Tx::Private& p = *tx.priv;
  tx.log = p.log_base;
  p.interior_entries = false;
  forget_reads(tx);
}

void forget_reads(Tx& tx) { std::fill(tx.noted_reads, tx.noted_reads + kNotedReads, nullptr); }

void forget_addresses(Tx& tx) {
  Tx::Private& p = *tx.priv;
  forget_reads(tx);
  std::fill(p.saved_slots, p.saved_slots + kSavedSlots, 0);
}

void release_logs(Tx& tx) {
  Tx::Private& p = *tx.priv;
  base::release_memory(p.log_base, the_options.read_log_bytes);
  base::release_memory(p.undo_base, static_cast<size_t>(p.undo_end - p.undo_base) * sizeof(Word));
}

// Every entry still has a version of our snapshot. A clean region vouches for all it holds.
bool validate(Tx& tx) {
  if (MUTANT(kNoValidate)) return true;
  const Word rv = tx.rv, me = tx.me;
  const std::atomic<Word>* stamps = gc::region_stamps;
  const Word* end = tx.log;
  for (const Word* at = tx.priv->log_base; at < end; ++at) {
    Word entry = *at;
    Word address = entry + 8;
    if (PYSTM_UNLIKELY(entry & 1)) address = (entry - 1) + *++at;
    if (PYSTM_LIKELY(stamps[address >> 16].load(std::memory_order_relaxed) <= rv)) continue;
    __builtin_prefetch(reinterpret_cast<const void*>(at[kLookAhead]));
    const Word v =
        reinterpret_cast<const std::atomic<Word>*>(address)->load(std::memory_order_acquire);
    if (PYSTM_UNLIKELY(v > rv) && v != me) {
      if (!(*at & 1) && address == *at + 8) reinterpret_cast<Object*>(*at)->set_flag(kShared);
      return false;
    }
  }
  return true;
}

void extend_or_abort(Tx& tx, Object* holder, size_t offset) {
  check_doomed(tx);
  const Word now = the_clock.now.load(std::memory_order_acquire);
  if (!tx.priv->inevitable && !validate(tx)) {
    report_conflict(tx, AbortReason::kReadWrite, holder, offset, 0);
    abort(tx, AbortReason::kReadWrite);
  }
  tx.rv = now;
  Tx::Private& p = *tx.priv;
  ++p.stats.extensions;
  // Who meets others often validates often: a shorter transaction has a shorter log.
  if (tx.log - p.log_base > kLongLog) commit_soon(tx);
}

namespace {

PYSTM_INLINE void release_records(Tx& tx, Word* from, Word* to, Word version) {
  each_undo(from, to, [&](const Word* r, const Word*) {
    const Undo kind = undo_kind(r);
    std::atomic<Word>* word;
    if (PYSTM_LIKELY(kind == Undo::kState)) {
      word = &reinterpret_cast<MutObject*>(r[0])->vlock;
    } else if (kind == Undo::kVersion) {
      word = reinterpret_cast<std::atomic<Word>*>(undo_address(r, r[1] >> 8));
    } else {
      return;
    }
    if (MUTANT(kRegionStampAtCommit)) raise_region(tx, word);
    word->store(version, std::memory_order_release);
  });
}

}  // namespace

// Invariant (v): the caller publishes the serial after this.
void release_written(Tx& tx, Word version) {
  close_record(tx);
  release_records(tx, tx.priv->undo_base, tx.undo_top, version);
}

namespace {

// Two by two: an object's state is a few words.
PYSTM_INLINE void restore_words(Word* to, const Word* from, size_t n) {
#ifdef PYSTM_TSAN
  for (size_t i = 0; i < n; ++i) store_racing(to + i, from[i]);
#else
  for (; n >= 2; n -= 2, to += 2, from += 2) std::memcpy(to, from, 2 * sizeof(Word));
  if (n != 0) *to = *from;
#endif
}

PYSTM_INLINE void undo_record(const Word* r, const Word* end) {
  switch (undo_kind(r)) {
    case Undo::kValues:
    case Undo::kWords:
      for (const Word* pair = end; (pair -= 2) > r;)
        store_racing(undo_address(r, pair[0]), pair[1]);
      break;
    case Undo::kState: {
      auto* o = reinterpret_cast<Object*>(r[0]);
      const ShapeId shape = state_shape(r);
      if (o->shape_id != shape) store_racing(&o->shape_id, shape);
      restore_words(reinterpret_cast<Word*>(r[0]) + 2, r + 2, state_words(r));
      break;
    }
    case Undo::kVersion:
      break;
  }
}

void undo_oldest_first(Word* from, Word* to) {
  std::vector<std::pair<Word*, Word*>> records;
  each_undo(from, to, [&](Word* r, Word* end) { records.emplace_back(r, end); });
  for (size_t i = records.size(); i-- > 0;) undo_record(records[i].first, records[i].second);
}

// Undoes the newest of the records below `end`; those from the result on are done.
Word* undo_piece(Word* base, Word* end) {
  if (MUTANT(kUndoOldestFirst)) {
    undo_oldest_first(base, end);
    return base;
  }
  Word* r = end;
  while (r > base && end - r < kUndoPiece) {
    __builtin_prefetch(r - kUndoAhead);
    Word* const length = r - 1;
    r -= *length;
    undo_record(r, length);
  }
  return r;
}

// Invariants (iii) and (viii) for the newest records. What guards a slot was acquired before the
// slot was saved, so they may be released while older ones are still to be undone.
Word* roll_back_piece(Tx& tx, Word* base, Word* end) {
  Word nv = 0;
  if (MUTANT(kEarlyAbortBump)) {
    nv = the_clock.now.fetch_add(1) + 1;
    STM_POINT(tx, kAfterClock);
  }
  Word* const start = undo_piece(base, end);
  STM_POINT(tx, kUndone);
  if (!MUTANT(kEarlyAbortBump)) nv = the_clock.now.fetch_add(1) + 1;
  if (MUTANT(kNoAbortBump)) nv = 0;
  release_records(tx, start, end, nv);
  STM_POINT(tx, kReleased);
  return start;
}

}  // namespace

// In pieces: what has just been undone is still in the nearest cache when it is released.
void roll_back(Tx& tx) {
  Tx::Private& p = *tx.priv;
  close_record(tx);
  for (Word* end = tx.undo_top; end > p.undo_base;) end = roll_back_piece(tx, p.undo_base, end);
  p.segment->current.store(tx.me + 1, std::memory_order_release);
}

}  // namespace pystm::stm
