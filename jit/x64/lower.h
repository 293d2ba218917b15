// From IR to x86-64, in one forward pass together with register allocation.
//
// Each leaving instruction jumps to a stub of its own behind the hot code: `jmp [cell]`. The cell
// first holds the address of the stub's second half, which goes to the common way out with the
// instruction's number; attaching a side trace stores its entry there.
#pragma once

#include "jit/x64/allocator.h"
#include "jit/x64/thunks.h"

namespace pystm::jit::x64 {

class X64Code;

// Buffers that are kept from one compilation to the next.
struct Workspace {
  Liveness live;
  std::vector<Move> moves;
};

// What is kept of a leaving instruction.
struct ExitRecord {
  IrRef ins;
  uint16_t count;
  uint32_t first;  // in X64Code::locations, parallel to exit_values()
};

class Lower {
 public:
  Lower(X64Code& code, const X64Code* parent, Workspace& work, const CompileOptions& options);
  // Emits and installs; null, or why not.
  const char* run();

 private:
  enum class ColdKind : uint8_t {
    kExit,
    kFailure,
    kFloatBox,
    kBoxInt,
    kBoxFloat,
    kNew,
    kRemember,
    kUndo,
    kBarrier
  };
  // Code behind the loop.
  struct Cold {
    ColdKind kind;
    Label label, back;
    Reg reg = kNoReg, reg2 = kNoReg;
    int32_t value = 0;
    uint32_t exit = 0;  // index in exits
    const Ins* ins = nullptr;
    x86::Mem memory;
    Thunk thunk = Thunk::kCount;
    Operand operands[3];  // of barriers whose slow path begins without arguments
    bool floats = true;   // some live in registers
  };

  X64Code& code_;
  const X64Code* parent_;
  const Trace& t_;
  Workspace& work_;
  Liveness& live_;
  CompileOptions options_;
  asmjit::CodeHolder holder_;
  asmjit::StringLogger logger_;
  x86::Assembler a_;
  Allocator ra_;
  std::vector<Cold> cold_;
  std::vector<Label> fallbacks_;  // by exit
  Label entry_, loop_, tail_;
  size_t exit_cursor_ = 0;  // next row of live_.exits, from the back
  IrRef at_ = 0;
  uint32_t exit_ = 0;  // of the present instruction

  // lower.cpp
  void prepare();
  void instruction(IrRef r);
  void dispatch(const Ins& i);
  void inherit(const Ins& i);
  void begin_exit(IrRef r);
  void record_exit();
  Label exit_label();
  void finish_instruction(const Ins& i);
  void back_edge();
  void jump_out(const Ins& i);
  void lower_return(const Ins& i);
  void lower_switch(const Ins& i);
  void check_room(const Ins& i);
  void store_pc(const Trace& target);
  void exit_now();
  void emit_cold();
  void emit_exit(const Cold& c);
  void emit_slow_path(const Cold& c);
  void call_thunk(const Cold& c, Thunk t);
  void load_arguments(const Cold& c);
  const char* finish();

  // Operands. `k`: which operand of the instruction.
  IrRef operand(const Ins& i, unsigned k) const { return k == 0 ? i.a : k == 1 ? i.b : i.c; }
  Reg use(const Ins& i, unsigned k);                  // in a register; constants: in rax or xmm15
  Reg use_in(const Ins& i, unsigned k, Reg scratch);  // constants in that register
  Operand use_any(const Ins& i, unsigned k);          // register, memory or 32-bit immediate
  x86::Gp g(const Ins& i, unsigned k) { return gp(use(i, k)); }
  Reg define(IrRef reuse = 0) { return ra_.define(at_, reuse); }
  void bind(Reg r) { ra_.bind(at_, r); }
  Cold& cold(ColdKind kind);

  // lower_int.cpp
  void lower_check(const Ins& i);
  void lower_guard(const Ins& i);
  void lower_compare(const Ins& i);
  void lower_box(const Ins& i);
  void lower_int(const Ins& i);
  void lower_add(const Ins& i);
  void lower_shift(const Ins& i);
  void lower_divide(const Ins& i);
  void compare_ints(const Ins& i);
  void compare_words(const Ins& i);
  void guard_float(const Ins& i);

  // lower_memory.cpp
  void lower_float(const Ins& i);
  void lower_load(const Ins& i);
  void lower_store(const Ins& i);
  void lower_new(const Ins& i);
  void lower_barrier(const Ins& i);
  void lower_call(const Ins& i);
  x86::Mem place(const Ins& i, uint32_t bytes);
  void remember(const Ins& i, const x86::Mem& slot);
  // Of a barrier on operand a, which is in rax: its vlock is in rcx. Bind `back` after the fast
  // path.
  struct Barrier {
    Label slow, back;
  };
  Barrier open_barrier(const Ins& i, Thunk thunk);
  Barrier cold_barrier(Thunk thunk);
  Barrier cold_barrier(Thunk thunk, const Operand* operands);
  void read_check(const Ins& i);
  void chunk_version(const Operand& items, const Operand& k);
  void item_check(const Ins& i);
  void undo_item(const Ins& i);
};

}  // namespace pystm::jit::x64
