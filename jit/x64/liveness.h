// Where the values of a trace are used next and last: one backward scan.
//
// Positions: instruction r uses its operands at 2 r, and its exit its values at 2 r + 1, so that a
// result may take the register of an operand which the exit does not need.
#pragma once

#include "jit/ir.h"

namespace pystm::jit::x64 {

struct Exit {
  IrRef ins;
  uint32_t first;  // its values, in Liveness::exit_values
  uint16_t count;
};

struct Liveness {
  static constexpr uint32_t kNever = ~uint32_t{0};

  std::vector<uint32_t> end;        // by ref: position of the last use, 0: never used
  std::vector<uint32_t> first_use;  // by ref: instruction of the first use as an operand
  std::vector<uint32_t> next_use;   // by instruction * 3 + operand: the operand's use after this
  std::vector<uint32_t> next_arg;   // by index in Trace::args
  std::vector<Exit> exits;          // last one first
  std::vector<IrRef> exit_values;
  std::vector<uint16_t> next_call;  // by instruction: the next Call at or after it

  void scan(const Trace& trace);

 private:
  std::vector<uint32_t> seen_;
  std::vector<bool> variable_;
  std::vector<IrRef> list_;

  void mark_loop_values(const Trace& trace);
  void add_exit(const Trace& trace, IrRef r, bool sunk_store_since);
  void add_exits(const Trace& trace, IrRef from, IrRef to);
};

}  // namespace pystm::jit::x64
