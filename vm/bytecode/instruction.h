// One instruction: 64 bits, so that registers, names and constants need no prefix forms, and one
// inline-cache word per instruction lies at the same index in a parallel array.
#pragma once

#include <cstdint>

namespace pystm::vm {

enum class Op : uint8_t {
#define OP(name, operands, traits, meaning) name,
#include "vm/bytecode/opcodes.def"
#undef OP
};

#define OP(name, operands, traits, meaning) +1
inline constexpr int kOpCount = 0
#include "vm/bytecode/opcodes.def"
    ;
#undef OP

// Names of the operand forms and traits of opcodes.def.
enum class Operands : uint8_t { ABC, AB, A, AK, AI, AN, ABN, ANB, J, AJ, ABJ, RANGE, X };
enum class Trait : uint8_t { kPure, kRaises, kCalls, kJump, kEnd, kEdge };

struct Instr {
  Op op = Op::NOP;
  uint8_t d = 0;
  uint16_t a = 0;
  union {
    struct {
      uint16_t b, c;
    };
    int32_t bc;
  };

  Instr() : bc(0) {}
  static Instr abc(Op op, unsigned a, unsigned b, unsigned c, unsigned d = 0) {
    Instr i;
    i.op = op;
    i.d = static_cast<uint8_t>(d);
    i.a = static_cast<uint16_t>(a);
    i.b = static_cast<uint16_t>(b);
    i.c = static_cast<uint16_t>(c);
    return i;
  }
  static Instr wide(Op op, unsigned a, int32_t bc, unsigned d = 0) {
    Instr i;
    i.op = op;
    i.d = static_cast<uint8_t>(d);
    i.a = static_cast<uint16_t>(a);
    i.bc = bc;
    return i;
  }
  int16_t jump16() const { return static_cast<int16_t>(c); }
};
static_assert(sizeof(Instr) == 8);

inline constexpr uint16_t kNoRegister = 0xFFFF;

const char* op_name(Op op);
Operands op_operands(Op op);
Trait op_trait(Op op);

}  // namespace pystm::vm
