// The beginning of a side trace: values, frames and knowledge of the parent at the exit.
//
// What the parent established above the exit holds for the values as the exit finds them (in a loop
// as in straight code, see loop.cpp). It goes into the side trace as instructions marked assumed,
// which emit nothing, so that a side trace of the side trace finds it again.
#include <algorithm>

#include "base/assert.h"
#include "jit/emit.h"
#include "jit/exits.h"
#include "vm/object/shape.h"

namespace pystm::jit {

namespace {

class Inheritance {
 public:
  Inheritance(Emitter& e, const Trace& parent, IrRef exit)
      : e_(e), t_(e.trace()), parent_(parent), exit_(exit), map_(parent.size()) {
    exit_values(parent, exit, &values_);
    for (size_t k = 0; k < values_.size(); ++k)
      map_[values_[k]] =
          e.emit(Ir::Inherit, 0, 0, 0, static_cast<uint32_t>(k), parent.type(values_[k]));
  }

  // The parent's reference in this trace. A sunk object is made, here and now.
  IrRef value(IrRef r) {
    if (r == kNoRef) return kNoRef;
    if (is_const(r)) return t_.constant(parent_.type(r), parent_.bits(r));
    if (map_[r] == kNoRef) map_[r] = make(r);
    return map_[r];
  }

  uint16_t frame(uint16_t number) {
    if (number == 0) return 0;
    Frame f = parent_.frames[number];
    f.parent = frame(f.parent);
    f.code = value(f.code);
    f.function = value(f.function);
    f.init_self = value(f.init_self);
    f.generator = value(f.generator);
    f.object = value(f.object);
    t_.frames.push_back(f);
    return static_cast<uint16_t>(t_.frames.size() - 1);
  }

  // Guards and barriers above the exit, on values that are still there.
  void knowledge() {
    IrRef shapes_changed = 0;
    for (IrRef r = 1; r < exit_; ++r)
      if (changes_shapes(parent_.ins[r])) shapes_changed = r;
    for (IrRef r = 1; r < exit_; ++r) {
      const Ins& i = parent_.ins[r];
      if (i.a == kNoRef || is_const(i.a) || i.op == Ir::Call || map_[i.a] == kNoRef) continue;
      const bool mutable_shape =
          i.op == Ir::GuardShape && parent_.bits(i.b) > static_cast<Word>(vm::Kind::kInstance);
      if (i.op == Ir::Acquire || i.op == Ir::ReadCheck ||
          (i.op == Ir::GuardShape && (!mutable_shape || r > shapes_changed)) ||
          (i.op == Ir::GuardI && is_const(i.b)) || (i.op == Ir::GuardIs && is_const(i.b)))
        e_.assume(i.op, map_[i.a], is_const(i.b) ? value(i.b) : kNoRef, i.c);
    }
  }

 private:
  Emitter& e_;
  Trace& t_;
  const Trace& parent_;
  IrRef exit_;
  std::vector<IrRef> values_, map_;

  bool changes_shapes(const Ins& i) const {
    return i.op == Ir::SetShape ||
           (i.op == Ir::Call && (parent_.call_info(i).effects & kCallWrites));
  }

  IrRef make(IrRef r) {
    const Ins n = parent_.ins[r];
    DCHECK(n.has(kSunk));
    if (makes_object(parent_, n))
      return e_.call(parent_.call_info(n), {value(parent_.call_args(n)[0])});
    std::vector<IrRef> stores, stored;
    sunk_stores(parent_, r, exit_, &stores);
    for (const IrRef s : stores) {
      const Ins& i = parent_.ins[s];
      const IrRef v = value(i.op == Ir::StoreItem ? i.c : i.b);
      stored.push_back(Field(i.aux).memory() == Memory::kWord ? e_.box(v) : v);
    }
    const IrRef object = e_.make(sunk_shape(parent_, r, exit_), n.aux, n.has(kHasVlock));
    for (size_t k = 0; k < stores.size(); ++k) {
      const Ins& i = parent_.ins[stores[k]];
      if (i.op == Ir::StoreItem)
        e_.store_item(object, value(i.b), Array(i.aux), stored[k]);
      else
        e_.store(object, Field(i.aux), stored[k]);
    }
    return object;
  }
};

}  // namespace

void Emitter::assume(Ir op, IrRef a, IrRef b, IrRef c) {
  const bool compares = op == Ir::GuardI;
  const IrRef r = append({.op = op, .flags = kAssumed, .a = a, .b = b, .c = compares ? c : kNoRef});
  Fact& f = facts_[a];
  if (op == Ir::GuardShape) {
    f.shape = static_cast<uint32_t>(trace_.bits(b));
    f.shape_at = r;
  } else if (op == Ir::Acquire) {
    f.ours = true;
  } else if (op == Ir::ReadCheck) {
    f.logged = true;
  } else {
    learn(trace_.ins[r], r);
  }
}

void Emitter::begin_side(const Trace& parent, IrRef exit) {
  trace_.parent = &parent;
  trace_.parent_exit = exit;
  Inheritance inherit(*this, parent, exit);
  inherit.knowledge();
  const Snapshot& s = parent.snapshots[parent.ins[exit].aux];
  if (parent.frames[0].code != kNoRef) trace_.frames[0].code = inherit.value(parent.frames[0].code);
  frame_ = inherit.frame(s.frame);
  pc_ = s.pc;
  // Sunk objects are made before the first guard: each in its register.
  for (const SnapSlot& slot : parent.slots(s)) {
    const IrRef v = inherit.value(slot.ref);
    reg(slot.slot) = {v, true};
  }
  snap_fresh_ = false;
}

}  // namespace pystm::jit
