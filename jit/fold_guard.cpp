// Guards whose outcome is known, and what a guard that passed teaches.
#include "jit/arith.h"
#include "jit/emit.h"

namespace pystm::jit {

namespace {

enum class Outcome { kUnknown, kTrue, kFalse };

Outcome known(bool surely, bool surely_not) {
  return surely ? Outcome::kTrue : surely_not ? Outcome::kFalse : Outcome::kUnknown;
}

Outcome by_range(Cond c, Range a, Range b) {
  const bool below = a.hi < b.lo, not_above = a.hi <= b.lo;
  const bool above = a.lo > b.hi, not_below = a.lo >= b.hi;
  switch (c) {
    case Cond::lt:
      return known(below, not_below);
    case Cond::le:
      return known(not_above, above);
    case Cond::gt:
      return known(above, not_above);
    case Cond::ge:
      return known(not_below, below);
    case Cond::eq:
      return known(a.is_constant() && b.is_constant() && a.lo == b.lo, below || above);
    case Cond::ne:
      return known(below || above, a.is_constant() && b.is_constant() && a.lo == b.lo);
    default:
      break;
  }
  if (a.lo < 0 || b.lo < 0) return Outcome::kUnknown;  // unsigned order is signed order
  switch (c) {
    case Cond::ult:
      return known(below, not_below);
    case Cond::ule:
      return known(not_above, above);
    case Cond::ugt:
      return known(above, not_above);
    case Cond::uge:
      return known(not_below, below);
    default:
      return Outcome::kUnknown;
  }
}

}  // namespace

IrRef Emitter::fold_guard(Ins& i, bool* done) {
  *done = true;
  const bool constants = is_const(i.a) && (i.b == 0 || is_const(i.b));
  switch (i.op) {
    case Ir::GuardTrue:
    case Ir::GuardFalse: {
      if (constants)
        return (trace_.bits(i.a) != 0) == (i.op == Ir::GuardTrue) ? kNoRef : contradiction();
      const Ins d = *def(i.a);
      const bool sense = i.op == Ir::GuardTrue;
      const auto c = static_cast<Cond>(d.c);
      if (d.op == Ir::CmpI)
        guard_int(c, d.a, d.b, sense);
      else if (d.op == Ir::CmpF)
        guard_float(c, d.a, d.b, sense);
      else if (d.op == Ir::CmpW)
        emit((c == Cond::eq) == sense ? Ir::GuardIs : Ir::GuardIsNot, d.a, d.b);
      else
        *done = false;
      if (*done) facts_[i.a].equal = trace_.constant(Type::Bool, sense);
      return kNoRef;
    }
    case Ir::GuardIs:
    case Ir::GuardIsNot: {
      const bool same = i.op == Ir::GuardIs;
      if (i.a == i.b) return same ? kNoRef : contradiction();
      if (constants)
        return (trace_.bits(i.a) == trace_.bits(i.b)) == same ? kNoRef : contradiction();
      if (is_const(i.a)) std::swap(i.a, i.b);
      if (is_const(i.b) && never_is(i.a, Value(trace_.bits(i.b))))
        return same ? contradiction() : kNoRef;
      break;
    }
    case Ir::GuardI:
      return fold_guard_int(i, done);
    case Ir::GuardF:
      if (constants)
        return evaluate(static_cast<Cond>(i.c), std::bit_cast<double>(trace_.bits(i.a)),
                        std::bit_cast<double>(trace_.bits(i.b)))
                   ? kNoRef
                   : contradiction();
      break;
    default:
      break;
  }
  *done = false;
  return kNoRef;
}

// Can the value, by its origin, not be this constant?
bool Emitter::never_is(IrRef r, Value k) const {
  const Ins& d = *def(r);
  if (d.op == Ir::BoxInt || d.op == Ir::BoxFloat || d.op == Ir::TagInt)
    return k.is_singleton() || k.is_unset();
  if (d.op == Ir::CheckRef || d.op == Ir::New || makes_object(trace_, d)) return !k.is_object();
  return d.op == Ir::BoxBool && !is_bool(k);
}

IrRef Emitter::fold_guard_int(Ins& i, bool* done) {
  *done = true;
  if (is_const(i.a) && !is_const(i.b)) {
    std::swap(i.a, i.b);
    i.c = static_cast<IrRef>(swapped(static_cast<Cond>(i.c)));
  }
  const auto c = static_cast<Cond>(i.c);
  if (i.a == i.b) return evaluate(c, int64_t{0}, int64_t{0}) ? kNoRef : contradiction();
  const bool constants = is_const(i.a) && is_const(i.b);
  if (constants) {
    const bool passes =
        evaluate(c, static_cast<int64_t>(trace_.bits(i.a)), static_cast<int64_t>(trace_.bits(i.b)));
    return passes ? kNoRef : contradiction();
  }
  if (options_.range) {
    const Outcome o = by_range(c, range(i.a), range(i.b));
    if (o == Outcome::kTrue) return kNoRef;
    if (o == Outcome::kFalse) return contradiction();
  }
  if (options_.cse && implied(i)) return kNoRef;
  *done = false;
  return kNoRef;
}

// An earlier guard on the same operands that says as much.
bool Emitter::implied(const Ins& i) const {
  const auto floor = [](IrRef r) { return is_const(r) ? kNoRef : r; };
  const IrRef limit = std::max(floor(i.a), floor(i.b));
  const auto c = static_cast<Cond>(i.c);
  for (IrRef r = chains_[static_cast<unsigned>(Ir::GuardI)]; r > limit; r = trace_.ins[r].prev) {
    const Ins& o = trace_.ins[r];
    auto oc = static_cast<Cond>(o.c);
    if (o.a == i.b && o.b == i.a)
      oc = swapped(oc);
    else if (o.a != i.a || o.b != i.b)
      continue;
    if (oc == c || (oc == Cond::lt && (c == Cond::le || c == Cond::ne)) ||
        (oc == Cond::gt && (c == Cond::ge || c == Cond::ne)) ||
        (oc == Cond::eq && (c == Cond::le || c == Cond::ge)))
      return true;
  }
  return false;
}

// --- learning ------------------------------------------------------------------------------------

void Emitter::learn(const Ins& i, IrRef r) {
  if (i.type == Type::I64) facts_[r].range = facts_[r].range.intersect(result_range(i));
  switch (i.op) {
    case Ir::GuardI:
      learn_compare(static_cast<Cond>(i.c), i.a, i.b);
      return;
    case Ir::GuardIs:
      if (is_const(i.b) && !is_const(i.a)) facts_[i.a].equal = i.b;
      return;
    case Ir::GuardTrue:
    case Ir::GuardFalse:
      if (!is_const(i.a)) facts_[i.a].equal = trace_.constant(Type::Bool, i.op == Ir::GuardTrue);
      return;
    default:
      return;
  }
}

void Emitter::learn_compare(Cond c, IrRef a, IrRef b) {
  const Range ra = range(a), rb = range(b);
  constexpr int64_t lowest = std::numeric_limits<int64_t>::min();
  constexpr int64_t highest = std::numeric_limits<int64_t>::max();
  const auto below = [](int64_t k) { return k == lowest ? k : k - 1; };
  const auto above = [](int64_t k) { return k == highest ? k : k + 1; };
  switch (c) {
    case Cond::lt:
      narrow(a, {lowest, below(rb.hi)});
      narrow(b, {above(ra.lo), highest});
      return;
    case Cond::le:
      narrow(a, {lowest, rb.hi});
      narrow(b, {ra.lo, highest});
      return;
    case Cond::gt:
      learn_compare(Cond::lt, b, a);
      return;
    case Cond::ge:
      learn_compare(Cond::le, b, a);
      return;
    case Cond::eq:
      narrow(a, rb);
      narrow(b, ra);
      return;
    case Cond::ult:
      if (rb.lo < 0) return;
      narrow(a, {0, below(rb.hi)});
      narrow(b, {above(std::max<int64_t>(ra.lo, 0)), highest});
      return;
    case Cond::ule:
      if (rb.lo >= 0) narrow(a, {0, rb.hi});
      return;
    case Cond::ugt:
      learn_compare(Cond::ult, b, a);
      return;
    case Cond::uge:
      learn_compare(Cond::ule, b, a);
      return;
    default:
      return;
  }
}

}  // namespace pystm::jit
