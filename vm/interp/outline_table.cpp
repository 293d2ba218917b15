// The table of out-of-line instructions, by opcode.
#include "vm/interp/outline.h"

namespace pystm::vm {

#define OUTLINED(name) Flow do_##name(Context& cx, FrameRecord* f, Instr i);
#include "vm/interp/outlined.def"
#undef OUTLINED

namespace {
constexpr OutlineFn outlined(Op op) {
  switch (op) {
#define OUTLINED(name) \
  case Op::name:       \
    return do_##name;
#include "vm/interp/outlined.def"
#undef OUTLINED
    default:
      return nullptr;
  }
}
}  // namespace

const OutlineFn kOutlined[kOpCount] = {
#define OP(name, operands, traits, meaning) outlined(Op::name),
#include "vm/bytecode/opcodes.def"
#undef OP
};

}  // namespace pystm::vm
