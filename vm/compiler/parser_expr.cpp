// Expressions from the top of the grammar down to operators. Atoms are in parser_atom.cpp, calls
// and targets in parser_call.cpp.
#include "vm/compiler/parser.h"

namespace pystm::vm::compiler {

Expr* Parser::expressions() {
  const int start = pos_;
  Expr* first = expression();
  if (!first || !at(Tok::COMMA)) return first;
  Items<Expr> items(*this);
  items.add(first);
  while (accept(Tok::COMMA)) {
    Expr* e = expression();
    if (!e) break;
    items.add(e);
  }
  auto* t = make<Tuple>(start);
  t->elts = items.take();
  return t;
}

Expr* Parser::expression() {
  check_stack();
  return memo(Rule::expression, [&]() -> Expr* {
    if (invalid_) {
      invalid_expression();
      invalid_legacy_expression();
    }
    return expression_without_invalid();
  });
}

// The alternatives of `expression` proper; invalid rules below it stay as they are set.
Expr* Parser::expression_without_invalid() {
  const int start = pos_;
  if (at(Tok::KW_LAMBDA)) {
    if (second_pass_) disjunction();
    return lambdef();
  }
  Expr* body = disjunction();
  if (!body) return nullptr;
  const int after = pos_;
  if (accept(Tok::KW_IF)) {
    Expr* test = disjunction();
    if (test && accept(Tok::KW_ELSE)) {
      if (Expr* orelse = expression()) {
        auto* e = make<IfExp>(start);
        e->test = test;
        e->body = body;
        e->orelse = orelse;
        return e;
      }
    }
    pos_ = after;
  }
  return body;
}

Expr* Parser::yield_expr() {
  const int start = pos_;
  if (!accept(Tok::KW_YIELD)) return nullptr;
  if (accept(Tok::KW_FROM)) {
    if (Expr* value = expression()) {
      auto* e = make<YieldFrom>(start);
      e->value = value;
      return e;
    }
    pos_ = start + 1;
  }
  Expr* value = star_expressions();
  auto* e = make<Yield>(start);
  e->value = value;
  return e;
}

Expr* Parser::yield_or_star_expressions() {
  return at(Tok::KW_YIELD) ? yield_expr() : star_expressions();
}

Expr* Parser::star_expressions() {
  const int start = pos_;
  Expr* first = star_expression();
  if (!first || !at(Tok::COMMA)) return first;
  Items<Expr> items(*this);
  items.add(first);
  while (accept(Tok::COMMA)) {
    Expr* e = star_expression();
    if (!e) break;
    items.add(e);
  }
  auto* t = make<Tuple>(start);
  t->elts = items.take();
  return t;
}

Expr* Parser::star_expression() {
  return memo(Rule::star_expression, [&]() -> Expr* {
    const int start = pos_;
    if (!accept(Tok::STAR)) return expression();
    Expr* value = bitwise_or();
    if (!value) {
      pos_ = start;
      return expression();
    }
    auto* e = make<Starred>(start);
    e->value = value;
    return e;
  });
}

Expr* Parser::star_named_expression() {
  const int start = pos_;
  if (accept(Tok::STAR)) {
    if (Expr* value = bitwise_or()) {
      auto* e = make<Starred>(start);
      e->value = value;
      return e;
    }
    pos_ = start;
  }
  return named_expression();
}

bool Parser::star_named_expressions(Items<Expr>& out) {
  Expr* e = star_named_expression();
  if (!e) return false;
  out.add(e);
  while (accept(Tok::COMMA)) {
    e = star_named_expression();
    if (!e) break;
    out.add(e);
  }
  return true;
}

Expr* Parser::assignment_expression() {
  const int start = pos_;
  if (!at(Tok::NAME) || type_after(1) != Tok::COLONEQUAL) return nullptr;
  auto* target = arena_.make<Name>();
  target->kind = NodeKind::Name;
  target->id = identifier(tokens_[pos_++]);
  target->ctx = ExprContext::Store;
  locate(target->at, start);
  pos_++;
  Expr* value = expression();
  if (!value) {
    pos_ = start;
    return nullptr;
  }
  auto* e = make<NamedExpr>(start);
  e->target = target;
  e->value = value;
  return e;
}

Expr* Parser::named_expression() {
  if (Expr* e = assignment_expression()) return e;
  if (invalid_) invalid_named_expression();
  const int start = pos_;
  Expr* e = expression();
  if (e && at(Tok::COLONEQUAL)) {
    pos_ = start;
    return nullptr;
  }
  return e;
}

Expr* Parser::lambdef() {
  const int start = pos_;
  if (!accept(Tok::KW_LAMBDA)) return nullptr;
  arguments* params = parameters(Params::Lambda);
  Expr* body = params && accept(Tok::COLON) ? expression() : nullptr;
  if (!body) {
    pos_ = start;
    return nullptr;
  }
  auto* e = make<Lambda>(start);
  e->args = params;
  e->body = body;
  return e;
}

Expr* Parser::disjunction() {
  return memo(Rule::disjunction, [&]() -> Expr* {
    const int start = pos_;
    Expr* first = conjunction();
    if (!first || !at(Tok::KW_OR)) return first;
    Items<Expr> items(*this);
    items.add(first);
    int after = pos_;
    while (accept(Tok::KW_OR)) {
      Expr* e = conjunction();
      if (!e) break;
      items.add(e);
      after = pos_;
    }
    pos_ = after;
    if (items.size() == 1) return first;
    auto* e = make<BoolOp>(start);
    e->op = BoolOpKind::Or;
    e->values = items.take();
    return e;
  });
}

Expr* Parser::conjunction() {
  return memo(Rule::conjunction, [&]() -> Expr* {
    const int start = pos_;
    Expr* first = inversion();
    if (!first || !at(Tok::KW_AND)) return first;
    Items<Expr> items(*this);
    items.add(first);
    int after = pos_;
    while (accept(Tok::KW_AND)) {
      Expr* e = inversion();
      if (!e) break;
      items.add(e);
      after = pos_;
    }
    pos_ = after;
    if (items.size() == 1) return first;
    auto* e = make<BoolOp>(start);
    e->op = BoolOpKind::And;
    e->values = items.take();
    return e;
  });
}

Expr* Parser::inversion() {
  if (!at(Tok::KW_NOT)) return comparison();
  check_stack();
  return memo(Rule::inversion, [&]() -> Expr* {
    const int start = pos_++;
    Expr* operand = inversion();
    if (!operand) {
      pos_ = start;
      return nullptr;
    }
    auto* e = make<UnaryOp>(start);
    e->op = UnaryOpKind::Not;
    e->operand = operand;
    return e;
  });
}

bool Parser::comparison_operator(CmpOp* op) {
  const auto take = [&](CmpOp o) {
    pos_++;
    *op = o;
    return true;
  };
  switch (type()) {
    case Tok::EQEQUAL:
      return take(CmpOp::Eq);
    case Tok::NOTEQUAL:
      if (context_.options.barry_as_bdfl)
        raise_syntax("with Barry as BDFL, use '<>' instead of '!='");
      return take(CmpOp::NotEq);
    case Tok::LESSGREATER:
      return context_.options.barry_as_bdfl && take(CmpOp::NotEq);
    case Tok::LESS:
      return take(CmpOp::Lt);
    case Tok::LESSEQUAL:
      return take(CmpOp::LtE);
    case Tok::GREATER:
      return take(CmpOp::Gt);
    case Tok::GREATEREQUAL:
      return take(CmpOp::GtE);
    case Tok::KW_IN:
      return take(CmpOp::In);
    case Tok::KW_NOT:
      if (type_after(1) != Tok::KW_IN) return false;
      pos_++;
      return take(CmpOp::NotIn);
    case Tok::KW_IS:
      pos_++;
      if (accept(Tok::KW_NOT))
        *op = CmpOp::IsNot;
      else
        *op = CmpOp::Is;
      return true;
    default:
      return false;
  }
}

Expr* Parser::comparison() {
  const int start = pos_;
  Expr* left = bitwise_or();
  if (!left) return nullptr;
  int after = pos_;
  CmpOp op;
  if (!comparison_operator(&op)) return left;
  std::vector<CmpOp> ops;
  Items<Expr> comparators(*this);
  do {
    Expr* right = bitwise_or();
    if (!right) break;
    ops.push_back(op);
    comparators.add(right);
    after = pos_;
  } while (comparison_operator(&op));
  pos_ = after;
  if (ops.empty()) return left;
  auto* e = make<Compare>(start);
  e->left = left;
  e->ops = copy_seq(ops);
  e->comparators = comparators.take();
  return e;
}

Expr* Parser::bitwise_or() {
  return memo(Rule::bitwise_or, [&] { return binary(1); });
}

namespace {

struct BinaryOperator {
  int precedence;  // 0: not a binary operator
  Operator op;
};

constexpr BinaryOperator binary_operator(Tok t) {
  switch (t) {
    case Tok::VBAR:
      return {1, Operator::BitOr};
    case Tok::CIRCUMFLEX:
      return {2, Operator::BitXor};
    case Tok::AMPER:
      return {3, Operator::BitAnd};
    case Tok::LEFTSHIFT:
      return {4, Operator::LShift};
    case Tok::RIGHTSHIFT:
      return {4, Operator::RShift};
    case Tok::PLUS:
      return {5, Operator::Add};
    case Tok::MINUS:
      return {5, Operator::Sub};
    case Tok::STAR:
      return {6, Operator::Mult};
    case Tok::SLASH:
      return {6, Operator::Div};
    case Tok::DOUBLESLASH:
      return {6, Operator::FloorDiv};
    case Tok::PERCENT:
      return {6, Operator::Mod};
    case Tok::AT:
      return {6, Operator::MatMult};
    default:
      return {0, Operator::Add};
  }
}

}  // namespace

// All left-associative binary operators of at least this precedence.
Expr* Parser::binary(int minimum) {
  const int start = pos_;
  Expr* left = factor();
  if (!left) return nullptr;
  for (;;) {
    const BinaryOperator b = binary_operator(type());
    if (b.precedence < minimum || b.precedence == 0) return left;
    const int before = pos_++;
    Expr* right = binary(b.precedence + 1);
    if (!right) {
      pos_ = before;
      return left;
    }
    auto* e = make<BinOp>(start);
    e->left = left;
    e->op = b.op;
    e->right = right;
    left = e;
  }
}

Expr* Parser::factor() {
  const Tok t = type();
  if (t != Tok::PLUS && t != Tok::MINUS && t != Tok::TILDE) return power();
  check_stack();
  return memo(Rule::factor, [&]() -> Expr* {
    const int start = pos_++;
    Expr* operand = factor();
    if (!operand) {
      pos_ = start;
      return nullptr;
    }
    auto* e = make<UnaryOp>(start);
    e->op = t == Tok::PLUS    ? UnaryOpKind::UAdd
            : t == Tok::MINUS ? UnaryOpKind::USub
                              : UnaryOpKind::Invert;
    e->operand = operand;
    return e;
  });
}

Expr* Parser::power() {
  const int start = pos_;
  Expr* base = await_primary();
  if (!base || !at(Tok::DOUBLESTAR)) return base;
  check_stack();
  const int before = pos_++;
  Expr* exponent = factor();
  if (!exponent) {
    pos_ = before;
    return base;
  }
  auto* e = make<BinOp>(start);
  e->left = base;
  e->op = Operator::Pow;
  e->right = exponent;
  return e;
}

Expr* Parser::await_primary() {
  if (!at(Tok::KW_AWAIT)) return primary();
  const int start = pos_++;
  Expr* value = primary();
  if (!value) {
    pos_ = start;
    return nullptr;
  }
  auto* e = make<Await>(start);
  e->value = value;
  return e;
}

}  // namespace pystm::vm::compiler
