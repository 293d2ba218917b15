// Simple statements: assignments, imports, and the one-keyword statements.
#include "vm/compiler/parser.h"

namespace pystm::vm::compiler {

bool Parser::statements(Items<Stmt>& out) {
  const size_t before = out.size();
  while (statement(out)) {
  }
  return out.size() > before;
}

bool Parser::statement(Items<Stmt>& out) {
  check_stack();
  if (Stmt* s = compound_stmt()) {
    out.add(s);
    return true;
  }
  return simple_stmts(out);
}

bool Parser::simple_stmts(Items<Stmt>& out) {
  const int start = pos_;
  std::vector<Stmt*> found;
  do {
    Stmt* s = simple_stmt();
    if (!s) break;
    found.push_back(s);
  } while (accept(Tok::SEMI));
  if (found.empty() || !accept(Tok::NEWLINE)) {
    pos_ = start;
    return false;
  }
  for (Stmt* s : found) out.add(s);
  return true;
}

Stmt* Parser::simple_stmt() {
  if (!second_pass_) {
    if (Stmt* s = simple_stmt_by_keyword()) return s;
    return assignment_fast();
  }
  const int start = pos_;
  if (Stmt* s = assignment()) return s;
  if (Expr* value = star_expressions()) {
    auto* s = make<ExprStmt>(start);
    s->value = value;
    return s;
  }
  return simple_stmt_by_keyword();
}

Stmt* Parser::simple_stmt_by_keyword() {
  const int start = pos_;
  switch (type()) {
    case Tok::KW_RETURN:
      return return_stmt();
    case Tok::KW_IMPORT:
      return import_name();
    case Tok::KW_FROM:
      return import_from();
    case Tok::KW_RAISE:
      return raise_stmt();
    case Tok::KW_PASS:
      pos_++;
      return make<Pass>(start);
    case Tok::KW_DEL:
      return del_stmt();
    case Tok::KW_ASSERT:
      return assert_stmt();
    case Tok::KW_BREAK:
      pos_++;
      return make<Break>(start);
    case Tok::KW_CONTINUE:
      pos_++;
      return make<Continue>(start);
    case Tok::KW_GLOBAL:
    case Tok::KW_NONLOCAL:
      return global_stmt();
    case Tok::KW_YIELD: {
      Expr* value = yield_expr();
      auto* s = make<ExprStmt>(start);
      s->value = value;
      return s;
    }
    default:
      return nullptr;
  }
}

// --- assignment

bool Parser::augassign(Operator* op) {
  const auto take = [&](Operator o) {
    pos_++;
    *op = o;
    return true;
  };
  switch (type()) {
    case Tok::PLUSEQUAL:
      return take(Operator::Add);
    case Tok::MINEQUAL:
      return take(Operator::Sub);
    case Tok::STAREQUAL:
      return take(Operator::Mult);
    case Tok::ATEQUAL:
      return take(Operator::MatMult);
    case Tok::SLASHEQUAL:
      return take(Operator::Div);
    case Tok::PERCENTEQUAL:
      return take(Operator::Mod);
    case Tok::AMPEREQUAL:
      return take(Operator::BitAnd);
    case Tok::VBAREQUAL:
      return take(Operator::BitOr);
    case Tok::CIRCUMFLEXEQUAL:
      return take(Operator::BitXor);
    case Tok::LEFTSHIFTEQUAL:
      return take(Operator::LShift);
    case Tok::RIGHTSHIFTEQUAL:
      return take(Operator::RShift);
    case Tok::DOUBLESTAREQUAL:
      return take(Operator::Pow);
    case Tok::DOUBLESLASHEQUAL:
      return take(Operator::FloorDiv);
    default:
      return false;
  }
}

// First pass: parse an expression, then see what it is.
Stmt* Parser::assignment_fast() {
  const int start = pos_;
  const bool grouped = at(Tok::LPAR);
  Expr* e = star_expressions();
  if (!e) return nullptr;
  const bool single =
      e->kind == NodeKind::Name || e->kind == NodeKind::Attribute || e->kind == NodeKind::Subscript;
  Operator op;
  if (at(Tok::EQUAL)) return chained_assign(start, e);
  if (single && at(Tok::COLON)) return annotated(start, e, e->kind == NodeKind::Name && !grouped);
  if (single && augassign(&op)) return augmented(start, e, op);
  auto* s = make<ExprStmt>(start);
  s->value = e;
  return s;
}

Expr* Parser::annotated_rhs() { return yield_or_star_expressions(); }

// target ':' expression ['=' value], with the parser at the colon.
Stmt* Parser::annotated(int start, Expr* target, bool simple) {
  pos_++;
  to_target(target, ExprContext::Store, false);
  Expr* annotation = expression();
  if (!annotation) {
    pos_ = start;
    return nullptr;
  }
  const int after = pos_;
  Expr* value = accept(Tok::EQUAL) ? annotated_rhs() : nullptr;
  if (!value) pos_ = after;
  auto* s = make<AnnAssign>(start);
  s->target = target;
  s->annotation = annotation;
  s->value = value;
  s->simple = simple;
  return s;
}

// first '=' ... '=' value, with the parser at the first '='.
Stmt* Parser::chained_assign(int start, Expr* first) {
  Items<Expr> targets(*this);
  Expr* value = first;
  while (at(Tok::EQUAL)) {
    if (!to_target(value, ExprContext::Store, true)) {
      pos_ = start;
      return nullptr;
    }
    targets.add(value);
    pos_++;
    value = yield_or_star_expressions();
    if (!value) {
      pos_ = start;
      return nullptr;
    }
  }
  auto* s = make<Assign>(start);
  s->targets = targets.take();
  s->value = value;
  return s;
}

Stmt* Parser::augmented(int start, Expr* target, Operator op) {
  to_target(target, ExprContext::Store, false);
  Expr* value = annotated_rhs();
  if (!value) {
    pos_ = start;
    return nullptr;
  }
  auto* s = make<AugAssign>(start);
  s->target = target;
  s->op = op;
  s->value = value;
  return s;
}

// Second pass: the grammar's alternatives in order.
Stmt* Parser::assignment() {
  const int start = pos_;
  if (at(Tok::NAME) && type_after(1) == Tok::COLON) {
    Expr* name = atom();
    if (Stmt* s = annotated(start, name, true)) return s;
  }
  if (Expr* e = single_target(true)) {
    if (at(Tok::COLON))
      if (Stmt* s = annotated(start, e, false)) return s;
  }
  pos_ = start;
  Items<Expr> targets(*this);
  int after = pos_;
  while (Expr* e = star_targets()) {
    if (!accept(Tok::EQUAL)) break;
    targets.add(e);
    after = pos_;
  }
  pos_ = after;
  if (targets.size() > 0) {
    Expr* value = yield_or_star_expressions();
    if (value && !at(Tok::EQUAL)) {
      auto* s = make<Assign>(start);
      s->targets = targets.take();
      s->value = value;
      return s;
    }
  }
  pos_ = start;
  Operator op;
  if (Expr* e = single_target(false)) {
    if (augassign(&op)) return augmented(start, e, op);
    pos_ = start;
  }
  if (invalid_) invalid_assignment();
  pos_ = start;
  return nullptr;
}

Expr* Parser::invalid_ann_assign_target() {
  const int start = pos_;
  if (Expr* e = list()) return e;
  if (Expr* e = tuple()) return e;
  if (accept(Tok::LPAR)) {
    Expr* e = invalid_ann_assign_target();
    if (e && accept(Tok::RPAR)) return e;
  }
  pos_ = start;
  return nullptr;
}

void Parser::invalid_assignment() {
  const int start = pos_;
  if (Expr* a = invalid_ann_assign_target())
    if (accept(Tok::COLON) && expression())
      raise_at(a->at,
               std::string("only single target (not ") + expr_name(a) + ") can be annotated");
  pos_ = start;
  if (Expr* a = star_named_expression()) {
    if (accept(Tok::COMMA)) {
      Items<Expr> rest(*this);
      while (star_named_expressions(rest)) {
      }
      if (accept(Tok::COLON) && expression())
        raise_at(a->at, "only single target (not tuple) can be annotated");
    }
  }
  pos_ = start;
  if (Expr* a = expression())
    if (accept(Tok::COLON) && expression()) raise_at(a->at, "illegal target for annotation");
  pos_ = start;
  int after = pos_;
  while (star_targets() && accept(Tok::EQUAL)) after = pos_;
  pos_ = after;
  if (Expr* a = star_expressions())
    if (accept(Tok::EQUAL)) raise_invalid_target(Targets::Star, a);
  pos_ = after;
  if (Expr* a = yield_expr())
    if (accept(Tok::EQUAL)) raise_at(a->at, "assignment to yield expression not possible");
  pos_ = start;
  Operator op;
  if (Expr* a = star_expressions())
    if (augassign(&op) && annotated_rhs())
      raise_at(a->at, std::string("'") + expr_name(a) +
                          "' is an illegal expression for augmented assignment");
}

// --- statements with a keyword

Stmt* Parser::return_stmt() {
  const int start = pos_++;
  Expr* value = star_expressions();
  auto* s = make<Return>(start);
  s->value = value;
  return s;
}

Stmt* Parser::raise_stmt() {
  const int start = pos_++;
  Expr* exc = expression();
  Expr* cause = nullptr;
  if (exc && at(Tok::KW_FROM)) {
    pos_++;
    cause = expression();
    if (!cause) {
      pos_ = start;
      return nullptr;
    }
  }
  auto* s = make<Raise>(start);
  s->exc = exc;
  s->cause = cause;
  return s;
}

Stmt* Parser::global_stmt() {
  const int start = pos_;
  const bool global = tokens_[pos_++].type == Tok::KW_GLOBAL;
  std::vector<Identifier> names;
  do {
    const Identifier name = accept_name();
    if (!name.data()) {
      pos_ = start;
      return nullptr;
    }
    names.push_back(name);
  } while (accept(Tok::COMMA));
  if (global) {
    auto* s = make<Global>(start);
    s->names = copy_seq(names);
    return s;
  }
  auto* s = make<Nonlocal>(start);
  s->names = copy_seq(names);
  return s;
}

Stmt* Parser::del_stmt() {
  const int start = pos_++;
  Items<Expr> targets(*this);
  if (del_targets(targets) && (at(Tok::SEMI) || at(Tok::NEWLINE))) {
    auto* s = make<Delete>(start);
    s->targets = targets.take();
    return s;
  }
  if (invalid_) {
    pos_ = start + 1;
    if (Expr* e = star_expressions()) raise_invalid_target(Targets::Del, e);
  }
  pos_ = start;
  return nullptr;
}

Stmt* Parser::assert_stmt() {
  const int start = pos_++;
  Expr* test = expression();
  if (!test) {
    pos_ = start;
    return nullptr;
  }
  const int after = pos_;
  Expr* msg = accept(Tok::COMMA) ? expression() : nullptr;
  if (!msg) pos_ = after;
  auto* s = make<Assert>(start);
  s->test = test;
  s->msg = msg;
  return s;
}

// --- imports

Identifier Parser::dotted_name() {
  if (!at(Tok::NAME)) return {};
  const Identifier first = accept_name();
  if (!at(Tok::DOT)) return first;
  std::string text(first);
  int after = pos_;
  while (accept(Tok::DOT)) {
    const Identifier part = accept_name();
    if (!part.data()) break;
    text += '.';
    text += part;
    after = pos_;
  }
  pos_ = after;
  return arena_.intern(text);
}

Stmt* Parser::import_name() {
  const int start = pos_++;
  Items<alias> names(*this);
  do {
    const int begin = pos_;
    const Identifier name = dotted_name();
    if (!name.data()) break;
    int after = pos_;
    Identifier asname;
    if (accept(Tok::KW_AS)) {
      asname = accept_name();
      if (!asname.data()) pos_ = after;
    }
    auto* a = make<alias>(begin);
    a->name = name;
    a->asname = asname;
    names.add(a);
  } while (accept(Tok::COMMA));
  if (names.size() == 0 || previous().type == Tok::COMMA) {
    pos_ = start;
    return nullptr;
  }
  auto* s = make<Import>(start);
  s->names = names.take();
  return s;
}

Stmt* Parser::import_from() {
  const int start = pos_++;
  int level = 0;
  for (;;) {
    if (accept(Tok::DOT))
      level++;
    else if (accept(Tok::ELLIPSIS))
      level += 3;
    else
      break;
  }
  const Identifier module = dotted_name();
  Seq<alias*> names;
  if ((!module.data() && level == 0) || !accept(Tok::KW_IMPORT) || !import_from_targets(&names)) {
    pos_ = start;
    return nullptr;
  }
  auto* s = make<ImportFrom>(start);
  s->module = module;
  s->names = names;
  s->level = level;
  return s;
}

bool Parser::import_from_targets(Seq<alias*>* names) {
  const int start = pos_;
  if (accept(Tok::LPAR)) {
    *names = import_from_as_names();
    if (!names->empty()) {
      accept(Tok::COMMA);
      if (accept(Tok::RPAR)) return true;
    }
    pos_ = start;
    return false;
  }
  if (at(Tok::STAR)) {
    pos_++;
    auto* a = make<alias>(start);
    a->name = arena_.intern("*");
    *names = one(a);
    return true;
  }
  *names = import_from_as_names();
  if (names->empty()) return false;
  if (!at(Tok::COMMA)) return true;
  if (invalid_) {
    pos_++;
    if (accept(Tok::NEWLINE))
      raise_syntax("trailing comma not allowed without surrounding parentheses");
  }
  pos_ = start;
  return false;
}

Seq<alias*> Parser::import_from_as_names() {
  Items<alias> names(*this);
  int after = pos_;
  do {
    const int begin = pos_;
    const Identifier name = accept_name();
    if (!name.data()) break;
    after = pos_;
    Identifier asname;
    if (accept(Tok::KW_AS)) {
      asname = accept_name();
      if (!asname.data()) pos_ = after;
    }
    after = pos_;
    auto* a = make<alias>(begin);
    a->name = name;
    a->asname = asname;
    names.add(a);
  } while (accept(Tok::COMMA));
  pos_ = after;
  return names.take();
}

}  // namespace pystm::vm::compiler
