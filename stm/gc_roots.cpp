// The logs as roots: visited slot by slot, rewritten when what they name moves.
//
// Read entries, holders in the undo log, old Values and saved States, elided locks. A survivor
// keeps its stamp while that transaction is in flight, so nothing acquired is lost by a collection,
// and a copy's new region is raised above every snapshot, so nothing vouches for a moved version
// word.
#include <algorithm>

#include "stm/private.h"

namespace pystm::stm {

namespace {

void visit_read_log(Tx& tx, gc::SlotVisitor& v) {
  Tx::Private& p = *tx.priv;
  if (MUTANT(kLogNotForwarded)) return;
  // Two-word entries look like an int and a small number: the range visit passes over both.
  v.visit_range(reinterpret_cast<Value*>(p.log_base), reinterpret_cast<Value*>(tx.log));
  if (!p.interior_entries) return;
  for (Word* at = p.log_base; at < tx.log; ++at) {
    if (!(*at & 1)) continue;
    Value holder(*at - 1);
    v.visit(holder);
    *at = holder.bits() | 1;
    ++at;
  }
}

void visit_undo_log(Tx& tx, gc::SlotVisitor& v) {
  close_record(tx);  // its holder may move
  each_undo(tx.priv->undo_base, tx.undo_top, [&v](Word* r, const Word* end) {
    v.visit(reinterpret_cast<Value&>(r[0]));
    if (undo_kind(r) == Undo::kValues) {
      for (Word* pair = r + 2; pair < end; pair += 2) v.visit(reinterpret_cast<Value&>(pair[1]));
    } else if (undo_kind(r) == Undo::kState) {
      Word map = gc::type_infos[state_shape(r)]->ref_map >> 2;
      for (; map != 0; map &= map - 1) {
        const Word i = static_cast<Word>(__builtin_ctzll(map));
        if (i < state_words(r)) v.visit(reinterpret_cast<Value&>(r[2 + i]));
      }
    }
  });
}

void visit_thread(Tx& tx, gc::SlotVisitor& v) {
  Tx::Private& p = *tx.priv;
  if (p.in_tx && tx.me != 0) {
    visit_read_log(tx, v);
    visit_undo_log(tx, v);
  }
  for (ElidedLock& e : p.elided) v.visit(e.lock);
}

bool stamp_is_open(Word stamp) {
  if (MUTANT(kStampsDropped)) return false;
  return segments[tid_of(stamp)].current.load(std::memory_order_relaxed) == stamp;
}

Word copy_target_stamp() {
  if (MUTANT(kCopyTargetNotRaised)) return 0;
  return the_clock.now.load(std::memory_order_relaxed) + 1;
}

void after_collection() { stats_for_each(&forget_addresses); }

}  // namespace

void install_gc_hooks() {
  static bool done = false;
  if (std::exchange(done, true)) return;
  gc::add_root_provider(
      [](gc::SlotVisitor& v, bool) { stats_for_each([&v](Tx& tx) { visit_thread(tx, v); }); });
  gc::set_hooks({&stamp_is_open, &copy_target_stamp, &after_collection});
}

}  // namespace pystm::stm
