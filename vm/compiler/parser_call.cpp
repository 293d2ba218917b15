// Trailers, call arguments and assignment targets.
#include "vm/compiler/parser.h"

namespace pystm::vm::compiler {

Expr* Parser::primary() {
  return memo(Rule::primary, [&]() -> Expr* {
    const int start = pos_;
    Expr* e = atom();
    return e ? primary_tail(start, e) : nullptr;
  });
}

Expr* Parser::primary_tail(int start, Expr* e) {
  for (;;) {
    const int before = pos_;
    switch (type()) {
      case Tok::DOT: {
        pos_++;
        const Identifier name = accept_name();
        if (!name.data()) {
          pos_ = before;
          return e;
        }
        auto* a = make<Attribute>(start);
        a->value = e;
        a->attr = name;
        e = a;
        break;
      }
      case Tok::LPAR: {
        Expr* call = call_tail(start, e);
        if (!call) {
          pos_ = before;
          return e;
        }
        e = call;
        break;
      }
      case Tok::LSQB: {
        pos_++;
        Expr* index = slices();
        if (!index || !accept(Tok::RSQB)) {
          pos_ = before;
          return e;
        }
        auto* s = make<Subscript>(start);
        s->value = e;
        s->slice = index;
        e = s;
        break;
      }
      default:
        return e;
    }
  }
}

// func( ... ) with the parser at the parenthesis.
Expr* Parser::call_tail(int start, Expr* func) {
  const int open = pos_;
  if (second_pass_) {
    if (Expr* g = genexp()) {
      auto* call = make<Call>(start);
      call->func = func;
      call->args = one(g);
      return call;
    }
  }
  pos_ = open + 1;
  Call* list = at(Tok::RPAR) ? nullptr : second_pass_ ? arguments_rule() : args();
  if (list && !second_pass_ && (at(Tok::KW_FOR) || at(Tok::KW_ASYNC))) {
    const bool single = list->args.size() == 1 && list->keywords.empty() &&
                        list->args[0]->kind != NodeKind::Starred;
    Seq<comprehension*> clauses;
    if (!single || !for_if_clauses(&clauses) || !accept(Tok::RPAR)) return nullptr;
    auto* g = make<GeneratorExp>(open);
    g->elt = list->args[0];
    g->generators = clauses;
    auto* call = make<Call>(start);
    call->func = func;
    call->args = one<Expr>(g);
    return call;
  }
  if (list && !second_pass_) accept(Tok::COMMA);
  if (!accept(Tok::RPAR)) return nullptr;
  auto* call = make<Call>(start);
  call->func = func;
  if (list) {
    call->args = list->args;
    call->keywords = list->keywords;
  }
  return call;
}

Call* Parser::arguments_rule() {
  return memo(Rule::arguments, [&]() -> Call* {
    const int start = pos_;
    if (Call* list = args()) {
      accept(Tok::COMMA);
      if (at(Tok::RPAR)) return list;
    }
    pos_ = start;
    if (invalid_) invalid_arguments();
    pos_ = start;
    return nullptr;
  });
}

// assignment_expression | expression !':='
Expr* Parser::positional_argument() {
  if (Expr* e = assignment_expression()) return e;
  const int start = pos_;
  Expr* e = expression();
  if (e && at(Tok::COLONEQUAL)) {
    pos_ = start;
    return nullptr;
  }
  return e;
}

Expr* Parser::starred_expression() {
  const int start = pos_;
  if (!accept(Tok::STAR)) return nullptr;
  Expr* value = expression();
  if (!value) {
    pos_ = start;
    return nullptr;
  }
  auto* e = make<Starred>(start);
  e->value = value;
  return e;
}

// The arguments of a call as a Call without a function.
Call* Parser::args() {
  const int start = pos_;
  Items<Expr> positional(*this);
  int after = pos_;
  for (;;) {
    if (at(Tok::NAME) && !second_pass_ && type_after(1) == Tok::EQUAL) break;
    Expr* e = starred_expression();
    if (!e) {
      const int before = pos_;
      e = positional_argument();
      if (e && at(Tok::EQUAL)) {
        pos_ = before;
        e = nullptr;
      }
    }
    if (!e) break;
    positional.add(e);
    after = pos_;
    if (!accept(Tok::COMMA)) break;
  }
  pos_ = after;
  std::vector<Expr*> starred;
  std::vector<keyword*> keywords;
  if (positional.size() == 0) {
    if (!kwargs(starred, keywords)) {
      pos_ = start;
      return nullptr;
    }
  } else if (accept(Tok::COMMA) && !kwargs(starred, keywords)) {
    pos_ = after;
  }
  for (Expr* e : starred) positional.add(e);
  auto* call = make<Call>(start);
  call->args = positional.take();
  call->keywords = copy_seq(keywords);
  return call;
}

// Keyword arguments: first those that may mix with *args, then those that may mix with **kwargs.
bool Parser::kwargs(std::vector<Expr*>& starred, std::vector<keyword*>& keywords) {
  bool any = false;
  int after = pos_;
  for (bool double_star : {false, true}) {
    if (any && double_star && !accept(Tok::COMMA)) break;
    while (kwarg(double_star, starred, keywords)) {
      any = true;
      after = pos_;
      if (!accept(Tok::COMMA)) break;
    }
    pos_ = after;
  }
  return any;
}

bool Parser::kwarg(bool double_star, std::vector<Expr*>& starred, std::vector<keyword*>& keywords) {
  const int start = pos_;
  if (invalid_) invalid_kwarg();
  if (at(Tok::NAME) && type_after(1) == Tok::EQUAL) {
    const Identifier name = accept_name();
    pos_++;
    if (Expr* value = expression()) {
      auto* k = make<keyword>(start);
      k->arg_name = name;
      k->value = value;
      keywords.push_back(k);
      return true;
    }
    pos_ = start;
  }
  if (!double_star) {
    Expr* e = starred_expression();
    if (e) starred.push_back(e);
    return e != nullptr;
  }
  if (!accept(Tok::DOUBLESTAR)) return false;
  Expr* value = expression();
  if (!value) {
    pos_ = start;
    return false;
  }
  auto* k = make<keyword>(start);
  k->value = value;
  keywords.push_back(k);
  return true;
}

Expr* Parser::slices() {
  const int start = pos_;
  Expr* first = at(Tok::STAR) ? starred_expression() : slice();
  if (!first) return nullptr;
  if (first->kind != NodeKind::Starred && !at(Tok::COMMA)) return first;
  Items<Expr> items(*this);
  items.add(first);
  while (accept(Tok::COMMA)) {
    Expr* e = at(Tok::STAR) ? starred_expression() : slice();
    if (!e) break;
    items.add(e);
  }
  auto* t = make<Tuple>(start);
  t->elts = items.take();
  return t;
}

Expr* Parser::slice() {
  const int start = pos_;
  Expr* lower = at(Tok::COLON) ? nullptr : second_pass_ ? expression() : named_expression();
  if (!at(Tok::COLON)) {
    if (!second_pass_) return lower;
    pos_ = start;
    return named_expression();
  }
  if (lower && lower->kind == NodeKind::NamedExpr && !parenthesised(lower)) return lower;
  pos_++;
  Expr* upper = expression();
  Expr* step = accept(Tok::COLON) ? expression() : nullptr;
  auto* s = make<Slice>(start);
  s->lower = lower;
  s->upper = upper;
  s->step = step;
  return s;
}

// Whether the token in front of e opens a parenthesis, that is, e is a group's content.
bool Parser::parenthesised(const Expr* e) const {
  for (int i = pos_ - 1; i > 0; i--) {
    const Token& t = tokens_[i];
    if (t.lineno == e->at.lineno && t.col == e->at.col_offset)
      return tokens_[i - 1].type == Tok::LPAR && previous().type == Tok::RPAR;
  }
  return false;
}

// --- targets

// Turns an expression into a target. False: it cannot be one.
bool Parser::to_target(Expr* e, ExprContext ctx, bool star_allowed) {
  const auto all = [&](Seq<Expr*> elements) {
    for (Expr* x : elements)
      if (!to_target(x, ctx, ctx == ExprContext::Store)) return false;
    return true;
  };
  switch (e->kind) {
    case NodeKind::Name:
      static_cast<Name*>(e)->ctx = ctx;
      return true;
    case NodeKind::Attribute:
      static_cast<Attribute*>(e)->ctx = ctx;
      return true;
    case NodeKind::Subscript:
      static_cast<Subscript*>(e)->ctx = ctx;
      return true;
    case NodeKind::Starred: {
      auto* s = static_cast<Starred*>(e);
      if (!star_allowed || s->value->kind == NodeKind::Starred) return false;
      s->ctx = ctx;
      return to_target(s->value, ctx, false);
    }
    case NodeKind::Tuple:
      static_cast<Tuple*>(e)->ctx = ctx;
      return all(static_cast<Tuple*>(e)->elts);
    case NodeKind::List:
      static_cast<List*>(e)->ctx = ctx;
      return all(static_cast<List*>(e)->elts);
    default:
      return false;
  }
}

Expr* Parser::star_target() {
  return memo(Rule::star_target, [&]() -> Expr* {
    const int start = pos_;
    if (accept(Tok::STAR)) {
      Expr* value = at(Tok::STAR) ? nullptr : star_target();
      if (!value) {
        pos_ = start;
        return nullptr;
      }
      auto* e = make<Starred>(start);
      e->value = value;
      e->ctx = ExprContext::Store;
      return e;
    }
    Expr* e = primary();
    if (e && to_target(e, ExprContext::Store, false)) return e;
    pos_ = start;
    return nullptr;
  });
}

Expr* Parser::star_targets() {
  const int start = pos_;
  Expr* first = star_target();
  if (!first || !at(Tok::COMMA)) return first;
  Items<Expr> items(*this);
  items.add(first);
  while (accept(Tok::COMMA)) {
    Expr* e = star_target();
    if (!e) break;
    items.add(e);
  }
  auto* t = make<Tuple>(start);
  t->elts = items.take();
  t->ctx = ExprContext::Store;
  return t;
}

// A name, attribute or subscript, perhaps in parentheses (which must_not_be_bare demands for
// names).
Expr* Parser::single_target(bool must_not_be_bare) {
  const int start = pos_;
  const bool group = at(Tok::LPAR);
  Expr* e = primary();
  if (e && (e->kind == NodeKind::Attribute || e->kind == NodeKind::Subscript ||
            (e->kind == NodeKind::Name && (group || !must_not_be_bare))))
    if (to_target(e, ExprContext::Store, false)) return e;
  pos_ = start;
  return nullptr;
}

bool Parser::del_targets(Items<Expr>& out) {
  int after = pos_;
  do {
    Expr* e = primary();
    if (!e || !to_target(e, ExprContext::Del, false)) {
      pos_ = after;
      break;
    }
    out.add(e);
    after = pos_;
  } while (accept(Tok::COMMA));
  if (out.size() > 0 && previous().type != Tok::COMMA) accept(Tok::COMMA);
  return out.size() > 0;
}

}  // namespace pystm::vm::compiler
