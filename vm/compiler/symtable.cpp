// Collecting symbols: the walk over statements and expressions. See symtable.h.
#include "vm/compiler/symtable.h"

#include "vm/compiler/ast_visit.h"
#include "vm/compiler/symtable_build.h"

namespace pystm::vm::compiler {

Identifier mangle(Arena& arena, Identifier class_name, Identifier name) {
  if (!class_name.data() || name.size() < 2 || name[0] != '_' || name[1] != '_') return name;
  if (name.ends_with("__") || name.find('.') != std::string_view::npos) return name;
  while (class_name.starts_with('_')) class_name.remove_prefix(1);
  if (class_name.empty()) return name;
  return arena.intern("_" + std::string(class_name) + std::string(name));
}

SymbolCollector::DepthGuard::DepthGuard(SymbolCollector& collector) : c(collector) {
  if (++c.depth_ <= c.max_depth_) return;
  ErrorInfo info;
  info.kind = ErrorKind::Recursion;
  info.message = "maximum recursion depth exceeded during compilation";
  throw CompileError{std::move(info)};
}

void SymbolCollector::fail(const std::string& message, const Position& at) {
  ErrorInfo info;
  info.kind = ErrorKind::Syntax;
  info.message = message;
  info.has_position = true;
  info.lineno = at.lineno;
  info.offset = at.col_offset + 1;
  info.end_lineno = at.end_lineno;
  info.end_offset = at.end_col_offset + 1;
  throw CompileError{std::move(info)};
}

void SymbolCollector::enter(ScopeType type, Identifier name, const Node* node, const Position& at) {
  auto scope = std::make_unique<Scope>();
  scope->type = type;
  scope->name = name;
  scope->node = node;
  scope->at = at;
  scope->parent = scope_;
  scope->private_name = private_name_;
  if (scope_) {
    scope->nested = scope_->nested || scope_->is_function();
    if (type != ScopeType::Annotation) scope_->children.push_back(scope.get());
  } else {
    table_.top = scope.get();
  }
  if (type != ScopeType::Annotation) table_.by_node[node] = scope.get();
  scope_ = scope.get();
  table_.scopes.push_back(std::move(scope));
}

Symbol& SymbolCollector::add_to(Scope& scope, Identifier name, uint32_t flag, const Position& at) {
  auto [it, fresh] = scope.index.emplace(name, static_cast<uint32_t>(scope.symbols.size()));
  if (fresh) scope.symbols.push_back({name, 0, Binding::Unknown});
  Symbol& s = scope.symbols[it->second];
  if ((flag & kDefParam) && (s.flags & kDefParam))
    fail("duplicate argument '" + std::string(name) + "' in function definition", at);
  s.flags |= flag;
  if (scope.comp_iter_target) {
    if (s.flags & (kDefGlobal | kDefNonlocal))
      fail("comprehension inner loop cannot rebind assignment expression target '" +
               std::string(name) + "'",
           at);
    s.flags |= kDefCompIter;
  }
  if (flag & kDefParam) scope.params.push_back(name);
  // The module's own uses of the name mean the global, too: its locals may be another namespace.
  if ((flag & kDefGlobal) && &scope != table_.top) add_to(*table_.top, name, kDefGlobal, at);
  return s;
}

Symbol& SymbolCollector::add(Identifier name, uint32_t flag, const Position& at) {
  return add_to(*scope_, mangle(arena_, private_name_, name), flag, at);
}

void SymbolCollector::module(ModNode& m) {
  enter(ScopeType::Module, arena_.intern("top"), &m, {});
  if (auto* module = node_cast<Module>(&m)) stmts(module->body);
  if (auto* interactive = node_cast<Interactive>(&m)) stmts(interactive->body);
  if (auto* expression = node_cast<Expression>(&m)) expr(*expression->body);
}

// --- statements

template <class F>
void SymbolCollector::function(F& f, bool is_async) {
  add(f.name, kDefLocal, f.at);
  parameter_defaults(*f.args);
  annotations(*f.args, f.returns);
  exprs(f.decorator_list);
  enter(ScopeType::Function, f.name, &f, f.at);
  scope_->coroutine = is_async;
  parameters(*f.args);
  stmts(f.body);
  leave();
}

void SymbolCollector::parameter_defaults(arguments& a) {
  exprs(a.defaults);
  exprs(a.kw_defaults);
}

void SymbolCollector::parameters(arguments& a) {
  for (arg* p : a.posonlyargs) add(p->arg_name, kDefParam, p->at);
  for (arg* p : a.args) add(p->arg_name, kDefParam, p->at);
  for (arg* p : a.kwonlyargs) add(p->arg_name, kDefParam, p->at);
  if (a.vararg) {
    add(a.vararg->arg_name, kDefParam, a.vararg->at);
    scope_->varargs = true;
  }
  if (a.kwarg) {
    add(a.kwarg->arg_name, kDefParam, a.kwarg->at);
    scope_->varkeywords = true;
  }
}

void SymbolCollector::annotation(Expr& e) {
  if (future_annotations_) enter(ScopeType::Annotation, arena_.intern("_annotation"), &e, e.at);
  expr(e);
  if (future_annotations_) leave();
}

void SymbolCollector::annotations(arguments& a, Expr* returns) {
  for (Seq<arg*> list : {a.posonlyargs, a.args})
    for (arg* p : list)
      if (p->annotation) annotation(*p->annotation);
  if (a.vararg && a.vararg->annotation) annotation(*a.vararg->annotation);
  if (a.kwarg && a.kwarg->annotation) annotation(*a.kwarg->annotation);
  for (arg* p : a.kwonlyargs)
    if (p->annotation) annotation(*p->annotation);
  if (returns) annotation(*returns);
}

void SymbolCollector::class_def(ClassDef& c) {
  add(c.name, kDefLocal, c.at);
  exprs(c.bases);
  for (keyword* k : c.keywords) expr(*k->value);
  exprs(c.decorator_list);
  enter(ScopeType::Class, c.name, &c, c.at);
  const Identifier outer = private_name_;
  private_name_ = c.name;
  scope_->private_name = c.name;
  stmts(c.body);
  private_name_ = outer;
  leave();
}

void SymbolCollector::ann_assign(AnnAssign& s) {
  if (auto* name = node_cast<Name>(s.target)) {
    const Identifier mangled = mangle(arena_, private_name_, name->id);
    const Symbol* known = scope_->find(mangled);
    if (s.simple && known && (known->flags & (kDefGlobal | kDefNonlocal)) && scope_ != table_.top)
      fail("annotated name '" + std::string(name->id) + "' can't be " +
               (known->flags & kDefGlobal ? "global" : "nonlocal"),
           s.at);
    if (s.simple)
      add(name->id, kDefAnnotated | kDefLocal, s.target->at);
    else if (s.value)
      add(name->id, kDefLocal, s.target->at);
    scope_->has_annotations |= s.simple;
  } else {
    expr(*s.target);
  }
  annotation(*s.annotation);
  optional(s.value);
}

void SymbolCollector::directive(Stmt& s, Seq<Identifier> names, bool global) {
  const std::string kind = global ? "global" : "nonlocal";
  if (!global && scope_->type == ScopeType::Module)
    fail("nonlocal declaration not allowed at module level", s.at);
  for (Identifier name : names) {
    const Identifier mangled = mangle(arena_, private_name_, name);
    const Symbol* known = scope_->find(mangled);
    const std::string quoted = "name '" + std::string(name) + "' ";
    if (known && (known->flags & (kDefParam | kDefLocal | kUse | kDefAnnotated))) {
      if (known->flags & kDefParam) fail(quoted + "is parameter and " + kind, s.at);
      if (known->flags & kUse) fail(quoted + "is used prior to " + kind + " declaration", s.at);
      if (known->flags & kDefAnnotated) fail("annotated " + quoted + "can't be " + kind, s.at);
      fail(quoted + "is assigned to before " + kind + " declaration", s.at);
    }
    add(name, global ? kDefGlobal : kDefNonlocal, s.at);
    scope_->directives.emplace_back(mangled, s.at);
  }
}

void SymbolCollector::imported(alias& a) {
  if (a.name == "*") {
    if (scope_->type != ScopeType::Module) fail("import * only allowed at module level", a.at);
    return;
  }
  Identifier bound = a.asname.data() ? a.asname : a.name;
  bound = bound.substr(0, bound.find('.'));
  add(arena_.intern(bound), kDefImport, a.at);
}

void SymbolCollector::try_parts(Seq<Stmt*> body, Seq<ExceptHandler*> handlers, Seq<Stmt*> orelse,
                                Seq<Stmt*> finalbody) {
  stmts(body);
  stmts(orelse);
  for (ExceptHandler* h : handlers) {
    optional(h->type);
    if (h->name.data()) add(h->name, kDefLocal | kMayUnbind, h->at);
    stmts(h->body);
  }
  stmts(finalbody);
}

void SymbolCollector::stmt(Stmt& s) {
  DepthGuard guard(*this);
  switch (s.kind) {
    case NodeKind::FunctionDef:
      return function(static_cast<FunctionDef&>(s), false);
    case NodeKind::AsyncFunctionDef:
      return function(static_cast<AsyncFunctionDef&>(s), true);
    case NodeKind::ClassDef:
      return class_def(static_cast<ClassDef&>(s));
    case NodeKind::AnnAssign:
      return ann_assign(static_cast<AnnAssign&>(s));
    case NodeKind::Global:
      return directive(s, static_cast<Global&>(s).names, true);
    case NodeKind::Nonlocal:
      return directive(s, static_cast<Nonlocal&>(s).names, false);
    case NodeKind::Import:
      for (alias* a : static_cast<Import&>(s).names) imported(*a);
      return;
    case NodeKind::ImportFrom:
      for (alias* a : static_cast<ImportFrom&>(s).names) imported(*a);
      return;
    case NodeKind::Return:
      if (static_cast<Return&>(s).value) scope_->returns_value = true;
      return optional(static_cast<Return&>(s).value);
    default:
      return other_stmt(s);
  }
}

void SymbolCollector::other_stmt(Stmt& s) {
  const auto loop = [&](auto& f) {
    expr(*f.target);
    expr(*f.iter);
    stmts(f.body);
    stmts(f.orelse);
  };
  const auto with = [&](auto& w) {
    for (withitem* item : w.items) {
      expr(*item->context_expr);
      optional(item->optional_vars);
    }
    stmts(w.body);
  };
  switch (s.kind) {
    case NodeKind::Delete:
      return exprs(static_cast<Delete&>(s).targets);
    case NodeKind::Assign:
      exprs(static_cast<Assign&>(s).targets);
      return expr(*static_cast<Assign&>(s).value);
    case NodeKind::AugAssign:
      expr(*static_cast<AugAssign&>(s).target);
      return expr(*static_cast<AugAssign&>(s).value);
    case NodeKind::For:
      return loop(static_cast<For&>(s));
    case NodeKind::AsyncFor:
      return loop(static_cast<AsyncFor&>(s));
    case NodeKind::While:
      expr(*static_cast<While&>(s).test);
      stmts(static_cast<While&>(s).body);
      return stmts(static_cast<While&>(s).orelse);
    case NodeKind::If:
      expr(*static_cast<If&>(s).test);
      stmts(static_cast<If&>(s).body);
      return stmts(static_cast<If&>(s).orelse);
    case NodeKind::With:
      return with(static_cast<With&>(s));
    case NodeKind::AsyncWith:
      return with(static_cast<AsyncWith&>(s));
    case NodeKind::Match:
      expr(*static_cast<Match&>(s).subject);
      for (match_case* c : static_cast<Match&>(s).cases) {
        pattern(*c->pattern);
        optional(c->guard);
        stmts(c->body);
      }
      return;
    case NodeKind::Raise:
      optional(static_cast<Raise&>(s).exc);
      return optional(static_cast<Raise&>(s).cause);
    case NodeKind::Try: {
      auto& t = static_cast<Try&>(s);
      return try_parts(t.body, t.handlers, t.orelse, t.finalbody);
    }
    case NodeKind::TryStar: {
      auto& t = static_cast<TryStar&>(s);
      return try_parts(t.body, t.handlers, t.orelse, t.finalbody);
    }
    case NodeKind::Assert:
      expr(*static_cast<Assert&>(s).test);
      return optional(static_cast<Assert&>(s).msg);
    case NodeKind::ExprStmt:
      return expr(*static_cast<ExprStmt&>(s).value);
    default:
      return;
  }
}

void SymbolCollector::pattern(Pattern& p) {
  DepthGuard guard(*this);
  const auto all = [&](Seq<Pattern*> list) {
    for (Pattern* x : list) pattern(*x);
  };
  switch (p.kind) {
    case NodeKind::MatchValue:
      return expr(*static_cast<MatchValue&>(p).value);
    case NodeKind::MatchSequence:
      return all(static_cast<MatchSequence&>(p).patterns);
    case NodeKind::MatchStar:
      if (static_cast<MatchStar&>(p).name.data())
        add(static_cast<MatchStar&>(p).name, kDefLocal, p.at);
      return;
    case NodeKind::MatchMapping: {
      auto& m = static_cast<MatchMapping&>(p);
      exprs(m.keys);
      all(m.patterns);
      if (m.rest.data()) add(m.rest, kDefLocal, p.at);
      return;
    }
    case NodeKind::MatchClass: {
      auto& c = static_cast<MatchClass&>(p);
      expr(*c.cls);
      all(c.patterns);
      return all(c.kwd_patterns);
    }
    case NodeKind::MatchAs: {
      auto& a = static_cast<MatchAs&>(p);
      if (a.pattern) pattern(*a.pattern);
      if (a.name.data()) add(a.name, kDefLocal, p.at);
      return;
    }
    case NodeKind::MatchOr:
      return all(static_cast<MatchOr&>(p).patterns);
    default:
      return;
  }
}

SymbolTable build_symbol_table(ModNode& module, Arena& arena, bool future_annotations,
                               int max_depth) {
  SymbolTable table;
  SymbolCollector(arena, future_annotations, max_depth, table).module(module);
  resolve_scopes(table, arena);
  return table;
}

}  // namespace pystm::vm::compiler
