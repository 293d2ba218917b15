// Back ends: the IR interpreter (oracle, and the path without machine code) and x86-64.
//
// A back end turns a Trace into Code. Running Code executes the trace and whatever side traces are
// attached to its exits, until one exit has none: then the ExitState says which, and holds what the
// live values were (registers and spill slots, or the interpreter's values). jit/restore.h puts
// them back. The ExitState lies on the native stack of the thread, so what it holds is pinned.
#pragma once

#include <atomic>
#include <memory>

#include "jit/ir.h"

namespace pystm::jit {

class Code;
class ExitPlan;

enum Mode { kSolo, kParallel, kOracle, kModes };  // kOracle: with JitOptions::check

// Where compiled code may be entered by compiled code that does not know it: after a Return or
// Switch, the word in CodeData::returns is such a pointer (or, up to kMaxCount, a count, or
// vm::kNeverHot).
struct Entrance {
  std::atomic<const void*> address[kModes] = {};  // of machine code; null: not this way
  gc::Root globals, builtins;                     // of the frames it is for
};
inline constexpr Word kMaxCount = 0x3FFFFF;  // below the address of any object

inline constexpr unsigned kSpillSlots = 192;

struct ExitState {
  // Machine code keeps a frame record here, for stack walkers: its rbp points at the ExitState.
  Word frame_link = 0, return_address = 0;
  Word spills[kSpillSlots];  // IR interpreter: the exit's values
  Word gpr[16];
  double xmm[16];
  Word scratch = 0;
  Value* window = nullptr;     // register 0 of the root frame, at the exit
  const Code* code = nullptr;  // the trace that was left (root or side)
  IrRef exit = 0;              // the instruction it was left at
  bool failed = false;         // that instruction, a call or barrier, gave kFailed
  bool switched = false;       // that instruction, a Return or Switch, has done what it is for
  bool gave_up = false;  // IR interpreter, when undoable: what follows another run need not do

  ExitKind kind(vm::Context& cx) const;
};

// Where a value is when a trace has been left: a word of the ExitState, of the root window, or a
// constant of the trace.
struct Place {
  enum Base : uint8_t { kState, kWindow, kConst } base;
  uint32_t offset;  // in bytes; kConst: in Trace::consts
};

class Code {
 public:
  virtual ~Code();
  const Trace& trace() const { return trace_; }
  // Runs from the trace's entry; `window` is the root frame's register 0.
  virtual void run(vm::Context& cx, Value* window, ExitState& state) const = 0;
  // REQUIRES: r is no constant, and one of the exit's values.
  virtual Place place_at(IrRef exit, IrRef r) const = 0;
  // How to restore the interpreter's state there (jit/restore.h). Made when first asked for.
  const ExitPlan& plan(IrRef exit) const;
  // From now on the exit at instruction `exit` goes on in `side`, whose parent this is. Atomic for
  // threads that run the code.
  virtual void attach(IrRef exit, const Code* side) = 0;
  virtual size_t machine_bytes() const { return 0; }
  virtual const void* address() const { return nullptr; }  // of the machine code
  virtual std::string listing() const { return {}; }

 protected:
  explicit Code(const Trace& trace);
  const Trace& trace_;

 private:
  std::unique_ptr<std::atomic<const ExitPlan*>[]> plans_;  // by instruction
};

struct CompileOptions {
  bool solo = false;      // leave transaction barriers out
  bool listing = false;   // keep an annotated listing
  bool undoable = false;  // IR interpreter: give up at what cannot be undone, or done again
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
// `anonymous`: machine code in anonymous memory, where perf looks its names up; else a second
// mapping is the only writable one. The first call decides.
std::unique_ptr<Backend> new_x64_backend(bool anonymous = false);

}  // namespace pystm::jit
