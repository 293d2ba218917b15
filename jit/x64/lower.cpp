#include "jit/x64/lower.h"

#include "jit/arith.h"
#include "jit/runtime.h"
#include "jit/x64/cells.h"
#include "jit/x64/code.h"
#include "vm/bytecode/code.h"
#include "vm/interp/frames.h"
#include "vm/object/shape.h"

namespace pystm::jit::x64 {

Lower::Lower(X64Code& code, const X64Code* parent, Workspace& work, const CompileOptions& options)
    : code_(code),
      parent_(parent),
      t_(code.trace()),
      work_(work),
      live_(work.live),
      options_(options),
      ra_(code.trace(), work.live, a_) {}

const char* Lower::run() {
  live_.scan(t_);
  holder_.init(asmjit::Environment::host());
  if (options_.listing) holder_.setLogger(&logger_);
  holder_.attach(&a_);
  prepare();
  if (code_.cells_ == nullptr) return "no memory for data cells";
  a_.bind(entry_);
  for (IrRef r = 1; r < t_.size(); ++r) {
    const Ir op = t_.ins[r].op;
    if (op == Ir::Phi) break;
    if (op != Ir::Nop && !t_.ins[r].has(kSunk)) instruction(r);
    if (ra_.out_of_slots()) return "too many live values";
  }
  if (t_.loop() != 0) back_edge();
  emit_cold();
  return finish();
}

// Cells and labels. An assumed or left-out instruction has no exit of its own in the code, but
// keeps its row: rows are by instruction.
void Lower::prepare() {
  const size_t n = live_.exits.size();
  code_.exits_.resize(n);
  for (size_t k = 0; k < n; ++k) {
    const Exit& e = live_.exits[n - 1 - k];
    code_.exits_[k] = {e.ins, e.count, 0};
  }
  code_.cell_count_ = 1 + n + t_.consts.size();
  code_.cells_ = allocate_cells(code_.cell_count_);
  if (code_.cells_ == nullptr) return;
  for (size_t k = 0; k < t_.consts.size(); ++k) code_.constant_cells()[k] = t_.consts[k].bits;
  ra_.set_constants(code_.constant_cells());
  exit_cursor_ = n;
  entry_ = a_.newLabel();
  tail_ = a_.newLabel();
}

// --- one instruction -----------------------------------------------------------------------------

void Lower::instruction(IrRef r) {
  const Ins& i = t_.ins[r];
  at_ = r;
  ra_.begin(r);
  if (options_.listing) a_.setInlineComment(nullptr), a_.comment(print_ins(t_, r).c_str());
  const bool exits = exit_cursor_ > 0 && live_.exits[exit_cursor_ - 1].ins == r;
  if (exits) {
    exit_ = static_cast<uint32_t>(live_.exits.size() - exit_cursor_);
    --exit_cursor_;
  }
  const bool emits = !i.has(kAssumed) &&
                     !(options_.solo && (info_of(i.op).effects & kBarrier) && i.op != Ir::TxPoll);
  if (emits) dispatch(i);
  finish_instruction(i);
  if (exits) {
    const Exit& e = live_.exits[exit_cursor_];
    for (unsigned k = 0; k < e.count; ++k)
      ra_.release_if_dead(live_.exit_values[e.first + k], 2u * r + 1);
  }
}

void Lower::finish_instruction(const Ins& i) {
  const uint32_t now = 2u * at_;
  const auto done = [&](IrRef v, uint32_t next) {
    if (v == 0 || is_const(v)) return;
    ra_.set_next(v, next);
    ra_.release_if_dead(v, now);
  };
  if (i.op == Ir::Call) {
    for (unsigned k = 0; k < i.b; ++k) done(t_.args[i.a + k], live_.next_arg[i.a + k]);
  } else {
    for (unsigned k = 0; k < 3; ++k)
      if (is_value(info_of(i.op).operands[k])) done(operand(i, k), live_.next_use[3 * at_ + k]);
  }
  if (i.type != Type::None) ra_.release_if_dead(at_, now + 1);
}

void Lower::dispatch(const Ins& i) {
  switch (i.op) {
    case Ir::SLoad:
      ra_.loaded_from_window(at_, static_cast<int>(i.aux));
      ra_.set_next(at_, live_.first_use[at_]);
      return;
    case Ir::Inherit:
      return inherit(i);
    case Ir::SStore: {
      ra_.vacate_window(static_cast<int>(i.aux));
      const Operand v = use_any(i, 0);
      const x86::Mem slot(kWindowReg, 8 * static_cast<int32_t>(i.aux), 8);
      if (v.isMem()) {
        a_.mov(x86::rax, v.as<x86::Mem>());
        a_.mov(slot, x86::rax);
      } else {
        a_.emit(x86::Inst::kIdMov, slot, v);
      }
      return;
    }
    case Ir::Loop:
      ra_.enter_loop();
      loop_ = a_.newLabel();
      a_.align(asmjit::AlignMode::kCode, 16);
      a_.bind(loop_);
      return;
    case Ir::Jump:
      return jump_out(i);
    case Ir::Return:
      return lower_return(i);
    case Ir::Switch:
      return lower_switch(i);
    case Ir::CheckRoom:
      return check_room(i);
    case Ir::Exit:
      return exit_now();
    case Ir::CheckInt:
    case Ir::CheckFloat:
    case Ir::CheckRef:
      return lower_check(i);
    case Ir::BoxInt:
    case Ir::BoxFloat:
    case Ir::BoxBool:
    case Ir::TagInt:
      return lower_box(i);
    case Ir::CmpI:
    case Ir::CmpF:
    case Ir::CmpW:
      return lower_compare(i);
    case Ir::LoadField:
    case Ir::LoadItem:
      return lower_load(i);
    case Ir::StoreField:
    case Ir::StoreItem:
    case Ir::SetShape:
      return lower_store(i);
    case Ir::New:
      return lower_new(i);
    case Ir::Call:
      return lower_call(i);
    default:
      break;
  }
  if (is_int_binary(i.op)) return lower_int(i);
  if (is_float_arith(i.op) || i.op == Ir::IntToFloat || i.op == Ir::FloatToInt)
    return lower_float(i);
  if (info_of(i.op).effects & kBarrier) return lower_barrier(i);
  lower_guard(i);
}

void Lower::inherit(const Ins& i) { ra_.seed(at_, parent_->location(t_.parent_exit, i.aux)); }

// --- operands ------------------------------------------------------------------------------------

Reg Lower::use_in(const Ins& i, unsigned k, Reg scratch) {
  const IrRef r = operand(i, k);
  if (!is_const(r)) return ra_.use(r);
  ra_.load_constant(scratch, r);
  return scratch;
}
Reg Lower::use(const Ins& i, unsigned k) {
  const bool f = t_.type(operand(i, k)) == Type::F64;
  return use_in(i, k, f ? Reg{kFirstXmm + 15} : Reg{kRax});
}

Operand Lower::use_any(const Ins& i, unsigned k) {
  const IrRef r = operand(i, k);
  if (is_const(r)) {
    if (t_.type(r) == Type::Ptr && t_.bits(r) == 0) return kContextReg;
    if (ra_.needs_cell(r)) return absolute(ra_.constant_cell(r));
    return Imm(static_cast<int32_t>(t_.bits(r)));
  }
  if (!ra_.wants_register(r)) return ra_.home(r);
  const Reg reg = ra_.use(r);
  return is_xmm(reg) ? Operand(xmm(reg)) : Operand(gp(reg));
}

// --- exits ---------------------------------------------------------------------------------------

Lower::Cold& Lower::cold(ColdKind kind) {
  Cold c;
  c.kind = kind;
  c.label = a_.newLabel();
  c.exit = exit_;
  c.ins = &t_.ins[at_];
  c.floats = ra_.holds_floats();
  cold_.push_back(c);
  return cold_.back();
}

// Where the exit's values are at this moment.
void Lower::record_exit() {
  ExitRecord& e = code_.exits_[exit_];
  const Exit& from = live_.exits[live_.exits.size() - 1 - exit_];
  e.first = static_cast<uint32_t>(code_.locations_.size());
  for (unsigned k = 0; k < from.count; ++k) {
    const IrRef v = live_.exit_values[from.first + k];
    code_.locations_.push_back(v == at_ ? Location{0} : ra_.location(v));
    code_.exit_refs_.push_back(v);
  }
}

// REQUIRES: all registers of the instruction are given out (giving one out may evict a value that
// the exit needs), and no result is bound yet.
Label Lower::exit_label() {
  record_exit();
  return cold(ColdKind::kExit).label;
}

void Lower::exit_now() { a_.jmp(exit_label()); }

void Lower::jump_out(const Ins& i) {
  if (t_.link == LinkKind::kSelf) {
    a_.jmp(entry_);
    return;
  }
  if (t_.link == LinkKind::kTrace) store_pc(*t_.target);
  if (i.aux != 0) a_.add(kWindowReg, Imm(8 * i.aux));
  exit_now();
}

// As pystm_jit_return().
void Lower::lower_return(const Ins& i) {
  const auto how = static_cast<vm::OnReturn>(i.c);
  const Operand v = use_any(i, 0);
  const Label out = exit_label();
  const auto frame = [](size_t offset, uint32_t bytes = 8) {
    return x86::ptr(x86::rax, static_cast<int32_t>(offset), bytes);
  };
  a_.mov(x86::rax, context_at(offsetof(vm::Context, frame)));
  a_.cmp(frame(offsetof(vm::FrameRecord, on_return), 1), Imm(i.c));
  a_.jne(out);
  a_.cmp(frame(offsetof(vm::FrameRecord, frame_object)), Imm(Value().bits()));
  a_.jne(out);
  a_.lea(x86::rcx, frame(-sizeof(vm::FrameRecord)));
  a_.cmp(x86::rcx, context_at(offsetof(vm::Context, watermark)));
  a_.jb(out);
  if (how == vm::OnReturn::kInit) {
    a_.mov(x86::rsi, frame(offsetof(vm::FrameRecord, init_self)));
  } else if (how == vm::OnReturn::kDrop) {  // what is there
    a_.mov(x86::rcx, x86::qword_ptr(x86::rcx, offsetof(vm::FrameRecord, regs)));
    a_.movzx(x86::esi, frame(offsetof(vm::FrameRecord, result), 2));
    a_.mov(x86::rsi, x86::ptr(x86::rcx, x86::rsi, 3));
  } else {
    a_.emit(x86::Inst::kIdMov, x86::rsi, v);
  }
  if (how == vm::OnReturn::kKernel)  // counted for none
    a_.inc(context_at(offsetof(vm::Context, recursion_depth), 4));
  a_.mov(x86::rcx, Imm(reinterpret_cast<uint64_t>(&code_)));
  a_.mov(x86::edi, Imm(at_));
  a_.jmp(absolute(thunks().returned[options_.solo ? kSolo : kParallel]));
}

void Lower::lower_switch(const Ins& i) {
  const Operand v = use_any(i, 0);
  const Label out = exit_label();
  a_.emit(x86::Inst::kIdMov, x86::rax, v);
  a_.cmp(x86::rax, Imm(kTrue.bits()));
  a_.jne(out);
  a_.mov(x86::rcx, Imm(reinterpret_cast<uint64_t>(&code_)));
  a_.mov(x86::edi, Imm(at_));
  a_.jmp(absolute(thunks().go_on[options_.solo ? kSolo : kParallel]));
}

// As has_room().
void Lower::check_room(const Ins& i) {
  const Label out = exit_label();
  a_.lea(x86::rax,
         x86::ptr(kWindowReg, static_cast<int32_t>(8 * (i.a + kMaxExtent + vm::kRegisterSlack))));
  a_.cmp(x86::rax, context_at(offsetof(vm::Context, regs_limit)));
  a_.ja(out);
  a_.mov(x86::rax, context_at(offsetof(vm::Context, frame)));
  a_.add(x86::rax, Imm((i.b + kMaxDepth) * sizeof(vm::FrameRecord)));
  a_.cmp(x86::rax, context_at(offsetof(vm::Context, frames_limit)));
  a_.jae(out);
  a_.mov(x86::eax, context_at(offsetof(vm::Context, recursion_depth), 4));
  a_.add(x86::eax, Imm(i.b + kMaxDepth));
  a_.cmp(x86::eax, context_at(offsetof(vm::Context, recursion_limit), 4));
  a_.jge(out);
}

// A collection looks at the registers that are alive at the frame's pc: those that the Jump has
// stored are alive where the target begins.
void Lower::store_pc(const Trace& target) {
  if (target.frames[0].code == kNoRef) return;  // of a test
  const auto* code = reinterpret_cast<const vm::Code*>(target.bits(target.frames[0].code));
  a_.mov(x86::rax, x86::Mem(kContextReg, offsetof(vm::Context, frame), 8));
  a_.mov(x86::rcx, reinterpret_cast<uint64_t>(code->data->instrs + target.entry_pc));
  a_.mov(x86::Mem(x86::rax, offsetof(vm::FrameRecord, pc), 8), x86::rcx);
}

void Lower::back_edge() {
  std::vector<Move>& moves = work_.moves;
  moves.clear();
  at_ = t_.size();
  ra_.begin(static_cast<IrRef>(t_.size() - 1));
  std::vector<IrRef> next(t_.loop());
  for (IrRef r = static_cast<IrRef>(t_.loop() + 1); r < t_.size(); ++r)
    if (t_.ins[r].op == Ir::Phi) next[t_.ins[r].a] = t_.ins[r].b;
  ra_.back_edge([&](IrRef r) { return next[r] == 0 ? r : next[r]; }, &moves);
  ra_.move_all(moves);
  a_.jmp(loop_);
}

// --- cold code -----------------------------------------------------------------------------------

void Lower::emit_cold() {
  fallbacks_.resize(code_.exits_.size());
  for (size_t k = 0; k < cold_.size(); ++k) {  // slow paths may want an exit: no references kept
    const Cold c = cold_[k];
    a_.bind(c.label);
    if (c.kind == ColdKind::kExit)
      emit_exit(c);
    else
      emit_slow_path(c);
  }
  a_.bind(tail_);
  a_.mov(x86::rcx, Imm(reinterpret_cast<uint64_t>(&code_)));
  a_.jmp(absolute(thunks().leave));
}

void Lower::emit_exit(const Cold& c) {
  const Label fallback = a_.newLabel();
  a_.jmp(absolute(code_.exit_cell(c.exit)));
  a_.bind(fallback);
  a_.mov(x86::eax, Imm(code_.exits_[c.exit].ins));
  a_.jmp(tail_);
  fallbacks_[c.exit] = fallback;
}

void Lower::call_thunk(const Cold& c, Thunk t) {
  const Thunks& all = thunks();
  a_.call(absolute((c.floats ? all.slow : all.slow_integers)[static_cast<unsigned>(t)]));
}

// Of a slow path that takes its arguments from where the instruction's operands are.
void Lower::load_arguments(const Cold& c) {
  if (!c.operands[2].isNone()) {
    a_.emit(x86::Inst::kIdMov, x86::rax, c.operands[2]);
    a_.mov(state_at(offsetof(ExitState, scratch)), x86::rax);
  }
  if (!c.operands[1].isNone()) a_.emit(x86::Inst::kIdMov, x86::rcx, c.operands[1]);
  if (!c.operands[0].isNone()) a_.emit(x86::Inst::kIdMov, x86::rax, c.operands[0]);
}

void Lower::emit_slow_path(const Cold& c) {
  switch (c.kind) {
    case ColdKind::kFailure:
      a_.mov(state_at(offsetof(ExitState, failed), 1), Imm(1));
      a_.mov(x86::eax, Imm(code_.exits_[c.exit].ins));
      a_.jmp(tail_);
      return;
    case ColdKind::kFloatBox: {  // reg: the word, reg2: the xmm result
      const Label bad = a_.newLabel();
      a_.test(gp(c.reg).r8(), Imm(7));
      a_.jnz(bad);
      a_.test(gp(c.reg), gp(c.reg));
      a_.jz(bad);
      a_.cmp(x86::dword_ptr(gp(c.reg)), Imm(vm::kShapeFloatBox));
      a_.jne(bad);
      a_.movsd(xmm(c.reg2), x86::qword_ptr(gp(c.reg), field::FloatBox::value.offset()));
      a_.jmp(c.back);
      a_.bind(bad);
      return emit_exit(c);
    }
    case ColdKind::kBoxInt:
      a_.mov(x86::rax, gp(c.reg2));
      call_thunk(c, Thunk::box_int);
      break;
    case ColdKind::kBoxFloat:
      a_.movapd(x86::xmm15, xmm(c.reg2));
      call_thunk(c, Thunk::box_float);
      break;
    case ColdKind::kNew:
      a_.mov(x86::eax, Imm(t_.bits(c.ins->a)));
      a_.mov(x86::ecx, Imm(c.ins->aux));
      a_.mov(state_at(offsetof(ExitState, scratch)), Imm(c.ins->has(kHasVlock)));
      call_thunk(c, Thunk::make);
      break;
    case ColdKind::kRemember:
      if (c.reg != kNoReg) a_.mov(x86::rax, gp(c.reg));
      a_.lea(x86::rcx, c.memory);
      call_thunk(c, Thunk::remember);
      a_.jmp(c.back);
      return;
    case ColdKind::kUndo:
      load_arguments(c);
      call_thunk(c, Thunk::undo_item);
      a_.jmp(c.back);
      return;
    case ColdKind::kBarrier:             // rax, rcx, scratch are set, or `operands` are
      if (c.ins->op == Ir::ReadCheck) {  // most are ours already: written by this transaction
        // NOBARRIER: this is the barrier
        a_.mov(x86::rcx, x86::qword_ptr(x86::rax, offsetof(MutObject, vlock)));
        a_.cmp(x86::rcx, context_at(offsetof(vm::Context, me)));
        a_.je(c.back);
      }
      load_arguments(c);
      call_thunk(c, c.thunk);
      a_.test(x86::rax, x86::rax);
      a_.jz(c.back);
      a_.cmp(x86::rax, Imm(kFailed));
      a_.sete(state_at(offsetof(ExitState, failed), 1));
      {
        // A failure ends the transaction: it never goes on in a side trace.
        const Label leave = a_.newLabel();
        a_.jne(leave);
        a_.mov(x86::eax, Imm(code_.exits_[c.exit].ins));
        a_.jmp(tail_);
        a_.bind(leave);
      }
      return emit_exit(c);
    case ColdKind::kExit:
      return;
  }
  if (c.reg != kNoReg) a_.mov(gp(c.reg), x86::rax);
  a_.jmp(c.back);
}

const char* Lower::finish() {
  size_t bytes;
  void* p = install(holder_, &bytes);
  if (p == nullptr) return "no memory for machine code";
  code_.entry_ = p;
  code_.bytes_ = bytes;
  code_.cells_[0] = reinterpret_cast<Word>(p);
  const auto address = [&](const Label& l) {
    return reinterpret_cast<Word>(p) + holder_.labelOffsetFromBase(l);
  };
  for (size_t k = 0; k < fallbacks_.size(); ++k)
    if (fallbacks_[k].isValid()) *code_.exit_cell(k) = address(fallbacks_[k]);
  if (options_.listing) code_.listing_ = logger_.data();
  return nullptr;
}

}  // namespace pystm::jit::x64
