#include "vm/bytecode/instruction.h"

namespace pystm::vm {

namespace {
struct OpInfo {
  const char* name;
  Operands operands;
  Trait trait;
};
constexpr OpInfo kOps[] = {
#define OP(name, operands, traits, meaning) {#name, Operands::operands, Trait::traits},
#include "vm/bytecode/opcodes.def"
#undef OP
};
}  // namespace

const char* op_name(Op op) { return kOps[static_cast<int>(op)].name; }
Operands op_operands(Op op) { return kOps[static_cast<int>(op)].operands; }
Trait op_trait(Op op) { return kOps[static_cast<int>(op)].trait; }

}  // namespace pystm::vm
