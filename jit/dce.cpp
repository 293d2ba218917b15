// Dead code: what neither an effect, a snapshot in use nor a live value needs becomes Nop.
#include "jit/passes.h"

namespace pystm::jit {

namespace {

bool has_effect(const Trace& t, const Ins& i) {
  const uint16_t e = effects(t, i);
  if (i.op == Ir::Phi) return false;
  if (i.op == Ir::SLoad || i.op == Ir::Inherit || i.op == Ir::LoadField || i.op == Ir::LoadItem)
    return false;
  if (i.op == Ir::BoxInt || i.op == Ir::BoxFloat) return false;
  if (i.op == Ir::Call) return !makes_object(t, i) && ((e & (kStore | kExits)) || !(e & kPure));
  // A store that belongs to a sunk object lives as long as the object.
  if (i.has(kSunk)) return false;
  return e & (kGuard | kExits | kStore | kBarrier | kControl);
}

class Marker {
 public:
  explicit Marker(Trace& t) : t_(t), live_(t.size()) {}

  void run() {
    // Backwards, so that uses come first. A variable's next value is needed if the variable is:
    // repeat while that adds anything.
    do {
      again_ = false;
      for (IrRef r = t_.size(); --r > 0;) {
        const Ins& i = t_.ins[r];
        if (i.op == Ir::Phi) {
          if (is_live(i.a)) mark(i.b);
        } else if (live_[r] || has_effect(t_, i) || describes_live_object(i)) {
          keep(r);
        }
      }
    } while (again_);
    for (IrRef r = 1; r < t_.size(); ++r) {
      Ins& i = t_.ins[r];
      const bool keep = i.op == Ir::Phi ? is_live(i.a) : live_[r];
      if (!keep) i = Ins{.prev = i.prev};
    }
  }

 private:
  Trace& t_;
  std::vector<bool> live_;
  bool again_ = false;

  bool describes_live_object(const Ins& i) const {
    return i.op != Ir::New && i.op != Ir::Call && i.has(kSunk) && is_live(i.a);
  }
  bool is_live(IrRef r) const { return !is_const(r) && live_[r]; }
  void mark(IrRef r) {
    if (r == 0 || is_const(r) || live_[r]) return;
    live_[r] = true;
    again_ = true;
  }
  void keep(IrRef r) {
    const Ins& i = t_.ins[r];
    live_[r] = true;
    each_operand(t_, i, [&](IrRef o) { mark(o); });
    if (!has_snapshot(t_, i)) return;
    each_snapshot_ref(t_, t_.snapshots[i.aux], [&](IrRef o) { mark(o); });
  }
};

}  // namespace

void eliminate_dead_code(Trace& trace) { Marker(trace).run(); }

}  // namespace pystm::jit
