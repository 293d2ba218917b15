// Bounds checks of counted loops: `i < n` and `0 <= i < s` in the body, n and s invariant, i
// counting up from where the preamble has checked it: one `n <= s` before the loop makes the second
// check unnecessary (array bounds check elimination as in LuaJIT, Pall 2010).
//
// A loop that would not run into its end (n > s, left before) now leaves at its start.
#include "jit/passes.h"

namespace pystm::jit {

namespace {

class BoundsChecks {
 public:
  explicit BoundsChecks(Trace& t) : t_(t) {}

  void run() {
    if (t_.loop() == 0) return;
    for (IrRef r = static_cast<IrRef>(t_.loop() + 1); r < t_.size(); ++r) {
      const Ins& g = t_.ins[r];
      if (!is_guard(g, Cond::ult) || !invariant(g.b) || !counts_up(g.a, g.b)) continue;
      const IrRef n = limit_above(g.a, r);
      if (n == kNoRef || !require(n, g.b)) continue;
      t_.ins[r] = Ins{.prev = g.prev};
    }
  }

 private:
  Trace& t_;

  static bool is_guard(const Ins& i, Cond c) {
    return i.op == Ir::GuardI && static_cast<Cond>(i.c) == c;
  }
  const Ins* phi_of(IrRef left) const {
    for (IrRef r = t_.size(); --r > t_.loop();)
      if (t_.ins[r].op == Ir::Phi && t_.ins[r].a == left) return &t_.ins[r];
    return nullptr;
  }
  bool invariant(IrRef r) const { return is_const(r) || (r < t_.loop() && phi_of(r) == nullptr); }
  // r = base + k, k > 0 constant.
  bool is_step(IrRef r, IrRef* base) const {
    if (is_const(r)) return false;
    const Ins& i = t_.ins[r];
    if ((i.op != Ir::Add && i.op != Ir::AddOv) || !is_const(i.b)) return false;
    *base = i.a;
    return static_cast<int64_t>(t_.bits(i.b)) > 0;
  }
  // A variable that goes up by a constant, and whose value before the first step the preamble has
  // found in [0, s).
  bool counts_up(IrRef i, IrRef s) const {
    if (is_const(i) || i >= t_.loop()) return false;
    const Ins* phi = phi_of(i);
    IrRef from = kNoRef, first = kNoRef;
    if (phi == nullptr || !is_step(phi->b, &from) || from != i || !is_step(i, &first)) return false;
    for (IrRef r = 1; r < t_.loop(); ++r)
      if (is_guard(t_.ins[r], Cond::ult) && t_.ins[r].a == first && t_.ins[r].b == s) return true;
    return false;
  }
  // n of a guard `i < n` in the body above r.
  IrRef limit_above(IrRef i, IrRef r) const {
    for (IrRef k = static_cast<IrRef>(t_.loop() + 1); k < r; ++k)
      if (is_guard(t_.ins[k], Cond::lt) && t_.ins[k].a == i && invariant(t_.ins[k].b))
        return t_.ins[k].b;
    return kNoRef;
  }
  // n <= s, tested before the loop with the state of the loop's header, in one of the places kept
  // free there.
  bool require(IrRef n, IrRef s) {
    IrRef free = kNoRef, r = static_cast<IrRef>(t_.loop() - 1);
    for (; r > 0 && t_.ins[r].op != Ir::TxPoll; --r) {
      if (is_guard(t_.ins[r], Cond::le) && t_.ins[r].a == n && t_.ins[r].b == s) return true;
      if (t_.ins[r].op == Ir::Nop) free = r;
    }
    if (r == 0 || free == kNoRef) return false;
    t_.ins[free] = {
        .op = Ir::GuardI, .a = n, .b = s, .c = static_cast<IrRef>(Cond::le), .aux = t_.ins[r].aux};
    return true;
  }
};

}  // namespace

void hoist_bounds_checks(Trace& trace) { BoundsChecks(trace).run(); }

}  // namespace pystm::jit
