// --stm-chaos: makes rare things frequent, from a seed.
//
// At a poll or in a barrier's slow path, one time in N: abort (where the transaction may), end it
// at the next boundary, extend the snapshot, or collect the young space.
#include "stm/private.h"

namespace pystm::stm {

void chaos_step(Tx& tx, bool at_poll) {
  Tx::Private& p = *tx.priv;
  if (p.chaos.below(options().chaos) != 0) return;
  switch (p.chaos.below(4)) {
    case 0:
      if (tx.me == 0 || p.inevitable) return;
      report_conflict(tx, AbortReason::kChaos, nullptr, 0, 0);
      abort(tx, AbortReason::kChaos);
    case 1:
      commit_soon(tx);
      return;
    case 2:
      if (tx.me != 0 && !p.inevitable) extend_or_abort(tx, nullptr, 0);
      return;
    default:
      gc::collect(tx, gc::Kind::kYoung);
      return;
  }
}

}  // namespace pystm::stm
