#include "stm/written.h"

#include "stm/private.h"

namespace pystm::stm {

void each_written(Tx& tx, const std::function<void(Object*, const Word*, bool)>& f) {
  Tx::Private& p = *tx.priv;
  close_record(tx);
  each_undo(p.undo_base, tx.undo_top, [&](Word* r, const Word* end) {
    auto* holder = reinterpret_cast<Object*>(r[0]);
    switch (undo_kind(r)) {
      case Undo::kState:
        f(holder, nullptr, false);
        return;
      case Undo::kValues:
      case Undo::kWords:
        for (const Word* pair = end; (pair -= 2) > r;)
          f(holder, undo_address(r, pair[0]), undo_kind(r) == Undo::kValues);
        return;
      case Undo::kVersion:
        return;
    }
  });
}

}  // namespace pystm::stm
