// Expressions, except calls, comprehensions and conditions.
#include "vm/compiler/codegen.h"

namespace pystm::vm::compiler {

Reg Codegen::expr(Expr& e) {
  if (e.kind == NodeKind::Name) {
    const int local = direct_local(static_cast<Name&>(e).id);
    if (local >= 0 && as().is_bound(static_cast<Reg>(local))) return static_cast<Reg>(local);
  }
  return push(e);
}

Reg Codegen::push(Expr& e) {
  const Reg r = as().top();
  into(e, r);
  as().set_top(r + 1);
  return r;
}

// For its effects only.
void Codegen::effect(Expr& e) {
  if (e.kind == NodeKind::Constant) return;
  into(e, as().top());
}

void Codegen::into(Expr& e, Reg dst) {
  struct Depth {
    int& d;
    ~Depth() { d--; }
  } depth{depth_};
  if (++depth_ > options_.parse.max_depth) {
    ErrorInfo info;
    info.kind = ErrorKind::Recursion;
    info.message = "maximum recursion depth exceeded during compilation";
    throw CompileError{std::move(info)};
  }
  At at(*this, e);
  const Reg base = as().top();
  into_other(e, dst);
  as().set_top(base);
}

void Codegen::into_other(Expr& e, Reg dst) {
  switch (e.kind) {
    case NodeKind::Constant:
      return as().load_const(dst, constant(*static_cast<Constant&>(e).value));
    case NodeKind::Name:
      return load_name(static_cast<Name&>(e).id, dst);
    case NodeKind::BoolOp:
      return bool_op(static_cast<BoolOp&>(e), dst);
    case NodeKind::NamedExpr:
      return named(static_cast<NamedExpr&>(e), dst);
    case NodeKind::BinOp: {
      auto& b = static_cast<BinOp&>(e);
      return bin_op(*b.left, b.op, *b.right, dst);
    }
    case NodeKind::UnaryOp:
      return unary_op(static_cast<UnaryOp&>(e), dst);
    case NodeKind::Lambda:
      return lambda(static_cast<Lambda&>(e), dst);
    case NodeKind::IfExp:
      return if_exp(static_cast<IfExp&>(e), dst);
    case NodeKind::Dict:
      return dict(static_cast<Dict&>(e), dst);
    case NodeKind::Set:
      return sequence(static_cast<Set&>(e).elts, dst, e.kind);
    case NodeKind::List:
      return sequence(static_cast<List&>(e).elts, dst, e.kind);
    case NodeKind::Tuple:
      return sequence(static_cast<Tuple&>(e).elts, dst, e.kind);
    case NodeKind::ListComp:
      return comprehension_expr(e, static_cast<ListComp&>(e).generators, dst);
    case NodeKind::SetComp:
      return comprehension_expr(e, static_cast<SetComp&>(e).generators, dst);
    case NodeKind::DictComp:
      return comprehension_expr(e, static_cast<DictComp&>(e).generators, dst);
    case NodeKind::GeneratorExp:
      return comprehension_expr(e, static_cast<GeneratorExp&>(e).generators, dst);
    case NodeKind::Await:
      return await(e, dst);
    case NodeKind::Yield:
      return yield(static_cast<Yield&>(e), dst);
    case NodeKind::YieldFrom:
      return yield_from(static_cast<YieldFrom&>(e), dst);
    case NodeKind::Compare:
      return compare(static_cast<Compare&>(e), dst);
    case NodeKind::Call:
      return call(static_cast<Call&>(e), dst);
    case NodeKind::JoinedStr:
      return joined(static_cast<JoinedStr&>(e), dst);
    case NodeKind::FormattedValue:
      return formatted(static_cast<FormattedValue&>(e), dst);
    case NodeKind::Attribute: {
      auto& a = static_cast<Attribute&>(e);
      const Reg object = expr(*a.value);
      return as().emit(Op::LOAD_ATTR, dst, object, as().name(mangled(a.attr)));
    }
    case NodeKind::Subscript: {
      auto& s = static_cast<Subscript&>(e);
      check_subscript(s);
      const Reg object = expr(*s.value);
      const Reg index = expr(*s.slice);
      return as().emit(Op::GET_ITEM, dst, object, index);
    }
    case NodeKind::Slice:
      return slice(static_cast<Slice&>(e), dst);
    case NodeKind::Starred:
      fail("can't use starred expression here", e.at);
    default:
      fail("unexpected expression", e.at);
  }
}

// --- operators

void Codegen::emit_operator(Operator op, Reg dst, Reg a, Reg b, bool in_place) {
  static constexpr Op kOps[] = {Op::ADD, Op::SUB, Op::MUL,     Op::MATMUL, Op::TRUEDIV,
                                Op::MOD, Op::POW, Op::LSHIFT,  Op::RSHIFT, Op::OR,
                                Op::XOR, Op::AND, Op::FLOORDIV};
  as().emit(kOps[static_cast<int>(op)], dst, a, b, in_place);
}

void Codegen::bin_op(Expr& left, Operator op, Expr& right, Reg dst) {
  const Reg a = expr(left);
  const Reg b = expr(right);
  emit_operator(op, dst, a, b, false);
}

void Codegen::unary_op(UnaryOp& e, Reg dst) {
  static constexpr Op kOps[] = {Op::INVERT, Op::NOT, Op::POSITIVE, Op::NEGATIVE};
  const Reg a = expr(*e.operand);
  as().emit(kOps[static_cast<int>(e.op)], dst, a);
}

void Codegen::emit_comparison(CmpOp op, Reg dst, Reg a, Reg b) {
  struct Row {
    Op op;
    bool negated;
  };
  static constexpr Row kRows[] = {{Op::EQ, false},     {Op::NE, false}, {Op::LT, false},
                                  {Op::LE, false},     {Op::GT, false}, {Op::GE, false},
                                  {Op::IS, false},     {Op::IS, true},  {Op::CONTAINS, false},
                                  {Op::CONTAINS, true}};
  const Row& row = kRows[static_cast<int>(op)];
  as().emit(row.op, dst, a, b, row.negated);
}

void Codegen::compare(Compare& e, Reg dst) {
  check_compare(e);
  if (e.ops.size() == 1) {
    const Reg a = expr(*e.left);
    const Reg b = expr(*e.comparators[0]);
    return emit_comparison(e.ops[0], dst, a, b);
  }
  // The left operand's register takes the result of each link.
  const Reg result = push(*e.left);
  Reg left = result;
  const Label end = as().new_label();
  for (uint32_t i = 0; i < e.ops.size(); i++) {
    const Reg right = push(*e.comparators[i]);
    emit_comparison(e.ops[i], result, left, right);
    if (i + 1 < e.ops.size()) as().jump(Op::JUMP_IF_FALSE, end, result);
    left = right;
  }
  as().bind(end);
  as().set_top(result + 1);
  move(dst, result);
}

void Codegen::bool_op(BoolOp& e, Reg dst) {
  const Reg t = as().top();
  const Label end = as().new_label();
  const Op op = e.op == BoolOpKind::And ? Op::JUMP_IF_FALSE : Op::JUMP_IF_TRUE;
  for (uint32_t i = 0; i + 1 < e.values.size(); i++) {
    into(*e.values[i], t);
    as().set_top(t + 1);
    as().jump(op, end, t);
    as().set_top(t);
  }
  into(*e.values.back(), t);
  as().bind(end);
  move(dst, t);
}

void Codegen::if_exp(IfExp& e, Reg dst) {
  const Label orelse = as().new_label();
  const Label end = as().new_label();
  const int known = constant_truth(*e.test);
  if (known >= 0) return into(known ? *e.body : *e.orelse, dst);
  jump_if(*e.test, false, orelse);
  into(*e.body, dst);
  const Reg top = as().top();
  as().set_top(std::max(top, dst + 1));  // the value is alive at the jump
  as().jump(Op::JUMP, end);
  as().set_top(top);
  as().bind(orelse);
  into(*e.orelse, dst);
  as().bind(end);
}

void Codegen::named(NamedExpr& e, Reg dst) {
  const Reg value = push(*e.value);
  store(*e.target, value);
  move(dst, value);
}

void Codegen::slice(Slice& e, Reg dst) {
  const Reg base = as().top();
  for (Expr* part : {e.lower, e.upper, e.step}) {
    if (part) {
      push(*part);
    } else if (part != e.step || as().top() < base + 2) {
      as().load_none(as().top());
      as().push();
    }
  }
  as().emit(Op::BUILD_SLICE, dst, base, e.step ? 3 : 2);
}

// --- displays

namespace {

bool all_constants(Seq<Expr*> elts) {
  for (Expr* e : elts)
    if (e->kind != NodeKind::Constant) return false;
  return true;
}

}  // namespace

// [..], {..} and (..), with starred elements or not. Long ones are built piece by piece.
void Codegen::sequence(Seq<Expr*> elts, Reg dst, NodeKind kind) {
  constexpr uint32_t kLong = 64;
  const bool is_set = kind == NodeKind::Set;
  const Op build = is_set                   ? Op::BUILD_SET
                   : kind == NodeKind::List ? Op::BUILD_LIST
                                            : Op::BUILD_TUPLE;
  bool starred = false;
  for (Expr* e : elts) starred |= e->kind == NodeKind::Starred;
  const Reg base = as().top();
  if (elts.size() >= 3 && kind != NodeKind::Tuple && all_constants(elts)) {
    Const items;
    items.kind = is_set ? Const::Kind::kFrozenSet : Const::Kind::kTuple;
    for (Expr* e : elts) items.items.push_back(constant(*static_cast<Constant*>(e)->value));
    as().emit(build, base, base, 0);
    as().set_top(base + 1);
    as().load_const(base + 1, std::move(items));
    as().set_top(base + 2);
    as().emit(is_set ? Op::SET_UPDATE : Op::LIST_EXTEND, base, base + 1);
    return move(dst, base);
  }
  if (!starred && elts.size() <= kLong) {
    for (Expr* e : elts) push(*e);
    return as().emit(build, dst, base, elts.size());
  }
  const Reg whole = base;
  as().emit(is_set ? Op::BUILD_SET : Op::BUILD_LIST, whole, whole, 0);
  as().set_top(whole + 1);
  for (Expr* e : elts) {
    auto* s = node_cast<Starred>(e);
    const Reg item = expr(s ? *s->value : *e);
    const Op op = is_set ? (s ? Op::SET_UPDATE : Op::SET_ADD)
                  : s    ? Op::LIST_EXTEND
                         : Op::LIST_APPEND;
    as().emit(op, whole, item);
    as().set_top(whole + 1);
  }
  if (kind == NodeKind::Tuple) return as().emit(Op::LIST_TO_TUPLE, dst, whole);
  move(dst, whole);
}

void Codegen::dict(Dict& e, Reg dst) {
  constexpr uint32_t kLong = 32;
  bool unpacks = false;
  for (Expr* key : e.keys) unpacks |= key == nullptr;
  const Reg base = as().top();
  if (!unpacks && e.keys.size() <= kLong) {
    for (uint32_t i = 0; i < e.keys.size(); i++) {
      push(*e.keys[i]);
      push(*e.values[i]);
    }
    return as().emit(Op::BUILD_MAP, dst, base, e.keys.size());
  }
  as().emit(Op::BUILD_MAP, base, base, 0);
  as().set_top(base + 1);
  for (uint32_t i = 0; i < e.keys.size(); i++) {
    if (e.keys[i]) {
      const Reg key = expr(*e.keys[i]);
      const Reg value = expr(*e.values[i]);
      as().emit(Op::MAP_ADD, base, key, value);
    } else {
      const Reg other = expr(*e.values[i]);
      as().emit(Op::DICT_UPDATE, base, other);
    }
    as().set_top(base + 1);
  }
  move(dst, base);
}

void Codegen::joined(JoinedStr& e, Reg dst) {
  if (e.values.empty()) return as().load_const(dst, str(""));
  const Reg base = as().top();
  for (Expr* part : e.values) push(*part);
  as().emit(Op::BUILD_STRING, dst, base, e.values.size());
}

void Codegen::formatted(FormattedValue& e, Reg dst) {
  const Reg value = expr(*e.value);
  Reg spec = kNoRegister;
  if (e.format_spec) spec = push(*e.format_spec);
  as().emit(Op::FORMAT_VALUE, dst, value, spec,
            e.conversion < 0 ? 0 : static_cast<unsigned>(e.conversion));
}

// --- generators

void Codegen::yield(Yield& e, Reg dst) {
  if (!current().is_function()) fail("'yield' outside function", e.at);
  Reg value;
  if (e.value) {
    value = expr(*e.value);
  } else {
    value = as().top();
    as().load_none(value);
    as().push();
  }
  if (current().coroutine) {
    const Reg wrapped = as().top();
    as().emit(Op::ASYNC_GEN_WRAP, wrapped, value);
    as().push();
    value = wrapped;
  }
  as().emit(Op::YIELD, dst, value);
}

// Drives the iterator in base until it returns; base + 1 is the value sent, then the result.
void Codegen::send_loop(Reg base) {
  const Label loop = as().new_label();
  const Label done = as().new_label();
  as().load_none(base + 1);
  as().set_top(base + 2);
  as().bind(loop);
  as().jump(Op::SEND, done, base, base + 1);
  as().emit(Op::YIELD, base + 1, base + 1, 0, 1);
  as().jump(Op::JUMP_BACK, loop);
  as().bind(done);
}

void Codegen::yield_from(YieldFrom& e, Reg dst) {
  if (!current().is_function()) fail("'yield' outside function", e.at);
  if (current().coroutine) fail("'yield from' inside async function", e.at);
  const Reg base = push(*e.value);
  as().emit(Op::GET_YIELD_FROM_ITER, base, base);
  send_loop(base);
  move(dst, base + 1);
}

// Awaits what is in base; the result is in base + 1.
void Codegen::await_register(Reg base, unsigned context) {
  as().set_top(base + 1);
  as().emit(Op::GET_AWAITABLE, base, base, 0, context);
  send_loop(base);
}

void Codegen::await(Expr& e, Reg dst) {
  if (!options_.allow_top_level_await || current().type != ScopeType::Module) {
    if (!current().is_function()) fail("'await' outside function", e.at);
    if (!(as().unit->flags & (kCoCoroutine | kCoAsyncGenerator)) &&
        current().comprehension == ComprehensionType::None)
      fail("'await' outside async function", e.at);
    const auto* def = current().node;
    if (def->kind != NodeKind::AsyncFunctionDef &&
        current().comprehension == ComprehensionType::None)
      fail("'await' outside async function", e.at);
  }
  const Reg base = push(*static_cast<Await&>(e).value);
  await_register(base, 0);
  move(dst, base + 1);
}

// --- warnings

namespace {

const char* literal_type(const Expr& e) {
  switch (e.kind) {
    case NodeKind::Constant:
      switch (static_cast<const Constant&>(e).value->type) {
        case ConstantValue::kInt:
        case ConstantValue::kBigInt:
          return "int";
        case ConstantValue::kFloat:
          return "float";
        case ConstantValue::kComplex:
          return "complex";
        case ConstantValue::kStr:
          return "str";
        case ConstantValue::kBytes:
          return "bytes";
        case ConstantValue::kTuple:
          return "tuple";
        case ConstantValue::kFrozenSet:
          return "frozenset";
        case ConstantValue::kNone:
          return "NoneType";
        case ConstantValue::kTrue:
        case ConstantValue::kFalse:
          return "bool";
        case ConstantValue::kEllipsis:
          return "ellipsis";
      }
      return nullptr;
    case NodeKind::List:
    case NodeKind::ListComp:
      return "list";
    case NodeKind::Tuple:
      return "tuple";
    case NodeKind::Dict:
    case NodeKind::DictComp:
      return "dict";
    case NodeKind::Set:
    case NodeKind::SetComp:
      return "set";
    case NodeKind::GeneratorExp:
      return "generator";
    case NodeKind::Lambda:
      return "function";
    case NodeKind::JoinedStr:
    case NodeKind::FormattedValue:
      return "str";
    default:
      return nullptr;
  }
}

bool is_plain_constant(const Expr& e) {
  auto* c = node_cast<Constant>(&e);
  if (!c) return false;
  switch (c->value->type) {
    case ConstantValue::kNone:
    case ConstantValue::kTrue:
    case ConstantValue::kFalse:
    case ConstantValue::kEllipsis:
      return true;
    default:
      return false;
  }
}

}  // namespace

void Codegen::check_compare(Compare& e) {
  const auto literal = [](Expr& x) {
    return x.kind == NodeKind::Constant && !is_plain_constant(x);
  };
  bool left = literal(*e.left);
  for (uint32_t i = 0; i < e.ops.size(); i++) {
    const bool right = literal(*e.comparators[i]);
    if ((left || right) && e.ops[i] == CmpOp::Is)
      return warn("\"is\" with a literal. Did you mean \"==\"?", e.at);
    if ((left || right) && e.ops[i] == CmpOp::IsNot)
      return warn("\"is not\" with a literal. Did you mean \"!=\"?", e.at);
    left = right;
  }
}

void Codegen::check_caller(Expr& e) {
  if (e.kind == NodeKind::Lambda) return;
  if (const char* type = literal_type(e))
    warn(std::string("'") + type + "' object is not callable; perhaps you missed a comma?", e.at);
}

void Codegen::check_subscript(Subscript& e) {
  const char* type = literal_type(*e.value);
  if (!type) return;
  const std::string_view t = type;
  if (t == "set" || t == "generator" || t == "function" || t == "int" || t == "float" ||
      t == "complex" || t == "NoneType" || t == "bool" || t == "ellipsis" || t == "frozenset")
    return warn(
        std::string("'") + type + "' object is not subscriptable; perhaps you missed a comma?",
        e.at);
  if (t == "dict") return;
  const char* index = literal_type(*e.slice);
  if (!index || std::string_view(index) == "int" || std::string_view(index) == "bool") return;
  warn(std::string(type) + " indices must be integers or slices, not " + index +
           "; perhaps you missed a comma?",
       e.at);
}

}  // namespace pystm::vm::compiler
