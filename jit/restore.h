// Putting an exit's values back: Python values from machine state, sunk objects made.
//
//   ExitState state;  code.run(cx, window, state);
//   Restorer restorer(cx, state);          // boxes values and makes objects
//   restorer.registers(window);            // writes the snapshot's registers
//   restorer.plan().frames, restorer.word(frame.function) ...   // vm pushes the inlined frames
//
// What an exit needs is worked out once, as an ExitPlan: flat lists of what to box, make and copy.
// Invariant: a Restorer lies on the native stack, like the ExitState: what it made is pinned until
// the values stand in slots that the collector visits.
#pragma once

#include "jit/backend.h"

namespace pystm::jit {

class ExitPlan {
 public:
  ExitPlan(const Code& code, IrRef exit);

  // A word at the exit: where machine code left it, or what an earlier step made.
  struct Source {
    enum Base : uint8_t { kState, kWindow, kConst, kMade } base = kConst;
    uint32_t offset = 0;  // in bytes; kConst, kMade: an index
  };
  enum class StepKind : uint8_t { kBoxInt, kBoxFloat, kBoxBool, kNew, kCall, kStore };
  struct Step {
    StepKind kind;
    bool has_vlock = false;  // kNew
    uint16_t object = 0;     // kStore: number in made
    uint32_t offset = 0;     // kStore: in the object. kNew: bytes
    uint32_t shape = 0;      // kNew
    Source from = {};        // kCall: its argument
    const CallInfo* call = nullptr;
  };
  struct Register {
    int16_t slot;
    Source from;
  };
  // An inlined frame to push; the caller goes on at `parent_pc` when it returns.
  struct Frame {
    Source code, function;
    FrameKind kind;
    Source self;    // kInit: what __init__ sets up; kGenerator: the generator
    Source object;  // its Frame
    bool has_object;
    int32_t base;
    uint32_t parent_pc;
    uint16_t result;
    vm::OnReturn on_return;
  };

  static constexpr unsigned kMaxMade = 256;
  std::vector<Step> steps;  // each but kStore makes one word
  std::vector<Register> registers;
  std::vector<Frame> frames;  // the outermost first
  uint32_t pc;                // in the innermost
  unsigned made = 0;
};

class Restorer {
 public:
  Restorer(vm::Context& cx, const ExitState& state);
  const ExitPlan& plan() const { return plan_; }
  Word word(ExitPlan::Source s) const;
  // Every register that the snapshot lists. REQUIRES: the VM stack reaches that far.
  void registers(Value* window) const;

 private:
  const ExitState& state_;
  const ExitPlan& plan_;
  Word made_[ExitPlan::kMaxMade];  // the plan's part of it is set
};
}  // namespace pystm::jit
