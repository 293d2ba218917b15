#include "jit/x64/thunks.h"

#include <pthread.h>
#include <sys/mman.h>

#include "base/assert.h"
#include "jit/runtime.h"
#include "jit/x64/cells.h"
#include "vm/bytecode/code.h"

namespace pystm::jit::x64 {

// Memory mapped twice is shared with a forked child: what is there stays, but either process would
// write over what the other adds. So the child begins memory of its own.
asmjit::JitAllocator& code_memory(bool anonymous) {
  static const bool mapped_twice = !anonymous;  // as the first caller wants it
  static constexpr auto make = [] {
    asmjit::JitAllocator::CreateParams p;
    if (mapped_twice) p.options = asmjit::JitAllocatorOptions::kUseDualMapping;
    p.blockSize = 1u << 20;
    return new asmjit::JitAllocator(&p);  // lives as long as the process: code may be running
  };
  static asmjit::JitAllocator* allocator = [] {
    pthread_atfork(nullptr, nullptr, [] { allocator = make(); });
    return make();
  }();
  return *allocator;
}

void* install(asmjit::CodeHolder& code, size_t* bytes) {
  if (code.flatten() != asmjit::kErrorOk || code.resolveUnresolvedLinks() != asmjit::kErrorOk)
    return nullptr;
  void *rx = nullptr, *rw = nullptr;
  if (code_memory().alloc(&rx, &rw, code.codeSize()) != asmjit::kErrorOk) return nullptr;
  if (code.relocateToBase(reinterpret_cast<uint64_t>(rx)) != asmjit::kErrorOk) {
    code_memory().release(rx);
    return nullptr;
  }
  *bytes = code.codeSize();
  code.copyFlattenedData(rw, *bytes);
  return rx;
}

namespace {

constexpr Reg kCalleeSaved[] = {kRbx, kR12, kR13, 14, 15};

void store_registers(x86::Assembler& a, uint32_t registers) {
  for (Reg r = 0; r < 32; ++r) {
    if (!(registers & bit(r))) continue;
    if (is_xmm(r))
      a.movsd(state_at(offsetof(ExitState, xmm) + 8 * (r - kFirstXmm)), xmm(r));
    else
      a.mov(state_at(offsetof(ExitState, gpr) + 8 * r), gp(r));
  }
}
void load_registers(x86::Assembler& a, uint32_t registers) {
  for (Reg r = 0; r < 32; ++r) {
    if (!(registers & bit(r))) continue;
    if (is_xmm(r))
      a.movsd(xmm(r), state_at(offsetof(ExitState, xmm) + 8 * (r - kFirstXmm)));
    else
      a.mov(gp(r), state_at(offsetof(ExitState, gpr) + 8 * r));
  }
}

// void enter(Context* rdi, Value* rsi, ExitState* rdx, const void* rcx)
void emit_enter(x86::Assembler& a) {
  a.push(x86::rbp);
  a.mov(x86::rbp, x86::rsp);
  for (const Reg r : kCalleeSaved) a.push(gp(r));
  // The stack is a multiple of 16 at calls: return address, rbp and five registers are 56 bytes.
  a.sub(x86::rsp, 8);
  a.mov(x86::rax, x86::qword_ptr(x86::rbp));
  a.mov(x86::ptr(x86::rdx, offsetof(ExitState, frame_link), 8), x86::rax);
  a.mov(x86::rax, x86::qword_ptr(x86::rbp, 8));
  a.mov(x86::ptr(x86::rdx, offsetof(ExitState, return_address), 8), x86::rax);
  a.mov(kContextReg, x86::rdi);
  a.mov(kWindowReg, x86::rsi);
  a.mov(kStateReg, x86::rdx);
  a.jmp(x86::rcx);
}

void emit_leave(x86::Assembler& a) {
  a.mov(state_at(offsetof(ExitState, code)), x86::rcx);
  a.mov(state_at(offsetof(ExitState, exit), 2), x86::ax);
  a.mov(state_at(offsetof(ExitState, window)), kWindowReg);
  store_registers(a, kAllGp | kAllXmm);
  a.add(x86::rsp, 8);
  for (size_t k = std::size(kCalleeSaved); k-- > 0;) a.pop(gp(kCalleeSaved[k]));
  a.pop(x86::rbp);
  a.ret();
}

x86::Mem of_frame(size_t offset, uint32_t bytes = 8) {  // the topmost one, in rax
  return x86::ptr(x86::rax, static_cast<int32_t>(offset), bytes);
}
x86::Mem at(x86::Gp base, size_t offset, uint32_t bytes = 8) {
  return x86::ptr(base, static_cast<int32_t>(offset), bytes);
}

// On at the pc (in rdx) of the topmost frame (rax), whose CodeData is rsi: in what is compiled for
// it, or by leaving the code rcx at its instruction edi.
void emit_enter_topmost(x86::Assembler& a, Mode mode, const Word* leave) {
  using vm::FrameRecord;
  const Label out = a.newLabel();
  a.sub(x86::rdx, at(x86::rsi, offsetof(vm::CodeData, instrs)));
  a.mov(x86::rsi, at(x86::rsi, offsetof(vm::CodeData, returns)));
  a.test(x86::rsi, x86::rsi);
  a.jz(out);
  static_assert(sizeof(vm::Instr) == sizeof(vm::CacheWord));
  a.mov(x86::rsi, x86::ptr(x86::rsi, x86::rdx));
  a.cmp(x86::rsi, Imm(kMaxCount));
  a.jbe(out);
  a.cmp(x86::rsi, Imm(-1));  // kNeverHot
  a.je(out);
  a.mov(x86::rdx, at(x86::rsi, offsetof(Entrance, address) + 8 * mode));
  a.test(x86::rdx, x86::rdx);
  a.jz(out);
  a.mov(x86::r8, of_frame(offsetof(FrameRecord, globals)));
  a.cmp(x86::r8, at(x86::rsi, offsetof(Entrance, globals) + offsetof(gc::Root, value)));
  a.jne(out);
  a.mov(x86::r9, of_frame(offsetof(FrameRecord, locals)));  // has_no_namespace()
  const Label none = a.newLabel();
  a.test(x86::r9, x86::r9);
  a.jz(none);
  a.cmp(x86::r9, x86::r8);
  a.jne(out);
  a.bind(none);
  a.mov(x86::r8, of_frame(offsetof(FrameRecord, builtins)));
  a.cmp(x86::r8, at(x86::rsi, offsetof(Entrance, builtins) + offsetof(gc::Root, value)));
  a.jne(out);
  a.jmp(x86::rdx);
  a.bind(out);
  a.mov(state_at(offsetof(ExitState, switched), 1), Imm(1));
  a.mov(x86::eax, x86::edi);
  a.jmp(absolute(leave));
}

// rax: the topmost frame, which returns rsi.
void emit_return(x86::Assembler& a, Mode mode, const Word* leave) {
  using vm::FrameRecord;
  a.movzx(x86::edx, of_frame(offsetof(FrameRecord, result), 2));
  a.sub(x86::rax, Imm(sizeof(FrameRecord)));
  a.mov(context_at(offsetof(vm::Context, frame)), x86::rax);
  a.dec(context_at(offsetof(vm::Context, recursion_depth), 4));
  a.mov(kWindowReg, of_frame(offsetof(FrameRecord, regs)));
  a.mov(x86::ptr(kWindowReg, x86::rdx, 3), x86::rsi);
  a.mov(x86::rsi, of_frame(offsetof(FrameRecord, code)));
  a.mov(x86::rsi, at(x86::rsi, offsetof(vm::Code, data)));
  a.movzx(x86::edx, at(x86::rsi, offsetof(vm::CodeData, register_count), 2));
  a.lea(x86::rdx, x86::ptr(kWindowReg, x86::rdx, 3));
  a.mov(context_at(offsetof(vm::Context, regs_top)), x86::rdx);
  a.mov(x86::rdx, of_frame(offsetof(FrameRecord, pc)));
  a.add(x86::rdx, Imm(sizeof(vm::Instr)));
  a.mov(of_frame(offsetof(FrameRecord, pc)), x86::rdx);
  emit_enter_topmost(a, mode, leave);
}

void emit_go_on(x86::Assembler& a, Mode mode, const Word* leave) {
  using vm::FrameRecord;
  a.mov(x86::rax, context_at(offsetof(vm::Context, frame)));
  a.mov(kWindowReg, of_frame(offsetof(FrameRecord, regs)));
  a.mov(x86::rsi, of_frame(offsetof(FrameRecord, code)));
  a.mov(x86::rsi, at(x86::rsi, offsetof(vm::Code, data)));
  a.mov(x86::rdx, of_frame(offsetof(FrameRecord, pc)));
  emit_enter_topmost(a, mode, leave);
}

void emit_slow(x86::Assembler& a, void* function, bool takes_xmm, uint32_t saved) {
  a.sub(x86::rsp, 8);
  store_registers(a, saved);
  a.mov(x86::rdi, kContextReg);
  if (takes_xmm) {
    a.movapd(x86::xmm0, x86::xmm15);
  } else {
    a.mov(x86::rsi, x86::rax);
    a.mov(x86::rdx, x86::rcx);
    a.mov(x86::rcx, state_at(offsetof(ExitState, scratch)));
  }
  a.mov(x86::rax, Imm(reinterpret_cast<uint64_t>(function)));
  a.call(x86::rax);
  load_registers(a, saved);
  a.add(x86::rsp, 8);
  a.ret();
}

template <class F>
Word make(F emit) {
  asmjit::CodeHolder code;
  code.init(asmjit::Environment::host());
  x86::Assembler a(&code);
  emit(a);
  size_t bytes;
  void* p = install(code, &bytes);
  CHECK(p != nullptr);
  return reinterpret_cast<Word>(p);
}

Thunks make_thunks() {
  Thunks t;
  t.enter = reinterpret_cast<decltype(t.enter)>(make(emit_enter));
  Word* cells = allocate_cells(1 + 2 * kModes + 2 * static_cast<size_t>(Thunk::kCount));
  CHECK(cells != nullptr);
  t.leave = cells++;
  *t.leave = make(emit_leave);
  for (const Mode mode : {kSolo, kParallel}) {
    t.returned[mode] = cells++;
    *t.returned[mode] = make([&](x86::Assembler& a) { emit_return(a, mode, t.leave); });
    t.go_on[mode] = cells++;
    *t.go_on[mode] = make([&](x86::Assembler& a) { emit_go_on(a, mode, t.leave); });
  }
  unsigned n = 0;
  const auto add = [&](Word** slow, void* function, bool takes_xmm, uint32_t saved) {
    slow[n] = cells;
    *cells++ = make([&](x86::Assembler& a) { emit_slow(a, function, takes_xmm, saved); });
  };
#define THUNK(name, function, takes_xmm)                                                      \
  add(t.slow, reinterpret_cast<void*>(&function), takes_xmm, kClobbered);                     \
  add(t.slow_integers, reinterpret_cast<void*>(&function), takes_xmm, kClobbered & ~kAllXmm); \
  ++n;
  X64_THUNKS(THUNK)
#undef THUNK
  return t;
}

}  // namespace

const Thunks& thunks() {
  static const Thunks t = make_thunks();
  return t;
}

}  // namespace pystm::jit::x64
