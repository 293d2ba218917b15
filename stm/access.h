// The barriers: the only way to a mutable heap field.
//
//   Read<List> r(tx, list);            r->size, r->storage: a validated copy of the State
//   Write<List> w(tx, list);           acquired; w->size reads, w.set(&List::State::size, n) stores
//   read_item / write_item             slots of storage objects guarded by another object's vlock
//
// A vlock is a version (top bit clear) or a stamp: 1<<63 | tid<<48 | serial. Equal to tx.me: ours
// (acquired, or born in this transaction). A stamp with an older serial of its tid is stale: the
// object is public, version 0. Any other stamp: locked.
//
// After a call that can run Python code, poll or block, make a new Read. A Write stays valid until
// the transaction ends; its stores go through the generational barrier one by one.
#pragma once

#include <cstring>

#include "stm/test_points.h"
#include "stm/tx.h"

namespace pystm::stm {

// Slow paths; may throw Abort. After read_slow the caller re-loads. They may wait and so may be
// a safepoint: what native frames hold is pinned.
void read_slow(Tx& tx, MutObject* o);
void acquire_slow(Tx& tx, MutObject* o);
void grow_log(Tx& tx);

// The only code that touches State directly.
struct Raw {
  template <class T>
  static typename T::State& state(T* o) {
    return o->state_;
  }
};

PYSTM_INLINE void compiler_barrier() { asm volatile("" ::: "memory"); }

// Loads and stores of racing data. Real builds race by design (the header check after the loads
// decides); under ThreadSanitizer they are atomics, whose acquire and release also order what a
// published newborn holds.
#ifdef PYSTM_TSAN
template <class S>
void copy_racing(S* to, const S* from) {
  static_assert(sizeof(S) % 8 == 0);
  for (size_t i = 0; i < sizeof(S) / 8; ++i) {
    reinterpret_cast<Word*>(to)[i] =
        __atomic_load_n(reinterpret_cast<const Word*>(from) + i, __ATOMIC_ACQUIRE);
  }
}
template <class T>
void store_racing(T* slot, T v) {
  __atomic_store(slot, &v, __ATOMIC_RELEASE);
}
template <class T>
T load_racing(const T* slot) {
  T v;
  __atomic_load(const_cast<T*>(slot), &v, __ATOMIC_ACQUIRE);
  return v;
}
inline void move_racing(Value* to, const Value* from, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    const size_t k = to < from ? i : count - 1 - i;
    store_racing(to + k, load_racing(from + k));
  }
}
#else
template <class S>
PYSTM_INLINE void copy_racing(S* to, const S* from) {
  *to = *from;
}
template <class T>
PYSTM_INLINE void store_racing(T* slot, T v) {
  *slot = v;
}
template <class T>
PYSTM_INLINE T load_racing(const T* slot) {
  return *slot;
}
inline void move_racing(Value* to, const Value* from, size_t count) {
  std::memmove(static_cast<void*>(to), from, count * sizeof(Value));
}
#endif

// Is this object or version word in the read log, as far as a glance tells? If not, it has to be
// now: the next question finds it there. Loops read the same few objects over and over.
[[nodiscard]] PYSTM_INLINE bool noted(Tx& tx, const void* what) {
  const void*& note = tx.noted_reads[reinterpret_cast<Word>(what) / 32 % kNotedReads];
  if (note == what) return true;
  note = what;
  return false;
}
// Appends `o` to the read log (nowhere in solo mode: the cursor does not advance). False: grow_log
// must follow. Room is made after an entry, not before: where the log is full the transaction
// becomes inevitable, and what validates it then has to see the entry whose check has just passed.
[[nodiscard]] PYSTM_INLINE bool append_read(Tx& tx, const MutObject* o) {
  if (MUTANT(kNoReadLog)) return true;
  Word* const top = tx.log;
  *top = reinterpret_cast<Word>(o);
  Word* const next = reinterpret_cast<Word*>(reinterpret_cast<char*>(top) + tx.log_step);
  tx.log = next;
  return PYSTM_LIKELY(next < tx.log_limit);
}
PYSTM_INLINE void log_read(Tx& tx, const MutObject* o) {
  if (!append_read(tx, o)) grow_log(tx);
}

// Closes a group of loads from `o`: true if they belong to the snapshot; false: load again.
// kOnce: without a note, for code that visits many objects once each.
template <bool kOnce = false>
PYSTM_INLINE bool read_check(Tx& tx, MutObject* o) {
  STM_POINT(tx, kBeforeCheck);
  compiler_barrier();
  const Word v = o->vlock.load(std::memory_order_relaxed);
  if (PYSTM_LIKELY(v <= tx.rv)) {
    if (kOnce || !noted(tx, o)) log_read(tx, o);
    return true;
  }
  if (v == tx.me) return true;
  read_slow(tx, o);
  return false;
}

// Makes `o` ours until the transaction ends; its State (and map word) is saved for undo.
PYSTM_INLINE void acquire(Tx& tx, MutObject* o) {
  if (PYSTM_UNLIKELY(o->vlock.load(std::memory_order_relaxed) != tx.me)) acquire_slow(tx, o);
}
PYSTM_INLINE bool is_mine(const Tx& tx, const MutObject* o) {
  return o->vlock.load(std::memory_order_relaxed) == tx.me;
}

// A consistent copy of an object's State.
template <class T, bool kOnce = false>
class Read {
 public:
  using State = typename T::State;
  Read(Tx& tx, T* o) {
    if (MUTANT(kCheckBeforeLoad)) {
      while (!read_check<kOnce>(tx, o)) {
      }
      STM_POINT(tx, kBeforeLoad);
      copy_racing(&copy_, &Raw::state(o));
      return;
    }
    do {
      STM_POINT(tx, kBeforeLoad);
      copy_racing(&copy_, &Raw::state(o));
    } while (PYSTM_UNLIKELY(!read_check<kOnce>(tx, o)));
  }
  const State* operator->() const { return &copy_; }

