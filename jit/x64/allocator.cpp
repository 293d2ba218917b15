#include "jit/x64/allocator.h"

#include "base/assert.h"

namespace pystm::jit::x64 {

Allocator::Allocator(const Trace& trace, const Liveness& live, x86::Assembler& a)
    : t_(trace), live_(live), a_(a), v_(trace.size()) {}

bool Allocator::needs_cell(IrRef r) const {
  const Word bits = t_.bits(r);
  switch (t_.type(r)) {
    case Type::F64:
      return true;
    case Type::Ref:
    case Type::Word:
      if (Value(bits).is_object()) return true;
      [[fallthrough]];
    default:
      return static_cast<int64_t>(bits) != static_cast<int32_t>(bits);
  }
}

// --- slots ---------------------------------------------------------------------------------------

Location Allocator::new_slot() {
  for (unsigned k = 0; k < kSpillSlots; ++k) {
    if (used_slots_[k / 64] >> (k % 64) & 1) continue;
    used_slots_[k / 64] |= uint64_t{1} << (k % 64);
    spill_count_ = std::max(spill_count_, k + 1);
    return static_cast<Location>(kSpillLocation + k);
  }
  out_of_slots_ = true;
  return kSpillLocation;
}

void Allocator::free_slot(Location l) {
  if (l < kSpillLocation || l >= kWindowLocation) return;
  const unsigned k = l - kSpillLocation;
  used_slots_[k / 64] &= ~(uint64_t{1} << (k % 64));
}

x86::Mem Allocator::memory(Location l) const {
  if (l >= kWindowLocation) return x86::Mem(kWindowReg, 8 * (l - kWindowLocation), 8);
  return spill_at(l - kSpillLocation);
}

x86::Mem Allocator::home(IrRef r) const { return memory(v_[r].home); }

Location Allocator::location(IrRef r) const {
  return v_[r].reg != kNoReg ? Location{v_[r].reg} : v_[r].home;
}

void Allocator::store_home(IrRef r) {
  State& s = v_[r];
  if (s.home != 0) return;
  s.home = new_slot();
  if (is_xmm(s.reg))
    a_.movsd(memory(s.home), xmm(s.reg));
  else
    a_.mov(memory(s.home), gp(s.reg));
}

// --- registers -----------------------------------------------------------------------------------

void Allocator::vacate_window(int slot) {
  for (IrRef r = 1; r < at_; ++r) {
    State& s = v_[r];
    if (s.home != kWindowLocation + slot || live_.end[r] <= 2u * at_) continue;
    const x86::Mem from = memory(s.home);
    s.home = 0;
    if (s.reg != kNoReg) continue;
    s.home = new_slot();
    a_.mov(x86::rax, from);
    a_.mov(memory(s.home), x86::rax);
  }
}

void Allocator::evict(Reg reg) {
  const IrRef r = in_[reg];
  store_home(r);
  v_[r].reg = kNoReg;
  in_[reg] = kNoRef;
  free_ |= bit(reg);
}

Reg Allocator::evict_one(uint32_t candidates) {
  Reg furthest = kNoReg;
  uint32_t distance = 0;
  for (uint32_t m = candidates & ~pinned_; m != 0; m &= m - 1) {
    const Reg reg = static_cast<Reg>(__builtin_ctz(m));
    const State& s = v_[in_[reg]];
    // Of two used equally late, the one that has a home already.
    const uint32_t d =
        s.next == Liveness::kNever ? ~uint32_t{0} - (s.home == 0) : 2 * s.next + (s.home != 0);
    if (furthest == kNoReg || d > distance) {
      furthest = reg;
      distance = d;
    }
  }
  CHECK(furthest != kNoReg);
  evict(furthest);
  return furthest;
}

Reg Allocator::take(uint32_t candidates, uint32_t preferred) {
  uint32_t m = free_ & candidates & ~pinned_;
  if (m & preferred) m &= preferred;
  const Reg reg = m != 0 ? static_cast<Reg>(__builtin_ctz(m)) : evict_one(candidates);
  free_ &= ~bit(reg);
  pinned_ |= bit(reg);
  return reg;
}

Reg Allocator::use(IrRef r) {
  State& s = v_[r];
  if (s.reg == kNoReg) {
    DCHECK(s.home != 0);
    const Reg reg = take(is_float(r) ? kAllXmm : kAllGp, 0);
    if (is_xmm(reg))
      a_.movsd(xmm(reg), home(r));
    else
      a_.mov(gp(reg), home(r));
    s.reg = reg;
    in_[reg] = r;
  }
  pinned_ |= bit(s.reg);
  return s.reg;
}

bool Allocator::wants_register(IrRef r) const {
  if (v_[r].reg != kNoReg) return true;
  const uint32_t all = is_float(r) ? kAllXmm : kAllGp;
  return (free_ & all) != 0 && v_[r].next != Liveness::kNever;
}

Reg Allocator::define(IrRef r, IrRef reuse) {
  const bool f = is_float(r);
  const Reg wish = v_[r].hint;
  if (wish != kNoReg && (free_ & bit(wish)) && !(pinned_ & bit(wish))) {
    free_ &= ~bit(wish);
    pinned_ |= bit(wish);
    return wish;
  }
  if (reuse != 0 && !is_const(reuse) && dies_here(reuse) && v_[reuse].reg != kNoReg &&
      is_float(reuse) == f) {
    const Reg reg = v_[reuse].reg;
    v_[reuse].reg = kNoReg;
    in_[reg] = kNoRef;
    pinned_ |= bit(reg);
    return reg;
  }
  if (f) return take(kAllXmm, 0);
  const uint32_t call = live_.next_call[at_ + 1u];
  return take(kAllGp, call != 0xFFFF && live_.end[r] > 2 * call ? kSavedGp : kAllGp & ~kSavedGp);
}

void Allocator::bind(IrRef r, Reg reg) {
  v_[r].reg = reg;
  v_[r].next = live_.first_use[r];
  in_[reg] = r;
}

Reg Allocator::temporary(bool want_xmm) {
  const Reg reg = take(want_xmm ? kAllXmm : kAllGp, 0);
  free_ |= bit(reg);  // again after this instruction; pinned until then
  return reg;
}

void Allocator::vacate(Reg reg) {
  if (in_[reg] != kNoRef) {
    const IrRef r = in_[reg];
    const uint32_t others = free_ & ~pinned_ & (is_xmm(reg) ? kAllXmm : kAllGp) & ~bit(reg);
    if (others != 0 && !is_xmm(reg)) {
      const Reg to = static_cast<Reg>(__builtin_ctz(others));
      a_.mov(gp(to), gp(reg));
      free_ = (free_ & ~bit(to)) | bit(reg);
      v_[r].reg = to;
      in_[to] = r;
      in_[reg] = kNoRef;
      if (pinned_ & bit(reg)) pinned_ |= bit(to);
    } else {
      evict(reg);
    }
  }
  pinned_ |= bit(reg);
}

void Allocator::spill_all(uint32_t registers, uint32_t position) {
  for (uint32_t m = registers & ~free_; m != 0; m &= m - 1) {
    const Reg reg = static_cast<Reg>(__builtin_ctz(m));
    const IrRef r = in_[reg];
    if (r == kNoRef) continue;
    if (live_.end[r] > position) store_home(r);
  }
}

void Allocator::forget(uint32_t registers) {
  for (uint32_t m = registers & ~free_; m != 0; m &= m - 1) {
    const auto reg = static_cast<Reg>(__builtin_ctz(m));
    if (in_[reg] == kNoRef) continue;
    v_[in_[reg]].reg = kNoReg;
    in_[reg] = kNoRef;
    free_ |= bit(reg);
  }
}

void Allocator::release_if_dead(IrRef r, uint32_t position) {
  if (r == 0 || is_const(r) || live_.end[r] > position) return;
  State& s = v_[r];
  if (s.reg != kNoReg) {
    in_[s.reg] = kNoRef;
    free_ |= bit(s.reg);
    s.reg = kNoReg;
  }
  free_slot(s.home);
  s.home = 0;
}

void Allocator::seed(IrRef r, Location l) {
  State& s = v_[r];
  s.next = live_.first_use[r];
  if (is_register(l)) {
    s.reg = static_cast<Reg>(l);
    in_[l] = r;
    free_ &= ~bit(l);
    return;
  }
  s.home = l;
  if (l < kWindowLocation) {
    const unsigned k = l - kSpillLocation;
    used_slots_[k / 64] |= uint64_t{1} << (k % 64);
    spill_count_ = std::max(spill_count_, k + 1);
  }
}

// --- loops ---------------------------------------------------------------------------------------

void Allocator::enter_loop() {
  for (IrRef r = t_.size(); --r > t_.loop();) {
    const Ins& i = t_.ins[r];
    if (i.op == Ir::Nop) continue;
    if (i.op != Ir::Phi) break;  // they stand at the end
    State& s = v_[i.a];
    if (s.reg == kNoReg && s.home >= kWindowLocation) {
      // The VM register keeps the first value; the variable needs a place of its own.
      use(i.a);
      pinned_ = 0;
      s.home = 0;
    }
    if (s.reg == kNoReg) continue;
    free_slot(s.home);  // what the slot holds is the first value only
    s.home = 0;
    if (!is_const(i.b)) v_[i.b].hint = s.reg;
  }
  for (IrRef r = 1; r < t_.loop(); ++r) {
    const State& s = v_[r];
    if ((s.reg == kNoReg && s.home == 0) || live_.end[r] <= 2u * t_.loop()) continue;
    loop_state_.push_back({r, location(r)});
  }
}

// --- moves ---------------------------------------------------------------------------------------

void Allocator::load_constant(Location to, IrRef r) {
  const Word bits = t_.bits(r);
  const bool pointer = t_.type(r) == Type::Ptr && bits == 0;
  if (is_register(to) && is_xmm(static_cast<Reg>(to))) {
    const auto x = xmm(static_cast<Reg>(to));
    if (bits == 0)
      a_.xorps(x, x);
    else
      a_.movsd(x, absolute(constant_cell(r)));
    return;
  }
  const x86::Gp g = gp(is_register(to) ? static_cast<Reg>(to) : Reg{kRax});
  if (pointer)
    a_.mov(g, kContextReg);
  else if (needs_cell(r))
    a_.mov(g, absolute(constant_cell(r)));
  else if (bits == 0)
    a_.xor_(g.r32(), g.r32());
  else if (bits <= 0xFFFFFFFF)
    a_.mov(g.r32(), Imm(bits));
  else
    a_.mov(g, Imm(static_cast<int64_t>(bits)));
  if (!is_register(to)) a_.mov(memory(to), x86::rax);
}

void Allocator::emit_move(const Move& m) {
  if (m.from == kConstFrom) return load_constant(m.to, m.ref);
  const bool to_reg = is_register(m.to), from_reg = is_register(m.from);
  const auto to = static_cast<Reg>(m.to), from = static_cast<Reg>(m.from);
  if (to_reg && from_reg) {
    if (is_xmm(to) && is_xmm(from))
      a_.movapd(xmm(to), xmm(from));
    else if (is_xmm(to))
      a_.movq(xmm(to), gp(from));
    else if (is_xmm(from))
      a_.movq(gp(to), xmm(from));
    else
      a_.mov(gp(to), gp(from));
  } else if (to_reg) {
    if (is_xmm(to))
      a_.movsd(xmm(to), memory(m.from));
    else
      a_.mov(gp(to), memory(m.from));
  } else if (from_reg) {
    if (is_xmm(from))
      a_.movsd(memory(m.to), xmm(from));
    else
      a_.mov(memory(m.to), gp(from));
  } else {
    a_.mov(x86::rax, memory(m.from));
    a_.mov(memory(m.to), x86::rax);
  }
}

// A move is ready when nobody still reads its destination. A cycle is broken by taking one source
// away into a scratch register.
void Allocator::move_all(std::vector<Move>& moves) {
  std::erase_if(moves, [](const Move& m) { return m.to == m.from; });
  constexpr Location kScratchGp = kRcx, kScratchXmm = kFirstXmm + 15;
  while (!moves.empty()) {
    bool progress = false;
    for (size_t k = 0; k < moves.size(); ++k) {
      bool read = false;
      for (size_t j = 0; j < moves.size(); ++j) read |= j != k && moves[j].from == moves[k].to;
      if (read) continue;
      emit_move(moves[k]);
      moves.erase(moves.begin() + static_cast<ptrdiff_t>(k));
      progress = true;
      break;
    }
    if (progress) continue;
    const Location from = moves[0].from;
    const bool f = is_register(from) && is_xmm(static_cast<Reg>(from));
    const Location scratch = f ? kScratchXmm : kScratchGp;
    emit_move({scratch, from});
    for (Move& m : moves)
      if (m.from == from) m.from = scratch;
  }
}

}  // namespace pystm::jit::x64
