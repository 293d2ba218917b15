// Register allocation, done while code is emitted: linear scan forwards over the trace, with next
// uses from a backward scan (Liveness). What is needed furthest in the future loses its register
// (Belady's rule); values are SSA, so each is stored to its spill slot at most once per path.
//
// Invariants: in_[r] is the value in register r; a value is in a register, in its home (spill slot,
// or the VM register it was loaded from), or both; registers of the instruction in work are pinned.
#pragma once

#include "jit/x64/assembler.h"
#include "jit/x64/liveness.h"

namespace pystm::jit::x64 {

// Where an exit finds a value: register, spill slot, or VM register.
using Location = uint16_t;
inline constexpr Location kSpillLocation = 0x100, kWindowLocation = 0x4000;
constexpr bool is_register(Location l) { return l < 32; }

struct Move {
  Location to;
  Location from;  // kConstFrom: constant `ref`
  IrRef ref = 0;
  bool wide = true;
};
inline constexpr Location kConstFrom = 0x3FFF;

class Allocator {
 public:
  Allocator(const Trace& trace, const Liveness& live, x86::Assembler& a);

  // --- the present instruction -------------------------------------------------------------------
  void begin(IrRef r) {
    at_ = r;
    pinned_ = 0;
  }
  // Frees what dies here: `list` are the operands, or the values of the exit.
  void release_if_dead(IrRef r, uint32_t position);

  // The register of a value (no constant), reloaded if need be, pinned.
  Reg use(IrRef r);
  // In a register already, or worth one? Else its memory may be used as an operand.
  bool wants_register(IrRef r) const;
  // The operand as memory. REQUIRES: not in a register.
  x86::Mem home(IrRef r) const;
  // A free register of the class for a result: `reuse` (an operand's register) if that value dies
  // here, the hint, or any.
  Reg define(IrRef r, IrRef reuse = 0);
  // The register given out by define() now holds r.
  void bind(IrRef r, Reg reg);
  // A register for the length of this instruction; kNoReg is never given.
  Reg temporary(bool xmm);
  bool holds_floats() const { return (free_ & kAllXmm) != kAllXmm; }
  // Moves whatever is in `reg` elsewhere; pinned from now on.
  void vacate(Reg reg);
  void pin(Reg r) { pinned_ |= bit(r); }
  void set_next(IrRef r, uint32_t next) { v_[r].next = next; }
  // Around a call: what lives beyond `position` in these registers gets a copy in its home; then
  // the registers are empty.
  void spill_all(uint32_t registers, uint32_t position);
  void forget(uint32_t registers);

  bool in_register(IrRef r) const { return v_[r].reg != kNoReg; }
  Reg reg_of(IrRef r) const { return v_[r].reg; }
  Location location(IrRef r) const;
  bool dies_here(IrRef r) const { return live_.end[r] <= 2u * at_; }
  void hint(IrRef r, Reg reg) { v_[r].hint = reg; }

  // --- whole-trace states ------------------------------------------------------------------------
  void loaded_from_window(IrRef r, int slot) { v_[r].home = kWindowLocation + slot; }
  // The slot is about to be overwritten: what still stands there, and is needed, moves out.
  void vacate_window(int slot);
  // A side trace's Inherit: the value is where the parent had it.
  void seed(IrRef r, Location l);
  // At Loop: the state that the back edge must bring about again.
  void enter_loop();
  // The moves that make the present state that of enter_loop(); `next` gives a value's successor.
  template <class F>
  void back_edge(F next, std::vector<Move>* moves);

  // --- moves -------------------------------------------------------------------------------------
  void move_all(std::vector<Move>& moves);  // at the same time, through the scratch registers
  void load_constant(Location to, IrRef r);

  bool out_of_slots() const { return out_of_slots_; }
  unsigned spills() const { return spill_count_; }
  const Word* constant_cell(IrRef r) const { return constants_ + (r - kFirstConst); }
  void set_constants(const Word* cells) { constants_ = cells; }
  bool needs_cell(IrRef r) const;

 private:
  struct State {
    Reg reg = kNoReg;
    Reg hint = kNoReg;
    Location home = 0;  // 0: none
    uint32_t next = Liveness::kNever;
  };
  struct LoopValue {
    IrRef ref;
    Location where;
  };

  const Trace& t_;
  const Liveness& live_;
  x86::Assembler& a_;
  const Word* constants_ = nullptr;
  std::vector<State> v_;
  IrRef in_[32] = {};
  uint32_t free_ = kAllGp | kAllXmm;
  uint32_t pinned_ = 0;
  uint64_t used_slots_[(kSpillSlots + 63) / 64] = {};
  unsigned spill_count_ = 0;
  bool out_of_slots_ = false;
  IrRef at_ = 0;
  std::vector<LoopValue> loop_state_;

  bool is_float(IrRef r) const { return t_.type(r) == Type::F64; }
  Reg take(uint32_t candidates, uint32_t preferred);
  Reg evict_one(uint32_t candidates);
  void evict(Reg reg);
  void store_home(IrRef r);
  Location new_slot();
  void free_slot(Location l);
  void emit_move(const Move& m);
  x86::Mem memory(Location l) const;
};

template <class F>
void Allocator::back_edge(F next, std::vector<Move>* moves) {
  for (const LoopValue& l : loop_state_) {
    const IrRef from = next(l.ref);
    if (is_const(from)) {
      moves->push_back({l.where, kConstFrom, from});
    } else if (from != l.ref || location(l.ref) != l.where) {
      const Location have = location(from);
      const bool at_home = from == l.ref && v_[from].home == l.where;
      if (have != l.where && !at_home) moves->push_back({l.where, have, from});
    }
  }
}

}  // namespace pystm::jit::x64
