// try, except, except* and finally.
#include "vm/compiler/parser.h"

namespace pystm::vm::compiler {

Stmt* Parser::try_stmt() {
  const int start = pos_;
  if (invalid_) invalid_try_stmt();
  pos_ = start + 1;
  forced(Tok::COLON);
  Seq<Stmt*> body, orelse, finalbody;
  if (!block(&body)) {
    pos_ = start;
    return nullptr;
  }
  Items<ExceptHandler> handlers(*this);
  bool star = false;
  bool has_finally = finally_block(&finalbody);
  if (!has_finally) {
    while (ExceptHandler* h = except_block(false)) handlers.add(h);
    if (handlers.size() == 0) {
      star = true;
      while (ExceptHandler* h = except_block(true)) handlers.add(h);
    }
    if (handlers.size() == 0) {
      pos_ = start;
      return nullptr;
    }
    else_block(&orelse);
    finally_block(&finalbody);
  }
  const auto fill_in = [&](auto* s) -> Stmt* {
    s->body = body;
    s->handlers = handlers.take();
    s->orelse = orelse;
    s->finalbody = finalbody;
    return s;
  };
  if (star) return fill_in(make<TryStar>(start));
  return fill_in(make<Try>(start));
}

ExceptHandler* Parser::except_block(bool star) {
  if (!at(Tok::KW_EXCEPT)) return nullptr;
  if (invalid_) invalid_except_indent(star);
  const int start = pos_++;
  const auto finish = [&](Expr* type, Identifier name) -> ExceptHandler* {
    Seq<Stmt*> body;
    if (!accept(Tok::COLON) || !block(&body)) return nullptr;
    auto* h = make<ExceptHandler>(start);
    h->type = type;
    h->name = name;
    h->body = body;
    return h;
  };
  ExceptHandler* handler = nullptr;
  if (!star || accept(Tok::STAR)) {
    if (Expr* type = expression()) {
      const int after = pos_;
      Identifier name;
      if (accept(Tok::KW_AS)) {
        name = accept_name();
        if (!name.data()) pos_ = after;
      }
      handler = finish(type, name);
    } else if (!star) {
      handler = finish(nullptr, {});
    }
  }
  if (handler) return handler;
  pos_ = start;
  if (invalid_) invalid_except(star);
  pos_ = start;
  return nullptr;
}

bool Parser::finally_block(Seq<Stmt*>* out) {
  if (!at(Tok::KW_FINALLY)) return false;
  const int start = pos_;
  const int lineno = token().lineno;
  if (invalid_) {
    pos_++;
    if (accept(Tok::COLON) && missing_block()) raise_block("'finally' statement", lineno);
    pos_ = start;
  }
  pos_++;
  forced(Tok::COLON);
  if (block(out)) return true;
  pos_ = start;
  return false;
}

void Parser::invalid_try_stmt() {
  const int start = pos_;
  const int lineno = token().lineno;
  pos_++;
  if (!accept(Tok::COLON)) {
    pos_ = start;
    return;
  }
  const int after_colon = pos_;
  if (missing_block()) raise_block("'try' statement", lineno);
  pos_ = after_colon;
  Seq<Stmt*> body;
  if (block(&body) && !at(Tok::KW_EXCEPT) && !at(Tok::KW_FINALLY))
    raise_syntax("expected 'except' or 'finally' block");
  pos_ = after_colon;
  while (block(&body)) {
  }
  const int after_blocks = pos_;
  const char* message = "cannot have both 'except' and 'except*' on the same 'try'";
  for (bool star_first : {false, true}) {
    pos_ = after_blocks;
    int count = 0;
    while (except_block(star_first)) count++;
    if (count == 0 || !at(Tok::KW_EXCEPT)) continue;
    const Token except = token();
    pos_++;
    const Token star = token();
    if (!star_first && !accept(Tok::STAR)) continue;
    const bool typed = expression() != nullptr;
    if (typed && accept(Tok::KW_AS)) accept_name();
    if ((!typed && !star_first) || !accept(Tok::COLON)) continue;
    if (star_first) raise_at(except, message);
    raise_range(position(except), position(star), message);
  }
  pos_ = start;
}

// except without its block.
void Parser::invalid_except_indent(bool star) {
  const int start = pos_;
  const int lineno = token().lineno;
  const char* what = star ? "'except*' statement" : "'except' statement";
  pos_++;
  if (star && !accept(Tok::STAR)) {
    pos_ = start;
    return;
  }
  const int after = pos_;
  if (expression()) {
    const int before_as = pos_;
    if (accept(Tok::KW_AS) && !accept_name().data()) pos_ = before_as;
    if (accept(Tok::COLON) && missing_block()) raise_block(what, lineno);
  }
  if (!star) {
    pos_ = after;
    if (accept(Tok::COLON) && missing_block()) raise_block(what, lineno);
  }
  pos_ = start;
}

void Parser::invalid_except(bool) {
  const int start = pos_;
  const auto optional_as = [&] {
    const int before = pos_;
    if (accept(Tok::KW_AS) && !accept_name().data()) pos_ = before;
  };
  pos_++;
  const bool star = accept(Tok::STAR);
  const int after = pos_;
  if (Expr* a = expression()) {
    if (accept(Tok::COMMA) && expressions()) {
      optional_as();
      if (at(Tok::COLON)) {
        pos_++;
        raise_from(a->at, "multiple exception types must be parenthesized");
      }
    }
  }
  pos_ = after;
  if (expression()) {
    optional_as();
    if (accept(Tok::NEWLINE)) raise_syntax("expected ':'");
  }
  pos_ = after;
  if (!star && accept(Tok::NEWLINE)) raise_syntax("expected ':'");
  if (star && (accept(Tok::NEWLINE) || accept(Tok::COLON)))
    raise_syntax("expected one or more exception types");
  pos_ = start;
}

}  // namespace pystm::vm::compiler
