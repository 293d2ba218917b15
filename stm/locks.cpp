// Python locks over transactions; see locks.h.
//
// Invariant: a lock noted in the elision list was read (and logged) as free in this transaction, so
// whoever really takes it meanwhile invalidates us, and we him if we write it at commit.
#include <algorithm>

#include "base/assert.h"
#include "stm/private.h"

namespace pystm::stm {

WaitRoom wait_rooms[kWaitRooms];

unsigned room_number(const Lock* lock) {
  constexpr Word kSpread = 0x9E3779B97F4A7C15;
  return static_cast<unsigned>(reinterpret_cast<Word>(lock) / 16 * kSpread >> 58);
}

// While it lives the thread is known to wait for the lock. To be made before the transaction that
// found the lock held has ended: in solo mode nobody else has run then, so that a release without
// waiters need not be announced.
class Waiting {
 public:
  Waiting(WaitRoom& room, const Lock* lock) : room_(room), lock_(lock) {
    std::lock_guard guard(room_.mutex);
    next_ = std::exchange(room_.first, this);
    room_.waiters.fetch_add(1);
  }
  ~Waiting() {
    std::lock_guard guard(room_.mutex);
    Waiting** at = &room_.first;
    while (*at != this) at = &(*at)->next_;
    *at = next_;
    room_.waiters.fetch_sub(1);
  }
  static bool for_lock(WaitRoom& room, const Lock* lock) {
    std::lock_guard guard(room.mutex);
    const Waiting* w = room.first;
    while (w != nullptr && w->lock_ != lock) w = w->next_;
    return w != nullptr;
  }

