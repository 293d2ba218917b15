// The match statement and its patterns.
#include "vm/compiler/parser.h"

namespace pystm::vm::compiler {

Stmt* Parser::match_stmt() {
  const int start = pos_;
  if (!soft_keyword("match")) {
    if (invalid_) invalid_match_stmt();
    return nullptr;
  }
  Expr* subject = subject_expr();
  Items<match_case> cases(*this);
  if (subject && accept(Tok::COLON) && accept(Tok::NEWLINE) && accept(Tok::INDENT)) {
    while (match_case* c = case_block()) cases.add(c);
    if (cases.size() > 0 && accept(Tok::DEDENT)) {
      auto* s = make<Match>(start);
      s->subject = subject;
      s->cases = cases.take();
      return s;
    }
  }
  pos_ = start;
  if (invalid_) invalid_match_stmt();
  pos_ = start;
  return nullptr;
}

void Parser::invalid_match_stmt() {
  const int start = pos_;
  const int lineno = token().lineno;
  if (soft_keyword("match") && subject_expr()) {
    if (at(Tok::NEWLINE)) {
      pos_++;
      raise_syntax("expected ':'");
    }
    if (accept(Tok::COLON) && missing_block()) raise_block("'match' statement", lineno);
  }
  pos_ = start;
}

Expr* Parser::subject_expr() {
  const int start = pos_;
  if (Expr* first = star_named_expression()) {
    if (accept(Tok::COMMA)) {
      Items<Expr> items(*this);
      items.add(first);
      star_named_expressions(items);
      auto* t = make<Tuple>(start);
      t->elts = items.take();
      return t;
    }
    if (first->kind != NodeKind::Starred) return first;
  }
  pos_ = start;
  return second_pass_ ? named_expression() : nullptr;
}

Expr* Parser::guard() {
  if (!accept(Tok::KW_IF)) return nullptr;
  Expr* e = named_expression();
  if (!e) pos_--;
  return e;
}

match_case* Parser::case_block() {
  const int start = pos_;
  if (invalid_) invalid_case_block();
  if (!soft_keyword("case")) return nullptr;
  Pattern* p = patterns();
  Expr* test = p ? guard() : nullptr;
  Seq<Stmt*> body;
  if (!p || !accept(Tok::COLON) || !block(&body)) {
    pos_ = start;
    return nullptr;
  }
  auto* c = make<match_case>(start);
  c->pattern = p;
  c->guard = test;
  c->body = body;
  return c;
}

void Parser::invalid_case_block() {
  const int start = pos_;
  const int lineno = token().lineno;
  if (soft_keyword("case") && patterns()) {
    guard();
    if (at(Tok::NEWLINE)) {
      pos_++;
      raise_syntax("expected ':'");
    }
    if (accept(Tok::COLON) && missing_block()) raise_block("'case' statement", lineno);
  }
  pos_ = start;
}

// open_sequence_pattern | pattern
Pattern* Parser::patterns() {
  const int start = pos_;
  Pattern* first = maybe_star_pattern();
  if (first && accept(Tok::COMMA)) {
    Items<Pattern> items(*this);
    items.add(first);
    maybe_sequence(items);
    auto* p = make<MatchSequence>(start);
    p->patterns = items.take();
    return p;
  }
  if (first && first->kind != NodeKind::MatchStar) return first;
  pos_ = start;
  return first ? nullptr : pattern();
}

Pattern* Parser::pattern() {
  check_stack();
  return as_or_pattern();
}

Pattern* Parser::as_or_pattern() {
  const int start = pos_;
  Pattern* inner = or_pattern();
  if (!inner || !at(Tok::KW_AS)) return inner;
  const int before = pos_++;
  if (at(Tok::NAME) && !at_name("_")) {
    const int name_at = pos_;
    const Identifier name = accept_name();
    if (!at(Tok::DOT) && !at(Tok::LPAR) && !at(Tok::EQUAL)) {
      auto* p = make<MatchAs>(start);
      p->pattern = inner;
      p->name = name;
      return p;
    }
    pos_ = name_at;
  }
  if (invalid_) {
    if (at_name("_")) raise_at(token(), "cannot use '_' as a target");
    if (!at(Tok::NAME))
      if (Expr* a = expression()) raise_at(a->at, "invalid pattern target");
  }
  pos_ = before;
  return inner;
}

Pattern* Parser::or_pattern() {
  const int start = pos_;
  Pattern* first = closed_pattern();
  if (!first || !at(Tok::VBAR)) return first;
  Items<Pattern> items(*this);
  items.add(first);
  int after = pos_;
  while (accept(Tok::VBAR)) {
    Pattern* p = closed_pattern();
    if (!p) break;
    items.add(p);
    after = pos_;
  }
  pos_ = after;
  if (items.size() == 1) return first;
  auto* p = make<MatchOr>(start);
  p->patterns = items.take();
  return p;
}

Pattern* Parser::closed_pattern() {
  return memo(Rule::closed_pattern, [&] { return closed_pattern_body(); });
}

Pattern* Parser::closed_pattern_body() {
  const int start = pos_;
  const auto singleton = [&](ConstantValue::Type type) -> Pattern* {
    pos_++;
    auto* value = arena_.make<ConstantValue>();
    value->type = type;
    auto* p = make<MatchSingleton>(start);
    p->value = value;
    return p;
  };
  switch (type()) {
    case Tok::NUMBER:
    case Tok::MINUS:
    case Tok::STRING:
      return literal_pattern();
    case Tok::KW_NONE:
      return singleton(ConstantValue::kNone);
    case Tok::KW_TRUE:
      return singleton(ConstantValue::kTrue);
    case Tok::KW_FALSE:
      return singleton(ConstantValue::kFalse);
    case Tok::NAME:
      return name_or_class_pattern();
    case Tok::LPAR:
    case Tok::LSQB:
      return group_or_sequence_pattern();
    case Tok::LBRACE:
      return mapping_pattern();
    default:
      return nullptr;
  }
}

Pattern* Parser::literal_pattern() {
  const int start = pos_;
  Expr* value = literal_expr();
  if (!value) return nullptr;
  auto* p = make<MatchValue>(start);
  p->value = value;
  return p;
}

// A number (perhaps complex) or strings.
Expr* Parser::literal_expr() {
  if (at(Tok::STRING)) return strings();
  if (!at(Tok::NUMBER) && !at(Tok::MINUS)) return nullptr;
  const int start = pos_;
  Expr* left = signed_number(false);
  if (!left) return nullptr;
  if (!at(Tok::PLUS) && !at(Tok::MINUS)) return left;
  const auto is_complex = [](Expr* e) {
    auto* c = node_cast<Constant>(e);
    return c && c->value->type == ConstantValue::kComplex;
  };
  Expr* real = left->kind == NodeKind::UnaryOp ? static_cast<UnaryOp*>(left)->operand : left;
  if (is_complex(real)) raise_at(real->at, "real number required in complex literal");
  const Operator op = at(Tok::PLUS) ? Operator::Add : Operator::Sub;
  pos_++;
  Expr* right = at(Tok::NUMBER) ? number() : nullptr;
  if (!right) {
    pos_ = start;
    return nullptr;
  }
  if (!is_complex(right)) raise_at(right->at, "imaginary number required in complex literal");
  auto* e = make<BinOp>(start);
  e->left = left;
  e->op = op;
  e->right = right;
  return e;
}

Expr* Parser::signed_number(bool) {
  const int start = pos_;
  if (!accept(Tok::MINUS)) return number();
  Expr* operand = at(Tok::NUMBER) ? number() : nullptr;
  if (!operand) {
    pos_ = start;
    return nullptr;
  }
  auto* e = make<UnaryOp>(start);
  e->op = UnaryOpKind::USub;
  e->operand = operand;
  return e;
}

// NAME ('.' NAME)* as a value expression.
Expr* Parser::name_or_attr() {
  const int start = pos_;
  if (!at(Tok::NAME)) return nullptr;
  Expr* e = atom();
  while (at(Tok::DOT)) {
    const int before = pos_++;
    const Identifier name = accept_name();
    if (!name.data()) {
      pos_ = before;
      break;
    }
    auto* a = make<Attribute>(start);
    a->value = e;
    a->attr = name;
    e = a;
  }
  return e;
}

// Capture, wildcard, dotted value or class.
Pattern* Parser::name_or_class_pattern() {
  const int start = pos_;
  Expr* e = name_or_attr();
  if (at(Tok::LPAR)) {
    if (Pattern* p = class_pattern(start, e)) return p;
    pos_ = start;
    return nullptr;
  }
  if (auto* name = node_cast<Name>(e)) {
    if (at(Tok::DOT) || at(Tok::EQUAL)) {
      pos_ = start;
      return nullptr;
    }
    auto* p = make<MatchAs>(start);
    if (name->id != "_") p->name = name->id;
    return p;
  }
  if (at(Tok::EQUAL)) {
    pos_ = start;
    return nullptr;
  }
  auto* p = make<MatchValue>(start);
  p->value = e;
  return p;
}

Pattern* Parser::star_pattern() {
  return memo(Rule::star_pattern, [&]() -> Pattern* {
    const int start = pos_;
    if (!accept(Tok::STAR)) return nullptr;
    const bool wildcard = at_name("_");
    const Identifier name = accept_name();
    if (!name.data() || (!wildcard && (at(Tok::DOT) || at(Tok::LPAR) || at(Tok::EQUAL)))) {
      pos_ = start;
      return nullptr;
    }
    auto* p = make<MatchStar>(start);
    if (!wildcard) p->name = name;
    return p;
  });
}

Pattern* Parser::maybe_star_pattern() {
  if (at(Tok::STAR)) return star_pattern();
  return pattern();
}

bool Parser::maybe_sequence(Items<Pattern>& out) {
  const size_t before = out.size();
  do {
    Pattern* p = maybe_star_pattern();
    if (!p) break;
    out.add(p);
  } while (accept(Tok::COMMA));
  return out.size() > before;
}

// ( ... ) or [ ... ].
Pattern* Parser::group_or_sequence_pattern() {
  const int start = pos_;
  const bool square = tokens_[pos_++].type == Tok::LSQB;
  Items<Pattern> items(*this);
  maybe_sequence(items);
  const bool comma = previous().type == Tok::COMMA;
  if (!accept(square ? Tok::RSQB : Tok::RPAR)) {
    pos_ = start;
    return nullptr;
  }
  if (!square && items.size() == 1 && !comma) {
    if (items[0]->kind != NodeKind::MatchStar) return items[0];
    pos_ = start;
    return nullptr;
  }
  auto* p = make<MatchSequence>(start);
  p->patterns = items.take();
  return p;
}

// key ':' pattern
bool Parser::mapping_item(std::vector<Expr*>& keys, std::vector<Pattern*>& values) {
  const int start = pos_;
  Expr* key = nullptr;
  switch (type()) {
    case Tok::NUMBER:
    case Tok::MINUS:
    case Tok::STRING:
      key = literal_expr();
      break;
    case Tok::KW_NONE:
    case Tok::KW_TRUE:
    case Tok::KW_FALSE:
      key = atom();
      break;
    case Tok::NAME:
      key = name_or_attr();
      if (key && key->kind == NodeKind::Name) key = nullptr;
      break;
    default:
      break;
  }
  Pattern* value = key && accept(Tok::COLON) ? pattern() : nullptr;
  if (!value) {
    pos_ = start;
    return false;
  }
  keys.push_back(key);
  values.push_back(value);
  return true;
}

Pattern* Parser::mapping_pattern() {
  const int start = pos_++;
  std::vector<Expr*> keys;
  std::vector<Pattern*> values;
  Identifier rest;
  for (;;) {
    if (accept(Tok::DOUBLESTAR)) {
      rest = at_name("_") ? Identifier{} : accept_name();
      if (rest.data()) accept(Tok::COMMA);
      break;
    }
    if (!mapping_item(keys, values) || !accept(Tok::COMMA)) break;
  }
  if (!accept(Tok::RBRACE)) {
    pos_ = start;
    return nullptr;
  }
  auto* p = make<MatchMapping>(start);
  p->keys = copy_seq(keys);
  p->patterns = copy_seq(values);
  p->rest = rest;
  return p;
}

// cls '(' patterns, then keyword patterns ')', with the parser at the parenthesis.
Pattern* Parser::class_pattern(int start, Expr* cls) {
  pos_++;
  Items<Pattern> positional(*this);
  std::vector<Identifier> names;
  std::vector<Pattern*> keyword_patterns;
  std::vector<Pattern*> late;  // positional behind a keyword
  for (;;) {
    if (at(Tok::NAME) && type_after(1) == Tok::EQUAL) {
      if (!late.empty()) break;
      const int before = pos_;
      const Identifier name = accept_name();
      pos_++;
      Pattern* p = pattern();
      if (!p) {
        pos_ = before;
        break;
      }
      names.push_back(name);
      keyword_patterns.push_back(p);
    } else {
      if (!names.empty() && !invalid_) break;
      Pattern* p = pattern();
      if (!p) break;
      if (names.empty())
        positional.add(p);
      else
        late.push_back(p);
    }
    if (!accept(Tok::COMMA)) break;
  }
  if (!late.empty())
    raise_range(late.front()->at, late.back()->at, "positional patterns follow keyword patterns");
  if (!accept(Tok::RPAR)) return nullptr;
  auto* p = make<MatchClass>(start);
  p->cls = cls;
  p->patterns = positional.take();
  p->kwd_attrs = copy_seq(names);
  p->kwd_patterns = copy_seq(keyword_patterns);
  return p;
}

}  // namespace pystm::vm::compiler
