// Optimising a trace that is given as a whole, by emitting it again.
#include "jit/emit.h"
#include "jit/passes.h"

namespace pystm::jit {

bool Emitter::replay(const Trace& in) {
  subst_.assign(in.size(), kNoRef);
  // Constants and frames keep their numbers.
  for (const Const& k : in.consts) trace_.constant(k.type, k.bits);
  trace_.frames = in.frames;
  source_ = &in;
  for (IrRef r = 1; r < in.size() && !impossible_; ++r) {
    const Ins& i = in.ins[r];
    switch (i.op) {
      case Ir::Nop:
        break;
      case Ir::SLoad: {
        Register& place = reg(static_cast<int>(i.aux));
        if (place.ref == 0) place.ref = append_or_find(i);
        subst_[r] = place.ref;
        break;
      }
      case Ir::Exit:
        source_snap_ = i.aux;
        snap_fresh_ = false;
        finish_exit();
        break;
      case Ir::TxPoll:
      case Ir::Jump: {
        // The loop edge: its snapshot is the state of the registers.
        const Snapshot& s = in.snapshots[in.ins[i.op == Ir::Jump ? r - 1 : r].aux];
        if (i.op == Ir::Jump) return !impossible_;
        for (const SnapSlot& slot : in.slots(s)) reg(slot.slot) = {substituted(slot.ref), true};
        source_ = nullptr;
        frame_ = s.frame;
        at(s.pc);
        return finish_loop(i.a);
      }
      default:
        copy_ins(in, r);
    }
  }
  source_ = nullptr;
  return !impossible_;
}

void run_passes(Trace& trace, const OptOptions& options) {
  eliminate_dead_code(trace);
  if (options.barrier) merge_checks(trace);
  if (options.abc) hoist_bounds_checks(trace);
  if (options.dse) eliminate_dead_stores(trace);
  if (options.sink) sink_allocations(trace);
  if (options.dse || options.sink) eliminate_dead_code(trace);
}

bool optimize(const Trace& in, Trace& out, const OptOptions& options) {
  Emitter e(out, options);
  if (!e.replay(in)) return false;
  run_passes(out, options);
  return true;
}

}  // namespace pystm::jit
