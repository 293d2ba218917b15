// Collecting symbols: expressions, lambdas, comprehensions and assignment expressions.
#include "vm/compiler/ast_visit.h"
#include "vm/compiler/symtable_build.h"

namespace pystm::vm::compiler {
namespace {

const char* comprehension_name(ComprehensionType type) {
  switch (type) {
    case ComprehensionType::List:
      return "list comprehension";
    case ComprehensionType::Set:
      return "set comprehension";
    case ComprehensionType::Dict:
      return "dict comprehension";
    default:
      return "generator expression";
  }
}

}  // namespace

void SymbolCollector::lambda(Lambda& l) {
  parameter_defaults(*l.args);
  enter(ScopeType::Function, arena_.intern("lambda"), &l, l.at);
  parameters(*l.args);
  expr(*l.body);
  leave();
}

void SymbolCollector::comprehension_clause(comprehension& c) {
  scope_->comp_iter_target = true;
  expr(*c.target);
  scope_->comp_iter_target = false;
  scope_->comp_iter_expr++;
  expr(*c.iter);
  scope_->comp_iter_expr--;
  exprs(c.ifs);
  if (c.is_async) scope_->coroutine = true;
}

void SymbolCollector::comprehension_scope(Expr& e, Identifier name, Seq<comprehension*> generators,
                                          Expr* elt, Expr* value, ComprehensionType type) {
  comprehension& outermost = *generators[0];
  // The outermost iterable is evaluated in the enclosing scope.
  scope_->comp_iter_expr++;
  expr(*outermost.iter);
  scope_->comp_iter_expr--;
  enter(ScopeType::Function, name, &e, e.at);
  scope_->comprehension = type;
  if (outermost.is_async) scope_->coroutine = true;
  add_to(*scope_, arena_.intern(".0"), kDefParam, e.at);
  scope_->comp_iter_target = true;
  expr(*outermost.target);
  scope_->comp_iter_target = false;
  exprs(outermost.ifs);
  for (uint32_t i = 1; i < generators.size(); i++) comprehension_clause(*generators[i]);
  if (value) expr(*value);
  expr(*elt);
  scope_->generator = type == ComprehensionType::Generator;
  const bool is_async = scope_->coroutine && type != ComprehensionType::Generator;
  leave();
  if (is_async && scope_->comprehension != ComprehensionType::None) scope_->coroutine = true;
}

void SymbolCollector::yield_like(Expr& e, Expr* value, const char* what) {
  if (scope_->type == ScopeType::Annotation)
    fail(std::string("'") + what + "' can not be used within an annotation", e.at);
  optional(value);
}

// The name is bound in the scope around all comprehensions.
void SymbolCollector::extend_to_enclosing(NamedExpr& e, Name& target) {
  const std::string name(target.id);
  const Identifier mangled = mangle(arena_, private_name_, target.id);
  for (Scope* s = scope_; s; s = s->parent) {
    if (s->comprehension != ComprehensionType::None) {
      const Symbol* known = s->find(mangled);
      if (known && (known->flags & kDefCompIter))
        fail("assignment expression cannot rebind comprehension iteration variable '" + name + "'",
             target.at);
      continue;
    }
    if (s->is_function()) {
      const Symbol* known = s->find(mangled);
      add(target.id, known && (known->flags & kDefGlobal) ? kDefGlobal : kDefNonlocal, e.at);
      scope_->directives.emplace_back(mangled, target.at);
      add_to(*s, mangled, kDefLocal, target.at);
      return;
    }
    if (s->type == ScopeType::Module) {
      add(target.id, kDefGlobal, e.at);
      scope_->directives.emplace_back(mangled, target.at);
      add_to(*s, mangled, kDefGlobal, target.at);
      return;
    }
    fail("assignment expression within a comprehension cannot be used in a class body", target.at);
  }
}

void SymbolCollector::named_expr(NamedExpr& e) {
  if (scope_->type == ScopeType::Annotation)
    fail("'named expression' can not be used within an annotation", e.at);
  if (scope_->comp_iter_expr > 0)
    fail("assignment expression cannot be used in a comprehension iterable expression", e.at);
  auto& target = static_cast<Name&>(*e.target);
  if (scope_->comprehension != ComprehensionType::None) extend_to_enclosing(e, target);
  expr(*e.value);
  expr(target);
  add(target.id, kWalrus, target.at);
}

namespace {

// Calls visit on every child expression (and on those within keywords) of a plain expression.
template <class F>
struct ChildExprs {
  F visit;
  void identifier(const char*, Identifier) {}
  void identifiers(const char*, Seq<Identifier>) {}
  void text(const char*, std::string_view) {}
  void integer(const char*, int) {}
  void constant(const char*, const ConstantValue*) {}
  template <class E>
  void value(const char*, E) {}
  template <class E>
  void values(const char*, Seq<E>) {}
  void node(const char*, Node* n) {
    if (n) one(*n);
  }
  template <class T>
  void nodes(const char*, Seq<T*> list) {
    for (T* n : list)
      if (n) one(*n);
  }
  void one(Node& n) {
    if (auto* k = node_cast<keyword>(&n)) return visit(*k->value);
    visit(static_cast<Expr&>(n));
  }
};

}  // namespace

void SymbolCollector::expr(Expr& e) {
  DepthGuard guard(*this);
  switch (e.kind) {
    case NodeKind::Lambda:
      return lambda(static_cast<Lambda&>(e));
    case NodeKind::NamedExpr:
      return named_expr(static_cast<NamedExpr&>(e));
    case NodeKind::ListComp: {
      auto& c = static_cast<ListComp&>(e);
      return comprehension_scope(e, arena_.intern("listcomp"), c.generators, c.elt, nullptr,
                                 ComprehensionType::List);
    }
    case NodeKind::SetComp: {
      auto& c = static_cast<SetComp&>(e);
      return comprehension_scope(e, arena_.intern("setcomp"), c.generators, c.elt, nullptr,
                                 ComprehensionType::Set);
    }
    case NodeKind::GeneratorExp: {
      auto& c = static_cast<GeneratorExp&>(e);
      return comprehension_scope(e, arena_.intern("genexpr"), c.generators, c.elt, nullptr,
                                 ComprehensionType::Generator);
    }
    case NodeKind::DictComp: {
      auto& c = static_cast<DictComp&>(e);
      return comprehension_scope(e, arena_.intern("dictcomp"), c.generators, c.key, c.value,
                                 ComprehensionType::Dict);
    }
    case NodeKind::Yield:
    case NodeKind::YieldFrom: {
      yield_like(e,
                 e.kind == NodeKind::Yield ? static_cast<Yield&>(e).value
                                           : static_cast<YieldFrom&>(e).value,
                 "yield expression");
      scope_->generator = true;
      if (scope_->comprehension != ComprehensionType::None)
        fail(std::string("'yield' inside ") + comprehension_name(scope_->comprehension), e.at);
      return;
    }
    case NodeKind::Await:
      yield_like(e, static_cast<Await&>(e).value, "await expression");
      scope_->coroutine = true;
      return;
    case NodeKind::Name: {
      auto& n = static_cast<Name&>(e);
      add(n.id,
          n.ctx == ExprContext::Load    ? kUse
          : n.ctx == ExprContext::Store ? kDefLocal
                                        : kDefLocal | kMayUnbind,
          e.at);
      // super() needs the class cell.
      if (n.ctx == ExprContext::Load && scope_->is_function() && n.id == "super")
        add(arena_.intern("__class__"), kUse, e.at);
      return;
    }
    default: {
      const auto visit = [this](Expr& child) { expr(child); };
      return for_each_field(e, ChildExprs<decltype(visit)>{visit});
    }
  }
}

}  // namespace pystm::vm::compiler