 private:
  WaitRoom& room_;
  const Lock* lock_;  // stays: the waiter's stack names it
  Waiting* next_;
};

namespace {

// The newest first: sections nest.
ElidedLock* find_elided(Tx& tx, Lock* lock) {
  auto& elided = tx.priv->elided;
  for (size_t k = elided.size(); k-- > 0;) {
    if (elided[k].lock.ptr == lock) return &elided[k];
  }
  return nullptr;
}

Word name_of(const Tx& tx) { return Word{1} + tx.priv->tid; }

// Writes the word, if the lock is free or, re-entrantly, ours.
bool take_really(Tx& tx, Lock* lock, bool reentrant) {
  Write<Lock> w(tx, lock);
  const Word me = name_of(tx);
  if (w->holder != 0 && !(reentrant && w->holder == me)) return false;
  if (w->holder == 0) ++tx.priv->stats.taken_locks;
  w.set(&Lock::State::holder, me);
  w.set(&Lock::State::count, w->count + 1);
  return true;
}

// One attempt. `real`: write the word now (the transaction is about to end anyway, or solo).
bool try_take(Tx& tx, Lock* lock, bool reentrant, bool real) {
  if (tx.me == 0) return take_really(tx, lock, reentrant);
  if (ElidedLock* e = find_elided(tx, lock)) {
    if (!reentrant) return false;
    ++e->count;
    return true;
  }
  Word* const log = tx.log;
  Read<Lock> r(tx, lock);
  if (MUTANT(kElisionNotLogged)) tx.log = log;
  if (r->holder != 0 && !(reentrant && r->holder == name_of(tx))) return false;
  if (r->holder != 0 || real || tx.priv->inevitable) return take_really(tx, lock, reentrant);
  tx.priv->elided.push_back({lock, 1});
  tx.priv->extras = true;
  ++tx.priv->stats.elided_locks;
  return true;
}

// Solo mode: other locks of the same room wake nobody, which would end it.
bool is_awaited(WaitRoom& room, const Lock* lock) {
  return room.waiters.load(std::memory_order_relaxed) != 0 && Waiting::for_lock(room, lock);
}

// Sleeps until a lock of the room is freed, `deadline` passes or the thread has something else to
// do. The caller is Waiting.
void wait_for_a_release(Tx& tx, WaitRoom& room, uint32_t seen, Word deadline) {
  while (room.epoch.load() == seen && !tx.priv->attention.load()) {
    int64_t left = 50000000;  // looks at `attention` now and then: signals may hit another thread
    if (deadline != 0) {
      const Word now = base::now_ns();
      if (now >= deadline) break;
      left = std::min<int64_t>(left, static_cast<int64_t>(deadline - now));
    }
    base::futex_wait(room.epoch, seen, left);
  }
}

// In the middle of a transaction that may not end here. As a rule it starts over when a lock has
// been freed. That is no help for a lock that it took itself (a Condition's waiter), nor for one
// whose holder waits for what it does only when it commits (start a thread): then what it did so
// far has to stand.
void wait_inside(Tx& tx, Lock* lock, uint32_t epoch, Word deadline) {
  if (!is_inevitable(tx)) {
    const bool ours = find_elided(tx, lock) != nullptr || is_mine(tx, lock);
    if (tx.isolated != 0 || (!ours && tx.priv->aborts < the_options.retries)) {
      tx.priv->lost_room = room_number(lock);
      tx.priv->lost_lock_epoch = epoch;
      report_conflict(tx, AbortReason::kLockHeld, nullptr, 0, 0);
      abort(tx, AbortReason::kLockHeld);
    }
    become_inevitable(tx, "wait for a lock");
  }
  // Its holder needs to commit to let go: no way but to end here for good.
  WaitRoom& room = wait_rooms[room_number(lock)];
  const Waiting waiting(room, lock);
  break_transaction(tx, [&] { wait_for_a_release(tx, room, epoch, deadline); });
}

}  // namespace

namespace {

// Between transactions: waits and tries in transactions of its own, so that the one begun at the
// end has touched nothing and need not be inevitable.
LockResult acquire_outside(Tx& tx, Lock* lock, uint32_t epoch, Word deadline, bool reentrant) {
  LockResult result = LockResult::kTimedOut;
  WaitRoom& room = wait_rooms[room_number(lock)];
  const Waiting waiting(room, lock);
  commit(tx);
  for (;;) {
    go_outside(tx, [&] { wait_for_a_release(tx, room, epoch, deadline); });
    const bool late = deadline != 0 && base::now_ns() >= deadline;
    bool taken = false;
    run_alone(tx, [&] {
      epoch = room.epoch.load();
      taken = try_take(tx, lock, reentrant, true);
    });
    if (taken) result = LockResult::kAcquired;
    if (taken || late) break;
    if (tx.priv->attention.exchange(false)) {
      result = LockResult::kInterrupted;
      break;
    }
  }
  begin(tx);
  tx.restarted = true;
  if (result == LockResult::kInterrupted) secure_restart(tx);  // the caller looks for signals
  return result;
}

}  // namespace

bool lock_try(Tx& tx, Lock* lock, bool reentrant) { return try_take(tx, lock, reentrant, false); }

LockResult lock_acquire(Tx& tx, Lock* lock, int64_t timeout_ns, bool reentrant) {
  const Word deadline = timeout_ns > 0 ? base::now_ns() + static_cast<Word>(timeout_ns) : 0;
  secure_restart(tx);
  for (;;) {
    const uint32_t epoch = wait_rooms[room_number(lock)].epoch.load();
    if (try_take(tx, lock, reentrant, false)) return LockResult::kAcquired;
    if (timeout_ns == 0) return LockResult::kTimedOut;
    if (tx.no_boundary == 0) return acquire_outside(tx, lock, epoch, deadline, reentrant);
    wait_inside(tx, lock, epoch, deadline);
    if (tx.priv->attention.exchange(false)) return LockResult::kInterrupted;
    if (deadline != 0 && base::now_ns() >= deadline)
      return try_take(tx, lock, reentrant, false) ? LockResult::kAcquired : LockResult::kTimedOut;
  }
}

bool lock_release(Tx& tx, Lock* lock, bool reentrant) {
  const auto may_release = [&](Word holder) {
    return holder != 0 && (!reentrant || holder == name_of(tx));
  };
  auto& elided = tx.priv->elided;
  if (ElidedLock* e = find_elided(tx, lock)) {
    if (--e->count == 0) elided.erase(elided.begin() + (e - elided.data()));
    if (elided.empty()) {
      tx.priv->asked_in_section = 0;
      answer_soon(tx);
    }
    return true;
  }
  if (tx.me != 0) {
    Read<Lock> r(tx, lock);
    if (!may_release(r->holder)) return false;
  }
  Write<Lock> w(tx, lock);
  if (!may_release(w->holder)) return false;
  const Word count = reentrant ? w->count - 1 : 0;
  w.set(&Lock::State::count, count);
  if (count == 0) {
    w.set(&Lock::State::holder, Word{0});
    const unsigned room = room_number(lock);
    if (tx.me == 0 && !is_awaited(wait_rooms[room], lock)) return true;
    tx.priv->freed_rooms |= Word{1} << room;
    tx.priv->extras = true;
    if (tx.me == 0) announce_freed_locks(tx);
  }
  return true;
}

bool lock_is_held(Tx& tx, Lock* lock) {
  if (find_elided(tx, lock) != nullptr) return true;
  return Read<Lock>(tx, lock)->holder != 0;
}

bool lock_is_owned(Tx& tx, Lock* lock) {
  if (find_elided(tx, lock) != nullptr) return true;
  return Read<Lock>(tx, lock)->holder == name_of(tx);
}

// At the end of a transaction that holds locks only by its notes: now they become real.
void write_elided_locks(Tx& tx) {
  auto& elided = tx.priv->elided;
  for (ElidedLock& e : elided) {
    if (MUTANT(kElisionNotWritten)) break;
    Write<Lock> w(tx, e.lock);
    w.set(&Lock::State::holder, name_of(tx));
    w.set(&Lock::State::count, e.count);
    ++tx.priv->stats.taken_locks;
  }
  elided.clear();
}

void announce_freed_locks(Tx& tx) {
  for (Word rooms = std::exchange(tx.priv->freed_rooms, 0); rooms != 0; rooms &= rooms - 1) {
    WaitRoom& room = wait_rooms[__builtin_ctzll(rooms)];
    room.epoch.fetch_add(1);
    if (room.waiters.load() != 0) base::futex_wake(room.epoch);
  }
}

bool freed_lock_is_awaited(const Tx& tx) {
  for (Word rooms = tx.priv->freed_rooms; rooms != 0; rooms &= rooms - 1)
    if (wait_rooms[__builtin_ctzll(rooms)].waiters.load(std::memory_order_relaxed) != 0)
      return true;
  return false;
}

void forget_lock_waiters() {
  for (WaitRoom& room : wait_rooms) new (&room) WaitRoom;
}

}  // namespace pystm::stm
