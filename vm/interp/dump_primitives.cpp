// --dump-primitives: a second, trivial builder over the same semantics. It prints the name of each
// primitive that an instruction's definition uses, one line per instruction, and lets the
// interpreter's builder do the work. It keeps the abstraction honest: what it can wrap, a recorder
// can record.
#include <cstdio>

#include "vm/interp/run.h"

namespace pystm::vm {

namespace {

struct DumpBuilder : InterpreterBuilder<false> {
  using Base = InterpreterBuilder<false>;
  const Instr* noted = nullptr;

  void note(const char* primitive) {
    if (f->code->data->hidden) return;
    if (noted != pc) std::fprintf(stderr, "\n%s:", op_name(pc->op));
    noted = pc;
    std::fprintf(stderr, " %s", primitive);
  }
#define PRIM(name, effects, meaning) \
  template <class... A>              \
  auto name(A... a) {                \
    note(#name);                     \
    return Base::name(a...);         \
  }
#include "vm/semantics/primitives.def"
#undef PRIM
};

}  // namespace

Result<Value> run_dumping(Context& cx, FrameRecord* entry) {
  return run_with<DumpBuilder>(cx, entry);
}

}  // namespace pystm::vm
