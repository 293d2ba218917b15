// The stress program's workloads: each a transaction (or a few) with an invariant of its own.
#include <thread>

#include "tests/stm/stress.h"

namespace pystm::stm::stress {

namespace {

// Things that may happen anywhere inside a transaction.
void disturb(Tx& tx, base::Rng& rng) {
  const Word r = rng() >> 16;
  if (r % 64 == 0) poll(tx);
  if (r % 1024 == 1) gc::collect(tx, gc::Kind::kYoung);
  if (r % 40000 == 2) gc::collect(tx, gc::Kind::kFull);
  if (r % 512 == 3) {
    Segment& victim = segments[rng.below(settings.threads + 1)];
    if (&victim != tx.priv->segment) doom(tx, victim.current.load());
  }
  if (r % 256 == 4 && tx.me != 0 && !is_inevitable(tx)) extend_or_abort(tx, nullptr, 0);
  if (r % 128 == 5) new_cell(tx, 1);
  for (Word d = r % 16 == 6 ? r >> 8 & 63 : 0; d > 0; --d) base::cpu_relax();
}

bool give_up(Tx& tx, base::Rng& rng) {
  return rng.below(16) == 0 && tx.me != 0 && !is_inevitable(tx) && tx.priv->aborts == 0;
}

void pairs(Tx& tx, base::Rng& rng) {
  const Word kind = rng.below(4), start = rng.below(kPairs);
  atomically(tx, [&] {
    if (kind == 0) {
      const Word p = Shared::kPairsAt + 2 * start;
      set_number(tx, shared.cell(tx, p), number_of(tx, shared.cell(tx, p)) + 1);
      disturb(tx, rng);
      if (give_up(tx, rng)) stm::abort(tx, AbortReason::kChaos);
      set_number(tx, shared.cell(tx, p + 1), number_of(tx, shared.cell(tx, p + 1)) - 1);
      return;
    }
    for (Word i = 0; i < 4; ++i) {
      const Word p = Shared::kPairsAt + 2 * ((start + i * 5) % kPairs);
      const Word a = number_of(tx, shared.cell(tx, p));
      disturb(tx, rng);
      const Word b = number_of(tx, shared.cell(tx, p + 1));
      if (a + b != 0) anomaly(kPair);
    }
  });
}

void bank(Tx& tx, base::Rng& rng) {
  const bool audit = rng.below(8) == 0;
  atomically(tx, [&] {
    if (audit) {
      Word sum = 0;
      for (Word i = 0; i < kAccounts; ++i) {
        sum += number_of(tx, shared.cell(tx, Shared::kAccountsAt + i));
        if (i % 8 == 0) disturb(tx, rng);
      }
      if (sum != kAccounts * 1000) anomaly(kBank);
      return;
    }
    const Word a = Shared::kAccountsAt + rng.below(kAccounts);
    const Word b = Shared::kAccountsAt + rng.below(kAccounts);
    set_number(tx, shared.cell(tx, a), number_of(tx, shared.cell(tx, a)) - 3);
    disturb(tx, rng);
    if (give_up(tx, rng)) stm::abort(tx, AbortReason::kChaos);
    set_number(tx, shared.cell(tx, b), number_of(tx, shared.cell(tx, b)) + 3);
  });
  if (rng.below(16) == 0) {
    atomically(tx, [&] { shared.replace(tx, Shared::kAccountsAt + rng.below(kAccounts)); });
  }
}

// At most one of the two may be set, if each setter saw both clear.
void skew(Tx& tx, base::Rng& rng) {
  const bool set = rng.below(2) != 0;
  const Word mine = Shared::kSkewAt + rng.below(2);
  atomically(tx, [&] {
    const Word x = number_of(tx, shared.cell(tx, Shared::kSkewAt));
    const Word y = number_of(tx, shared.cell(tx, Shared::kSkewAt + 1));
    disturb(tx, rng);
    if (set) {
      if (x + y == 0) set_number(tx, shared.cell(tx, mine), 1);
    } else {
      if (x + y == 2) anomaly(kSkew);
      if (x != 0) set_number(tx, shared.cell(tx, Shared::kSkewAt), 0);
      if (y != 0) set_number(tx, shared.cell(tx, Shared::kSkewAt + 1), 0);
    }
  });
}

// A sorted list of even numbers; the head counts the nodes. Every insertion is a newborn.
void list(Tx& tx, base::Rng& rng) {
  const Word key = rng.below(64) * 2 + 2;
  atomically(tx, [&] {
    Cell* head = shared.cell(tx, Shared::kListAt);
    Word nodes = 0, last = 0;
    Cell* before = head;
    bool done = false;
    Word change = 0;
    for (Cell* at = Read<Cell>(tx, head)->next.as<Cell>(); at != nullptr;) {
      Read<Cell> r(tx, at);
      if (r->number <= last || r->number % 2 != 0) anomaly(kList);
      last = r->number;
      Cell* next = r->next.as<Cell>();
      if (!done && last == key) {
        Write<Cell>(tx, before).set(&Cell::State::next, Value(next));
        change = ~Word{0};
        done = true;
        ++nodes;
        at = next;
        continue;
      }
      if (!done && last > key) {
        Cell* fresh = new_cell(tx, key, Value(at));
        Write<Cell>(tx, before).set(&Cell::State::next, Value(fresh));
        change = 1;
        done = true;
      }
      ++nodes;
      before = at;
      at = next;
      if (nodes % 16 == 0) disturb(tx, rng);
      if (nodes > 1000) {
        anomaly(kList);
        return;
      }
    }
    if (number_of(tx, head) != nodes) anomaly(kList);
    if (!done) {
      Cell* fresh = new_cell(tx, key);
      Write<Cell>(tx, before).set(&Cell::State::next, Value(fresh));
      change = 1;
    }
    if (give_up(tx, rng)) stm::abort(tx, AbortReason::kChaos);
    set_number(tx, head, number_of(tx, head) + change);
  });
}

// Slots guarded by an owner; the owner's number is their sum. Slots are written twice around a
// collection, which makes the log hold two records for one slot.
void store(Tx& tx, base::Rng& rng) {
  const bool check = rng.below(3) == 0;
  atomically(tx, [&] {
    Cell* owner = shared.cell(tx, Shared::kStoreOwner);
    auto* s = static_cast<Store*>(shared.at(Shared::kStoreAt));
    auto sum = [&] {
      Word total = 0;
      for (Word i = 0; i < kStoreItems; ++i)
        total += static_cast<Word>(load_racing(&test::items(s)[i]).as_int());
      return total;
    };
    if (check) {
      Word total, number;
      do {
        STM_POINT(tx, kBeforeLoad);
        total = sum();
        number = load_racing(&Raw::state(owner).number);  // NOBARRIER: checked below
      } while (!read_check(tx, owner));
      if (total != number) anomaly(kStore);
      return;
    }
    Write<Cell> w(tx, owner);
    if (sum() != w->number) anomaly(kStore);
    const Word i = rng.below(kStoreItems);
    const Word old = static_cast<Word>(test::items(s)[i].as_int());
    write_slot(tx, s, s->birth, &test::items(s)[i], Value::of_int(static_cast<int64_t>(old + 100)));
    if (rng.below(64) == 0) gc::collect(tx, gc::Kind::kYoung);
    disturb(tx, rng);
    write_slot(tx, s, s->birth, &test::items(s)[i], Value::of_int(static_cast<int64_t>(old + 1)));
    if (rng.below(8) == 0 && give_up(tx, rng)) stm::abort(tx, AbortReason::kChaos);
    w.set(&Cell::State::number, w->number + 1);
  });
}

// Version words inside other objects.
void chunks(Tx& tx, base::Rng& rng) {
  const bool check = rng.below(2) != 0;
  auto chunk = [](Word i) { return static_cast<Chunk*>(shared.at(Shared::kChunksAt + i)); };
  auto read = [&tx](Chunk* c) {
    Word n;
    do {
      STM_POINT(tx, kBeforeLoad);
      n = load_racing(&c->number);
    } while (!read_check_at(tx, c, test::version_of(c)));
    return n;
  };
  atomically(tx, [&] {
    if (check) {
      Word sum = 0;
      for (Word i = 0; i < kChunks; ++i) {
        sum += read(chunk(i));
        disturb(tx, rng);
      }
      if (sum != 0) anomaly(kChunk);
      return;
    }
    Chunk* a = chunk(rng.below(kChunks));
    Chunk* b = chunk(rng.below(kChunks));
    acquire_at(tx, a, test::version_of(a));
    write_word(tx, a, 0, &a->number, a->number + 1);
    disturb(tx, rng);
    acquire_at(tx, b, test::version_of(b));
    if (give_up(tx, rng)) stm::abort(tx, AbortReason::kChaos);
    write_word(tx, b, 0, &b->number, b->number - 1);
  });
}

void counter(Tx& tx, base::Rng& rng) {
  atomically(tx, [&] {
    set_number(tx, shared.cell(tx, Shared::kCounterAt),
               number_of(tx, shared.cell(tx, Shared::kCounterAt)) + 1);
    disturb(tx, rng);
  });
  ++shared.counted;
}

// A section of several transactions under a lock, or of one (elided as a rule). Both count.
void locked(Tx& tx, base::Rng& rng) {
  auto lock = [] { return static_cast<Lock*>(shared.at(Shared::kLockAt)); };
  if (rng.below(4) != 0) {
    bool taken = false;
    atomically(tx, [&] {
      taken = lock_acquire(tx, lock(), 0, false) == LockResult::kAcquired;
      if (!taken) return;
      set_number(tx, shared.cell(tx, Shared::kLockedAt),
                 number_of(tx, shared.cell(tx, Shared::kLockedAt)) + 1);
      disturb(tx, rng);
      lock_release(tx, lock(), false);
    });
    if (taken) ++shared.locked_increments;
    return;
  }
  bool taken = false;
  atomically(tx, [&] { taken = lock_acquire(tx, lock(), 0, false) == LockResult::kAcquired; });
  if (!taken) return;
  if (shared.in_lock.fetch_add(1) != 0) anomaly(kLockOverlap);
  Word n = 0;
  atomically(tx, [&] { n = number_of(tx, shared.cell(tx, Shared::kLockedAt)); });
  if (rng.below(8) == 0) std::this_thread::yield();
  atomically(tx, [&] {
    if (number_of(tx, shared.cell(tx, Shared::kLockedAt)) != n) anomaly(kLockCount);
    set_number(tx, shared.cell(tx, Shared::kLockedAt), n + 1);
  });
  ++shared.locked_increments;
  shared.in_lock.fetch_sub(1);
  atomically(tx, [&] { lock_release(tx, lock(), false); });
}

// Half inevitable: an increment of one cell, then of another, then both must agree for everyone.
void inevitable(Tx& tx, base::Rng& rng) {
  const Word kind = rng.below(8);
  atomically(tx, [&] {
    bool bound = false;
    try {
      Cell* a = shared.cell(tx, Shared::kInevitableAt);
      Cell* b = shared.cell(tx, Shared::kInevitableAt + 1);
      if (kind == 0) {
        if (rng.below(2) != 0) number_of(tx, b);
        become_inevitable(tx, "stress");
        bound = is_inevitable(tx);
      }
      const Word x = number_of(tx, a);
      disturb(tx, rng);
      for (Word d = kind == 0 ? rng.below(500) : 0; d > 0; --d) base::cpu_relax();
      const Word y = number_of(tx, b);
      if (x != y) anomaly(kPair);
      if (kind > 3) return;
      set_number(tx, a, x + 1);
      disturb(tx, rng);
      set_number(tx, b, y + 1);
    } catch (const Abort&) {
      if (bound) anomaly(kInevitable);
      throw;
    }
  });
}

}  // namespace

void one_transaction(Tx& tx, base::Rng& rng, unsigned thread) {
  answer_request(tx);
  const Word which = settings.only >= 0 ? static_cast<Word>(settings.only) : rng.below(10);
  switch (which) {
    case 0:
      return pairs(tx, rng);
    case 1:
      return bank(tx, rng);
    case 2:
      return skew(tx, rng);
    case 3:
      return list(tx, rng);
    case 4:
      return store(tx, rng);
    case 5:
      return chunks(tx, rng);
    case 6:
      return counter(tx, rng);
    case 7:
      return locked(tx, rng);
    case 8:
      return inevitable(tx, rng);
    default:
      return moved_region(tx, rng);
  }
}

}  // namespace pystm::stm::stress
