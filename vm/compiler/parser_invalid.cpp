// The invalid_* rules of expressions. Each either throws or leaves pos_ where it was.
#include "vm/compiler/parser.h"

namespace pystm::vm::compiler {

bool Parser::legacy_statement(Expr* e) {
  auto* name = node_cast<Name>(e);
  return name && (name->id == "print" || name->id == "exec");
}

const Position& Parser::last_of(const Seq<comprehension*>& clauses) {
  comprehension* last = clauses.back();
  return last->ifs.empty() ? last->iter->at : last->ifs.back()->at;
}

namespace {

// CPython compares a name with the soft keywords up to the name's length only.
bool soft_keyword_prefix(std::string_view name) {
  for (std::string_view word : {"_", "case", "match"})
    if (word.starts_with(name)) return true;
  return false;
}

}  // namespace

void Parser::invalid_expression() {
  const int start = pos_;
  const bool name_string = at(Tok::NAME) && type_after(1) == Tok::STRING;
  const bool soft = at(Tok::NAME) && soft_keyword_prefix(token().text());
  if (!name_string && !soft) {
    if (Expr* a = disjunction()) {
      invalid_ = false;
      Expr* b = expression_without_invalid();
      invalid_ = true;
      if (b && !legacy_statement(a) && previous().level != 0)
        raise_range(a->at, b->at, "invalid syntax. Perhaps you forgot a comma?");
    }
  }
  pos_ = start;
  if (Expr* a = disjunction()) {
    if (accept(Tok::KW_IF)) {
      Expr* b = disjunction();
      if (b && !at(Tok::KW_ELSE) && !at(Tok::COLON))
        raise_range(a->at, b->at, "expected 'else' after 'if' expression");
    }
  }
  pos_ = start;
}

void Parser::invalid_legacy_expression() {
  const int start = pos_;
  if (!at(Tok::NAME)) return;
  Expr* a = atom();
  if (!at(Tok::LPAR)) {
    Expr* b = star_expressions();
    if (b && legacy_statement(a)) {
      const std::string name(static_cast<Name*>(a)->id);
      raise_range(a->at, b->at,
                  "Missing parentheses in call to '" + name + "'. Did you mean " + name + "(...)?");
    }
  }
  pos_ = start;
}

void Parser::invalid_named_expression() {
  memo(Rule::invalid_named_expression, [&]() -> Expr* {
    const int start = pos_;
    if (Expr* a = expression())
      if (accept(Tok::COLONEQUAL) && expression())
        raise_at(a->at, std::string("cannot use assignment expressions with ") + expr_name(a));
    pos_ = start;
    if (at(Tok::NAME)) {
      Expr* a = atom();
      if (accept(Tok::EQUAL)) {
        Expr* b = bitwise_or();
        if (b && !at(Tok::EQUAL) && !at(Tok::COLONEQUAL))
          raise_range(a->at, b->at, "invalid syntax. Maybe you meant '==' or ':=' instead of '='?");
      }
    }
    pos_ = start;
    const bool display =
        list() || tuple() || genexp() || at(Tok::KW_TRUE) || at(Tok::KW_NONE) || at(Tok::KW_FALSE);
    pos_ = start;
    if (!display) {
      if (Expr* a = bitwise_or()) {
        if (accept(Tok::EQUAL) && bitwise_or() && !at(Tok::EQUAL) && !at(Tok::COLONEQUAL))
          raise_at(a->at, std::string("cannot assign to ") + expr_name(a) +
                              " here. Maybe you meant '==' instead of '='?");
      }
    }
    pos_ = start;
    return nullptr;
  });
}

void Parser::invalid_comprehension() {
  const int start = pos_;
  Seq<comprehension*> clauses;
  if (!at(Tok::LSQB) && !at(Tok::LPAR) && !at(Tok::LBRACE)) return;
  const bool paren = at(Tok::LPAR);
  pos_++;
  if (Expr* a = starred_expression())
    if (for_if_clauses(&clauses))
      raise_at(a->at, "iterable unpacking cannot be used in comprehension");
  pos_ = start + 1;
  if (!paren) {
    const char* message = "did you forget parentheses around the comprehension target?";
    if (Expr* a = star_named_expression()) {
      if (at(Tok::COMMA)) {
        const Position comma = position(token());
        const int after = ++pos_;
        Items<Expr> rest(*this);
        if (star_named_expressions(rest) && for_if_clauses(&clauses))
          raise_range(a->at, rest[rest.size() - 1]->at, message);
        pos_ = after;
        if (for_if_clauses(&clauses)) raise_range(a->at, comma, message);
      }
    }
  }
  pos_ = start;
}

void Parser::invalid_dict_comprehension() {
  const int start = pos_;
  if (accept(Tok::LBRACE) && at(Tok::DOUBLESTAR)) {
    const Token star = token();
    pos_++;
    Seq<comprehension*> clauses;
    if (bitwise_or() && for_if_clauses(&clauses) && accept(Tok::RBRACE))
      raise_at(star, "dict unpacking cannot be used in dict comprehension");
  }
  pos_ = start;
}

void Parser::invalid_group() {
  const int start = pos_;
  if (accept(Tok::LPAR)) {
    if (Expr* a = starred_expression())
      if (accept(Tok::RPAR)) raise_at(a->at, "cannot use starred expression here");
    pos_ = start + 1;
    if (at(Tok::DOUBLESTAR)) {
      const Token star = token();
      pos_++;
      if (expression() && accept(Tok::RPAR))
        raise_at(star, "cannot use double starred expression here");
    }
  }
  pos_ = start;
}

void Parser::raise_arguments_order(Call* call) {
  bool unpacked = false;
  for (keyword* k : call->keywords) unpacked |= k->arg_name.data() == nullptr;
  raise_syntax(unpacked ? "positional argument follows keyword argument unpacking"
                        : "positional argument follows keyword argument");
}

void Parser::invalid_arguments() {
  const int start = pos_;
  const char* parenthesise = "Generator expression must be parenthesized";
  Seq<comprehension*> clauses;
  if (Call* a = args())
    if (accept(Tok::COMMA) && accept(Tok::STAR))
      raise_at(a->at, "iterable argument unpacking follows keyword argument unpacking");
  pos_ = start;
  if (Expr* a = expression()) {
    if (for_if_clauses(&clauses) && accept(Tok::COMMA)) {
      const Seq<comprehension*> first = clauses;
      const int after = pos_;
      if (!args()) {
        pos_ = after;
        if (expression()) for_if_clauses(&clauses);
      }
      raise_range(a->at, last_of(first), parenthesise);
    }
  }
  pos_ = start;
  if (at(Tok::NAME)) {
    const Position name = position(token());
    pos_++;
    if (at(Tok::EQUAL)) {
      const Position equal = position(token());
      pos_++;
      if (expression() && for_if_clauses(&clauses))
        raise_range(name, equal, "invalid syntax. Maybe you meant '==' or ':=' instead of '='?");
    }
  }
  pos_ = start;
  if (Call* a = args()) {
    const int after = pos_;
    if (for_if_clauses(&clauses)) {
      const uint32_t n = a->args.size();
      if (n > 1) raise_range(a->args[n - 1]->at, last_of(clauses), parenthesise);
    }
    pos_ = after;
    if (accept(Tok::COMMA)) {
      const int after_comma = pos_;
      if (Expr* e = expression())
        if (for_if_clauses(&clauses)) raise_range(e->at, last_of(clauses), parenthesise);
      pos_ = after_comma;
      if (args()) raise_arguments_order(a);
    }
  }
  pos_ = start;
}

void Parser::invalid_kwarg() {
  const int start = pos_;
  if ((at(Tok::KW_TRUE) || at(Tok::KW_FALSE) || at(Tok::KW_NONE)) && type_after(1) == Tok::EQUAL) {
    const Token name = token();
    pos_++;
    raise_range(position(name), position(token()), "cannot assign to " + std::string(name.text()));
  }
  const bool named = at(Tok::NAME) && type_after(1) == Tok::EQUAL;
  if (named) {
    const Position name = position(token());
    const Position equal = position(tokens_[++pos_]);
    pos_++;
    Seq<comprehension*> clauses;
    if (expression() && for_if_clauses(&clauses))
      raise_range(name, equal, "invalid syntax. Maybe you meant '==' or ':=' instead of '='?");
  } else if (Expr* a = expression()) {
    if (at(Tok::EQUAL))
      raise_range(a->at, position(token()),
                  "expression cannot contain assignment, perhaps you meant \"==\"?");
  }
  pos_ = start;
}

void Parser::invalid_kvpair() {
  const int start = pos_;
  if (Expr* a = expression()) {
    if (!at(Tok::COLON))
      raise_known(ErrorKind::Syntax, a->at.lineno, a->at.end_col_offset, a->at.end_lineno, 0,
                  "':' expected after dictionary key");
    const Token colon = token();
    pos_++;
    if (at(Tok::STAR)) {
      const Token star = token();
      pos_++;
      if (bitwise_or())
        raise_from(position(star), "cannot use a starred expression in a dictionary value");
      pos_--;
    }
    if (at(Tok::RBRACE) || at(Tok::COMMA))
      raise_at(colon, "expression expected after dictionary key and ':'");
  }
  pos_ = start;
}

void Parser::invalid_double_starred_kvpairs() {
  const int start = pos_;
  // As many good pairs as there are, then a bad one.
  for (;;) {
    const int before = pos_;
    bool good;
    if (accept(Tok::DOUBLESTAR))
      good = bitwise_or() != nullptr;
    else
      good = expression() && accept(Tok::COLON) && expression();
    if (!good) {
      pos_ = before;
      if (before != start) invalid_kvpair();
      break;
    }
    if (!accept(Tok::COMMA)) break;
  }
  pos_ = start;
  if (expression() && at(Tok::COLON)) {
    const Token colon = token();
    pos_++;
    if (at(Tok::STAR)) {
      const Token star = token();
      pos_++;
      if (bitwise_or())
        raise_from(position(star), "cannot use a starred expression in a dictionary value");
      pos_--;
    }
    if (at(Tok::RBRACE) || at(Tok::COMMA))
      raise_at(colon, "expression expected after dictionary key and ':'");
  }
  pos_ = start;
}

void Parser::invalid_for_target() {
  const int start = pos_;
  accept(Tok::KW_ASYNC);
  if (accept(Tok::KW_FOR))
    if (Expr* a = star_expressions()) raise_invalid_target(Targets::For, a);
  pos_ = start;
}

}  // namespace pystm::vm::compiler
