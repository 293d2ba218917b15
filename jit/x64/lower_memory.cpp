// Floats, memory, allocation, barriers and calls.
#include "jit/arith.h"
#include "jit/runtime.h"
#include "jit/x64/code.h"
#include "vm/object/list_items.h"

namespace pystm::jit::x64 {

// --- floats --------------------------------------------------------------------------------------

void Lower::lower_float(const Ins& i) {
  if (i.op == Ir::FloatToInt) {
    const Reg x = use(i, 0);
    const Reg r = define();
    const Label exit = exit_label();
    a_.cvttsd2si(gp(r), xmm(x));
    a_.cmp(gp(r), Imm(1));  // only the "does not fit" pattern overflows
    a_.jo(exit);
    return bind(r);
  }
  if (i.op == Ir::IntToFloat) {
    const Operand x = is_const(i.a) ? Operand(gp(use(i, 0))) : use_any(i, 0);
    const Reg r = define();
    a_.xorps(xmm(r), xmm(r));  // or the conversion waits for the register's old value
    a_.emit(x86::Inst::kIdCvtsi2sd, xmm(r), x);
    return bind(r);
  }
  if (i.op == Ir::NegF || i.op == Ir::AbsF) {
    const Reg x = use(i, 0);
    const Reg r = define(i.a);
    a_.movq(x86::rax, xmm(x));
    if (i.op == Ir::NegF)
      a_.btc(x86::rax, Imm(63));
    else
      a_.btr(x86::rax, Imm(63));
    a_.movq(xmm(r), x86::rax);
    return bind(r);
  }
  if (i.op == Ir::SqrtF) {
    const Reg x = use(i, 0);
    const Reg r = define(i.a);
    a_.sqrtsd(xmm(r), xmm(x));
    return bind(r);
  }
  const Reg a = use_in(i, 0, kFirstXmm + 15);
  const Operand b = use_any(i, 1);
  const Reg r = define(i.a == i.b ? kNoRef : i.a);
  if (r != a) a_.movapd(xmm(r), xmm(a));
  const auto id = i.op == Ir::AddF   ? x86::Inst::kIdAddsd
                  : i.op == Ir::SubF ? x86::Inst::kIdSubsd
                  : i.op == Ir::MulF ? x86::Inst::kIdMulsd
                                     : x86::Inst::kIdDivsd;
  a_.emit(id, xmm(r), b);
  bind(r);
}

// --- loads and stores ----------------------------------------------------------------------------

x86::Mem Lower::place(const Ins& i, uint32_t bytes) {
  const Field f(i.aux);
  const bool context = is_const(i.a) && t_.type(i.a) == Type::Ptr && t_.bits(i.a) == 0;
  const x86::Gp base = context ? kContextReg : gp(use_in(i, 0, kRax));
  const auto offset = static_cast<int32_t>(f.offset());
  if (i.op != Ir::LoadItem && i.op != Ir::StoreItem) return x86::Mem(base, offset, bytes);
  const unsigned size = memory_bytes(f.memory());
  if (is_const(i.b)) {
    const auto k = static_cast<int64_t>(t_.bits(i.b)) * size + offset;
    if (k == static_cast<int32_t>(k)) return x86::Mem(base, static_cast<int32_t>(k), bytes);
  }
  const x86::Gp index = gp(use_in(i, 1, kRcx));
  return x86::Mem(base, index, static_cast<uint32_t>(__builtin_ctz(size)), offset, bytes);
}

void Lower::lower_load(const Ins& i) {
  const Memory m = Field(i.aux).memory();
  const x86::Mem from = place(i, memory_bytes(m));
  const Reg r = define(m == Memory::kF64 ? kNoRef : i.a);
  switch (m) {
    case Memory::kF64:
      a_.movsd(xmm(r), from);
      break;
    case Memory::kI32:
      a_.movsxd(gp(r), from);
      break;
    case Memory::kU32:
      a_.mov(gp(r).r32(), from);
      break;
    case Memory::kU16:
    case Memory::kU8:
      a_.movzx(gp(r).r32(), from);
      break;
    default:
      a_.mov(gp(r), from);
  }
  bind(r);
}

void Lower::lower_store(const Ins& i) {
  if (i.op == Ir::SetShape) {
    a_.mov(x86::dword_ptr(g(i, 0)), Imm(static_cast<int32_t>(t_.bits(i.b))));
    return;
  }
  const Memory m = Field(i.aux).memory();
  const unsigned bytes = memory_bytes(m);
  const x86::Mem to = place(i, bytes);
  const unsigned k = i.op == Ir::StoreItem ? 2 : 1;
  const IrRef v = operand(i, k);
  const bool base_in_rax = is_const(i.a), index_in_rcx = to.hasIndex() && is_const(i.b);
  if (m == Memory::kF64) {
    a_.movsd(to, xmm(use_in(i, k, kFirstXmm + 15)));
  } else if (is_const(v) && !ra_.needs_cell(v) && t_.type(v) != Type::Ptr) {
    a_.mov(to, Imm(static_cast<int32_t>(t_.bits(v))));
  } else {
    Reg scratch = base_in_rax ? Reg{kRcx} : Reg{kRax};
    if (is_const(v) && base_in_rax && index_in_rcx) scratch = ra_.temporary(false);
    const x86::Gp from = gp(use_in(i, k, scratch));
    if (bytes == 8)
      a_.mov(to, from);
    else if (bytes == 4)
      a_.mov(to, from.r32());
    else if (bytes == 2)
      a_.mov(to, from.r16());
    else
      a_.mov(to, from.r8());
  }
  if (!i.has(kNoGcBarrier)) remember(i, to);
}

// The generational barrier (gc::store_barrier): one test of the holder's flags.
void Lower::remember(const Ins& i, const x86::Mem& slot) {
  const Reg holder = use_in(i, 0, kRax);
  a_.test(x86::dword_ptr(gp(holder), offsetof(Object, flags)), Imm(kOldClean));
  Cold& c = cold(ColdKind::kRemember);
  c.reg = holder;
  c.memory = slot;
  c.back = a_.newLabel();
  const Label back = c.back;
  a_.jnz(c.label);
  a_.bind(back);
}

// --- allocation ----------------------------------------------------------------------------------

void Lower::lower_new(const Ins& i) {
  const Reg r = define();
  const auto bytes = static_cast<int32_t>(base::align_up(i.aux, 16));
  a_.mov(x86::rax, context_at(offsetof(vm::Context, cursor)));
  a_.lea(x86::rcx, x86::ptr(x86::rax, bytes));
  a_.cmp(x86::rcx, context_at(offsetof(vm::Context, limit)));
  Cold& c = cold(ColdKind::kNew);
  c.reg = r;
  c.back = a_.newLabel();
  const Label back = c.back;
  a_.ja(c.label);
  a_.mov(context_at(offsetof(vm::Context, cursor)), x86::rcx);
  a_.mov(x86::qword_ptr(x86::rax), Imm(static_cast<int32_t>(t_.bits(i.a))));
  if (i.has(kHasVlock)) {
    a_.mov(x86::rcx, context_at(offsetof(vm::Context, me)));
    a_.mov(x86::qword_ptr(x86::rax, offsetof(MutObject, vlock)), x86::rcx);  // NOBARRIER: newborn
  }
  a_.mov(gp(r), x86::rax);
  a_.bind(back);
  bind(r);
}

// --- barriers ------------------------------------------------------------------------------------

Lower::Barrier Lower::cold_barrier(Thunk thunk) {
  record_exit();
  Cold& c = cold(ColdKind::kBarrier);
  c.thunk = thunk;
  c.back = a_.newLabel();
  return {c.label, c.back};
}

// Operands 0 to 2 become the slow path's arguments, where it begins.
Lower::Barrier Lower::cold_barrier(Thunk thunk, const Operand* operands) {
  const Barrier barrier = cold_barrier(thunk);
  std::copy(operands, operands + 3, cold_.back().operands);
  return barrier;
}

Lower::Barrier Lower::open_barrier(const Ins& i, Thunk thunk) {
  const Reg o = use_in(i, 0, kRax);
  if (o != kRax) a_.mov(x86::rax, gp(o));
  const Barrier barrier = cold_barrier(thunk);
  // NOBARRIER: this is the barrier
  a_.mov(x86::rcx, x86::qword_ptr(x86::rax, offsetof(MutObject, vlock)));
  return barrier;
}

void Lower::read_check(const Ins& i) {
  const auto [slow, back] = open_barrier(i, Thunk::read_check);
  a_.cmp(x86::rcx, context_at(offsetof(vm::Context, rv)));
  a_.ja(slow);
  if (!i.has(kNoLog)) {
    a_.mov(x86::rcx, context_at(offsetof(vm::Context, log)));
    a_.cmp(x86::rcx, context_at(offsetof(vm::Context, log_limit)));
    a_.jae(slow);
    a_.mov(x86::qword_ptr(x86::rcx), x86::rax);
    a_.add(x86::rcx, context_at(offsetof(vm::Context, log_step)));
    a_.mov(context_at(offsetof(vm::Context, log)), x86::rcx);
  }
  a_.bind(back);
}

static constexpr int32_t kItems = sizeof(vm::ItemArray);

// vm::list_chunk(): its address in rax, the version in rcx.
void Lower::chunk_version(const Operand& items, const Operand& k) {
  a_.emit(x86::Inst::kIdMov, x86::rax, items);
  a_.emit(x86::Inst::kIdMov, x86::rcx, k);
  a_.shr(x86::rcx, Imm(vm::kListChunkLog2));
  a_.add(x86::rcx, x86::qword_ptr(x86::rax, field::ItemArray::length.offset()));
  a_.lea(x86::rax, x86::ptr(x86::rax, x86::rcx, 3, kItems));
  // NOBARRIER: this is the barrier
  a_.mov(x86::rcx, x86::qword_ptr(x86::rax));
}

// vm::list_item_check(), as long as the chunk is noted.
void Lower::item_check(const Ins& i) {
  const Operand operands[] = {use_any(i, 0), use_any(i, 1), use_any(i, 2)};
  const auto [slow, back] = cold_barrier(Thunk::item_check, operands);
  a_.emit(x86::Inst::kIdMov, x86::rax, operands[0]);
  // NOBARRIER: this is the barrier
  a_.mov(x86::rcx, x86::qword_ptr(x86::rax, offsetof(MutObject, vlock)));
  a_.cmp(x86::rcx, context_at(offsetof(vm::Context, rv)));
  a_.ja(slow);
  chunk_version(operands[1], operands[2]);
  a_.cmp(x86::rcx, context_at(offsetof(vm::Context, rv)));
  a_.ja(slow);
  a_.mov(x86::ecx, x86::eax);  // stm::noted()
  a_.and_(x86::ecx, Imm((stm::kNotedReads - 1) * 32));
  a_.shr(x86::ecx, Imm(2));
  a_.cmp(x86::ptr(kContextReg, x86::rcx, 0, offsetof(vm::Context, noted_reads), 8), x86::rax);
  a_.jne(slow);
  a_.bind(back);
}

// stm::needs_undo() of the slot, then an entry in the undo log, as long as the storage's last
// record may take it.
void Lower::undo_item(const Ins& i) {
  const Operand items = use_any(i, 0), k = use_any(i, 1);
  const x86::Gp slot = gp(ra_.temporary(false)), saved = gp(ra_.temporary(false));
  const x86::Gp top = gp(ra_.temporary(false));
  Cold& c = cold(ColdKind::kUndo);
  c.operands[0] = items;
  c.operands[1] = k;
  c.back = a_.newLabel();
  const Label slow = c.label, back = c.back;
  a_.emit(x86::Inst::kIdMov, x86::rax, items);
  a_.emit(x86::Inst::kIdMov, x86::rcx, k);
  a_.lea(slot, x86::ptr(x86::rax, x86::rcx, 3, kItems));
  a_.mov(x86::rcx, context_at(offsetof(vm::Context, me)));
  a_.cmp(x86::qword_ptr(x86::rax, field::ItemArray::birth.offset()), x86::rcx);
  a_.je(back);
  a_.shl(x86::rcx, Imm(stm::kSerialBits));
  a_.or_(x86::rcx, slot);  // stm::saved_slot_tag()
  a_.mov(saved, slot);
  a_.and_(saved, Imm((stm::kSavedSlots - 1) * 8));
  a_.add(saved, context_at(offsetof(vm::Context, saved_slots)));
  a_.cmp(x86::qword_ptr(saved), x86::rcx);
  a_.je(back);
  a_.cmp(context_at(offsetof(vm::Context, open_holder)), x86::rax);
  a_.jne(slow);
  a_.mov(top, context_at(offsetof(vm::Context, undo_top)));
  a_.cmp(top, context_at(offsetof(vm::Context, undo_limit)));
  a_.jae(slow);
  a_.mov(x86::qword_ptr(saved), x86::rcx);
  a_.mov(x86::rcx, x86::qword_ptr(slot));  // NOBARRIER: ours
  a_.sub(slot, x86::rax);
  a_.mov(x86::qword_ptr(top), slot);
  a_.mov(x86::qword_ptr(top, 8), x86::rcx);
  a_.add(top, Imm(16));
  a_.mov(context_at(offsetof(vm::Context, undo_top)), top);
  a_.bind(back);
}

void Lower::lower_barrier(const Ins& i) {
  switch (i.op) {
    case Ir::TxPoll: {
      const Label exit = exit_label();
      a_.mov(x86::eax, context_at(offsetof(vm::Context, budget), 4));
      a_.sub(x86::eax, Imm(i.a));
      a_.mov(context_at(offsetof(vm::Context, budget), 4), x86::eax);
      a_.cmp(x86::eax, context_at(offsetof(vm::Context, poll), 4));
      a_.jl(exit);
      return;
    }
    case Ir::ReadCheck:
      return read_check(i);
    case Ir::Acquire: {
      const auto [slow, back] =
          open_barrier(i, i.has(kCloses) ? Thunk::acquire_closing : Thunk::acquire);
      a_.cmp(x86::rcx, context_at(offsetof(vm::Context, me)));
      a_.jne(slow);
      a_.bind(back);
      return;
    }
    case Ir::ItemCheck:
      return item_check(i);
    case Ir::ItemAcquire: {
      const Operand operands[] = {use_any(i, 0), use_any(i, 1), use_any(i, 2)};
      const auto [slow, back] = cold_barrier(Thunk::item_acquire, operands);
      chunk_version(operands[1], operands[2]);
      a_.cmp(x86::rcx, context_at(offsetof(vm::Context, me)));
      a_.jne(slow);
      a_.bind(back);
      return;
    }
    case Ir::UndoItem:
      return undo_item(i);
    case Ir::Inevitable: {
      const Operand what = use_any(i, 0);
      const auto [slow, back] = cold_barrier(Thunk::inevitable);
      a_.emit(x86::Inst::kIdMov, x86::rax, what);
      a_.jmp(slow);
      a_.bind(back);
      return;
    }
    default:
      __builtin_unreachable();
  }
}

// --- calls ---------------------------------------------------------------------------------------

void Lower::lower_call(const Ins& i) {
  static constexpr Reg kArguments[] = {kRsi, kRdx, kRcx, kR8, kR9};
  const CallInfo& info = t_.call_info(i);
  std::vector<Move>& moves = work_.moves;
  moves.clear();
  unsigned words = 0, doubles = 0;
  for (const IrRef r : t_.call_args(i)) {
    const bool f = t_.type(r) == Type::F64;
    const auto to = static_cast<Location>(f ? kFirstXmm + doubles++ : kArguments[words++]);
    if (is_const(r))
      moves.push_back({to, kConstFrom, r});
    else
      moves.push_back({to, ra_.location(r)});
  }
  // What the exit or later code needs survives in callee-saved registers or in its home.
  ra_.spill_all(kClobbered, 2u * at_);
  // rcx is an argument and the scratch of move cycles: it is filled last, from memory or constants
  // alone if a cycle could need it.
  for (Move& m : moves)
    if (m.to == kRcx) m.to = kRax;
  ra_.move_all(moves);
  if (words > 2) a_.mov(x86::rcx, x86::rax);
  a_.mov(x86::rdi, kContextReg);
  a_.mov(x86::rax, Imm(reinterpret_cast<uint64_t>(info.entry)));
  a_.call(x86::rax);
  ra_.forget(kClobbered);
  if (leaves(t_, i)) {
    record_exit();
    Cold& c = cold(ColdKind::kFailure);
    a_.cmp(x86::rax, Imm(kFailed));
    a_.je(c.label);
  }
  if (i.type == Type::None || live_.end[at_] == 0) return;
  const Reg r = define();
  if (i.type == Type::F64)
    a_.movapd(xmm(r), x86::xmm0);
  else if (i.type == Type::Bool)
    a_.movzx(gp(r).r32(), x86::al);
  else
    a_.mov(gp(r), x86::rax);
  bind(r);
}

}  // namespace pystm::jit::x64
