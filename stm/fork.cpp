// fork: the child has one thread and the heap as the others left it, half-written.
//
// The world is stopped over the fork. The child applies the undo logs of the threads it does not
// have, forgets them, and goes on in solo mode: what its own transaction did so far stands.
// Invariant: before_fork() makes the transaction inevitable, so no other is committing.
#include "gc/fork.h"

#include "base/assert.h"
#include "stm/private.h"

namespace pystm::stm {

void scheduler_after_fork(Tx& survivor);
void inevitable_after_fork();
void effects_before_fork();
void effects_after_fork(bool child);
void reports_before_fork();
void reports_after_fork(Tx* survivor);

void before_fork(Tx& tx) {
  become_inevitable(tx, "fork");
  gc::before_fork(tx);
  reports_before_fork();
  effects_before_fork();
}

void after_fork_parent(Tx& tx) {
  effects_after_fork(false);
  reports_after_fork(nullptr);
  gc::after_fork_parent(tx);
}

void after_fork_child(Tx& tx) {
  effects_after_fork(true);
  reports_after_fork(&tx);
  for (unsigned tid = 0; tid < kMaxThreads && segments[tid].current.load() != 0; ++tid) {
    Tx* other = segments[tid].tx.load();
    if (other == nullptr || other == &tx || !other->priv->in_tx || other->me == 0) continue;
    roll_back(*other);
    other->priv->in_tx = false;
  }
  Tx::Private& p = *tx.priv;
  if (tx.me != 0) {
    write_elided_locks(tx);  // what it holds, the child's thread holds
    release_written(tx, the_clock.now.fetch_add(1) + 1);
    p.segment->current.store(tx.me + 1);
    p.inevitable = false;
    p.segment->inevitable.store(false);
  }
  gate.store(0);
  forget_lock_waiters();
  inevitable_after_fork();
  reset_logs(tx);
  scheduler_after_fork(tx);
  tx.rv = ~Word{0};
  tx.me = 0;
  tx.log_step = 0;
  gc::settle_finalizables(tx, true);
  gc::defer_finalizables(tx, false);
  if (parallel_mode()) commit_soon(tx);
  tx.restarted = true;
  gc::after_fork_child(tx);
}

}  // namespace pystm::stm
