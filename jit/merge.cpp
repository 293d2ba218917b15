// Read-then-write: where an object that was looked at is written further on, it is acquired at
// once, with the check of its first loads, and the checks in between go.
//
// What is taken early need not be taken at all on the ways out in between. So only such guards lie
// between that fail when types change: to pass a question of the program ("if flag: count += 1")
// would lock objects that are nearly always only read.
#include "jit/passes.h"

namespace pystm::jit {

namespace {

bool asks_the_program(const Trace& t, const Ins& i) {
  switch (i.op) {
    case Ir::GuardI:
    case Ir::GuardF:
    case Ir::GuardTrue:
    case Ir::GuardFalse:
    case Ir::GuardIs:
    case Ir::Call:
    case Ir::TxPoll:
    case Ir::Inevitable:
      return true;
    default:
      return effects(t, i) & kControl;
  }
}

// The first of the checks that the acquisition at `r` can take over, or none.
IrRef first_check(const Trace& t, IrRef r) {
  IrRef first = kNoRef;
  for (IrRef k = r; --k > 0 && !asks_the_program(t, t.ins[k]);)
    if (t.ins[k].op == Ir::ReadCheck && t.ins[k].a == t.ins[r].a && !t.ins[k].has(kAssumed))
      first = k;
  return first;
}

}  // namespace

void merge_checks(Trace& t) {
  for (IrRef r = 1; r < t.size(); ++r) {
    if (t.ins[r].op != Ir::Acquire || t.ins[r].has(kAssumed)) continue;
    const IrRef first = first_check(t, r);
    if (first == kNoRef) continue;
    const IrRef object = t.ins[r].a;
    t.ins[first].op = Ir::Acquire;
    t.ins[first].flags |= kCloses;
    t.ins[first].flags &= static_cast<uint16_t>(~kNoLog);
    for (IrRef k = static_cast<IrRef>(first + 1); k <= r; ++k) {
      Ins& i = t.ins[k];
      if ((i.op == Ir::ReadCheck || i.op == Ir::Acquire) && i.a == object) i = Ins{.prev = i.prev};
    }
  }
}

}  // namespace pystm::jit
