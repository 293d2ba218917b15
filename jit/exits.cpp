#include "jit/exits.h"

#include <algorithm>

namespace pystm::jit {

namespace {

bool is_sunk(const Trace& t, IrRef r) { return !is_const(r) && t.ins[r].has(kSunk); }

IrRef stored_value(const Ins& store) { return store.op == Ir::StoreItem ? store.c : store.b; }

void add_value(const Trace& t, IrRef r, IrRef exit, std::vector<IrRef>* out) {
  if (r == kNoRef || is_const(r)) return;
  if (std::find(out->begin(), out->end(), r) != out->end()) return;
  if (!is_sunk(t, r)) {
    out->push_back(r);
    return;
  }
  if (makes_object(t, t.ins[r])) return add_value(t, t.call_args(t.ins[r])[0], exit, out);
  std::vector<IrRef> stores;
  sunk_stores(t, r, exit, &stores);
  for (const IrRef s : stores) add_value(t, stored_value(t.ins[s]), exit, out);
}

}  // namespace

void sunk_stores(const Trace& t, IrRef object, IrRef exit, std::vector<IrRef>* out) {
  for (IrRef r = static_cast<IrRef>(object + 1); r < exit; ++r) {
    const Ins& s = t.ins[r];
    if (effects(t, s) & kCollects) return;  // a store below it is no initial one (kInitStore)
    if ((s.op != Ir::StoreField && s.op != Ir::StoreItem) || s.a != object || !s.has(kSunk))
      continue;
    for (IrRef& older : *out) {
      const Ins& o = t.ins[older];
      if (o.op == s.op && o.aux == s.aux && (s.op == Ir::StoreField || o.b == s.b)) {
        older = kNoRef;
        break;
      }
    }
    std::erase(*out, kNoRef);
    out->push_back(r);
  }
}

ShapeId sunk_shape(const Trace& t, IrRef object, IrRef exit) {
  IrRef shape = t.ins[object].a;
  for (IrRef r = static_cast<IrRef>(object + 1); r < exit; ++r) {
    const Ins& i = t.ins[r];
    if (effects(t, i) & kCollects) break;
    if (i.op == Ir::SetShape && i.a == object && i.has(kSunk)) shape = i.b;
  }
  return static_cast<ShapeId>(t.bits(shape));
}

void exit_values(const Trace& t, IrRef exit, std::vector<IrRef>* out) {
  out->clear();
  if (info_of(t.ins[exit].op).aux != Aux::Snap) return;
  each_snapshot_ref(t, t.snapshots[t.ins[exit].aux], [&](IrRef r) { add_value(t, r, exit, out); });
}

}  // namespace pystm::jit
