// match statements. Captures go to temporaries, cleared at the start of a case, and are stored into
// their names only when the whole pattern has matched.
#include <cmath>
#include <set>

#include "vm/compiler/codegen.h"
#include "vm/compiler/repr.h"

namespace pystm::vm::compiler {

struct Codegen::Captures {
  std::vector<Identifier> names;
  Reg first = 0;
  std::set<std::string_view> bound;  // on the way so far
  int index_of(Identifier name) const {
    for (size_t i = 0; i < names.size(); i++)
      if (names[i] == name) return static_cast<int>(i);
    return -1;
  }
};

void Codegen::match_stmt(Match& s) {
  const Reg subject = push(*s.subject);
  const Label end = as().new_label();
  for (uint32_t i = 0; i < s.cases.size(); i++) {
    match_case_arm(*s.cases[i], subject, i + 1 == s.cases.size(), end);
    as().set_top(subject + 1);
  }
  as().bind(end);
  as().set_top(subject);
}

namespace {

// Equal keys of a mapping pattern have equal texts.
std::string key_text(const ConstantValue& v) {
  switch (v.type) {
    case ConstantValue::kTrue:
      return "1";
    case ConstantValue::kFalse:
      return "0";
    case ConstantValue::kFloat:
      if (std::abs(v.real) < 1e15 && v.real == std::floor(v.real))
        return std::to_string(static_cast<int64_t>(v.real));
      return constant_repr(v);
    default:
      return constant_repr(v);
  }
}

// A pattern that always matches, or null.
const MatchAs* irrefutable(const Pattern& p) {
  auto* a = node_cast<MatchAs>(&p);
  if (!a) return nullptr;
  return a->pattern ? irrefutable(*a->pattern) : a;
}

void check_reachable(const Pattern& p, std::string* message) {
  const MatchAs* a = irrefutable(p);
  if (!a) return;
  *message = a->name.data() ? "name capture '" + std::string(a->name) +
                                  "' makes remaining patterns unreachable"
                            : "wildcard makes remaining patterns unreachable";
}

}  // namespace

void Codegen::match_case_arm(match_case& c, Reg subject, bool last, Label end) {
  std::string message;
  if (!last && !c.guard) check_reachable(*c.pattern, &message);
  if (!message.empty()) {
    Pattern* inner = c.pattern;
    while (auto* a = node_cast<MatchAs>(inner)) {
      if (!a->pattern) break;
      inner = a->pattern;
    }
    fail(message, inner->at);
  }
  const Label next = as().new_label();
  Captures captures;
  captures.first = as().top();
  collect_captures(*c.pattern, captures);
  {
    At at(*this, *c.pattern);
    for (size_t i = 0; i < captures.names.size(); i++) {
      as().emit(Op::CLEAR, as().top());
      as().push();
    }
    pattern(*c.pattern, subject, next, captures);
    for (size_t i = 0; i < captures.names.size(); i++)
      store_name(captures.names[i], captures.first + static_cast<Reg>(i));
  }
  as().set_top(subject + 1);
  if (c.guard) jump_if(*c.guard, false, next);
  stmts(c.body);
  as().jump(Op::JUMP, end);
  as().bind(next);
}

void Codegen::collect_captures(Pattern& p, Captures& c) {
  const auto add = [&](Identifier name) {
    if (name.data() && c.index_of(name) < 0) c.names.push_back(name);
  };
  const auto all = [&](Seq<Pattern*> list) {
    for (Pattern* x : list) collect_captures(*x, c);
  };
  switch (p.kind) {
    case NodeKind::MatchSequence:
      return all(static_cast<MatchSequence&>(p).patterns);
    case NodeKind::MatchMapping:
      all(static_cast<MatchMapping&>(p).patterns);
      return add(static_cast<MatchMapping&>(p).rest);
    case NodeKind::MatchClass:
      all(static_cast<MatchClass&>(p).patterns);
      return all(static_cast<MatchClass&>(p).kwd_patterns);
    case NodeKind::MatchStar:
      return add(static_cast<MatchStar&>(p).name);
    case NodeKind::MatchAs:
      if (static_cast<MatchAs&>(p).pattern) collect_captures(*static_cast<MatchAs&>(p).pattern, c);
      return add(static_cast<MatchAs&>(p).name);
    case NodeKind::MatchOr:
      return all(static_cast<MatchOr&>(p).patterns);
    default:
      return;
  }
}

void Codegen::capture(Identifier name, Reg value, const Pattern& p, Captures& c) {
  if (!name.data()) return;
  if (!c.bound.insert(name).second)
    fail("multiple assignments to name '" + std::string(name) + "' in pattern", pattern_at_);
  check_debug(name, p.at);
  as().emit(Op::MOVE, c.first + static_cast<Reg>(c.index_of(name)), value);
}

void Codegen::pattern(Pattern& p, Reg subject, Label fail_to, Captures& c) {
  At at(*this, p);
  pattern_at_ = p.at;
  const Reg base = as().top();
  switch (p.kind) {
    case NodeKind::MatchValue: {
      Expr& value = *static_cast<MatchValue&>(p).value;
      if (value.kind != NodeKind::Constant && value.kind != NodeKind::Attribute)
        fail("patterns may only match literals and attribute lookups", p.at);
      const Reg r = expr(value);
      as().jump(Op::JUMP_EQ, fail_to, subject, r, 0);
      break;
    }
    case NodeKind::MatchSingleton: {
      as().load_const(base, constant(*static_cast<MatchSingleton&>(p).value));
      as().set_top(base + 1);
      as().jump(Op::JUMP_IS, fail_to, subject, base, 0);
      break;
    }
    case NodeKind::MatchSequence:
      sequence_pattern(static_cast<MatchSequence&>(p), subject, fail_to, c);
      break;
    case NodeKind::MatchMapping:
      mapping_pattern(static_cast<MatchMapping&>(p), subject, fail_to, c);
      break;
    case NodeKind::MatchClass:
      class_pattern(static_cast<MatchClass&>(p), subject, fail_to, c);
      break;
    case NodeKind::MatchStar:
      capture(static_cast<MatchStar&>(p).name, subject, p, c);
      break;
    case NodeKind::MatchAs: {
      auto& a = static_cast<MatchAs&>(p);
      if (a.pattern) pattern(*a.pattern, subject, fail_to, c);
      capture(a.name, subject, p, c);
      break;
    }
    case NodeKind::MatchOr:
      or_pattern(static_cast<MatchOr&>(p), subject, fail_to, c);
      break;
    default:
      break;
  }
  as().set_top(base);
}

void Codegen::compare_length(Reg subject, size_t n, bool at_least, Label fail_to) {
  const Reg length = as().top();
  as().emit(Op::GET_LEN, length, subject);
  as().push();
  Const c;
  c.kind = Const::Kind::kInt;
  c.int_value = static_cast<int64_t>(n);
  as().load_const(as().top(), std::move(c));
  as().push();
  as().jump(at_least ? Op::JUMP_GE : Op::JUMP_EQ, fail_to, length, length + 1, 0);
  as().set_top(length);
}

namespace {

bool is_wildcard(const Pattern& p) {
  if (auto* a = node_cast<MatchAs>(&p)) return !a->pattern && !a->name.data();
  auto* s = node_cast<MatchStar>(&p);
  return s && !s->name.data();
}

bool only_wildcards(const MatchSequence& p) {
  for (const Pattern* x : p.patterns)
    if (!is_wildcard(*x)) return false;
  return true;
}

}  // namespace

void Codegen::sequence_pattern(MatchSequence& p, Reg subject, Label fail_to, Captures& c) {
  int star = -1;
  for (uint32_t i = 0; i < p.patterns.size(); i++) {
    if (p.patterns[i]->kind != NodeKind::MatchStar) continue;
    if (star >= 0) fail("multiple starred names in sequence pattern", p.at);
    star = static_cast<int>(i);
  }
  const Reg base = as().top();
  const uint32_t n = p.patterns.size();
  as().emit(Op::MATCH_SEQUENCE, base, subject);
  as().set_top(base + 1);
  as().jump(Op::JUMP_IF_FALSE, fail_to, base);
  as().set_top(base);
  if (star < 0)
    compare_length(subject, n, false, fail_to);
  else if (n > 1)
    compare_length(subject, n - 1, true, fail_to);
  if (only_wildcards(p)) return;
  if (star < 0) {
    as().emit(Op::UNPACK, base, subject, n);
  } else {
    if (star > 255 || n - star - 1 > 255)
      fail("too many expressions in star-unpacking sequence pattern", p.at);
    if (is_wildcard(*p.patterns[star])) return indexed_items(p, star, subject, fail_to, c);
    as().emit(Op::UNPACK_EX, base, subject, static_cast<Reg>(star), n - star - 1);
  }
  as().set_top(base + n);
  for (uint32_t i = 0; i < n; i++) pattern(*p.patterns[i], base + i, fail_to, c);
}

// The items around `*_` are fetched by index, so that the rest is never looked at.
void Codegen::indexed_items(MatchSequence& p, int star, Reg subject, Label fail_to, Captures& c) {
  const Reg base = as().top();
  const int n = static_cast<int>(p.patterns.size());
  for (int i = 0; i < n; i++) {
    if (is_wildcard(*p.patterns[i])) continue;
    Const index;
    index.kind = Const::Kind::kInt;
    index.int_value = i < star ? i : n - i;
    if (i < star) {
      as().load_const(base, std::move(index));
      as().set_top(base + 1);
    } else {
      as().emit(Op::GET_LEN, base, subject);
      as().set_top(base + 1);
      as().load_const(base + 1, std::move(index));
      as().set_top(base + 2);
      as().emit(Op::SUB, base, base, base + 1);
    }
    as().emit(Op::GET_ITEM, base, subject, base);
    as().set_top(base + 1);
    pattern(*p.patterns[i], base, fail_to, c);
    as().set_top(base);
  }
}

void Codegen::mapping_pattern(MatchMapping& p, Reg subject, Label fail_to, Captures& c) {
  const Reg base = as().top();
  const uint32_t n = p.keys.size();
  std::set<std::string> seen;
  for (Expr* key : p.keys) {
    if (key->kind == NodeKind::Attribute) continue;
    auto* constant_key = node_cast<Constant>(key);
    if (!constant_key)
      fail("mapping pattern keys may only match literals and attribute lookups", p.at);
    if (!seen.insert(key_text(*constant_key->value)).second)
      fail("mapping pattern checks duplicate key (" + constant_repr(*constant_key->value) + ")",
           p.at);
  }
  as().emit(Op::MATCH_MAPPING, base, subject);
  as().set_top(base + 1);
  as().jump(Op::JUMP_IF_FALSE, fail_to, base);
  as().set_top(base);
  if (n > 0) compare_length(subject, n, true, fail_to);
  if (n == 0 && !p.rest.data()) return;
  for (Expr* key : p.keys) push(*key);
  as().emit(Op::BUILD_TUPLE, base, base, n);
  as().set_top(base + 1);
  if (n > 0) {
    as().emit(Op::MATCH_KEYS, base + 1, subject, base);
    as().set_top(base + 2);
    as().jump(Op::JUMP_IF_NONE, fail_to, base + 1);
    as().emit(Op::UNPACK, base + 2, base + 1, n);
    as().set_top(base + 2 + n);
    for (uint32_t i = 0; i < n; i++) pattern(*p.patterns[i], base + 2 + i, fail_to, c);
  }
  if (!p.rest.data()) return;
  const Reg rest = as().top();
  as().emit(Op::MATCH_REST, rest, subject, base);
  as().push();
  capture(p.rest, rest, p, c);
}

void Codegen::class_pattern(MatchClass& p, Reg subject, Label fail_to, Captures& c) {
  const Reg base = as().top();
  for (uint32_t i = 0; i < p.kwd_attrs.size(); i++)
    for (uint32_t j = 0; j < i; j++)
      if (p.kwd_attrs[i] == p.kwd_attrs[j])
        fail("attribute name repeated in class pattern: " + std::string(p.kwd_attrs[i]),
             p.kwd_patterns[i]->at);
  if (p.patterns.size() > 255) fail("too many sub-patterns in class pattern", p.at);
  push(*p.cls);
  Const names;
  names.kind = Const::Kind::kTuple;
  for (Identifier name : p.kwd_attrs) names.items.push_back(str(name));
  as().load_const(base + 1, std::move(names));
  as().set_top(base + 2);
  as().emit(Op::MATCH_CLASS, base, subject, base, p.patterns.size());
  as().set_top(base + 1);
  as().jump(Op::JUMP_IF_NONE, fail_to, base);
  const uint32_t n = p.patterns.size() + p.kwd_patterns.size();
  if (n == 0) return;
  as().emit(Op::UNPACK, base + 1, base, n);
  as().set_top(base + 1 + n);
  for (uint32_t i = 0; i < n; i++) {
    Pattern& sub = i < p.patterns.size() ? *p.patterns[i] : *p.kwd_patterns[i - p.patterns.size()];
    pattern(sub, base + 1 + i, fail_to, c);
  }
}

void Codegen::or_pattern(MatchOr& p, Reg subject, Label fail_to, Captures& c) {
  const Label matched = as().new_label();
  const std::set<std::string_view> before = c.bound;
  std::set<std::string_view> first;
  for (uint32_t i = 0; i < p.patterns.size(); i++) {
    const bool last = i + 1 == p.patterns.size();
    std::string message;
    if (!last) check_reachable(*p.patterns[i], &message);
    if (!message.empty()) fail(message, p.patterns[i]->at);
    c.bound = before;
    const Label next = last ? fail_to : as().new_label();
    pattern(*p.patterns[i], subject, next, c);
    if (i == 0)
      first = c.bound;
    else if (c.bound != first)
      fail("alternative patterns bind different names", pattern_at_);
    if (last) break;
    as().jump(Op::JUMP, matched);
    as().bind(next);
  }
  as().bind(matched);
}

}  // namespace pystm::vm::compiler
