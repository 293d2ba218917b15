// asmjit, and the register conventions of compiled traces.
//
//   r15 Context*   r14 register 0 of the root window   rbp ExitState* (spill slots)
//   rax rcx xmm15  scratch of one instruction's code
//   the others     hold values; rbx r12 r13 survive calls
#pragma once

#include <asmjit/asmjit.h>

#include "jit/backend.h"

namespace pystm::jit::x64 {

namespace x86 = asmjit::x86;
using asmjit::Imm;
using asmjit::Label;
using asmjit::Operand;

// A register: 0..15 general, 16..31 xmm.
using Reg = uint8_t;
inline constexpr Reg kNoReg = 255;
inline constexpr unsigned kFirstXmm = 16;
constexpr uint32_t bit(unsigned r) { return uint32_t{1} << r; }
enum GpNumber { kRax, kRcx, kRdx, kRbx, kRsp, kRbp, kRsi, kRdi, kR8, kR9, kR10, kR11, kR12, kR13 };

inline constexpr uint32_t kSavedGp = bit(kRbx) | bit(kR12) | bit(kR13);
inline constexpr uint32_t kAllGp =
    kSavedGp | bit(kRdx) | bit(kRsi) | bit(kRdi) | bit(kR8) | bit(kR9) | bit(kR10) | bit(kR11);
inline constexpr uint32_t kAllXmm = 0x7FFF0000;
inline constexpr uint32_t kClobbered = (kAllGp & ~kSavedGp) | kAllXmm;  // by calls

inline const x86::Gp kContextReg = x86::r15;
inline const x86::Gp kWindowReg = x86::r14;
inline const x86::Gp kStateReg = x86::rbp;

constexpr bool is_xmm(Reg r) { return r >= kFirstXmm && r != kNoReg; }
inline x86::Gp gp(Reg r) { return x86::gpq(r); }
inline x86::Xmm xmm(Reg r) { return x86::xmm(r - kFirstXmm); }
inline x86::Mem context_at(size_t offset, uint32_t bytes = 8) {
  return x86::Mem(kContextReg, static_cast<int32_t>(offset), bytes);
}
inline x86::Mem state_at(size_t offset, uint32_t bytes = 8) {
  return x86::Mem(kStateReg, static_cast<int32_t>(offset), bytes);
}
// Memory at a fixed address below 2 GiB.
inline x86::Mem absolute(const void* p, uint32_t bytes = 8) {
  x86::Mem m(reinterpret_cast<uint64_t>(p), bytes);
  m.setAbs();
  return m;
}
inline x86::Mem spill_at(unsigned slot) { return state_at(offsetof(ExitState, spills) + 8 * slot); }

}  // namespace pystm::jit::x64
