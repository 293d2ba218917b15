// Parameters of functions and lambdas. One loop reads both; the invalid rules below it are written
// with the grammar's small parameter rules, because their order decides the message.
#include "vm/compiler/parser.h"

namespace pystm::vm::compiler {

arg* Parser::param(Params kind, bool star_annotation) {
  const int start = pos_;
  const Identifier name = accept_name();
  if (!name.data()) return nullptr;
  Expr* annotation = nullptr;
  if (kind == Params::Def && at(Tok::COLON)) {
    const int before = pos_++;
    annotation = star_annotation ? star_expression() : expression();
    if (!annotation) pos_ = before;
  }
  auto* a = make<arg>(start);
  a->arg_name = name;
  a->annotation = annotation;
  return a;
}

// ',' or, without consuming it, the end of the list.
bool Parser::param_ends(Params kind) { return accept(Tok::COMMA) || at(params_end(kind)); }

Expr* Parser::default_value() {
  const int start = pos_++;
  if (Expr* e = expression()) return e;
  pos_ = start;
  if (invalid_) {
    const Token equal = token();
    pos_++;
    if (at(Tok::RPAR) || at(Tok::COMMA)) raise_at(equal, "expected default value expression");
    pos_ = start;
  }
  return nullptr;
}

namespace {

struct ParameterLists {
  std::vector<arg*> posonly, args, kwonly;
  std::vector<Expr*> defaults, kw_defaults;
};

}  // namespace

arguments* Parser::parameters(Params kind) {
  const int begin = pos_;
  if (invalid_) invalid_parameters(kind);
  pos_ = begin;
  ParameterLists lists;
  arg *vararg = nullptr, *kwarg = nullptr;
  int after = pos_;
  while (at(Tok::NAME)) {
    arg* a = param(kind);
    Expr* value = at(Tok::EQUAL) ? default_value() : nullptr;
    if ((!value && !lists.defaults.empty()) || !param_ends(kind)) break;
    lists.args.push_back(a);
    if (value) lists.defaults.push_back(value);
    after = pos_;
    if (!at(Tok::SLASH) || !lists.posonly.empty() || previous().type != Tok::COMMA) continue;
    pos_++;
    if (!param_ends(kind)) break;
    lists.posonly.swap(lists.args);
    after = pos_;
  }
  pos_ = after;
  if (at(Tok::STAR) || at(Tok::DOUBLESTAR))
    star_parameters(kind, &vararg, &kwarg, lists.kwonly, lists.kw_defaults);
  auto* result = make<arguments>(begin);
  result->posonlyargs = copy_seq(lists.posonly);
  result->args = copy_seq(lists.args);
  result->vararg = vararg;
  result->kwonlyargs = copy_seq(lists.kwonly);
  result->kw_defaults = copy_seq(lists.kw_defaults);
  result->kwarg = kwarg;
  result->defaults = copy_seq(lists.defaults);
  return result;
}

// '*' ... and '**' ...; on failure everything stays unread.
void Parser::star_parameters(Params kind, arg** vararg, arg** kwarg, std::vector<arg*>& kwonly,
                             std::vector<Expr*>& kw_defaults) {
  const int start = pos_;
  if (invalid_) invalid_star_etc(kind);
  pos_ = start;
  if (accept(Tok::STAR)) {
    const bool bare = accept(Tok::COMMA);
    if (!bare) {
      *vararg = param(kind, true);
      if (!*vararg || !param_ends(kind)) {
        *vararg = nullptr;
        pos_ = start;
        return;
      }
    }
    int after = pos_;
    while (at(Tok::NAME)) {
      arg* a = param(kind);
      Expr* value = at(Tok::EQUAL) ? default_value() : nullptr;
      if (!param_ends(kind)) break;
      kwonly.push_back(a);
      kw_defaults.push_back(value);
      after = pos_;
    }
    pos_ = after;
    if (bare && kwonly.empty()) {
      pos_ = start;
      return;
    }
  }
  const int before = pos_;
  if (invalid_) invalid_kwds(kind);
  pos_ = before;
  if (!accept(Tok::DOUBLESTAR)) return;
  *kwarg = param(kind);
  if (*kwarg && param_ends(kind)) return;
  *kwarg = nullptr;
  pos_ = before;
}

// --- the grammar's small rules, for the invalid rules only

arg* Parser::param_no_default(Params kind) {
  const int start = pos_;
  arg* a = param(kind);
  if (a && param_ends(kind)) return a;
  pos_ = start;
  return nullptr;
}

bool Parser::param_with_default(Params kind) {
  const int start = pos_;
  if (param(kind) && at(Tok::EQUAL) && default_value() && param_ends(kind)) return true;
  pos_ = start;
  return false;
}

bool Parser::param_maybe_default(Params kind) {
  const int start = pos_;
  if (param(kind)) {
    if (at(Tok::EQUAL)) default_value();
    if (param_ends(kind)) return true;
  }
  pos_ = start;
  return false;
}

bool Parser::slash_no_default(Params kind) {
  const int start = pos_;
  bool any = false;
  while (param_no_default(kind)) any = true;
  if (any && accept(Tok::SLASH) && param_ends(kind)) return true;
  pos_ = start;
  return false;
}

bool Parser::slash_with_default(Params kind) {
  const int start = pos_;
  bool any = false;
  while (param_no_default(kind)) {
  }
  while (param_with_default(kind)) any = true;
  if (any && accept(Tok::SLASH) && param_ends(kind)) return true;
  pos_ = start;
  return false;
}

void Parser::invalid_parameters(Params kind) {
  const int start = pos_;
  while (param_no_default(kind)) {
  }
  const int after_plain = pos_;
  bool defaults = slash_with_default(kind);
  if (!defaults)
    while (param_with_default(kind)) defaults = true;
  if (defaults)
    if (arg* a = param_no_default(kind))
      raise_at(a->at, "non-default argument follows default argument");
  pos_ = after_plain;
  if (at(Tok::LPAR)) invalid_parenthesised_parameters(kind);
  pos_ = start;
  if (at(Tok::SLASH)) {
    const Token slash = token();
    pos_++;
    if (accept(Tok::COMMA)) raise_at(slash, "at least one argument must precede /");
  }
  pos_ = start;
  const auto any_slash = [&] { return slash_no_default(kind) || slash_with_default(kind); };
  const auto skip = [&] {
    bool any = false;
    while (param_maybe_default(kind)) any = true;
    return any;
  };
  if (any_slash()) {
    skip();
    if (at(Tok::SLASH)) raise_at(token(), "/ may appear only once");
  }
  pos_ = start;
  any_slash();
  skip();
  if (accept(Tok::STAR) && (accept(Tok::COMMA) || param_no_default(kind))) {
    skip();
    if (at(Tok::SLASH)) raise_at(token(), "/ must be ahead of *");
  }
  pos_ = start;
  if (skip() && accept(Tok::SLASH) && at(Tok::STAR))
    raise_at(token(), "expected comma between / and *");
  pos_ = start;
}

void Parser::invalid_parenthesised_parameters(Params kind) {
  const Position open = position(token());
  pos_++;
  bool any = false;
  if (kind == Params::Def) {
    while (param_no_default(kind)) any = true;
    accept(Tok::COMMA);
  } else {
    while (param(kind)) {
      any = true;
      if (!accept(Tok::COMMA)) break;
    }
  }
  if (any && at(Tok::RPAR))
    raise_range(open, position(token()),
                kind == Params::Def ? "Function parameters cannot be parenthesized"
                                    : "Lambda expression parameters cannot be parenthesized");
}

void Parser::invalid_star_etc(Params kind) {
  const int start = pos_;
  const Tok end = params_end(kind);
  if (!at(Tok::STAR)) return;
  const Token star = token();
  pos_++;
  bool bare_end = at(end);
  if (!bare_end && accept(Tok::COMMA)) bare_end = at(end) || at(Tok::DOUBLESTAR);
  if (bare_end) {
    if (kind == Params::Def) raise_at(star, "named arguments must follow bare *");
    raise_syntax("named arguments must follow bare *");
  }
  pos_ = start + 1;
  if (param(kind) && at(Tok::EQUAL))
    raise_at(token(), "var-positional argument cannot have default value");
  pos_ = start + 1;
  if (param_no_default(kind) || accept(Tok::COMMA)) {
    while (param_maybe_default(kind)) {
    }
    if (at(Tok::STAR)) {
      const Token again = token();
      pos_++;
      if (param_no_default(kind) || accept(Tok::COMMA))
        raise_at(again, "* argument may appear only once");
    }
  }
  pos_ = start;
}

void Parser::invalid_kwds(Params kind) {
  const int start = pos_;
  if (!accept(Tok::DOUBLESTAR)) return;
  if (param(kind)) {
    if (at(Tok::EQUAL)) raise_at(token(), "var-keyword argument cannot have default value");
    if (accept(Tok::COMMA)) {
      if (arg* a = param(kind)) raise_at(a->at, "arguments cannot follow var-keyword argument");
      if (at(Tok::STAR) || at(Tok::DOUBLESTAR) || at(Tok::SLASH))
        raise_at(token(), "arguments cannot follow var-keyword argument");
    }
  }
  pos_ = start;
}

}  // namespace pystm::vm::compiler
