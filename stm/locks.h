// Python locks with elision (stm.md section 3, "Locks").
//
// Acquiring a free lock inside a transaction only reads its word and notes it in the transaction's
// elision list; releasing drops the note. A transaction that ends while holding the lock writes the
// word at commit. Solo mode writes the word at once (nobody else runs).
#pragma once

#include "gc/layout.h"
#include "stm/access.h"

namespace pystm::stm {

#define LOCK_STATE(F)                                                        \
  F(Word, holder, "0 free, else 1 + tid of the thread that really holds it") \
  F(Word, count, "re-entrant acquisitions by the holder")
PYSTM_MUTABLE(Lock, NO_FIELDS, LOCK_STATE);

enum class LockResult { kAcquired, kTimedOut, kInterrupted };

// timeout_ns < 0: wait for ever; 0: try once. When the lock is held by another thread: where a
// boundary is allowed it waits in run_outside and takes the lock in `inside`; elsewhere the
// transaction is rolled back and waits before it runs again (throws Abort).
LockResult lock_acquire(Tx& tx, Lock* lock, int64_t timeout_ns, bool reentrant);
// One attempt, for a thread that is in a transaction and has not just come back from outside.
bool lock_try(Tx& tx, Lock* lock, bool reentrant);
// False: not held (Lock) or not held by this thread (reentrant).
bool lock_release(Tx& tx, Lock* lock, bool reentrant);
bool lock_is_held(Tx& tx, Lock* lock);
bool lock_is_owned(Tx& tx, Lock* lock);  // by this thread

}  // namespace pystm::stm
