// What the stress program's workloads share.
#pragma once

#include "tests/unit/stm/cells.h"

namespace pystm::stm::stress {

using test::atomically;
using test::Cell;
using test::Chunk;
using test::new_cell;
using test::number_of;
using test::set_number;
using test::Store;

struct Settings {
  long transactions = 2000000;
  unsigned threads = 3;
  Word seed = 1;
  int seconds = 30;
  int only = -1;  // one workload by number
  bool stop_at_anomaly = false;
};
extern Settings settings;

enum Anomaly {
  kPair,
  kBank,
  kSkew,
  kList,
  kStore,
  kLockCount,
  kLockOverlap,
  kInevitable,
  kCounter,
  kMoved,
  kSolo,
  kChunk,
  kAnomalies
};
void anomaly(Anomaly a);
extern const char* const kMutantNames[];
extern std::atomic<bool> stopping;

inline constexpr Word kPairs = 16, kAccounts = 24, kStoreItems = 32, kChunks = 4;

// Everything hangs on one table, so that all of it can move. Slots by name:
struct Shared {
  enum Slot : Word {
    kPairsAt = 0,
    kAccountsAt = kPairsAt + 2 * kPairs,
    kSkewAt = kAccountsAt + kAccounts,
    kListAt = kSkewAt + 2,
    kStoreOwner = kListAt + 1,
    kStoreAt,
    kLockAt,
    kLockedAt,
    kInevitableAt,
    kCounterAt = kInevitableAt + 2,
    kChunksAt,
    kMovedAt = kChunksAt + kChunks,
    kOwnAt,
    kSlots
  };
  gc::Root table;
  std::atomic<Word> counted{0};  // increments of kCounterAt that committed
  std::atomic<Word> in_lock{0};  // threads inside a really held section
  std::atomic<Word> locked_increments{0};

  void create(Tx& tx);
  void final_checks(Tx& tx);
  Object* at(Word slot) const { return test::items(table.value.as<Store>())[slot].object(); }
  // Cells stand behind handles, so that they can be replaced.
  Cell* cell(Tx& tx, Word slot) const {
    return Read<Cell>(tx, static_cast<Cell*>(at(slot)))->next.as<Cell>();
  }
  // Puts a fresh copy into the slot, so that there is something to move.
  void replace(Tx& tx, Word slot);
};
extern Shared shared;

// A young object is read here, written by whoever answers, and moved, all inside one transaction
// here: which then must not commit.
void moved_region(Tx& tx, base::Rng& rng);
void answer_request(Tx& tx);

void one_transaction(Tx& tx, base::Rng& rng, unsigned thread);

}  // namespace pystm::stm::stress
