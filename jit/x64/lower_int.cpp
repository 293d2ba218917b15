// Tag checks, guards, boxing and integer arithmetic.
#include "jit/arith.h"
#include "jit/x64/code.h"

namespace pystm::jit::x64 {

namespace {

using asmjit::x86::CondCode;

CondCode code_of(Cond c) {
  switch (c) {
    case Cond::lt:
    case Cond::nge:
      return CondCode::kL;
    case Cond::le:
    case Cond::ngt:
      return CondCode::kLE;
    case Cond::eq:
      return CondCode::kE;
    case Cond::ne:
      return CondCode::kNE;
    case Cond::gt:
    case Cond::nle:
      return CondCode::kG;
    case Cond::ge:
    case Cond::nlt:
      return CondCode::kGE;
    case Cond::ult:
      return CondCode::kB;
    case Cond::ule:
      return CondCode::kBE;
    case Cond::ugt:
      return CondCode::kA;
    case Cond::uge:
      return CondCode::kAE;
  }
  __builtin_unreachable();
}

}  // namespace

// --- checks --------------------------------------------------------------------------------------

void Lower::lower_check(const Ins& i) {
  const Reg w = use(i, 0);
  if (i.op == Ir::CheckInt) {
    const Reg r = define(i.a);
    const Label exit = exit_label();
    a_.test(gp(w).r8(), Imm(1));
    a_.jz(exit);
    if (r != w) a_.mov(gp(r), gp(w));
    a_.sar(gp(r), Imm(1));
    bind(r);
  } else if (i.op == Ir::CheckRef) {
    const Reg r = define(i.a);
    const Label exit = exit_label();
    a_.test(gp(w).r8(), Imm(7));
    a_.jnz(exit);
    a_.test(gp(w), gp(w));
    a_.jz(exit);
    if (r != w) a_.mov(gp(r), gp(w));
    bind(r);
  } else {
    const Reg r = define();
    record_exit();  // taken from the slow path
    a_.mov(x86::ecx, gp(w).r32());
    a_.and_(x86::ecx, Imm(3));
    a_.cmp(x86::ecx, Imm(2));
    Cold& c = cold(ColdKind::kFloatBox);
    c.reg = w;
    c.reg2 = r;
    c.back = a_.newLabel();
    const Label back = c.back;
    a_.jne(c.label);
    if (w != kRax) a_.mov(x86::rax, gp(w));
    a_.rol(x86::rax, Imm(1));
    a_.dec(x86::rax);
    a_.ror(x86::rax, Imm(4));
    a_.movq(xmm(r), x86::rax);
    a_.bind(back);
    bind(r);
  }
}

// --- guards --------------------------------------------------------------------------------------

// Flags of a ? b. Also leaves them for setcc.
void Lower::compare_ints(const Ins& i) {
  const Reg a = use_in(i, 0, kRax);
  int64_t zero = 1;
  if (is_const(i.b)) zero = static_cast<int64_t>(t_.bits(i.b));
  const auto c = static_cast<Cond>(i.c);
  if (zero == 0 && c <= Cond::ge)
    a_.test(gp(a), gp(a));
  else
    a_.emit(x86::Inst::kIdCmp, gp(a), use_any(i, 1));
}

void Lower::compare_words(const Ins& i) {
  const Reg a = use_in(i, 0, kRax);
  if (is_const(i.b) && t_.bits(i.b) == 0 && t_.type(i.b) != Type::Ptr)
    a_.test(gp(a), gp(a));
  else
    a_.emit(x86::Inst::kIdCmp, gp(a), use_any(i, 1));
}

// ucomisd sets CF when below or unordered, ZF when equal or unordered: "above" is the test that
// unordered operands fail.
void Lower::guard_float(const Ins& i) {
  const auto c = static_cast<Cond>(i.c);
  const bool swap = c == Cond::lt || c == Cond::le || c == Cond::ult || c == Cond::ule ||
                    c == Cond::nlt || c == Cond::nle;
  const Reg a = use_in(i, swap ? 1 : 0, kFirstXmm + 15);
  const Operand b = use_any(i, swap ? 0 : 1);
  const Label exit = exit_label();
  a_.emit(x86::Inst::kIdUcomisd, xmm(a), b);
  switch (c) {
    case Cond::lt:
    case Cond::gt:
    case Cond::ult:
    case Cond::ugt:
      a_.jbe(exit);
      return;
    case Cond::le:
    case Cond::ge:
    case Cond::ule:
    case Cond::uge:
      a_.jb(exit);
      return;
    case Cond::nlt:
    case Cond::ngt:
      a_.ja(exit);
      return;
    case Cond::nle:
    case Cond::nge:
      a_.jae(exit);
      return;
    case Cond::eq:
      a_.jne(exit);
      a_.jp(exit);
      return;
    case Cond::ne: {
      const Label passes = a_.newLabel();
      a_.jp(passes);
      a_.je(exit);
      a_.bind(passes);
      return;
    }
  }
}

void Lower::lower_guard(const Ins& i) {
  switch (i.op) {
    case Ir::GuardShape: {
      const Reg o = use(i, 0);
      const Label exit = exit_label();
      a_.cmp(x86::dword_ptr(gp(o)), Imm(static_cast<int32_t>(t_.bits(i.b))));
      a_.jne(exit);
      return;
    }
    case Ir::GuardIs:
    case Ir::GuardIsNot: {
      compare_words(i);
      const Label exit = exit_label();
      if (i.op == Ir::GuardIs)
        a_.jne(exit);
      else
        a_.je(exit);
      return;
    }
    case Ir::GuardI: {
      compare_ints(i);
      const Label exit = exit_label();
      a_.j(code_of(negated(static_cast<Cond>(i.c))), exit);
      return;
    }
    case Ir::GuardF:
      return guard_float(i);
    case Ir::GuardTrue:
    case Ir::GuardFalse: {
      const Reg b = use(i, 0);
      const Label exit = exit_label();
      a_.test(gp(b).r8(), Imm(1));
      if (i.op == Ir::GuardTrue)
        a_.jz(exit);
      else
        a_.jnz(exit);
      return;
    }
    case Ir::GuardValid: {
      const Label exit = exit_label();
      a_.mov(x86::rax, Imm(reinterpret_cast<uint64_t>(&t_.valid)));
      a_.cmp(x86::byte_ptr(x86::rax), Imm(0));
      a_.je(exit);
      return;
    }
    default:
      __builtin_unreachable();
  }
}

void Lower::lower_compare(const Ins& i) {
  if (i.op == Ir::CmpF) {
    const Reg a = use_in(i, 0, kFirstXmm + 15);
    const Operand b = use_any(i, 1);
    const Reg r = define();
    const auto c = static_cast<Cond>(i.c);
    // cmpsd's predicates: 0 eq, 1 lt, 2 le, 4 neq, 5 nlt, 6 nle; greater: operands swapped.
    const bool swap = c == Cond::gt || c == Cond::ge || c == Cond::ngt || c == Cond::nge ||
                      c == Cond::ugt || c == Cond::uge;
    const Cond s = swap ? swapped(c) : c;
    const unsigned predicate = s == Cond::eq                     ? 0
                               : s == Cond::lt || s == Cond::ult ? 1
                               : s == Cond::le || s == Cond::ule ? 2
                               : s == Cond::ne                   ? 4
                               : s == Cond::nlt                  ? 5
                                                                 : 6;
    const Reg t = ra_.temporary(true);
    if (swap) {
      if (b.isMem())
        a_.movsd(xmm(t), b.as<x86::Mem>());
      else
        a_.movapd(xmm(t), b.as<x86::Xmm>());
      a_.cmpsd(xmm(t), xmm(a), Imm(predicate));
    } else {
      a_.movapd(xmm(t), xmm(a));
      a_.emit(x86::Inst::kIdCmpsd, xmm(t), b, Imm(predicate));
    }
    a_.movq(gp(r), xmm(t));
    a_.and_(gp(r).r32(), Imm(1));
    return bind(r);
  }
  if (i.op == Ir::CmpI)
    compare_ints(i);
  else
    compare_words(i);
  a_.set(code_of(static_cast<Cond>(i.c)), x86::al);
  const Reg r = define();  // moves only: the flags are used up
  a_.movzx(gp(r).r32(), x86::al);
  bind(r);
}

// --- boxes ---------------------------------------------------------------------------------------

void Lower::lower_box(const Ins& i) {
  if (i.op == Ir::BoxFloat) {
    const Reg x = use(i, 0);
    const Reg r = define();
    a_.movq(x86::rax, xmm(x));
    a_.rol(x86::rax, Imm(4));
    a_.inc(x86::rax);
    a_.ror(x86::rax, Imm(1));
    a_.mov(x86::ecx, x86::eax);
    a_.and_(x86::ecx, Imm(3));
    a_.cmp(x86::ecx, Imm(2));
    Cold& c = cold(ColdKind::kBoxFloat);
    c.reg = r;
    c.reg2 = x;
    c.back = a_.newLabel();
    const Label back = c.back;
    a_.jne(c.label);
    a_.mov(gp(r), x86::rax);
    a_.bind(back);
    return bind(r);
  }
  const Reg x = use(i, 0);
  if (i.op == Ir::BoxInt) {
    // Doubling overflows exactly when 63 bits are too few. The slow path still needs the value: the
    // result takes another register.
    const Reg r = define();
    a_.lea(gp(r), x86::ptr(gp(x), gp(x), 0, 1));
    Cold& c = cold(ColdKind::kBoxInt);
    c.reg = r;
    c.reg2 = x;
    c.back = a_.newLabel();
    const Label back = c.back;
    a_.mov(x86::rcx, gp(x));
    a_.add(x86::rcx, x86::rcx);
    a_.jo(c.label);
    a_.bind(back);
    return bind(r);
  }
  const Reg r = define(i.a);
  if (i.op == Ir::TagInt) {
    a_.lea(gp(r), x86::ptr(gp(x), gp(x), 0, 1));
  } else {  // False and True differ in bit 4
    if (r != x) a_.mov(gp(r), gp(x));
    a_.and_(gp(r).r32(), Imm(1));
    a_.shl(gp(r).r32(), Imm(4));
    a_.or_(gp(r).r32(), Imm(kFalse.bits()));
  }
  bind(r);
}

// --- arithmetic ----------------------------------------------------------------------------------

void Lower::lower_int(const Ins& i) {
  switch (i.op) {
    case Ir::Shl:
    case Ir::ShlOv:
    case Ir::Sar:
      return lower_shift(i);
    case Ir::FloorDiv:
    case Ir::FloorMod:
      return lower_divide(i);
    case Ir::Add:
      if (!is_const(i.a) && !ra_.dies_here(i.a)) return lower_add(i);
      break;
    default:
      break;
  }
  const bool overflow = i.op <= Ir::MulOv;
  const Reg a = use_in(i, 0, kRax);
  const Operand b = use_any(i, 1);
  const Reg r = define(i.a == i.b ? kNoRef : i.a);
  const Label exit = overflow ? exit_label() : Label();
  if (r != a) a_.mov(gp(r), gp(a));
  switch (i.op) {
    case Ir::AddOv:
    case Ir::Add:
      a_.emit(x86::Inst::kIdAdd, gp(r), b);
      break;
    case Ir::SubOv:
    case Ir::Sub:
      a_.emit(x86::Inst::kIdSub, gp(r), b);
      break;
    case Ir::MulOv:
    case Ir::Mul:
      if (b.isImm())
        a_.imul(gp(r), gp(r), b.as<Imm>());
      else
        a_.emit(x86::Inst::kIdImul, gp(r), b);
      break;
    case Ir::And:
      a_.emit(x86::Inst::kIdAnd, gp(r), b);
      break;
    case Ir::Or:
      a_.emit(x86::Inst::kIdOr, gp(r), b);
      break;
    case Ir::Xor:
      a_.emit(x86::Inst::kIdXor, gp(r), b);
      break;
    default:
      __builtin_unreachable();
  }
  if (overflow) a_.jo(exit);
  bind(r);
}

// a + b into a third register.
void Lower::lower_add(const Ins& i) {
  const Reg a = use(i, 0);
  const Operand b = use_any(i, 1);
  const Reg r = define();
  if (b.isImm()) {
    a_.lea(gp(r), x86::ptr(gp(a), b.as<Imm>().valueAs<int32_t>()));
  } else if (b.isReg()) {
    a_.lea(gp(r), x86::ptr(gp(a), b.as<x86::Gp>()));
  } else {
    a_.mov(gp(r), gp(a));
    a_.add(gp(r), b.as<x86::Mem>());
  }
  bind(r);
}

void Lower::lower_shift(const Ins& i) {
  const bool constant = is_const(i.b);
  const Reg a = use_in(i, 0, kRax);
  if (!constant) a_.mov(x86::rcx, gp(use(i, 1)));
  const Reg r = i.op == Ir::ShlOv ? define() : define(i.a);  // ShlOv compares with a
  if (r != a) a_.mov(gp(r), gp(a));
  const Imm count(constant ? t_.bits(i.b) & 63 : 0);
  const auto shift = [&](auto id, const x86::Gp& reg) {
    if (constant)
      a_.emit(id, reg, count);
    else
      a_.emit(id, reg, x86::cl);
  };
  shift(i.op == Ir::Sar ? x86::Inst::kIdSar : x86::Inst::kIdShl, gp(r));
  if (i.op == Ir::ShlOv) {
    const Reg t = ra_.temporary(false);
    const Label exit = exit_label();
    a_.mov(gp(t), gp(r));
    shift(x86::Inst::kIdSar, gp(t));
    a_.cmp(gp(t), gp(a));
    a_.jne(exit);
  }
  bind(r);
}

// idiv truncates; Python rounds down: when the remainder is not zero and has not the divisor's
// sign, the quotient is one less and the remainder one divisor more.
void Lower::lower_divide(const Ins& i) {
  ra_.vacate(kRdx);
  Reg b;
  if (is_const(i.b)) {
    b = ra_.temporary(false);
    ra_.load_constant(b, i.b);
  } else {
    b = ra_.use(i.b);
  }
  const Operand a = use_any(i, 0);
  a_.emit(x86::Inst::kIdMov, x86::rax, a);
  a_.cqo();
  a_.idiv(gp(b));
  const Label done = a_.newLabel();
  a_.test(x86::rdx, x86::rdx);
  a_.jz(done);
  a_.mov(x86::rcx, x86::rdx);
  a_.xor_(x86::rcx, gp(b));
  a_.jns(done);
  if (i.op == Ir::FloorDiv)
    a_.dec(x86::rax);
  else
    a_.add(x86::rdx, gp(b));
  a_.bind(done);
  const Reg r = define();
  a_.mov(gp(r), i.op == Ir::FloorDiv ? x86::rax : x86::rdx);
  bind(r);
}

}  // namespace pystm::jit::x64
