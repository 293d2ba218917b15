// Back ends: the IR interpreter (oracle, and the path without machine code) and x86-64.
//
// A back end turns a Trace into Code. Running Code executes the trace and whatever side traces are
// attached to its exits, until one exit has none: then the ExitState says which, and holds what the
// live values were (registers and spill slots, or the interpreter's values). jit/restore.h puts
// them back. The ExitState lies on the native stack of the thread, so what it holds is pinned.
#pragma once

#include <memory>

#include "jit/ir.h"

namespace pystm::jit {

class Code;

inline constexpr unsigned kSpillSlots = 192;

struct ExitState {
  // Machine code keeps a frame record here, for stack walkers: its rbp points at the ExitState.
  Word frame_link = 0, return_address = 0;
  Word spills[kSpillSlots];  // IR interpreter: the exit's values
  Word gpr[16];
  double xmm[16];
  Word scratch = 0;
  const Code* code = nullptr;  // the trace that was left (root or side)
  IrRef exit = 0;              // the instruction it was left at
  bool failed = false;         // that instruction, a call or barrier, gave kFailed

  ExitKind kind(vm::Context& cx) const;
};

class Code {
 public:
  virtual ~Code() = default;
  const Trace& trace() const { return trace_; }
  // Runs from the trace's entry; `window` is the root frame's register 0.
  virtual void run(vm::Context& cx, Value* window, ExitState& state) const = 0;
  // The bits of a value (constants included) at the exit that `state` describes.
  virtual Word value_at(const ExitState& state, IrRef r) const = 0;
  // From now on the exit at instruction `exit` goes on in `side`, whose parent this is. Atomic for
  // threads that run the code.
  virtual void attach(IrRef exit, const Code* side) = 0;
  virtual size_t machine_bytes() const { return 0; }
  virtual std::string listing() const { return {}; }

 protected:
  explicit Code(const Trace& trace) : trace_(trace) {}
  const Trace& trace_;
};

struct CompileOptions {
  bool solo = false;     // leave transaction barriers out
  bool listing = false;  // keep an annotated listing
};

class Backend {
 public:
  virtual ~Backend() = default;
  // Null: the trace asks for too much of something (`*why` says what). The trace, and its parent's
  // Code for a side trace, must live as long as the Code.
  virtual std::unique_ptr<Code> compile(const Trace& trace, const Code* parent,
                                        const CompileOptions& options, const char** why) = 0;
};
std::unique_ptr<Backend> new_ir_interpreter();
std::unique_ptr<Backend> new_x64_backend();

}  // namespace pystm::jit
