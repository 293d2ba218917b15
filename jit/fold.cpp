// Folding while emitting: constants, algebra, outcomes that are known. One function per group of
// instructions; each may rewrite the instruction, or give the value that it would have.
#include "jit/arith.h"
#include "jit/emit.h"

namespace pystm::jit {

namespace {
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();

bool is_power_of_two(int64_t k) { return k > 0 && (k & (k - 1)) == 0; }
int64_t log2_of(int64_t k) { return __builtin_ctzll(static_cast<Word>(k)); }
}  // namespace

IrRef Emitter::fold(Ins& i, bool* done) {
  if ((info_of(i.op).effects & kCommutes) && is_const(i.a) && !is_const(i.b)) std::swap(i.a, i.b);
  switch (i.op) {
    case Ir::CheckInt:
    case Ir::CheckFloat:
    case Ir::CheckRef:
      return fold_check(i, done);
    case Ir::GuardShape:
    case Ir::GuardIs:
    case Ir::GuardIsNot:
    case Ir::GuardI:
    case Ir::GuardF:
    case Ir::GuardTrue:
    case Ir::GuardFalse:
      return fold_guard(i, done);
    case Ir::BoxInt:
    case Ir::BoxFloat:
    case Ir::BoxBool:
    case Ir::TagInt:
      return fold_box(i, done);
    case Ir::CmpI:
    case Ir::CmpF:
    case Ir::CmpW:
      return fold_compare(i, done);
    default:
      if (is_int_binary(i.op)) return fold_int(i, done);
      if (is_float_arith(i.op) || i.op == Ir::IntToFloat || i.op == Ir::FloatToInt)
        return fold_float(i, done);
      return kNoRef;
  }
}

// --- checks and boxes ----------------------------------------------------------------------------

IrRef Emitter::fold_check(Ins& i, bool* done) {
  *done = true;
  const Type want = info_of(i.op).result;
  if (const Ins* d = def(i.a); d != nullptr) {
    const bool boxed = d->op == Ir::BoxInt || d->op == Ir::TagInt || d->op == Ir::BoxFloat;
    // A box may be an object (BigInt, FloatBox), which only CheckRef asks for.
    if (boxed && want != Type::Ref) return trace_.type(d->a) == want ? d->a : contradiction();
    if (d->op == Ir::BoxBool) return contradiction();
    if (trace_.type(i.a) == Type::Ref) {
      if (want == Type::Ref &&
          (d->op == Ir::CheckRef || d->op == Ir::New || makes_object(trace_, *d)))
        return i.a;
    }
  } else {
    const Value v(trace_.bits(i.a));
    if (trace_.type(i.a) == Type::Word || trace_.type(i.a) == Type::Ref) {
      if (want == Type::I64) return v.is_int() ? trace_.int_const(v.as_int()) : contradiction();
      if (want == Type::F64 && v.is_float()) return trace_.float_const(v.as_float());
      if (want == Type::Ref)
        return v.is_object() ? trace_.constant(Type::Ref, v.bits()) : contradiction();
    }
  }
  *done = false;
  return kNoRef;
}

IrRef Emitter::fold_box(Ins& i, bool* done) {
  *done = true;
  const Ins* d = def(i.a);
  if (i.op == Ir::BoxInt || i.op == Ir::TagInt) {
    if (d != nullptr && d->op == Ir::CheckInt) return d->a;
    int64_t k;
    if (is_int_const(i.a, &k) && Value::fits_int(k)) return trace_.word_const(Value::of_int(k));
    if (options_.range && range(i.a).fits_tag()) i.op = Ir::TagInt;
  } else if (i.op == Ir::BoxFloat) {
    if (d != nullptr && d->op == Ir::CheckFloat) return d->a;
    double x;
    if (is_float_const(i.a, &x) && Value::fits_float(x))
      return trace_.word_const(Value::of_float(x));
  } else if (is_const(i.a)) {
    return trace_.word_const(of_bool(trace_.bits(i.a) != 0));
  }
  *done = false;
  return kNoRef;
}

// --- integers ------------------------------------------------------------------------------------

IrRef Emitter::fold_int(Ins& i, bool* done) {
  int64_t a = 0, b = 0;
  const bool ca = is_int_const(i.a, &a), cb = is_int_const(i.b, &b);
  const bool traps = (i.op == Ir::FloorDiv || i.op == Ir::FloorMod) && (b == 0 || b == -1);
  if (ca && cb && !traps) return fold_int_const(i, a, b, done);
  // One form for a constant taken away.
  if (cb && b != kMin && (i.op == Ir::Sub || i.op == Ir::SubOv)) {
    i.op = i.op == Ir::Sub ? Ir::Add : Ir::AddOv;
    i.b = trace_.int_const(-b);
  }
  if (IrRef r = fold_int_algebra(i, done); *done) return r;
  return options_.range ? fold_int_range(i, done) : kNoRef;
}

IrRef Emitter::fold_int_const(const Ins& i, int64_t a, int64_t b, bool* done) {
  int64_t r;
  if (!evaluate_int(i.op, a, b, &r)) return contradiction();
  *done = true;
  return trace_.int_const(r);
}

IrRef Emitter::fold_int_algebra(Ins& i, bool* done) {
  *done = true;
  int64_t k = 0;
  const bool constant = is_int_const(i.b, &k);
  switch (i.op) {
    case Ir::Add:
    case Ir::AddOv:
      if (constant && k == 0) return i.a;
      break;
    case Ir::Sub:
    case Ir::SubOv:
    case Ir::Xor:
      if (i.a == i.b) return trace_.int_const(0);
      if (constant && k == 0) return i.a;
      break;
    case Ir::Mul:
    case Ir::MulOv:
      if (constant && k == 0) return trace_.int_const(0);
      if (constant && k == 1) return i.a;
      if (constant && i.op == Ir::Mul && is_power_of_two(k)) {
        i.op = Ir::Shl;
        i.b = trace_.int_const(log2_of(k));
      }
      break;
    case Ir::And:
      if (i.a == i.b || (constant && k == -1)) return i.a;
      if (constant && k == 0) return trace_.int_const(0);
      break;
    case Ir::Or:
      if (i.a == i.b || (constant && k == 0)) return i.a;
      break;
    case Ir::Shl:
    case Ir::ShlOv:
    case Ir::Sar:
      if (constant && k == 0) return i.a;
      break;
    case Ir::FloorDiv:
      if (constant && k == 1) return i.a;
      if (constant && is_power_of_two(k)) {  // Python's division is an arithmetic shift
        i.op = Ir::Sar;
        i.b = trace_.int_const(log2_of(k));
      }
      break;
    case Ir::FloorMod:
      if (constant && is_power_of_two(k)) {
        i.op = Ir::And;
        i.b = trace_.int_const(k - 1);
      }
      break;
    default:
      break;
  }
  *done = false;
  return kNoRef;
}

// What ranges make unnecessary.
IrRef Emitter::fold_int_range(Ins& i, bool* done) {
  const Range a = range(i.a), b = range(i.b);
  Range r;
  int64_t k = 0;
  if (i.op == Ir::AddOv && add_ranges(a, b, &r))
    i.op = Ir::Add;
  else if (i.op == Ir::SubOv && sub_ranges(a, b, &r))
    i.op = Ir::Sub;
  else if (i.op == Ir::MulOv && mul_ranges(a, b, &r))
    i.op = Ir::Mul;
  else if (i.op == Ir::ShlOv && b.is_constant() && b.inside(0, 62) &&
           mul_ranges(a, Range::of(int64_t{1} << b.lo), &r))
    i.op = Ir::Shl;
  else if (i.op == Ir::And && is_int_const(i.b, &k) && k >= 0 && ((k + 1) & k) == 0 &&
           a.inside(0, k)) {
    *done = true;  // the mask keeps every bit that can be set
    return i.a;
  }
  return kNoRef;
}

// CheckInt gives no range: in later iterations of a loop the word may be gone, and the value be any
// 64-bit integer.
Range Emitter::result_range(const Ins& i) const {
  const Range a = i.a == 0 ? Range() : range(i.a), b = i.b == 0 ? Range() : range(i.b);
  Range r;
  switch (i.op) {
    case Ir::Add:
    case Ir::AddOv:
      add_ranges(a, b, &r);
      return r;
    case Ir::Sub:
    case Ir::SubOv:
      sub_ranges(a, b, &r);
      return r;
    case Ir::Mul:
    case Ir::MulOv:
      mul_ranges(a, b, &r);
      return r;
    case Ir::And:
      if (a.lo >= 0 || b.lo >= 0) {
        const int64_t ha = a.lo >= 0 ? a.hi : std::numeric_limits<int64_t>::max();
        const int64_t hb = b.lo >= 0 ? b.hi : std::numeric_limits<int64_t>::max();
        return {0, std::min(ha, hb)};
      }
      return r;
    case Ir::Sar:
      if (b.is_constant() && b.inside(0, 63)) return {a.lo >> b.lo, a.hi >> b.lo};
      return r;
    case Ir::FloorMod:
      if (b.lo > 0) return {0, b.hi - 1};
      return r;
    case Ir::LoadItem:
    case Ir::LoadField:
      switch (Field(i.aux).memory()) {
        case Memory::kU8:
          return {0, 0xFF};
        case Memory::kU16:
          return {0, 0xFFFF};
        case Memory::kU32:
          return {0, 0xFFFFFFFF};
        default:
          // Lengths and sizes count items of memory.
          return is_count(Field(i.aux)) ? Range{0, int64_t{1} << 48} : r;
      }
    default:
      return r;
  }
}

// --- floats --------------------------------------------------------------------------------------

IrRef Emitter::fold_float(Ins& i, bool* done) {
  *done = true;
  double a = 0, b = 0;
  int64_t k = 0;
  const bool ca = is_float_const(i.a, &a), cb = is_float_const(i.b, &b);
  if (i.op == Ir::IntToFloat) {
    if (is_int_const(i.a, &k)) return trace_.float_const(static_cast<double>(k));
  } else if (i.op == Ir::FloatToInt) {
    if (ca) return truncate(a, &k) ? trace_.int_const(k) : contradiction();
    if (const Ins* d = def(i.a); d != nullptr && d->op == Ir::IntToFloat &&
                                 range(d->a).inside(-(int64_t{1} << 53), int64_t{1} << 53))
      return d->a;
  } else if (ca && (cb || i.b == 0)) {
    return trace_.float_const(evaluate_float(i.op, a, b));
  } else if (cb && b == 1.0 && (i.op == Ir::MulF || i.op == Ir::DivF)) {
    return i.a;
  } else if (cb && std::bit_cast<Word>(b) == 0 && i.op == Ir::SubF) {
    return i.a;  // x - 0.0 is x, also for -0.0
  } else if (cb && i.op == Ir::DivF && std::fabs(b) >= 0x1p-500 && std::fabs(b) <= 0x1p+500 &&
             (std::bit_cast<Word>(b) & 0xFFFFFFFFFFFFFull) == 0) {
    i.op = Ir::MulF;  // by a power of two: exact
    i.b = trace_.float_const(1.0 / b);
  } else if (i.op == Ir::NegF && def(i.a)->op == Ir::NegF) {
    return def(i.a)->a;
  }
  *done = false;
  return kNoRef;
}

// --- comparisons as values -----------------------------------------------------------------------

IrRef Emitter::fold_compare(Ins& i, bool* done) {
  const auto c = static_cast<Cond>(i.c);
  const auto outcome = [&](bool b) {
    *done = true;
    return trace_.constant(Type::Bool, b);
  };
  if (i.op == Ir::CmpW) {
    if (i.a == i.b) return outcome(c == Cond::eq);
    if (is_const(i.a) && is_const(i.b))
      return outcome((trace_.bits(i.a) == trace_.bits(i.b)) == (c == Cond::eq));
    return kNoRef;
  }
  if (is_const(i.a) && is_const(i.b)) {
    const Word a = trace_.bits(i.a), b = trace_.bits(i.b);
    return outcome(i.op == Ir::CmpI
                       ? evaluate(c, static_cast<int64_t>(a), static_cast<int64_t>(b))
                       : evaluate(c, std::bit_cast<double>(a), std::bit_cast<double>(b)));
  }
  if (is_const(i.a)) {
    std::swap(i.a, i.b);
    i.c = static_cast<IrRef>(swapped(c));
  }
  return kNoRef;
}

}  // namespace pystm::jit
