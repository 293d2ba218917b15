// Putting an exit's values back: Python values from machine state, sunk objects made.
//
//   ExitState state;  code.run(cx, window, state);
//   Restorer restorer(cx, state);
//   restorer.registers(window);                    // writes the snapshot's registers
//   restorer.frame(n).pc, restorer.value(frame.function) ...   // vm pushes the inlined frames
//
// Invariant: lies on the native stack, like the ExitState: what it made is pinned until the values
// stand in slots that the collector visits.
#pragma once

#include "jit/backend.h"

namespace pystm::jit {

class Restorer {
 public:
  Restorer(vm::Context& cx, const ExitState& state);
  const Snapshot& snapshot() const { return snapshot_; }
  const Frame& frame(uint16_t n) const { return trace_.frames[n]; }
  // A value of the snapshot as a Python value. The same reference gives the same object.
  Value value(IrRef r);
  // Every register that the snapshot lists. REQUIRES: the VM stack reaches that far.
  void registers(Value* window);

 private:
  static constexpr unsigned kMaxMade = 256;
  struct Made {
    IrRef ref;
    Value value;
  };
  vm::Context& cx_;
  const ExitState& state_;
  const Trace& trace_;
  const Snapshot& snapshot_;
  unsigned count_ = 0;
  Made made_[kMaxMade];

  Value convert(IrRef r);
  Value make_object(IrRef r);
};
}  // namespace pystm::jit
