// Compound statements: blocks, if, loops, with, try, definitions. The invalid rules that belong to
// one statement stand next to it.
#include "vm/compiler/parser.h"

namespace pystm::vm::compiler {

Stmt* Parser::compound_stmt() {
  const int start = pos_;
  switch (type()) {
    case Tok::KW_DEF:
      return function_def(start, false, {});
    case Tok::AT:
      return decorated();
    case Tok::KW_CLASS:
      return class_def({});
    case Tok::KW_IF:
      return if_stmt(false);
    case Tok::KW_WITH:
      return with_stmt(start, false);
    case Tok::KW_FOR:
      return for_stmt(start, false);
    case Tok::KW_TRY:
      return try_stmt();
    case Tok::KW_WHILE:
      return while_stmt();
    case Tok::KW_ASYNC: {
      pos_++;
      Stmt* s = nullptr;
      if (at(Tok::KW_DEF))
        s = function_def(start, true, {});
      else if (at(Tok::KW_WITH))
        s = with_stmt(start, true);
      else if (at(Tok::KW_FOR))
        s = for_stmt(start, true);
      if (!s) pos_ = start;
      return s;
    }
    case Tok::NAME:
      return at_name("match") || (invalid_ && at_name("case")) ? match_stmt() : nullptr;
    default:
      return nullptr;
  }
}

bool Parser::block(Seq<Stmt*>* out) {
  Seq<Stmt*>* found = memo(Rule::block, [&]() -> Seq<Stmt*>* {
    auto* body = arena_.make<Seq<Stmt*>>();
    return block_body(body) ? body : nullptr;
  });
  if (found) *out = *found;
  return found != nullptr;
}

bool Parser::block_body(Seq<Stmt*>* out) {
  const int start = pos_;
  Items<Stmt> body(*this);
  if (accept(Tok::NEWLINE)) {
    if (accept(Tok::INDENT) && statements(body) && accept(Tok::DEDENT)) {
      *out = body.take();
      return true;
    }
    pos_ = start;
  } else if (simple_stmts(body)) {
    *out = body.take();
    return true;
  }
  if (invalid_ && missing_block()) raise_last(ErrorKind::Indentation, "expected an indented block");
  pos_ = start;
  return false;
}

// keyword named_expression, then a line without its colon or a colon without its block.
void Parser::invalid_header(Tok keyword, const char* name) {
  const int start = pos_;
  const int lineno = token().lineno;
  if (accept(keyword) && named_expression()) {
    if (at(Tok::NEWLINE)) {
      pos_++;
      raise_syntax("expected ':'");
    }
    if (accept(Tok::COLON) && missing_block()) raise_block(name, lineno);
  }
  pos_ = start;
}

Stmt* Parser::if_stmt(bool is_elif) {
  check_stack();
  const Tok keyword = is_elif ? Tok::KW_ELIF : Tok::KW_IF;
  if (invalid_) invalid_header(keyword, is_elif ? "'elif' statement" : "'if' statement");
  const int start = pos_++;
  Expr* test = named_expression();
  Seq<Stmt*> body, orelse;
  if (!test || !accept(Tok::COLON) || !block(&body)) {
    pos_ = start;
    return nullptr;
  }
  Stmt* elif = at(Tok::KW_ELIF) ? if_stmt(true) : nullptr;
  if (elif)
    orelse = one(elif);
  else if (at(Tok::KW_ELSE))
    else_block(&orelse);
  auto* s = make<If>(start);
  s->test = test;
  s->body = body;
  s->orelse = orelse;
  return s;
}

bool Parser::else_block(Seq<Stmt*>* out) {
  const int start = pos_;
  if (!at(Tok::KW_ELSE)) return false;
  const int lineno = token().lineno;
  if (invalid_) {
    pos_++;
    if (accept(Tok::COLON) && missing_block()) raise_block("'else' statement", lineno);
    pos_ = start;
  }
  pos_++;
  forced(Tok::COLON);
  if (block(out)) return true;
  pos_ = start;
  return false;
}

Stmt* Parser::while_stmt() {
  if (invalid_) invalid_header(Tok::KW_WHILE, "'while' statement");
  const int start = pos_++;
  Expr* test = named_expression();
  Seq<Stmt*> body, orelse;
  if (!test || !accept(Tok::COLON) || !block(&body)) {
    pos_ = start;
    return nullptr;
  }
  else_block(&orelse);
  auto* s = make<While>(start);
  s->test = test;
  s->body = body;
  s->orelse = orelse;
  return s;
}

void Parser::invalid_for(bool is_async) {
  const int start = pos_;
  const int lineno = token().lineno;
  pos_++;
  if (star_targets() && accept(Tok::KW_IN) && star_expressions()) {
    if (at(Tok::NEWLINE)) {
      pos_++;
      raise_syntax("expected ':'");
    }
    if (accept(Tok::COLON) && missing_block()) raise_block("'for' statement", lineno);
  }
  pos_ = start;
}

// With the parser at 'for'; start is the statement's first token.
Stmt* Parser::for_stmt(int start, bool is_async) {
  const int at_for = pos_;
  if (invalid_) invalid_for(is_async);
  pos_++;
  Expr* target = star_targets();
  if (!target || !accept(Tok::KW_IN)) {
    pos_ = at_for;
    if (invalid_) invalid_for_target();
    pos_ = start;
    return nullptr;
  }
  Expr* iter = star_expressions();
  Seq<Stmt*> body, orelse;
  if (!iter || !accept(Tok::COLON) || !block(&body)) {
    pos_ = start;
    return nullptr;
  }
  else_block(&orelse);
  const auto fill_in = [&](auto* s) -> Stmt* {
    s->target = target;
    s->iter = iter;
    s->body = body;
    s->orelse = orelse;
    return s;
  };
  if (is_async) return fill_in(make<AsyncFor>(start));
  return fill_in(make<For>(start));
}

// --- with

withitem* Parser::with_item() {
  const int start = pos_;
  Expr* e = expression();
  if (!e) return nullptr;
  const int after = pos_;
  Expr* target = nullptr;
  if (accept(Tok::KW_AS)) {
    target = star_target();
    if (!target || (!at(Tok::COMMA) && !at(Tok::RPAR) && !at(Tok::COLON))) {
      target = nullptr;
      pos_ = after;
      if (invalid_) {
        pos_++;
        Expr* bad = expression();
        if (bad && (at(Tok::COMMA) || at(Tok::RPAR) || at(Tok::COLON)))
          raise_invalid_target(Targets::Star, bad);
      }
      pos_ = after;
    }
  }
  auto* item = make<withitem>(start);
  item->context_expr = e;
  item->optional_vars = target;
  return item;
}

bool Parser::with_items(bool parenthesised, Seq<withitem*>* out) {
  const int start = pos_;
  if (parenthesised && !accept(Tok::LPAR)) return false;
  Items<withitem> items(*this);
  int after = pos_;
  do {
    withitem* item = with_item();
    if (!item) break;
    items.add(item);
    after = pos_;
  } while (accept(Tok::COMMA));
  pos_ = after;
  bool ok = items.size() > 0;
  if (ok && parenthesised) {
    accept(Tok::COMMA);
    ok = accept(Tok::RPAR);
  }
  if (!ok || !accept(Tok::COLON)) {
    pos_ = start;
    return false;
  }
  *out = items.take();
  return true;
}

// ','.(expression ['as' star_target])+, in parentheses or not. The invalid rules' own view.
bool Parser::invalid_with_items(bool parenthesised) {
  if (parenthesised && !accept(Tok::LPAR)) return false;
  int after = pos_, count = 0;
  do {
    if (!(parenthesised ? expressions() : expression())) break;
    after = pos_;
    if (accept(Tok::KW_AS)) {
      if (star_target())
        after = pos_;
      else
        pos_ = after;
    }
    count++;
  } while (accept(Tok::COMMA));
  pos_ = after;
  if (count == 0) return false;
  if (!parenthesised) return true;
  accept(Tok::COMMA);
  return accept(Tok::RPAR);
}

void Parser::invalid_with(bool indent) {
  const int start = pos_;
  const int lineno = token().lineno;
  for (bool parenthesised : {false, true}) {
    pos_ = start + 1;
    if (!invalid_with_items(parenthesised)) continue;
    if (!indent && at(Tok::NEWLINE)) {
      pos_++;
      raise_syntax("expected ':'");
    }
    if (indent && accept(Tok::COLON) && missing_block()) raise_block("'with' statement", lineno);
  }
  pos_ = start;
}

Stmt* Parser::with_stmt(int start, bool is_async) {
  const int at_with = pos_;
  if (invalid_) invalid_with(true);
  Seq<withitem*> items;
  Seq<Stmt*> body;
  bool ok = false;
  for (bool parenthesised : {true, false}) {
    pos_ = at_with + 1;
    if (!with_items(parenthesised, &items)) continue;
    ok = block(&body);
    if (ok || !second_pass_) break;  // a bad block is bad either way
  }
  if (!ok) {
    pos_ = at_with;
    if (invalid_) invalid_with(false);
    pos_ = start;
    return nullptr;
  }
  const auto fill_in = [&](auto* s) -> Stmt* {
    s->items = items;
    s->body = body;
    return s;
  };
  if (is_async) return fill_in(make<AsyncWith>(start));
  return fill_in(make<With>(start));
}

// --- definitions

Stmt* Parser::decorated() {
  const int start = pos_;
  Items<Expr> decorators(*this);
  while (at(Tok::AT)) {
    pos_++;
    Expr* e = named_expression();
    if (!e || !accept(Tok::NEWLINE)) {
      pos_ = start;
      return nullptr;
    }
    decorators.add(e);
  }
  const int begin = pos_;
  Stmt* s = nullptr;
  if (at(Tok::KW_CLASS)) {
    s = class_def(decorators.take());
  } else if (at(Tok::KW_DEF)) {
    s = function_def(begin, false, decorators.take());
  } else if (at(Tok::KW_ASYNC)) {
    pos_++;
    if (at(Tok::KW_DEF)) s = function_def(begin, true, decorators.take());
  }
  if (!s) pos_ = start;
  return s;
}

void Parser::invalid_def(bool is_async) {
  const int start = pos_;
  const int lineno = token().lineno;
  pos_++;
  if (accept_name().data() && accept(Tok::LPAR) && parameters(Params::Def) && accept(Tok::RPAR)) {
    bool ok = true;
    if (accept(Tok::RARROW)) ok = expression() != nullptr;
    if (ok && accept(Tok::COLON) && missing_block()) raise_block("function definition", lineno);
  }
  pos_ = start;
}

Stmt* Parser::function_def(int start, bool is_async, Seq<Expr*> decorators) {
  const int at_def = pos_;
  if (invalid_) invalid_def(is_async);
  pos_ = at_def + 1;
  const auto give_up = [&]() -> Stmt* {
    pos_ = start;
    return nullptr;
  };
  const Identifier name = accept_name();
  if (!name.data()) return give_up();
  forced(Tok::LPAR);
  arguments* params = parameters(Params::Def);
  if (!params || !accept(Tok::RPAR)) return give_up();
  Expr* returns = nullptr;
  if (at(Tok::RARROW)) {
    const int before = pos_++;
    returns = expression();
    if (!returns) pos_ = before;
  }
  forced(Tok::COLON);
  Seq<Stmt*> body;
  if (!block(&body)) return give_up();
  const auto fill_in = [&](auto* s) -> Stmt* {
    s->name = name;
    s->args = params;
    s->body = body;
    s->decorator_list = decorators;
    s->returns = returns;
    return s;
  };
  if (is_async) return fill_in(make<AsyncFunctionDef>(start));
  return fill_in(make<FunctionDef>(start));
}

void Parser::invalid_class_def() {
  const int start = pos_;
  const int lineno = token().lineno;
  pos_++;
  if (accept_name().data()) {
    const int after = pos_;
    if (accept(Tok::LPAR)) {
      if (!at(Tok::RPAR)) arguments_rule();
      if (!accept(Tok::RPAR)) pos_ = after;
    }
    if (at(Tok::NEWLINE)) {
      pos_++;
      raise_syntax("expected ':'");
    }
    if (accept(Tok::COLON) && missing_block()) raise_block("class definition", lineno);
  }
  pos_ = start;
}

Stmt* Parser::class_def(Seq<Expr*> decorators) {
  const int start = pos_;
  if (invalid_) invalid_class_def();
  pos_ = start + 1;
  const Identifier name = accept_name();
  Call* list = nullptr;
  bool ok = name.data() != nullptr;
  if (ok && accept(Tok::LPAR)) {
    if (!at(Tok::RPAR)) list = arguments_rule();
    ok = accept(Tok::RPAR);
  }
  Seq<Stmt*> body;
  if (!ok || !accept(Tok::COLON) || !block(&body)) {
    pos_ = start;
    return nullptr;
  }
  auto* s = make<ClassDef>(start);
  s->name = name;
  if (list) {
    s->bases = list->args;
    s->keywords = list->keywords;
  }
  s->body = body;
  s->decorator_list = decorators;
  return s;
}

}  // namespace pystm::vm::compiler
