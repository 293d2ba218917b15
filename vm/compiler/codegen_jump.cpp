// Conditions: expressions whose value is only tested.
#include "vm/compiler/codegen.h"

namespace pystm::vm::compiler {

int constant_truth(const Expr& e) {
  auto* c = node_cast<Constant>(&e);
  if (!c) return -1;
  const ConstantValue& v = *c->value;
  switch (v.type) {
    case ConstantValue::kNone:
    case ConstantValue::kFalse:
      return 0;
    case ConstantValue::kInt:
      return v.integer != 0;
    case ConstantValue::kFloat:
      return v.real != 0;
    case ConstantValue::kComplex:
      return v.real != 0 || v.imag != 0;
    case ConstantValue::kStr:
    case ConstantValue::kBytes:
      return !v.text.empty();
    case ConstantValue::kTuple:
    case ConstantValue::kFrozenSet:
      return !v.items.empty();
    default:
      return 1;
  }
}

void Codegen::jump_if(Expr& e, bool sense, Label target) {
  At at(*this, e);
  const Reg base = as().top();
  const int known = constant_truth(e);
  if (known >= 0) {
    if (known == static_cast<int>(sense)) as().jump(Op::JUMP, target);
    return;
  }
  if (auto* u = node_cast<UnaryOp>(&e); u && u->op == UnaryOpKind::Not)
    return jump_if(*u->operand, !sense, target);
  if (auto* b = node_cast<BoolOp>(&e)) {
    // `and` jumps as soon as one is false, `or` as soon as one is true.
    const bool decisive = b->op == BoolOpKind::Or;
    const Label skip = decisive == sense ? target : as().new_label();
    for (uint32_t i = 0; i + 1 < b->values.size(); i++) jump_if(*b->values[i], decisive, skip);
    jump_if(*b->values.back(), sense, target);
    if (decisive != sense) as().bind(skip);
    return;
  }
  if (auto* i = node_cast<IfExp>(&e)) {
    const Label orelse = as().new_label();
    const Label end = as().new_label();
    jump_if(*i->test, false, orelse);
    jump_if(*i->body, sense, target);
    as().jump(Op::JUMP, end);
    as().bind(orelse);
    jump_if(*i->orelse, sense, target);
    as().bind(end);
    return;
  }
  if (auto* c = node_cast<Compare>(&e)) {
    jump_compare(*c, sense, target);
    return as().set_top(base);
  }
  const Reg r = expr(e);
  as().jump(sense ? Op::JUMP_IF_TRUE : Op::JUMP_IF_FALSE, target, r);
  as().set_top(base);
}

void Codegen::jump_compare(Compare& e, bool sense, Label target) {
  struct Row {
    Op op;
    bool negated;
  };
  static constexpr Row kRows[] = {{Op::JUMP_EQ, false}, {Op::JUMP_NE, false}, {Op::JUMP_LT, false},
                                  {Op::JUMP_LE, false}, {Op::JUMP_GT, false}, {Op::JUMP_GE, false},
                                  {Op::JUMP_IS, false}, {Op::JUMP_IS, true},  {Op::JUMP_IN, false},
                                  {Op::JUMP_IN, true}};
  check_compare(e);
  const auto is_none = [](const Expr& x) {
    auto* c = node_cast<Constant>(&x);
    return c && c->value->type == ConstantValue::kNone;
  };
  if (e.ops.size() == 1 && (e.ops[0] == CmpOp::Is || e.ops[0] == CmpOp::IsNot) &&
      is_none(*e.comparators[0])) {
    const Reg a = expr(*e.left);
    const bool jump_on_none = (e.ops[0] == CmpOp::Is) == sense;
    return as().jump(jump_on_none ? Op::JUMP_IF_NONE : Op::JUMP_IF_NOT_NONE, target, a);
  }
  const Label end = as().new_label();
  Reg left = expr(*e.left);
  for (uint32_t i = 0; i < e.ops.size(); i++) {
    const Reg right = expr(*e.comparators[i]);
    const Row& row = kRows[static_cast<int>(e.ops[i])];
    const bool last = i + 1 == e.ops.size();
    // A failing link ends the chain: at the target if that is the false exit.
    const bool jump_when = last ? sense : false;
    const Label to = last || !sense ? target : end;
    as().jump(row.op, to, left, right, jump_when != row.negated);
    left = right;
  }
  as().bind(end);
}

}  // namespace pystm::vm::compiler
