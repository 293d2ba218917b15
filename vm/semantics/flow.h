// What an instruction's semantics tell the loop that runs them.
//
// Every bytecode is defined once, as a template over a builder B (architecture.md section 7). The
// interpreter's builder (vm/interp/builder.h) turns the primitives into tests, loads and stores; a
// recorder's builder executes them and notes them down. A definition reads its operands with
// b.reg(), asks questions (b.both_int), uses primitives and ends with one of b.set / b.next /
// b.jump / ... Rules: no raw heap access here; whatever may run Python code, raise or suspend is a
// primitive of vm/semantics/primitives.def.
#pragma once

namespace pystm::vm {

enum class Flow {
  kNext,   // go on with the next instruction
  kJump,   // the builder's pc is set
  kFrame,  // another frame is on top now: continue there
  kRaise,  // an exception is pending
  kExit,   // leave the activation; the builder holds the result
};

}  // namespace pystm::vm
