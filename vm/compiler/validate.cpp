// See validate.h. A fault is thrown as TreeFault and caught by validate(), as the compiler's other
// errors are by its entry points.
#include "vm/compiler/validate.h"

#include "vm/compiler/ast_visit.h"

namespace pystm::vm::compiler {
namespace {

using C = ConstantValue;

[[noreturn]] void fault(std::string message) { throw TreeFault{std::move(message)}; }

void check_position(const Position& at) {
  const std::string lines =
      "(" + std::to_string(at.lineno) + ", " + std::to_string(at.end_lineno) + ")";
  const std::string columns = std::to_string(at.col_offset) +
                              (at.lineno == at.end_lineno ? "-" : ", ") +
                              std::to_string(at.end_col_offset);
  if (at.lineno > at.end_lineno) fault("AST node line range " + lines + " is not valid");
  if ((at.lineno < 0 && at.end_lineno != at.lineno) ||
      (at.col_offset < 0 && at.col_offset != at.end_col_offset))
    fault("AST node column range (" + std::to_string(at.col_offset) + ", " +
          std::to_string(at.end_col_offset) + ") for line range " + lines + " is not valid");
  if (at.lineno == at.end_lineno && at.col_offset > at.end_col_offset)
    fault("line " + std::to_string(at.lineno) + ", column " + columns + " is not a valid range");
}

void check_name(Identifier name) {
  for (std::string_view constant : {"None", "True", "False"})
    if (name == constant)
      fault("identifier field can't represent '" + std::string(constant) + "' constant");
}

template <class T>
void not_empty(const Seq<T>& items, const char* what, const char* owner) {
  if (items.empty()) fault(std::string("empty ") + what + " on " + owner);
}

// --- expressions

void check(Expr* e, ExprContext context = ExprContext::Load);

void check_optional(Expr* e, ExprContext context = ExprContext::Load) {
  if (e != nullptr) check(e, context);
}
void check(const Seq<Expr*>& list, ExprContext context = ExprContext::Load,
           bool null_allowed = false) {
  for (Expr* e : list) {
    if (e == nullptr && !null_allowed) fault("None disallowed in expression list");
    check_optional(e, context);
  }
}
void check(const Seq<keyword*>& keywords) {
  for (keyword* k : keywords) check(k->value);
}

void check(arg* a) {
  check_position(a->at);
  check_optional(a->annotation);
}
void check(arguments& a) {
  for (const Seq<arg*>& list : {a.posonlyargs, a.args})
    for (arg* one : list) check(one);
  if (a.vararg != nullptr) check_optional(a.vararg->annotation);
  for (arg* one : a.kwonlyargs) check(one);
  if (a.kwarg != nullptr) check_optional(a.kwarg->annotation);
  if (a.defaults.size() > a.posonlyargs.size() + a.args.size())
    fault("more positional defaults than args on arguments");
  if (a.kw_defaults.size() != a.kwonlyargs.size())
    fault("length of kwonlyargs is not the same as kw_defaults on arguments");
  check(a.defaults);
  check(a.kw_defaults, ExprContext::Load, true);
}

void check(const Seq<comprehension*>& generators) {
  if (generators.empty()) fault("comprehension with no generators");
  for (comprehension* g : generators) {
    check(g->target, ExprContext::Store);
    check(g->iter);
    check(g->ifs);
  }
}

void check_compare(Compare& e) {
  if (e.comparators.empty()) fault("Compare with no comparators");
  if (e.comparators.size() != e.ops.size())
    fault("Compare has a different number of comparators and operands");
  check(e.comparators);
  check(e.left);
}

// The context of an expression that can be a target.
const ExprContext* context_of(Expr* e) {
  switch (e->kind) {
    case NodeKind::Attribute:
      return &static_cast<Attribute*>(e)->ctx;
    case NodeKind::Subscript:
      return &static_cast<Subscript*>(e)->ctx;
    case NodeKind::Starred:
      return &static_cast<Starred*>(e)->ctx;
    case NodeKind::Name:
      return &static_cast<Name*>(e)->ctx;
    case NodeKind::List:
      return &static_cast<List*>(e)->ctx;
    case NodeKind::Tuple:
      return &static_cast<Tuple*>(e)->ctx;
    default:
      return nullptr;
  }
}

void check_context(Expr* e, ExprContext context) {
  const ExprContext* own = context_of(e);
  if (own == nullptr && context != ExprContext::Load)
    fault(std::string("expression which can't be assigned to in ") + enum_name(context) +
          " context");
  if (own != nullptr && *own != context)
    fault(std::string("expression must have ") + enum_name(context) + " context but has " +
          enum_name(*own) + " instead");
}

// Checks every expression among the fields of a node, in the context Load.
struct Loads {
  void identifier(const char*, Identifier) {}
  void identifiers(const char*, const Seq<Identifier>&) {}
  void integer(const char*, int32_t) {}
  void text(const char*, Identifier) {}
  void constant(const char*, const ConstantValue*) {}
  template <class E>
  void value(const char*, E) {}
  template <class E>
  void values(const char*, const Seq<E>&) {}
  void node(const char*, Expr* e) { check_optional(e); }
  void node(const char*, arguments* a) { check(*a); }
  void nodes(const char*, const Seq<Expr*>& list) { check(list); }
  void nodes(const char*, const Seq<keyword*>& list) { check(list); }
  // No expression has another kind of child, but for_each_field is made for all nodes.
  template <class T>
  void node(const char*, T*) {}
  template <class T>
  void nodes(const char*, const Seq<T*>&) {}
};

void check_list_like(Expr* e, ExprContext context) {
  check(e->kind == NodeKind::List ? static_cast<List*>(e)->elts : static_cast<Tuple*>(e)->elts,
        context);
}

void check(Expr* e, ExprContext context) {
  check_position(e->at);
  if (auto* name = node_cast<Name>(e)) check_name(name->id);
  check_context(e, context);
  switch (e->kind) {
    case NodeKind::BoolOp:
      if (static_cast<BoolOp*>(e)->values.size() < 2) fault("BoolOp with less than 2 values");
      return check(static_cast<BoolOp*>(e)->values);
    case NodeKind::Dict: {
      auto* d = static_cast<Dict*>(e);
      if (d->keys.size() != d->values.size())
        fault("Dict doesn't have the same number of keys as values");
      check(d->keys, ExprContext::Load, true);
      return check(d->values);
    }
    case NodeKind::ListComp:
    case NodeKind::SetComp:
    case NodeKind::GeneratorExp: {
      auto* comp = static_cast<ListComp*>(e);  // the three have the same fields
      check(comp->generators);
      return check(comp->elt);
    }
    case NodeKind::DictComp: {
      auto* comp = static_cast<DictComp*>(e);
      check(comp->generators);
      check(comp->key);
      return check(comp->value);
    }
    case NodeKind::Compare:
      return check_compare(*static_cast<Compare*>(e));
    case NodeKind::Starred:
      return check(static_cast<Starred*>(e)->value, context);
    case NodeKind::List:
    case NodeKind::Tuple:
      return check_list_like(e, context);
    case NodeKind::NamedExpr:
      check(static_cast<NamedExpr*>(e)->target, ExprContext::Store);
      return check(static_cast<NamedExpr*>(e)->value);
    default:
      return for_each_field(*e, Loads{});
  }
}

// --- patterns

void check(Pattern* p, bool star_allowed);

void check(const Seq<Pattern*>& patterns, bool star_allowed) {
  for (Pattern* p : patterns) check(p, star_allowed);
}
void check_capture(Identifier name) {
  if (name == "_") fault("can't capture name '_' in patterns");
  check_name(name);
}

bool is_number(Expr* e, bool complex) {
  auto* c = node_cast<Constant>(e);
  if (c == nullptr) return false;
  if (complex) return c->value->type == C::kComplex;
  return c->value->type == C::kInt || c->value->type == C::kBigInt || c->value->type == C::kFloat;
}
bool is_signed_number(Expr* e, bool complex_allowed) {
  if (auto* u = node_cast<UnaryOp>(e)) {
    if (u->op != UnaryOpKind::USub) return false;
    e = u->operand;
  }
  return is_number(e, false) || (complex_allowed && is_number(e, true));
}

void check_match_value(Expr* e) {
  check(e);
  switch (e->kind) {
    case NodeKind::Constant:
      switch (static_cast<Constant*>(e)->value->type) {
        case C::kInt:
        case C::kBigInt:
        case C::kFloat:
        case C::kComplex:
        case C::kStr:
        case C::kBytes:
          return;
        default:
          fault("unexpected constant inside of a literal pattern");
      }
    case NodeKind::Attribute:
    case NodeKind::JoinedStr:
      return;
    case NodeKind::UnaryOp:
      if (is_signed_number(e, true)) return;
      break;
    case NodeKind::BinOp: {
      auto* b = static_cast<BinOp*>(e);
      if ((b->op == Operator::Add || b->op == Operator::Sub) && is_signed_number(b->left, false) &&
          is_number(b->right, true))
        return;
      break;
    }
    default:
      break;
  }
  fault("patterns may only match literals and attribute lookups");
}

bool is_singleton(const ConstantValue* v) {
  return v->type == C::kNone || v->type == C::kTrue || v->type == C::kFalse;
}

void check_mapping(MatchMapping& p) {
  if (p.keys.size() != p.patterns.size())
    fault("MatchMapping doesn't have the same number of keys as patterns");
  if (p.rest.data() != nullptr) check_capture(p.rest);
  for (Expr* key : p.keys) {
    auto* constant = node_cast<Constant>(key);
    if (constant == nullptr || !is_singleton(constant->value)) check_match_value(key);
  }
  check(p.patterns, false);
}

void check_class(MatchClass& p) {
  if (p.kwd_attrs.size() != p.kwd_patterns.size())
    fault("MatchClass doesn't have the same number of keyword attributes as patterns");
  check(p.cls);
  for (Expr* e = p.cls; e->kind != NodeKind::Name; e = static_cast<Attribute*>(e)->value)
    if (e->kind != NodeKind::Attribute)
      fault("MatchClass cls field can only contain Name or Attribute nodes.");
  for (Identifier name : p.kwd_attrs) check_name(name);
  check(p.patterns, false);
  check(p.kwd_patterns, false);
}

void check_as(MatchAs& p) {
  if (p.name.data() != nullptr) check_capture(p.name);
  if (p.pattern == nullptr) return;
  if (p.name.data() == nullptr) fault("MatchAs must specify a target name if a pattern is given");
  check(p.pattern, false);
}

void check(Pattern* p, bool star_allowed) {
  if (p == nullptr) fault("None disallowed in pattern list");
  check_position(p->at);
  switch (p->kind) {
    case NodeKind::MatchValue:
      return check_match_value(static_cast<MatchValue*>(p)->value);
    case NodeKind::MatchSingleton:
      if (!is_singleton(static_cast<MatchSingleton*>(p)->value))
        fault("MatchSingleton can only contain True, False and None");
      return;
    case NodeKind::MatchSequence:
      return check(static_cast<MatchSequence*>(p)->patterns, true);
    case NodeKind::MatchMapping:
      return check_mapping(*static_cast<MatchMapping*>(p));
    case NodeKind::MatchClass:
      return check_class(*static_cast<MatchClass*>(p));
    case NodeKind::MatchStar:
      if (!star_allowed) fault("can't use MatchStar here");
      if (static_cast<MatchStar*>(p)->name.data() != nullptr)
        check_capture(static_cast<MatchStar*>(p)->name);
      return;
    case NodeKind::MatchAs:
      return check_as(*static_cast<MatchAs*>(p));
    default: {
      auto* either = static_cast<MatchOr*>(p);
      if (either->patterns.size() < 2) fault("MatchOr requires at least 2 patterns");
      return check(either->patterns, false);
    }
  }
}

// --- statements

void check(Stmt* s);

void check(const Seq<Stmt*>& body) {
  for (Stmt* s : body) {
    if (s == nullptr) fault("None disallowed in statement list");
    check(s);
  }
}
void check_body(const Seq<Stmt*>& body, const char* owner) {
  not_empty(body, "body", owner);
  check(body);
}
void check_targets(const Seq<Expr*>& targets, ExprContext context, const char* owner) {
  not_empty(targets, "targets", owner);
  check(targets, context);
}

template <class F>
void check_function(F& f, const char* owner) {
  check_body(f.body, owner);
  check(*f.args);
  check(f.decorator_list);
  check_optional(f.returns);
}

template <class F>
void check_for(F& f, const char* owner) {
  check(f.target, ExprContext::Store);
  check(f.iter);
  check_body(f.body, owner);
  check(f.orelse);
}

template <class W>
void check_with(W& w, const char* owner) {
  not_empty(w.items, "items", owner);
  for (withitem* item : w.items) {
    check(item->context_expr);
    check_optional(item->optional_vars, ExprContext::Store);
  }
  check_body(w.body, owner);
}

template <class T>
void check_try(T& t, const char* owner) {
  check_body(t.body, owner);
  if (t.handlers.empty() && t.finalbody.empty())
    fault(std::string(owner) + " has neither except handlers nor finalbody");
  if (t.handlers.empty() && !t.orelse.empty())
    fault(std::string(owner) + " has orelse but no except handlers");
  for (ExceptHandler* h : t.handlers) {
    check_position(h->at);
    check_optional(h->type);
    check_body(h->body, "ExceptHandler");
  }
  check(t.finalbody);
  check(t.orelse);
}

void check_class_def(ClassDef& s) {
  check_body(s.body, "ClassDef");
  check(s.bases);
  check(s.keywords);
  check(s.decorator_list);
}

void check_ann_assign(AnnAssign& s) {
  if (s.target->kind != NodeKind::Name && s.simple)
    throw TreeFault{"AnnAssign with simple non-Name target", true};
  check(s.target, ExprContext::Store);
  check_optional(s.value);
  check(s.annotation);
}

void check_match(Match& s) {
  check(s.subject);
  not_empty(s.cases, "cases", "Match");
  for (match_case* one : s.cases) {
    check(one->pattern, false);
    check_optional(one->guard);
    check_body(one->body, "match_case");
  }
}

void check_raise(Raise& s) {
  if (s.exc == nullptr && s.cause != nullptr) fault("Raise with cause but no exception");
  check_optional(s.exc);
  check_optional(s.cause);
}

void check_simple(Stmt* s) {
  switch (s->kind) {
    case NodeKind::Delete:
      return check_targets(static_cast<Delete*>(s)->targets, ExprContext::Del, "Delete");
    case NodeKind::Assign:
      check_targets(static_cast<Assign*>(s)->targets, ExprContext::Store, "Assign");
      return check(static_cast<Assign*>(s)->value);
    case NodeKind::AugAssign:
      check(static_cast<AugAssign*>(s)->target, ExprContext::Store);
      return check(static_cast<AugAssign*>(s)->value);
    case NodeKind::AnnAssign:
      return check_ann_assign(*static_cast<AnnAssign*>(s));
    case NodeKind::Raise:
      return check_raise(*static_cast<Raise*>(s));
    case NodeKind::Import:
      return not_empty(static_cast<Import*>(s)->names, "names", "Import");
    case NodeKind::ImportFrom:
      if (static_cast<ImportFrom*>(s)->level < 0) fault("Negative ImportFrom level");
      return not_empty(static_cast<ImportFrom*>(s)->names, "names", "ImportFrom");
    case NodeKind::Global:
      return not_empty(static_cast<Global*>(s)->names, "names", "Global");
    case NodeKind::Nonlocal:
      return not_empty(static_cast<Nonlocal*>(s)->names, "names", "Nonlocal");
    case NodeKind::Return:
      return check_optional(static_cast<Return*>(s)->value);
    case NodeKind::Assert:
      check(static_cast<Assert*>(s)->test);
      return check_optional(static_cast<Assert*>(s)->msg);
    case NodeKind::ExprStmt:
      return check(static_cast<ExprStmt*>(s)->value);
    default:  // Pass, Break, Continue
      return;
  }
}

void check(Stmt* s) {
  check_position(s->at);
  switch (s->kind) {
    case NodeKind::FunctionDef:
      return check_function(*static_cast<FunctionDef*>(s), "FunctionDef");
    case NodeKind::AsyncFunctionDef:
      return check_function(*static_cast<AsyncFunctionDef*>(s), "AsyncFunctionDef");
    case NodeKind::ClassDef:
      return check_class_def(*static_cast<ClassDef*>(s));
    case NodeKind::For:
      return check_for(*static_cast<For*>(s), "For");
    case NodeKind::AsyncFor:
      return check_for(*static_cast<AsyncFor*>(s), "AsyncFor");
    case NodeKind::While:
      check(static_cast<While*>(s)->test);
      check_body(static_cast<While*>(s)->body, "While");
      return check(static_cast<While*>(s)->orelse);
    case NodeKind::If:
      check(static_cast<If*>(s)->test);
      check_body(static_cast<If*>(s)->body, "If");
      return check(static_cast<If*>(s)->orelse);
    case NodeKind::With:
      return check_with(*static_cast<With*>(s), "With");
    case NodeKind::AsyncWith:
      return check_with(*static_cast<AsyncWith*>(s), "AsyncWith");
    case NodeKind::Match:
      return check_match(*static_cast<Match*>(s));
    case NodeKind::Try:
      return check_try(*static_cast<Try*>(s), "Try");
    case NodeKind::TryStar:
      return check_try(*static_cast<TryStar*>(s), "TryStar");
    default:
      return check_simple(s);
  }
}

}  // namespace

std::optional<TreeFault> validate(ModNode& module) {
  try {
    if (auto* m = node_cast<Module>(&module)) check(m->body);
    if (auto* i = node_cast<Interactive>(&module)) check(i->body);
    if (auto* e = node_cast<Expression>(&module)) check(e->body);
  } catch (TreeFault& found) {
    return std::move(found);
  }
  return std::nullopt;
}

}  // namespace pystm::vm::compiler
