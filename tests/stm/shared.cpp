// The stress program's objects, their final state, and the workload that takes two threads.
#include <array>

#include "tests/stm/stress.h"

namespace pystm::stm::stress {

namespace {

// Laid out as a Cell, in a size class of its own: whose old blocks (and their region stamps) it
// shares with no other written object.
constexpr size_t kOddSizes[] = {224, 320, 384};

ShapeId odd_cell(unsigned which) {
  static gc::TypeInfo infos[3];
  static const std::array<ShapeId, 3> ids = [] {
    std::array<ShapeId, 3> made;
    for (unsigned i = 0; i < 3; ++i) {
      infos[i] = gc::fixed_info<Cell>("odd cell");
      infos[i].fixed_size = static_cast<uint32_t>(kOddSizes[i]);
      made[i] = gc::register_type(&infos[i]);
    }
    return made;
  }();
  return ids[which];
}

Cell* new_odd_cell(Tx& tx, unsigned which, Word number) {
  auto* c = static_cast<Cell*>(gc::allocate(tx, kOddSizes[which]));
  c->shape_id = odd_cell(which);  // NOBARRIER: newborn
  c->flags.store(0, std::memory_order_relaxed);
  init_state(tx, c) = {number, Value(), nullptr};
  return c;
}

void put(Tx& tx, Word slot, Value v) {
  auto* s = shared.table.value.as<Store>();
  write_slot(tx, s, s->birth, &test::items(s)[slot], v);
}

}  // namespace

void Shared::create(Tx& tx) {
  odd_cell(0);
  table.value = Value(test::new_store(tx, kSlots));
  for (Word i = 0; i < kSlots; ++i) {
    Word number = 0;
    if (i >= kAccountsAt && i < kAccountsAt + kAccounts) number = 1000;
    if (i == kStoreAt) {
      Store* s = test::new_store(tx, kStoreItems);
      for (Word k = 0; k < kStoreItems; ++k) test::items(s)[k] = Value::of_int(0);
      put(tx, i, Value(s));
    } else if (i == kLockAt) {
      put(tx, i, Value(test::new_lock(tx)));
    } else if (i >= kChunksAt && i < kChunksAt + kChunks) {
      put(tx, i, Value(test::new_chunk(tx)));
    } else if (i == kStoreOwner) {
      // Its handle is itself.
      Cell* c = new_cell(tx, 0);
      Write<Cell>(tx, c).set(&Cell::State::next, Value(c));
      put(tx, i, Value(c));
    } else {
      const bool skew = i == kSkewAt || i == kSkewAt + 1;
      Cell* c = skew ? new_odd_cell(tx, 1 + static_cast<unsigned>(i - kSkewAt), number)
                     : new_cell(tx, number);
      put(tx, i, Value(new_cell(tx, 0, Value(c))));
    }
  }
}

void Shared::replace(Tx& tx, Word slot) {
  auto* handle = static_cast<Cell*>(at(slot));
  Write<Cell> w(tx, handle);
  Read<Cell> old(tx, w->next.as<Cell>());
  w.set(&Cell::State::next, Value(new_cell(tx, old->number, old->next)));
}

void Shared::final_checks(Tx& tx) {
  for (Word p = 0; p < kPairs; ++p) {
    if (number_of(tx, cell(tx, kPairsAt + 2 * p)) + number_of(tx, cell(tx, kPairsAt + 2 * p + 1)) !=
        0)
      anomaly(kPair);
  }
  Word sum = 0;
  for (Word i = 0; i < kAccounts; ++i) sum += number_of(tx, cell(tx, kAccountsAt + i));
  if (sum != kAccounts * 1000) anomaly(kBank);
  if (number_of(tx, cell(tx, kCounterAt)) != counted.load()) anomaly(kCounter);
  if (number_of(tx, cell(tx, kLockedAt)) != locked_increments.load()) anomaly(kLockCount);
  if (number_of(tx, cell(tx, kInevitableAt)) != number_of(tx, cell(tx, kInevitableAt + 1)))
    anomaly(kPair);
}

// --- the object that moves under a reader --------------------------------------------------------

namespace {

enum Request : uint32_t { kNobody, kAsked, kTaken, kAnswered, kAbandoned };
std::atomic<uint32_t> request{kNobody};
std::atomic<bool> busy{false};

// Leaves no pointer to the object on the stack, which would pin it.
PYSTM_NOINLINE void publish_big(Tx& tx) {
  auto* handle = static_cast<Cell*>(shared.at(Shared::kMovedAt));
  Write<Cell>(tx, handle).set(&Cell::State::next, Value(new_odd_cell(tx, 0, 1)));
}
PYSTM_NOINLINE Word read_big(Tx& tx) { return number_of(tx, shared.cell(tx, Shared::kMovedAt)); }
PYSTM_NOINLINE void write_big(Tx& tx) {
  Cell* c = shared.cell(tx, Shared::kMovedAt);
  set_number(tx, c, number_of(tx, c) + 1);
}
PYSTM_NOINLINE void scrub() {
  volatile char room[4096];
  for (size_t i = 0; i < sizeof room; ++i) room[i] = 0;
}

}  // namespace

void answer_request(Tx& tx) {
  uint32_t asked = kAsked;
  if (tx.me == 0 || !request.compare_exchange_strong(asked, kTaken)) return;
  atomically(tx, [&] { write_big(tx); });
  scrub();
  gc::collect(tx, gc::Kind::kYoung);
  uint32_t taken = kTaken;
  if (!request.compare_exchange_strong(taken, kAnswered)) {  // abandoned: clear up for the next
    request = kNobody;
    busy = false;
  }
}

namespace {

// kAnswered: someone wrote and moved the object meanwhile.
Request wait_for_answer(Tx& tx) {
  request = kAsked;
  const Word start = base::now_ns();
  while (request.load() != kAnswered) {
    if (gc::stop_requested()) gc::safepoint(tx);
    base::cpu_relax();
    const Word waited = base::now_ns() - start;
    uint32_t asked = kAsked, taken = kTaken;
    if (waited > 300000 && request.compare_exchange_strong(asked, kNobody)) return kNobody;
    // The other may wait for our boundary (a mode switch): let it finish alone.
    if (waited > 5000000 && request.compare_exchange_strong(taken, kAbandoned)) return kAbandoned;
  }
  return kAnswered;
}

}  // namespace

void moved_region(Tx& tx, base::Rng& rng) {
  if (tx.me == 0 || rng.below(8) != 0 || busy.exchange(true)) return;
  atomically(tx, [&] { publish_big(tx); });
  scrub();
  bool first = true, committed_first = false;
  Request outcome = kNobody;
  atomically(tx, [&] {
    const bool again = !std::exchange(first, false);
    committed_first = !again && tx.me != 0;
    if (again || tx.me == 0 || is_inevitable(tx)) return;
    read_big(tx);
    scrub();
    outcome = wait_for_answer(tx);
    // Something of its own to write, so that the commit validates.
    Cell* own = shared.cell(tx, Shared::kOwnAt);
    set_number(tx, own, number_of(tx, own) + 1);
  });
  // Committed at the first try, though what it had read was overwritten in between.
  if (outcome == kAnswered && committed_first) anomaly(kMoved);
  if (outcome == kAbandoned) return;  // whoever took it clears up
  request = kNobody;
  busy = false;
}

}  // namespace pystm::stm::stress