 private:
  State copy_;
};

// A copy of an object's State that is NOT validated yet: to look further (into storage, whose own
// capacity is immutable) before one read_check(tx, o) closes the whole group. Nothing of it may be
// used for an effect before that check has said true.
template <class T>
class Peek {
 public:
  using State = typename T::State;
  explicit Peek(T* o) { copy_racing(&copy_, &Raw::state(o)); }
  const State* operator->() const { return &copy_; }

 private:
  State copy_;
};

// An acquired object, worked on in place.
template <class T>
class Write {
 public:
  using State = typename T::State;
  Write(Tx& tx, T* o) : tx_(tx), o_(o) { acquire(tx, o); }
  const State* operator->() const { return &Raw::state(o_); }
  template <class F, class V>
  void set(F State::*field, V v) {
    F& slot = Raw::state(o_).*field;
    STM_POINT(tx_, kBeforeStore);
    store_racing(&slot, static_cast<F>(v));
    if constexpr (is_ref_v<F>) gc::store_barrier(tx_, o_, reinterpret_cast<const Value*>(&slot));
  }
  // For a value known to be no reference (tagged int): no generational barrier.
  template <class F>
  void set_plain(F State::*field, F v) {
    Raw::state(o_).*field = v;
  }

 private:
  Tx& tx_;
  T* o_;
};

// Initialises the State of an object just allocated: nobody else can see it.
// Also stores the creator stamp. Call before the next allocation.
template <class T>
typename T::State& init_state(Tx& tx, T* o) {
  // NOBARRIER: newborn
  o->vlock.store(tx.me, std::memory_order_relaxed);
  return Raw::state(o);
}

// --- slots outside a State: items of storage objects, slots of instances
// --------------------------- Storage is an object without a vlock of its own whose items are
// guarded by `owner` (a list's or dict's storage, an instance's overflow). `birth` is the storage's
// birth stamp word: when equal to me, undo records are not needed. They log (holder, offset, old
// bits), once per slot as a rule. A Value's old bits are a root.
void undo_value_slow(Tx& tx, Object* holder, Value* address);
void undo_word_slow(Tx& tx, Object* holder, Word* address);
void undo_values_slow(Tx& tx, Object* holder, Value* first, size_t count);

// An entry of saved_slots: an address with the low bits of the transaction's serial.
PYSTM_INLINE Word saved_slot_tag(const Tx& tx, const void* slot) {
  return reinterpret_cast<Word>(slot) | tx.me << kSerialBits;
}
PYSTM_INLINE Word& saved_slot(const Tx& tx, const void* slot) {
  return tx.saved_slots[reinterpret_cast<Word>(slot) / 8 % kSavedSlots];
}
// Must the old content of a slot still be logged?
PYSTM_INLINE bool needs_undo(const Tx& tx, Word birth, const void* slot) {
  return PYSTM_UNLIKELY(birth != tx.me) && tx.me != 0 &&
         saved_slot(tx, slot) != saved_slot_tag(tx, slot);
}

// REQUIRES: owner acquired. Logs the old word unless solo or the holder was born in this
// transaction, stores, and keeps the generational barrier.
PYSTM_INLINE void write_slot(Tx& tx, Object* holder, Word birth, Value* slot, Value v) {
  if (needs_undo(tx, birth, slot)) undo_value_slow(tx, holder, slot);
  store_racing(slot, v);
  gc::store_barrier(tx, holder, slot);
}
PYSTM_INLINE void write_word(Tx& tx, Object* holder, Word birth, Word* slot, Word v) {
  if (needs_undo(tx, birth, slot)) undo_word_slow(tx, holder, slot);
  store_racing(slot, v);
}
// Stores `count` values, which may lie in `holder` too, into slots side by side.
inline void write_slots(Tx& tx, Object* holder, Word birth, Value* to, const Value* from,
                        size_t count) {
  if (birth != tx.me && tx.me != 0) undo_values_slow(tx, holder, to, count);
  move_racing(to, from, count);
  gc::store_barrier_range(tx, holder, to, count);
}
// Changes the shape half of an acquired object's map word (saved by the acquire).
PYSTM_INLINE void write_shape(MutObject* o, ShapeId shape) { store_racing(&o->shape_id, shape); }

// --- version words inside a storage object (list chunks, entries of shared dicts)
// ------------------ Same protocol as a vlock; `holder` contains the word (for log fix-up when it
// moves).
void read_slow_at(Tx& tx, Object* holder, std::atomic<Word>* version);
void acquire_slow_at(Tx& tx, Object* holder, std::atomic<Word>* version);
void log_read_at(Tx& tx, Object* holder, std::atomic<Word>* version);

PYSTM_INLINE bool read_check_at(Tx& tx, Object* holder, std::atomic<Word>* version) {
  compiler_barrier();
  const Word v = version->load(std::memory_order_relaxed);
  if (PYSTM_LIKELY(v <= tx.rv)) {
    if (!noted(tx, version)) log_read_at(tx, holder, version);
    return true;
  }
  if (v == tx.me) return true;
  read_slow_at(tx, holder, version);
  return false;
}
PYSTM_INLINE void acquire_at(Tx& tx, Object* holder, std::atomic<Word>* version) {
  if (PYSTM_UNLIKELY(version->load(std::memory_order_relaxed) != tx.me))
    acquire_slow_at(tx, holder, version);
}

}  // namespace pystm::stm
