// Atoms: names, literals, displays, comprehensions, parentheses. For brackets there are two forms:
// the first pass reads the first element once and then decides (*_atom), the second tries the
// grammar's alternatives in order (*_atom_in_order), because their invalid rules depend on it.
#include "vm/compiler/literals.h"
#include "vm/compiler/parser.h"

namespace pystm::vm::compiler {
namespace {

constexpr ConstantValue kNoneValue{ConstantValue::kNone, 0, 0, 0, {}, {}};
constexpr ConstantValue kTrueValue{ConstantValue::kTrue, 0, 0, 0, {}, {}};
constexpr ConstantValue kFalseValue{ConstantValue::kFalse, 0, 0, 0, {}, {}};
constexpr ConstantValue kEllipsisValue{ConstantValue::kEllipsis, 0, 0, 0, {}, {}};

}  // namespace

Expr* Parser::atom() {
  const int start = pos_;
  const auto constant = [&](const ConstantValue* value) -> Expr* {
    pos_++;
    auto* e = make<Constant>(start);
    e->value = value;
    return e;
  };
  switch (type()) {
    case Tok::NAME: {
      pos_++;
      auto* e = make<Name>(start);
      e->id = identifier(tokens_[start]);
      return e;
    }
    case Tok::KW_TRUE:
      return constant(&kTrueValue);
    case Tok::KW_FALSE:
      return constant(&kFalseValue);
    case Tok::KW_NONE:
      return constant(&kNoneValue);
    case Tok::ELLIPSIS:
      return constant(&kEllipsisValue);
    case Tok::STRING:
      return memo(Rule::atom, [&] { return strings(); });
    case Tok::NUMBER:
      return number();
    case Tok::LPAR:
      return second_pass_ ? paren_atom_in_order() : paren_atom();
    case Tok::LSQB:
      return second_pass_ ? bracket_atom_in_order() : bracket_atom();
    case Tok::LBRACE:
      return second_pass_ ? brace_atom_in_order() : brace_atom();
    default:
      return nullptr;
  }
}

Expr* Parser::number() {
  const int start = pos_;
  const Token& t = token();
  std::string error;
  const ConstantValue* value =
      number_constant(t.text(), arena_, context_.options.max_int_digits, &error);
  if (!value) raise_known(ErrorKind::Syntax, t.lineno, 0, t.end_lineno, 0, error);
  pos_++;
  auto* e = make<Constant>(start);
  e->value = value;
  return e;
}

// ( ... ): empty tuple, yield, group, tuple or generator expression.
Expr* Parser::paren_atom() {
  const int start = pos_++;
  const auto give_up = [&]() -> Expr* {
    pos_ = start;
    return nullptr;
  };
  if (at(Tok::KW_YIELD)) {
    Expr* e = yield_expr();
    return accept(Tok::RPAR) ? e : give_up();
  }
  Items<Expr> items(*this);
  if (!accept(Tok::RPAR)) {
    Expr* first = star_named_expression();
    if (!first) return give_up();
    const bool starred = first->kind == NodeKind::Starred;
    if (!starred && accept(Tok::RPAR)) return first;
    if (!starred && (at(Tok::KW_FOR) || at(Tok::KW_ASYNC))) {
      Seq<comprehension*> clauses;
      if (!for_if_clauses(&clauses) || !accept(Tok::RPAR)) return give_up();
      auto* e = make<GeneratorExp>(start);
      e->elt = first;
      e->generators = clauses;
      return e;
    }
    if (!accept(Tok::COMMA)) return give_up();
    items.add(first);
    star_named_expressions(items);
    if (!accept(Tok::RPAR)) return give_up();
  }
  auto* e = make<Tuple>(start);
  e->elts = items.take();
  return e;
}

Expr* Parser::bracket_atom() {
  const int start = pos_++;
  Items<Expr> items(*this);
  Seq<comprehension*> clauses;
  bool ok = true, comprehended = false;
  if (!at(Tok::RSQB)) {
    Expr* first = star_named_expression();
    if (!first) {
      pos_ = start;
      return nullptr;
    }
    items.add(first);
    if (at(Tok::KW_FOR) || at(Tok::KW_ASYNC)) {
      comprehended = true;
      ok = first->kind != NodeKind::Starred && for_if_clauses(&clauses);
    } else if (accept(Tok::COMMA)) {
      star_named_expressions(items);
    }
  }
  if (!ok || !accept(Tok::RSQB)) {
    pos_ = start;
    return nullptr;
  }
  if (comprehended) {
    auto* e = make<ListComp>(start);
    e->elt = items[0];
    e->generators = clauses;
    return e;
  }
  auto* e = make<List>(start);
  e->elts = items.take();
  return e;
}

// { ... }: what follows the first element decides.
Expr* Parser::brace_atom() {
  const int start = pos_++;
  if (at(Tok::RBRACE) || at(Tok::DOUBLESTAR)) {
    pos_ = start;
    return dict();
  }
  Expr* first = star_named_expression();
  const bool starred = first && first->kind == NodeKind::Starred;
  Expr* result = nullptr;
  if (first && !starred && at(Tok::COLON)) {
    result = brace_with_key(start, first);
  } else if (first && !starred && (at(Tok::KW_FOR) || at(Tok::KW_ASYNC))) {
    Seq<comprehension*> clauses;
    if (for_if_clauses(&clauses) && accept(Tok::RBRACE)) {
      auto* e = make<SetComp>(start);
      e->elt = first;
      e->generators = clauses;
      result = e;
    }
  } else if (first) {
    Items<Expr> items(*this);
    items.add(first);
    if (accept(Tok::COMMA)) star_named_expressions(items);
    if (accept(Tok::RBRACE)) {
      auto* e = make<Set>(start);
      e->elts = items.take();
      result = e;
    }
  }
  if (!result) {
    memoise_ = true;  // nested failures would otherwise read everything twice a level
    pos_ = start + 1;
    invalid_double_starred_kvpairs();
    pos_ = start;
  }
  return result;
}

// { key : ... with the parser at the colon.
Expr* Parser::brace_with_key(int start, Expr* key) {
  if (key->kind == NodeKind::NamedExpr && !parenthesised(key)) return nullptr;
  pos_++;
  Expr* value = expression();
  if (!value) return nullptr;
  if (!at(Tok::KW_FOR) && !at(Tok::KW_ASYNC)) return dict_items(start, {key}, {value});
  Seq<comprehension*> clauses;
  if (!for_if_clauses(&clauses) || !accept(Tok::RBRACE)) return nullptr;
  auto* e = make<DictComp>(start);
  e->key = key;
  e->value = value;
  e->generators = clauses;
  return e;
}

// The rest of a dict display, behind the items already given.
Expr* Parser::dict_items(int start, std::vector<Expr*> keys, std::vector<Expr*> values) {
  while (keys.empty() || accept(Tok::COMMA)) {
    const int before = pos_;
    Expr *k = nullptr, *v = nullptr;  // a null key: **value
    if (accept(Tok::DOUBLESTAR)) {
      v = bitwise_or();
    } else {
      k = expression();
      if (k) v = accept(Tok::COLON) ? expression() : nullptr;
    }
    if (!v) {
      pos_ = before;
      break;
    }
    keys.push_back(k);
    values.push_back(v);
  }
  if (!accept(Tok::RBRACE)) return nullptr;
  auto* e = make<Dict>(start);
  e->keys = copy_seq(keys);
  e->values = copy_seq(values);
  return e;
}

Expr* Parser::paren_atom_in_order() {
  if (Expr* e = tuple()) return e;
  if (Expr* e = group()) return e;
  return genexp();
}

Expr* Parser::bracket_atom_in_order() {
  if (Expr* e = list()) return e;
  return listcomp();
}

Expr* Parser::brace_atom_in_order() {
  if (Expr* e = dict()) return e;
  if (Expr* e = set()) return e;
  if (Expr* e = dictcomp()) return e;
  return setcomp();
}

Expr* Parser::tuple() {
  const int start = pos_;
  if (!accept(Tok::LPAR)) return nullptr;
  Items<Expr> items(*this);
  bool ok = true;
  if (Expr* first = star_named_expression()) {
    items.add(first);
    ok = accept(Tok::COMMA);
    if (ok) star_named_expressions(items);
  }
  if (!ok || !accept(Tok::RPAR)) {
    pos_ = start;
    return nullptr;
  }
  auto* e = make<Tuple>(start);
  e->elts = items.take();
  return e;
}

Expr* Parser::group() {
  const int start = pos_;
  if (!accept(Tok::LPAR)) return nullptr;
  Expr* e = yield_expr();
  if (!e) e = named_expression();
  if (e && accept(Tok::RPAR)) return e;
  pos_ = start;
  if (invalid_) invalid_group();
  return nullptr;
}

Expr* Parser::genexp() {
  const int start = pos_;
  if (!accept(Tok::LPAR)) return nullptr;
  Expr* elt = positional_argument();
  Seq<comprehension*> clauses;
  if (elt && for_if_clauses(&clauses) && accept(Tok::RPAR)) {
    auto* e = make<GeneratorExp>(start);
    e->elt = elt;
    e->generators = clauses;
    return e;
  }
  pos_ = start;
  if (invalid_) invalid_comprehension();
  return nullptr;
}

Expr* Parser::list() {
  const int start = pos_;
  if (!accept(Tok::LSQB)) return nullptr;
  Items<Expr> items(*this);
  star_named_expressions(items);
  if (!accept(Tok::RSQB)) {
    pos_ = start;
    return nullptr;
  }
  auto* e = make<List>(start);
  e->elts = items.take();
  return e;
}

Expr* Parser::listcomp() {
  const int start = pos_;
  if (!accept(Tok::LSQB)) return nullptr;
  Expr* elt = named_expression();
  Seq<comprehension*> clauses;
  if (elt && for_if_clauses(&clauses) && accept(Tok::RSQB)) {
    auto* e = make<ListComp>(start);
    e->elt = elt;
    e->generators = clauses;
    return e;
  }
  pos_ = start;
  if (invalid_) invalid_comprehension();
  return nullptr;
}

Expr* Parser::set() {
  const int start = pos_;
  if (!accept(Tok::LBRACE)) return nullptr;
  Items<Expr> items(*this);
  if (!star_named_expressions(items) || !accept(Tok::RBRACE)) {
    pos_ = start;
    return nullptr;
  }
  auto* e = make<Set>(start);
  e->elts = items.take();
  return e;
}

Expr* Parser::setcomp() {
  const int start = pos_;
  if (!accept(Tok::LBRACE)) return nullptr;
  Expr* elt = named_expression();
  Seq<comprehension*> clauses;
  if (elt && for_if_clauses(&clauses) && accept(Tok::RBRACE)) {
    auto* e = make<SetComp>(start);
    e->elt = elt;
    e->generators = clauses;
    return e;
  }
  pos_ = start;
  if (invalid_) invalid_comprehension();
  return nullptr;
}

Expr* Parser::dict() {
  const int start = pos_;
  if (!accept(Tok::LBRACE)) return nullptr;
  if (Expr* e = dict_items(start, {}, {})) return e;
  // Unlike the other invalid rules this one runs in the first pass, too, as in CPython.
  memoise_ = true;
  pos_ = start + 1;
  invalid_double_starred_kvpairs();
  pos_ = start;
  return nullptr;
}

Expr* Parser::dictcomp() {
  const int start = pos_;
  if (!accept(Tok::LBRACE)) return nullptr;
  Expr* key = expression();
  Expr* value = key && accept(Tok::COLON) ? expression() : nullptr;
  Seq<comprehension*> clauses;
  if (value && for_if_clauses(&clauses) && accept(Tok::RBRACE)) {
    auto* e = make<DictComp>(start);
    e->key = key;
    e->value = value;
    e->generators = clauses;
    return e;
  }
  pos_ = start;
  if (invalid_) invalid_dict_comprehension();
  return nullptr;
}

bool Parser::for_if_clauses(Seq<comprehension*>* out) {
  Items<comprehension> clauses(*this);
  while (comprehension* c = for_if_clause()) clauses.add(c);
  *out = clauses.take();
  return !out->empty();
}

comprehension* Parser::for_if_clause() {
  const int start = pos_;
  const bool is_async = at(Tok::KW_ASYNC);
  if (is_async) pos_++;
  if (!accept(Tok::KW_FOR)) {
    pos_ = start;
    return nullptr;
  }
  Expr* target = star_targets();
  if (!target || !accept(Tok::KW_IN)) {
    pos_ = start;
    if (invalid_) invalid_for_target();
    return nullptr;
  }
  Expr* iter = disjunction();
  if (!iter) {
    pos_ = start;
    return nullptr;
  }
  Items<Expr> ifs(*this);
  while (at(Tok::KW_IF)) {
    const int before = pos_++;
    Expr* test = disjunction();
    if (!test) {
      pos_ = before;
      break;
    }
    ifs.add(test);
  }
  auto* c = make<comprehension>(start);
  c->target = target;
  c->iter = iter;
  c->ifs = ifs.take();
  c->is_async = is_async;
  return c;
}

}  // namespace pystm::vm::compiler
