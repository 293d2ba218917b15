// Dead stores: a store is dropped when the same place is stored to again before anything could see
// the first value: a load that may alias, a call, or an exit (the interpreter looks at the heap).
#include "jit/passes.h"

namespace pystm::jit {

namespace {

bool same_place(const Ins& a, const Ins& b) {
  return a.op == b.op && a.a == b.a && a.aux == b.aux && (a.op == Ir::StoreField || a.b == b.b);
}

// Might `i` look at what `store` wrote?
bool may_see(const Trace& t, const Ins& i, const Ins& store) {
  if (leaves(t, i) || (effects(t, i) & (kCollects | kControl))) return true;
  if (i.op == Ir::Call) return !(effects(t, i) & kPure);
  if (i.op == Ir::LoadField || i.op == Ir::LoadItem || i.op == Ir::UndoItem)
    return Field(i.aux).alias() == Field(store.aux).alias() || i.op == Ir::UndoItem;
  return false;
}

}  // namespace

void eliminate_dead_stores(Trace& t) {
  for (IrRef r = 1; r < t.size(); ++r) {
    const Ins store = t.ins[r];
    if (store.op != Ir::StoreField && store.op != Ir::StoreItem) continue;
    if (store.has(kInitStore) || store.has(kSunk)) continue;
    for (IrRef k = static_cast<IrRef>(r + 1); k < t.size(); ++k) {
      if (t.ins[k].op != Ir::Nop && same_place(t.ins[k], store)) {
        t.ins[r] = Ins{.prev = store.prev};
        break;
      }
      if (may_see(t, t.ins[k], store)) break;
    }
  }
}

}  // namespace pystm::jit
