// Allocation sinking (after LuaJIT's lj_opt_sink, Pall 2012): an object that nothing needs but
// exits is not made; the exit makes it, from the stores and changes of shape (attributes that
// __init__ gives it) that stay in the IR as its description.
//
// An object escapes when something other than its own initialising stores refers to it: another
// instruction, a variable of the loop, a store into it that is not an initial one, or a snapshot of
// the loop body when it stands in the preamble (the values its fields need might be gone).
// A store of it into another object escapes unless that one is sunk too. A call that makes an
// object (CallInfo::makes) is sunk like a New, its argument being what it holds.
#include <vector>

#include "jit/passes.h"

namespace pystm::jit {

namespace {

class Sinker {
 public:
  explicit Sinker(Trace& t) : t_(t), escapes_(t.size()) {}

  void run() {
    bool any = false;
    for (IrRef r = 1; r < t_.size(); ++r) any |= is_new(r);
    if (!any) return;
    for (IrRef r = t_.size(); --r > 0;) visit(r);
    // What an escaping object holds escapes; repeat until nothing is added.
    bool again = true;
    while (again) {
      again = false;
      for (IrRef r = t_.size(); --r > 0;) {
        const Ins& i = t_.ins[r];
        const IrRef holder = is_initial_store(i) ? i.a : r;
        if ((holder == r && !makes_object(t_, i)) || !escapes_[holder]) continue;
        const IrRef v = holder == r ? t_.call_args(i)[0] : stored(i);
        if (is_new(v) && !escapes_[v]) escapes_[v] = again = true;
      }
    }
    for (IrRef r = 1; r < t_.size(); ++r) {
      Ins& i = t_.ins[r];
      const IrRef object = is_new(r)                                    ? r
                           : is_initial_store(i) || is_initial_shape(i) ? i.a
                                                                        : kNoRef;
      if (object != kNoRef && !escapes_[object]) i.flags |= kSunk;
    }
  }

 private:
  Trace& t_;
  std::vector<bool> escapes_;

  bool is_new(IrRef r) const {
    return r != 0 && !is_const(r) && (t_.ins[r].op == Ir::New || makes_object(t_, t_.ins[r]));
  }
  static IrRef stored(const Ins& i) { return i.op == Ir::StoreItem ? i.c : i.b; }
  bool is_initial_store(const Ins& i) const {
    return (i.op == Ir::StoreField || i.op == Ir::StoreItem) && is_new(i.a) && i.has(kInitStore) &&
           (i.op == Ir::StoreField || is_const(i.b)) && memory_bytes(Field(i.aux).memory()) == 8;
  }

  bool is_initial_shape(const Ins& i) const {
    return i.op == Ir::SetShape && is_new(i.a) && i.has(kInitStore);
  }

  void visit(IrRef r) {
    const Ins& i = t_.ins[r];
    if (i.op == Ir::Nop || is_initial_shape(i) || makes_object(t_, i)) return;
    const bool initial = is_initial_store(i);
    each_operand(t_, i, [&](IrRef o) {
      if (is_new(o) && !initial) escapes_[o] = true;
    });
    // Made in order: an object holds sunk ones that are older than it (so never itself).
    if (initial && is_new(stored(i)) && stored(i) >= i.a) escapes_[stored(i)] = true;
    if (!has_snapshot(t_, i)) return;
    each_snapshot_ref(t_, t_.snapshots[i.aux], [&](IrRef o) {
      if (is_new(o) && o < t_.loop() && r > t_.loop()) escapes_[o] = true;
    });
  }
};

}  // namespace

void sink_allocations(Trace& trace) { Sinker(trace).run(); }

}  // namespace pystm::jit
